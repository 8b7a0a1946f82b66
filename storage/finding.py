"""Finding customers by what somebody typed: part of a name, pinyin, initials, the end of a phone number, a tag.

Every look-up is a range or a full-text term inside the asker's scope and stops at ``MOST`` rows, which are then ranked
here: never a scan, whatever was typed. The own scope is asked before the public pool, so that a large pool cannot
crowd it out.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz
from sqlalchemy import bindparam, select, text

from parsing.letters import fold, is_wide
from parsing.names import SearchQuery, query_keys, search_keys
from parsing.phones import parse_phone
from storage.models import SearchKey, SearchName
from storage.scope import POOL, Scope
from storage.search import INITIALS, PINYIN, TAG, TAIL, WORD, owner_token, tail_key

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST = 300  # candidates of one look-up: more than anybody pages through, and ranked in half a millisecond
MOST_WORDS = 4  # words of a query that are looked up on their own
SHOWN_DIGITS = 4  # of a masked number: more of them would make the search a way to guess the rest
SHORTEST_FULL = 8  # digits of a whole number
SIMILAR_WIDE = 65  # per cent alike: two of three characters
SIMILAR = 78  # per cent alike, of other letters: one slip in a short word
LAST = "\U0010ffff"  # behind everything that begins alike
NEXT = "\x01"  # behind the key itself, before everything that only begins with it

_OWNERS: Any = bindparam("owners", expanding=True)
_NAME = select(
    SearchName.customer_id,
    SearchName.contact_id,
    SearchName.source,
    SearchName.shown,
    SearchName.norm,
    SearchName.owner,
)
_RANGE = (SearchName.norm >= bindparam("low"), SearchName.norm < bindparam("high"))
STARTING = _NAME.where(*_RANGE, SearchName.owner.in_(_OWNERS)).limit(bindparam("most"))
STARTING_ANYWHERE = _NAME.where(*_RANGE).limit(bindparam("most"))
CALLED = _NAME.where(SearchName.norm.in_(bindparam("norms", expanding=True)), SearchName.owner.in_(_OWNERS)).limit(
    bindparam("most")
)
CALLED_ANYWHERE = _NAME.where(SearchName.norm.in_(bindparam("norms", expanding=True))).limit(bindparam("most"))
KEYED = (
    select(SearchKey.customer_id, SearchKey.contact_id, SearchKey.key, SearchKey.owner)
    .where(
        SearchKey.kind == bindparam("kind"),
        SearchKey.owner.in_(_OWNERS),
        SearchKey.key >= bindparam("low"),
        SearchKey.key < bindparam("high"),
    )
    .limit(bindparam("most"))
)
_COLUMNS = "s.customer_id, s.contact_id, s.source, s.shown, s.norm, s.owner"
CONTAINING_SQLITE = text(
    f"SELECT {_COLUMNS} FROM (SELECT rowid AS id FROM search_name_fts WHERE search_name_fts MATCH :match LIMIT :most) f"
    " JOIN search_name s ON s.id = f.id"
)
_CONTAINING = f"""
SELECT {_COLUMNS} FROM unnest(CAST(:wanted AS text[])) AS w(grams) CROSS JOIN LATERAL (
  SELECT n.* FROM search_name n WHERE string_to_array(n.grams, ' ') @> string_to_array(w.grams, ' ') %s LIMIT :most
) s LIMIT :most"""
CONTAINING = text(_CONTAINING % "AND string_to_array(n.grams, ' ') && CAST(:owners AS text[])")
CONTAINING_ANYWHERE = text(_CONTAINING % "")


class Fit(IntEnum):
    """How well a row answers the question, the best first."""

    EXACT = 0
    START = 1
    WITHIN = 2
    SPOKEN = 3
    SPOKEN_START = 4
    SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that was found, by one of its names or keys; ``contact_id`` where it was a contact's."""

    customer_id: int
    contact_id: int | None
    owner: int
    fit: Fit
    alike: float  # per cent, for the order within one fit

    def place(self) -> tuple[bool, Fit, float, int]:
        """Sorts the best first: own before pool, then the fit."""
        return (self.owner == POOL, self.fit, -self.alike, self.customer_id)


@dataclass(frozen=True, slots=True)
class Where:
    """One pass of a search: the rows of ``owners``; ``anywhere``: no need to look at the owner of a name."""

    owners: tuple[int, ...]
    anywhere: bool = False
    masked: bool = False


def places(scope: Scope) -> tuple[Where, ...]:
    """The passes of a search: an admin's one over everything, everybody else's own scope and then the pool."""
    if scope.everything:
        return (Where((POOL, *sorted(scope.owners)), anywhere=True),)
    if not scope.owners:
        return ()
    return (Where(tuple(sorted(scope.owners))), Where((POOL,), masked=True))


class Finder:
    """Looks customers up for one scope. Gives ids; who reads the customers checks the scope again."""

    def __init__(self, uow: "UnitOfWork", scope: Scope) -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute
        self._is_sqlite = uow.connection.dialect.name == "sqlite"
        self._places = places(scope)

    def find(self, typed: str) -> list[Hit]:
        """Customers that fit, the best first, each once. Empty when nothing does: ``similar`` may help then."""
        query = query_keys(typed)
        if query.tag:
            tag = query.tag
            tagged = self._each(lambda where: self._keyed(where, TAG, tag, exactly=True))
            return _both(self._matching(query, query.norm), tagged) if query.norm else _best(tagged)
        words = typed.split()[:MOST_WORDS]
        found = self._matching(query, typed)
        if found or len(words) < 2:
            return found
        together = self._matching(query_keys(words[0]), words[0])
        for word in words[1:]:
            together = _both(together, self._matching(query_keys(word), word)) if together else []
        return together

    def similar(self, typed: str) -> list[Hit]:
        """Customers whose name sounds the same or differs by a slip, the most alike first."""
        query = query_keys(typed)
        norm = query.norm.replace(" ", "")
        if len(norm) < 2:
            return []
        spoken = search_keys(typed).pinyin if is_wide(norm[0]) else ()
        slips = with_a_slip(query.grams)

        def ask(where: Where) -> list[Hit]:
            alike = [hit for key in spoken for hit in self._keyed(where, PINYIN, key, exactly=True)]
            return alike + self._judged(self.containing(where, slips), _alike_to(query.norm))

        return _best(self._each(ask))

    def starting(self, where: Where, norm: str) -> Iterable[Any]:
        """Rows of names that begin with ``norm``."""
        bound = {"low": norm, "high": norm + LAST}
        return self._rows(STARTING_ANYWHERE, bound) if where.anywhere else self._rows(STARTING, bound, where)

    def called(self, where: Where, norms: Collection[str]) -> Iterable[Any]:
        """Rows of names that are one of ``norms``."""
        if not norms:
            return ()
        bound = {"norms": list(norms)}
        return self._rows(CALLED_ANYWHERE, bound) if where.anywhere else self._rows(CALLED, bound, where)

    def containing(self, where: Where, wanted: Sequence[Sequence[str]]) -> Iterable[Any]:
        """Rows of names that hold all grams of one of ``wanted``."""
        if not wanted:
            return ()
        if self._is_sqlite:
            return self._rows(CONTAINING_SQLITE, {"match": _match(wanted, where)})
        bound = {"wanted": [" ".join(grams) for grams in wanted]}
        if where.anywhere:
            return self._rows(CONTAINING_ANYWHERE, bound)
        return self._rows(CONTAINING, bound | {"owners": [owner_token(owner) for owner in where.owners]})

    def keyed(self, where: Where, kind: str, key: str, *, exactly: bool = False) -> Iterable[Any]:
        """Rows of keys that are ``key``, or begin with it."""
        return self._rows(KEYED, {"kind": kind, "low": key, "high": key + (NEXT if exactly else LAST)}, where)

    def _rows(self, statement: Any, bound: dict[str, Any], where: Where | None = None) -> Iterable[Any]:
        scope = {"owners": where.owners} if where else {}
        rows: Iterable[Any] = self._run(statement, {**bound, **scope, "most": MOST})
        return rows

    def _matching(self, query: SearchQuery, typed: str) -> list[Hit]:
        """Everything that one question can mean, over all places."""
        word = fold(typed).strip()

        def ask(where: Where) -> list[Hit]:
            found: list[Hit] = []
            if query.norm:
                found += self._judged(self.starting(where, query.norm), _fit_to(query.norm))
                found += self._keyed(where, TAG, query.norm, exactly=True)
            if query.grams:
                found += self._judged(self.containing(where, [query.grams]), _fit_to(query.norm))
            if query.letters and len(query.letters) > 1:
                found += self._keyed(where, PINYIN, query.letters) + self._keyed(where, INITIALS, query.letters)
            if query.digits:
                found += self._tails(where, query.digits)
            if word.isascii() and len(word) > 2:
                found += self._keyed(where, WORD, word, exactly=where.masked)
            return found

        return _best(self._each(ask))

    def _each(self, ask: Callable[[Where], list[Hit]]) -> list[Hit]:
        found: list[Hit] = []
        for where in self._places:
            found += ask(where)
            if len(found) >= MOST:
                break
        return found

    def _judged(self, rows: Iterable[Any], judge: Callable[[str], tuple[Fit, float] | None]) -> list[Hit]:
        found = []
        for row in rows:
            if verdict := judge(row.norm):
                found.append(Hit(row.customer_id, row.contact_id, row.owner, *verdict))
        return found

    def _keyed(self, where: Where, kind: str, key: str, *, exactly: bool = False) -> list[Hit]:
        whole, start = _FITS[kind]
        return [
            Hit(
                row.customer_id, row.contact_id, row.owner, whole if row.key == key else start, fuzz.ratio(row.key, key)
            )
            for row in self.keyed(where, kind, key, exactly=exactly)
        ]

    def _tails(self, where: Where, digits: str) -> list[Hit]:
        """By the end of a number; of a masked one only by the digits that are shown, or by the whole of it."""
        phone = parse_phone(digits, self._uow.organisation().region) if len(digits) >= SHORTEST_FULL else None
        whole = phone.e164 if phone and phone.e164 else digits
        found = self._keyed(where, TAIL, tail_key(whole), exactly=where.masked and len(digits) > SHOWN_DIGITS)
        if whole != digits and not where.masked:
            found += self._keyed(where, TAIL, tail_key(digits))
        return found


def with_a_slip(grams: Sequence[str]) -> list[Sequence[str]]:
    """What is left of the pairs of a name when one character of it is wrong, missing, doubled or swapped.

    A wrong character spoils two neighbouring pairs, a swap three; short names keep at least one pair.
    """
    width = min(3, len(grams) - 1)
    if width < 1:
        return []
    return [(*grams[:i], *grams[i + width :]) for i in range(len(grams) - width + 1)]


def _match(wanted: Iterable[Iterable[str]], where: Where) -> str:
    """The full-text question: every token quoted, so that none is an operator."""
    names = " OR ".join("(" + " AND ".join(_quoted(gram) for gram in grams) + ")" for grams in wanted)
    if where.anywhere:
        return names
    return f"({names}) AND ({' OR '.join(_quoted(owner_token(owner)) for owner in where.owners)})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _fit_to(norm: str) -> Callable[[str], tuple[Fit, float] | None]:
    """Judges names by ``norm``: the same, beginning with it, or holding all of its words."""
    words = norm.split(" ")

    def judge(name: str) -> tuple[Fit, float] | None:
        if name == norm:
            return Fit.EXACT, 100.0
        if name.startswith(norm):
            return Fit.START, fuzz.ratio(name, norm)
        return (Fit.WITHIN, fuzz.ratio(name, norm)) if all(word in name for word in words) else None

    return judge


def _alike_to(norm: str) -> Callable[[str], tuple[Fit, float] | None]:
    enough = SIMILAR_WIDE if is_wide(norm[0]) else SIMILAR

    def judge(name: str) -> tuple[Fit, float] | None:
        alike = fuzz.partial_ratio(name, norm)
        return (Fit.SIMILAR, alike) if alike >= enough else None

    return judge


def _best(hits: Iterable[Hit]) -> list[Hit]:
    """Each customer once, by its best hit, the best first."""
    first: dict[int, Hit] = {}
    for hit in sorted(hits, key=Hit.place):
        first.setdefault(hit.customer_id, hit)
    return list(first.values())


def _both(hits: Iterable[Hit], others: Iterable[Hit]) -> list[Hit]:
    """Customers of both, by the hit that names a contact."""
    known = {hit.customer_id: hit for hit in others}
    pairs = ((hit, known[hit.customer_id]) for hit in hits if hit.customer_id in known)
    return [hit if hit.contact_id is not None or other.contact_id is None else other for hit, other in pairs]


_FITS = {
    PINYIN: (Fit.SPOKEN, Fit.SPOKEN_START),
    INITIALS: (Fit.SPOKEN, Fit.SPOKEN_START),
    TAIL: (Fit.EXACT, Fit.START),
    WORD: (Fit.EXACT, Fit.START),
    TAG: (Fit.WITHIN, Fit.WITHIN),
}
