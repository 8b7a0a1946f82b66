"""Who asks comes first: before what is due, and past a herd of letters that nobody waits for."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from sandbox.faults import Fault
from sandbox.people import Person
from sandbox.server import Sandbox
from storage import outbox
from storage.database import Database
from storage.models import Inbox, Outbox
from storage.outbox import Letter, SendState
from storage.uow import UnitOfWork
from tests.faults.conftest import Crowd, running
from tests.faults.program import PACE

HERD = range(10, 77)  # chats
CAMPAIGN = 2  # the lane


@pytest.fixture
def people() -> tuple[Person, ...]:
    return tuple(Person(number, f"P{number}", language_code="en") for number in (1, 2, *HERD))


async def test_no_update_waits_for_two_turns_of_what_is_done_between_updates(
    bot: App, crowd: Crowd, database: Database
) -> None:
    seen: list[int] = []
    over = False

    def work(uow: UnitOfWork, _now: dt.datetime) -> int | None:
        seen.extend(uow.connection.execute(select(Inbox.seq).where(Inbox.state == 0)).scalars())
        return 1 if over else None

    ended = bot.core.between(work)
    for number in range(20):
        crowd.say(1 + number % 2, f"{number}")
        await crowd.answered()
    assert not ended.done()
    over = True
    assert await asyncio.wait_for(ended, 30) == 1
    assert len(set(seen)) == len(seen)  # each was there in one turn at most
    crowd.check(database)


async def test_what_is_done_between_updates_has_its_turn_in_a_flood_of_them(
    bot: App, crowd: Crowd, database: Database
) -> None:
    turns = 0

    def work(uow: UnitOfWork, _now: dt.datetime) -> int | None:
        nonlocal turns
        open_ones: int = uow.connection.execute(select(func.count()).where(Inbox.state == 0)).scalar_one()
        turns += open_ones > 0
        return 1 if turns == 2 else None

    for number in range(300):
        crowd.say(1 + number % 2, f"{number}")
    await asyncio.wait_for(bot.core.between(work), 30)
    await crowd.answered()
    await bot.idle()
    crowd.check(database)


async def test_an_answer_goes_past_letters_that_wait_for_their_calls(
    sandbox: Sandbox, crowd: Crowd, strike: Callable[..., Fault], database: Database, database_url: str, tmp_path: Path
) -> None:
    """All that the sender takes at once is under way to a slow server, and none of it has arrived."""
    async with running(sandbox, database_url, tmp_path / "clock", pace=replace(PACE, per_second=64)) as bot:
        for chat in HERD:
            crowd.say(chat, "hello")  # a bot may not write first
        await crowd.answered()
        await bot.idle()
        for chat in HERD:
            strike("slow", method="sendMessage", chat_id=chat, seconds=3)
        letters = [Letter(n, "sendMessage", {"chat_id": n, "text": "C"}, bot.clock.now(), lane=CAMPAIGN) for n in HERD]
        await bot.core.write(lambda uow, _now: outbox.add(uow.connection, letters))
        while _count(database, SendState.SENDING) < 64:
            await asyncio.sleep(0.01)
        crowd.say(1, "me first")
        await crowd.answered()
        assert _count(database, SendState.SENT) == 0
        await bot.idle()
    assert all(crowd.heard(chat) == ["noted hello", "C"] for chat in HERD)
    crowd.check(database)


def _count(database: Database, state: SendState) -> int:
    with database.reading() as connection:
        of_state = select(func.count()).where(Outbox.lane == CAMPAIGN, Outbox.state == state)
        found: int = connection.execute(of_state).scalar_one()
        return found
