"""Clocks that jump, stand still, or change with the season: everything owed is told once, at its local time.

What is expected is found here by looking at every minute of a zone, not by the code that is tested.
"""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from actions.reminders import set_reminder
from bot.app import App
from bot.clock import FileClock
from bot.settings import SandboxSettings
from domain.people import Actor, Role
from domain.repeats import Repeat, Unit, next_after
from sandbox.faults import Fault
from sandbox.limits import Pacing
from sandbox.people import Person
from sandbox.server import Sandbox
from storage import due
from storage.database import Database
from storage.models import Member
from storage.mornings import owe_mornings
from storage.uow import UnitOfWork
from tests.faults.conftest import Crowd
from tests.faults.program import PACE

SEASONAL = {  # zone -> days on which its clocks change: at two or three, at midnight, by half an hour
    "Europe/Berlin": ("2027-03-28", "2027-10-31"),
    "America/New_York": ("2027-03-14", "2027-11-07"),
    "America/Santiago": ("2027-04-04", "2027-09-05"),
    "America/Havana": ("2027-03-14", "2027-11-07"),
    "Australia/Lord_Howe": ("2027-04-04", "2027-10-03"),
}
ZONES = (*SEASONAL, "Asia/Shanghai", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo")
HOURS = (dt.time(0, 30), dt.time(2, 30))  # of each person's reminders: in the gaps, and in the hours that come twice
MORNINGS = (dt.time(8, 30), dt.time(2, 0), dt.time(0, 15))
BEGIN = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LATE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot: when, and of what (the words of a reminder, or ``morning``)."""

    at: dt.datetime
    what: str


@dataclass(slots=True)
class Office:
    """One member of staff in each zone, everyone with a reminder at each of ``HOURS`` of every day."""

    sandbox: Sandbox
    bot: App
    zones: Sequence[str]

    def morning_of(self, number: int) -> dt.time:
        return MORNINGS[number % len(MORNINGS)]

    async def pass_time(self, until: dt.datetime) -> None:
        """Go from one due time to the next, as the clock does, only faster."""
        while True:
            at = await self.bot.core.write(lambda uow, _now: due.next_time(uow.connection))
            await self.jump(min(at or until, until))
            if at is None or at >= until:
                return

    async def jump(self, to: dt.datetime) -> None:
        """Let the clock show another time at once, and everything happen that does."""
        clock = self.sandbox.world.clock
        clock.move((to - clock.now()).total_seconds() + 0.1)
        await self.bot.ticks.tick()
        await self.bot.idle()

    def told(self, number: int) -> list[Told]:
        """All that the person of zone ``number`` was told, in order."""
        entries = self.sandbox.world.chats.by_id[number + 1].entries
        made = [entries[key].raw for key in sorted(entries) if entries[key].by_bot]
        return [Told(dt.datetime.fromtimestamp(raw["date"], dt.UTC), _what(raw["text"])) for raw in made]


def _what(text: str) -> str:
    return "morning" if text.startswith("📋") else text.split()[-1]


@pytest.fixture
def zones() -> Sequence[str]:
    return tuple(SEASONAL)


@pytest.fixture
async def office(
    sandbox_of: Callable[[int], Sandbox], zones: Sequence[str], database: Database, database_url: str, tmp_path: Path
) -> AsyncIterator[Office]:
    sandbox = sandbox_of(len(zones))
    await sandbox.start()
    sandbox.world.clock.move_to(BEGIN.isoformat(), zone="UTC")
    settings = SandboxSettings(
        bot_token=SecretStr(sandbox.token), api_url=sandbox.api_url, database_url=database_url, data_dir=tmp_path
    )
    bot = App(settings, FileClock(tmp_path / "clock"), pace=PACE)
    made = Office(sandbox, bot, zones)
    with database.transaction(bot.clock.now()) as uow:
        for number, zone in enumerate(zones):
            hire(uow, number + 1, zone, made.morning_of(number))
    await bot.start()
    yield made
    await bot.stop()
    await sandbox.stop()


@pytest.fixture
def sandbox_of(tmp_path: Path) -> Callable[[int], Sandbox]:
    """A server with so many people."""
    return lambda count: Sandbox(
        people=tuple(Person(n, f"P{n}", language_code="en", started=True) for n in range(1, count + 1)),
        clock_file=tmp_path / "clock",
        pacing=Pacing.off(),
    )


def hire(uow: UnitOfWork, telegram_id: int, zone: str, morning: dt.time) -> Actor:
    uow.act(None, "sample", undo=None)
    found = uow.people.identify(telegram_id, name=zone, username=None, locale="en")
    values = {"person_id": found.person_id, "name": zone, "role": Role.REP, "team_id": None, "active": True}
    uow.journal.add(Member, values | {"created_at": uow.now})
    uow.people.save(found.person_id, zone=zone, morning_at=morning)
    owe_mornings(uow, [found.person_id])
    actor = uow.people.actor(found.person_id)
    for hour in HOURS:
        repeat = Repeat(Unit.DAY, at=hour)
        first = next_after(repeat, uow.now, zone=actor.zone, calendar=uow.calendar())
        set_reminder(uow, actor, f"{hour:%H.%M}", first, repeat, now=uow.now)
    return actor


def expected(zone: str, hour: dt.time, begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """The first minute of every local day at which a clock of the zone shows ``hour`` or later, by looking at each."""
    seen: set[dt.date] = set()
    at = begin
    while at < end:
        local = at.astimezone(ZoneInfo(zone))
        if local.time() >= hour and local.date() not in seen:
            seen.add(local.date())
            if at - MINUTE >= begin:  # the first day may have begun before
                yield at
        at += MINUTE


def check(office: Office, begin: dt.datetime, end: dt.datetime, *, works: Callable[[dt.date], bool]) -> int:
    """Everything of a span was told once and in time, and nothing else; how much that was."""
    count = 0
    for number, zone in enumerate(office.zones):
        told = [one for one in office.told(number) if begin < one.at < end]
        whats = [(f"{hour:%H.%M}", hour) for hour in HOURS] + [("morning", office.morning_of(number))]
        for what, hour in whats:
            times = list(expected(zone, hour, begin, end))
            if what == "morning":
                times = [at for at in times if works(at.astimezone(ZoneInfo(zone)).date())]
            heard = [one.at for one in told if one.what == what]
            assert len(heard) == len(times), (zone, what, sorted(set(heard) ^ set(times)))
            for due_at, at in zip(times, heard, strict=True):
                assert 0 <= (at - due_at).total_seconds() <= LATE, (zone, what, due_at, at)
            count += len(heard)
    return count


def works_of(database: Database) -> Callable[[dt.date], bool]:
    with database.transaction(BEGIN) as uow:
        return uow.calendar().is_working


async def test_the_days_on_which_clocks_change(office: Office, database: Database) -> None:
    """A missing hour is told at the first moment after it, one that comes twice once. In between the bot sleeps."""
    days = sorted({dt.date.fromisoformat(day) for both in SEASONAL.values() for day in both})
    noons = [dt.datetime.combine(day, dt.time(12), dt.UTC) for day in days]
    told = 0
    for noon in noons:
        begin, end = noon - 27 * HOUR, noon + 20 * HOUR
        await office.jump(begin)
        await office.pass_time(end)
        told += check(office, begin + MINUTE, end, works=works_of(database))
    assert told > 150


async def test_after_a_sleep_each_thing_is_told_once(office: Office, database: Database) -> None:
    """Five days asleep: each reminder once, no morning message on a Saturday, and every chain goes on."""
    await office.pass_time(BEGIN + DAY)
    before = [len(office.told(number)) for number in range(len(office.zones))]
    waking = BEGIN + 5 * DAY + 12 * HOUR
    await office.jump(waking)
    for number in range(len(office.zones)):
        assert sorted(one.what for one in office.told(number)[before[number] :]) == ["00.30", "02.30"]
    await office.pass_time(waking + 3 * DAY)
    assert check(office, waking + MINUTE, waking + 3 * DAY, works=works_of(database)) >= 35


async def test_a_clock_that_goes_back_tells_nothing_twice(office: Office) -> None:
    await office.pass_time(BEGIN + DAY)
    told = [office.told(number) for number in range(len(office.zones))]
    await office.jump(BEGIN + DAY - 3 * HOUR)
    await office.pass_time(BEGIN + DAY - HOUR)
    assert [office.told(number) for number in range(len(office.zones))] == told
    await office.pass_time(BEGIN + 2 * DAY)
    counts = [len(office.told(number)) - len(told[number]) for number in range(len(office.zones))]
    assert all(2 <= count <= 3 for count in counts), counts


async def test_answers_do_not_wait_for_a_clock_that_was_set_back(
    bot: App, crowd: Crowd, sandbox: Sandbox, strike: Callable[..., Fault], database: Database
) -> None:
    """Neither what a limit holds, nor a chat whose message is tried again."""
    strike("flood", method="sendMessage", chat_id=1, retry_after=2)
    crowd.say(1, "limited")
    crowd.say(2, "bug of ours")
    crowd.said[2].clear()
    crowd.say(2, "after it")
    while all(call.accepted for call in sandbox.world.calls):
        await sandbox.world.chats.next_change()
    await bot.ticks.tick()
    sandbox.world.clock.move(-7200)
    await crowd.answered()
    await bot.idle()
    crowd.check(database)


@pytest.mark.long
@pytest.mark.parametrize("zones", [ZONES])
async def test_a_year_in_nine_zones(office: Office, database: Database) -> None:
    end = BEGIN + 365 * DAY
    await office.pass_time(end)
    told = check(office, BEGIN + 2 * DAY, end, works=works_of(database))  # before, nothing stands in some lists
    print(f"{told} things told in a year, each once and within {LATE} s")
    assert told > 8_000
