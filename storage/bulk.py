"""Many new rows of a table with one statement, past Core, which would prepare every value of every row anew.

That is a third of what the rows cost. SQLite is given many rows at a time: with a statement for each, a trigger that
keeps the full-text index in step makes it write the index anew for each, too. PostgreSQL takes the columns as arrays.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import JSON, Column, Connection, Dialect, Float, LargeBinary, String, Table, text

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

AT_ONCE = (128, 32, 8)  # rows of a statement of SQLite's, which keeps each of the few it is made of prepared
_NEXT_KEYS = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")  # PostgreSQL's


class _Prepared(NamedTuple):
    """The statement for some columns of a table, and how their values become those of the driver."""

    sql: str
    changed: tuple[tuple[int, Callable[[Any], Any]], ...]  # by their places


class Json(str):
    """A value of a JSON column that is written already."""

    __slots__ = ()


_made: dict[tuple[str, str, tuple[str, ...]], _Prepared] = {}


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns (two at least); the database's own defaults stand for the others."""
    if not rows:
        return
    columns = tuple(rows[0])
    assert all(len(row) == len(columns) for row in rows), "rows of different columns"
    insert_rows(connection, table, columns, list(map(itemgetter(*columns), rows)))


def insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows given by their values in the order of ``columns``."""
    if not rows:
        return
    dialect = connection.dialect
    made = _made.get((table.name, dialect.name, columns))
    if made is None:
        made = _made[table.name, dialect.name, columns] = _prepare(table, columns, dialect)
    values = list(zip(*rows, strict=True))
    for place, change in made.changed:
        values[place] = tuple(map(change, values[place]))
    if dialect.name == "sqlite":
        _insert_in_blocks(connection, made.sql, list(zip(*values, strict=True)))
    else:
        connection.exec_driver_sql(made.sql, tuple(map(list, values)))


def _insert_in_blocks(connection: Connection, head: str, rows: Sequence[tuple[Any, ...]]) -> None:
    row, at = f"({', '.join('?' * len(rows[0]))})", 0
    for size in AT_ONCE:
        while len(rows) - at >= size:
            places = ", ".join([row] * size)
            connection.exec_driver_sql(head + places, tuple(chain.from_iterable(rows[at : at + size])))
            at += size
    if rest := rows[at:]:
        connection.exec_driver_sql(head + row, list(rest))


def insert_keyed(uow: "UnitOfWork", table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of one kind and return their ids, in the order given."""
    keys = next_keys(uow.connection, table, len(rows))
    insert_all(uow.connection, table, [{**row, "id": key} for key, row in zip(keys, rows, strict=True)])
    return keys


def next_keys(connection: Connection, table: Table, count: int) -> list[int]:
    """Keys that nobody else is given. SQLite's one writer counts on from the last one by itself."""
    if connection.dialect.name == "sqlite":
        first: int = connection.exec_driver_sql(_next_key(table)).scalar_one()
        return list(range(first, first + count))
    return sorted(connection.execute(_NEXT_KEYS, {"name": table.name, "count": count}).scalars())


@cache
def _next_key(table: Table) -> str:
    """The key that SQLite would give to the next row; where rows are known by their keys, none is ever given twice."""
    given, newest = f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'", f"SELECT max(id) FROM {table.name}"
    return f"SELECT coalesce(({given if table.kwargs.get('sqlite_autoincrement') else newest}), 0) + 1"


def _prepare(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Prepared:
    quote = dialect.identifier_preparer.quote
    chosen = [table.c[name] for name in columns]
    named = ", ".join(quote(c.name) for c in chosen)
    head = f"INSERT INTO {quote(table.name)} ({named})"
    if dialect.name == "sqlite":
        sql = f"{head} VALUES "
    else:
        places = [f"v{number}" for number in range(len(chosen))]
        arrays = ", ".join(f"%s::{_sent_as(c, dialect)}[]" for c in chosen)
        taken = ", ".join(f"{v}::json" if isinstance(c.type, JSON) else v for v, c in zip(places, chosen, strict=True))
        sql = f"{head} SELECT {taken} FROM unnest({arrays}) AS given ({', '.join(places)})"
    changes = ((place, _processor(c, dialect)) for place, c in enumerate(chosen))
    return _Prepared(sql, tuple((place, change) for place, change in changes if change))


def _written(value: Any) -> str:
    """As Core's own type writes it."""
    if type(value) is Json:
        return value
    return "null" if value is None else json.dumps(value)


def _as(kind: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else kind(value)


def _sent_as(column: Column[Any], dialect: Dialect) -> str:
    return "text" if isinstance(column.type, JSON | String) else column.type.compile(dialect)


def _processor(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(column.type, JSON):
        return _written
    if isinstance(column.type, LargeBinary):  # both drivers take bytes
        return None
    if dialect.name != "sqlite":  # the values of an array are of one type: enums are no words, whole numbers no others
        for kind, one in ((String, str), (Float, float)):
            if isinstance(column.type, kind):
                return partial(_as, one)
    found: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return found
