"""What the benchmarks share: a database, a Bot API server that says yes, a bot in a process of its own, lines of a table."""

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from sandbox.limits import Pacing
from sandbox.refusals import Refused
from storage.database import Database, open_database
from storage.migrate import migrate

SECRET = "a-secret-of-the-benchmark"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
TOKEN = "123456789:AAEbenchmarkbenchmarkbenchmarkbench0"
PATIENCE = 30.0  # seconds


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Of every benchmark: ``--quick`` checks that the script works, never a time."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small and short: does the script work?")
    return parser


# The database --------------------------------------------------------------------------------------------------------


@contextmanager
def scratch(*, postgres: bool = False) -> Iterator[tuple[Path, str]]:
    """A folder and the URL of a migrated database, both gone afterwards; PostgreSQL is the one that the tests start."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not postgres:
            migrate(url := f"sqlite:///{folder / 'keyuan.db'}", backup_dir=folder)
            yield folder, url
            return
        import psycopg

        from tests.postgres import server, tools_on_path

        os.environ["PATH"] = tools_on_path()
        with server(folder) as address:
            plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
            database = f"bench_{uuid4().hex}"
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{database}"'.encode())
                url = address.set(database=database).render_as_string(hide_password=False)
                try:
                    migrate(url, backup_dir=folder)
                    yield folder, url
                finally:
                    connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


# Telegram's side -----------------------------------------------------------------------------------------------------


def update(number: int, chat: int, text: str) -> bytes:
    """A text message as Telegram sends it."""
    name = {"first_name": f"Person {chat}", "username": f"p{chat}"}
    message = {
        "message_id": number,
        "from": {"id": chat, "is_bot": False, "language_code": "en"} | name,
        "chat": {"id": chat, "type": "private"} | name,
        "date": int(time.time()),
        "text": text,
    }
    return json.dumps({"update_id": number, "message": message}).encode()


class Api:
    """A Bot API server that says yes, unless a limit is exceeded, and tells ``heard`` of each message: chat and text."""

    def __init__(self, heard: Callable[[int, str], object], pacing: Pacing | None = None) -> None:
        self._heard = heard
        self._pacing = pacing or Pacing.off()
        self._number = 0
        self.calls = 0
        self.limited = 0

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
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
            self.calls += 1
            try:
                self._pacing.charge(chat)
            except Refused as refusal:
                self.limited += 1
                return web.json_response(refusal.as_json(), status=refusal.code)
            result = {"message_id": self._number, "date": 0, "chat": {"id": chat, "type": "private"}}
            result["text"] = sent["text"]
            self._heard(chat, str(sent["text"]))
        return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


# The bot in its process ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Served:
    """A program under load. ``measure`` begins, and ``lags`` ends with, the time that its loop's lag is looked at."""

    process: asyncio.subprocess.Process
    hook: str
    lags: tuple[float, float] = (0.0, 0.0)  # ms: p99 and most, known at the end

    def measure(self) -> None:
        self.process.send_signal(signal.SIGUSR1)

    def cpu_seconds(self) -> float:
        """What the process has worked so far."""
        return cpu_seconds(self.process.pid)

    def memory(self, *, most: bool = False) -> float:
        """MiB in memory now, or at most so far."""
        return memory(self.process.pid, most=most)

    async def post(self, session: aiohttp.ClientSession, body: bytes) -> None:
        async with session.post(self.hook, data=body) as response:
            await response.read()
            assert response.status == 200, response.status


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int, *, most: bool = False, own: bool = False) -> float:
    """MiB that a process has in memory now, or had at most.

    ``own`` leaves out what is mapped from files: of a database in SQLite that is as much as fits into free memory.
    """
    field = "RssAnon:" if own else "VmHWM:" if most else "VmRSS:"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


@asynccontextmanager
async def serving(kind: str, api: str, folder: Path, url: str, *, per_second: float = 1e6) -> AsyncIterator[Served]:
    """Run one of ``benchmarks.served`` beside this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.served", kind, "--port", str(port), "--api", api]
    more = ["--database", url, "--folder", str(folder), "--per-second", str(per_second)]
    process = await asyncio.create_subprocess_exec(*command, *more, stdout=asyncio.subprocess.PIPE)
    served = Served(process, f"http://127.0.0.1:{port}/hook")
    try:
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"ready\n":
            assert line, "the server did not start"
        yield served
        process.terminate()
        told = (await process.communicate())[0]
        served.lags = tuple(json.loads(told))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Asker:
    """People who ask, one question at a time each, and how long each waits for the answer."""

    def __init__(self, served: Served, session: aiohttp.ClientSession, people: Sequence[int], text: str) -> None:
        self._served, self._session, self._people, self._text = served, session, people, text
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = 0

    def heard(self, chat: int) -> bool:
        """Whether a message to ``chat`` was somebody's answer."""
        waiter = self._waiting.pop(chat, None)
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        return waiter is not None

    async def ask(self) -> float:
        """Milliseconds from a question to its answer."""
        chat = self._people[self._asked % len(self._people)]
        self._asked += 1
        answered = self._waiting[chat] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await self._served.post(self._session, update(1_000_000_000 + self._asked, chat, self._text))
        await asyncio.wait_for(answered, PATIENCE)
        return (time.perf_counter() - began) * 1000

    async def keep_asking(self, every: float, until: asyncio.Event) -> list[float]:
        """Ask again and again; how long each answer took."""
        taken = []
        while not until.is_set():
            taken.append(await self.ask())
            await asyncio.sleep(every)
        return taken


# What is shown -------------------------------------------------------------------------------------------------------


def p99(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


middle = statistics.median


def head() -> None:
    """The first line of a table: whose figures, and how busy the machine is."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':44} {'figure':>12} {'floor':>10} {'ratio':>7}  goal")


def line(
    what: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    most: float | None = None,
    least: float | None = None,
    most_ratio: float | None = None,
) -> None:
    """One line: figure, floor, ratio, goal, met or missed."""
    ratio = value / floor if floor else None
    compared = ratio if most_ratio is not None else value
    goal, met = "", True
    if (bound := most_ratio if most_ratio is not None else most) is not None:
        goal, met = f"<= {bound:g}{'x' if most_ratio is not None else ''}", compared is not None and compared <= bound
    elif least is not None:
        goal, met = f">= {least:g}", value >= least
    shown = f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    shown_floor = "" if floor is None else f"{floor:,.2f}" if floor < 100 else f"{floor:,.0f}"
    verdict = f"{goal:8} {'met' if met else 'MISSED'}" if goal else "-"
    print(f"{what:44} {shown + ' ' + unit:>12} {shown_floor:>10} {f'{ratio:.2f}' if ratio else '':>7}  {verdict}")
