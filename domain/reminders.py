"""Reminders (提醒): what a person asked to be told, when, and how pushes are bounded."""

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import localize
from domain.errors import Fault, Invalid
from domain.repeats import Repeat
from domain.values import frozen

LONGEST_WORDS = 500  # characters; a push is read at a glance
MOST_OPEN = 500  # of one person; beyond that somebody pasted a list
FURTHEST_YEARS = 5
USUAL_TIME = dt.time(9)  # a reminder for a day without a clock time
BUNDLE_ABOVE = 3  # more than so many due for one person within BUNDLE_SPAN go out as one message
BUNDLE_SPAN = dt.timedelta(minutes=10)
UNASKED_A_DAY = 12  # messages nobody asked for to the minute; what is over waits in the day's list


class ReminderState(StrEnum):
    """``PUSHED``: it went out and nobody took it up yet; it stands in the day's list."""

    OPEN = "open"
    PUSHED = "pushed"
    DONE = "done"
    DELETED = "deleted"


@frozen
class ReminderLine:
    """A reminder as lists and pushes show it. ``at`` is the next (or only) time, aware UTC."""

    id: int
    person_id: int
    words: str
    at: dt.datetime
    repeat: Repeat | None
    customer_id: int | None
    customer: str | None
    state: ReminderState
    version: int


def likely_times(now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, ...]:
    """What is often meant by "later": in an hour, tomorrow and on Monday at the usual time; aware instants, ascending."""
    today = now.astimezone(zone).date()
    days = sorted({today + dt.timedelta(days=1), today + dt.timedelta(days=7 - today.weekday())})
    hour = (now + dt.timedelta(hours=1)).replace(second=0, microsecond=0)
    return tuple(sorted({hour, *(localize(day, USUAL_TIME, zone) for day in days)}))


def check_reminder(words: str, at: dt.datetime, *, now: dt.datetime) -> None:
    """Refuse what cannot be a reminder.

    Raises:
        Invalid: no words or too many, a time in the past or years away.
    """
    if not words.strip():
        raise Invalid("words", Fault.EMPTY)
    if len(words) > LONGEST_WORDS:
        raise Invalid("words", Fault.TOO_LONG, LONGEST_WORDS)
    if at <= now:
        raise Invalid("at", Fault.IN_PAST)
    if at > now + dt.timedelta(days=366 * FURTHEST_YEARS):
        raise Invalid("at", Fault.TOO_FAR, FURTHEST_YEARS)
