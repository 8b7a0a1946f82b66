"""Customers that a message names: preselected from the index, judged letter by letter by ``parsing.spots``.

A message is asked for in four ways (whole names, pairs of characters, titles, letters and digits), each of which the
index answers without looking at more than ``MOST`` names. The writer's own customers are asked first; what is only in
the pool counts when it is named outright, since 李总 of fifty thousand strangers is nobody in particular.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.customers import ChannelKind, CustomerKind
from domain.people import Actor
from parsing.letters import is_wide
from parsing.names import gram_probe, norm_of, surname_probe, tail_probe, word_probe
from parsing.spots import EVERYDAY, SCORE, How, KnownName, Spot, spot_names
from storage.finding import MOST, Finder, Where, places
from storage.models import Channel, Contact, Customer, SearchName
from storage.scope import Scope
from storage.search import CONTACT_NICKNAME, INITIALS, NICKNAME, PINYIN, TAIL, tail_key

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

LONGEST_READ = 400  # characters of a message in which names are looked for: a log says whom it is about early
MOST_PAIRS = 120  # tokens of one full-text question
LONGEST_WHOLE = 6  # characters of a whole name that consists of everyday pairs alone
MOST_WORDS = 24  # Latin words of a message that are looked up as pinyin or initials
SURE = SCORE[How.PART]  # from here on a name was said, not a title or letters

_LETTERS = re.compile(r"[^\W\d_\u2e80-\U0010ffff]{3,}")

NAMES_OF = (
    select(
        SearchName.customer_id,
        SearchName.contact_id,
        SearchName.source,
        SearchName.shown,
        SearchName.owner,
        Customer.kind,
    )
    .join(Customer, Customer.id == SearchName.customer_id)
    .where(SearchName.customer_id.in_(bindparam("keys", expanding=True)))
    .order_by(SearchName.customer_id, SearchName.id)
)
PHONES_OF = (
    select(Contact.customer_id, Contact.id, Channel.value, Channel.normal)
    .join(Channel, Channel.contact_id == Contact.id)
    .where(Contact.customer_id.in_(bindparam("keys", expanding=True)), Channel.kind == ChannelKind.PHONE)
)


def spots(uow: "UnitOfWork", actor: Actor, scope: Scope, text: str) -> tuple[Spot, ...]:
    """Names of findable customers and their contacts in ``text``, in order, those of the nearest scope that has any."""
    text = text[:LONGEST_READ]
    page = _Probes(text)
    finder = Finder(uow, scope)
    known: list[KnownName] = []
    found: tuple[Spot, ...] = ()
    for where in _nearest_first(actor, scope):
        names = _known(uow, _candidates(finder, where, page), phones=bool(page.tails) and not where.masked)
        if where.masked:
            names = _named_outright(text, names)
        known += names
        found = spot_names(text, known)
        if any(spot.score >= SURE for spot in found):
            break
    return found


def _nearest_first(actor: Actor, scope: Scope) -> tuple[Where, ...]:
    """A lead's or admin's own customers before the rest of the scope, and the pool last."""
    own = actor.member_id
    if own is None or (not scope.everything and scope.owners == {own}):
        return places(scope)
    return (Where((own,)), *places(scope))


class _Probes:
    """What a message is asked for by, worked out once for all passes."""

    def __init__(self, text: str) -> None:
        norm = norm_of(text)
        pairs = [pair for pair in gram_probe(text) if any(map(is_wide, pair))][:MOST_PAIRS]
        words = list(dict.fromkeys(_LETTERS.findall(norm)))[:MOST_WORDS]
        self.parts: list[tuple[str, ...]] = [(pair,) for pair in pairs]
        self.runs = [(a, b) for a, b in pairwise(pairs) if a[1] == b[0]]
        self.runs += [tuple(a + b for a, b in pairwise(word)) for word in words if word not in EVERYDAY]
        self.whole = (*_whole_names(norm, frozenset(pairs)), *_joined(norm.split(" ")[: MOST_WORDS * 2]))
        self.surnames = surname_probe(text)
        self.words = word_probe(text)[:MOST_WORDS]
        self.tails = tail_probe(text)


def _joined(words: list[str]) -> Iterable[str]:
    """One to four words in a row: what a whole name in letters looks like."""
    return (" ".join(words[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(words) - n + 1))


def _whole_names(norm: str, pairs: frozenset[str]) -> tuple[str, ...]:
    """Runs of the message that may be a whole name: of two characters, or of pairs that are too common to ask for."""
    found = dict.fromkeys(pairs)
    for start in range(len(norm) - 1):
        for end in range(start + 2, min(start + LONGEST_WHOLE, len(norm)) + 1):
            if norm[end - 2 : end] in pairs:
                break
            found[norm[start:end]] = None
    return tuple(found)[: MOST_PAIRS * 2]


def _candidates(finder: Finder, where: Where, page: _Probes) -> dict[int, None]:
    """Ids of customers that may be named, the likeliest first, at most ``MOST``."""
    found: dict[int, None] = {}

    def take(rows: Iterable[Any]) -> None:
        found.update((row.customer_id, None) for row in rows)

    take(finder.called(where, page.whole))
    take(finder.containing(where, page.runs))
    take(finder.containing(where, page.parts))
    if not where.masked:
        for word in page.words:
            take(finder.keyed(where, PINYIN, word, exactly=True))
            take(finder.keyed(where, INITIALS, word, exactly=True))
        for tail in page.tails:
            take(finder.keyed(where, TAIL, tail_key(tail)))
        for surname in page.surnames:
            take(finder.starting(where, surname))
    return dict.fromkeys(list(found)[:MOST])


def _known(uow: "UnitOfWork", customers: Iterable[int], *, phones: bool) -> list[KnownName]:
    """The names of these customers as the judge wants them: one per customer and contact, with nickname and phones."""
    keys = list(customers)
    if not keys:
        return []
    run: Any = uow.connection.execute
    numbers: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    if phones:
        for row in run(PHONES_OF, {"keys": keys}):
            numbers[row.customer_id, row.id].append(row.normal or row.value)
    said: dict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
    person: dict[int, bool] = {}
    for row in run(NAMES_OF, {"keys": keys}):
        kind = "nickname" if row.source in (NICKNAME, CONTACT_NICKNAME) else "name"
        said[row.customer_id, row.contact_id][kind] = row.shown
        person[row.customer_id] = row.kind == CustomerKind.PERSON
    for customer, contact in numbers:
        said.setdefault((customer, contact), {})
    return [
        KnownName(
            customer_id=customer,
            contact_id=contact,
            name=names.get("name") or names.get("nickname") or "",
            nickname=names.get("nickname"),
            person=contact is not None or person.get(customer, True),
            phones=tuple(numbers.get((customer, contact), ())),
        )
        for (customer, contact), names in said.items()
    ]


def _named_outright(text: str, names: list[KnownName]) -> list[KnownName]:
    """Those that the text calls by a name or nickname; of a company also by what everybody calls it."""
    strong = {How.NAME, How.NICKNAME}
    by_customer = {(name.customer_id, name.contact_id): name for name in names}
    kept = {
        (spot.customer_id, spot.contact_id)
        for spot in spot_names(text, names)
        if spot.how in strong or (spot.how is How.PART and not by_customer[spot.customer_id, spot.contact_id].person)
    }
    return [name for key, name in by_customer.items() if key in kept]
