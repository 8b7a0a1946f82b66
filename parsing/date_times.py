"""Which hour a clock time means: 5点 is the five o'clock inside working hours, or it is asked."""

import datetime as dt

from domain.calendar import WorkTime
from domain.values import frozen
from parsing.date_parts import Clock, Period
from parsing.day_periods import shaped

NOON, MIDNIGHT = dt.time(12), dt.time(0)


@frozen
class ClockReading:
    """A clock time on its day, ``plus`` one day for the night after; ``other`` is its second reading."""

    time: dt.time
    plus: int = 0
    other: dt.time | None = None
    ask: bool = False
    sure: bool = True


def read_clock(clock: Clock | None, period: Period | None, weekday: int, worktime: WorkTime) -> ClockReading | None:
    """The hour meant by what was said, or ``None`` when only a part of the day without an hour was."""
    if clock is None:
        if period is None or period.hour is None:
            return None
        return ClockReading(dt.time(period.hour))
    if period is not None and (clock.bare or clock.hour <= 12):
        clock = shaped(clock, period.shape)
    if not clock.bare:
        return ClockReading(dt.time(clock.hour, clock.minute), clock.plus, sure=clock.sure)
    return _bare(clock, weekday, worktime)


def _bare(clock: Clock, weekday: int, worktime: WorkTime) -> ClockReading:
    """The reading inside working hours; both or neither inside are asked, with the nearer one first."""
    early = dt.time(clock.hour % 12, clock.minute)
    late = dt.time(clock.hour % 12 + 12, clock.minute)
    if clock.hour == 12:  # twelve o'clock is noon, whatever the hours of lunch
        return ClockReading(late, other=early, sure=False)
    day = weekday if worktime.works_on(weekday) else _any_weekday(worktime)
    inside = worktime.contains(early, day), worktime.contains(late, day)
    if inside == (True, False):
        return ClockReading(early, other=late, sure=False)
    if inside == (False, True):
        return ClockReading(late, other=early, sure=False)
    if clock.colon and inside == (False, False) and clock.hour >= 6:  # 8:30 is written on the 24-hour clock
        return ClockReading(early, other=late, sure=False)
    first, second = (early, late) if _distance(early, worktime) <= _distance(late, worktime) else (late, early)
    return ClockReading(first, other=second, ask=True, sure=False)


def _any_weekday(worktime: WorkTime) -> int:
    return worktime.spans[0][0]


def _distance(time: dt.time, worktime: WorkTime) -> int:
    """Minutes from the working hours."""
    minutes, start, end = (value.hour * 60 + value.minute for value in (time, worktime.start, worktime.end))
    return max(start - minutes, minutes - end, 0)


def between(first: ClockReading, last: ClockReading) -> tuple[ClockReading, ClockReading]:
    """Both ends of a range: a bare end takes the reading that makes the shorter stretch (3-5pm, 下午3点到5点)."""
    if first.other is not None and last.other is None and not last.plus:
        fitting = [time for time in (first.time, first.other) if time < last.time]
        if fitting:
            first = ClockReading(max(fitting), first.plus)
    if last.other is not None:
        later = [time for time in (last.time, last.other) if time > first.time]
        last = (
            ClockReading(min(later), first.plus) if later else ClockReading(min(last.time, last.other), first.plus + 1)
        )
    elif last.plus <= first.plus:
        last = ClockReading(last.time, first.plus + (last.time <= first.time))
    return first, last
