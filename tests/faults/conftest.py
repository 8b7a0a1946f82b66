"""The program as a process in front of a sandbox, to be killed and started again, and people who count the copies."""

import asyncio
import contextlib
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from bot.app import App, Pace
from bot.clock import FileClock
from bot.settings import SandboxSettings
from sandbox import acts
from sandbox.faults import Fault, Kind
from sandbox.limits import Pacing
from sandbox.people import Person
from sandbox.server import Sandbox
from sandbox.world import Press
from storage import inbox
from storage.database import Database, open_database
from storage.models import Outbox
from storage.outbox import SendState
from tests import postgres
from tests.faults import echo
from tests.faults.program import PACE

PEOPLE = tuple(Person(number, f"P{number}", language_code="en") for number in range(1, 6))
LOOK_EVERY = 0.05
PATIENCE = float(os.environ.get("KEYUAN_TEST_PATIENCE", "60"))  # seconds; a start takes most of two on a busy machine
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Program:
    """The bot's process. ``start`` may be called again after it died."""

    sandbox: Sandbox
    database_url: str
    folder: Path
    process: asyncio.subprocess.Process | None = None
    more: list[str] = field(default_factory=list)

    async def start(self, *, before: tuple[str, ...] = ()) -> None:
        """Start it, perhaps under the command ``before``, which becomes it."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(*before, sys.executable, "-m", "tests.faults.program"),
                *("--token", self.sandbox.token, "--api", self.sandbox.api_url),
                *("--database", self.database_url, "--folder", str(self.folder), *self.more),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> Path:
        return self.folder / "program.log"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_dead(self) -> bool:
        assert self.process is not None
        return self.process.returncode is not None

    async def at_rest(self, *, within: float = PATIENCE) -> None:
        """Until nothing is left to do and all of it is written down; ``within`` is the longest time without progress.

        Another process can only be looked at, in a thread: the database may lie behind a proxy of this loop.
        """
        database = open_database(self.database_url)
        least, since = sys.maxsize, time.monotonic()
        try:
            while left := await asyncio.to_thread(_unfinished, database):
                if left < least:
                    least, since = left, time.monotonic()
                assert time.monotonic() - since < within, f"{left} updates and letters are left"
                await asyncio.sleep(LOOK_EVERY)
        finally:
            database.close()

    async def at_rest_or_dead(self) -> None:
        """The same, unless it dies before."""
        assert self.process is not None
        rest, death = asyncio.ensure_future(self.at_rest()), asyncio.ensure_future(self.process.wait())
        await asyncio.wait({rest, death}, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if rest.done():
            rest.result()
        else:
            rest.cancel()

    async def died(self) -> int:
        """Its exit status, negative for a signal."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def stop(self) -> int:
        """End it as a supervisor does; its exit status."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        return await self.died()

    async def kill(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.died()


def _unfinished(database: Database) -> int:
    with database.reading() as connection:
        letters = connection.execute(select(func.count()).where(Outbox.state < SendState.SENT)).scalar_one()
        return letters + inbox.waiting(connection)[0]


@dataclass(slots=True)
class Crowd:
    """People in front of the bot; what they said, and what came back."""

    sandbox: Sandbox
    said: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def say(self, person_id: int, text: str) -> int:
        """The update's number."""
        self.said[person_id].append(text)
        acts.say(self.sandbox.world, self.sandbox.world.chats.people[person_id], text)
        return self.sandbox.world.updates.next_id - 1

    def press(self, person_id: int, message_id: int, label: str) -> Press:
        entry = self.sandbox.world.chats.by_id[person_id].entries[message_id]
        rows = entry.raw["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == label)
        return acts.press(self.sandbox.world, self.sandbox.world.chats.people[person_id], message_id, data)

    def heard(self, person_id: int) -> list[str]:
        """Everything the bot said in this chat, edited ones as they stand now."""
        entries = self.sandbox.world.chats.by_id[person_id].entries
        return [entries[n].raw.get("text", "") for n in sorted(entries) if entries[n].by_bot]

    def message_of(self, person_id: int, text: str) -> int:
        """The number of the bot's message with this text."""
        entries = self.sandbox.world.chats.by_id[person_id].entries
        return next(n for n in sorted(entries) if entries[n].by_bot and entries[n].raw.get("text") == text)

    async def until(self, true: Callable[[], bool], *, program: Program | None = None) -> None:
        """Wait for a change in some chat until it is true; with ``program``, or until that died."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._until(true, program)
        except TimeoutError:
            raise AssertionError(self.story()) from None

    def story(self) -> str:
        """What waits and what was called last, for who looks into a failure."""
        world = self.sandbox.world
        waiting = [item.text[:120] for item in world.updates.waiting]
        calls = [f"{c.at:%H:%M:%S.%f} {c.method} {c.params} accepted={c.accepted}" for c in list(world.calls)[-25:]]
        return "\n".join(["never came true; waiting updates:", *waiting, "last calls:", *calls])

    async def _until(self, true: Callable[[], bool], program: Program | None) -> None:
        while True:
            change = asyncio.ensure_future(self.sandbox.world.chats.next_change())
            death = asyncio.ensure_future(program.died() if program else asyncio.Event().wait())
            await asyncio.sleep(0)  # both listen now; what became true before is seen below
            if not true():
                await asyncio.wait({change, death}, return_when=asyncio.FIRST_COMPLETED)
            is_over = death.done() or true()
            change.cancel()
            death.cancel()
            if is_over:
                return

    async def answered(self, *, program: Program | None = None) -> None:
        """Until every text has its answer."""
        await self.until(lambda: all(self._has_answers(person_id) for person_id in self.said), program=program)

    def _has_answers(self, person_id: int) -> bool:
        heard = set(self.heard(person_id))
        return all(f"noted {text}" in heard for text in self.said[person_id])

    def check(self, database: Database, *, copies: int = 1) -> None:
        """Every text had its effect once and in order; every answer arrived, none more than ``copies`` times."""
        done = echo.effects(database)
        assert set(done) <= set(self.said)
        for person_id, said in self.said.items():
            assert done.get(person_id, []) == said
            counts = Counter(text for text in self.heard(person_id) if text.startswith("noted "))
            assert max(counts.values(), default=1) <= copies, counts
            assert list(counts) == [f"noted {text}" for text in said]  # each, and in order of its first copy
        assert not self.sandbox.world.violations


@pytest.fixture
def people() -> tuple[Person, ...]:
    """Who is there; tests with more of them say so."""
    return PEOPLE


@pytest.fixture
async def sandbox(tmp_path: Path, people: tuple[Person, ...]) -> AsyncIterator[Sandbox]:
    """A Bot API server with people."""
    made = Sandbox(people=people, clock_file=tmp_path / "clock", pacing=Pacing.off())
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def program(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    """The bot, not started yet."""
    made = Program(sandbox, database_url, tmp_path)
    yield made
    if made.process is not None:
        await made.kill()


@asynccontextmanager
async def running(
    sandbox: Sandbox, database_url: str, clock: Path, *, pace: Pace = PACE, **more: Any
) -> AsyncIterator[App]:
    """The bot in this process, with the suite's routes; ``more`` are further settings."""
    settings = SandboxSettings(
        bot_token=SecretStr(sandbox.token),
        api_url=sandbox.api_url,
        database_url=database_url,
        data_dir=clock.parent,
        **more,
    )
    made = App(settings, FileClock(clock), routes=echo.ROUTES, jobs={}, pace=pace)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """The bot in this process, for faults of the network."""
    async with running(sandbox, database_url, tmp_path / "clock") as made:
        yield made


@pytest.fixture
def shared_url(postgres_server: tuple[URL, URL]) -> Iterator[str]:
    """A PostgreSQL that several workers share."""
    server, template = postgres_server
    with postgres.copy_of(template, server) as url:
        yield url


@pytest.fixture
def shared(shared_url: str) -> Iterator[Database]:
    database = open_database(shared_url)
    yield database
    database.close()


@pytest.fixture
def crowd(sandbox: Sandbox) -> Crowd:
    return Crowd(sandbox)


@pytest.fixture
def strike(sandbox: Sandbox) -> Callable[..., Fault]:
    """Set a fault of the sandbox."""
    return lambda kind, **more: sandbox.faults.add(Fault(Kind(kind), **more))
