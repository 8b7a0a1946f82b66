"""What real bots die of: edits that change nothing, chats that are closed, sends that come too fast."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.limits import Pacing
from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA, STRANGER = 10003, 10005
KEYS = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Remote]]:
    async with opened() as (sandbox, remote):
        await remote.act("start", person=NA)
        yield sandbox, remote


async def send(remote: Remote, **more: Any) -> int:
    told = await remote.call("sendMessage", **{"chat_id": NA, "text": "x"} | more)
    return int(told["result"]["message_id"])


async def refused(remote: Remote, method: str, **params: Any) -> str:
    told = await remote.call(method, **{"chat_id": NA} | params)
    assert not told["ok"]
    return f"{told['error_code']} {told['description']}"


async def test_an_edit_must_change_something(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    number = await send(remote, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYS)
    same = {"message_id": number, "text": "<strong>x</strong>", "parse_mode": "HTML", "reply_markup": KEYS}
    assert (await refused(remote, "editMessageText", **same)).startswith("400 Bad Request: message is not modified")
    unchanged = await refused(remote, "editMessageReplyMarkup", message_id=number, reply_markup=KEYS)
    assert unchanged.startswith("400 Bad Request: message is not modified")
    told = await remote.call("editMessageText", chat_id=NA, message_id=number, text="<b>x</b>", parse_mode="HTML")
    assert "reply_markup" not in told["result"], "an edit without buttons takes them away"
    assert "edit_date" not in told["result"], "buttons alone do not mark a message as edited"
    assert sandbox.world.violations == []


async def test_only_own_messages_of_the_right_kind_can_be_edited(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    theirs = (await remote.act("say", person=NA, text="mine"))["message_id"]
    assert await refused(remote, "editMessageText", message_id=theirs, text="y") == (
        "400 Bad Request: message can't be edited"
    )
    assert await refused(remote, "editMessageText", message_id=999, text="y") == (
        "400 Bad Request: message to edit not found"
    )
    with_keyboard = await send(remote, reply_markup={"keyboard": [[{"text": "a"}]]})
    assert "can't be edited" in await refused(remote, "editMessageText", message_id=with_keyboard, text="y")
    assert "there is no caption" in await refused(remote, "editMessageCaption", message_id=await send(remote))
    place = await remote.call("sendLocation", chat_id=NA, latitude=1, longitude=2)
    number = place["result"]["message_id"]
    assert "there is no text" in await refused(remote, "editMessageText", message_id=number, text="y")


async def test_what_is_gone_is_not_found(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = await send(remote)
    assert (await remote.call("deleteMessage", chat_id=NA, message_id=number))["ok"]
    for method, purpose in (("deleteMessage", "delete"), ("editMessageReplyMarkup", "edit"), ("pinChatMessage", "pin")):
        assert await refused(remote, method, message_id=number) == f"400 Bad Request: message to {purpose} not found"
    copied = await refused(remote, "copyMessage", from_chat_id=NA, message_id=number)
    assert copied == "400 Bad Request: message to copy not found"
    answered = {"text": "x", "reply_parameters": {"message_id": number}}
    assert await refused(remote, "sendMessage", **answered) == "400 Bad Request: message to be replied not found"
    answered["reply_parameters"] = {"message_id": number, "allow_sending_without_reply": True}
    assert "reply_to_message" not in (await remote.call("sendMessage", chat_id=NA, **answered))["result"]


async def test_old_messages_can_be_edited_but_not_deleted(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = await send(remote)
    await remote.act("clock", by=49 * 3600)
    assert "can't be deleted for everyone" in await refused(remote, "deleteMessage", message_id=number)
    assert (await remote.call("editMessageText", chat_id=NA, message_id=number, text="y"))["ok"]


async def test_closed_chats(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    assert await refused(remote, "sendMessage", chat_id=STRANGER, text="x") == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )
    assert await refused(remote, "sendMessage", chat_id=4, text="x") == "400 Bad Request: chat not found"
    assert await refused(remote, "sendMessage", chat_id="@wang_na", text="x") == "400 Bad Request: chat not found"
    await remote.act("block", person=NA)
    assert await refused(remote, "sendMessage", text="x") == "403 Forbidden: bot was blocked by the user"
    with pytest.raises(ValueError, match="blocked"):
        await remote.act("say", person=NA, text="x")
    await remote.act("start", person=NA)
    assert await send(remote)
    statuses = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for update in (await remote.call("getUpdates"))["result"]
        if (change := update.get("my_chat_member"))
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert sandbox.world.violations == []


async def test_lengths_are_counted_after_parsing(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    assert await send(remote, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert await send(remote, text="&amp;" * 4096, parse_mode="HTML")
    assert "message is too long" in await refused(remote, "sendMessage", text="x" * 4097)
    caption = {"chat_id": str(NA), "document": b"x", "caption": "x" * 1025}
    assert "caption is too long" in (await remote.form("sendDocument", caption))["description"]


async def test_a_reply_keyboard_is_shown_until_it_is_removed(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    asks = [[{"text": "phone", "request_contact": True}, "plain"]]
    await send(remote, reply_markup={"keyboard": asks, "one_time_keyboard": True, "input_field_placeholder": "here"})
    keyboard = (await remote.look(f"chats/{NA}"))["keyboard"]
    assert keyboard["rows"] == [[{"text": "phone", "request_contact": True}, {"text": "plain"}]]
    assert (keyboard["one_time"], keyboard["placeholder"]) == (True, "here")
    await remote.act("say", person=NA, text="plain")
    assert (await remote.look(f"chats/{NA}"))["keyboard"] is None
    await send(remote, reply_markup={"keyboard": [["a"]]})
    await send(remote, reply_markup={"remove_keyboard": True})
    assert (await remote.look(f"chats/{NA}"))["keyboard"] is None
    number = await send(remote, reply_markup={"force_reply": True})
    assert (await remote.look(f"chats/{NA}"))["force_reply"]["message_id"] == number


async def test_too_many_sends_are_slowed_per_chat_and_over_all() -> None:
    async with opened(pacing=Pacing(per_second=5, chat_burst=3, chat_per_second=0.5)) as (sandbox, remote):
        people = (10001, 10002, NA)
        for person in people:
            await remote.act("start", person=person)
        told = [await remote.call("sendMessage", chat_id=NA, text="x") for _ in range(4)]
        assert [one["ok"] for one in told] == [True, True, True, False]
        assert told[3]["error_code"] == 429
        assert told[3]["parameters"] == {"retry_after": 2}
        assert told[3]["description"] == "Too Many Requests: retry after 2"
        others = [await remote.call("sendMessage", chat_id=who, text="x") for who in (10001, 10002, 10001)]
        assert [one["ok"] for one in others] == [True, True, False]
        assert (await remote.look("state"))["limited"] == 2
        assert sandbox.world.violations == []
        assert (await remote.call("getMe"))["ok"], "only sends and edits are counted"


async def test_limits_can_be_changed_while_it_runs(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    await remote.act("limits", chat_burst=1, per_second=0)
    assert [(await remote.call("sendMessage", chat_id=NA, text="x"))["ok"] for _ in range(2)] == [True, False]
    await remote.act("limits", chat_burst=0, per_second=0)
    assert await send(remote)
    with pytest.raises(ValueError):
        await remote.act("limits", speed=1)


async def test_a_group_takes_twenty_a_minute() -> None:
    async with opened(pacing=Pacing(per_second=0, chat_burst=0)) as (_, remote):
        group = (await remote.act("group", members=[NA]))["id"]
        told = [(await remote.call("sendMessage", chat_id=group, text="x"))["ok"] for _ in range(21)]
        assert told == [True] * 20 + [False]


async def test_keyboards_that_belong_into_private_chats(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    group = (await remote.act("group", members=[NA]))["id"]
    asks = {"keyboard": [[{"text": "phone", "request_contact": True}]]}
    assert "private chats only" in await refused(remote, "sendMessage", chat_id=group, text="x", reply_markup=asks)
    app = {"inline_keyboard": [[{"text": "a", "web_app": {"url": "http://x.org"}}]]}
    assert "Only HTTPS links" in await refused(remote, "sendMessage", text="x", reply_markup=app)
    assert len(sandbox.world.violations) == 2
