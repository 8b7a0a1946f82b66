"""Worker processes when something is killed: the template they are forked from, one of them, the bot."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.forks import TEMPLATE_OF_ALL, Worker
from bot.worker import DONE, Order

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
BOT = """
import asyncio
from bot.forks import TEMPLATE_OF_ALL
from tests.faults.test_forks import begin

async def main():
    worker = await begin("hang")
    await worker.says(), await worker.says()
    print(TEMPLATE_OF_ALL.pid, worker.pid, flush=True)
    await worker.says()

asyncio.run(main())
"""


async def begin(how: str) -> Worker:
    """A worker that counts, and behaves so after the second number."""
    made = await Worker.start(Order("tests.chat.counting", "count", {"how": how}, None, "sqlite://", 0, 30, 256))
    assert made is not None and made.pid is not None
    return made


async def rest(worker: Worker) -> list[object]:
    """What it says until it is done or dead."""
    said = []
    while (frame := await worker.says()) not in (None, DONE):
        said.append(frame.value)
    await worker.end()
    return [*said, frame]


def ended(pid: int) -> bool:
    """Whether a process ends in time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], PATIENCE)[0])
    finally:
        os.close(handle)


@pytest.fixture
def bot() -> Iterator[subprocess.Popen[str]]:
    told = os.environ | {"KEYUAN_BOT_TOKEN": "1:secret", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", BOT], env=told, stdout=subprocess.PIPE, text=True)
    with process:
        yield process
        process.kill()


async def test_a_killed_template_is_made_again() -> None:
    assert await rest(await begin("")) == [1, 2, 3, 4, 5, DONE]
    first = TEMPLATE_OF_ALL.pid
    assert first is not None
    under_way = await begin("")
    os.kill(first, signal.SIGKILL)
    assert await rest(under_way) == [1, 2, 3, 4, 5, DONE]  # what was forked already goes on
    assert await rest(await begin("")) == [1, 2, 3, 4, 5, DONE]
    assert TEMPLATE_OF_ALL.pid != first


async def test_a_worker_is_killed_in_the_middle_of_its_work() -> None:
    worker = await begin("hang")
    pid = worker.pid
    assert pid is not None
    await worker.says()
    worker.kill()
    assert await rest(worker) in ([None], [2, None])
    assert ended(pid)


def test_nothing_outlives_a_killed_bot(bot: subprocess.Popen[str]) -> None:
    """And none of its processes has ever known the token."""
    assert bot.stdout is not None
    template, worker = map(int, bot.stdout.readline().split())
    for pid in (template, worker):
        known = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"PYTHONPATH" in known and b"KEYUAN" not in known
    bot.kill()
    assert ended(worker) and ended(template)
