"""Pushing what somebody asked to be told at a time. Set to the minute: no quiet hours hold it."""

import datetime as dt
from collections.abc import Sequence

from actions.reminders import move_on, push_reminders
from domain.people import Actor
from domain.reminders import ReminderLine
from reminders import AtOnce, Due
from reminders.again import REMINDER, owe_again
from reminders.away import by_customer
from storage.due import DueRow
from storage.reminders import find_each
from storage.uow import UnitOfWork
from views import reminders as view


def read(uow: UnitOfWork, rows: Sequence[tuple[DueRow, Actor]], now: dt.datetime) -> dict[int, ReminderLine]:
    """The reminders, noted as pushed, but those that were ended or moved, or whose person left the staff."""
    lines = find_each(uow, [(row.subject_id, actor) for row, actor in rows])
    standing = [
        (row, actor, line)
        for (row, actor), line in zip(rows, lines, strict=True)
        if line is not None and actor.is_staff and line.at <= row.due_at
    ]
    whose = [(line, actor if row.person_id == actor.person_id else _own(uow, row)) for row, actor, line in standing]
    pushed = push_reminders(uow, whose, now=now)
    once = [(row, actor) for row, actor, line in standing if line.repeat is None]
    owe_again(uow, REMINDER, once, now=now)  # one that repeats comes again by itself
    return {row.id: line for (row, _, _), line in zip(standing, pushed, strict=True)}


def _own(uow: UnitOfWork, row: DueRow) -> Actor:
    """Whose reminder it is, though somebody who stands in hears of it: it goes on by that one's clock."""
    return uow.people.actor(row.person_id)


def follow(uow: UnitOfWork, row: DueRow, now: dt.datetime) -> None:
    """A repeating one that came due while nothing ran for longer than it is useful goes on all the same."""
    if row.useful_until is None or row.useful_until >= now:
        return  # it moves on by being pushed
    actor = uow.people.actor(row.person_id)
    line = uow.reminders(actor).find(row.subject_id)
    if line is not None and line.repeat is not None and line.at <= row.due_at:
        move_on(uow, actor, line, now=now)


DUE = (Due("reminder", AtOnce(read), view.push, follow=follow, bundled=True, in_place=by_customer),)
