"""Finding customers by what somebody typed: part of a name, pinyin, initials, the end of a phone number, a tag.

``storage.lookups`` gives at most a few hundred candidates; here they are ranked, the own before the pool's, and each
customer is named once.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from parsing.letters import fold, is_wide
from parsing.names import SearchQuery, query_keys, search_keys
from parsing.phones import parse_phone
from storage.lookups import Found, KeyIs, KeyStarts, LookUp, NameHolds, NameStarts, Where, look_up, places
from storage.scope import POOL, Scope
from storage.search import INITIALS, PINYIN, TAG, TAIL, WORD, tail_key

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

LONGEST = 80  # characters of a query: no name is longer, whatever somebody pastes
MOST_WORDS = 4  # words of a query that are looked up on their own
SHOWN_DIGITS = 4  # of a masked number: more of them would make the search a way to guess the rest
SHORTEST_FULL = 8  # digits of a whole number
SHORTEST_WORD = 3  # characters of an e-mail address, WeChat id or customer number
SIMILAR_WIDE = 65  # per cent alike: two of three characters
SIMILAR = 78  # per cent alike, of other letters: one slip in a short word


class Fit(IntEnum):
    """How well a row answers the question, the best first."""

    EXACT = 0
    START = 1
    WITHIN = 2
    SPOKEN = 3
    SPOKEN_START = 4
    SIMILAR = 5


_FITS = {
    PINYIN: (Fit.SPOKEN, Fit.SPOKEN_START),
    INITIALS: (Fit.SPOKEN, Fit.SPOKEN_START),
    TAIL: (Fit.EXACT, Fit.START),
    WORD: (Fit.EXACT, Fit.START),
    TAG: (Fit.WITHIN, Fit.WITHIN),
}


class Hit(NamedTuple):
    """A customer that was found, by one of its names or keys; sorts the best first, own before pool."""

    pool: bool
    fit: Fit
    unlike: float  # 0 is the same, for the order within one fit
    customer_id: int
    contact_id: int | None = None


Judge = Callable[[Found], tuple[Fit, float] | None]


def find(uow: "UnitOfWork", scope: Scope, typed: str) -> list[Hit]:
    """Customers that fit, the best first, each once. Empty when nothing does: ``similar`` may help then."""
    typed = typed[:LONGEST]
    query = query_keys(typed)
    if query.tag:
        tagged = _tagged(uow, scope, query.tag)
        return _both(_matching(uow, scope, query, query.norm), tagged) if query.norm else tagged
    found = _matching(uow, scope, query, typed)
    words = typed.split()[:MOST_WORDS]
    if found or len(words) < 2:
        return found
    together = _matching(uow, scope, query_keys(words[0]), words[0])
    for word in words[1:]:
        together = _both(together, _matching(uow, scope, query_keys(word), word)) if together else []
    return together


def similar(uow: "UnitOfWork", scope: Scope, typed: str) -> list[Hit]:
    """Customers whose name sounds the same or differs by a slip, the most alike first."""
    query = query_keys(typed[:LONGEST])
    norm = query.norm.replace(" ", "")
    if len(norm) < 2:
        return []
    spoken = search_keys(typed).pinyin if is_wide(norm[0]) else ()
    slips = with_a_slip(query.grams)
    asked: list[LookUp] = []
    for where in places(scope):
        asked += [KeyIs(where, PINYIN, spoken)] if spoken else []
        asked += [NameHolds(where, slips)] if slips else []
    return _best(look_up(uow, asked), _alike(query.norm))


def with_a_slip(grams: Sequence[str]) -> list[Sequence[str]]:
    """What is left of the pairs of a name when one character of it is wrong, missing, doubled or swapped.

    A wrong character spoils two neighbouring pairs, a swap three; short names keep at least one pair.
    """
    width = min(3, len(grams) - 1)
    if width < 1:
        return []
    return [(*grams[:i], *grams[i + width :]) for i in range(len(grams) - width + 1)]


def _tagged(uow: "UnitOfWork", scope: Scope, tag: str) -> list[Hit]:
    return _best(look_up(uow, [KeyIs(where, TAG, (tag,)) for where in places(scope)]), _fits(tag))


def _matching(uow: "UnitOfWork", scope: Scope, query: SearchQuery, typed: str) -> list[Hit]:
    """Everything that one question can mean, in all places."""
    word = fold(typed).strip()
    asked: list[LookUp] = []
    for where in places(scope):
        if query.norm:
            asked += [NameStarts(where, query.norm), KeyIs(where, TAG, (query.norm,))]
        if query.grams:
            asked.append(NameHolds(where, [_enough(query.grams)]))
        if query.letters and len(query.letters) > 1:
            asked += [KeyStarts(where, PINYIN, query.letters), KeyStarts(where, INITIALS, query.letters)]
        if query.digits:
            asked += _tails(uow, where, query.digits)
        if word.isascii() and len(word) >= SHORTEST_WORD:
            asked.append(KeyStarts(where, WORD, word, exactly=where.masked))
    keys = {PINYIN: query.letters, INITIALS: query.letters, TAIL: tail_key(query.digits or ""), WORD: word}
    return _best(look_up(uow, asked), _fits(query.norm, keys))


def _enough(grams: Sequence[str]) -> Sequence[str]:
    """Every second pair of characters: those between say nothing that the name itself does not say later."""
    return grams if len(grams) < 3 else (*grams[:-1:2], grams[-1])


def _tails(uow: "UnitOfWork", where: Where, digits: str) -> list[LookUp]:
    """By the end of a number; of a masked one only by the digits that are shown, or by the whole of it."""
    phone = parse_phone(digits, uow.organisation().region) if len(digits) >= SHORTEST_FULL else None
    whole = phone.e164 if phone and phone.e164 else digits
    first = KeyStarts(where, TAIL, tail_key(whole), exactly=where.masked and len(digits) > SHOWN_DIGITS)
    return [first] if whole == digits or where.masked else [first, KeyStarts(where, TAIL, tail_key(digits))]


def _fits(norm: str, keys: dict[str, str | None] | None = None) -> Judge:
    """Judges names by ``norm`` (the same, beginning with it, holding all of its words) and keys by ``keys``."""
    words = norm.split(" ")
    asked = keys or {}

    def judge(row: Found) -> tuple[Fit, float] | None:
        if row.source in _FITS:
            whole, start = _FITS[row.source]
            key = asked.get(row.source) or row.key
            return (whole if row.key == key else start), 100 - fuzz.ratio(row.key, key)
        if row.key == norm:
            return Fit.EXACT, 0.0
        if row.key.startswith(norm):
            return Fit.START, 100 - fuzz.ratio(row.key, norm)
        return (Fit.WITHIN, 100 - fuzz.ratio(row.key, norm)) if all(word in row.key for word in words) else None

    return judge


def _alike(norm: str) -> Judge:
    enough = SIMILAR_WIDE if is_wide(norm[0]) else SIMILAR

    def judge(row: Found) -> tuple[Fit, float] | None:
        if row.source in _FITS:
            return Fit.SPOKEN, 0.0
        alike = fuzz.partial_ratio(row.key, norm)
        return (Fit.SIMILAR, 100 - alike) if alike >= enough else None

    return judge


def _best(rows: Iterable[Found], judge: Judge) -> list[Hit]:
    """Each customer once, by its best row, the best first."""
    best: dict[int, Hit] = {}
    for row in rows:
        verdict = judge(row)
        if verdict is not None:
            hit = Hit(row.owner == POOL, *verdict, row.customer_id, row.contact_id)
            known = best.get(row.customer_id)
            if known is None or hit[:3] < known[:3]:
                best[row.customer_id] = hit
    return sorted(best.values(), key=lambda hit: hit[:4])


def _both(hits: Iterable[Hit], others: Iterable[Hit]) -> list[Hit]:
    """Customers of both, by the hit that names a contact."""
    known = {hit.customer_id: hit for hit in others}
    pairs = ((hit, known[hit.customer_id]) for hit in hits if hit.customer_id in known)
    return [hit if hit.contact_id is not None or other.contact_id is None else other for hit, other in pairs]
