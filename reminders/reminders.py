"""Pushing what somebody asked to be told at a time. Set to the minute: no quiet hours hold it."""

import datetime as dt

from actions.reminders import move_on, push_reminder
from domain.people import Actor
from domain.reminders import ReminderLine
from reminders import Due
from reminders.again import REMINDER, owe_again
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
    pushed = push_reminder(uow, actor, line, now=now)
    if line.repeat is None:  # one that repeats comes again by itself
        owe_again(uow, actor, REMINDER, pushed.id, now=now)
    return pushed


def follow(uow: UnitOfWork, row: DueRow, now: dt.datetime) -> None:
    """A repeating one that came due while nothing ran for longer than it is useful goes on all the same."""
    if row.useful_until is None or row.useful_until >= now:
        return  # it moves on by being pushed
    actor = uow.people.actor(row.person_id)
    line = uow.reminders(actor).find(row.subject_id)
    if line is not None and line.repeat is not None and line.at <= row.due_at:
        move_on(uow, actor, line, now=now)


DUE = (Due("reminder", read, view.push, follow=follow, bundled=True),)
