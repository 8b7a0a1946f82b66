"""P10: from the start of the process to its first answer, with 100,000 customers in the database.

The message waits already when ``keyuan run`` begins; the clock stops when its answer arrives. The floor is the import of
PTB alone, measured in the same run. On a busy machine only the seconds of CPU say something, and they grow, too.

Run with ``python -m benchmarks.start`` (``--quick``: does it work at all).
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from benchmarks.company import build
from benchmarks.rig import arguments, cpu_seconds, head, line, middle, scratch
from sandbox import acts
from sandbox.limits import Pacing
from sandbox.people import Person
from sandbox.server import Sandbox

ASKER = 2  # the Telegram id of the sample's rep
GOAL = 2.0  # seconds
PATIENCE = 60.0


async def imported() -> tuple[float, float]:
    """Seconds that Python takes to import PTB, of the clock and of CPU."""
    began = time.perf_counter()
    told = "import time, telegram.ext; print(time.process_time())"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", told, stdout=asyncio.subprocess.PIPE)
    worked, _ = await process.communicate()
    return time.perf_counter() - began, float(worked)


async def answered(folder: Path, number: int) -> tuple[float, float]:
    """Seconds from the start of the program to the answer of a message that waits; ``number`` is its update's."""
    sandbox = Sandbox(people=(Person(ASKER, "Rep"),), pacing=Pacing.off(), first_update_id=number)
    await sandbox.start()
    person = sandbox.world.chats.people[ASKER]
    acts.say(sandbox.world, person, "/help")
    environment = {
        "KEYUAN_BOT_TOKEN": sandbox.token,
        "KEYUAN_API_URL": sandbox.api_url,
        "KEYUAN_DATA_DIR": str(folder),
        "KEYUAN_LOG_LEVEL": "ERROR",
        "PATH": os.environ["PATH"],
    }
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    chat = sandbox.world.chats.by_id[ASKER]
    async with asyncio.timeout(PATIENCE):
        while not any(entry.by_bot for entry in chat.entries.values()):
            await sandbox.world.chats.next_change()
    seconds, worked = time.perf_counter() - began, cpu_seconds(process.pid)
    process.terminate()
    await process.wait()
    await sandbox.stop()
    return seconds, worked


async def compare(folder: Path, rounds: int) -> None:
    floor, ours = [], []
    if rounds > 1:
        await answered(folder, 1)  # byte code is written, pages are read
    for number in range(rounds):
        floor.append(await imported())
        ours.append(await answered(folder, number + 2))
    head()
    (clock, cpu), (clock_floor, cpu_floor) = (map(middle, zip(*each, strict=True)) for each in (ours, floor))
    line("P10 start to first answer", clock, "s", floor=clock_floor, most=GOAL)
    line("P10 CPU of it", cpu, "s", floor=cpu_floor)


def main() -> None:
    quick = arguments(__doc__).parse_args().quick
    with scratch() as (folder, url):
        build(url, customers=500 if quick else 100_000).database.close()
        asyncio.run(compare(folder, 1 if quick else 5))


if __name__ == "__main__":
    main()
