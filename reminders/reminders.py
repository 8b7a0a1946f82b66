"""Pushing what somebody asked to be told at a time. Set to the minute: no quiet hours hold it."""

import datetime as dt

from actions.reminders import push_reminder
from domain.people import Actor
from domain.reminders import ReminderLine
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import reminders as view


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> ReminderLine | None:
    """The reminder, noted as pushed; ``None`` for one that was ended or moved, or whose person left the staff."""
    if not actor.is_staff:
        return None
    line = uow.reminders(actor).find(row.subject_id)
    if line is None or line.at > row.due_at:
        return None
    return push_reminder(uow, actor, line, now=now)


DUE = (Due("reminder", read, view.push, bundled=True),)
