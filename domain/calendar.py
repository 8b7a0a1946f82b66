"""Days on which people work, hours in which they do, and hours in which they are left alone.

A ``Calendar`` arrives here as a value (``storage`` builds it from public holidays and the admin's own table); nothing
in this module knows a country. It is also the only place that turns a local day and clock time into an instant.
"""

import datetime as dt
import itertools
import re
from zoneinfo import ZoneInfo

from domain.values import frozen

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
SATURDAY, SUNDAY = 5, 6
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
END_OF_DAY = dt.time.max  # what "24:00" becomes: the last moment a clock can show


@frozen
class Calendar:
    """Which days are worked: weekends and days off are not, make-up days are, whatever their weekday.

    Args:
        days_off: public holidays and days the company is closed.
        make_up_days: weekend days that are worked in exchange for a longer holiday.
        weekend: weekdays without work, Monday is 0; never all seven.
        names: days with the name of what is celebrated, for whoever shows or looks up a holiday.
    """

    days_off: frozenset[dt.date] = frozenset()
    make_up_days: frozenset[dt.date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    names: tuple[tuple[dt.date, str], ...] = ()

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a calendar needs at least one weekday that is worked")

    def is_working(self, day: dt.date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() not in self.weekend and day not in self.days_off

    def next_working_day(self, day: dt.date) -> dt.date:
        """``day`` itself when it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def following_working_day(self, day: dt.date) -> dt.date:
        """The first worked day after ``day``."""
        return self.next_working_day(day + DAY)

    def preceding_working_day(self, day: dt.date) -> dt.date:
        """The last worked day before ``day``."""
        day -= DAY
        while not self.is_working(day):
            day -= DAY
        return day

    def name_of(self, day: dt.date) -> str | None:
        """What is celebrated on ``day``, as the holiday list names it."""
        return next((name for named, name in self.names if named == day), None)


@frozen
class WorkTime:
    """Working hours of a usual week: (weekday, from, until) with ``until`` not included, sorted."""

    spans: tuple[tuple[int, dt.time, dt.time], ...]

    @classmethod
    def parse(cls, text: str) -> "WorkTime":
        """Read ``Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00``.

        Raises:
            ValueError: with the part that was not understood and an example.
        """
        spans: list[tuple[int, dt.time, dt.time]] = []
        for part in text.split(";"):
            days, _, hours = part.strip().partition(" ")
            spans += [(day, *span) for day in _days(days, part) for span in _hours(hours, part)]
        spans.sort()
        for (day, _, until), (next_day, start, _) in itertools.pairwise(spans):
            if day == next_day and start < until:
                raise ValueError(f"working hours overlap on {WEEKDAYS[day].title()} in {text!r}")
        return cls(tuple(spans))

    @property
    def start(self) -> dt.time:
        """The earliest hour of the week at which work begins."""
        return min(start for _, start, _ in self.spans)

    @property
    def end(self) -> dt.time:
        """The latest hour of the week at which work ends."""
        return max(until for _, _, until in self.spans)

    def contains(self, time: dt.time, weekday: int) -> bool:
        return any(day == weekday and start <= time < until for day, start, until in self.spans)

    def works_on(self, weekday: int) -> bool:
        return any(day == weekday for day, _, _ in self.spans)

    def end_on(self, weekday: int) -> dt.time:
        """When work ends on that weekday; on one without hours, when it ends in general."""
        return max((until for day, _, until in self.spans if day == weekday), default=self.end)


_EXAMPLE = "write it like 'Mon-Fri 09:00-18:00' or 'Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00'"
_DAYS = re.compile(rf"({'|'.join(WEEKDAYS)})(?:-({'|'.join(WEEKDAYS)}))?", re.IGNORECASE)
_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")


def _days(text: str, part: str) -> list[int]:
    days: list[int] = []
    for piece in text.split(","):
        found = _DAYS.fullmatch(piece.strip())
        if found is None:
            raise ValueError(f"working time {part.strip()!r}: no weekdays in {text!r}; {_EXAMPLE}")
        first = WEEKDAYS.index(found[1].lower())
        last = WEEKDAYS.index(found[2].lower()) if found[2] else first
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def _hours(text: str, part: str) -> list[tuple[dt.time, dt.time]]:
    spans: list[tuple[dt.time, dt.time]] = []
    for piece in text.split(","):
        found = _HOURS.fullmatch(piece.strip())
        if found is None:
            raise ValueError(f"working time {part.strip()!r}: no hours in {text!r}; {_EXAMPLE}")
        start, until = _clock(found[1], found[2], part), _clock(found[3], found[4], part)
        if start >= until:
            raise ValueError(f"working time {part.strip()!r}: {piece.strip()!r} ends before it begins; {_EXAMPLE}")
        spans.append((start, until))
    return spans


def _clock(hour: str, minute: str, part: str) -> dt.time:
    if hour == "24":
        if minute != "00":
            raise ValueError(f"working time {part.strip()!r}: there is no {hour}:{minute}; {_EXAMPLE}")
        return END_OF_DAY
    return dt.time(int(hour), int(minute))


@frozen
class QuietHours:
    """Local hours in which nobody is disturbed unasked; may cross midnight; equal ends mean none."""

    start: dt.time = dt.time(22)
    end: dt.time = dt.time(8)

    def holds(self, at_local: dt.time | dt.datetime) -> bool:
        """Whether this local clock time is a quiet one; ``end`` itself no longer is."""
        time = at_local.time() if isinstance(at_local, dt.datetime) else at_local
        if self.start <= self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end

    def ends_after(self, instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The first end of the quiet hours after ``instant``, as an aware UTC instant."""
        day = instant.astimezone(zone).date() - DAY
        while (end := localize(day, self.end, zone)) <= instant:
            day += DAY
        return end


def held_until(
    instant: dt.datetime, quiet: QuietHours, *, calendar: Calendar, zone: ZoneInfo, days_off: bool = True
) -> dt.datetime:
    """The first moment from ``instant`` on at which the person may be disturbed: itself when it is not quiet.

    Args:
        instant: aware.
        days_off: days without work are quiet as a whole; false for whoever wants pushes on them too.

    Returns:
        An aware UTC instant, never before ``instant``.
    """
    while True:
        local = instant.astimezone(zone)
        if quiet.holds(local):
            instant = quiet.ends_after(instant, zone)
        elif days_off and not calendar.is_working(local.date()):
            instant = localize(calendar.following_working_day(local.date()), dt.time.min, zone)
        else:
            return instant.astimezone(dt.UTC)


def localize(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The instant at which clocks of ``zone`` show ``time`` on ``day``, in UTC.

    Where summer time makes clocks skip that time, the first moment after the gap; where they show it twice, the first.
    """
    wall = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), tzinfo=zone)
    instant = wall.astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(wall)


def _end_of_gap(wall: dt.datetime) -> dt.datetime:
    """The instant of the transition that skips ``wall``.

    By PEP 495 a skipped time counts with the offset before the gap at fold 0 and with the one after it at fold 1, so
    the two instants lie on both sides of the transition.
    """
    after = wall.astimezone(dt.UTC)
    before = wall.replace(fold=1).astimezone(dt.UTC)
    old = before.astimezone(wall.tzinfo).utcoffset()
    while after - before > SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(wall.tzinfo).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
