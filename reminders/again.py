"""A push nobody took up comes once more, on the next working morning; after that it stands in ``/today``."""

import datetime as dt

from domain.calendar import localize
from domain.next_touches import NextTouchLine
from domain.people import Actor
from domain.reminders import ReminderLine, ReminderState
from reminders import Due
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views import next_touches as next_touch_view
from views import pushes as view
from views import reminders as reminder_view
from views.language import Translator
from views.replies import Reply

REMINDER, NEXT_TOUCH = "reminder_again", "next_touch_again"


def owe_again(uow: UnitOfWork, actor: Actor, kind: str, subject_id: int, *, now: dt.datetime) -> None:
    """Owe the second push of what is pushed at ``now``; one a day is enough, however often it was put off."""
    day = uow.calendar().following_working_day(now.astimezone(actor.zone).date())
    at = localize(day, actor.morning_at, actor.zone)
    until = localize(day + dt.timedelta(days=1), dt.time(), actor.zone)
    key = f"{kind}:{subject_id}:{day.isoformat()}"
    DueRepository(uow).owe(kind, subject_id, actor.person_id, at=at, key=key, useful_until=until)


def read_reminder(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> ReminderLine | None:
    """The reminder; ``None`` when it was taken up, or went out this very day."""
    line = uow.reminders(actor).find(row.subject_id) if actor.is_staff else None
    if line is None or line.state is not ReminderState.PUSHED or not _is_of_before(line.at, actor, now):
        return None
    return line


def read_next_touch(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> NextTouchLine | None:
    """The next touch; ``None`` when it was done or moved, or the customer changed hands."""
    line = uow.next_touches(actor).find(row.subject_id)
    return line if line is not None and line.at is not None and _is_of_before(line.at, actor, now) else None


def _is_of_before(at: dt.datetime, actor: Actor, now: dt.datetime) -> bool:
    return at.astimezone(actor.zone).date() < now.astimezone(actor.zone).date()


def render_reminder(t: Translator, line: ReminderLine, now: dt.datetime) -> Reply:
    return view.again(t, reminder_view.push(t, line, now))


def render_next_touch(t: Translator, line: NextTouchLine, now: dt.datetime) -> Reply:
    return view.again(t, next_touch_view.due(t, line, now))


DUE = (
    Due(REMINDER, read_reminder, render_reminder, bundled=True, unasked=True),
    Due(NEXT_TOUCH, read_next_touch, render_next_touch, bundled=True, unasked=True),
)
