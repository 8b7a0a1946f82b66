"""What must hold before a bot runs, in order: a folder, nobody else at work, tables of this version, a first admin."""

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.lock import held, lock_beside, lock_of_token
from bot.refusals import little_space, not_a_folder
from bot.settings import Settings, SettingsError
from storage.backup import back_up, rotate
from storage.disk import LITTLE_SPACE, free_bytes
from storage.migrate import Migrated, NotWritable, head, look, migrate

PRIVATE = 0o700  # customers' names and numbers lie in it
COUNTED = {  # what an operator knows the size of
    "member": "members",
    "customer": "customers",
    "contact": "contacts",
    "touch": "touches",
    "reminder": "reminders",
}


def say(text: str) -> None:
    """A line for who sits in front of the terminal, or for the journal of a service."""
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def open_folder(folder: Path) -> bool:
    """Make the data folder where it is missing and print it, as the first line; returns whether it is new.

    Raises:
        SettingsError: it cannot be made.
    """
    is_new = not folder.is_dir()
    if is_new:
        try:
            folder.mkdir(mode=PRIVATE, parents=True)
        except OSError as error:
            raise SettingsError(not_a_folder(folder, error)) from error
    say(f"Data folder: {folder}{' (new)' if is_new else ''}")
    return is_new


def make_ready(settings: Settings) -> None:
    """For a command that adds a row: bring the database to this version, unless it is, and then others may use it."""
    file = settings.database_file
    if (file is None or file.exists()) and look(settings.database_url) == head():
        return
    with alone(settings, polling=False):
        bring_up(settings)


@contextmanager
def alone(settings: Settings, *, polling: bool) -> Iterator[None]:
    """Nobody else on this SQLite database, and with ``polling`` nobody else on this machine with the same token.

    Raises:
        AlreadyRunning: somebody is.
        NotWritable: the lock cannot be put beside the database.
    """
    with contextlib.ExitStack() as locks:
        if file := settings.database_file:
            try:
                locks.enter_context(held(lock_beside(file), "database"))
            except OSError as error:
                raise NotWritable(file.parent, error.strerror or str(error)) from error
        if polling:
            locks.enter_context(held(lock_of_token(settings.token, settings.api_url), "token"))
        yield


def bring_up(settings: Settings) -> Migrated:
    """Bring the database to this version and say what was done.

    Raises:
        MigrationRefused, BackupFailed, Unavailable: it stays as it was.
    """
    folder = (settings.database_file or settings.data_dir / "_").parent
    if folder.is_dir() and (free := free_bytes(folder)) < LITTLE_SPACE:
        warn(little_space(folder, free))
    done = migrate(settings.database_url, backup_dir=settings.backup_dir)
    if done.is_new:
        say(f"Database: made anew (step {done.now_at}).")
    elif done.changed:
        copy = f"backup: {done.backup}" if done.backup else "no backup: on PostgreSQL “keyuan backup” makes them"
        say(f"Database: brought from step {done.came_from} to {done.now_at} ({copy}).")
    return done


def make_backup(settings: Settings, *, now: dt.datetime) -> None:
    """Make a backup now, delete superfluous ones, and say what it holds.

    Raises:
        BackupFailed, Unavailable
    """
    made = back_up(settings.database_url, settings.backup_dir, now=now)
    say(f"Backup: {made.file} ({made.size / 1024**2:,.1f} MB)")
    say(f"Restored on trial and counted: {_counts(made.rows)}.")
    for file in rotate(settings.backup_dir, now=now):
        say(f"Deleted, as newer ones cover it: {file.name}")


def put_back(settings: Settings, file: Path, *, now: dt.datetime) -> None:
    """Put a backup in the place of the database and say what became of everything.

    Raises:
        RestoreRefused, MigrationRefused, Unavailable: the database is as it was.
    """
    from storage.restore import restore

    done = restore(settings.database_url, file, now=now, folder=settings.backup_dir)
    step = f"at step {done.now_at}" if done.came_from == done.now_at else f"from step {done.came_from} to {done.now_at}"
    say(f"Restored: {file} ({step}).")
    say(f"It holds {_counts(done.rows)}.")
    if done.kept:
        where = done.kept if settings.database_file else f"the schema {done.kept}"
        say(f"What was there before is kept: {where}. Delete it when all is well.")
    if done.held:
        say(f"{done.held:,} messages that were still to be sent are held: an admin sends or drops them by /status.")
    if done.settled:
        say(f"{done.settled:,} timed things are over and will not be told.")
    say("Start the bot now.")


def _counts(rows: Mapping[str, int]) -> str:
    shown = [f"{rows[table]:,} {words}" for table, words in COUNTED.items() if table in rows]
    return ", ".join([*shown, f"{sum(rows.values()):,} rows in all"])
