"""When the owner should be in contact again: the cadence by grade, and what a touch does to it."""

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.customers import Grade
from domain.values import frozen

CADENCE = {Grade.A: 7, Grade.B: 14, Grade.C: 30, Grade.D: 60, Grade.UNGRADED: 14}  # calendar days between touches
FIRST_AFTER = 3  # days until the first touch of a new customer: while the acquaintance is warm
SPREAD = 8  # imported next touches a rep can be handed per working day on top of the day's own
FURTHEST_YEARS = 5  # a next touch beyond that is a typing error


class Origin(StrEnum):
    """``PROPOSED`` by the cadence, or ``AGREED``: a person said or chose it."""

    PROPOSED = "proposed"
    AGREED = "agreed"


@frozen
class NextTouch:
    """A day, with a clock time where one was given (``at``: the aware UTC instant)."""

    day: dt.date
    at: dt.datetime | None
    origin: Origin
    kind: str | None = None  # a TouchKind, where it was said: "call him back"


@frozen
class NextTouchLine:
    """A stored next touch as cards and the day's list show it."""

    id: int
    customer_id: int
    customer: str
    day: dt.date
    at: dt.datetime | None
    origin: Origin
    kind: str | None
    version: int


def propose(grade: Grade, touched_at: dt.datetime, *, zone: ZoneInfo, calendar: Calendar) -> NextTouch:
    """The day on which the owner should be in contact again.

    Adds the grade's cadence in calendar days of ``zone`` and moves a non-working day to the next working
    one. Without a clock time it becomes a line of the morning message, never a push of its own.

    Args:
        touched_at: aware instant of the last real contact.
        calendar: public holidays and make-up workdays of the organisation.

    Returns:
        A proposed next touch without a clock time, always after the local day of ``touched_at``.
    """
    return _after(CADENCE[grade], touched_at, zone=zone, calendar=calendar)


def propose_first(created_at: dt.datetime, *, zone: ZoneInfo, calendar: Calendar) -> NextTouch:
    """The first touch of a new customer: ``FIRST_AFTER`` days on, moved to a working day."""
    return _after(FIRST_AFTER, created_at, zone=zone, calendar=calendar)


def postpone(day: dt.date, *, calendar: Calendar) -> NextTouch:
    """A proposed day after a *tried* touch: one working day on."""
    return NextTouch(calendar.following_working_day(day), at=None, origin=Origin.PROPOSED)


def spread(grades: list[Grade], start: dt.date, *, taken: dict[dt.date, int], calendar: Calendar) -> list[dt.date]:
    """Days for the first touches of many customers at once, at most ``SPREAD`` per working day.

    Better grades choose first. Each goes to the emptiest working day within its cadence, and behind it when all of
    those are full: a file of 91 customers must not become 91 calls on one morning.

    Args:
        grades: of the customers, in any order.
        start: first day that may be used; moved to a working day.
        taken: next touches already standing per day; read, not changed.

    Returns:
        One day per grade, in the order of ``grades``.
    """
    load = dict(taken)
    days = [start] * len(grades)
    overflow = start
    windows = {grade: _working_days(start, CADENCE[grade], calendar=calendar) for grade in set(grades)}
    for i in sorted(range(len(grades)), key=lambda i: CADENCE_ORDER[grades[i]]):
        window = windows[grades[i]]
        day = min(window, key=lambda d: (load.get(d, 0), d))
        if load.get(day, 0) >= SPREAD:
            overflow = day = _first_with_room(max(overflow, window[-1]), load, calendar=calendar)
        days[i] = day
        load[day] = load.get(day, 0) + 1
    return days


def _working_days(start: dt.date, length: int, *, calendar: Calendar) -> list[dt.date]:
    days = [start + dt.timedelta(days=n) for n in range(length)]
    return [day for day in days if calendar.is_working(day)] or [calendar.next_working_day(start)]


def _first_with_room(day: dt.date, load: dict[dt.date, int], *, calendar: Calendar) -> dt.date:
    day = calendar.next_working_day(day)
    while load.get(day, 0) >= SPREAD:
        day = calendar.following_working_day(day)
    return day


CADENCE_ORDER = {Grade.A: 0, Grade.B: 1, Grade.C: 2, Grade.UNGRADED: 3, Grade.D: 4}


def _after(days: int, instant: dt.datetime, *, zone: ZoneInfo, calendar: Calendar) -> NextTouch:
    day = instant.astimezone(zone).date() + dt.timedelta(days=days)
    return NextTouch(calendar.next_working_day(day), at=None, origin=Origin.PROPOSED)
