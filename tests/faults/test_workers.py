"""Three workers on one PostgreSQL behind a balancer, killed and frozen at random: nothing lost, doubled or overtaken."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sandbox.people import Person
from sandbox.server import Sandbox
from storage.database import Database
from storage.leases import SENDER
from storage.models import Lease
from tests.faults import storm
from tests.faults.conftest import Crowd, Program
from tests.faults.storm import UPDATES, Storm
from tests.faults.workers import freeze, several, wake

WORKERS = 3
FAULTS = 50
SEED = 11
REPLACED = 30.0  # seconds in which the others must have taken over from a frozen worker


@pytest.fixture
def people() -> tuple[Person, ...]:
    return storm.PEOPLE


@pytest.fixture
async def workers(sandbox: Sandbox, shared_url: str, tmp_path: Path) -> AsyncIterator[list[Program]]:
    async with several(WORKERS, sandbox, shared_url, tmp_path) as made:
        yield made


async def stormed(
    workers: list[Program], crowd: Crowd, sandbox: Sandbox, shared: Database, *, updates: int, faults: int
) -> None:
    """A storm in which the workers die and freeze by turns, each time another one by chance."""
    dice = random.Random(SEED)
    made = Storm(sandbox, crowd, random.Random(SEED))

    async def strike() -> None:
        victim = dice.choice([*workers, *WORKERS * _sending(workers, shared)])  # often the one that matters most
        if made.faults % 2 == 0:
            await victim.kill()
            await victim.start()
            return
        freeze(victim)
        try:
            async with asyncio.timeout(REPLACED):
                await made.goes_on()
        finally:
            wake(victim)

    for program in workers:
        await program.start()
    await made.rage(updates=updates, faults=faults, strike=strike)
    await made.over(workers[0])
    print(made.check(shared))


def _sending(workers: list[Program], shared: Database) -> list[Program]:
    """The worker that sends; none while the one that did has just died."""
    with shared.reading() as connection:
        owner = connection.execute(select(Lease.owner).where(Lease.name == SENDER)).scalar_one_or_none() or ""
    return [program for program in workers if f":{program.pid}:" in owner]


async def test_three_workers_killed_and_frozen(
    workers: list[Program], crowd: Crowd, sandbox: Sandbox, shared: Database
) -> None:
    await stormed(workers, crowd, sandbox, shared, updates=200, faults=2)


@pytest.mark.long
async def test_three_workers_in_a_long_storm(
    workers: list[Program], crowd: Crowd, sandbox: Sandbox, shared: Database
) -> None:
    await stormed(workers, crowd, sandbox, shared, updates=UPDATES, faults=FAULTS)
