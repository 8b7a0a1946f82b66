"""Single look-ups in the search's side table, and the statement that does several of them at once.

Each look-up is a range, a list of keys or a full-text question within a scope, and stops at ``MOST`` rows: none scans a
table, whatever was typed. A statement costs more than most look-ups do, so all those of one question travel together.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import TextClause, text

from domain.values import frozen
from storage.scope import POOL, Scope
from storage.search import owner_token

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST = 300  # candidates of one look-up: more than anybody pages through, and ranked in half a millisecond
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


@frozen
class NameStarts:
    """Names that begin with ``norm``."""

    where: Where
    norm: str

    def sql(self, i: int, is_sqlite: bool) -> str:
        scope = "" if self.where.anywhere else f"owner {_among('o', i, 'bigint', is_sqlite)} AND "
        return f"SELECT {_NAME} FROM search_name WHERE {scope}norm >= :a{i} AND norm < :b{i} LIMIT :most"

    def bound(self, pack: Callable[[Any], Any], is_sqlite: bool) -> dict[str, Any]:
        return _owners(self.where, pack) | {"a": self.norm, "b": self.norm + LAST}


@frozen
class NameIs:
    """Names that are one of ``norms``."""

    where: Where
    norms: Sequence[str]

    def sql(self, i: int, is_sqlite: bool) -> str:
        scope = "" if self.where.anywhere else f"owner {_among('o', i, 'bigint', is_sqlite)} AND "
        return f"SELECT {_NAME} FROM search_name WHERE {scope}norm {_among('a', i, 'text', is_sqlite)} LIMIT :most"

    def bound(self, pack: Callable[[Any], Any], is_sqlite: bool) -> dict[str, Any]:
        return _owners(self.where, pack) | {"a": pack(self.norms)}


@frozen
class NameHolds:
    """Names that hold all grams of one of ``wanted``."""

    where: Where
    wanted: Sequence[Sequence[str]]
    most: int = MOST

    def sql(self, i: int, is_sqlite: bool) -> str:
        if is_sqlite:
            hits = f"SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :a{i} LIMIT :b{i}"
            return f"SELECT {_NAME} FROM search_name WHERE id IN ({hits})"
        words = "string_to_array(n.grams, ' ')"
        scope = "" if self.where.anywhere else f" AND {words} && CAST(:o{i} AS text[])"
        each = f"SELECT n.* FROM search_name n WHERE {words} @> string_to_array(w.grams, ' '){scope} LIMIT :b{i}"
        wanted = f"unnest(CAST(:a{i} AS text[])) AS w(grams)"
        return f"SELECT {_NAME} FROM {wanted} CROSS JOIN LATERAL ({each}) s LIMIT :b{i}"

    def bound(self, pack: Callable[[Any], Any], is_sqlite: bool) -> dict[str, Any]:
        if is_sqlite:
            return {"a": _match(self.wanted, self.where), "b": self.most}
        tokens = {} if self.where.anywhere else {"o": pack([owner_token(owner) for owner in self.where.owners])}
        return tokens | {"a": pack([" ".join(grams) for grams in self.wanted]), "b": self.most}


@frozen
class KeyStarts:
    """Keys of a kind that begin with ``key``; ``exactly``: that are it."""

    where: Where
    kind: str
    key: str
    exactly: bool = False

    def sql(self, i: int, is_sqlite: bool) -> str:
        scope = f"kind = :k{i} AND owner {_among('o', i, 'bigint', is_sqlite)}"
        return f"SELECT {_KEY} FROM search_key WHERE {scope} AND key >= :a{i} AND key < :b{i} LIMIT :most"

    def bound(self, pack: Callable[[Any], Any], is_sqlite: bool) -> dict[str, Any]:
        high = self.key + (NEXT if self.exactly else LAST)
        return {"k": self.kind, "o": pack(self.where.owners), "a": self.key, "b": high}


@frozen
class KeyIs:
    """Keys of a kind that are one of ``keys``."""

    where: Where
    kind: str
    keys: Sequence[str]

    def sql(self, i: int, is_sqlite: bool) -> str:
        scope = f"kind = :k{i} AND owner {_among('o', i, 'bigint', is_sqlite)}"
        return f"SELECT {_KEY} FROM search_key WHERE {scope} AND key {_among('a', i, 'text', is_sqlite)} LIMIT :most"

    def bound(self, pack: Callable[[Any], Any], is_sqlite: bool) -> dict[str, Any]:
        return {"k": self.kind, "o": pack(self.where.owners), "a": pack(self.keys)}


LookUp = NameStarts | NameIs | NameHolds | KeyStarts | KeyIs


def look_up(uow: "UnitOfWork", wanted: Sequence[LookUp]) -> list[Found]:
    """The rows of all look-ups, in the order asked for; what matched twice is there twice."""
    if not wanted:
        return []
    statement, bound = prepared(wanted, is_sqlite=uow.connection.dialect.name == "sqlite")
    rows: Any = uow.connection.execute(statement, bound)
    return [Found(*row) for row in rows]


def prepared(wanted: Sequence[LookUp], *, is_sqlite: bool) -> tuple[TextClause, dict[str, Any]]:
    """The one statement of several look-ups, and what is bound to it."""
    pack: Callable[[Any], Any] = json.dumps if is_sqlite else list
    bound: dict[str, Any] = {"most": MOST}
    for i, one in enumerate(wanted):
        bound |= {f"{name}{i}": value for name, value in one.bound(pack, is_sqlite).items()}
    return _statement(tuple(map(_shape, wanted)), is_sqlite), bound


def _shape(one: LookUp) -> LookUp:
    """The look-up without its values: what its SQL depends on."""
    where = Where((), anywhere=one.where.anywhere)
    match one:
        case NameStarts():
            return NameStarts(where, "")
        case NameIs():
            return NameIs(where, ())
        case NameHolds():
            return NameHolds(where, ())
        case KeyStarts():
            return KeyStarts(where, "", "")
        case KeyIs():
            return KeyIs(where, "", ())


@cache
def _statement(shapes: tuple[LookUp, ...], is_sqlite: bool) -> TextClause:
    """One statement for look-ups of these shapes. Some dozens of combinations exist; each is built once."""
    parts = (f"SELECT * FROM ({one.sql(i, is_sqlite)}) t{i}" for i, one in enumerate(shapes))
    return text(" UNION ALL ".join(parts))


def _owners(where: Where, pack: Callable[[Any], Any]) -> dict[str, Any]:
    return {} if where.anywhere else {"o": pack(where.owners)}


def _among(name: str, i: int, kind: str, is_sqlite: bool) -> str:
    """Membership in a bound list, so that its length does not change the statement."""
    return f"IN (SELECT value FROM json_each(:{name}{i}))" if is_sqlite else f"= ANY(CAST(:{name}{i} AS {kind}[]))"


def _match(wanted: Iterable[Iterable[str]], where: Where) -> str:
    """The full-text question: every token quoted, so that none is an operator."""
    names = " OR ".join("(" + " AND ".join(_quoted(gram) for gram in grams) + ")" for grams in wanted)
    if where.anywhere:
        return names
    return f"({names}) AND ({' OR '.join(_quoted(owner_token(owner)) for owner in where.owners)})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
