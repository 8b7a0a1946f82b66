"""The morning message: my day, at the person's hour of every working day; a day with nothing says nothing."""

import datetime as dt

from actions.today import day_of
from domain.people import Actor
from domain.today import Day
from reminders import Due
from storage.due import DueRow
from storage.mornings import KIND, owe_mornings
from storage.uow import UnitOfWork
from views import today as view
from views.language import Translator
from views.replies import Reply


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Day | None:
    """The person's day; ``None`` on days off and for people who left the staff."""
    if not actor.is_staff or not uow.calendar().is_working(now.astimezone(actor.zone).date()):
        return None
    day = day_of(uow, actor, now=now)
    return day if day.count else None


def render(t: Translator, day: Day, now: dt.datetime) -> Reply:
    return view.today(t, day)


def follow(uow: UnitOfWork, row: DueRow, now: dt.datetime) -> None:
    """Owe the next morning, whatever became of this one."""
    owe_mornings(uow, [row.person_id], since=row.due_at)


DUE = (Due(KIND, read, render, follow=follow),)
