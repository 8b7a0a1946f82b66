"""The programs that benchmarks put under load, each in a process of its own: ``rig.serving`` starts them."""

import argparse
import asyncio
import datetime as dt
import gc
import json
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from benchmarks.rig import SECRET, TOKEN, p99

HEARTBEAT = 0.005  # seconds
SLOW = 0.003  # seconds of a handler that has something to do
IN_FLIGHT = 64

Stop = Callable[[], Awaitable[None]]


async def beat(lags: list[float]) -> None:
    """Note how late the loop wakes up."""
    loop = asyncio.get_running_loop()
    while True:
        at = loop.time() + HEARTBEAT
        await asyncio.sleep(HEARTBEAT)
        lags.append(loop.time() - at)


async def until_told(start: Callable[[], Awaitable[Stop]]) -> None:
    """Serve until SIGTERM; SIGUSR1 begins to measure the lag, p99 and most of which are the last line printed."""
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
    print(json.dumps([p99(lags) * 1000, max(lags) * 1000] if lags else [0.0, 0.0]), flush=True)
    await stop()


async def hooked(given: argparse.Namespace, take: Callable[[web.Request], Awaitable[web.Response]]) -> Stop:
    """A bare web server with one address."""
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", given.port).start()
    return runner.cleanup


async def serve_floor(given: argparse.Namespace) -> Stop:
    """A bare aiohttp handler, which answers in the response."""

    async def echo(request: web.Request) -> web.Response:
        message = json.loads(await request.read())["message"]
        answer = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": message["text"]}
        return web.Response(body=json.dumps(answer).encode(), content_type="application/json")

    return await hooked(given, echo)


async def serve_peer(given: argparse.Namespace) -> Stop:
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

    return await hooked(given, take)


async def serve_ours(given: argparse.Namespace) -> Stop:
    """The bot: an echo and nothing else, a slow echo, or the whole program."""
    from pydantic import SecretStr

    from bot.app import SWITCH_SECONDS, App, Pace
    from bot.clock import SystemClock
    from bot.pacing import CHAT_SECONDS, PER_SECOND
    from bot.settings import Listen, SandboxSettings
    from bot.throttle import Throttle
    from bot.warm import load
    from domain.people import ANYONE
    from handlers.routing import Content, Request, Route
    from views.replies import Reply, escape

    def echo(req: Request) -> Reply:
        if given.kind == "slow":
            time.sleep(SLOW)
        return Reply(escape(req.text))

    settings = SandboxSettings(
        bot_token=SecretStr(TOKEN),
        api_url=given.api,
        database_url=given.database,
        data_dir=Path(given.folder),
        webhook_url=f"http://127.0.0.1:{given.port}/hook",
        webhook_secret=SecretStr(SECRET),
        listen=Listen("127.0.0.1", given.port),
    )
    spacing = CHAT_SECONDS if given.per_second <= 10 * PER_SECOND else 0
    free = lambda: Throttle(staff=10**9, strangers=10**9)  # noqa: E731
    pace = Pace(per_second=given.per_second, chat_spacing=spacing, throttle=free)
    if given.kind == "whole":
        app = App(settings, SystemClock(), pace=pace)
    else:
        app = App(settings, SystemClock(), routes=(Route(Content.TEXT, echo, ANYONE),), jobs={}, pace=pace)
    sys.setswitchinterval(SWITCH_SECONDS)
    load(settings.region, dt.datetime.now(dt.UTC).date())  # before it is looked at, not meanwhile
    await app.start()
    gc.collect()
    gc.freeze()
    return app.stop


SERVERS = {"floor": serve_floor, "ours": serve_ours, "slow": serve_ours, "whole": serve_ours, "peer": serve_peer}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=SERVERS)
    parser.add_argument("--port", type=int)
    parser.add_argument("--api")
    parser.add_argument("--database")
    parser.add_argument("--folder")
    parser.add_argument("--per-second", type=float)
    given = parser.parse_args()
    asyncio.run(until_told(lambda: SERVERS[given.kind](given)))


if __name__ == "__main__":
    main()
