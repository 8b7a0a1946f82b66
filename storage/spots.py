"""Customers that a message names: preselected from the index, judged letter by letter by ``parsing.spots``.

A message is asked for in four ways (whole names, pairs of characters, titles, letters and digits), each of which the
index answers without looking at more than a few hundred names. The writer's own customers are asked first; what is only in
the pool counts when it is named outright, since 李总 of fifty thousand strangers is nobody in particular.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.people import Actor
from parsing.letters import is_wide
from parsing.names import gram_probe, norm_of, surname_probe, tail_probe, word_probe
from parsing.spots import EVERYDAY, SCORE, How, KnownName, Spot, spot_names
from storage import search
from storage.lookups import Found, KeyIs, KeyStarts, LookUp, NameHolds, NameIs, NameStarts, Where, look_up, places
from storage.models import SearchName
from storage.scope import Scope
from storage.search import INITIALS, PINYIN, TAIL, tail_key

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

LONGEST_READ = 400  # characters of a message in which names are looked for: a log says whom it is about early
MOST_PAIRS = 120  # tokens of one full-text question
MOST_PARTS = 150  # candidates by pairs alone: more that share two characters with a message are chance
LONGEST_WHOLE = 6  # characters of a whole name that consists of everyday pairs alone
MOST_WORDS = 24  # Latin words of a message that are looked up as pinyin or initials
SURE = SCORE[How.PART]  # from here on a name was said, not a title or letters

_LETTERS = re.compile(r"[^\W\d_\u2e80-\U0010ffff]{3,}")

NAMES_OF = select(
    SearchName.source,
    SearchName.customer_id,
    SearchName.contact_id,
    SearchName.owner,
    SearchName.norm,
    SearchName.shown,
).where(SearchName.customer_id.in_(bindparam("keys", expanding=True)))


def spots(uow: "UnitOfWork", actor: Actor, scope: Scope, text: str) -> tuple[Spot, ...]:
    """Names of findable customers and their contacts in ``text``, in order, those of the nearest scope that has any."""
    text = text[:LONGEST_READ]
    probes = _Probes(text)
    known: list[KnownName] = []
    found: tuple[Spot, ...] = ()
    for where in _nearest_first(actor, scope):
        names = _known(uow, look_up(uow, probes.of(where)))
        known += _named_outright(text, names) if where.masked else names
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
        self.letters = [word for word in word_probe(text) if word not in EVERYDAY][:MOST_WORDS]
        self.tails = tail_probe(text)

    def of(self, where: Where) -> list[LookUp]:
        """The look-ups of this message, the surest first; what is masked is only asked for by its names."""
        asked: list[LookUp] = [NameIs(where, self.whole)] if self.whole else []
        asked += [NameHolds(where, wanted, MOST_PARTS) for wanted in (self.runs, self.parts) if wanted]
        if not where.masked:
            if self.letters:
                asked += [KeyIs(where, kind, self.letters) for kind in (PINYIN, INITIALS)]
            asked += [KeyStarts(where, TAIL, tail_key(tail)) for tail in self.tails]
            asked += [NameStarts(where, surname) for surname in self.surnames]
        return asked


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


def _known(uow: "UnitOfWork", rows: list[Found]) -> list[KnownName]:
    """Each row once as the judge wants it; of customers found by letters all names, since letters alone are no name."""
    spoken = {row.customer_id for row in rows if row.source in (PINYIN, INITIALS)}
    if spoken:
        run: Any = uow.connection.execute
        rows = [*rows, *(Found(*row) for row in run(NAMES_OF, {"keys": sorted(spoken)}))]
    return [_as_known(row) for row in dict.fromkeys(rows) if row.source not in (PINYIN, INITIALS)]


def _as_known(row: Found) -> KnownName:
    shown = row.shown or ""
    match row.source:
        case search.TAIL:
            return KnownName(row.customer_id, "", row.contact_id, phones=(row.key[::-1],))
        case search.NICKNAME | search.CONTACT_NICKNAME:
            return KnownName(row.customer_id, "", row.contact_id, nickname=shown)
        case _:
            return KnownName(row.customer_id, shown, row.contact_id, person=row.source != search.COMPANY)


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
