"""Pushing next touches that were agreed to the minute; those of a day only are lines of the morning message."""

import datetime as dt

from domain.next_touches import NextTouchLine
from domain.people import Actor
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import next_touches as view


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> NextTouchLine | None:
    """The next touch, or ``None`` when it was moved or done since, or the customer changed hands."""
    line = uow.next_touches(actor).find(row.subject_id)
    return line if line is not None and line.at is not None and line.at <= row.due_at else None


DUE = (Due("next_touch", read, view.due, bundled=True),)
