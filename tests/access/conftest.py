"""The sandbox, the bot and a company full of markers; see ``house`` and ``sights``."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.app import App, Pace
from bot.clock import FileClock
from bot.log import set_up_log
from bot.throttle import Throttle
from sandbox.limits import Pacing
from sandbox.server import Sandbox
from storage.database import Database
from tests.access.house import WEDNESDAY, House, accounts
from tests.access.watch import Watch
from tests.chat.conftest import bot, clock, jobs, routes, settings  # noqa: F401 (fixtures)

TIRELESS = Pace(
    per_second=10_000, chat_spacing=0, throttle=lambda: Throttle(staff=100_000, strangers=100_000, customers=100_000)
)


@pytest.fixture
def pace() -> Pace:
    """Nobody is slowed down: who is refused shall be refused by the rules, not by the throttle."""
    return TIRELESS


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A Bot API server with the people of the house, on a Wednesday morning."""
    made = Sandbox(people=accounts(), clock_file=tmp_path / "clock", pacing=Pacing.off())
    made.world.clock.move_to(WEDNESDAY, zone="Asia/Shanghai")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def staff(database: Database, sandbox: Sandbox, clock: FileClock) -> House:  # noqa: F811
    """The company; the bot starts when it stands."""
    house = House(database, sandbox)
    house.found()
    return house


@pytest.fixture
def house(staff: House) -> House:
    return staff


@pytest.fixture
async def watch(sandbox: Sandbox, bot: App, house: House) -> Watch:  # noqa: F811
    """The bot under watch; everybody has said hello."""
    made = Watch(sandbox, bot, house)
    await made.greet()
    return made


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at DEBUG."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = list(root.handlers), root.level
    kept = structlog.get_config()
    set_up_log("DEBUG", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**kept)
