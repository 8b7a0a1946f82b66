"""Thousands of updates and one program that is killed again and again: nothing is lost, nothing is doubled."""

import random

import pytest

from sandbox.people import Person
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults import storm
from tests.faults.conftest import Crowd, Program
from tests.faults.storm import UPDATES, Storm

KILLS = 50
SEED = 5


@pytest.fixture
def people() -> tuple[Person, ...]:
    return storm.PEOPLE


@pytest.mark.long
@pytest.mark.both_databases
async def test_a_storm_with_kills(program: Program, crowd: Crowd, sandbox: Sandbox, database: Database) -> None:
    async def kill() -> None:
        await program.kill()
        await program.start()

    await program.start()
    made = Storm(sandbox, crowd, random.Random(SEED))
    await made.rage(updates=UPDATES, faults=KILLS, strike=kill)
    await made.over(program)
    print(made.check(database))


@pytest.mark.long
@pytest.mark.both_databases
async def test_a_storm_without_a_fault_has_no_extra_copy(
    program: Program, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    async def nothing() -> None:
        made.faults -= 1

    await program.start()
    made = Storm(sandbox, crowd, random.Random(SEED))
    await made.rage(updates=UPDATES, faults=20, strike=nothing)
    await made.over(program)
    assert made.faults == 0  # so that no extra copy is allowed
    print(made.check(database))
