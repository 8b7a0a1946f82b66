"""Long work is given up when it was taken up in vain again and again, not when it was interrupted often."""

import pytest

from storage.database import Database
from storage.jobs import MOST_TRIES, JobRow, JobState
from tests.storage.people import NOW


@pytest.fixture
def job(database: Database) -> int:
    with database.transaction(NOW) as uow:
        return uow.jobs.enqueue("count", {})


def take(database: Database) -> JobRow:
    """As after a kill: whoever had it is gone."""
    with database.transaction(NOW) as uow:
        uow.jobs.abandon_all()
        taken = uow.jobs.take()
        assert taken is not None
        return taken


def test_only_attempts_without_a_stored_batch_count(database: Database, job: int) -> None:
    for number in range(1, 2 * MOST_TRIES):
        taken = take(database)
        assert (taken.id, taken.attempt, taken.tries, taken.offset) == (job, number, 1, number - 1)
        with database.transaction(NOW) as uow:
            assert uow.jobs.advance(taken)
            stands = uow.jobs.running(taken)
            assert stands is not None and stands.tries == 0
    assert [take(database).tries for _ in range(3)] == [1, 2, 3]


def test_who_was_overtaken_stores_nothing_and_ends_nothing(database: Database, job: int) -> None:
    old, new = take(database), take(database)
    with database.transaction(NOW) as uow:
        assert uow.jobs.running(old) is None and not uow.jobs.advance(old) and not uow.jobs.end(old, JobState.DONE)
        assert uow.jobs.running(new) == new
