"""What a sentence says about time, piece by piece, before the pieces are put together.

Each module of patterns (days, clocks, offsets, festivals, repeats) turns a match into one of these parts, or refuses
it. A part knows its place in the text; ``date_joins`` merges neighbours, ``dates`` settles and reports them.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, WorkTime
from domain.repeats import WORKING, Repeat
from domain.values import frozen
from parsing.expressions import expression

ANY_DAY = WORKING + 1  # in the place of a weekday: the n-th day
ANY_WEEK = WORKING + 2  # … the n-th seven days
ANY_MONTH = WORKING + 3  # … the n-th month


@dataclass(slots=True)
class Scan:
    """One text being read: folded, masked, and the moment it was written."""

    text: str
    original: str  # for capitals, which tell a name from a word
    now: dt.datetime  # aware, in ``zone``
    zone: ZoneInfo
    calendar: Calendar
    worktime: WorkTime
    after: int = -1  # where the part before ended

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def before(self, start: int, length: int = 16) -> str:
        """The few characters in front of ``start``."""
        return self.text[max(start - length, 0) : start]

    def follows(self, start: int) -> bool:
        """Whether a part ended just before ``start``, blanks aside."""
        return self.after >= 0 and not self.text[self.after : start].strip()


class Unit(StrEnum):
    """A stretch of days that has a beginning, a middle and an end."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(slots=True)
class Part:
    start: int
    end: int


@dataclass(slots=True)
class Day(Part):
    """A settled day or, with ``until``, a stretch of days; ``unit``: it stands for its whole week, month …"""

    day: dt.date
    reason: str
    until: dt.date | None = None
    unit: Unit | None = None
    sure: bool = True
    ask: bool = False
    other: dt.date | None = None
    dated: bool = False  # its year was said
    yearly: bool = False  # a festival, or a day counted from one, with the same date every year
    holiday: str | None = None  # a festival: before and after it mean its days off


@dataclass(slots=True)
class Weekday(Part):
    """A weekday of which the week was not said; ``last``: up to that one."""

    number: int
    last: int | None = None
    reason: str = "weekday"


@dataclass(slots=True)
class MonthDay(Part):
    """A day of which the year, or with no ``month`` the month, was not said; ``last``: up to that day of the month."""

    month: int | None
    number: int
    last: int | None = None
    sure: bool = True
    other: dt.date | None = None
    reason: str = "date"


@dataclass(slots=True)
class Month(Part):
    """A month of which the year was not said; alone it may be no date at all (``weak``)."""

    number: int
    weak: bool = False


@dataclass(slots=True)
class Year(Part):
    """A year: only a date together with others."""

    number: int


@dataclass(slots=True)
class Nth(Part):
    """The first Monday, the last day, the second working day of something."""

    which: int  # 1, 2 …, -1 the last
    what: int  # a weekday, ``WORKING``, ``ANY_DAY``, ``ANY_WEEK`` or ``ANY_MONTH``


@dataclass(slots=True)
class Edge(Part):
    """Beginning, middle or end, of a stretch named beside it or of the current ``unit``."""

    which: str  # a key of EDGES
    unit: Unit | None = None


@dataclass(slots=True)
class Shift(Part):
    """So many days or working days after (before, when negative) the day named beside it, or its nearest edge."""

    days: int = 0
    working: bool = False
    nth: tuple[int, int] | None = None  # the first (which, what) after, the last one before
    sign: int = 1
    leads: bool = False  # stands before its day: two days before Friday


@dataclass(slots=True)
class Clock(Part):
    """A clock time; ``bare``: morning or evening was not said; ``plus``: it belongs to the night after its day."""

    hour: int
    minute: int = 0
    bare: bool = False
    colon: bool = False
    plus: int = 0
    sure: bool = True
    weak: bool = False  # only a clock time beside a day
    reason: str = "clock"


@dataclass(slots=True)
class Period(Part):
    """A part of the day; ``hour`` is what it means without a clock time, ``None`` where it means none."""

    shape: str
    hour: int | None
    weak: bool = False  # only beside a day or a clock time


@dataclass(slots=True)
class Instant(Part):
    """A moment counted from now."""

    at: dt.datetime
    sure: bool = True
    other: dt.datetime | None = None


@dataclass(slots=True)
class Repeats(Part):
    """A rule, still without its clock time; ``open``: which weekday or day of the month was not said yet."""

    rule: Repeat
    open: bool = False
    sure: bool = True
    weak: bool = False  # only a repeat beside a clock time or a day
    quarterly: bool = False  # of the calendar's quarters, not every three months from today


@dataclass(slots=True)
class Length(Part):
    """So long: no date, but found so that its number is not taken for one."""

    days: int | None = None
    working: bool = False


@frozen
class Pattern:
    """A regular expression and what it means; ``read`` gives the parts, or none when a closer look says no."""

    regex: re.Pattern[str]
    read: Callable[[re.Match[str], Scan], "list[Part]"]


def pattern(source: str) -> Callable[[Callable[[re.Match[str], Scan], list[Part]]], Pattern]:
    """Make the decorated function what the expression means."""
    return lambda read: Pattern(expression(source, re.ASCII), read)
