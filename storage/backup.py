"""Backups that can be relied upon: made while the bot writes, tried out at once, kept for weeks.

Copying an SQLite file is none: what was committed last lies in the write-ahead log beside it. ``VACUUM INTO`` reads
through SQLite, and a copy gets its name only when it was checked and is on the disk. PostgreSQL's own tools make
the others (``storage/dumps.py``).
"""

import contextlib
import datetime as dt
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from domain.backups import Backup, BackupState, Trouble, superfluous
from storage.disk import free_bytes, sync_folder

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

PRIVATE_FILE = 0o600  # a backup holds what the database holds
PRIVATE_FOLDER = 0o700
DRAFT = ".part"
LEFT_BEHIND = 24 * 3600  # seconds after which a draft is of an attempt that died
MOST_WRITES = 5_000  # rows a second that the bot may write during a copy; nothing measured came near it
STOP_EVERY = 10_000  # steps of SQLite's machine between two looks whether to go on: a millisecond
SQLITE, DUMP = ".db", ".dump"
NAME = re.compile(rf"keyuan-(\d{{8}}T\d{{6}}Z)(?:-\d+)?(?:{re.escape(SQLITE)}|{re.escape(DUMP)})")
STAMP = "%Y%m%dT%H%M%SZ"
STATE = "backup"  # the organisation's value that keeps what is known of them

Stop = Callable[[], bool]


class BackupFailed(Exception):
    """No copy was made; the database is as it was. The text is for the operator."""

    def __init__(self, detail: str, trouble: Trouble = Trouble.OTHER) -> None:
        super().__init__(detail)
        self.trouble = trouble


def never() -> bool:
    """For who need not be stopped."""
    return False


def go_on(stop: Stop) -> None:
    """Between two long steps. Raises ``BackupFailed`` when it shall stop."""
    if stop():
        raise BackupFailed("it was stopped", Trouble.STOPPED)


# Of either kind ----------------------------------------------------------------------------------------------------


def back_up(url: str, folder: Path, *, now: dt.datetime, stop: Stop = never) -> Backup:
    """Make a backup of the database at ``url`` in ``folder``, restore it on trial and count its rows.

    Takes minutes for a big database. ``stop`` is asked now and then, from the thread that runs this.

    Raises:
        BackupFailed: with the trouble; nothing of it is left in the folder.
        Unavailable: the database cannot be reached.
    """
    name = f"keyuan-{now.astimezone(dt.UTC):{STAMP}}"
    if make_url(url).get_backend_name() == "sqlite":
        file, rows = _back_up_sqlite(Path(make_url(url).database or ""), folder, name, stop)
    else:
        from storage.dumps import dump

        file, rows = dump(url, folder, name, now=now, stop=stop)
    return Backup(file, now, file.stat().st_size, rows)


def backups_in(folder: Path) -> list[Backup]:
    """Those made by ``back_up``, oldest first, by the time in their names; copies made for other reasons are not."""
    found = []
    for file in folder.glob("keyuan-*"):
        if hit := NAME.fullmatch(file.name):
            made_at = dt.datetime.strptime(hit[1], STAMP).replace(tzinfo=dt.UTC)
            found.append(Backup(file, made_at, file.stat().st_size, {}))
    return sorted(found, key=lambda backup: (backup.made_at, backup.file.name))


def rotate(folder: Path, *, now: dt.datetime) -> list[Path]:
    """Delete the backups that ``domain.backups`` calls superfluous; which they were."""
    backups = backups_in(folder)
    gone = superfluous({backup.made_at for backup in backups}, now=now)
    files = [backup.file for backup in backups if backup.made_at in gone]
    for file in files:
        file.unlink(missing_ok=True)
    return files


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A private, empty file beside ``target``, to be renamed to it or to go away."""
    target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=DRAFT, prefix=f"{target.stem}-", dir=target.parent)  # mode 0600
    os.close(handle)
    draft = Path(name)
    try:
        for left in target.parent.glob(f"*{DRAFT}"):
            with contextlib.suppress(FileNotFoundError):  # somebody else's, who is done by now
                if draft.stat().st_mtime - left.stat().st_mtime > LEFT_BEHIND:
                    left.unlink()
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def publish(draft: Path, target: Path) -> None:
    """Give a finished draft its name, so that a power cut leaves either all of it or nothing."""
    with draft.open("rb") as opened:
        os.fsync(opened.fileno())
    draft.rename(target)
    sync_folder(target.parent)


def free_name(folder: Path, name: str, suffix: str) -> Path:
    """``folder``/``name``, with a number where that is taken."""
    names = (f"{name}{suffix}" if n == 1 else f"{name}-{n}{suffix}" for n in range(1, 10_000))
    return next(folder / taken for taken in names if not (folder / taken).exists())


# What is known of them ---------------------------------------------------------------------------------------------


def state_of(uow: "UnitOfWork") -> BackupState:
    """What is known of this database's backups, by whichever worker made them; begun at the first question."""
    stored = uow.settings.value(STATE)
    if stored is None:
        state = BackupState(since=uow.now)
        keep_state(uow, state)
        return state
    trouble = stored.get("trouble")
    return BackupState(
        since=dt.datetime.fromisoformat(stored["since"]),
        made_at=_instant(stored.get("made_at")),
        size=stored.get("size", 0),
        tried_at=_instant(stored.get("tried_at")),
        trouble=Trouble(trouble) if trouble else None,
        detail=stored.get("detail", ""),
    )


def keep_state(uow: "UnitOfWork", state: BackupState) -> None:
    """Write down what is known now."""
    instants = {"since": state.since, "made_at": state.made_at, "tried_at": state.tried_at}
    value: dict[str, Any] = {name: at.isoformat() for name, at in instants.items() if at}
    uow.settings.store(STATE, value | {"size": state.size, "trouble": state.trouble, "detail": state.detail})


def note_made(uow: "UnitOfWork", backup: Backup) -> BackupState:
    """Know of a good backup, whoever made it; an older one than is known changes nothing."""
    state = state_of(uow)
    if state.made_at is None or backup.made_at > state.made_at:
        state = replace(state, made_at=backup.made_at, size=backup.size, trouble=None, detail="")
        keep_state(uow, state)
    return state


def _instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


# SQLite ------------------------------------------------------------------------------------------------------------


def copy_database(file: Path, folder: Path, name: str, *, stop: Stop = never) -> Path:
    """Copy the database ``file`` to ``folder``/``name``.db, or with a number where that name is taken.

    Raises:
        BackupFailed: it could not be written, or the copy is not what the database is.
    """
    return _copied(file, folder, name, stop)[0]


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has; a full-text index and its inner tables are made from others and left out."""
    tables = connection.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    made = tuple(f"{name}_" for name, is_virtual in tables if is_virtual)
    kept = [name for name, is_virtual in tables if not is_virtual and not name.startswith(made)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}


def _back_up_sqlite(file: Path, folder: Path, name: str, stop: Stop) -> tuple[Path, dict[str, int]]:
    _require_space(file, folder)
    copy, rows = _copied(file, folder, name, stop)
    try:
        go_on(stop)
        _rehearse(copy, rows, stop)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy, rows


def _require_space(file: Path, folder: Path) -> None:
    """Room for the copy and for the trial."""
    log = file.with_name(f"{file.name}-wal")
    wanted = 2 * sum(part.stat().st_size for part in (file, log) if part.exists())
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if (free := free_bytes(folder)) < wanted:
        mega = 1024**2
        raise BackupFailed(f"{wanted // mega + 1:,} MB are needed, {free // mega:,} MB are free", Trouble.SPACE)


def _copied(file: Path, folder: Path, name: str, stop: Stop) -> tuple[Path, dict[str, int]]:
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        target = free_name(folder, name, SQLITE)
        with draft_of(target) as draft:
            rows = _copy(file, draft, stop)
            publish(draft, target)
    except (OSError, sqlite3.Error) as error:
        go_on(stop)
        raise BackupFailed(str(error)) from error
    return target, rows


def _copy(file: Path, draft: Path, stop: Stop) -> dict[str, int]:
    """Fill the draft and check it; the rows that it has."""
    began = time.monotonic()
    with _opened(file, stop) as source:
        state, rows = _state(source), row_counts(source)
        source.execute("VACUUM INTO ?", (str(draft),))  # fills an empty file, and keeps its mode
        undisturbed = _state(source) == state
    with _opened(draft, stop) as copy:
        _check(copy)
        copied = row_counts(copy)
    spread = 0 if undisturbed else int((time.monotonic() - began) * MOST_WRITES)
    _compare(rows, copied, spread=spread)
    return copied


def _rehearse(backup: Path, rows: Mapping[str, int], stop: Stop) -> None:
    """Restore a backup into a file that goes away again, and count."""
    try:
        with draft_of(backup.with_name(f"{backup.stem}-trial{SQLITE}")) as trial:
            shutil.copyfile(backup, trial)
            with _opened(trial, stop) as restored:
                if broken := restored.execute("PRAGMA foreign_key_check").fetchone():
                    raise BackupFailed(f"rows of {broken[0]} point at nothing", Trouble.DAMAGED)
                _compare(rows, row_counts(restored))
    except (OSError, sqlite3.Error) as error:
        go_on(stop)
        raise BackupFailed(str(error), Trouble.DAMAGED) from error


@contextmanager
def _opened(file: Path, stop: Stop) -> Iterator[sqlite3.Connection]:
    address = f"{file.absolute().as_uri()}?mode=rw"  # as a reader of a database in WAL mode must; never made anew
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.set_progress_handler(lambda: int(stop()), STOP_EVERY)
        yield connection


def _check(connection: sqlite3.Connection) -> None:
    [(verdict,)] = connection.execute("PRAGMA integrity_check(1)")
    if verdict != "ok":
        raise BackupFailed(str(verdict), Trouble.DAMAGED)


def _compare(rows: Mapping[str, int], copied: Mapping[str, int], *, spread: int = 0) -> None:
    """Refuse a copy with other rows; ``spread`` is how many may have come or gone while it was made."""
    if rows.keys() != copied.keys():
        raise BackupFailed("the copy has other tables than the database", Trouble.DAMAGED)
    for table, count in rows.items():
        if abs(copied[table] - count) > spread:
            raise BackupFailed(f"the copy has {copied[table]} rows of {table} in place of {count}", Trouble.DAMAGED)


def _state(connection: sqlite3.Connection) -> int:
    """Changes when another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
