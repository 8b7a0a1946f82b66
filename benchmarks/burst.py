"""P9: 10,000 updates that waited while the bot was away, by webhook over as many connections as the bot asks for.

Each is handled for 3 ms, so the floor of all effects is 3 ms times their number. Goals: acknowledged within 10 s, all
effects within 60 s, at most 150 MiB, and in every chat the answers in the order of the questions.

Run with ``python -m benchmarks.burst`` (``--quick``: does it work at all; ``--postgres``: on PostgreSQL).
"""

import argparse
import asyncio
import time
from collections import defaultdict
from pathlib import Path

import aiohttp

from benchmarks.rig import HEADERS, Api, arguments, head, line, scratch, serving, update
from benchmarks.served import SLOW
from bot.app import HOOKS

CHATS = 500
PATIENCE = 600.0


async def burst(given: argparse.Namespace, folder: Path, url: str) -> None:
    count = 200 if given.quick else given.count
    chats = min(CHATS, count // 4)
    answers: dict[int, list[int]] = defaultdict(list)
    heard, done = 0, asyncio.Event()

    def hear(chat: int, text: str) -> None:
        nonlocal heard
        answers[chat].append(int(text))
        heard += 1
        if heard == count:
            done.set()

    api = Api(hear)
    address = await api.start()
    async with serving("slow", address, folder, url) as served:
        numbers = iter(range(count))
        served.measure()
        began = time.perf_counter()

        async def deliver(session: aiohttp.ClientSession) -> None:
            for number in numbers:
                await served.post(session, update(number + 1, number % chats + 1, str(number)))

        async with aiohttp.ClientSession(headers=HEADERS) as session:
            await asyncio.gather(*(deliver(session) for _ in range(HOOKS)))
        acknowledged = time.perf_counter() - began
        await asyncio.wait_for(done.wait(), PATIENCE)
        seconds, most = time.perf_counter() - began, served.memory(most=True)
    await api.stop()
    head()
    share = count / 10_000  # the goals are for 10,000
    line(f"P9 {count:,} updates acknowledged", acknowledged, "s", most=10 * share)
    line("P9 all effects", seconds, "s", floor=count * SLOW, most=60 * share)
    line("P9 memory at most", most, "MiB", most=150)
    line("P9 chats with answers out of order", sum(got != sorted(got) for got in answers.values()), "", most=0)
    line("P9 answers missing or doubled", abs(count - len({n for got in answers.values() for n in got})), "", most=0)
    line("P9 lag of the loop, p99", served.lags[0], "ms")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with scratch(postgres=given.postgres) as (folder, url):
        asyncio.run(burst(given, folder, url))


if __name__ == "__main__":
    main()
