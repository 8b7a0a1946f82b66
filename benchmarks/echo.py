"""P1: an echo through the whole stack, 64 in flight, by webhook, with its floor in the same run.

The floor is a bare aiohttp handler that answers in the response. Ours commits the update to the inbox, runs it as a unit,
commits effect and letter, calls ``sendMessage`` on another server and settles. Compared is the CPU of the serving process
per message; the load comes from this process. ``--quick`` checks that the script works, ``--peer`` adds PTB's own
``Application`` with concurrent updates and httpx, where nothing is durable.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

IN_FLIGHT = 64
SECRET = "a-secret-of-the-benchmark"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
TOKEN = "123456789:AAEbenchmarkbenchmarkbenchmarkbench0"
HEARTBEAT = 0.005  # seconds


@dataclass(frozen=True, slots=True)
class Result:
    """One round of one stack."""

    per_second: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    lag_p99_ms: float


def update(number: int, chat: int) -> bytes:
    """A text message as Telegram sends it."""
    person = {
        "id": chat,
        "is_bot": False,
        "first_name": f"Person {chat}",
        "username": f"p{chat}",
        "language_code": "en",
    }
    message = {
        "message_id": number,
        "from": person,
        "chat": {"id": chat, "first_name": f"Person {chat}", "username": f"p{chat}", "type": "private"},
        "date": int(time.time()),
        "text": f"echo {number}",
    }
    return json.dumps({"update_id": number, "message": message}).encode()


# The servers, each in a process of its own ---------------------------------------------------------------------------


async def beat(lags: list[float]) -> None:
    """Note how late the loop wakes up."""
    loop = asyncio.get_running_loop()
    while True:
        at = loop.time() + HEARTBEAT
        await asyncio.sleep(HEARTBEAT)
        lags.append(loop.time() - at)


async def until_told(start: Callable[[], Awaitable[Callable[[], Awaitable[None]]]]) -> None:
    """Serve until SIGTERM; SIGUSR1 begins to measure the lag, which is the last line printed."""
    lags: list[float] = []
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGUSR1, lags.clear)
    stop = await start()
    heart = asyncio.create_task(beat(lags))
    print("ready", flush=True)
    await ended.wait()
    heart.cancel()
    print(json.dumps(sorted(lags)[int(len(lags) * 0.99)] * 1000 if lags else 0.0), flush=True)
    await stop()


async def serve_floor(given: argparse.Namespace) -> Callable[[], Awaitable[None]]:
    async def echo(request: web.Request) -> web.Response:
        message = json.loads(await request.read())["message"]
        answer = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": message["text"]}
        return web.Response(body=json.dumps(answer).encode(), content_type="application/json")

    app = web.Application()
    app.router.add_post("/hook", echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", given.port).start()
    return runner.cleanup


async def serve_ours(given: argparse.Namespace) -> Callable[[], Awaitable[None]]:
    import gc

    from pydantic import SecretStr

    from bot.app import SWITCH_SECONDS, App, Pace
    from bot.clock import SystemClock
    from bot.settings import Listen, SandboxSettings
    from bot.throttle import Throttle
    from domain.people import ANYONE
    from handlers.routing import Content, Request, Route
    from storage.migrate import migrate
    from views.replies import Reply, escape

    def echo(req: Request) -> Reply:
        return Reply(escape(req.text))

    migrate(given.database, backup_dir=Path(given.folder))
    settings = SandboxSettings(
        bot_token=SecretStr(TOKEN),
        api_url=given.api,
        database_url=given.database,
        data_dir=Path(given.folder),
        webhook_url=f"http://127.0.0.1:{given.port}/hook",
        webhook_secret=SecretStr(SECRET),
        listen=Listen("127.0.0.1", given.port),
    )
    pace = Pace(per_second=1e6, chat_spacing=0, throttle=lambda: Throttle(staff=10**9, strangers=10**9))
    app = App(settings, SystemClock(), routes=(Route(Content.TEXT, echo, ANYONE),), jobs={}, pace=pace)
    sys.setswitchinterval(SWITCH_SECONDS)
    await app.start()
    gc.collect()
    gc.freeze()
    return app.stop


async def serve_peer(given: argparse.Namespace) -> Callable[[], Awaitable[None]]:
    """PTB's Application, concurrent, with its own httpx; nothing is stored."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(incoming: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert incoming.message is not None
        await incoming.message.reply_text(incoming.message.text or "")

    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{given.api}/bot")
        .updater(None)
        .concurrent_updates(IN_FLIGHT)
        .connection_pool_size(IN_FLIGHT)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    await application.initialize()
    await application.start()

    async def take(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(json.loads(await request.read()), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", given.port).start()
    return runner.cleanup


SERVERS = {"floor": serve_floor, "ours": serve_ours, "peer": serve_peer}


# The load ------------------------------------------------------------------------------------------------------------


class Api:
    """A Bot API server that says yes, and tells who waits that their answer came."""

    def __init__(self) -> None:
        self.waiting: dict[int, asyncio.Future[None]] = {}
        self._number = 0

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.read()
        result: Any = True
        if method == "getMe":
            result = {"id": 1, "is_bot": True, "first_name": "B", "username": "bench_bot"}
        elif method == "sendMessage":
            sent = json.loads(body) if body.startswith(b"{") else dict(await request.post())
            chat, self._number = int(str(sent["chat_id"])), self._number + 1
            result = {
                "message_id": self._number,
                "date": 0,
                "chat": {"id": chat, "type": "private"},
                "text": sent["text"],
            }
            if (waiter := self.waiting.pop(chat, None)) and not waiter.done():
                waiter.set_result(None)
        return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def drive(stack: str, api: Api, port: int, *, first: int, count: int) -> list[float]:
    """Send ``count`` messages, one at a time in each of 64 chats; the latencies in seconds."""
    latencies: list[float] = []
    numbers = iter(range(first, first + count))
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)

    async def chat(number: int, session: aiohttp.ClientSession) -> None:
        for update_id in numbers:
            answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            if stack != "floor":
                api.waiting[number] = answered
            began = time.perf_counter()
            async with session.post(f"http://127.0.0.1:{port}/hook", data=update(update_id, number)) as response:
                await response.read()
                assert response.status == 200
            if stack != "floor":
                await answered
            latencies.append(time.perf_counter() - began)

    async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as session:
        await asyncio.gather(*(chat(number, session) for number in range(1, IN_FLIGHT + 1)))
    return latencies


async def measure(stack: str, *, count: int, database: str | None) -> Result:
    """Start a server, warm it up, drive it, stop it."""
    api = Api()
    address = await api.start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/keyuan.db"
        command = [sys.executable, __file__, "--serve", stack, "--port", str(port), "--api", address]
        process = await asyncio.create_subprocess_exec(
            *command, "--database", url, "--folder", folder, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"ready\n":
            assert line, "the server did not start"
        first = time.time_ns() // 1000 % 10**9  # a database that is kept must not know the numbers
        await drive(stack, api, port, first=first, count=IN_FLIGHT * 4)
        process.send_signal(signal.SIGUSR1)
        before, began = cpu_seconds(process.pid), time.perf_counter()
        latencies = sorted(await drive(stack, api, port, first=first + 10_000_000, count=count))
        seconds, used = time.perf_counter() - began, cpu_seconds(process.pid) - before
        process.terminate()
        lag = json.loads((await process.communicate())[0])
    await api.stop()
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    return Result(count / seconds, used / count * 1e6, p50, p99, lag)


async def compare(given: argparse.Namespace) -> None:
    stacks = ["floor", "ours", *(["peer"] if given.peer else [])]
    rounds, count = (1, 640) if given.quick else (given.rounds, given.count)
    results: dict[str, list[Result]] = {stack: [] for stack in stacks}
    for _ in range(rounds):
        for stack in stacks:  # interleaved: a busy machine is busy for all
            fewer = count // 4 if stack == "peer" else count
            results[stack].append(await measure(stack, count=fewer, database=given.database))
    floor = statistics.median(result.cpu_us for result in results["floor"])
    print(f"{'stack':8} {'msg/s':>8} {'CPU us':>8} {'x floor':>8} {'p50 ms':>8} {'p99 ms':>8} {'lag p99 ms':>11}")
    for stack, measured in results.items():
        shown = [
            statistics.median(getattr(result, name) for result in measured)
            for name in ("per_second", "cpu_us", "p50_ms", "p99_ms", "lag_p99_ms")
        ]
        print(
            f"{stack:8} {shown[0]:8.0f} {shown[1]:8.0f} {shown[1] / floor:8.1f} {shown[2]:8.1f} {shown[3]:8.1f} {shown[4]:11.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round: does the script work?")
    parser.add_argument("--peer", action="store_true", help="also PTB's Application with httpx")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=6400, help="messages per round")
    parser.add_argument("--database", default=None, help="an empty PostgreSQL database instead of a SQLite file")
    parser.add_argument("--serve", choices=SERVERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--api", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(until_told(lambda: SERVERS[given.serve](given)))
    else:
        asyncio.run(compare(given))


if __name__ == "__main__":
    main()
