"""``kill -9`` at any moment: every accepted message has its effect exactly once, and every answer arrives.

A *journey* is killed at its first outbound call, its second, and so on until it passes; then at its commits.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.customers import CustomerDraft
from domain.erasures import DONE
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from storage.due import DueRepository
from storage.models import Erasure, Touch
from tests.faults.commits import CommitProxy, traced
from tests.faults.conftest import LOOK_EVERY, PEOPLE, Crowd, Program
from tests.faults.echo import effects
from tests.faults.journey import REP, Journey, Morning, open_office
from tests.faults.matter import CLIENT, Matter, bind_client

KILLED = -9
Makes = Callable[[str], Journey]


@pytest.fixture
async def office(program: Program, sandbox: Sandbox, database: Database) -> Program:
    """The program with all that it has, a rep and one customer; not started yet."""
    program.more += ["--product"]
    open_office(database, sandbox.world.clock.now())
    return program


@pytest.fixture(params=[Morning, pytest.param(Matter, marks=pytest.mark.long)], ids=lambda kind: kind.__name__.lower())
def made(request: pytest.FixtureRequest, office: Program, crowd: Crowd, database: Database) -> Makes:
    """Makes journeys of one kind, each marked by a word of its own; whoever takes part is there."""
    if request.param is Matter:
        bind_client(database, crowd)
    return lambda word: request.param(office, crowd, word)


@pytest.fixture
async def proxy(office: Program) -> AsyncIterator[CommitProxy]:
    """Between the program and its PostgreSQL."""
    made = CommitProxy(office.database_url)
    office.database_url = await made.start()
    yield made
    await office.kill()
    await made.stop()


async def over(journey: Journey, database: Database, *, killed: bool) -> bool:
    """The end of a run: everything is written down, and is what it should be; whether it died, if only in ending."""
    await journey.program.at_rest_or_dead()
    status = await journey.program.stop()
    if status == KILLED:
        killed, before = True, len(journey.crowd.heard(REP))
        await journey.program.start()
        journey.crowd.say(REP, "/help")  # answered when it is up, and then it ends as it should
        await journey.crowd.until(lambda: len(journey.crowd.heard(REP)) > before)
        await journey.program.at_rest()
        status = await journey.program.stop()
    assert status == 0
    journey.check(database, killed=killed)
    return killed


# Calls -------------------------------------------------------------------------------------------------------------


async def killed_at_call(
    journey: Journey, strike: Callable[..., Fault], database: Database, number: int, kind: str
) -> bool:
    """Whether there were so many calls; the program died at that one, before or after it was accepted."""
    program, crowd = journey.program, journey.crowd
    journey.prepare(database)
    await program.start()
    fault = strike(kind, method="*", skip=number - 1, pid=program.pid)
    killed = await journey.go()
    if fault.struck and not killed:  # it was the poll that waits for the next message
        journey.say(REP, "/help")
        assert await program.died() == KILLED
        await program.start()
    crowd.sandbox.faults.clear()
    await over(journey, database, killed=bool(fault.struck))
    return bool(fault.struck)


@pytest.mark.parametrize("kind, number", [("kill_after", 10)])  # the others by ``-m long``
async def test_killed_at_a_call(
    made: Makes, strike: Callable[..., Fault], database: Database, kind: str, number: int
) -> None:
    assert await killed_at_call(made("w"), strike, database, number, kind)


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["kill_before", "kill_after"])
async def test_killed_at_every_call(made: Makes, strike: Callable[..., Fault], database: Database, kind: str) -> None:
    number = 1
    while await killed_at_call(made(f"w{number}{kind}"), strike, database, number, kind):
        number += 1
    print(f"{kind}: {number - 1} kills")
    assert number > 12


# Commits -----------------------------------------------------------------------------------------------------------


async def killed_at_write(journey: Journey, database: Database, call: str, number: int) -> bool:
    """Whether one of its threads wrote so often; the program died there. On SQLite."""
    journey.prepare(database)
    await journey.program.start(before=traced(call, number))
    killed = await journey.go()
    return await over(journey, database, killed=killed)


async def killed_at_commit(journey: Journey, database: Database, proxy: CommitProxy, when: str, number: int) -> bool:
    """Whether there were so many commits; the program died before or after that one. On PostgreSQL."""
    journey.prepare(database)
    await journey.program.start()
    proxy.kill_at(number, when, journey.program.pid)
    killed = await journey.go()
    proxy.let_live()
    return await over(journey, database, killed=killed)


@pytest.mark.parametrize("call, number", [("fdatasync", 5)])  # the others by ``-m long``
async def test_killed_at_a_commit(made: Makes, database: Database, call: str, number: int) -> None:
    assert await killed_at_write(made("w"), database, call, number)


@pytest.mark.long
@pytest.mark.parametrize("call, step", [("fdatasync", 1), ("pwrite64", 23)])
async def test_killed_at_every_commit_of_sqlite(made: Makes, database: Database, call: str, step: int) -> None:
    """At every ``fdatasync``, and at a twentieth of the writes before."""
    number = 1
    while await killed_at_write(made(f"w{number}{call}"), database, call, number):
        number += step
    print(f"{call}: {number // step} kills")
    assert number > 8


@pytest.mark.long
@pytest.mark.on_postgres
@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_at_every_commit_of_postgres(
    made: Makes, database: Database, proxy: CommitProxy, when: str
) -> None:
    number = 1
    while await killed_at_commit(made(f"w{number}{when}"), database, proxy, when, number):
        number += 1
    print(f"{when}: {number - 1} kills")
    assert number > 8


# With the suite's own routes ---------------------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_killed_with_a_backlog(program: Program, crowd: Crowd, database: Database) -> None:
    """Batches of twenty, with a kill in the middle: what was acknowledged is taken up again, in order."""
    await program.start()
    for number in range(20):
        for person in PEOPLE:
            crowd.say(person.id, f"{number}")
    await crowd.until(lambda: len(crowd.heard(1)) >= 3)
    await program.kill()
    await program.start()
    await crowd.answered()
    crowd.check(database, copies=2)


@pytest.mark.parametrize("steps", [[3], pytest.param([1, 2, 3, 4, 5], marks=pytest.mark.long)])
async def test_long_work_goes_on_where_it_was(
    program: Program, crowd: Crowd, database: Database, steps: list[int]
) -> None:
    """Also when the program is killed more often than work may be taken up in vain."""
    await program.start()
    crowd.say(1, "/job")
    for step in steps:
        await crowd.until(lambda wanted=f"step {step}": wanted in crowd.heard(1))  # type: ignore[misc]
        await program.kill()
        await program.start()
    await crowd.until(lambda: "step 6" in crowd.heard(1))
    assert effects(database, "step") == {1: ["1", "2", "3", "4", "5", "6"]}


@pytest.mark.long
@pytest.mark.both_databases
async def test_an_erasure_goes_on_after_kills(office: Program, crowd: Crowd, database: Database) -> None:
    """Killed as soon as it has begun, and again: no mention is left in forty thousand notes about somebody else."""
    bind_client(database, crowd)
    clock = crowd.sandbox.world.clock
    with database.transaction(clock.now()) as uow:
        client = uow.people.find(CLIENT)
        assert client is not None
        [his] = uow.bindings(client).mine()
        uow.act(None, "sample", undo=None)
        other = uow.customers(uow.people.program()).add(CustomerDraft("Trillian"))
        note = {"customer_id": other, "kind": "visit", "outcome": "reached", "happened_at": uow.now}
        notes = [f"{number} 张伟" if number % 1_000 == 7 else f"{number}" for number in range(40_000)]
        uow.journal.add_many(Touch, [note | {"note": words, "created_at": uow.now} for words in notes])
        key = uow.erasures(client).ask(his.customer_id, his.contact_id, due_at=uow.now)
        DueRepository(uow).owe(DONE, key, client.person_id, at=uow.now, key=f"{DONE}:{key}")
    assert await asyncio.to_thread(mentions, database) == 40
    for _ in range(2):
        await office.start()
        while await asyncio.to_thread(sweep, database) is None:
            await asyncio.sleep(LOOK_EVERY)
        await office.kill()
    await office.start()
    while await asyncio.to_thread(sweep, database) is not None:
        if (await asyncio.to_thread(sweep, database) or {}).get("again"):
            clock.move(301)
        await asyncio.sleep(1)
    assert await asyncio.to_thread(mentions, database) == 0
    assert await office.stop() == 0


def sweep(database: Database) -> dict[str, Any] | None:
    """How far the only erasure is; ``None`` before it has begun and when it is over."""
    with database.reading() as connection:
        found: dict[str, Any] | None = connection.execute(select(Erasure.sweep)).scalar_one()
        return found


def mentions(database: Database) -> int:
    """Notes that name him."""
    with database.reading() as connection:
        named = select(func.count()).select_from(Touch).where(Touch.note.contains("张伟"))
        return int(connection.execute(named).scalar_one())
