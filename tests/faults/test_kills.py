"""``kill -9`` at any moment: every accepted message has its effect exactly once, and every answer arrives."""

from collections.abc import Callable

import pytest

from sandbox.faults import Fault
from storage.database import Database
from tests.faults.conftest import PEOPLE, Crowd, Program
from tests.faults.echo import effects

KILLED = -9


async def round_of_talk(crowd: Crowd, number: int) -> None:
    """Three people write two texts each."""
    for person in PEOPLE[:3]:
        crowd.say(person.id, f"{number}.1")
        crowd.say(person.id, f"{number}.2")


async def killed_at_calls(program: Program, crowd: Crowd, strike: Callable[..., Fault], calls: range) -> None:
    """One round per call: the program dies at its n-th send of the round, before or after it was accepted."""
    await program.start()
    for number in calls:
        for kind in ("kill_before", "kill_after"):
            strike(kind, method="sendMessage", skip=number - 1, pid=program.pid)
            await round_of_talk(crowd, number * 10 + (kind == "kill_after"))
            assert await program.died() == KILLED
            await program.start()
            await crowd.answered()
            await program.at_rest()  # a letter may be under way in one kill only, else more copies are allowed


async def test_killed_at_a_send(
    program: Program, crowd: Crowd, strike: Callable[..., Fault], database: Database
) -> None:
    await killed_at_calls(program, crowd, strike, range(1, 3))
    crowd.check(database, copies=2)


@pytest.mark.long
@pytest.mark.both_databases
async def test_killed_at_every_send(
    program: Program, crowd: Crowd, strike: Callable[..., Fault], database: Database
) -> None:
    await killed_at_calls(program, crowd, strike, range(1, 7))
    crowd.check(database, copies=2)


async def killed_at_commits(program: Program, crowd: Crowd, numbers: range) -> None:
    """One round per commit: the program dies before or after its n-th commit since its start."""
    for number in numbers:
        for when in ("before", "after"):
            await program.start("--kill-at-commit", str(number), when)
            await round_of_talk(crowd, number * 10 + (when == "after"))
            await crowd.answered(program=program)
            await program.stop()
            await program.start()
            await crowd.answered()
            await program.at_rest()
            await program.stop()


async def test_killed_at_a_commit(program: Program, crowd: Crowd, database: Database) -> None:
    await killed_at_commits(program, crowd, range(4, 6))
    crowd.check(database, copies=2)


@pytest.mark.long
async def test_killed_at_every_commit(program: Program, crowd: Crowd, database: Database) -> None:
    await killed_at_commits(program, crowd, range(1, 13))
    crowd.check(database, copies=2)


async def test_killed_with_a_backlog(program: Program, crowd: Crowd, database: Database) -> None:
    """Acknowledged updates that wait in the inbox are taken up again, in order."""
    await program.start()
    for number in range(20):
        for person in PEOPLE:
            crowd.say(person.id, f"{number}")
    await crowd.until(lambda: len(crowd.heard(1)) >= 3)
    await program.kill()
    await program.start()
    await crowd.answered()
    crowd.check(database, copies=2)


async def test_long_work_goes_on_where_it_was(program: Program, crowd: Crowd, database: Database) -> None:
    await program.start()
    crowd.say(1, "/job")
    await crowd.until(lambda: "step 3" in crowd.heard(1))
    await program.kill()
    await program.start()
    await crowd.until(lambda: "step 6" in crowd.heard(1))
    assert effects(database, "step") == {1: ["1", "2", "3", "4", "5", "6"]}


async def test_a_press_has_its_effect_once_across_a_kill(
    program: Program, crowd: Crowd, strike: Callable[..., Fault], database: Database
) -> None:
    await program.start()
    crowd.say(1, "press me")
    await crowd.answered()
    number = crowd.message_of(1, "noted press me")
    strike("kill_after", method="editMessageText", pid=program.pid)
    crowd.press(1, number, "again")
    assert await program.died() == KILLED
    await program.start()
    crowd.say(1, "still there")
    await crowd.until(lambda: "noted still there" in crowd.heard(1))
    assert len(effects(database, "again")[1]) == 1
    assert any(text.startswith("again ") for text in crowd.heard(1))
