"""Leases, which only PostgreSQL has."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.engine import URL

from storage import due, leases, outbox
from storage.database import Connection, Database, open_database
from storage.models import Due
from storage.outbox import Letter
from tests import postgres

pytestmark = pytest.mark.own_database

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
EXPIRE = text("UPDATE lease SET until = clock_timestamp() - interval '1 second'")
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@pytest.fixture
def shared(postgres_server: tuple[URL, URL]) -> Iterator[Database]:
    """A database that several workers share."""
    server, template = postgres_server
    with postgres.copy_of(template, server) as url:
        database = open_database(url)
        yield database
        database.close()


def test_one_worker_holds_a_lease_and_may_renew_it(shared: Database) -> None:
    with shared.group() as connection:
        assert leases.hold(connection, leases.SENDER, "a") == 1
        assert leases.hold(connection, leases.SENDER, "b") is None
        assert leases.hold(connection, leases.SENDER, "a") == 1
        assert leases.held(connection, "a") == {"sender": 1}
        assert leases.held(connection, "b") == {}


def test_an_expired_lease_changes_hands_with_a_higher_fence(shared: Database) -> None:
    with shared.group() as connection:
        leases.hold(connection, leases.SENDER, "a")
        connection.execute(EXPIRE)
        assert leases.held(connection, "a") == {}
        assert leases.hold(connection, leases.SENDER, "b") == 2
        assert leases.hold(connection, leases.SENDER, "a") is None


def test_a_released_lease_is_free_at_once(shared: Database) -> None:
    with shared.group() as connection:
        leases.hold(connection, leases.POLLER, "a")
        leases.release(connection, "a")
        assert leases.hold(connection, leases.POLLER, "b") == 2


def owe(connection: Connection) -> None:
    outbox.add(connection, [Letter(5, "sendMessage", {"chat_id": 5}, NOW)])
    row = {"kind": "reminder", "subject_id": 1, "person_id": 1, "due_at": NOW, "key": "k", "state": due.OPEN}
    connection.execute(text("ALTER TABLE due DISABLE TRIGGER ALL"))  # whose it is does not matter here
    connection.execute(insert(Due), row)


@pytest.mark.parametrize(
    "take",
    [
        lambda connection: outbox.claim(connection, now=NOW, most=9),
        lambda connection: due.take(connection, now=NOW, most=9),
    ],
)
def test_what_one_takes_the_other_does_not(shared: Database, take: Callable[[Connection], Sequence[Any]]) -> None:
    """Two at once, as when a worker was frozen inside its transaction and another has its role by now."""
    with shared.group() as connection:
        owe(connection)

    def take_too() -> Sequence[Any]:
        with shared.group() as connection:
            return take(connection)

    with ThreadPoolExecutor() as pool:
        with shared.group() as connection:
            assert len(take(connection)) == 1
            other = pool.submit(take_too)
            until_blocked(shared)
        assert other.result(timeout=30) == []


def until_blocked(shared: Database) -> None:
    """Until somebody waits for a row."""
    with shared.group() as looker:
        while not looker.execute(BLOCKED).scalar_one():
            looker.execute(text("SELECT pg_stat_clear_snapshot()"))


def test_a_claim_under_way_is_recovered_by_who_takes_the_lease(shared: Database) -> None:
    """Who was frozen in the middle of it wakes up and commits: no letter stays in the hands of nobody."""
    with shared.group() as connection:
        owe(connection)
        assert leases.hold(connection, leases.SENDER, "a") == 1
        connection.execute(EXPIRE)

    def take_over() -> tuple[int | None, int]:
        with shared.group() as connection:
            return leases.hold(connection, leases.SENDER, "b"), outbox.recover(connection, now=NOW)

    with ThreadPoolExecutor() as pool:
        with shared.group() as connection:
            assert len(outbox.claim(connection, now=NOW, most=9, fence=("a", 1))) == 1
            other = pool.submit(take_over)
            until_blocked(shared)
        assert other.result(timeout=30) == (2, 1)
    with shared.group() as connection:
        assert outbox.claim(connection, now=NOW, most=9, fence=("a", 1)) == []
        assert len(outbox.claim(connection, now=NOW, most=9, fence=("b", 2))) == 1


def test_workers_that_start_together_note_the_same_value(shared: Database) -> None:
    """A setting that nobody has stored yet, by two at once: neither fails, the later one stands."""

    def note(name: str) -> None:
        with shared.transaction(NOW) as uow:
            uow.settings.store("alive", {"by": name})

    with ThreadPoolExecutor() as pool:
        with shared.transaction(NOW) as uow:
            uow.settings.store("alive", {"by": "a"})
            other = pool.submit(note, "b")
            until_blocked(shared)
        other.result(timeout=30)
    with shared.transaction(NOW) as uow:
        assert uow.settings.value("alive") == {"by": "b"}


def test_who_is_frozen_while_sending_holds_the_lease_no_longer(shared: Database) -> None:
    """A pipeline that is never ended: to the server its client is active, so idleness ends nothing."""
    with shared.group() as connection:
        assert leases.hold(connection, leases.SENDER, "a") == 1
        connection.execute(EXPIRE)
    frozen = open_database(shared.url.render_as_string(hide_password=False))
    frozen.limit_transactions(seconds=1)
    driver = frozen.engine.raw_connection()
    client: psycopg.Connection = driver.driver_connection  # type: ignore[assignment]
    with pytest.raises(psycopg.OperationalError), client.pipeline():  # it wakes up, and its session has ended
        client.execute("SELECT * FROM lease FOR UPDATE")
        with shared.group() as connection:
            assert leases.hold(connection, leases.SENDER, "b") == 2
    driver.invalidate()
    frozen.close()
