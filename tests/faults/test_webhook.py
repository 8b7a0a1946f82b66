"""The webhook: what is not Telegram is refused, what cannot be stored is not acknowledged."""

import gzip
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App
from bot.settings import Listen
from bot.web import Web
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import Crowd, running

SECRET = "a-secret-of-the-suite"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def port() -> int:
    """A free port of loopback."""
    return _free_port()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def hooked(sandbox: Sandbox, database_url: str, tmp_path: Path, port: int) -> AsyncIterator[App]:
    """The bot behind a webhook, in this process."""
    async with running(
        sandbox,
        database_url,
        tmp_path / "clock",
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret=SecretStr(SECRET),
        listen=Listen("127.0.0.1", port),
    ) as app:
        yield app


async def fill_disk(bot: App) -> None:
    """No further page for the database."""
    await bot.core.write(lambda uow, _now: uow.connection.exec_driver_sql("PRAGMA max_page_count = 1").close())


async def free_disk(bot: App) -> None:
    await bot.core.insist(lambda uow, _now: uow.connection.exec_driver_sql("PRAGMA max_page_count = 1000000").close())


@pytest.mark.both_databases
async def test_a_webhook_serves_like_polling(hooked: App, crowd: Crowd, database: Database) -> None:
    for number in range(5):
        for person in (1, 2, 3):
            crowd.say(person, f"{number}")
    await crowd.answered()
    await hooked.idle()
    crowd.check(database)


async def test_the_webhook_refuses_what_is_not_telegram(hooked: App, port: int, sandbox: Sandbox) -> None:
    url = f"http://127.0.0.1:{port}/hook"
    good = {HEADER: SECRET}
    async with aiohttp.ClientSession() as session:

        async def status(body: bytes, headers: object, method: str = "POST", to: str = url) -> int:
            async with session.request(method, to, data=body, headers=headers) as answer:  # type: ignore[arg-type]
                return answer.status

        assert await status(b"{}", {}) == 401
        assert await status(b"{}", {HEADER: "wrong"}) == 401
        assert await status(b"{}", [(HEADER, SECRET), (HEADER, SECRET)]) == 401
        assert await status(b"", good, "GET") == 405
        assert await status(b"{}", good, to=url + "/elsewhere") == 404
        assert await status(b"{", good) == 400
        assert await status(b"\xff\xfe", good) == 400
        assert await status(b"[" * 60_000, good) == 400
        assert await status(b" " * (1024 * 1024 + 1), good) == 413
        assert await status(b"[]", good) == 200  # valid, but nothing that can be kept: never sent again
        for number in (77, -1, 2**63, 10**30, 1.5, "7", None):
            assert await status(json.dumps({"update_id": number}).encode(), good) == 200
        packed = good | {"Content-Encoding": "gzip"}
        assert await status(gzip.compress(b'{"update_id": 78}'), packed) == 200
        assert await status(gzip.compress(b"0" * (64 * 1024 * 1024)), packed) == 413
        for probe in ("healthz", "readyz", "metrics"):
            assert await status(b"", {}, "GET", f"http://127.0.0.1:{port}/{probe}") == 200


async def test_a_slow_body_is_given_up(hooked: App) -> None:
    listen = Listen("127.0.0.1", _free_port())
    web = Web(hooked.settings.model_copy(update={"listen": listen}), hooked.intake, hooked, body_seconds=0.1)
    await web.start()

    async def drip() -> AsyncIterator[bytes]:
        yield b"{"
        await hooked.wait()

    url, headers = f"http://127.0.0.1:{listen.port}/hook", {HEADER: SECRET}
    async with aiohttp.ClientSession() as session, session.post(url, data=drip(), headers=headers) as answer:
        assert answer.status == 408
    await web.stop()


async def test_a_full_disk_is_not_acknowledged(hooked: App, port: int, crowd: Crowd, database: Database) -> None:
    crowd.say(1, "before")
    await crowd.answered()
    await hooked.idle()
    await fill_disk(hooked)
    big = json.dumps({"update_id": 5_000_000, "message": "x" * 200_000}).encode()
    url, headers = f"http://127.0.0.1:{port}/hook", {HEADER: SECRET}
    async with aiohttp.ClientSession() as session, session.post(url, data=big, headers=headers) as answer:
        assert answer.status == 503 and answer.headers["Retry-After"] == "5"
    await free_disk(hooked)
    crowd.say(1, "after")
    await crowd.answered()
    await hooked.idle()
    crowd.check(database)
