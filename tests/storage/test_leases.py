"""Leases, which only PostgreSQL has."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from storage import leases
from storage.database import Database, open_database
from tests import postgres


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
        connection.execute(text("UPDATE lease SET until = clock_timestamp() - interval '1 second'"))
        assert leases.held(connection, "a") == {}
        assert leases.hold(connection, leases.SENDER, "b") == 2
        assert leases.hold(connection, leases.SENDER, "a") is None


def test_a_released_lease_is_free_at_once(shared: Database) -> None:
    with shared.group() as connection:
        leases.hold(connection, leases.POLLER, "a")
        leases.release(connection, "a")
        assert leases.hold(connection, leases.POLLER, "b") == 2
