"""The program's commands. Small on purpose: each loads what it needs when it is called, so that asking is quick."""

import asyncio
import gc
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.rehearsal import Rehearsal, Stage
    from bot.settings import Settings
    from sandbox.server import Sandbox

ONLY_OWNER = 0o077  # databases, backups and exports hold customers' names and numbers
UNWANTED = ("rich", "httpx._main")  # loaded by libraries where they are there, for colours and another command line

cli = typer.Typer(
    help="Keyuan 客源: a company looks after its customers in a Telegram chat.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # they would print the values of variables
)


def main() -> None:
    """The program. What is refused ends in a sentence and a status, a bug in a traceback without secrets."""
    os.umask(ONLY_OWNER)
    load_lightly()
    try:
        cli()
    except Exception as error:
        from bot.refusals import REFUSALS, status_of, words  # most commands end without ever loading them

        if not isinstance(error, REFUSALS):
            raise
        print(words(error), file=sys.stderr)
        sys.exit(status_of(error))


def load_lightly() -> None:
    """Have modules loaded without what they do not need."""
    gc.disable()  # modules are no garbage, and looking for some takes a fifth of the time to load them
    sys.modules.update(dict.fromkeys(UNWANTED))  # type: ignore[arg-type]  # None: there is no such module


def _show_version(asked: bool) -> None:
    if asked:
        print(f"keyuan {version('keyuan')}")
        raise typer.Exit


@cli.callback()
def start(
    context: typer.Context,
    _: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")] = False,
) -> None:
    """Without a command: the bot if it has a token, the sandbox if nothing at all is set."""
    if context.invoked_subcommand is not None:
        return
    from bot.settings import is_configured

    if is_configured(os.environ):
        raise typer.Exit(_run())
    raise typer.Exit(_play(reset=False, port=None))


@cli.command("run")
def run() -> None:
    """Run the bot on Telegram."""
    raise typer.Exit(_run())


@cli.command("sandbox")
def sandbox(
    reset: Annotated[bool, typer.Option("--reset", help="Begin with a new sample company.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Of the page; 8765 or the next free one.")] = None,
) -> None:
    """Try everything without Telegram. The bot, its chats and a sample company on a web page of this machine."""
    raise typer.Exit(_play(reset=reset, port=port))


@cli.command("migrate")
def migrate() -> None:
    """Bring the database to this version. The bot does it too when it starts."""
    settings = _settings()
    from bot.start import alone, bring_up, open_folder, say

    open_folder(settings.data_dir)
    with alone(settings, polling=False):
        done = bring_up(settings)
    if not done.changed:
        say(f"Database: up to date (step {done.now_at}).")


@cli.command("backup")
def backup() -> None:
    """Make a backup and try it out. The bot may be running; it makes one every night by itself."""
    settings = _settings()
    from bot.clock import SystemClock
    from bot.start import make_backup

    make_backup(settings, now=SystemClock().now())


@cli.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="A backup: its database takes the place of the one there is.")],
) -> None:
    """Put a backup in the place of the database. What was there is kept beside it; stop the bot first."""
    settings = _settings()
    from bot.clock import SystemClock
    from bot.start import alone, open_folder, put_back

    open_folder(settings.data_dir)
    with alone(settings, polling=False):
        put_back(settings, file, now=SystemClock().now())


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="XLSX or CSV, up to 200 MB.")],
    owner: Annotated[str | None, typer.Option(help="Of the new customers: a member's name, pool, or even.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Bring customers in from a spreadsheet. They are shown before it asks; the bot may be running."""
    settings = _settings()
    from bot.clock import SystemClock
    from bot.sheets_cli import import_file

    gc.enable()
    raise typer.Exit(import_file(settings, SystemClock(), file, owner=owner, yes=yes))


@cli.command("export")
def export(file: Annotated[Path, typer.Argument(help="A new file, .xlsx or .csv.")]) -> None:
    """Write all customers into a spreadsheet. The bot may be running."""
    settings = _settings()
    from bot.clock import SystemClock
    from bot.sheets_cli import export_file

    gc.enable()
    raise typer.Exit(export_file(settings, SystemClock(), file))


@cli.command("owner-link")
def owner_link() -> None:
    """Print a one-time link that makes an admin. It is valid for one hour."""
    settings = _settings()
    _ = settings.token  # refuse before anything is opened
    from bot.clock import SystemClock
    from bot.owner_link import print_owner_link
    from bot.start import make_ready, open_folder

    open_folder(settings.data_dir)
    make_ready(settings)
    asyncio.run(print_owner_link(settings, SystemClock()))


@cli.command("verify")
def verify(
    values: Annotated[
        list[str] | None, typer.Argument(help="Check values that the bot told; none: only the chain.")
    ] = None,
) -> None:
    """Say whether the record of who did what is unchanged. The bot may be running."""
    settings = _settings()
    from bot.clock import SystemClock
    from bot.verify import verify_trail

    raise typer.Exit(verify_trail(settings, SystemClock(), values or ()))


@cli.command("check")
def check() -> None:
    """Say in plain words what is wrong. That includes what BotFather must still be told."""
    from bot.check import run_check
    from bot.clock import SystemClock

    raise typer.Exit(run_check(SystemClock(), os.environ))


def _settings(*, log_level: str | None = None) -> "Settings":
    """The settings, with the log set up for them, or at another level than usual; slips in names of variables are told."""
    from bot.log import set_up_log
    from bot.settings import read_settings, unknown_variables

    settings = read_settings()
    if log_level and "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": log_level})
    set_up_log(settings.log_level, secrets=settings.secrets)
    for name, meant in unknown_variables(os.environ).items():
        hint = f"; is {meant} meant?" if meant else "."
        print(f"{name} is not a variable of this program{hint}", file=sys.stderr)
    return settings


def _run() -> int:
    """The bot on Telegram, or on the server that the settings name."""
    settings = _settings()
    _ = settings.token  # refuse before anything is opened
    from bot import app
    from bot.clock import SystemClock
    from bot.owner_link import greet_first_admin
    from bot.start import alone, bring_up, open_folder

    clock = SystemClock()
    open_folder(settings.data_dir)
    with alone(settings, polling=settings.webhook_url is None):
        bring_up(settings)
        asyncio.run(greet_first_admin(settings, clock))
        status = asyncio.run(app.run(settings, clock))
    if status:
        from bot.refusals import last_words

        print(last_words(status), file=sys.stderr)
    return status


def _play(*, reset: bool, port: int | None) -> int:
    """The sandbox: its own settings, below the data folder; nothing of a real bot's reaches it."""
    settings = _settings(log_level="WARNING")  # whoever tries it out reads an address, not a log
    from bot.rehearsal import open_stage
    from bot.start import open_folder

    gc.enable()
    open_folder(settings.data_dir)
    with open_stage(settings.data_dir, reset=reset) as stage:
        server, rehearsal = build_sandbox(stage, log_level=settings.log_level)
        return asyncio.run(rehearsal.play(server, port))


def build_sandbox(stage: "Stage", *, log_level: str) -> "tuple[Sandbox, Rehearsal]":
    """A Bot API server with the people of the sample company, and the bot that plays beside it."""
    from bot.rehearsal import Rehearsal
    from bot.sample import FIRST_WORDS, PEOPLE
    from sandbox import acts
    from sandbox.people import Account, Person
    from sandbox.server import Sandbox, new_token

    people = tuple(
        Person(p.telegram_id, p.name, "", p.username, p.language, p.title, p.phone, started=p.role is not None)
        for p in PEOPLE
    )
    server = Sandbox(
        account=Account(stage.token(new_token), first_name="客源"),
        people=people,
        clock_file=stage.clock_file,
        state_file=stage.chats_file,
        first_update_id=stage.first_number,
    )
    world = server.world
    world.chats.next_message_id = max(world.chats.next_message_id, stage.first_number)

    def greet() -> None:
        silent = {chat.id for chat in world.chats.by_id.values() if not chat.is_alive}
        for telegram_id, text in FIRST_WORDS:
            if telegram_id in silent:
                acts.say(world, world.chats.people[telegram_id], text)

    rehearsal = Rehearsal(
        stage,
        server.token,
        greet=greet,
        turn_back=lambda: world.clock.move(-world.clock.offset),
        log_level=log_level,
    )
    server.on_reset = rehearsal.rewound
    server.on_language = rehearsal.speak
    return server, rehearsal
