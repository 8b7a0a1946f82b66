"""The webhook delivers each chat in order and each person's presses beside it, and repeats what is not taken."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from sandbox.limits import Pacing
from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA, LEAD = 10003, 10002
Answer = Callable[[dict[str, Any]], web.Response]


class Listener:
    """A bot's webhook: keeps what came, answers as the test wants."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Answer = lambda update: web.Response()
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = json.loads(await request.text())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.arrived.put_nowait(update)
        await self.gate.wait()
        self.got.append(update)
        return self.answer(update)

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.arrived.get(), 5)


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield listener
    finally:
        await runner.cleanup()


@pytest.fixture
async def all_three() -> AsyncIterator[tuple[Sandbox, Remote, Listener]]:
    async with opened(first_pause=0.01) as (sandbox, remote), listening() as listener:
        await remote.call("setWebhook", url=listener.url, secret_token="s3cret")
        yield sandbox, remote, listener


async def test_an_update_is_pushed_with_the_secret(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    sandbox, remote, listener = all_three
    await remote.act("start", person=NA)
    assert (await listener.next())["message"]["text"] == "/start"
    await asyncio.wait_for(sandbox.idle(), 5)
    assert listener.secrets == ["s3cret"]
    info = (await remote.call("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (listener.url, 0, 40)


async def test_a_chat_is_told_in_order_and_others_do_not_wait(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    sandbox, remote, listener = all_three
    listener.gate.clear()
    for text in ("a", "b", "c"):
        await remote.act("say", person=NA, text=text)
    await remote.act("say", person=LEAD, text="other")
    number = sandbox.world.chats.next_message_id - 1
    await remote.act("press", person=NA, message_id=number, data="d", timeout=0)
    first = [await listener.next() for _ in range(3)]
    assert {update.get("message", {}).get("text", "press") for update in first} == {"a", "other", "press"}
    listener.gate.set()
    await asyncio.wait_for(sandbox.idle(), 5)
    texts = [update["message"]["text"] for update in listener.got if "message" in update]
    assert [text for text in texts if text != "other"] == ["a", "b", "c"]


async def test_what_is_not_taken_comes_again(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    sandbox, remote, listener = all_three
    answers = iter([500, 503, 302, 200, 200])
    listener.answer = lambda update: web.Response(status=next(answers))
    await remote.act("say", person=NA, text="a")
    await remote.act("say", person=NA, text="b")
    await asyncio.wait_for(sandbox.idle(), 5)
    assert [update["message"]["text"] for update in listener.got] == ["a", "a", "a", "a", "b"]
    info = (await remote.call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_a_retry_after_is_obeyed(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    sandbox, remote, listener = all_three
    answers = iter([web.Response(status=503, headers={"Retry-After": "0.04"}), web.Response()])
    listener.answer = lambda update: next(answers)
    started = asyncio.get_running_loop().time()
    await remote.act("say", person=NA, text="a")
    await asyncio.wait_for(sandbox.idle(), 5)
    assert asyncio.get_running_loop().time() - started >= 0.04


async def test_nothing_is_pushed_after_the_webhook_is_gone(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    _, remote, listener = all_three
    await remote.call("deleteWebhook")
    await remote.act("say", person=NA, text="a")
    assert len((await remote.call("getUpdates"))["result"]) == 1
    assert listener.got == []
    assert (await remote.call("getWebhookInfo"))["result"]["url"] == ""


async def test_an_unreachable_webhook_keeps_its_updates(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    sandbox, remote, listener = all_three
    await remote.call("setWebhook", url="http://127.0.0.1:9/closed")
    await remote.act("say", person=NA, text="a")
    async with asyncio.timeout(5):
        while "last_error_message" not in sandbox.world.webhook:
            await asyncio.sleep(0.01)
    assert (await remote.call("getWebhookInfo"))["result"]["pending_update_count"] == 1
    await remote.call("setWebhook", url=listener.url)
    assert (await listener.next())["message"]["text"] == "a"


@pytest.mark.parametrize(
    "url, words",
    [
        ("http://example.org/hook", "HTTPS URL must be provided"),
        ("https://example.org:8080/hook", "ports 80, 88, 443 or 8443"),
    ],
)
async def test_a_webhook_must_be_safe(all_three: tuple[Sandbox, Remote, Listener], url: str, words: str) -> None:
    _, remote, _ = all_three
    told = await remote.call("setWebhook", url=url)
    assert words in told["description"]


async def test_a_webhook_is_set_once_a_second_at_most() -> None:
    async with opened(pacing=Pacing()) as (_, remote), listening() as listener:
        told = [await remote.call("setWebhook", url=listener.url) for _ in range(2)]
        assert [one["ok"] for one in told] == [True, False]
        assert told[1]["parameters"] == {"retry_after": 1}


async def test_pending_updates_can_be_dropped(all_three: tuple[Sandbox, Remote, Listener]) -> None:
    _, remote, listener = all_three
    await remote.call("deleteWebhook")
    await remote.act("say", person=NA, text="a")
    await remote.call("setWebhook", url=listener.url, drop_pending_updates=True)
    await remote.act("say", person=NA, text="b")
    assert (await listener.next())["message"]["text"] == "b"
