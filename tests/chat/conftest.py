"""A sandbox, the bot in front of it, and people: everything over real HTTP, in one event loop.

``admin``, ``lead``, ``rep``, ``other_rep`` are staff already; ``stranger`` and ``neighbour`` are nobody's. The clock of
both sides is ``sandbox.world.clock``; moving it fires what is due.
"""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, Pace
from bot.clock import FileClock
from bot.settings import SandboxSettings, Settings
from bot.throttle import Throttle
from domain.people import Role
from handlers import all_jobs, all_routes
from handlers.jobs import Job
from handlers.routing import Route
from sandbox.limits import Pacing
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Member, Team
from storage.uow import UnitOfWork
from tests.chat.people import Person
from views.language import guess_locale

ADMIN, LEAD, REP, OTHER_REP, STRANGER, NEIGHBOUR = 10001, 10002, 10003, 10004, 10005, 10006
TEAM = "一部"
PATIENCE = 30.0  # seconds; only a failing test waits that long, and machines that run tests are busy
UNLIMITED = Pace(
    per_second=10_000, chat_spacing=0, throttle=lambda: Throttle(staff=10_000, strangers=10, customers=10_000)
)
Start = Callable[[int], Person]


@dataclass(frozen=True, slots=True)
class StaffIds:
    """Member ids of the staff by Telegram id, and the team of the lead and both reps."""

    members: dict[int, int]
    team_id: int


@pytest.fixture
def pace() -> Pace:
    """How fast the bot sends; tests of pacing override it."""
    return UNLIMITED


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A Bot API server with the sample people."""
    made = Sandbox(clock_file=tmp_path / "clock", pacing=Pacing.off())
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock(tmp_path: Path, sandbox: Sandbox) -> FileClock:
    """The bot's clock: the sandbox's."""
    return FileClock(tmp_path / "clock")


@pytest.fixture
def settings(sandbox: Sandbox, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a polling bot in front of the sandbox."""
    return SandboxSettings(
        bot_token=SecretStr(sandbox.token), api_url=sandbox.api_url, database_url=database_url, data_dir=tmp_path
    )


@pytest.fixture
def staff(database: Database, sandbox: Sandbox, clock: FileClock) -> StaffIds:
    """An admin, a lead with a team, and two reps in it."""
    with database.transaction(clock.now()) as uow:
        uow.act(None, "sample", undo=None)
        team_id = uow.journal.add(Team, {"name": TEAM, "parent_id": None, "lead_id": None})
        members = {
            ADMIN: _member(uow, sandbox, ADMIN, Role.ADMIN, None, clock.now()),
            LEAD: _member(uow, sandbox, LEAD, Role.LEAD, team_id, clock.now()),
            REP: _member(uow, sandbox, REP, Role.REP, team_id, clock.now()),
            OTHER_REP: _member(uow, sandbox, OTHER_REP, Role.REP, team_id, clock.now()),
        }
        uow.journal.change(Team, team_id, {"lead_id": members[LEAD]})
    return StaffIds(members, team_id)


def _member(
    uow: UnitOfWork, sandbox: Sandbox, telegram_id: int, role: Role, team_id: int | None, now: dt.datetime
) -> int:
    who = sandbox.world.chats.people[telegram_id]
    who.started = True
    locale = guess_locale(who.language_code, "zh_Hans")
    actor = uow.people.identify(telegram_id, name=who.full_name, username=who.username or None, locale=locale)
    values = {"person_id": actor.person_id, "name": who.full_name, "role": role, "team_id": team_id}
    return uow.journal.add(Member, values | {"active": True, "created_at": now})


@pytest.fixture
def routes() -> Sequence[Route]:
    """What the bot answers: all that the program has; tests of the frame add their own."""
    return all_routes()


@pytest.fixture
def jobs() -> Mapping[str, Job]:
    """The kinds of long work: all that the program has."""
    return all_jobs()


@pytest.fixture
async def bot(
    settings: Settings,
    clock: FileClock,
    staff: StaffIds,
    pace: Pace,
    routes: Sequence[Route],
    jobs: Mapping[str, Job],
) -> AsyncIterator[App]:
    """The bot itself."""
    app = App(settings, clock, routes=routes, jobs=jobs, pace=pace)
    await app.start()
    await app.idle()
    yield app
    await app.stop()


@pytest.fixture
def person(sandbox: Sandbox, bot: App) -> Start:
    """Anybody by Telegram id."""

    async def settled() -> None:
        await sandbox.idle()
        await bot.idle()

    return lambda telegram_id: Person(sandbox, telegram_id, settled=settled, patience=PATIENCE)


@pytest.fixture
def admin(person: Start) -> Person:
    return person(ADMIN)


@pytest.fixture
def lead(person: Start) -> Person:
    return person(LEAD)


@pytest.fixture
def rep(person: Start) -> Person:
    return person(REP)


@pytest.fixture
def other_rep(person: Start) -> Person:
    return person(OTHER_REP)


@pytest.fixture
def stranger(person: Start) -> Person:
    return person(STRANGER)


@pytest.fixture
def neighbour(person: Start) -> Person:
    return person(NEIGHBOUR)
