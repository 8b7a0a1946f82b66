"""The operator's words for what stops the program before it runs, or ends a command of it."""

from pathlib import Path

from bot.account import ApiRefused, ApiUnreachable
from bot.lock import AlreadyRunning
from bot.settings import SettingsError
from storage.backup import BackupFailed
from storage.database import Unavailable
from storage.disk import LITTLE_SPACE
from storage.migrate import (
    BrokenReference,
    ForeignDatabase,
    InUse,
    MigrationRefused,
    NewerDatabase,
    NotWritable,
    OnNetworkDisk,
    RowsChanged,
)

REFUSALS = (
    SettingsError,
    AlreadyRunning,
    MigrationRefused,
    BackupFailed,
    Unavailable,
    ApiUnreachable,
    ApiRefused,
)


def status_of(error: Exception) -> int:
    """The exit status of a refusal: 2 when a setting is to blame."""
    return 2 if isinstance(error, SettingsError) else 1


def words(error: Exception) -> str:
    """What is wrong, what was left as it was, and what to do."""
    match error:
        case SettingsError(problems=problems):
            return "\n".join(problems)
        case AlreadyRunning(what, pid):
            who = f"process {pid}" if pid else "another process"
            return f"A bot with this {what} is running already ({who}). Stop it first; nothing was changed."
        case Unavailable():
            return f"The database cannot be used: {_first_line(error)}. Nothing was changed."
        case BackupFailed():
            return f"No backup could be made ({_first_line(error)}), so nothing was changed."
        case ApiUnreachable():
            return f"{error}. Nothing was changed."
        case ApiRefused(code=401 | 404):
            return (
                "KEYUAN_BOT_TOKEN: the server does not know this token. Compare it with what @BotFather shows (/token)."
            )
        case ApiRefused(code=code):
            return f"The server refused: {error} ({code})."
        case MigrationRefused():
            return _migration(error)
        case _:
            return f"{type(error).__name__}: {_first_line(error)}"


def _migration(error: MigrationRefused) -> str:
    match error:
        case NewerDatabase(found, known):
            return (
                f"The database was used by a newer Keyuan (step {found}; this one knows {known}). Install the newer"
                " version again, or restore the backup that was made before the upgrade. Nothing was changed."
            )
        case ForeignDatabase(tables):
            return (
                f"The database holds tables of another program ({', '.join(tables[:3])} …). Name an empty or new one in"
                " KEYUAN_DATABASE_URL. Nothing was changed."
            )
        case NotWritable(folder, reason):
            return f"The folder {folder} cannot be written ({reason}). Correct its rights, or set KEYUAN_DATA_DIR."
        case OnNetworkDisk(folder, kind):
            return (
                f"The folder {folder} is on a network disk ({kind}), where SQLite loses data. Set KEYUAN_DATA_DIR to a"
                " disk of this machine, or use PostgreSQL."
            )
        case InUse(owner):
            return (
                f"A worker is running on this database ({owner}) and the tables must change. Stop all workers, run"
                " “keyuan migrate”, start them again. Nothing was changed."
            )
        case RowsChanged(table, before, after):
            return (
                f"The migration would have changed the number of rows of “{table}” from {before} to {after}. Everything"
                " was rolled back; please report this."
            )
        case BrokenReference(table, parent):
            return (
                f"The migration would have left rows of “{table}” that point at nothing in “{parent}”. Everything was"
                " rolled back; please report this."
            )
        case _:
            return type(error).__name__


def not_a_folder(folder: Path, error: OSError) -> str:
    """Words for a data folder that cannot be made."""
    return f"KEYUAN_DATA_DIR: the folder {folder} cannot be made ({error.strerror})."


def little_space(folder: Path, free: int) -> str:
    """Words for a disk that is nearly full; ``free`` in bytes."""
    wanted = LITTLE_SPACE // 1024**2
    return (
        f"Only {free // 1024**2} MB are free on the disk of {folder}; below {wanted} MB a backup may not fit any more."
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
