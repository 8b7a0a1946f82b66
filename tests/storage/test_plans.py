"""The frame's statements stay fast however much is stored: each finds its rows by an index, none reads a whole table."""

import datetime as dt
from collections.abc import Callable
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


WORK: dict[str, Callable[[UnitOfWork], Any]] = {
    "add updates": lambda uow: inbox.add(uow.connection, [RawUpdate(1, 1, b"{}", NOW)]),
    "open updates": lambda uow: inbox.open_updates(uow.connection, most=64, held=()),
    "open updates but": lambda uow: inbox.open_updates(uow.connection, most=64, held=[1]),
    "finish": finish,
    "waiting updates": lambda uow: inbox.waiting(uow.connection),
    "last update": lambda uow: inbox.last(uow.connection),
    "claim": lambda uow: outbox.claim(uow.connection, now=NOW, most=64),
    "claim but": lambda uow: outbox.claim(uow.connection, now=NOW, most=64, busy=[5]),
    "settle": lambda uow: outbox.settle(uow.connection, [Settled(SENT, SendState.SENT, 7)], now=NOW),
    "again": again,
    "waiting letters": lambda uow: outbox.waiting(uow.connection, now=NOW),
    "take due": lambda uow: due.take(uow.connection, now=NOW, most=30),
    "next due": lambda uow: due.next_time(uow.connection),
    "take job": lambda uow: uow.jobs.take(),
}


@pytest.fixture
def database(sqlite_template: Path) -> Database:
    return open_database(f"sqlite:///{sqlite_template}")


@pytest.mark.parametrize("name", WORK)
def test_a_statement_of_the_frame_uses_an_index(name: str, database: Database) -> None:
    ran: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: Any, _cur: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        ran.append((statement, parameters[0] if many else parameters))

    try:
        with database.group() as connection:
            uow = UnitOfWork(connection, NOW)
            WORK[name](uow)
            event.remove(database.engine, "before_cursor_execute", note)
            assert ran
            for statement, parameters in ran:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                steps = [str(row[3]) for row in plan]
                scans = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]
                assert not scans or "ORDER BY inbox.seq DESC" in statement, (statement, steps)
                assert not [step for step in steps if "TEMP B-TREE" in step], (statement, steps)
            connection.rollback()
    finally:
        database.close()
