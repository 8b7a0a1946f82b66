"""When something that repeats is due again: weekdays, days of the month, working days, every so many hours.

Local times are computed here and not by a scheduler: a clock time that summer time skips moves to the first moment
after the gap, one that comes twice counts once.
"""

import calendar as months
import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, localize
from domain.values import frozen

USUAL_TIME = dt.time(9)  # what a reminder without a clock time takes
WORKING = 7  # in the place of a weekday of ``nth``: a working day
LAST = -1  # of ``month_day`` and of the first half of ``nth``: the last one of the month
EPOCH = dt.date(1970, 1, 5)  # a Monday: what intervals are counted from when no start was named
ONE_DAY = dt.timedelta(days=1)


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


STEP = {Unit.MINUTE: dt.timedelta(minutes=1), Unit.HOUR: dt.timedelta(hours=1)}  # elapsed time, whatever clocks show


@frozen
class Repeat:
    """A rule such as "every other Friday at 15:00".

    Args:
        interval: every so many units, counted from ``start``, or from a fixed Monday where there is none.
        weekdays: of a week, Monday is 0; empty: that of ``start``.
        month_day: 1 to 31, or -1 for the last day; a month that is too short takes its last day.
        nth: which weekday of the month: (1, 0) its first Monday, (-1, 4) its last Friday, (-1, 7) its last working day.
        month: of a year.
        at: local clock time; for hours and minutes, the time from which they are counted.
        start: the first day on which it may be due.

    Raises:
        ValueError: a value outside these ranges.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: tuple[int, int] | None = None
    month: int | None = None
    at: dt.time = USUAL_TIME
    start: dt.date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.interval <= 1000:
            raise ValueError(f"interval {self.interval} is not between 1 and 1000")
        if any(not 0 <= day <= 6 for day in self.weekdays):
            raise ValueError(f"weekdays {self.weekdays} are not between 0 and 6")
        if self.month_day is not None and self.month_day != LAST and not 1 <= self.month_day <= 31:
            raise ValueError(f"month_day {self.month_day} is neither a day nor -1")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"month {self.month} is not between 1 and 12")
        if self.nth is not None and (self.nth[0] not in {LAST, 1, 2, 3, 4, 5} or not 0 <= self.nth[1] <= WORKING):
            raise ValueError(f"nth {self.nth} is no weekday of a month")

    def to_json(self) -> dict[str, Any]:
        """As few keys as will do: what has its usual value is left out."""
        kept: dict[str, Any] = {"unit": self.unit.value, "at": self.at.isoformat("minutes")}
        if self.interval != 1:
            kept["interval"] = self.interval
        if self.weekdays:
            kept["weekdays"] = list(self.weekdays)
        if self.nth is not None:
            kept["nth"] = list(self.nth)
        if self.start is not None:
            kept["start"] = self.start.isoformat()
        numbers = {"month_day": self.month_day, "month": self.month}
        return kept | {name: number for name, number in numbers.items() if number is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Repeat":
        """The way back from ``to_json``. Raises ``ValueError`` or ``KeyError`` on anything else."""
        nth, start = stored.get("nth"), stored.get("start")
        return cls(
            unit=Unit(stored["unit"]),
            interval=stored.get("interval", 1),
            weekdays=tuple(stored.get("weekdays", ())),
            month_day=stored.get("month_day"),
            nth=(nth[0], nth[1]) if nth else None,
            month=stored.get("month"),
            at=dt.time.fromisoformat(stored["at"]),
            start=dt.date.fromisoformat(start) if start else None,
        )


def next_after(repeat: Repeat, instant: dt.datetime, *, zone: ZoneInfo, calendar: Calendar) -> dt.datetime:
    """The first time strictly after ``instant`` at which ``repeat`` is due.

    Args:
        instant: aware.
        zone: of the person who set it; clock times are that zone's.
        calendar: decides what a working day is, make-up days included.

    Returns:
        An aware UTC instant.
    """
    if repeat.unit in STEP:
        return _next_step(repeat, instant, zone)
    # From the day before: where a zone skipped a whole day, that day's hour is the next midnight.
    since = instant.astimezone(zone).date() - ONE_DAY
    if repeat.start is not None:
        since = max(since, repeat.start)
    return next(due for day in _days(repeat, since, calendar) if (due := localize(day, repeat.at, zone)) > instant)


def _next_step(repeat: Repeat, instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    step = STEP[repeat.unit] * repeat.interval
    anchor = localize(repeat.start or instant.astimezone(zone).date(), repeat.at, zone)
    if repeat.start is not None and anchor > instant:
        return anchor
    return anchor + ((instant - anchor) // step + 1) * step


def _days(repeat: Repeat, since: dt.date, calendar: Calendar) -> Iterator[dt.date]:
    """The days of ``repeat`` from ``since`` on, in order."""
    anchor = repeat.start or EPOCH
    match repeat.unit:
        case Unit.WORKDAY:
            return _working_days(repeat.interval, anchor, since=since, calendar=calendar)
        case Unit.WEEK:
            found = _week_days(repeat, anchor, since)
        case Unit.MONTH:
            found = _month_days(repeat, anchor, since, calendar)
        case Unit.YEAR:
            found = _year_days(repeat, anchor, since, calendar)
        case _:
            found = _every_days(repeat.interval, anchor, since)
    return (day for day in found if day >= since)


def _working_days(interval: int, anchor: dt.date, *, since: dt.date, calendar: Calendar) -> Iterator[dt.date]:
    day = calendar.next_working_day(anchor if interval > 1 else since)
    for number in count():
        if number % interval == 0 and day >= since:
            yield day
        day = calendar.following_working_day(day)


def _every_days(interval: int, anchor: dt.date, since: dt.date) -> Iterator[dt.date]:
    first = max((since - anchor).days // interval, 0)
    return (anchor + ONE_DAY * interval * number for number in count(first))


def _week_days(repeat: Repeat, anchor: dt.date, since: dt.date) -> Iterator[dt.date]:
    weekdays = sorted(set(repeat.weekdays)) or [anchor.weekday()]
    monday = anchor - ONE_DAY * anchor.weekday()
    first = max((since - monday).days // 7 // repeat.interval, 0)
    for number in count(first):
        week = monday + ONE_DAY * 7 * repeat.interval * number
        yield from (week + ONE_DAY * day for day in weekdays)


def _month_days(repeat: Repeat, anchor: dt.date, since: dt.date, calendar: Calendar) -> Iterator[dt.date]:
    begin = anchor.year * 12 + anchor.month - 1
    first = max((since.year * 12 + since.month - 1 - begin) // repeat.interval, 0)
    for number in count(first):
        year, month = divmod(begin + number * repeat.interval, 12)
        if (day := _in_month(repeat, year, month + 1, anchor=anchor, calendar=calendar)) is not None:
            yield day


def _year_days(repeat: Repeat, anchor: dt.date, since: dt.date, calendar: Calendar) -> Iterator[dt.date]:
    first = max((since.year - anchor.year) // repeat.interval, 0)
    for number in count(first):
        year = anchor.year + number * repeat.interval
        if (day := _in_month(repeat, year, repeat.month or anchor.month, anchor=anchor, calendar=calendar)) is not None:
            yield day


def _in_month(repeat: Repeat, year: int, month: int, *, anchor: dt.date, calendar: Calendar) -> dt.date | None:
    if repeat.nth is not None and repeat.nth[1] == WORKING:
        return _nth_working_day(year, month, repeat.nth[0], calendar)
    if repeat.nth is not None:
        return nth_weekday(year, month, which=repeat.nth[0], weekday=repeat.nth[1])
    day = repeat.month_day or anchor.day
    length = last_day(year, month)
    return dt.date(year, month, length if day == LAST else min(day, length))


def _nth_working_day(year: int, month: int, which: int, calendar: Calendar) -> dt.date | None:
    days = [dt.date(year, month, day) for day in range(1, last_day(year, month) + 1)]
    worked = [day for day in days if calendar.is_working(day)]
    place = which if which < 0 else which - 1
    return worked[place] if -len(worked) <= place < len(worked) else None


def last_day(year: int, month: int) -> int:
    """How many days the month has."""
    return months.monthrange(year, month)[1]


def nth_weekday(year: int, month: int, *, which: int, weekday: int) -> dt.date | None:
    """The first (1) to fifth (5) or last (-1) such weekday of a month; ``None`` where there is no fifth."""
    if which == LAST:
        end = dt.date(year, month, last_day(year, month))
        return end - ONE_DAY * ((end.weekday() - weekday) % 7)
    begin = dt.date(year, month, 1)
    day = begin + ONE_DAY * ((weekday - begin.weekday()) % 7 + 7 * (which - 1))
    return day if day.month == month else None
