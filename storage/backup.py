"""A copy of an SQLite database that can be relied upon.

Copying the file is none: what was committed last lies in the write-ahead log beside it. ``VACUUM INTO`` reads through
SQLite, and a copy gets its name only when it was checked and is on the disk.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.disk import sync_folder

PRIVATE_FILE = 0o600  # a backup holds what the database holds
PRIVATE_FOLDER = 0o700


class BackupFailed(Exception):
    """No copy was made; the database is as it was."""


def copy_database(file: Path, folder: Path, name: str) -> Path:
    """Copy the database ``file`` to ``folder``/``name``.db, or with a number where that name is taken.

    Raises:
        BackupFailed: it could not be written, or the copy is not what the database is.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        target = _free_name(folder, name)
        draft = target.with_suffix(".part")
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))  # VACUUM fills an empty file
        try:
            _copy(file, draft)
            _sync(draft)
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(folder)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(str(error)) from error
    return target


def _copy(file: Path, draft: Path) -> None:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as source:
        state, rows = _state(source), row_counts(source)
        source.execute("VACUUM INTO ?", (str(draft),))
        undisturbed = _state(source) == state
    with closing(sqlite3.connect(draft)) as copy:
        [(verdict,)] = copy.execute("PRAGMA integrity_check(1)")
        if verdict != "ok":
            raise BackupFailed(str(verdict))
        if undisturbed and row_counts(copy) != rows:  # else somebody wrote meanwhile, and the counts may differ
            raise BackupFailed("the copy has other rows than the database")


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has; a full-text index and its inner tables are made from others and left out."""
    tables = connection.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    made = tuple(f"{name}_" for name, is_virtual in tables if is_virtual)
    kept = [name for name, is_virtual in tables if not is_virtual and not name.startswith(made)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}


def _state(connection: sqlite3.Connection) -> int:
    """Changes when another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _free_name(folder: Path, name: str) -> Path:
    names = (f"{name}.db" if n == 1 else f"{name}-{n}.db" for n in range(1, 10_000))
    return next(folder / taken for taken in names if not (folder / taken).exists())
