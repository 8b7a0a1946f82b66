"""What the page and the tests can see and do; and that nobody else on the web can."""

import asyncio
import base64
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from sandbox.clock import Clock
from sandbox.people import person_from
from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA, LEAD = 10003, 10002
KEYS = {
    "inline_keyboard": [
        [{"text": "Go", "callback_data": "go", "style": "primary"}, {"text": "Web", "url": "https://x.org"}],
        [{"text": "Copy", "copy_text": {"text": "C-7K3Q"}}, {"text": "Find", "switch_inline_query": "x"}],
    ]
}


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Remote]]:
    async with opened() as (sandbox, remote):
        await remote.act("start", person=NA)
        yield sandbox, remote


async def chat(remote: Remote, since: int = 0) -> dict[str, Any]:
    return await remote.look(f"chats/{NA}?since={since}")


async def test_the_state_lists_people_in_order(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    state = await remote.look("state")
    assert state["order"] == [10001, 10002, 10003, 10004, 10005, 10006]
    na = next(person for person in state["people"] if person["id"] == NA)
    assert (na["title"], na["started"], na["blocked"], na["phone"]) == ("销售 · 王娜", True, False, "+8613800000003")
    assert (state["bot"]["username"], state["violations"], state["offset"]) == ("sandbox_bot", 0, 0)


async def test_a_message_as_the_page_draws_it(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    answered = (await chat(remote))["messages"][0]
    assert (answered["from"], answered["text"]) == ("me", "/start")
    reply = {"message_id": answered["id"]}
    await remote.call(
        "sendMessage", chat_id=NA, text="<b>1 &lt; 2</b>", parse_mode="HTML", reply_markup=KEYS, reply_parameters=reply
    )
    view = (await chat(remote))["messages"][1]
    assert (view["from"], view["html"], view["edited"], view["reply_to"]) == ("bot", "<b>1 &lt; 2</b>", False, 1)
    assert dt.datetime.fromisoformat(view["date"]).tzinfo is not None
    assert view["inline"] == [
        [
            {"text": "Go", "style": "primary", "kind": "callback", "data": "go"},
            {"text": "Web", "kind": "url", "url": "https://x.org"},
        ],
        [
            {"text": "Copy", "kind": "copy", "copy": "C-7K3Q"},
            {"text": "Find", "kind": "switch_inline", "query": "x"},
        ],
    ]


async def test_only_changes_since_a_version(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.call("sendMessage", chat_id=NA, text="x"))["result"]["message_id"]
    before = (await chat(remote))["version"]
    assert (await chat(remote, before))["messages"] == []
    await remote.call("editMessageText", chat_id=NA, message_id=number, text="y")
    (edited,) = (await chat(remote, before))["messages"]
    assert (edited["text"], edited["edited"]) == ("y", True)
    await remote.call("deleteMessage", chat_id=NA, message_id=number)
    assert (await chat(remote, before))["messages"] == [{"id": number, "removed": True}]


async def test_pressing_waits_for_the_answer(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    number = (await remote.call("sendMessage", chat_id=NA, text="x", reply_markup=KEYS))["result"]["message_id"]
    tap = asyncio.create_task(remote.act("press", person=NA, message_id=number, row=0, column=0))
    updates = await remote.call("getUpdates", offset=2, timeout=5)
    query = updates["result"][0]["callback_query"]
    assert query["data"] == "go"
    assert not tap.done()
    await remote.call("answerCallbackQuery", callback_query_id=query["id"], text="done", show_alert=True)
    assert await tap == {"answer": {"text": "done", "show_alert": True}, "expired": False}
    with pytest.raises(ValueError, match="tells the bot nothing"):
        await remote.act("press", person=NA, message_id=number, row=0, column=1)


@asynccontextmanager
async def events(sandbox: Sandbox) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
    """The stream of the page, read into a queue."""
    got: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.page_url}sandbox/events") as stream:
        assert await stream.content.readline() == b": hello\n"

        async def read() -> None:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    got.put_nowait(json.loads(line[6:]))

        reader = asyncio.create_task(read())
        yield got
        reader.cancel()


async def test_changes_are_streamed(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    async with events(sandbox) as stream:
        await remote.call("sendMessage", chat_id=NA, text="x")
        assert await asyncio.wait_for(stream.get(), 2) == {"person": NA, "version": 2}
        await remote.call("sendChatAction", chat_id=NA, action="typing")
        assert await asyncio.wait_for(stream.get(), 2) == {"typing": NA, "action": "typing"}
        moved = await remote.act("clock", by=3600)
        assert await asyncio.wait_for(stream.get(), 2) == {"clock": moved}
    assert moved["offset"] == 3600


async def test_sharing(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0"
    await remote.act("share", person=NA, contact=True)
    await remote.act("share", person=NA, contact={"phone_number": "1", "first_name": "Lin"}, forwarded="Lin")
    await remote.act("share", person=NA, location={"latitude": 31.2, "longitude": 121.5})
    await remote.act("share", person=NA, photo=base64.b64encode(png).decode(), caption="门店")
    await remote.act("share", person=NA, voice="T2dn", filename="a.ogg", duration=4)
    await remote.act("share", person=NA, users=[LEAD], request_id=7)
    await remote.act("share", person=NA, text="said elsewhere", forwarded=LEAD)
    told = [update["message"] for update in (await remote.call("getUpdates", offset=2))["result"]]
    assert told[0]["contact"] == {"phone_number": "+8613800000003", "first_name": "王娜", "user_id": NA}
    assert told[1]["forward_origin"]["type"] == "hidden_user" and "user_id" not in told[1]["contact"]
    assert told[2]["location"]["latitude"] == 31.2
    assert (told[3]["photo"][0]["width"], told[3]["caption"]) == (2, "门店")
    assert told[4]["voice"]["duration"] == 4
    assert told[5]["users_shared"] == {"request_id": 7, "users": [{"user_id": LEAD}]}
    assert told[6]["forward_origin"]["sender_user"]["id"] == LEAD
    for wrong in ({}, {"photo": "!"}, {"photo": "YQ=="}, {"contact": {"first_name": "x"}}):
        with pytest.raises(ValueError):
            await remote.act("share", person=NA, **wrong)


async def test_a_file_of_the_page(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    form = aiohttp.FormData({"person": str(NA), "caption": "list"}, quote_fields=False)  # as browsers do
    form.add_field("file", b"<script>", filename="客户.html", content_type="text/html")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{sandbox.page_url}sandbox/upload", data=form) as answer:
            assert answer.status == 200, await answer.text()
        view = (await chat(remote))["messages"][-1]["document"]
        assert (view["name"], view["size"]) == ("客户.html", 8)
        async with session.get(sandbox.page_url.rstrip("/") + view["url"]) as answer:
            assert await answer.read() == b"<script>"
            assert answer.content_type == "application/octet-stream", "nothing that a browser would run"
            assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
    ],
)
async def test_other_sites_are_refused(both: tuple[Sandbox, Remote], headers: dict[str, str]) -> None:
    sandbox, _ = both
    async with aiohttp.ClientSession(headers=headers) as session:
        for path in ("state", f"chats/{NA}", "events", "violations"):
            assert (await session.get(f"{sandbox.page_url}sandbox/{path}")).status == 403
        assert (await session.post(f"{sandbox.page_url}sandbox/reset", json={})).status == 403


async def test_the_own_page_is_let_in(both: tuple[Sandbox, Remote]) -> None:
    sandbox, _ = both
    for origin in (sandbox.page_url.rstrip("/"), f"http://localhost:{sandbox.port}", f"http://[::1]:{sandbox.port}"):
        async with aiohttp.ClientSession(headers={"Origin": origin}) as session:
            assert (await session.get(f"{sandbox.page_url}sandbox/state")).status == 200


@pytest.mark.parametrize(
    "act, body",
    [
        ("say", {"person": NA}),
        ("say", {"person": NA, "text": " "}),
        ("say", {"person": NA, "text": "x" * 4097}),
        ("say", {"person": 5, "text": "x"}),
        ("say", {"person": "5", "text": "x"}),
        ("say", {"person": NA, "text": "x", "reply_to": 99}),
        ("say", {"person": NA, "text": "x", "date": "2026-11-20T10:00:00"}),
        ("start", {"person": NA, "payload": "a b"}),
        ("clock", {"to": "tomorrow"}),
        ("clock", {"to": "next 08:30", "zone": "Mars/Base"}),
        ("clock", {}),
        ("people", {"id": 5}),
        ("people", {"id": 5, "first_name": "x", "age": 3}),
        ("group", {"members": []}),
        ("dance", {}),
    ],
)
async def test_what_no_phone_can_do_is_refused(both: tuple[Sandbox, Remote], act: str, body: dict[str, Any]) -> None:
    sandbox, remote = both
    before = sandbox.world.chats.by_id[NA].version
    with pytest.raises(ValueError):
        await remote.act(act, **body)
    assert sandbox.world.chats.by_id[NA].version == before


async def test_the_page_is_served_beside_it(both: tuple[Sandbox, Remote]) -> None:
    sandbox, _ = both
    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.page_url) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        assert (await session.get(f"{sandbox.page_url}../server.py")).status == 404
        assert (await session.get(f"{sandbox.page_url}%2e%2e/server.py")).status in (403, 404)


async def test_people_come_and_speak_their_language(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    await remote.act("people", id=77, first_name="Emma", title="rep", started=True)
    await remote.act("language", person=77, code="en")
    await remote.act("say", person=77, text="hi")
    update = (await remote.call("getUpdates"))["result"][-1]
    assert update["message"]["from"]["language_code"] == "en"
    assert (await remote.look("state"))["order"][-1] == 77


async def test_a_reset_empties_everything_around_the_hook() -> None:
    seen: list[tuple[str, int]] = []

    @asynccontextmanager
    async def around() -> AsyncIterator[None]:
        entries = sandbox.world.chats.by_id[NA].entries
        seen.append(("stopped", sum(not entry.removed for entry in entries.values())))
        yield
        seen.append(("started", sum(not entry.removed for entry in entries.values())))

    async with opened() as (sandbox, remote):
        sandbox.on_reset = around
        await remote.act("start", person=NA)
        await remote.act("block", person=NA)
        await remote.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
        version = (await chat(remote))["version"]
        await remote.act("reset")
        assert seen == [("stopped", 1), ("started", 0)]
        view = await chat(remote, version)
        assert view["messages"] == [{"id": 1, "removed": True}], "a page that looks for changes takes it away"
        assert view["version"] > version
        state = await remote.look("state")
        assert not any(person["started"] or person["blocked"] for person in state["people"])
        assert state["commands"][str(NA)] == []
        assert (await remote.call("getUpdates"))["result"] == []


def test_the_clock_is_written_for_others_to_read(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = Clock(file)
    clock.move(90.5)
    assert float(file.read_text()) == 90.5
    assert Clock(file).offset == 90.5
    assert abs((clock.now() - dt.datetime.now(dt.UTC)).total_seconds() - 90.5) < 1
    file.write_text("garbage")
    assert Clock(file).offset == 0


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_the_clock_moves_to_the_next_time_of_a_zone(zone: str) -> None:
    clock = Clock()
    clock.move_to("2026-10-31T20:00:00", zone=zone)
    for day in (1, 2, 3):  # New York's clocks change on the first of November
        clock.move_to("next 08:30", zone=zone)
        local = clock.now().astimezone(ZoneInfo(zone))
        assert (local.day, local.hour, local.minute) == (day, 8, 30)


@pytest.mark.parametrize("given", [{"id": "5", "first_name": "x"}, {"id": 5}, {"id": -5, "first_name": "x"}])
def test_a_wrong_person_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        person_from(given)
