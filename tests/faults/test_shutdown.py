"""SIGTERM ends the program within 25 s and cleanly, whatever is under way."""

import asyncio
import time
from collections.abc import Callable

import pytest

from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import Crowd, Program


async def test_a_clean_end_writes_everything_down(program: Program, crowd: Crowd, database: Database) -> None:
    await program.start()
    for number in range(5):
        crowd.say(1, f"{number}")
    await crowd.answered()
    assert await program.stop() == 0
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state < 2").scalar_one() == 0
    crowd.check(database)


async def test_a_signal_ends_it_also_while_the_server_is_away(program: Program, sandbox: Sandbox) -> None:
    await sandbox.close_port(30)
    await program.start()
    async with asyncio.timeout(30):
        while "server_away" not in program.log.read_text():
            await asyncio.sleep(0.05)
    assert await program.stop() == 0


@pytest.mark.long
async def test_a_call_that_hangs_does_not_hold_the_end_up(
    program: Program, crowd: Crowd, strike: Callable[..., Fault], database: Database
) -> None:
    await program.start()
    crowd.say(1, "first")
    await crowd.answered()
    strike("hang", method="sendMessage", seconds=120)
    crowd.say(1, "hangs")
    await crowd.until(lambda: "noted hangs" in crowd.heard(1))
    began = time.monotonic()
    assert await program.stop() == 0
    assert time.monotonic() - began < 25
    await program.start()
    await crowd.until(lambda: crowd.heard(1).count("noted hangs") == 2)  # nobody knew whether it had arrived
    await program.at_rest()
    crowd.check(database, copies=2)


async def test_no_secret_is_in_the_log(program: Program, crowd: Crowd, strike: Callable[..., Fault]) -> None:
    strike("error", method="getUpdates", status=404, times=2)
    strike("reset", method="sendMessage")
    await program.start()
    crowd.say(1, "bug of ours")
    crowd.said[1].clear()
    crowd.say(1, "one")
    await crowd.answered()
    await program.stop()
    log = program.log.read_text()
    assert "update_quarantined" in log and "send_ambiguous" in log
    assert program.sandbox.token.partition(":")[2] not in log
