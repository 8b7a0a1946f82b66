"""Pushing next touches that were agreed to the minute; those of a day only are lines of the morning message."""

import datetime as dt

from domain.next_touches import NextTouchLine
from domain.people import Actor
from reminders import Due
from reminders.again import NEXT_TOUCH, owe_again
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import next_touches as view


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> NextTouchLine | None:
    """The next touch, or ``None`` when it was moved or done since, or the customer changed hands."""
    line = uow.next_touches(actor).find(row.subject_id)
    if line is None or line.at is None or line.at > row.due_at:
        return None
    owe_again(uow, actor, NEXT_TOUCH, line.id, now=now)
    return line


DUE = (Due("next_touch", read, view.due, bundled=True),)
