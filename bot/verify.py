"""``keyuan verify``: whether the record of who did what is as it was written; the bot may be running."""

import sys
from collections.abc import Sequence

import typer

from bot.clock import Clock
from bot.settings import Settings
from bot.start import say, warn
from domain.seals import Flaw, Head, Trouble, Verdict
from storage.database import open_database
from storage.migrate import head, look
from storage.seal_check import verify

FINE, REFUSED, WRONG_ARGUMENT = 0, 1, 2


def verify_trail(settings: Settings, clock: Clock, values: Sequence[str]) -> int:
    """Look the whole trail through and say what came of it. The status of the program: 1 for anything wrong."""
    try:
        told = [Head.parse(value) for value in values]
    except ValueError as error:
        warn(f"{error} is no check value: copy it whole from the bot's message, like 1234-0123456789abcdef….")
        return WRONG_ARGUMENT
    if (settings.database_file and not settings.database_file.exists()) or look(settings.database_url) != head():
        warn("There is no database of this version yet: start the bot once, or run “keyuan migrate”.")
        return REFUSED
    found = _look(settings, clock, told)
    if found.trouble is not None:
        warn(words(found.trouble))
        warn(f"The {found.trouble.number - 1:,} entries before it are as they were written.")
        return REFUSED
    say(f"As it was written: {found.seals:,} entries over {found.rows:,} rows.")
    if found.head is not None:
        say(f"Check value: {found.head}")
    if told:
        say("The values given are those of this record.")
    return FINE


def _look(settings: Settings, clock: Clock, told: Sequence[Head]) -> Verdict:
    database = open_database(settings.database_url)
    hidden = not sys.stderr.isatty()
    try:
        with (
            database.reading(one_state=True) as connection,
            typer.progressbar(length=1, label="Looking", file=sys.stderr, hidden=hidden) as bar,
        ):

            def move(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return verify(connection, now=clock.now(), told=told, progress=move)
    finally:
        database.close()


def words(trouble: Trouble) -> str:
    """What is wrong, where, and what that can mean."""
    place = f"Entry {trouble.number:,}"
    act = f"act {trouble.act_id}"
    match trouble.flaw:
        case Flaw.SEAL_GONE:
            return f"{place} is missing: somebody removed it from the database."
        case Flaw.ACT_GONE:
            return f"{place}: {act} is missing: somebody removed it from the database."
        case Flaw.ALTERED:
            return (
                f"{place}: {act}, or a change under it, is not as it was written: somebody changed it in the database."
            )
        case Flaw.ERASED:
            return f"{place}: {act} was emptied, and no act says that it was erased."
        case Flaw.UNDONE:
            return f"{place}: whether {act} was taken back was changed in the database: no other act bears it out."
        case Flaw.UNSEALED:
            return f"{act.capitalize()} was written past the bot: it stands between entries and has none."
        case Flaw.CUT:
            return (
                f"{place} and what followed are missing, up to a check value that was given: the end was cut off, unless"
                " an older backup was restored."
            )
        case Flaw.OTHER:
            return (
                f"{place} has another check value than was given: what stands there was written anew, unless a backup was"
                " restored since."
            )
