"""Put a backup in the place of the database, keep what was there, and let nothing old go out by itself.

Since the copy was made its messages went out, and its reminders were told. So what was still to be sent is held for
somebody to decide, and what is long over is settled. Until the last moment everything happens beside the database.
"""

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Text, cast, func, select, text, update
from sqlalchemy.engine import make_url

from domain.backups import Restored
from domain.carriers import Carried
from domain.erasures import Erased
from domain.values import frozen
from storage import dumps
from storage.backup import SQLITE, STAMP, BackupFailed, copy_database, free_name, row_counts
from storage.database import Database, in_our_words, open_database, unit_of_work
from storage.disk import sync_folder
from storage.due import OPEN, SETTLED
from storage.erasures import LIST, forget_again, read_list
from storage.guards import make_function
from storage.migrate import (
    STEPS,
    TURN,
    ForeignDatabase,
    InUse,
    NewerDatabase,
    bring_up,
    head,
    look,
    migrate,
    refuse_while_used,
)
from storage.models import Due, Outbox, Reminder, SurveyInvitation
from storage.mornings import KIND as MORNING
from storage.outbox import SendState
from storage.uow import UnitOfWork

MAGIC = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
HELD = "held after a restore"  # what ``/status`` knows such a message by
BESIDE = ("-wal", "-shm")
GRACE = dt.timedelta(days=1)  # within which a repeating reminder is told once more, and goes on


class RestoreRefused(Exception):
    """What stands against a restore; nothing was changed. Carries facts, ``bot/refusals.py`` has the words."""


@dataclass(eq=False)
class NotABackup(RestoreRefused):
    """The file cannot be read, or holds no database of this program."""

    file: Path
    reason: str


@dataclass(eq=False)
class OtherKind(RestoreRefused):
    """A copy of an SQLite database for a PostgreSQL one, or the other way round."""

    file: Path
    kind: str


@dataclass(eq=False)
class NewerBackup(RestoreRefused):
    """The copy was made by a later version of the program."""

    found: str
    known: str


@dataclass(eq=False)
class WorkersAlive(RestoreRefused):
    """Somebody is at work on this PostgreSQL database."""

    owner: str


def restore(url: str, file: Path, *, now: dt.datetime, steps: Path = STEPS, folder: Path | None = None) -> Restored:
    """Replace the database at ``url`` by the backup ``file``, brought to this version.

    Who was forgotten since the copy was made is forgotten in it too: by the list beside the backup, or in ``folder``.

    Nobody else may be at work on it: on SQLite that is the caller's to see to.

    Raises:
        RestoreRefused, MigrationRefused, BackupFailed, Unavailable: the database is as it was.
    """
    wanted, found = make_url(url).get_backend_name(), _kind_of(file)
    if wanted != found:
        raise OtherKind(file, found)
    if wanted == "sqlite":
        target = Path(make_url(url).database or "").absolute()
        return _restore_sqlite(target, file, steps, gone=_gone(file, folder), now=now)
    return _restore_postgres(url, file, steps, gone=_gone(file, folder), now=now)


def _gone(file: Path, folder: Path | None) -> list[Erased]:
    found: dict[Erased, None] = {}
    for place in {file.parent, folder or file.parent}:
        try:
            found |= dict.fromkeys(read_list(place))
        except ValueError as error:
            reason = "who was forgotten cannot be read from it; move it away to restore without it"
            raise NotABackup(place / LIST, reason) from error
    return list(found)


def _kind_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            start = opened.read(max(map(len, MAGIC)))
    except OSError as error:
        raise NotABackup(file, error.strerror or str(error)) from error
    for magic, kind in MAGIC.items():
        if start.startswith(magic):
            return kind
    raise NotABackup(file, "it is neither an SQLite database nor an archive of pg_dump")


# What is old -------------------------------------------------------------------------------------------------------


def settle_old(uow: UnitOfWork, now: dt.datetime, *, gone: Sequence[Erased] = ()) -> tuple[int, int]:
    """Hold what was still to be sent, and settle timed things that nobody needs to hear of any more.

    Edits of messages are dropped: what they would show is older than what stands there. What a chain hangs from is
    not settled, else no morning message would ever follow; the frame leaves out what is over and owes the next.

    Returns:
        How many messages are held, and how many timed things are settled.
    """
    uow.act(None, "database.restored", undo=None)
    run = uow.connection.execute
    unsent = Outbox.state < SendState.SENT
    run(update(Outbox).where(unsent, Outbox.copy_rule == "edit").values(state=SendState.CANCELLED, settled_at=now))
    held: int = run(update(Outbox).where(unsent).values(state=SendState.UNCERTAIN, settled_at=now, error=HELD)).rowcount
    on_the_way = SurveyInvitation.carried.in_(
        [Carried.DUE, Carried.SENDING]
    )  # it may have left after the copy was made
    held += run(update(SurveyInvitation).where(on_the_way).values(carried=Carried.UNCERTAIN)).rowcount
    over = (Due.state == OPEN, Due.useful_until < now)
    has_rule = cast(Reminder.repeat, Text) != "null"  # a column of JSON: nothing is a word there
    repeating = Due.kind == "reminder", Due.subject_id.in_(select(Reminder.id).where(has_rule))
    run(update(Due).where(*over, *repeating).values(useful_until=now + GRACE))
    settled: int = run(update(Due).where(*over, Due.kind != MORNING).values(state=SETTLED)).rowcount
    forget_again(uow, gone)
    return held, settled


# SQLite ------------------------------------------------------------------------------------------------------------


def _restore_sqlite(target: Path, file: Path, steps: Path, *, gone: Sequence[Erased], now: dt.datetime) -> Restored:
    try:
        copy = copy_database(file, target.parent, f"{target.stem}-restoring")
    except BackupFailed as error:
        raise NotABackup(file, str(error)) from error
    url = f"sqlite:///{copy}"
    try:
        with _told_of(file):
            came_from = look(url)
        if came_from is None:
            raise NotABackup(file, "it is empty")
        migrate(url, backup_dir=None, steps=steps)
        held, settled = _settle_copy(url, gone=gone, now=now)
        with closing(sqlite3.connect(copy)) as connection:
            rows = row_counts(connection)
        kept = _swap(copy, target, now=now)
    finally:
        for part in ("", *BESIDE):
            Path(f"{copy}{part}").unlink(missing_ok=True)
    return Restored(came_from, head(steps), rows, held, settled, str(kept) if kept else None)


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    """What a migration would say of the database, said of the backup."""
    try:
        yield
    except NewerDatabase as error:
        raise NewerBackup(error.found, error.known) from error
    except ForeignDatabase as error:
        raise NotABackup(file, f"it holds tables of another program ({', '.join(error.tables[:3])})") from error


def _settle_copy(url: str, *, gone: Sequence[Erased], now: dt.datetime) -> tuple[int, int]:
    database = open_database(url)
    try:
        with database.transaction(now) as uow:
            settled = settle_old(uow, now, gone=gone)
        _merge_log(database)
    finally:
        database.close()
    return settled


def _merge_log(database: Database) -> None:
    """Bring everything into the one file that is going to be renamed."""
    raw = database.engine.raw_connection()
    raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


def _swap(copy: Path, target: Path, *, now: dt.datetime) -> Path | None:
    """Put the copy in the place of the database, which keeps another name; a crash leaves either of them there."""
    if not target.exists():
        copy.rename(target)
        sync_folder(target.parent)
        return None
    name = f"{target.stem}-before-restore-{now.astimezone(dt.UTC):{STAMP}}"
    kept = free_name(target.parent, name, target.suffix or SQLITE)
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(target)) as old:  # a broken one keeps its log
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for part in BESIDE:
        if (log := Path(f"{target}{part}")).exists():
            log.rename(f"{kept}{part}")
    os.link(target, kept)
    copy.replace(target)
    sync_folder(target.parent)
    return kept


# PostgreSQL --------------------------------------------------------------------------------------------------------


def _restore_postgres(url: str, file: Path, steps: Path, *, gone: Sequence[Erased], now: dt.datetime) -> Restored:
    database = open_database(url)
    try:
        with _turn(database) as tools:
            came_from = _step_in(file, tools, steps)
            aside = _move_aside(database, f"keyuan_before_{now.astimezone(dt.UTC):{STAMP}}".lower())
            try:
                with database.group() as connection:
                    make_function(connection)
                dumps.load(file, database.url, tools)
                with database.group() as connection:
                    if came_from != head(steps):
                        bring_up(connection, steps)
                    with unit_of_work(connection, now) as uow:
                        held, settled = settle_old(uow, now, gone=gone)
                    rows = dumps.counts_of(connection)
            except BaseException:
                _put_back(database, aside)
                raise
    finally:
        database.close()
    return Restored(came_from, head(steps), rows, held, settled, aside.schema if aside.tables else None)


@frozen
class _Aside:
    """Where the tables of the database that is replaced are, and which; ``home`` is where they were."""

    schema: str
    home: str
    tables: tuple[str, ...]


def _step_in(file: Path, tools: dumps.Tools, steps: Path) -> str:
    try:
        found = dumps.step_in(file, tools)
    except BackupFailed as error:
        raise NotABackup(file, str(error)) from error
    if found is None:
        raise NotABackup(file, "it holds no tables of this program")
    if found > head(steps):
        raise NewerBackup(found, head(steps))
    return found


@contextmanager
def _turn(database: Database) -> Iterator[dumps.Tools]:
    """Keep workers that start meanwhile from making tables of their own: they wait for the lock of one connection."""
    with in_our_words(), database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        tools = dumps.find_tools(alone)
        if not alone.scalar(select(func.pg_try_advisory_lock(TURN))):
            raise WorkersAlive("it is being migrated")
        try:
            yield tools
        finally:
            alone.execute(select(func.pg_advisory_unlock(TURN)))


def _move_aside(database: Database, schema: str) -> _Aside:
    """Take the tables out of the way, whole, into a schema of their own."""
    with database.group() as connection:
        home = str(connection.scalar(text("SELECT current_schema()")))
        tables = dumps.tables_of(connection)
        if "lease" in tables:
            try:
                refuse_while_used(connection)
            except InUse as error:
                raise WorkersAlive(error.owner) from error
        if tables:
            connection.exec_driver_sql(f"CREATE SCHEMA {dumps.quoted(schema)}")
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {dumps.quoted(home, table)} SET SCHEMA {dumps.quoted(schema)}")
    return _Aside(schema, home, tuple(tables))


def _put_back(database: Database, aside: _Aside) -> None:
    with database.group() as connection:
        for table in dumps.tables_of(connection):
            connection.exec_driver_sql(f"DROP TABLE {dumps.quoted(aside.home, table)} CASCADE")
        for table in aside.tables:
            old, home = dumps.quoted(aside.schema, table), dumps.quoted(aside.home)
            connection.exec_driver_sql(f"ALTER TABLE {old} SET SCHEMA {home}")
        if aside.tables:
            connection.exec_driver_sql(f"DROP SCHEMA {dumps.quoted(aside.schema)}")
