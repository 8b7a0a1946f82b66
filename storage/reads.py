"""Reads of every message and every card: Core writes the statement once, then the driver runs it by itself.

Core's ``execute`` costs fourteen times a look-up by key, whatever the statement. What is read once in a while, and
everything that is written, goes through it all the same.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import repeat
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Connection, Dialect, bindparam
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles

from domain.values import frozen

Bound = int | str | list[int] | list[str] | None


@frozen
class _Compiled:
    """A statement in the words of one database."""

    sql: str
    places: tuple[str, ...] | None  # names in the order of the question marks; None where values are bound by name
    own: dict[str, Any]  # values that the statement was written with

    def in_order(self, values: Mapping[str, Any]) -> list[Any]:
        """For SQLite, which knows no lists but as JSON."""
        ordered = [values[name] for name in self.places or ()]
        return [json.dumps(value) if type(value) is list else value for value in ordered]


class among(ColumnElement[bool]):  # noqa: N801 (an expression, like those of SQLAlchemy)
    """Whether a column's value is in the bound list ``name``, whose length does not change the statement."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.name = name
        self.type = Boolean()

    def self_group(self, against: Any = None) -> Self:
        """A condition already: SQLite, to which all are numbers, finds no index behind ``= 1``."""
        return self


@compiles(among)
def _among(element: among, compiler: Any, **_: Any) -> str:
    column, bound = compiler.process(element.column), compiler.process(bindparam(element.name))
    return f"{column} {_listed(bound, compiler.dialect.name)}"


def one_of(name: str, kind: str, dialect: str) -> str:
    """The same for SQL written by hand; ``kind`` is PostgreSQL's type of the values."""
    return _listed(f":{name}" if dialect == "sqlite" else f"CAST(:{name} AS {kind}[])", dialect)


def _listed(bound: str, dialect: str) -> str:
    return f"IN (SELECT value FROM json_each({bound}))" if dialect == "sqlite" else f"= ANY({bound})"


class Read:
    """A select whose bound values are numbers, words or lists of them (see ``among``), as all keys are: a driver takes
    them as they are.

    Args:
        into: what a row becomes, its columns in order; without it a named tuple.
        words: the enums of columns that hold words, by the columns' names.
    """

    def __init__(self, statement: Any, into: Callable[..., Any] | None = None, **words: type[StrEnum]) -> None:
        self.statement = statement
        self._into = into
        self._words = words
        self._compiled: dict[str, _Compiled] = {}  # both by the dialect's name
        self._records: dict[str, Callable[[Any], Any]] = {}

    def all(self, connection: Connection, **bound: Bound) -> list[Any]:
        """Every row, in order."""
        dialect = connection.dialect
        made = self._compiled.get(dialect.name) or self._compile(dialect, bound)
        values = made.own | bound
        run = connection.connection.driver_connection.execute  # type: ignore[union-attr]  # of a live connection
        try:
            cursor = run(made.sql, values if made.places is None else made.in_order(values))
            rows = cursor.fetchall()
        except dialect.loaded_dbapi.OperationalError as error:
            raise OperationalError(made.sql, None, error, hide_parameters=True) from error
        if not rows:
            return []
        record = self._records.get(dialect.name) or self._record(dialect, cursor)
        return list(map(record, rows))

    def one_or_none(self, connection: Connection, **bound: Bound) -> Any:
        """The row of a key, if there is one."""
        rows = self.all(connection, **bound)
        return rows[0] if rows else None

    def one(self, connection: Connection, **bound: Bound) -> Any:
        """The row of a key that is there."""
        return self.all(connection, **bound)[0]

    def _compile(self, dialect: Dialect, bound: Mapping[str, Any]) -> _Compiled:
        full = self.statement.compile(dialect=dialect).construct_expanded_state(bound)
        own = {
            name: str(v) if isinstance(v, StrEnum) else v for name, v in full.parameters.items() if name not in bound
        }
        places = tuple(full.positiontup) if full.positiontup else None
        made = self._compiled[dialect.name] = _Compiled(full.statement, places, own)
        return made

    def _record(self, dialect: Dialect, cursor: Any) -> Callable[[Any], Any]:
        """How a row of this driver becomes one of ours, from what the first cursor says of its columns."""
        columns = self.statement.selected_columns
        make: Callable[..., Any] = self._into or namedtuple("Row", columns.keys())
        codes = [column[1] for column in cursor.description]
        converters = map(self._converter, columns.keys(), columns, codes, repeat(dialect))
        needed = [(place, convert) for place, convert in enumerate(converters) if convert is not None]
        if not needed:
            self._records[dialect.name] = lambda row: make(*row)
            return self._records[dialect.name]

        def record(row: Any) -> Any:
            values = list(row)
            for place, convert in needed:
                if values[place] is not None:
                    values[place] = convert(values[place])
            return make(*values)

        self._records[dialect.name] = record
        return record

    def _converter(self, name: str, column: Any, code: object, dialect: Dialect) -> Callable[[Any], Any] | None:
        if name in self._words:
            return {str(word): word for word in self._words[name]}.__getitem__
        convert: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).result_processor(dialect, code)
        return convert
