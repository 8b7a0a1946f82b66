"""The clock's side of the core: what is due is taken, read again as its recipient, said and settled in one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import structlog

from bot import metrics
from bot.core import Core
from bot.pipeline import Pipeline, translator
from bot.roles import Roles
from reminders.dispatch import dispatch
from storage import due, outbox
from storage.database import Unavailable, unit_of_work
from storage.due import DueRepository, DueRow
from storage.leases import CLOCK
from storage.outbox import Letter
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.due")

BATCH = 8  # about 25 ms of reading and rendering, which an answer may have to wait
AGAIN_AFTER = dt.timedelta(minutes=5)  # for a row whose rendering failed: a bug must not lose a reminder


class HasRoom(Protocol):
    """Whoever sends."""

    def room(self) -> tuple[int, Sequence[int]]: ...


class DueThings:
    """Fires what is due; ``work`` is called by every tick."""

    def __init__(self, core: Core, pipeline: Pipeline, sender: HasRoom, roles: Roles) -> None:
        self._core = core
        self._pipeline = pipeline
        self._sender = sender
        self._roles = roles

    async def work(self) -> dt.datetime | None:
        """Fire everything that is due, as fast as it will be sent; the next due time."""
        while True:
            most = min(BATCH, self._sender.room()[0])
            if most <= 0 or not self._roles.has(CLOCK):
                return None  # the next tick finds it
            taken, next_at = await self._core.insist(self._batch(most))
            if taken < most:
                return next_at

    def _batch(self, most: int) -> Callable[[UnitOfWork, dt.datetime], tuple[int, dt.datetime | None]]:
        def fire(uow: UnitOfWork, now: dt.datetime) -> tuple[int, dt.datetime | None]:
            rows = due.take(uow.connection, now=now, most=most)
            letters: list[Letter] = []
            by_person = sorted(rows, key=attrgetter("person_id"))  # stable: earliest first stays
            for _, theirs in groupby(by_person, key=attrgetter("person_id")):
                letters += self._say(uow, list(theirs), now=now)
            outbox.add(uow.connection, letters)
            for row in rows:
                metrics.due_lateness.observe((now - row.due_at).total_seconds())
            return len(rows), due.next_time(uow.connection)

        return fire

    def _say(self, uow: UnitOfWork, rows: list[DueRow], *, now: dt.datetime) -> list[Letter]:
        """The letters of one person; when their rendering fails, of each row alone."""
        try:
            return self._render(uow, rows, now=now)
        except Unavailable:
            raise
        except Exception as error:  # a bug in one kind of thing must not silence all others
            log.error("due_failed", due=[row.id for row in rows], person=rows[0].person_id, exc_info=error)
        if len(rows) > 1:
            return [letter for row in rows for letter in self._say(uow, [row], now=now)]
        DueRepository(uow).postpone([rows[0].id], until=now + AGAIN_AFTER)
        return []

    def _render(self, uow: UnitOfWork, rows: list[DueRow], *, now: dt.datetime) -> list[Letter]:
        with unit_of_work(uow.connection, now) as inner:
            actor = inner.people.actor(rows[0].person_id)
            notices = dispatch(inner, actor, rows, translator(actor), now)
            return [letter for notice in notices for letter in self._pipeline.notice(inner, notice, now=now)]
