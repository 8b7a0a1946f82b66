"""What goes wrong on the way out: lost answers, limits, a server that is away, people who left."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import App
from sandbox import acts
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import PEOPLE, Crowd, running

Strike = Callable[..., Fault]


@pytest.mark.parametrize(
    "kind, more, copies",
    [
        ("hang", {"seconds": 0.5}, 2),
        ("reset", {}, 2),
        ("lost", {"status": 502}, 2),
        ("lost", {"status": 500, "body": json.dumps({"ok": False, "error_code": 500, "description": "?"})}, 2),
        ("garbage", {"body": "<html>"}, 2),
        ("garbage", {"body": json.dumps({"ok": True})}, 2),
        ("refuse", {}, 1),
        ("error", {"status": 500}, 1),
        ("slow", {"seconds": 0.5}, 1),
    ],
)
async def test_what_became_of_a_send_decides_how_often_it_arrives(
    bot: App, crowd: Crowd, strike: Strike, database: Database, kind: str, more: dict[str, object], copies: int
) -> None:
    """Accepted and not answered: twice, since nobody knew. Not accepted, or answered late: once. All others once."""
    strike(kind, method="sendMessage", **more)
    crowd.say(1, "one")
    crowd.say(1, "two")
    await crowd.answered()
    await bot.idle()
    crowd.check(database, copies=copies)
    assert Counter(crowd.heard(1)) == {"noted one": copies, "noted two": 1}


@pytest.mark.long
async def test_an_answer_that_takes_longer_than_any_usual_patience_is_waited_for(
    bot: App, crowd: Crowd, strike: Strike, database: Database
) -> None:
    """A naive bot gives up after 5 s and sends again."""
    strike("slow", method="sendMessage", seconds=20)
    crowd.say(1, "one")
    await crowd.answered()
    await bot.idle()
    crowd.check(database, copies=1)


async def test_a_server_that_is_away_for_a_while_loses_nothing(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    crowd.say(1, "before")
    await crowd.answered()
    await bot.idle()
    await sandbox.close_port(1.5)
    for number in range(3):
        crowd.say(1, f"during {number}")
        crowd.say(2, f"during {number}")
    await crowd.answered()
    crowd.check(database)


async def test_a_limit_holds_its_own_chat_only(bot: App, crowd: Crowd, strike: Strike, database: Database) -> None:
    strike("flood", method="sendMessage", chat_id=1, retry_after=1, times=2)
    for text in ("one", "two", "three"):
        crowd.say(1, text)
    crowd.say(2, "other")
    await crowd.until(lambda: "noted other" in crowd.heard(2))
    assert "noted one" not in crowd.heard(1)
    await crowd.answered()
    await bot.idle()
    crowd.check(database)


async def test_a_storm_of_limits_holds_everybody_and_loses_nothing(
    bot: App, crowd: Crowd, sandbox: Sandbox, strike: Strike, database: Database
) -> None:
    strike("flood", method="sendMessage", seconds_on=2.0, retry_after=1)
    for number in range(4):
        for person in PEOPLE:
            crowd.say(person.id, f"{number}")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)
    assert sum(not call.accepted for call in sandbox.world.calls) <= 10  # at most five a second


@pytest.mark.long
async def test_whatever_a_limit_asks_for_its_letter_arrives(
    bot: App, crowd: Crowd, strike: Strike, database: Database
) -> None:
    """Without a number of any use it is tried again after five seconds, and others are served meanwhile."""
    odd = [0, 0.2, -3, "missing", "soon", None, [], {"seconds": 3}, float("nan"), True]
    for number, retry_after in enumerate(odd):
        limited, other = PEOPLE[number % 5].id, PEOPLE[(number + 1) % 5].id
        strike("flood", method="sendMessage", chat_id=limited, retry_after=retry_after)
        crowd.say(limited, f"limited {number}")
        await asyncio.sleep(0.1)
        crowd.say(other, f"other {number}")
        await crowd.until(lambda other=other, number=number: f"noted other {number}" in crowd.heard(other))  # type: ignore[misc]
        assert f"noted limited {number}" not in crowd.heard(limited)
        await crowd.answered()
    await bot.idle()
    crowd.check(database)


@pytest.mark.parametrize("retry_after", [10**9, float("inf"), 10**400])
async def test_a_limit_of_years_is_one_of_a_day(
    crowd: Crowd,
    strike: Strike,
    sandbox: Sandbox,
    database: Database,
    database_url: str,
    tmp_path: Path,
    retry_after: object,
) -> None:
    """It is kept in the table, so a restart does not cut it short, and others are served meanwhile."""
    strike("flood", method="sendMessage", chat_id=1, retry_after=retry_after)
    async with running(sandbox, database_url, tmp_path / "clock"):
        crowd.say(1, "one")
        await asyncio.wait_for(_limited(sandbox), 30)
        crowd.say(2, "other")
        await crowd.until(lambda: "noted other" in crowd.heard(2))
    for hours in (23, 2):
        sandbox.world.clock.move(hours * 3600)
        async with running(sandbox, database_url, tmp_path / "clock") as bot:
            await bot.idle()
        assert ("noted one" in crowd.heard(1)) == (hours == 2)
    crowd.check(database)


async def _limited(sandbox: Sandbox) -> None:
    while all(call.accepted for call in sandbox.world.calls):
        await asyncio.sleep(0.01)


async def test_who_blocked_the_bot_is_left_alone_until_they_come_back(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database, strike: Strike
) -> None:
    crowd.say(1, "hello")
    await crowd.answered()
    strike("slow", method="sendMessage", seconds=0.2)
    crowd.say(1, "too late")
    acts.block(sandbox.world, sandbox.world.chats.people[1])
    await sandbox.idle()
    await bot.idle()
    with database.transaction(bot.clock.now()) as uow:
        actor = uow.people.find(1)
        assert actor is not None and not actor.reachable
    acts.unblock(sandbox.world, sandbox.world.chats.people[1])
    crowd.said[1].remove("too late")
    crowd.say(1, "back")
    await crowd.answered()
    with database.transaction(bot.clock.now()) as uow:
        actor = uow.people.find(1)
        assert actor is not None and actor.reachable


async def test_formatting_that_cannot_be_read_is_sent_plain(bot: App, crowd: Crowd) -> None:
    crowd.say(1, "/broken")
    await crowd.until(lambda: "bold and 1 < 2 & more" in crowd.heard(1))


async def test_a_long_answer_comes_in_parts(bot: App, crowd: Crowd, sandbox: Sandbox) -> None:
    crowd.say(1, "/long")
    await crowd.until(lambda: sum(len(text) for text in crowd.heard(1)) > 9_000)
    await bot.idle()
    parts = crowd.heard(1)
    assert "\n".join(parts).splitlines() == [f"line {number} of a long answer" for number in range(400)]
    entries = [e for e in sandbox.world.chats.by_id[1].entries.values() if e.by_bot]
    assert ["reply_markup" in e.raw for e in entries] == [False] * (len(parts) - 1) + [True]
    assert all(e.raw["entities"][0]["type"] == "bold" for e in entries)
    assert not sandbox.world.violations


async def test_a_file_leaves_with_its_answer_and_is_forgotten(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database, strike: Strike
) -> None:
    strike("reset", method="sendDocument")
    crowd.say(1, "/file")
    await crowd.until(lambda: any(e.by_bot for e in sandbox.world.chats.by_id[1].entries.values()))
    await bot.idle()
    sent = [e.raw for e in sandbox.world.chats.by_id[1].entries.values() if e.by_bot]
    assert sent[0]["document"]["file_name"] == "numbers.csv" and sent[0]["caption"] == "a file"
    assert len(sent) <= 2
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attachment").scalar_one() == 0


async def test_a_living_message_is_one_message(bot: App, crowd: Crowd) -> None:
    for word in ("one", "two", "three"):
        crowd.say(1, f"/living {word}")
    await crowd.until(lambda: crowd.heard(1) == ["status three"])


async def test_an_edit_of_what_is_gone_becomes_a_message(bot: App, crowd: Crowd, sandbox: Sandbox) -> None:
    crowd.say(1, "one")
    await crowd.answered()
    await bot.idle()
    number = crowd.message_of(1, "noted one")
    crowd.press(1, number, "again")
    sandbox.world.chats.remove(sandbox.world.chats.by_id[1], number)
    await crowd.until(lambda: any(text.startswith("again ") for text in crowd.heard(1)))


async def test_a_group_that_moved_gets_its_answer_there(
    bot: App, crowd: Crowd, sandbox: Sandbox, strike: Strike
) -> None:
    group = acts.make_group(sandbox.world, "a group", [1, 2])
    strike("slow", method="sendMessage", seconds=0.3)
    acts.say(sandbox.world, sandbox.world.chats.people[1], "/help", chat=group)
    larger = acts.upgrade_group(sandbox.world, group)
    await crowd.until(lambda: any(e.by_bot and "t.me/" in e.raw.get("text", "") for e in larger.entries.values()))


async def test_answers_of_one_chat_do_not_overtake_each_other(
    bot: App, crowd: Crowd, strike: Strike, database: Database
) -> None:
    strike("flood", method="sendMessage", skip=3, retry_after=1)
    strike("slow", method="sendMessage", skip=5, seconds=0.3)
    strike("reset", method="sendMessage", skip=8)
    for number in range(12):
        crowd.say(1, f"{number}")
    await crowd.answered()
    await bot.idle()
    crowd.check(database, copies=2)
    assert sum(Counter(crowd.heard(1)).values()) <= 13


async def test_a_stopped_server_is_not_hammered(
    bot: App, crowd: Crowd, sandbox: Sandbox, strike: Strike, database: Database
) -> None:
    """At most five sends a second towards a failing target, however many wait."""
    strike("error", method="sendMessage", seconds_on=2.0, status=503, body=json.dumps({"ok": False}))
    for person in (1, 2, 3, 4, 5):
        for number in range(4):
            crowd.say(person, f"{number}")
    await crowd.answered()
    refused = [call for call in sandbox.world.calls if call.method == "sendMessage" and not call.accepted]
    assert len(refused) <= 10
    crowd.check(database)
