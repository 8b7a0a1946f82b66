"""Somebody begins to stand in, and has it behind them."""

import datetime as dt

from domain.away import Absence
from domain.people import Actor
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import away as view

NEWS = dt.timedelta(days=4)  # after a long weekend it is still worth a word


def _absence(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = uow.away(actor).of(row.subject_id, after=now - NEWS)
    return found if found is not None and found.stand_in_id == actor.member_id else None


def begins(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = _absence(uow, row, actor, now)
    return found if found is not None and found.since <= now < found.until and now - found.since < NEWS else None


def ends(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = _absence(uow, row, actor, now)
    return found if found is not None and found.until <= now else None


DUE = (
    Due("stand_in", begins, lambda t, absence, now: view.you_stand_in(t, absence), unasked=True),
    Due("stand_in_over", ends, lambda t, absence, now: view.is_back(t, absence), unasked=True),
)
