"""P6: a workbook of 100,000 rows through the whole program: read, checked, deduplicated, filed in small transactions.

The floor reads the same file with calamine and stores it with one executemany, with nothing checked. Goals: three times
that, 200 MiB in the bot and in the process that reads, and answers no slower than twice the idle ones meanwhile.

Run with ``python -m benchmarks.imports`` (``--quick``: does it work at all; ``--postgres``: on PostgreSQL).
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
from python_calamine import load_workbook

from actions import imports as act
from benchmarks.company import CITIES, GIVEN, SURNAMES, staff
from benchmarks.rig import HEADERS, Api, Asker, arguments, head, line, memory, middle, opened, p99, scratch, serving
from domain.imports import BATCH, Fate, ImportLine, ImportState
from storage.database import Database
from storage.uow import UnitOfWork
from views.sheets import write_xlsx

HEADINGS = ("客户名称", "电话", "城市", "地址", "备注", "标签")
ASKERS = 20
LOOK_EVERY = 0.1  # seconds
PATIENCE = 3600.0


def write(path: Path, rows: int) -> None:
    """People with invented names; the first column of every hundredth row is empty, every fiftieth repeats its number."""
    dice = random.Random(4)

    def made() -> list[list[str]]:
        table, phone = [], ""
        for number in range(rows):
            if number % 50:
                phone = f"1{dice.choice('358')}{dice.randrange(10**9):09d}"
            name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2)) if number % 100 else ""
            table.append([name, phone, dice.choice(CITIES), f"建设路{number}号", "要样品 下周回访", "大客户"])
        return table

    write_xlsx(path, HEADINGS, made())


def floor(path: Path) -> float:
    """Seconds of calamine and one executemany."""
    began = time.perf_counter()
    rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    with sqlite3.connect(path.with_suffix(".db")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS plain (name, phone, city, address, note, tag)")
        connection.execute("DELETE FROM plain")
        connection.executemany("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    return time.perf_counter() - began


def begin(database: Database, path: Path) -> int:
    """Have the bot read the file, as the command line does beside a running bot."""
    with database.transaction(dt.datetime.now(dt.UTC)) as uow:
        return act.begin(uow, uow.people.program(), path.name, {"path": str(path)}).id


def start(database: Database, key: int) -> None:
    """Have the bot file what it read."""
    with database.transaction(dt.datetime.now(dt.UTC)) as uow:
        actor = uow.people.program()
        act.start(uow, actor, uow.imports(actor).get(key))


async def until(database: Database, key: int, *states: ImportState) -> ImportLine:
    """Wait for one of the states of the import."""
    given_up = time.perf_counter() + PATIENCE
    while True:
        with database.reading() as connection:
            uow = UnitOfWork(connection, dt.datetime.now(dt.UTC))
            found = uow.imports(uow.people.program()).get(key)
        if found.state in states:
            return found
        assert time.perf_counter() < given_up and found.state is not ImportState.REFUSED, found
        await asyncio.sleep(LOOK_EVERY)


async def watch_memory(pid: int, most: dict[str, float], ended: asyncio.Event) -> None:
    """Note the most memory of the bot and of a process below it."""
    while not ended.is_set():
        most["bot"] = max(most["bot"], memory(pid, most=True))
        most["own"] = max(most["own"], memory(pid, own=True))
        for below in _below(pid):
            with contextlib.suppress(OSError, StopIteration):  # it has just ended
                most["reader"] = max(most["reader"], memory(below, most=True))
        await asyncio.sleep(LOOK_EVERY)


def _below(pid: int) -> Iterator[int]:
    """What a process started, and what that started."""
    with contextlib.suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from _below(child)


async def bring_in(given: argparse.Namespace, folder: Path, url: str) -> None:
    rows = 300 if given.quick else given.rows
    path = folder / "customers.xlsx"
    write(path, rows)
    floors = [floor(path) for _ in range(1 if given.quick else 2)]
    asker: Asker
    api = Api(lambda chat, _text: asker.heard(chat))
    address = await api.start()
    most, ended = {"bot": 0.0, "own": 0.0, "reader": 0.0}, asyncio.Event()
    with opened(url) as database:
        people = staff(database, ASKERS)
        async with (
            serving("whole", address, folder, url) as served,
            aiohttp.ClientSession(headers=HEADERS) as session,
        ):
            asker = Asker(served, session, people, "/help")
            idle = [await asker.ask() for _ in range(10 if given.quick else 100)]
            watching = asyncio.create_task(watch_memory(served.process.pid, most, ended))
            asking = asyncio.create_task(asker.keep_asking(0.05, ended))
            began = time.perf_counter()
            key = begin(database, path)
            await until(database, key, ImportState.PREVIEW)
            read, again = time.perf_counter() - began, time.perf_counter()
            start(database, key)
            found = await until(database, key, ImportState.DONE)
            filed = time.perf_counter() - again
            ended.set()
            busy = await asking
            await watching
    await api.stop()
    floors += [floor(path) for _ in range(1 if given.quick else 2)]
    assert found.done(Fate.NEW) and found.done(Fate.BAD) == len(range(0, rows, 100)), found.facts
    head()
    line(f"P6 {rows:,} rows read, checked, shown", read, "s", floor=middle(floors))
    line("P6 the same filed", filed, "s", floor=middle(floors))
    line("P6 both", read + filed, "s", floor=middle(floors), most_ratio=3)
    line(f"P6 a transaction of {BATCH}, reading included", filed / max(1, rows / BATCH) * 1000, "ms")
    line("P6 memory of the bot, the mapped database included", most["bot"], "MiB")
    line("P6 memory of the bot", most["own"], "MiB", most=200)
    line("P6 memory of the reader", most["reader"], "MiB", most=200)
    line("P6 answer meanwhile: median", middle(busy), "ms", floor=middle(idle))
    line("P6 answer meanwhile: p99", p99(busy), "ms", floor=p99(idle), most_ratio=2)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with scratch(postgres=given.postgres) as (folder, url):
        asyncio.run(bring_in(given, folder, url))


if __name__ == "__main__":
    main()
