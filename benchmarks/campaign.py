"""P4: a message to 10,000 people at 30 a second, while others ask questions; the server refuses what is too fast.

The floor is the limit itself: 10,000 thirtieths of a second. Goals: 95 % of the limit, at most 0.2 % refused, the p99 of
an answer at most five idle round trips, nothing lost or doubled.

Run with ``python -m benchmarks.campaign`` (six minutes; ``--quick``: does it work at all, at 300 a second;
``--postgres``: on PostgreSQL).
"""

import argparse
import asyncio
import datetime as dt
import time
from collections import Counter
from pathlib import Path

import aiohttp

from benchmarks.company import staff
from benchmarks.rig import HEADERS, Api, Asker, arguments, head, line, middle, opened, p99, scratch, serving
from sandbox.limits import Pacing
from storage import outbox
from storage.outbox import Letter

ASKERS = 40  # one chat may be answered once a second
CAMPAIGN = 2  # the lane
FIRST = 1_000  # chat that gets the message
EVERY = 0.25  # seconds between two questions


def send(url: str, recipients: int) -> None:
    """Owe the campaign, as one transaction."""
    now = dt.datetime.now(dt.UTC)
    letters = [
        Letter(n, "sendMessage", {"chat_id": n, "text": f"C{n}"}, now, lane=CAMPAIGN)
        for n in range(FIRST, FIRST + recipients)
    ]
    with opened(url) as database, database.group() as connection:
        outbox.add(connection, letters)


async def campaign(given: argparse.Namespace, folder: Path, url: str) -> None:
    recipients, per_second = (150, 300.0) if given.quick else (given.recipients, given.per_second)
    with opened(url) as database:
        people = staff(database, ASKERS)
    got: Counter[int] = Counter()
    sent: list[float] = []
    done = asyncio.Event()
    asker: Asker

    def hear(chat: int, text: str) -> None:
        if text.startswith("C"):
            got[chat] += 1
            if len(got) == recipients:
                done.set()
        else:
            asker.heard(chat)
        sent.append(time.perf_counter())

    api = Api(hear, Pacing(per_second=per_second))
    address = await api.start()
    async with (
        serving("whole", address, folder, url, per_second=per_second) as served,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        asker = Asker(served, session, people, "/help")
        idle = []
        for _ in range(5 if given.quick else 80):
            idle.append(await asker.ask())
            await asyncio.sleep(0.05)
        await asyncio.to_thread(send, url, recipients)
        while not got:
            await asyncio.sleep(0.005)
        before, began = len(sent), time.perf_counter()
        asking = asyncio.create_task(asker.keep_asking(0.02 if given.quick else EVERY, done))
        await asyncio.wait_for(done.wait(), 2 * recipients / per_second + 60)
        ended = time.perf_counter()
        busy = await asking
    await api.stop()
    rate = sum(at <= ended for at in sent[before:]) / (ended - began)
    head()
    line(f"P4 seconds for {recipients:,} recipients", ended - began, "s", floor=recipients / per_second)
    line("P4 sends a second, % of the limit", rate / per_second * 100, "%", least=95)
    line("P4 refused as too fast", api.limited / api.calls * 100, "%", most=0.2)
    line("P4 answer meanwhile: median", middle(busy), "ms", floor=middle(idle))
    line("P4 answer meanwhile: p99", p99(busy), "ms", floor=middle(idle), most_ratio=5)
    line("P4 answer meanwhile: p99, of the idle p99", p99(busy), "ms", floor=p99(idle))
    line("P4 lost", recipients - len(got), "", most=0)
    line("P4 doubled", sum(n > 1 for n in got.values()), "", most=0)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=30.0)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with scratch(postgres=given.postgres) as (folder, url):
        asyncio.run(campaign(given, folder, url))


if __name__ == "__main__":
    main()
