"""The operator's words for what stops the program before it runs, or ends a command of it."""

from enum import IntEnum
from pathlib import Path

from bot.account import ApiRefused, ApiUnreachable
from bot.lock import AlreadyRunning
from bot.settings import SettingsError
from domain.backups import Trouble
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
from storage.restore import NewerBackup, NotABackup, OtherKind, RestoreRefused, WorkersAlive


class Status(IntEnum):
    """How the program ends; a service manager can tell by it whether another start would help."""

    FINE = 0
    REFUSED = 1
    WRONG_SETTING = 2
    SECOND_BOT = 3
    WRONG_TOKEN = 4
    SILENCE = 5


REFUSALS = (
    SettingsError,
    AlreadyRunning,
    MigrationRefused,
    BackupFailed,
    RestoreRefused,
    Unavailable,
    ApiUnreachable,
    ApiRefused,
)


def status_of(error: Exception) -> Status:
    """The exit status of a refusal."""
    return Status.WRONG_SETTING if isinstance(error, SettingsError) else Status.REFUSED


def last_words(status: int) -> str:
    """Why a bot that ran has ended by itself, and what to do."""
    match status:
        case Status.SECOND_BOT:
            return (
                "Another program fetches the messages of this bot: one with the same token, here or elsewhere. Stop it,"
                " or take a new token from @BotFather (/revoke), then start again. Nothing was lost."
            )
        case Status.WRONG_TOKEN:
            return (
                "KEYUAN_BOT_TOKEN: the server does not know this token. Compare it with what @BotFather shows (/token);"
                " after /revoke only the new one works."
            )
        case Status.SILENCE:
            return (
                "The Bot API server has not answered for five minutes, so the bot ended in order to be started anew."
                " “keyuan check” says whether it can be reached now. Nothing was lost."
            )
        case _:
            return "The bot ended by itself; its last lines say why, and “keyuan check” looks further."


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
        case BackupFailed(trouble=Trouble.NO_TOOL | Trouble.OLD_TOOL):
            return f"PostgreSQL's own tools make its backups: {_first_line(error)}. Nothing was changed."
        case BackupFailed():
            return f"No backup could be made ({_first_line(error)}), so nothing was changed."
        case RestoreRefused():
            return _restore(error)
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


def _restore(error: RestoreRefused) -> str:
    match error:
        case NotABackup(file, reason):
            return f"{file} cannot be restored ({reason.rstrip('.')}). Nothing was changed."
        case OtherKind(file, kind):
            kinds = {"sqlite": "an SQLite", "postgresql": "a PostgreSQL"}
            return (
                f"{file} is a copy of {kinds[kind]} database, and KEYUAN_DATABASE_URL names one of the other kind."
                " Nothing was changed."
            )
        case NewerBackup(found, known):
            return (
                f"The backup was made by a newer Keyuan (step {found}; this one knows {known}). Install the newer"
                " version again. Nothing was changed."
            )
        case WorkersAlive(owner):
            return f"Somebody is at work on this database ({owner}). Stop all workers first; nothing was changed."
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
