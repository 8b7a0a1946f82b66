"""The clock's side of the core: what is due is taken, read again as its recipient, said and settled in one transaction."""

import datetime as dt
import time
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from bot import metrics
from bot.core import Core
from bot.pipeline import Pipeline, translator
from bot.roles import Roles
from reminders.dispatch import dispatch, hearers
from storage import due, outbox
from storage.database import Conflict, Unavailable, unit_of_work
from storage.due import DueRepository, DueRow
from storage.leases import CLOCK
from storage.outbox import Letter
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.due")

SHORTEST_BATCH, LONGEST_BATCH = 8, 64  # rows; of fewer, what all of them cost together would be most
BATCH_SECONDS = 0.010  # CPU of reading and rendering, which an answer may have to wait for
AGAIN_AFTER = dt.timedelta(minutes=5)  # for a row whose rendering failed: a bug must not lose a reminder


class _Fired(NamedTuple):
    """All that was due is said."""

    next_at: dt.datetime | None


class DueThings:
    """Fires what is due; ``work`` is called by every tick."""

    def __init__(self, core: Core, pipeline: Pipeline, roles: Roles) -> None:
        self._core = core
        self._pipeline = pipeline
        self._roles = roles
        self._most = SHORTEST_BATCH  # as many as took ``BATCH_SECONDS`` the last time: kinds differ tenfold

    async def work(self) -> dt.datetime | None:
        """Fire everything that is due, as fast as it will be sent; the next due time."""
        try:
            return (await self._core.between(self._fire)).next_at
        except (Conflict, Unavailable) as error:
            log.warning("due_refused", error=repr(error))
            return None  # the next tick tries again

    def _fire(self, uow: UnitOfWork, now: dt.datetime) -> _Fired | None:
        """Fire what is due, as much as an answer may wait for; ``None`` when there may be more."""
        most = min(self._most, self._core.room())
        if most <= 0 or not self._roles.has(CLOCK):
            return _Fired(None)  # the next tick finds it
        began = time.thread_time()
        rows = due.take(uow.connection, now=now, most=most)
        outbox.add(uow.connection, self._say(uow, rows, now=now))
        for row in rows:
            metrics.due_lateness.observe((now - row.due_at).total_seconds())
        spent = time.thread_time() - began
        if rows and spent > 0:
            self._most = max(SHORTEST_BATCH, min(int(len(rows) * BATCH_SECONDS / spent), LONGEST_BATCH))
        return _Fired(due.next_time(uow.connection)) if len(rows) < most else None

    def _say(self, uow: UnitOfWork, rows: list[DueRow], *, now: dt.datetime) -> list[Letter]:
        """The letters of all; when their rendering fails, of each person, and then of each row, alone."""
        if not rows:
            return []
        try:
            return self._render(uow, rows, now=now)
        except Unavailable:
            raise
        except Exception as error:  # a bug in one kind of thing must not silence all others
            people = sorted({row.person_id for row in rows})
            log.error("due_failed", due=[row.id for row in rows], people=people, exc_info=error)
        if len(rows) > 1:
            theirs = list(_by_person(rows).values())
            parts = theirs if len(theirs) > 1 else [[row] for row in rows]
            return [letter for part in parts for letter in self._say(uow, part, now=now)]
        DueRepository(uow).postpone([rows[0].id], until=now + AGAIN_AFTER)
        return []

    def _render(self, uow: UnitOfWork, rows: list[DueRow], *, now: dt.datetime) -> list[Letter]:
        with unit_of_work(uow.connection, now) as inner:
            people = hearers(inner, rows)
            actors = {actor.person_id: actor for actor, _ in people}
            notices = dispatch(inner, people, translator, now)
            return [
                letter
                for notice in notices
                for letter in self._pipeline.notice(inner, notice, now=now, other=actors[notice.person_id])
            ]


def _by_person(rows: Sequence[DueRow]) -> dict[int, list[DueRow]]:
    """Rows of each person, whoever has the earliest first."""
    found: dict[int, list[DueRow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found
