"""P1: an echo through the whole stack, 64 in flight, by webhook, with its floor in the same run.

The floor is a bare aiohttp handler that answers in the response. Ours commits the update to the inbox, runs it as a unit,
commits effect and letter, calls ``sendMessage`` on another server and settles. Compared is the CPU of the serving process
per message; the load comes from this process. The peer is PTB's own ``Application`` with concurrent updates and httpx,
where nothing is durable; it gets a quarter of the messages.

Run with ``python -m benchmarks.echo`` (``--quick``: does it work at all; ``--postgres``: on PostgreSQL; ``--no-peer``).
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.rig import HEADERS, Api, Served, arguments, head, line, middle, p99, scratch, serving, update

IN_FLIGHT = 64


@dataclass(frozen=True, slots=True)
class Result:
    """One round of one stack."""

    per_second: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    lag_p99_ms: float


class Drive:
    """Messages, one at a time in each of 64 chats."""

    def __init__(self, stack: str, served: Served) -> None:
        self._answers = stack != "floor"  # in a message of its own
        self._served = served
        self._waiting: dict[int, asyncio.Future[None]] = {}

    def heard(self, chat: int, _text: str) -> None:
        if (waiter := self._waiting.pop(chat, None)) and not waiter.done():
            waiter.set_result(None)

    async def run(self, *, first: int, count: int) -> list[float]:
        """Send ``count`` of them; the latencies in seconds."""
        latencies: list[float] = []
        numbers = iter(range(first, first + count))

        async def chat(number: int, session: aiohttp.ClientSession) -> None:
            for update_id in numbers:
                answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                if self._answers:
                    self._waiting[number] = answered
                began = time.perf_counter()
                await self._served.post(session, update(update_id, number, f"echo {update_id}"))
                if self._answers:
                    await answered
                latencies.append(time.perf_counter() - began)

        connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
        async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as session:
            await asyncio.gather(*(chat(number, session) for number in range(1, IN_FLIGHT + 1)))
        return latencies


async def measure(stack: str, folder: Path, url: str, *, count: int) -> Result:
    """Start a server, warm it up, drive it, stop it."""
    drive: Drive
    api = Api(lambda chat, text: drive.heard(chat, text))
    address = await api.start()
    async with serving(stack, address, folder, url) as served:
        drive = Drive(stack, served)
        first = time.time_ns() // 1000 % 10**9  # a database that is kept must not know the numbers
        await drive.run(first=first, count=min(IN_FLIGHT * 4, count))
        served.measure()
        before, began = served.cpu_seconds(), time.perf_counter()
        latencies = await drive.run(first=first + 10_000_000, count=count)
        seconds, used = time.perf_counter() - began, served.cpu_seconds() - before
    await api.stop()
    return Result(count / seconds, used / count * 1e6, middle(latencies) * 1000, p99(latencies) * 1000, served.lags[0])


async def compare(given: argparse.Namespace, folder: Path, url: str) -> None:
    stacks = ["floor", "ours", *([] if given.no_peer else ["peer"])]
    rounds, count = (1, 128) if given.quick else (given.rounds, given.count)
    results: dict[str, list[Result]] = {stack: [] for stack in stacks}
    for _ in range(rounds):
        for stack in stacks:  # interleaved: a busy machine is busy for all
            fewer = count // 4 if stack == "peer" else count
            results[stack].append(await measure(stack, folder, url, count=fewer))
    show(results, postgres=given.postgres)


def show(results: dict[str, list[Result]], *, postgres: bool) -> None:
    def of(stack: str, name: str) -> float:
        return middle([float(getattr(result, name)) for result in results[stack]])

    head()
    floor, ours = of("floor", "cpu_us"), of("ours", "cpu_us")
    line("P1 CPU of a message", ours, "us", floor=floor, most_ratio=15 if postgres else 12)
    line("P1 lag of the loop, p99", of("ours", "lag_p99_ms"), "ms", most=20)
    if "peer" in results:
        peer = of("peer", "cpu_us")
        line("P1 CPU of PTB + httpx", peer, "us", floor=floor)
        line("P1 CPU of PTB + httpx, in ours", peer / ours, "x", least=5)
    for stack in results:
        line(f"P1 messages a second, {stack}", of(stack, "per_second"), "/s")
        line(f"P1 latency, {stack}: median", of(stack, "p50_ms"), "ms")
        line(f"P1 latency, {stack}: p99", of(stack, "p99_ms"), "ms")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--no-peer", action="store_true", help="without PTB's Application and httpx")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=6400, help="messages per round")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of a SQLite file")
    given = parser.parse_args()
    with scratch(postgres=given.postgres) as (folder, url):
        asyncio.run(compare(given, folder, url))


if __name__ == "__main__":
    main()
