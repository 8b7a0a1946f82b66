"""``keyuan import`` and ``keyuan export``: the work of the chat on a terminal, on files of any size.

Beside a running bot on SQLite the import is a job that the bot does and this program follows; else it is done here.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import typer

from actions import imports as act
from bot.clock import Clock
from bot.lock import holder_of, lock_beside
from bot.settings import Settings, SettingsError
from bot.splitting import plain
from bot.start import alone, make_ready, open_folder, say, warn
from domain.exports import Format
from domain.imports import RETURNED, Fate, ImportLine, ImportState, OwnerRule
from domain.people import Actor
from domain.sheets import Cell, SheetRefused
from handlers import all_jobs
from handlers.exports import CHUNK, rows_of
from handlers.import_reading import Ending, read_customers, read_sheet
from handlers.jobs import Task
from parsing.names import norm_of
from storage.database import Database, open_database
from storage.jobs import JobState
from storage.migrate import head, look
from storage.organisation import Organisation, use_defaults
from storage.uow import UnitOfWork
from views import imports as view
from views.import_preview import preview_lines
from views.language import Translator
from views.sheet_words import refused_file

FINE, REFUSED, WRONG_ARGUMENT = 0, 1, 2
LOOK_EVERY = 0.3  # seconds between two looks at what the bot does
ENDED = frozenset({ImportState.DONE, ImportState.UNDONE, ImportState.DROPPED, ImportState.REFUSED})


class Bar(Protocol):
    """A progress bar of the terminal."""

    length: int | None
    pos: int

    def update(self, n_steps: int) -> None: ...


def import_file(settings: Settings, clock: Clock, file: Path, *, owner: str | None, yes: bool) -> int:
    """Show what a file would do, ask, and import it. The status of the program."""
    path = file.expanduser().absolute()
    if not path.is_file():
        warn(f"{path} is no file that can be read.")
        return WRONG_ARGUMENT
    open_folder(settings.data_dir)
    make_ready(settings)
    with _opened(settings) as database:
        try:
            return _Import(database, clock, settings, path).run(owner, yes=yes)
        except SheetRefused as refusal:
            warn(f"{path.name}: {refused_file(_english(settings), refusal)}")
            return REFUSED


def export_file(settings: Settings, clock: Clock, file: Path) -> int:
    """Write all customers into a file of either kind, by its ending; that somebody did is written down first."""
    path = file.expanduser().absolute()
    if path.suffix.lower() not in (".csv", ".xlsx"):
        warn(f"{path.name}: the name must end in .csv or .xlsx, which says what is written.")
        return WRONG_ARGUMENT
    if path.exists() or not path.parent.is_dir():
        warn(f"{path} is there already." if path.exists() else f"There is no folder {path.parent}.")
        return WRONG_ARGUMENT
    if (settings.database_file and not settings.database_file.exists()) or look(settings.database_url) != head():
        warn("There is no database of this version yet: start the bot once, or run “keyuan migrate”.")
        return REFUSED
    with _opened(settings) as database:
        count = _write(database, clock, path)
    say(f"{path}: {count:,} customers. It holds names and numbers: keep it safe.")
    return FINE


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    use_defaults(Organisation(settings.locale, settings.region, settings.timezone, settings.worktime))
    database = open_database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def _english(settings: Settings) -> Translator:
    """The words of the terminal; files speak the organisation's language."""
    return Translator("en", settings.timezone)


# Import ----------------------------------------------------------------------------------------------------------------


class _Import:
    """One file on its way in."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, path: Path) -> None:
        self._database, self._clock, self._settings, self._path = database, clock, settings, path
        self._t = _english(settings)

    def run(self, owner: str | None, *, yes: bool) -> int:
        facts = self._read()
        with self._looking() as (uow, actor):
            facts |= _chosen(uow, actor, owner)
            line = ImportLine(0, None, self._path.name, facts, ImportState.PREVIEW, None, uow.now, 1)
            whose = act.ownership(uow, actor, line)
        for text in preview_lines(self._t, line, whose):
            say(plain(text))
        if not line.taken:
            self._give_back(line)
            return FINE
        if not yes and not typer.confirm(f"Import {line.taken:,} customers?", default=False):
            say("Nothing was imported.")
            return REFUSED
        self._give_back(line)
        return self._store(facts)

    def _read(self) -> dict[str, Any]:
        task = self._task(import_id=0)
        found: dict[str, Any] = {}
        with _bar("Reading", None) as bar:
            for part in read_sheet(task):
                if isinstance(part, dict):
                    found = part
                else:
                    bar.length = part[1]
                    _move(bar, part[0])
        return found

    def _task(self, **facts: Any) -> Task:
        with self._looking() as (uow, actor):
            known = {
                "name": self._path.name,
                "path": str(self._path),
                "person_id": None,
                "locale": actor.locale,
                "zone": actor.zone.key,
                "region": uow.organisation().region,
                "now": uow.now.isoformat(),
            }
        return Task(known | facts, None, self._database.reading)

    @contextlib.contextmanager
    def _looking(self) -> Iterator[tuple[UnitOfWork, Actor]]:
        with self._database.reading() as connection:
            uow = UnitOfWork(connection, self._clock.now())
            yield uow, uow.people.program()

    def _give_back(self, line: ImportLine) -> None:
        """Write what is not imported beside the file, each row with its reason."""
        if not any(line.count(fate) for fate in RETURNED):
            return
        task = self._task(import_id=0, fields=line.facts["fields"])
        ending = next(part for part in read_customers(task) if isinstance(part, Ending))
        target = self._path.with_name(ending.name)
        try:
            target.write_bytes(ending.content)
            say(f"Not imported, each row with its reason: {target}")
        except OSError as error:
            warn(f"The rows that are not imported could not be written to {target} ({error.strerror}).")

    def _store(self, facts: dict[str, Any]) -> int:
        """Add the import as a job; do it here, unless a bot is at work on the same file."""
        with contextlib.ExitStack() as stack:
            file = self._settings.database_file
            here = file is None or holder_of(lock_beside(file)) is None
            if here:
                stack.enter_context(alone(self._settings, polling=False))
            with self._database.transaction(self._clock.now()) as uow:
                actor = uow.people.program()
                key = uow.imports(actor).add(
                    self._path.name, facts | {"path": str(self._path)}, state=ImportState.PREVIEW
                )
                act.start(uow, actor, uow.imports(actor).get(key))
            try:
                line = self._see_through(key, here=here)
            except KeyboardInterrupt:
                warn("\nInterrupted. What was imported stays; the bot goes on with the rest when it runs.")
                return REFUSED
        with self._looking() as (uow, actor):
            whose = act.ownership(uow, actor, line)
        for text in view.done_lines(self._t, line, whose):
            say(plain(text))
        return FINE if line.state is ImportState.DONE and not line.facts.get("stopped") else REFUSED

    def _see_through(self, import_id: int, *, here: bool) -> ImportLine:
        with _bar("Importing", None) as bar:
            while True:
                with self._looking() as (uow, actor):
                    line = uow.imports(actor).get(import_id)
                    job = uow.jobs.find(line.facts["job_id"])
                bar.length = int(line.facts["customers"])
                _move(bar, sum(line.done(fate) for fate in Fate if fate is not Fate.BAD))
                if line.state in ENDED or job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
                    return line
                if not here or not self._run(job.id, bar):
                    time.sleep(LOOK_EVERY)

    def _run(self, job_id: int, bar: Bar) -> bool:
        """Do one job here, as the bot would; false when somebody else has it."""
        with self._database.transaction(self._clock.now()) as uow:
            job = uow.jobs.claim(job_id)
        if job is None:
            return False
        kind = all_jobs()[job.kind]
        task = Task(job.facts, None, self._database.reading)
        for offset, batch in enumerate(islice(kind.compute(task), job.offset, None), job.offset):
            with self._database.transaction(now := self._clock.now()) as uow:
                if not uow.jobs.advance(job):
                    return True
                progress = kind.store(uow, uow.people.program(), job.facts, batch, offset, now)
            if job.kind == act.FILE:
                _move(bar, progress.done)
        with self._database.transaction(self._clock.now()) as uow:
            uow.jobs.end(job, JobState.DONE)
        return True


def _chosen(uow: UnitOfWork, actor: Actor, owner: str | None) -> dict[str, Any]:
    """What ``--owner`` says: ``pool``, ``even``, or a member's name.

    Raises:
        SettingsError: nobody, or more than one, is called so.
    """
    if owner is None:
        return {}
    if owner.lower() in ("pool", "even"):
        return {"rule": OwnerRule.POOL if owner.lower() == "pool" else OwnerRule.EVEN}
    members = uow.imports(actor).members()
    found = [key for key, name, _ in members if norm_of(name) == norm_of(owner)]
    if len(found) == 1:
        return {"rule": OwnerRule.ONE, "owner_id": found[0]}
    names = ", ".join(name for _, name, _ in members) or "nobody yet"
    problem = "more than one member is" if found else "no member is"
    raise SettingsError(f"--owner: {problem} called {owner}. Members: {names}; or: pool, even.")


# Export ----------------------------------------------------------------------------------------------------------------


def _write(database: Database, clock: Clock, path: Path) -> int:
    """Write beside the file and put it there when it is whole; how many customers it holds."""
    with database.transaction(clock.now()) as uow:
        uow.act(None, "sheet.exported", undo=None, facts={"name": path.name})
    from views.sheets import export_headings, write_csv, write_xlsx

    draft = path.with_name(f".{path.name}.part")
    write = write_xlsx if path.suffix.lower() == f".{Format.XLSX}" else write_csv
    with database.reading() as connection:
        uow = UnitOfWork(connection, clock.now())
        actor = uow.people.program()
        t = Translator.of(actor)
        exports, region = uow.exports(actor), uow.organisation().region
        ids = exports.ids()
        try:
            with _bar("Writing", len(ids)) as bar:

                def rows() -> Iterator[list[Cell]]:
                    for start in range(0, len(ids), CHUNK):
                        for one in exports.stored(ids[start : start + CHUNK]):
                            yield from rows_of(t, one, region)
                        _move(bar, start + CHUNK)

                write(draft, export_headings(t), rows())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return len(ids)


# The terminal ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _bar(label: str, length: int | None) -> Iterator[Bar]:
    """A bar on a terminal; where nobody watches, nothing."""
    with typer.progressbar(length=length or 1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar


def _move(bar: Bar, to: int) -> None:
    """Move the bar forward; it never goes back."""
    if to > bar.pos:
        bar.update(min(to, bar.length or to) - bar.pos)
