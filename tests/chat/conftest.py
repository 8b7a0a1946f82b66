"""A sandbox, the bot in front of it, and people: everything over real HTTP, in one event loop.

``admin``, ``lead``, ``rep``, ``other_rep`` are staff already; ``stranger`` and ``neighbour`` are nobody's. The clock of
both sides is ``sandbox.world.clock``; moving it fires what is due.
"""

import datetime as dt
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.app import App, Pace
from bot.clock import FileClock
from bot.settings import SandboxSettings, Settings
from bot.throttle import Throttle
from domain.people import Role
from handlers import all_jobs, all_routes
from handlers.jobs import Job
from handlers.routing import Route
from sandbox.limits import Pacing
from sandbox.people import Person as Account
from sandbox.people import sample_people
from sandbox.server import Sandbox
from storage.database import Database, open_database
from storage.models import Member, Team
from storage.models import Person as PersonRow
from tests.chat.people import Person
from tests.conftest import settle
from views.language import guess_locale

ADMIN, LEAD, REP, OTHER_REP, STRANGER, NEIGHBOUR = 10001, 10002, 10003, 10004, 10005, 10006
ROLES = {ADMIN: Role.ADMIN, LEAD: Role.LEAD, REP: Role.REP, OTHER_REP: Role.REP}
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


@pytest.fixture(scope="session")
def company_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the staff and the customers of ``company``, made once: half of what a journey takes is their making."""
    from tests.chat.company import WEDNESDAY, file_customers

    file = tmp_path_factory.mktemp("company") / "keyuan.db"
    shutil.copy(sqlite_template, file)
    database = open_database(f"sqlite:///{file}")
    people = {person.id: person for person in sample_people()}
    file_customers(database, hire(database, people, dt.datetime.fromisoformat(WEDNESDAY) - dt.timedelta(days=31)))
    settle(database)
    return file


@pytest.fixture
def sqlite_origin(request: pytest.FixtureRequest, sqlite_template: Path) -> Path:
    """The file that the database of this test begins as."""
    with_company = "company" in request.fixturenames
    origin: Path = request.getfixturevalue("company_file") if with_company else sqlite_template
    return origin


@pytest.fixture
def staff(database: Database, sandbox: Sandbox, clock: FileClock) -> StaffIds:
    """An admin, a lead with a team, and two reps in it; they have started the bot."""
    people = sandbox.world.chats.people
    for telegram_id in ROLES:
        people[telegram_id].started = True
    return _hired(database) or hire(database, people, clock.now())


def _hired(database: Database) -> StaffIds | None:
    """The staff where the database begins with them."""
    query = select(PersonRow.telegram_id, Member.id).join(Member, Member.person_id == PersonRow.id)
    with database.reading() as connection:
        members = dict(connection.execute(query).all())
        team_id = connection.scalar(select(Team.id))
    return StaffIds(members, team_id) if team_id is not None else None


def hire(database: Database, people: Mapping[int, Account], now: dt.datetime) -> StaffIds:
    """Make those of ``ROLES`` staff: an admin, a lead, and two reps in the lead's team."""
    with database.transaction(now) as uow:
        uow.act(None, "sample", undo=None)
        team_id = uow.journal.add(Team, {"name": TEAM, "parent_id": None, "lead_id": None})
        members = {}
        for telegram_id, role in ROLES.items():
            who = people[telegram_id]
            locale = guess_locale(who.language_code, "zh_Hans")
            actor = uow.people.identify(telegram_id, name=who.full_name, username=who.username or None, locale=locale)
            values = {"person_id": actor.person_id, "name": who.full_name, "role": role, "active": True}
            values |= {"team_id": None if role is Role.ADMIN else team_id, "created_at": now}
            members[telegram_id] = uow.journal.add(Member, values)
        uow.journal.change(Team, team_id, {"lead_id": members[LEAD]})
    return StaffIds(members, team_id)


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
