"""Bring a database to the tables this program knows, or leave it exactly as it was.

A backup first; then one transaction with all steps, foreign keys switched off outside it on SQLite, since a step that
rebuilds a table would delete its children; then every table must have the rows it had, and every reference its target.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from domain.values import frozen
from storage.backup import copy_database, row_counts
from storage.database import Database, Unavailable, open_database
from storage.disk import network_kind, why_not_writable

STEPS = Path(__file__).parent / "migrations"
BESIDE_MODELS = ("search_name_fts", "ix_search_name_grams")  # made by hand for each kind of database
VERSION_TABLE = "alembic_version"
TURN = 0x4B59  # the key of PostgreSQL's advisory lock: several workers may start at once
WAIT = "60s"  # for another worker's migration


class MigrationRefused(Exception):
    """What stands against a migration; nothing was changed. Carries facts, ``bot/refusals.py`` has the words."""


@dataclass(eq=False)
class NewerDatabase(MigrationRefused):
    """A later version of the program was here."""

    found: str
    known: str


@dataclass(eq=False)
class ForeignDatabase(MigrationRefused):
    """The database belongs to some other program."""

    tables: tuple[str, ...]


@dataclass(eq=False)
class NotWritable(MigrationRefused):
    """The folder of the database cannot be written."""

    folder: Path
    reason: str


@dataclass(eq=False)
class OnNetworkDisk(MigrationRefused):
    """SQLite's write-ahead log needs a disk of this machine."""

    folder: Path
    kind: str


@dataclass(eq=False)
class InUse(MigrationRefused):
    """A worker of an earlier program is alive on this PostgreSQL database."""

    owner: str


@dataclass(eq=False)
class RowsChanged(MigrationRefused):
    """After the steps a table had other rows than before; everything was rolled back."""

    table: str
    before: int
    after: int


@dataclass(eq=False)
class BrokenReference(MigrationRefused):
    """After the steps a row pointed at nothing; everything was rolled back."""

    table: str
    parent: str


@frozen
class Migrated:
    """What was done. ``came_from`` None: the database was empty; ``backup`` None: nothing to copy, or PostgreSQL."""

    came_from: str | None
    now_at: str
    backup: Path | None = None

    @property
    def is_new(self) -> bool:
        return self.came_from is None

    @property
    def changed(self) -> bool:
        return self.came_from != self.now_at


def migrate(url: str, *, backup_dir: Path | None, steps: Path = STEPS) -> Migrated:
    """Bring the database at ``url`` to the last of ``steps``; an up-to-date one costs a single read.

    An SQLite database with anything in it is copied to ``backup_dir`` first, unless it is a copy itself and that is
    ``None``. PostgreSQL is not: its own tools are the right ones, and the program cannot count on them.

    Raises:
        MigrationRefused: one of its kinds; nothing was changed.
        BackupFailed: no backup, so no migration.
        Unavailable: the database cannot be reached or opened.
    """
    with _opened(url) as database:
        if database.dialect == "sqlite":
            return _migrate_sqlite(database, backup_dir, steps)
        return _migrate_postgres(database, steps)


def look(url: str) -> str | None:
    """The step a database is at, having opened it for writing; nothing is changed.

    Raises:
        MigrationRefused, Unavailable: it could not be used.
    """
    with _opened(url) as database, database.group() as connection:
        return revision_of(connection)


def head(steps: Path = STEPS) -> str:
    """The last step this program knows, by the names of its files: Alembic takes a second to load, for nothing."""
    return _numbers(steps)[-1]


@cache
def _numbers(steps: Path) -> tuple[str, ...]:
    return tuple(sorted(file.name[:4] for file in (steps / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")))


def revision_of(connection: Connection, steps: Path = STEPS) -> str | None:
    """The step a database is at; ``None`` for an empty one.

    Raises:
        NewerDatabase, ForeignDatabase: it is no database of this program, or of a later one.
    """
    tables = sorted(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        if foreign := _in_the_way(connection, tables):
            raise ForeignDatabase(foreign)
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    if found is not None and found not in _numbers(steps):
        raise NewerDatabase(found, head(steps)) if re.fullmatch(r"\d{4}", found) else ForeignDatabase((VERSION_TABLE,))
    return found


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    except DatabaseError as error:
        if "not a database" in str(error.orig):  # some other file; SQLite says so at the first statement
            raise Unavailable(str(error.orig)) from error
        raise
    finally:
        database.close()


def _in_the_way(connection: Connection, tables: list[str]) -> tuple[str, ...]:
    """Tables that are not ours: any in a file, which belongs to one program; on a server only those named like ours."""
    from storage.models import Base

    if connection.dialect.name == "sqlite":
        return tuple(tables)
    return tuple(name for name in tables if name in Base.metadata.tables)


def _migrate_sqlite(database: Database, backup_dir: Path | None, steps: Path) -> Migrated:
    file = Path(database.url.database or "").absolute()
    _check_folder(file.parent)
    with database.group() as connection:
        came_from, wanted = revision_of(connection, steps), head(steps)
    if came_from == wanted:
        return Migrated(came_from, wanted)
    backup = None
    if came_from and backup_dir:
        backup = copy_database(file, backup_dir, f"{file.stem}-{came_from}-before-{wanted}")
    with _without_foreign_keys(database), database.group() as connection:
        before = row_counts(_driver(connection))
        changes = _upgrade(connection, steps)
        _compare(before, row_counts(_driver(connection)), changes)
        _check_references(connection)
    return Migrated(came_from, wanted, backup)


def _migrate_postgres(database: Database, steps: Path) -> Migrated:
    with database.group() as connection:
        take_turn(connection)
        came_from, wanted = revision_of(connection, steps), head(steps)
        if came_from == wanted:
            return Migrated(came_from, wanted)
        if came_from is not None:
            refuse_while_used(connection)
        bring_up(connection, steps)
    return Migrated(came_from, wanted)


def bring_up(connection: Connection, steps: Path = STEPS) -> None:
    """Run the steps that a PostgreSQL database lacks, in the caller's transaction, and compare the rows.

    Raises:
        RowsChanged
    """
    before = _counts(connection)
    changes = _upgrade(connection, steps)
    _compare(before, _counts(connection), changes)


def _check_folder(folder: Path) -> None:
    if reason := why_not_writable(folder):
        raise NotWritable(folder, reason)
    if kind := network_kind(folder):
        raise OnNetworkDisk(folder, kind)


def _upgrade(connection: Connection, steps: Path) -> frozenset[str]:
    """Run all steps that are missing; returns the tables that they change the rows of on purpose."""
    from alembic.command import upgrade
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    at = MigrationContext.configure(connection).get_current_revision()
    modules: list[ModuleType] = [step.module for step in script.iterate_revisions("head", at) if step.module]
    upgrade(config, "head")
    return frozenset().union(*(getattr(module, "CHANGES_ROWS", ()) for module in modules))


def _compare(before: dict[str, int], after: dict[str, int], changes: frozenset[str]) -> None:
    for table in sorted(before.keys() - changes - {VERSION_TABLE}):
        if after.get(table) != before[table]:
            raise RowsChanged(table, before[table], after.get(table, 0))


@contextmanager
def _without_foreign_keys(database: Database) -> Iterator[None]:
    """Off outside the transaction, since inside one SQLite ignores the switch."""
    raw: Any = database.engine.raw_connection()
    raw.driver_connection.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.driver_connection.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenReference(broken[0], broken[2])


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def take_turn(connection: Connection) -> None:
    """Wait for a migration of another worker; no time limits after that, since a step may copy a big table."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def refuse_while_used(connection: Connection) -> None:
    """Raises ``InUse`` while a worker is alive: it renews its lease every few seconds."""
    owner = connection.scalar(text("SELECT owner FROM lease WHERE until > clock_timestamp() LIMIT 1"))
    if owner is not None:
        raise InUse(str(owner))


def _counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    tables = inspect(connection).get_table_names()
    return {name: connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0 for name in tables}
