"""A push nobody took up comes once more, on the next working morning; after that it stands in ``/today``."""

import datetime as dt
from collections.abc import Sequence

from domain.calendar import localize
from domain.next_touches import NextTouchLine
from domain.people import Actor
from domain.reminders import ReminderLine, ReminderState
from reminders import AtOnce, Due
from reminders.away import by_customer, by_owner
from storage import next_touches, reminders
from storage.due import DueRepository, DueRow, Owed
from storage.uow import UnitOfWork
from views import next_touches as next_touch_view
from views import pushes as view
from views import reminders as reminder_view
from views.language import Translator
from views.replies import Reply

Rows = Sequence[tuple[DueRow, Actor]]
REMINDER, NEXT_TOUCH = "reminder_again", "next_touch_again"


def owe_again(uow: UnitOfWork, kind: str, pushed: Rows, *, now: dt.datetime) -> None:
    """Owe the second push of what is pushed at ``now``; one a day is enough, however often it was put off."""
    if not pushed:
        return
    calendar = uow.calendar()
    owed = []
    for row, actor in pushed:
        day = calendar.following_working_day(now.astimezone(actor.zone).date())
        at = localize(day, actor.morning_at, actor.zone)
        until = localize(day + dt.timedelta(days=1), dt.time(), actor.zone)
        key = f"{kind}:{row.subject_id}:{day.isoformat()}"
        owed.append(Owed(kind, row.subject_id, row.person_id, at, key, until))
    DueRepository(uow).owe_all(owed)


def read_reminders(uow: UnitOfWork, rows: Rows, now: dt.datetime) -> dict[int, ReminderLine]:
    """The reminders but those that were taken up, or went out this very day."""
    lines = reminders.find_each(uow, [(row.subject_id, actor) for row, actor in rows])
    return {
        row.id: line
        for (row, actor), line in zip(rows, lines, strict=True)
        if line is not None
        and actor.is_staff
        and line.state is ReminderState.PUSHED
        and _is_of_before(line.at, actor, now)
    }


def read_next_touches(uow: UnitOfWork, rows: Rows, now: dt.datetime) -> dict[int, NextTouchLine]:
    """The next touches but those that were done or moved, or whose customer changed hands."""
    lines = next_touches.find_each(uow, [(row.subject_id, actor) for row, actor in rows])
    return {
        row.id: line
        for (row, actor), line in zip(rows, lines, strict=True)
        if line is not None and line.at is not None and _is_of_before(line.at, actor, now)
    }


def _is_of_before(at: dt.datetime, actor: Actor, now: dt.datetime) -> bool:
    return at.astimezone(actor.zone).date() < now.astimezone(actor.zone).date()


def render_reminder(t: Translator, line: ReminderLine, now: dt.datetime) -> Reply:
    return view.again(t, reminder_view.push(t, line, now))


def render_next_touch(t: Translator, line: NextTouchLine, now: dt.datetime) -> Reply:
    return view.again(t, next_touch_view.due(t, line, now))


DUE = (
    Due(REMINDER, AtOnce(read_reminders), render_reminder, bundled=True, unasked=True, in_place=by_customer),
    Due(NEXT_TOUCH, AtOnce(read_next_touches), render_next_touch, bundled=True, unasked=True, in_place=by_owner),
)
