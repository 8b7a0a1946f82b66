"""By when a case is answered, kept up to date and solved, in the organisation's working time.

Clocks stand still while the customer has the turn: their ends move by the working time that passed.
"""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, WorkTime, localize
from domain.cases import CaseKind
from domain.customers import Grade
from domain.values import frozen

DAY = dt.timedelta(days=1)
HURRY = 2  # an urgent case, and one of a customer of high value, has half the time


@frozen
class Targets:
    """Working hours: to the first answer, between two words of ours, to the solution; ``None``: no such clock."""

    answer: int
    update: int | None
    solve: int | None


TARGETS = {
    # a working day to answer, because who complains looks again the next morning; word every second day, or the customer
    # believes that it was forgotten; a week to solve, because what takes longer needs a lead's decision anyway
    CaseKind.COMPLAINT: Targets(answer=8, update=16, solve=40),
    # who asks wants to decide something: a day to answer, three to be done with it
    CaseKind.QUESTION: Targets(answer=8, update=16, solve=24),
    # nothing hurts, but thanks must come while the idea is fresh; whether it is taken up is no promise
    CaseKind.SUGGESTION: Targets(answer=16, update=None, solve=80),
    CaseKind.PRAISE: Targets(answer=16, update=None, solve=None),
}


class Clock(StrEnum):
    """What is measured of a case."""

    ANSWER = "answer"
    UPDATE = "update"
    SOLVE = "solve"


class Level(StrEnum):
    """How far a clock has run: half and four fifths are the owner's to know, then the lead's, then the lead's lead's."""

    HALF = "half"
    MOST = "most"
    BREACH = "breach"
    LONG = "long"


LEFT = {Level.HALF: 0.5, Level.MOST: 0.2}  # of the time, when it is said
LONG_AFTER = 4  # working hours after the breach: half a day in which the lead could act


def targets(kind: CaseKind, grade: Grade, *, urgent: bool) -> Targets:
    """The working hours that hold for a case."""
    hours = TARGETS[kind]
    if not urgent and grade is not Grade.A:
        return hours
    return Targets(hours.answer // HURRY, _half(hours.update), _half(hours.solve))


def _half(hours: int | None) -> int | None:
    return hours and hours // HURRY


@frozen
class WorkClock:
    """Counts working time: a day is worked by the calendar, or by the working hours where no holiday takes it."""

    calendar: Calendar
    worktime: WorkTime
    zone: ZoneInfo

    def after(self, start: dt.datetime, hours: float) -> dt.datetime:
        """The instant at which ``hours`` of working time have passed since ``start``, in UTC."""
        left = dt.timedelta(hours=hours)
        for begin, end in self._spans(start, 1):
            begin = max(begin, start)
            if end - begin >= left:
                return (begin + left).astimezone(dt.UTC)
            left -= max(end - begin, dt.timedelta())
        raise AssertionError("days do not end")

    def before(self, end: dt.datetime, hours: float) -> dt.datetime:
        """The instant from which ``hours`` of working time are left until ``end``, in UTC."""
        left = dt.timedelta(hours=hours)
        for begin, until in self._spans(end, -1):
            until = min(until, end)
            if until - begin >= left:
                return (until - left).astimezone(dt.UTC)
            left -= max(until - begin, dt.timedelta())
        raise AssertionError("days do not end")

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much working time lies between two instants."""
        passed = dt.timedelta()
        for begin, until in self._spans(start, 1):
            if begin >= end:
                return passed
            passed += max(min(until, end) - max(begin, start), dt.timedelta())
        raise AssertionError("days do not end")

    def is_working(self, at: dt.datetime) -> bool:
        """Whether people work at this instant."""
        local = at.astimezone(self.zone)
        return any(begin <= local.time() < end for begin, end in self._hours(local.date()))

    def days_after(self, start: dt.datetime, days: int) -> dt.datetime:
        """The end of work ``days`` working days after the day of ``start``, in UTC."""
        day = start.astimezone(self.zone).date()
        for _ in range(days):
            day += DAY
            while not self._hours(day):
                day += DAY
        return localize(day, self._hours(day)[-1][1] if self._hours(day) else self.worktime.end, self.zone)

    def spans(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Spans of work that end after ``start``, as instants in UTC; without an end."""
        return ((begin, end) for begin, end in self._spans(start, 1) if end > start)

    def _spans(self, at: dt.datetime, step: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Spans of work from the day of ``at`` on, day by day, forwards or backwards."""
        first = at.astimezone(self.zone).date()
        for number in count():
            day = first + number * step * DAY
            for begin, end in self._hours(day)[::step]:
                yield localize(day, begin, self.zone), localize(day, end, self.zone)

    def _hours(self, day: dt.date) -> list[tuple[dt.time, dt.time]]:
        """Hours of work on a day; a make-up workday without hours of its own has those of the week's first."""
        weekday = day.weekday()
        if not self.worktime.works_on(weekday):
            if day not in self.calendar.make_up_days:
                return []
            weekday = self.worktime.spans[0][0]
        elif day in self.calendar.days_off:
            return []
        return [(begin, end) for on, begin, end in self.worktime.spans if on == weekday]


def moment_of(level: Level, due: dt.datetime, hours: float, clock: WorkClock) -> dt.datetime:
    """When a level of a clock is reached that takes ``hours`` in all and ends at ``due``."""
    if level is Level.BREACH:
        return due
    if level is Level.LONG:
        return clock.after(due, LONG_AFTER)
    return clock.before(due, hours * LEFT[level])


def moved(due: dt.datetime | None, since: dt.datetime, now: dt.datetime, clock: WorkClock) -> dt.datetime | None:
    """Where a clock ends that stood still from ``since`` to ``now``; one that had run out before stays."""
    if due is None or due <= since:
        return due
    return clock.after(now, clock.between(since, due).total_seconds() / 3600)
