"""Single look-ups in the search's side table, and the statement that does several of them at once.

Each look-up is a range, a list of keys or a full-text question within a scope, and stops at ``MOST`` rows: none scans a
table, whatever was typed. A statement costs more than most look-ups do, so all those of one question travel together.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, Text, column, text

from domain.customers import MOST_FOUND
from domain.values import frozen
from storage.reads import Read, one_of
from storage.scope import POOL, Scope
from storage.search import owner_token

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST = MOST_FOUND  # candidates of one look-up
LAST = "\U0010ffff"  # behind everything that begins alike
NEXT = "\x01"  # behind the key itself, before everything that only begins with it

_NAME = "source, customer_id, contact_id, owner, norm AS key, shown"
_KEY = "kind AS source, customer_id, contact_id, owner, key, NULL AS shown"


class Found(NamedTuple):
    """A row that a look-up gave: of ``search_name``, or of ``search_key`` with the kind of the key as ``source``."""

    source: str
    customer_id: int
    contact_id: int | None
    owner: int
    key: str  # the normalised name, or the key
    shown: str | None


_FOUND = tuple(
    column(name, Integer() if name in ("customer_id", "contact_id", "owner") else Text()) for name in Found._fields
)


@frozen
class Where:
    """Rows of these owners; ``anywhere``: they are everybody's, so that names need not be asked for their owner."""

    owners: tuple[int, ...]
    anywhere: bool = False
    masked: bool = False


def places(scope: Scope) -> tuple[Where, ...]:
    """Where a search looks: an admin's everywhere, everybody else's in the own scope and, apart from it, in the pool."""
    if scope.everything:
        return (Where((POOL, *sorted(scope.owners)), anywhere=True),)
    if not scope.owners:
        return ()
    return (Where(tuple(sorted(scope.owners))), Where((POOL,), masked=True))


def _owned(where: Where, place: int, dialect: str) -> str:
    """The condition that the owner is one of a place's, in front of others; a list of one costs several times as much
    as a value."""
    if where.anywhere:
        return ""
    return (
        f"owner {one_of(f'o{place}', 'bigint', dialect)} AND " if len(where.owners) > 1 else f"owner = :o{place} AND "
    )


@frozen
class NameStarts:
    """Names that begin with ``norm``."""

    where: Where
    norm: str

    def sql(self, i: int, place: int, dialect: str) -> str:
        scope = _owned(self.where, place, dialect)
        return f"SELECT {_NAME} FROM search_name WHERE {scope}norm >= :a{i} AND norm < :b{i} LIMIT :most"

    def bound(self, i: int, _dialect: str) -> dict[str, Any]:
        return {f"a{i}": self.norm, f"b{i}": self.norm + LAST}


@frozen
class NameIs:
    """Names that are one of ``norms``."""

    where: Where
    norms: Sequence[str]

    def sql(self, i: int, place: int, dialect: str) -> str:
        scope = _owned(self.where, place, dialect)
        return f"SELECT {_NAME} FROM search_name WHERE {scope}norm {one_of(f'a{i}', 'text', dialect)} LIMIT :most"

    def bound(self, i: int, dialect: str) -> dict[str, Any]:
        return {f"a{i}": list(self.norms)}


@frozen
class NameHolds:
    """Names that hold all grams of one of ``wanted``."""

    where: Where
    wanted: Sequence[Sequence[str]]
    most: int = MOST

    def sql(self, i: int, _place: int, dialect: str) -> str:
        if dialect == "sqlite":
            hits = f"SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :a{i} LIMIT :b{i}"
            return f"SELECT {_NAME} FROM search_name WHERE id IN ({hits})"
        grams = "string_to_array(n.grams, ' ')"
        scope = "" if self.where.anywhere else f" AND {grams} && CAST(:t{i} AS text[])"
        each = f"SELECT n.* FROM search_name n WHERE {grams} @> string_to_array(w.grams, ' '){scope} LIMIT :b{i}"
        wanted = f"unnest(CAST(:a{i} AS text[])) AS w(grams)"
        return f"SELECT {_NAME} FROM {wanted} CROSS JOIN LATERAL ({each}) s LIMIT :b{i}"

    def bound(self, i: int, dialect: str) -> dict[str, Any]:
        if dialect == "sqlite":
            return {f"a{i}": _match(self.wanted, self.where), f"b{i}": self.most}
        tokens = {} if self.where.anywhere else {f"t{i}": [owner_token(owner) for owner in self.where.owners]}
        return tokens | {f"a{i}": [" ".join(grams) for grams in self.wanted], f"b{i}": self.most}


@frozen
class KeyStarts:
    """Keys of a kind that begin with ``key``; ``exactly``: that are it."""

    where: Where
    kind: str
    key: str
    exactly: bool = False

    def sql(self, i: int, place: int, dialect: str) -> str:
        scope = f"kind = :k{i} AND {_owned(self.where, place, dialect)}"
        return f"SELECT {_KEY} FROM search_key WHERE {scope}key >= :a{i} AND key < :b{i} LIMIT :most"

    def bound(self, i: int, _dialect: str) -> dict[str, Any]:
        high = self.key + (NEXT if self.exactly else LAST)
        return {f"k{i}": self.kind, f"a{i}": self.key, f"b{i}": high}


@frozen
class KeyIs:
    """Keys of a kind that are one of ``keys``."""

    where: Where
    kind: str
    keys: Sequence[str]

    def sql(self, i: int, place: int, dialect: str) -> str:
        scope = f"kind = :k{i} AND {_owned(self.where, place, dialect)}"
        return f"SELECT {_KEY} FROM search_key WHERE {scope}key {one_of(f'a{i}', 'text', dialect)} LIMIT :most"

    def bound(self, i: int, dialect: str) -> dict[str, Any]:
        return {f"k{i}": self.kind, f"a{i}": list(self.keys)}


LookUp = NameStarts | NameIs | NameHolds | KeyStarts | KeyIs


def look_up(uow: "UnitOfWork", wanted: Sequence[LookUp]) -> list[Found]:
    """The rows of all look-ups, in the order asked for; what matched twice is there twice."""
    if not wanted:
        return []
    sql, bound = prepared(wanted, uow.connection.dialect.name)
    return _read(sql).all(uow.connection, **bound)


def prepared(wanted: Sequence[LookUp], dialect: str) -> tuple[str, dict[str, Any]]:
    """The one statement of several look-ups, and what is bound to it; the owners of a place once for all of them."""
    wheres = list(dict.fromkeys(one.where for one in wanted))
    bound: dict[str, Any] = {"most": MOST}
    for place, owners in enumerate(where.owners for where in wheres):
        if not wheres[place].anywhere:
            bound[f"o{place}"] = list(owners) if len(owners) > 1 else owners[0]
    parts = []
    for i, one in enumerate(wanted):
        parts.append(f"SELECT * FROM ({one.sql(i, wheres.index(one.where), dialect)}) t{i}")
        bound.update(one.bound(i, dialect))
    return " UNION ALL ".join(parts), bound


@cache
def _read(sql: str) -> Read:
    """The statement for look-ups of these kinds: some dozens of combinations exist, each is made ready once."""
    return Read(text(sql).columns(*_FOUND), Found)


def _match(wanted: Iterable[Iterable[str]], where: Where) -> str:
    """The full-text question: every token quoted, so that none is an operator."""
    names = " OR ".join("(" + " AND ".join(_quoted(gram) for gram in grams) + ")" for grams in wanted)
    if where.anywhere:
        return names
    return f"({names}) AND ({' OR '.join(_quoted(owner_token(owner)) for owner in where.owners)})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
