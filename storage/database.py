"""Engine, groups and units of work: the only module that commits.

A *group* is one transaction shared by the units that wait; a *unit* is a savepoint in it. Driver errors become two
words that the rest understands: ``Conflict`` (run it again) and ``Unavailable`` (nothing was changed).
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection  # handed on: the frame may name it, not import SQLAlchemy
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.pool import NullPool, StaticPool

from storage.uow import UnitOfWork

BUSY_MS = 5000  # another process (backup, owner-link) holds the file only for one short transaction
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # WAL with NORMAL loses the last commits at a power cut
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA cache_size=-32768",
    "PRAGMA mmap_size=1073741824",
)
UNIT_THREADS = 4  # PostgreSQL: threads that run units, plus intake, sender and clock


class Conflict(Exception):
    """Another writer was first; the unit had no effects and may be run again."""


class Unavailable(Exception):
    """The database cannot be reached, is locked, full, read-only or damaged; nothing was changed."""


class Database:
    """One database of either kind. ``engine`` writes; ``reading()`` gives a connection that cannot."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self.engine = _sqlite(url) if self.dialect == "sqlite" else _postgres(url)

    @contextmanager
    def group(self) -> Iterator[Connection]:
        """One transaction: commit on a clean exit, roll back on any exception."""
        with in_our_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def transaction(self, now: dt.datetime) -> Iterator[UnitOfWork]:
        """A group of one unit, for programs beside the frame: command line, sample data, tests."""
        with self.group() as connection, unit_of_work(connection, now) as uow:
            yield uow

    @contextmanager
    def reading(self, *, one_state: bool = False) -> Iterator[Connection]:
        """A connection of its own that can only read: exports and jobs, beside the writing one.

        ``one_state``: on SQLite, too, all statements see the same; its log grows as long as that takes.
        """
        engine = self._reader()
        try:
            with in_our_words(), engine.connect() as connection:
                if one_state and self.dialect == "sqlite":
                    connection.exec_driver_sql("BEGIN")
                yield connection
        finally:
            engine.dispose()

    def _reader(self) -> Engine:
        if self.dialect != "sqlite":
            engine = _discreet(create_engine(self.url, poolclass=NullPool, hide_parameters=True))
            return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
        file = Path(self.url.database or "").absolute().as_uri()
        return create_engine(f"sqlite:///{file}?mode=ro&uri=true", poolclass=NullPool, hide_parameters=True)

    def limit_transactions(self, seconds: int = 20) -> None:
        """For workers, before anything is connected: whoever is frozen in the middle of one holds the others up no longer.

        In the middle of sending a client counts as active, whatever ``idle_in_transaction_session_timeout`` says.
        PostgreSQL 16 and older know no such limit: there it takes until the frozen worker wakes or dies.
        """
        if self.dialect != "postgresql":
            return

        @event.listens_for(self.engine, "connect")
        def limit(connection: Any, _record: Any) -> None:
            if connection.info.server_version >= 170_000:
                connection.execute(f"SET transaction_timeout = '{seconds}s'")
                connection.commit()

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """A database by its SQLAlchemy URL: ``sqlite:///…`` or ``postgresql+psycopg://…``. Nothing is connected yet."""
    return Database(url)


@contextmanager
def unit_of_work(connection: Connection, now: dt.datetime) -> Iterator[UnitOfWork]:
    """Keep what was done on a clean exit, undo it on any exception; the group goes on, but after ``Unavailable``."""
    run = connection.connection.driver_connection.execute  # type: ignore[union-attr]  # begin_nested costs 40 times as much
    run("SAVEPOINT u")
    try:
        with in_our_words():
            uow = UnitOfWork(connection, now)
            yield uow
            uow.flush()
    except Unavailable:  # the savepoint is gone with the transaction: a full disk ends it, a lost connection too
        raise
    except BaseException:
        run("ROLLBACK TO SAVEPOINT u")
        run("RELEASE SAVEPOINT u")
        raise
    run("RELEASE SAVEPOINT u")


class _InOurWords:
    """Holds nothing; a class, because every unit of work passes through and a generator costs four times as much."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, DBAPIError) and (named := _named(error)) is not None:
            raise named from error


_IN_OUR_WORDS = _InOurWords()


def in_our_words() -> _InOurWords:
    """Turn driver errors into ``Conflict`` and ``Unavailable``; a statement's own mistake passes as the bug it is."""
    return _IN_OUR_WORDS


def _named(error: DBAPIError) -> Conflict | Unavailable | None:
    if isinstance(error, IntegrityError) or _is_serialisation(error):
        return Conflict(str(error.orig))
    of_the_database = (
        isinstance(error, OperationalError | InterfaceError | InternalError) or type(error) is DatabaseError
    )
    return Unavailable(str(error.orig)) if of_the_database and _is_away(error) else None


def _is_serialisation(error: DBAPIError) -> bool:
    """Serialisation failure, deadlock."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def _is_away(error: DBAPIError) -> bool:
    """Whether the database failed rather than the statement: SQLite's general error and misuse are the statement's."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE)
    state = getattr(error.orig, "sqlstate", None)
    # connection, resources, operator's intervention, system, corruption; a cancelled statement is too slow by itself
    away = state is None or (state[:2] in {"08", "53", "57", "58", "XX"} and state != "57014")
    return away or state in {"25006", "25P03", "55P03"}  # read-only; ended while we slept in it; locked for too long


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,  # what people wrote must not come into a log with an error
        poolclass=StaticPool,  # one core thread with the only writing connection
        connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    def begin(connection: Any) -> None:
        connection.execute("BEGIN IMMEDIATE")  # a deferred transaction that upgrades fails at once (A64)

    engine.dialect.do_begin = begin  # type: ignore[assignment]  # a listener would cost every statement 4 us
    return engine


def _postgres(url: str) -> Engine:
    settings = "-c idle_in_transaction_session_timeout=10s -c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC"
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=UNIT_THREADS + 3,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"options": settings},
    )
    return _discreet(engine)


def _discreet(engine: Engine) -> Engine:
    """Leave the second part of PostgreSQL's messages out of errors: it quotes the row that was refused."""

    @event.listens_for(engine, "handle_error")
    def shorten(context: ExceptionContext) -> None:
        primary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
        if primary is None:
            return
        context.original_exception.args = (primary,)
        if context.sqlalchemy_exception is not None:
            kind = type(context.original_exception)
            context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {primary}",)

    return engine
