"""A disk that is full, a database that is locked or cannot be written: nothing is acknowledged, and it mends itself."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy.engine import URL, make_url

from bot.app import App
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import Crowd, running
from tests.faults.disks import filled, small_disk

DISK = 4  # megabytes; an empty database has half of one
LOOK_EVERY = 0.02


def failed_polls() -> float:
    return float(REGISTRY.get_sample_value("keyuan_polls_total", {"outcome": "failed"}) or 0)


async def failing(times: int) -> None:
    """Until polling has failed so many times more."""
    before = failed_polls()
    async with asyncio.timeout(60):
        while failed_polls() < before + times:
            await asyncio.sleep(LOOK_EVERY)


@pytest.fixture
def disk(tmp_path: Path, sqlite_template: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", megabytes=DISK) as folder:
        shutil.copy(sqlite_template, folder / "keyuan.db")
        yield folder


@pytest.fixture
async def on_disk(sandbox: Sandbox, disk: Path, tmp_path: Path) -> AsyncIterator[App]:
    """The bot with its database on the small disk."""
    async with running(sandbox, f"sqlite:///{disk / 'keyuan.db'}", tmp_path / "clock") as app:
        yield app


def forget_room(file: Path) -> None:
    """Empty the write-ahead log, so that no write finds room in it."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


async def test_a_full_disk_stops_everything_and_loses_nothing(
    on_disk: App, disk: Path, crowd: Crowd, sandbox: Sandbox, strike: Callable[..., Fault]
) -> None:
    """Also the end of a call that was under way when the disk became full is written down, later."""
    crowd.say(1, "before")
    await crowd.answered()
    slow = strike("slow", method="sendMessage", seconds=0.5)
    crowd.say(2, "under way")
    while not slow.struck:
        await asyncio.sleep(LOOK_EVERY)
    forget_room(disk / "keyuan.db")
    with filled(disk):
        crowd.say(1, "during")
        crowd.say(3, "during")
        await failing(2)
        assert len(sandbox.world.updates.waiting) == 2  # not acknowledged
        assert crowd.heard(2) == ["noted under way"] and crowd.heard(1) == ["noted before"]
    await crowd.answered()
    await on_disk.idle()
    crowd.check(on_disk.database)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds the database: on SQLite all of it, on PostgreSQL the table that every update needs: one, as two would be taken crosswise."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(address.database), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(as_driver_says(address)) as connection:
            connection.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            yield


def as_driver_says(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def held_back(crowd: Crowd, sandbox: Sandbox, url: str, seconds: float) -> None:
    crowd.say(1, "before")
    await crowd.answered()
    with locked(url):
        for person in (1, 2, 3):
            crowd.say(person, "during")
        await asyncio.sleep(seconds)
        assert len(sandbox.world.updates.waiting) == 3
    await crowd.answered()


@pytest.mark.both_databases
async def test_a_database_locked_for_three_seconds_is_waited_for(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database, database_url: str
) -> None:
    await held_back(crowd, sandbox, database_url, 3)
    await bot.idle()
    crowd.check(database)


@pytest.mark.long
@pytest.mark.both_databases
async def test_a_database_locked_for_a_minute_is_waited_for(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database, database_url: str
) -> None:
    await held_back(crowd, sandbox, database_url, 60)
    assert bot.is_alive()  # a supervisor that ended it would mend nothing
    await bot.idle()
    crowd.check(database)


async def test_a_server_that_falls_over_is_waited_for(
    crowd: Crowd, sandbox: Sandbox, shared: Database, shared_url: str, tmp_path: Path
) -> None:
    """Every connection is cut, and for a while there is a replica that can only be read."""
    async with running(sandbox, shared_url, tmp_path / "clock") as bot:
        crowd.say(1, "before")
        await crowd.answered()
        await bot.idle()
        fall_over(shared, read_only=True)
        for person in (1, 2):
            crowd.say(person, "during")
        await failing(2)
        assert len(sandbox.world.updates.waiting) == 2
        fall_over(shared, read_only=False)
        await crowd.answered()
        await bot.idle()
    crowd.check(shared)


def fall_over(database: Database, *, read_only: bool) -> None:
    """Cut all connections; those made from now on can, or cannot, write."""
    name, mode = database.url.database, "on" if read_only else "off"
    with psycopg.connect(as_driver_says(database.url)) as admin:
        admin.execute("SET default_transaction_read_only = off; COMMIT")
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {mode}'.encode())
        admin.commit()
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        admin.execute(others, [name])
