"""P3: 1,000 reminders of as many people due in one second, 1,000,000 stored, and somebody who asks questions meanwhile.

The floor of finding and settling them is one statement of plain SQL, undone again, in turns with ours. Goals: from due
to claimed p99 100 ms; the loop blocked for 20 ms at most; an answer never later by more than 30 ms; 50 ms at the start;
no memory per reminder.

Run with ``python -m benchmarks.reminders`` (``--quick``: does it work at all; ``--postgres``: on PostgreSQL;
``--per-second 30``: what people see, as no more is taken than leaves in the next second).
"""

import argparse
import asyncio
import datetime as dt
import gc
import time
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import bindparam, insert, select, text, update

from benchmarks.company import free_keys, staff
from benchmarks.rig import HEADERS, Api, Asker, arguments, head, line, memory, middle, opened, p99, scratch, serving
from storage import due
from storage.database import Database
from storage.models import Due, Outbox, Reminder

SPAN = dt.timedelta(seconds=1)
AHEAD = dt.timedelta(seconds=3)  # after the start, so that the bot is at rest when they come due
BATCH = 10_000
ASKERS = 20
ROUNDS = 20
SHARE = 8.0  # of so many sends at most one is asked for
FLOOR = text(
    "UPDATE due SET state = 1 WHERE id IN (SELECT id FROM due WHERE state = 0 AND due_at <= :now"
    " ORDER BY due_at, id LIMIT :most) RETURNING id, kind, subject_id, person_id, due_at, useful_until"
).bindparams(bindparam("now", type_=Due.due_at.type))


def fill(database: Database, people: int, first: int, last: int, *, at: dt.datetime) -> None:
    """Reminders ``first`` to ``last``, in turns of all people, a minute apart from ``at`` on."""
    for start in range(first, last + 1, BATCH):
        keys = range(start, min(start + BATCH, last + 1))
        rows = [
            {"id": key, "person_id": key % people + 1, "words": f"R{key}", "state": "open", "created_at": at}
            | {"at": at + dt.timedelta(minutes=key)}
            for key in keys
        ]
        owed = [
            {"kind": "reminder", "subject_id": row["id"], "person_id": row["person_id"], "due_at": row["at"]}
            | {"id": row["id"], "key": f"reminder:{row['id']}", "state": 0}
            for row in rows
        ]
        with database.group() as connection:
            connection.execute(insert(Reminder), rows)
            connection.execute(insert(Due), owed)


def bring_forward(database: Database, people: int, *, at: dt.datetime) -> dict[str, dt.datetime]:
    """Let the first reminder of each person come due within one second from ``at`` on; when, by their words."""
    moments = {key: at + SPAN * (key / people) for key in range(1, people + 1)}
    rows = [{"key_": key, "when": moment} for key, moment in moments.items()]
    with database.group() as connection:
        for table, column in ((Due, Due.due_at), (Reminder, Reminder.at)):
            connection.execute(
                update(table)
                .where(table.id == bindparam("key_"))
                .values({column: bindparam("when", type_=column.type)}),
                rows,
            )
    return {f"R{key}": moment for key, moment in moments.items()}


# What is measured ----------------------------------------------------------------------------------------------------


def taken(database: Database, *, now: dt.datetime, most: int, rounds: int) -> tuple[float, float, float]:
    """Milliseconds to find and settle what is due: plain SQL, ours; and ours where nothing is, as at a start."""
    plain, ours, idle = [], [], []
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    def timed(work: Any) -> float:
        with database.engine.connect() as connection:
            began = time.perf_counter()
            work(connection)
            spent = (time.perf_counter() - began) * 1000
            connection.rollback()
        return spent

    def look(connection: Any) -> None:
        due.take(connection, now=long_ago, most=30)
        due.next_time(connection)

    for _ in range(rounds):
        plain.append(timed(lambda c: c.execute(FLOOR, {"now": now, "most": most}).all()))
        ours.append(timed(lambda c: due.take(c, now=now, most=most)))
        idle.append(timed(look))
    return middle(plain), middle(ours), max(idle)


async def memory_with(folder: Path, url: str) -> float:
    """MiB of the bot's own, mapped files apart, when it has started: not for the first time, which makes menus."""
    api = Api(lambda *_: None)
    address = await api.start()
    for _ in range(2):
        async with serving("whole", address, folder, url) as served:
            found = memory(served.process.pid, own=True)
    await api.stop()
    return found


async def storm(folder: Path, url: str, database: Database, people: int, *, per_second: float) -> dict[str, Any]:
    """Let them come due while somebody asks; what was seen."""
    arrived: dict[str, dt.datetime] = {}
    done = asyncio.Event()
    moments: dict[str, dt.datetime] = {}
    asker: Asker

    def hear(chat: int, words: str) -> None:
        for word in words.replace("<", " ").split():
            if word in moments and word not in arrived:
                arrived[word] = dt.datetime.now(dt.UTC)
                if len(arrived) == len(moments):
                    done.set()
                return
        asker.heard(chat)

    api = Api(hear)
    address = await api.start()
    async with (
        serving("whole", address, folder, url, per_second=per_second) as served,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        asker = Asker(served, session, range(people + 1, people + 1 + ASKERS), "/help")
        own = memory(served.process.pid, own=True)
        idle = [await asker.ask() for _ in range(60)][20:]
        moments |= await asyncio.to_thread(bring_forward, database, people, at=dt.datetime.now(dt.UTC) + AHEAD)
        await asyncio.sleep(max(0.0, (min(moments.values()) - dt.datetime.now(dt.UTC)).total_seconds() - 0.1))
        served.measure()
        asking = asyncio.create_task(asker.keep_asking(max(0.01, SHARE / per_second), done))
        await asyncio.wait_for(done.wait(), 120)
        busy = await asking
    await api.stop()
    claimed = {}
    with database.reading() as connection:
        for payload, at in connection.execute(select(Outbox.payload, Outbox.created_at).where(Outbox.lane == 1)):
            claimed.update({word: at for word in str(payload["text"]).replace("<", " ").split() if word in moments})

    def late(seen: dict[str, dt.datetime]) -> list[float]:
        return [(seen[word] - moment).total_seconds() * 1000 for word, moment in moments.items()]

    return {
        "claimed": late(claimed),
        "arrived": late(arrived),
        "idle": idle,
        "busy": busy,
        "lags": served.lags,
        "memory": own,
    }


async def compare(given: argparse.Namespace, folder: Path, url: str) -> None:
    people, stored = (100, 2_000) if given.quick else (1_000, given.stored)
    now = dt.datetime.now(dt.UTC)
    later = now + dt.timedelta(days=2)
    with opened(url) as database:
        staff(database, people + ASKERS)
        fill(database, people, 1, people, at=later)
        few = await memory_with(folder, url) if not given.quick else 0.0
        fill(database, people, people + 1, stored, at=later)
        free_keys(database, Due, Reminder)
        with database.group() as connection:
            connection.exec_driver_sql("ANALYZE")
        gc.collect()
        horizon = later + dt.timedelta(minutes=people)
        plain, ours, idle = taken(database, now=horizon, most=people, rounds=2 if given.quick else ROUNDS)
        seen = await storm(folder, url, database, people, per_second=given.per_second)
    head()
    line(f"P3 find and settle {people:,} of {stored:,}", ours, "ms", floor=plain)
    line("P3 first look at the start", idle, "ms", most=50)
    line("P3 due to claimed: p99", p99(seen["claimed"]), "ms", most=100)
    line("P3 due to arrived: p99", p99(seen["arrived"]), "ms")
    line("P3 loop blocked: p99", seen["lags"][0], "ms")
    line("P3 loop blocked: most", seen["lags"][1], "ms", most=20)
    rest = middle(seen["idle"])
    line("P3 answer meanwhile: p99", p99(seen["busy"]), "ms", floor=rest)
    line("P3 answer later by, p99", p99(seen["busy"]) - rest, "ms", most=30)
    line("P3 answer later by, at most", max(seen["busy"]) - rest, "ms", most=30)
    if few:
        line("P3 bytes of memory a reminder", max(0.0, seen["memory"] - few) * 2**20 / stored, "B", most=1)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=1e6, help="sends; 30 is what Telegram allows")
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with scratch(postgres=given.postgres) as (folder, url):
        asyncio.run(compare(given, folder, url))


if __name__ == "__main__":
    main()
