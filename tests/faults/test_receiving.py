"""What goes wrong on the way in: errors of the server, malformed updates, repeated ones, bugs of ours."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import App
from domain.people import Role
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Member
from tests.faults.conftest import Crowd, running
from tests.faults.echo import effects

Strike = Callable[..., Fault]


@pytest.mark.parametrize(
    "kind, more",
    [
        ("error", {"status": 401, "body": json.dumps({"ok": False, "error_code": 401, "description": "Unauthorized"})}),
        ("error", {"status": 404, "body": json.dumps({"ok": False, "error_code": 404, "description": "Not Found"})}),
        ("error", {"status": 502}),
        ("garbage", {"body": "{]"}),
        ("garbage", {"body": json.dumps({"ok": True, "result": "surprise"})}),
        ("refuse", {}),
        ("reset", {}),
    ],
)
async def test_no_answer_ends_polling(
    bot: App, crowd: Crowd, strike: Strike, sandbox: Sandbox, database: Database, kind: str, more: dict[str, object]
) -> None:
    crowd.say(1, "before")
    await crowd.answered()
    strike(kind, method="getUpdates", times=2, **more)
    crowd.say(1, "during")
    crowd.say(1, "after")
    await crowd.answered()
    crowd.check(database)


async def test_a_malformed_update_blocks_nobody(bot: App, crowd: Crowd, sandbox: Sandbox, database: Database) -> None:
    updates = sandbox.world.updates
    chat = {"id": 1, "type": "private"}
    updates.add_raw(json.dumps({"update_id": updates.next_id, "message": {"chat": chat, "nonsense": True}}))
    updates.add_raw(json.dumps({"update_id": updates.next_id, "message": [1, 2, 3]}))
    updates.add_raw(json.dumps({"update_id": updates.next_id, "guest_message": {"from": "the future"}}))
    updates.add_raw(json.dumps({"update_id": updates.next_id}))
    crowd.say(1, "still served")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)
    with database.reading() as connection:
        states = connection.exec_driver_sql("SELECT state FROM inbox ORDER BY seq").scalars().all()
    assert states == [2, 2, 3, 3, 1]  # quarantined, quarantined, ignored, ignored, done


async def test_an_update_told_twice_has_its_effect_once(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    number = crowd.say(1, "once")
    await crowd.answered()
    sandbox.world.updates.resend(number, new_id=False)
    crowd.say(1, "then")
    await crowd.answered()
    crowd.check(database)


async def test_a_press_sent_again_under_a_new_number_has_its_effect_once(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    crowd.say(1, "press me")
    await crowd.answered()
    opened = crowd.press(1, crowd.message_of(1, "noted press me"), "again")
    number = sandbox.world.updates.next_id - 1
    await opened.answer
    for _ in range(3):
        sandbox.world.updates.resend(number, new_id=True)
    await sandbox.idle()
    await bot.idle()
    assert len(effects(database, "again")[1]) == 1


async def test_a_bug_becomes_one_sentence_with_a_reference(
    bot: App, crowd: Crowd, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    crowd.say(1, "bug of ours")
    crowd.said[1].clear()
    crowd.say(1, "goes on")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)
    sentences = [text for text in crowd.heard(1) if "went wrong on our side" in text]
    assert len(sentences) == 1
    reference = re.findall(r"[2-9A-Z]{8}", sentences[0])[-1]
    with database.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT state, attempts, reference FROM inbox WHERE reference IS NOT NULL"
        ).one()
    assert tuple(row) == (2, 3, reference)


async def test_a_bug_behind_a_button_is_told_too(bot: App, crowd: Crowd, sandbox: Sandbox) -> None:
    crowd.say(1, "press me")
    await crowd.answered()
    opened = crowd.press(1, crowd.message_of(1, "noted press me"), "break")
    await opened.answer  # within a second, though the attempts take longer
    await crowd.until(lambda: any("went wrong on our side" in text for text in crowd.heard(1)))


async def test_lone_surrogates_and_nul_are_cleaned(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    updates = sandbox.world.updates
    message = {
        "message_id": 9_000,
        "date": sandbox.world.clock.unix(),
        "chat": {"id": 1, "type": "private", "first_name": "P1"},
        "from": {"id": 1, "is_bot": False, "first_name": "P\ud800"},
        "text": "half \ud83d and \u0000 nothing",
    }
    sandbox.world.chats.people[1].started = True
    updates.add_raw(json.dumps({"update_id": updates.next_id, "message": message}), lane=1)
    await crowd.until(lambda: "noted half  and  nothing" in crowd.heard(1))
    await bot.idle()
    assert effects(database) == {1: ["half  and  nothing"]}


async def test_a_letter_that_no_database_takes_harms_its_own_update_only(
    bot: App, crowd: Crowd, database: Database
) -> None:
    """The group that it is in fails at the database and is run again one by one."""
    for person in (1, 2, 3):
        crowd.say(person, "before")
    crowd.say(4, "/poison")
    crowd.said[4].clear()
    for person in (1, 2, 3, 4):
        crowd.say(person, "after")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)
    assert sum("went wrong on our side" in text for text in crowd.heard(4)) == 1
    with database.reading() as connection:
        row = connection.exec_driver_sql("SELECT lane, attempts FROM inbox WHERE state = 2").one()
    assert tuple(row) == (4, 4)


def make_admin(bot: App, database: Database, telegram_id: int) -> None:
    with database.transaction(bot.clock.now()) as uow:
        uow.act(None, "sample", undo=None)
        actor = uow.people.identify(telegram_id, name="P", username=None, locale="en")
        values = {"person_id": actor.person_id, "name": "P", "role": Role.ADMIN, "team_id": None, "active": True}
        uow.journal.add(Member, values | {"created_at": bot.clock.now()})


async def test_a_second_poller_pauses_us_and_the_admins_hear_of_it(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    crowd.say(1, "hello")
    await crowd.answered()
    make_admin(bot, database, 1)
    sandbox.world.updates.stop_polling("Conflict: terminated by other getUpdates request")
    await crowd.until(lambda: any("nother bot" in text for text in crowd.heard(1)))


async def test_admins_hear_of_an_absence_in_which_messages_went_missing(
    crowd: Crowd, sandbox: Sandbox, database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(sandbox, database_url, tmp_path / "clock") as bot:
        crowd.say(1, "hello")
        await crowd.answered()
        make_admin(bot, database, 1)
    sandbox.world.clock.move(25 * 3600)
    async with running(sandbox, database_url, tmp_path / "clock"):
        await crowd.until(lambda: any("I was away" in text for text in crowd.heard(1)))
