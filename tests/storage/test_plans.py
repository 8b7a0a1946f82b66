"""The frame's statements stay fast however much is stored: each finds its rows by an index, none reads a whole table."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from storage import due, inbox, outbox
from storage.database import Database, open_database
from storage.inbox import Finished, InboxState, RawUpdate
from storage.outbox import Claimed, SendState, Settled
from storage.uow import UnitOfWork

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
SENT = Claimed(1, 5, None, 0, "must", "sendMessage", {}, None, 1)


def finish(uow: UnitOfWork) -> None:
    inbox.finish(uow.connection, [Finished(1, InboxState.DONE)])


def again(uow: UnitOfWork) -> None:
    outbox.settle(uow.connection, [Settled(SENT, SendState.DUE, again_at=NOW)], now=NOW)


def identify(uow: UnitOfWork) -> int:
    return uow.people.identify(1, name="Mei", username=None, locale="en").person_id


WORK: dict[str, Callable[[UnitOfWork], Any]] = {
    "add updates": lambda uow: inbox.add(uow.connection, [RawUpdate(1, 1, b"{}", NOW)]),
    "open updates": lambda uow: inbox.open_updates(uow.connection, most=64, held=()),
    "open updates but": lambda uow: inbox.open_updates(uow.connection, most=64, held=[1]),
    "finish": finish,
    "waiting updates": lambda uow: inbox.waiting(uow.connection),
    "last update": lambda uow: inbox.last(uow.connection),
    "claim": lambda uow: outbox.claim(uow.connection, now=NOW, most=64),
    "settle": lambda uow: outbox.settle(uow.connection, [Settled(SENT, SendState.SENT, 7)], now=NOW),
    "again": again,
    "waiting letters": lambda uow: outbox.waiting(uow.connection, now=NOW),
    "take due": lambda uow: due.take(uow.connection, now=NOW, most=30),
    "next due": lambda uow: due.next_time(uow.connection),
    "take job": lambda uow: uow.jobs.take(),
    "dialog": lambda uow: uow.dialogs.find(5, 1),
    "identify": identify,
    "actor": lambda uow: uow.people.actor(identify(uow)),
}


Ran = list[tuple[str, Any]]


class Noting(sqlite3.Connection):
    """The driver's connection, on which the reads of every message run; it notes them as they are bound."""

    ran: Ran

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        if statement.startswith("SELECT"):
            self.ran.append((statement, parameters))
        return super().execute(statement, parameters)


@pytest.fixture
def database(sqlite_template: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{sqlite_template}")
    event.listen(opened.engine, "do_connect", lambda _d, _r, _args, given: given.update(factory=Noting))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", WORK)
def test_a_statement_of_the_frame_uses_an_index(name: str, database: Database) -> None:
    ran: Ran = []

    def note(_c: Any, _cur: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        ran.append((statement, parameters[0] if many else parameters))

    with database.group() as connection:
        driver: Any = connection.connection.driver_connection
        driver.ran = []
        uow = UnitOfWork(connection, NOW)
        identify(uow)  # there is a person, and who comes back is only read
        driver.ran = ran
        event.listen(database.engine, "before_cursor_execute", note)
        WORK[name](uow)
        event.remove(database.engine, "before_cursor_execute", note)
        assert ran
        for statement, parameters in tuple(ran):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)).all()
            steps = [str(row[3]) for row in plan]
            scans = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]
            assert not scans or "ORDER BY inbox.seq DESC" in statement, (statement, steps)
            assert not [step for step in steps if "TEMP B-TREE" in step], (statement, steps)
        connection.rollback()
