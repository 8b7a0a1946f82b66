"""Updates wait in order until they are confirmed or expire; a second poller and a webhook exclude the first."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.limits import Pacing
from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA = 10003


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Remote]]:
    async with opened(first_update_id=500) as (sandbox, remote):
        await remote.act("start", person=NA)
        yield sandbox, remote


async def poll(remote: Remote, **params: Any) -> list[dict[str, Any]]:
    told = await remote.call("getUpdates", **params)
    assert told["ok"], told
    result: list[dict[str, Any]] = told["result"]
    return result


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_waits_until_a_later_offset(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    for text in ("a", "b", "c"):
        await remote.act("say", person=NA, text=text)
    first = await poll(remote)
    assert [update["update_id"] for update in first] == [500, 501, 502, 503]
    assert await poll(remote) == first
    assert texts(await poll(remote, offset=502, limit=1)) == ["b"]
    assert texts(await poll(remote, offset=-1)) == ["c"]
    assert texts(await poll(remote)) == ["c"], "a negative offset forgets what was before"
    assert await poll(remote, offset=504) == []
    await asyncio.wait_for(sandbox.idle(), 1)


async def test_two_in_the_wrong_order_come_together(both: tuple[Sandbox, Remote]) -> None:
    """Or the one with the lower number would be confirmed by the other's offset before anybody has seen it."""
    sandbox, remote = both
    for text in ("a", "b"):
        await remote.act("say", person=NA, text=text)
    waiting = sandbox.world.updates.waiting
    waiting[-1], waiting[-2] = waiting[-2], waiting[-1]
    waiting[-1].again = True
    assert [update["update_id"] for update in await poll(remote, limit=2)] == [500]
    assert texts(await poll(remote, offset=501, limit=2)) == ["b", "a"]


async def test_a_poll_waits_for_the_next_update(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    waiting = asyncio.create_task(poll(remote, offset=501, timeout=20))
    await remote.call("getMe")
    await remote.act("say", person=NA, text="now")
    assert texts(await asyncio.wait_for(waiting, 2)) == ["now"]


async def test_a_second_poller_ends_the_first(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    first = asyncio.create_task(remote.call("getUpdates", offset=501, timeout=20))
    await remote.call("getMe")
    second = asyncio.create_task(remote.call("getUpdates", offset=501, timeout=20))
    told = await asyncio.wait_for(first, 2)
    assert told["error_code"] == 409
    assert told["description"].startswith("Conflict: terminated by other getUpdates request")
    await remote.act("say", person=NA, text="x")
    assert texts((await asyncio.wait_for(second, 2))["result"]) == ["x"]


async def test_a_webhook_excludes_polling(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    waiting = asyncio.create_task(remote.call("getUpdates", offset=501, timeout=20))
    await remote.call("getMe")
    assert (await remote.call("setWebhook", url="http://127.0.0.1:9/x"))["ok"]
    assert (await asyncio.wait_for(waiting, 2))["error_code"] == 409
    told = await remote.call("getUpdates")
    assert told["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    await remote.call("deleteWebhook")
    assert (await remote.call("getUpdates"))["ok"]


async def test_presses_expire_before_messages(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.call("sendMessage", chat_id=NA, text="x"))["result"]["message_id"]
    await remote.act("press", person=NA, message_id=number, data="d", timeout=0)
    assert len(await poll(remote)) == 2
    await remote.act("clock", by=151)
    assert texts(await poll(remote)) == ["/start"]
    await remote.act("clock", by=86_400)
    assert await poll(remote) == []


async def test_a_message_is_as_old_as_it_says(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    now = sandbox.world.clock.unix()
    await remote.act("say", person=NA, text="yesterday", date=now - 80_000)
    await remote.act("say", person=NA, text="too old", date=now - 90_000)
    updates = await poll(remote, offset=501)
    assert [(update["message"]["text"], update["message"]["date"]) for update in updates] == [
        ("yesterday", now - 80_000)
    ]


async def test_only_what_was_asked_for_is_told(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    await poll(remote, allowed_updates=["message"])
    await remote.act("block", person=NA)
    await remote.act("start", person=NA)
    kinds = [next(key for key in update if key != "update_id") for update in await poll(remote)]
    assert set(kinds) == {"message"}


async def test_an_edit_of_a_person(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.act("say", person=NA, text="one"))["message_id"]
    await remote.act("edit", person=NA, message_id=number, text="two")
    edited = (await poll(remote))[-1]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("two", number)
    assert edited["edit_date"] >= edited["date"]
    bot = (await remote.call("sendMessage", chat_id=NA, text="x"))["result"]["message_id"]
    with pytest.raises(ValueError, match="own messages"):
        await remote.act("edit", person=NA, message_id=bot, text="two")


async def test_any_garbage_can_be_told(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    await remote.act("update", update={"update_id": 77, "message": {"date": "yesterday"}})
    await remote.act("update", update={"from_the_future": {}})
    assert await poll(remote, offset=501) == [
        {"update_id": 77, "message": {"date": "yesterday"}},
        {"from_the_future": {}},
    ], "a number below the offset is told once"
    await poll(remote, offset=600)
    await remote.act("update", raw='{"update_id": 900, "message": {"text": "' + "x" * 300_000 + '"}}')
    assert (await poll(remote))[-1]["update_id"] == 900
    sandbox.world.updates.drop()
    await remote.act("update", raw="{broken")
    with pytest.raises(ValueError, match="Expecting"):
        await remote.call("getUpdates")


async def test_an_update_can_be_told_again(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.call("sendMessage", chat_id=NA, text="x"))["result"]["message_id"]
    await remote.act("press", person=NA, message_id=number, data="d", timeout=0)
    _, press = await poll(remote)
    assert await poll(remote, offset=502) == []
    await remote.act("resend", update_id=501)
    assert await poll(remote, offset=502) == [press], "under its old number, as after a lost acknowledgement"
    assert await poll(remote, offset=502) == []
    again = await remote.act("resend", update_id=501, new_id=True)
    assert again == {"update_id": 502}
    assert await poll(remote, offset=502) == [press | {"update_id": 502}], "under a new one, as a client may"
    with pytest.raises(ValueError, match="9999"):
        await remote.act("resend", update_id=9999)


async def test_an_answer_is_cut_at_four_megabytes(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    for number in range(3):
        await remote.act("update", raw=f'{{"update_id": {600 + number}, "x": "{"x" * 1_800_000}"}}')
    assert [update["update_id"] for update in await poll(remote, offset=501)] == [600, 601]


async def test_asking_the_same_again_is_slowed_when_limits_are_on() -> None:
    async with opened(pacing=Pacing()) as (_, remote):
        await poll(remote)
        slowed = asyncio.create_task(poll(remote))
        await remote.call("getMe")
        assert not slowed.done()
        await remote.act("start", person=NA)
        assert texts(await slowed) == ["/start"]


async def test_a_modified_client_can_press_anything(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.call("sendMessage", chat_id=NA, text="x"))["result"]["message_id"]
    await remote.act("press", person=NA, message_id=number, data="forged", timeout=0)
    query = (await poll(remote))[-1]["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("forged", "x", NA)
    await remote.call("deleteMessage", chat_id=NA, message_id=number)
    await remote.act("press", person=NA, message_id=number, data="forged", timeout=0)
    gone = (await poll(remote))[-1]["callback_query"]["message"]
    assert (gone["date"], gone["message_id"]) == (0, number), "a message that is gone is told as inaccessible"
    with pytest.raises(ValueError, match="no such button"):
        await remote.act("press", person=NA, message_id=number, row=0, column=0)
