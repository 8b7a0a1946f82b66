"""Long work as the person who asked for it sees it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.app import App
from handlers import jobs as job_handlers
from handlers.jobs import Job
from handlers.routing import Route
from storage.database import Database
from tests.chat import counting
from tests.chat.people import Person


@pytest.fixture
def routes() -> Sequence[Route]:
    return (*counting.ROUTES, *job_handlers.ROUTES)


@pytest.fixture
def jobs() -> Mapping[str, Job]:
    return counting.JOBS


def counted(database: Database, bot: App) -> list[int]:
    with database.transaction(bot.clock.now()) as uow:
        return list((uow.settings.value("counted") or {"numbers": []})["numbers"])


@pytest.mark.both_databases
async def test_long_work_tells_its_result(rep: Person) -> None:
    assert (await rep.say("/count")).text == "王娜: [1, 2, 3, 4, 5]"
    assert len([m for m in rep.messages if m.view["from"] == "bot"]) == 2  # begun, and one message for the job


async def test_the_bytes_of_a_document_reach_the_worker(rep: Person) -> None:
    assert (await rep.share("document", bytes([1, 2, 5]), name="numbers.bin")).text == "王娜: [1, 2, 5]"


async def test_a_refusal_inside_long_work_is_a_sentence(rep: Person) -> None:
    assert "换个写法" in (await rep.say("/count refuse")).text


async def test_a_bug_inside_long_work_carries_a_reference(rep: Person) -> None:
    assert "编号告诉管理员" in (await rep.say("/count break")).text


async def test_a_worker_that_takes_too_much_memory_harms_nobody(rep: Person, other_rep: Person) -> None:
    assert "拆成几份" in (await rep.say("/count devour")).text
    assert (await other_rep.say("/nonsense")).text


async def test_a_worker_that_dies_is_taken_up_where_it_was(
    rep: Person, tmp_path: Path, database: Database, bot: App
) -> None:
    assert (await rep.say(f"/count die once|{tmp_path / 'mark'}")).text == "王娜: [1, 2, 3, 4, 5]"
    assert counted(database, bot) == [1, 2, 3, 4, 5]  # nothing twice


async def test_a_worker_that_dies_after_each_batch_comes_to_the_end(
    rep: Person, tmp_path: Path, database: Database, bot: App
) -> None:
    assert (await rep.say(f"/count die each time|{tmp_path / 'mark'}")).text == "王娜: [1, 2, 3, 4, 5]"
    assert counted(database, bot) == [1, 2, 3, 4, 5]


async def test_a_worker_that_always_dies_is_given_up(rep: Person, database: Database, bot: App) -> None:
    assert "拆成几份" in (await rep.say("/count die")).text
    assert counted(database, bot) == [1, 2]
