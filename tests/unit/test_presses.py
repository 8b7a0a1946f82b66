"""A press is answered once: with words by whoever takes it in time, else emptily."""

import asyncio
import datetime as dt

import pytest

from bot.presses import May, Presses

NEW, OLD = dt.timedelta(0), dt.timedelta(minutes=1)


@pytest.fixture
def emptily() -> list[str]:
    return []


async def turn() -> None:
    """Let the loop do what is due."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_what_nobody_takes_in_time_is_answered_emptily(emptily: list[str]) -> None:
    presses = Presses(emptily.append, patience=0)
    presses.arrived("a")
    await turn()
    assert emptily == ["a"]
    assert presses.take("a", age=NEW) is May.NOTHING  # its words come as a message


async def test_what_was_taken_is_never_answered_emptily_too(emptily: list[str]) -> None:
    presses = Presses(emptily.append, patience=0.001)
    assert presses.take("unit before the note", age=NEW) is May.SAY
    presses.arrived("unit before the note")
    presses.arrived("in time")
    assert presses.take("in time", age=NEW) is May.SAY
    presses.arrived("in time")  # delivered once more
    presses.arrived("last")
    while not emptily:
        await turn()
    assert emptily == ["last"]


async def test_a_press_that_was_not_stored_waits_for_its_next_delivery(emptily: list[str]) -> None:
    presses = Presses(emptily.append, patience=0)
    presses.arrived("a")
    presses.refused("a")
    await turn()
    assert emptily == []
    presses.arrived("a")
    assert presses.take("a", age=OLD) is May.SAY


def test_a_press_of_before_a_restart_is_judged_by_its_age(emptily: list[str]) -> None:
    presses = Presses(emptily.append)
    assert presses.take("new", age=NEW) is May.SAY
    assert presses.take("new", age=NEW) is May.SAY  # the unit was run again: nothing had been kept or said
    assert presses.take("old", age=OLD) is May.END
