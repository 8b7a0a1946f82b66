"""Dates, times, ranges and repeats in a chat message, in Chinese (both scripts) and English.

``find_dates`` gives every one with its place, its kind and how sure it is; PRODUCT.md ("Dates, decided") says which
reading is taken. What may not be guessed comes back with ``ask``; a date in the past comes back as it is, and the caller
decides. The way there: parts (``date_scan``), neighbours joined (``date_joins``), a day with its hour (``date_halves``),
rules (``date_rules``), and here the readings.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, WorkTime, localize
from domain.repeats import Repeat, next_after
from domain.repeats import Unit as Every
from domain.values import frozen
from parsing.date_halves import RANGE, Half, halves_of, with_days
from parsing.date_joins import Direction, settle
from parsing.date_parts import Day, Instant, Length, Repeats, Scan
from parsing.date_rules import ruled
from parsing.date_scan import parts_of, plain
from parsing.date_times import ClockReading, between, read_clock

ONE_DAY = dt.timedelta(days=1)


class Kind(StrEnum):
    """What was found: a day with a clock time, a day, a stretch of either, a rule, or a length, which is no date."""

    POINT = "point"
    DAY = "day"
    RANGE = "range"
    REPEAT = "repeat"
    LENGTH = "length"


@frozen
class Found:
    """One date of a text.

    Args:
        start, end: place in the original text, in code points, with the small words that belong to it (on, by, 前).
        day: the first day meant; of a rule, the day on which it is due next.
        at: the moment, aware and in the zone asked for, when a clock time or a part of the day was said.
        until: the end of a range: a moment when it ends at a clock time, else its last day.
        sure: nobody would read it differently.
        other: the second reading, to be offered beside this one.
        ask: no reading may be taken silently; what is filled in is only the likelier one.
        reason: what it was read from, one word for logs and tests.
    """

    kind: Kind
    start: int
    end: int
    text: str
    day: dt.date | None = None
    at: dt.datetime | None = None
    until: dt.datetime | dt.date | None = None
    repeat: Repeat | None = None
    sure: bool = True
    other: "Found | None" = None
    ask: bool = False
    reason: str = ""


def find_dates(
    text: str,
    *,
    said_at: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    worktime: WorkTime,
    past: bool = False,
    masked: Sequence[tuple[int, int]] = (),
    lengths: bool = False,
) -> tuple[Found, ...]:
    """Every date of ``text`` in its order, none overlapping another.

    Args:
        said_at: aware; when the words were written, which is what they are relative to.
        zone: the zone of whoever wrote them.
        past: bare weekdays and days are the latest ones not in the future, unless the words beside them plan.
        masked: spans that are names and never read.
        lengths: give lengths (试用14天) too, as ``Kind.LENGTH``.
    """
    now = said_at.astimezone(zone).replace(microsecond=0)
    scan = Scan(plain(text, masked), text, now, zone, calendar, worktime)
    parts = parts_of(scan)
    if not parts:
        return ()
    halves = with_days(ruled(halves_of(parts, scan, past=past), scan), scan)
    found = _Reader(scan).read(halves)
    if lengths:
        found += [Found(Kind.LENGTH, *_span(part, scan)) for part in parts if isinstance(part, Length)]
    return tuple(sorted(found, key=lambda one: one.start))


def first_date(
    text: str,
    *,
    said_at: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    worktime: WorkTime,
    past: bool = False,
    masked: Sequence[tuple[int, int]] = (),
) -> Found | None:
    """The first date of ``text``, for whoever expects only one; see ``find_dates``."""
    found = find_dates(text, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime, past=past, masked=masked)
    return found[0] if found else None


def _span(part: Length, scan: Scan) -> tuple[int, int, str]:
    return part.start, part.end, scan.original[part.start : part.end]


class _Reader:
    """Settles the halves of one text: which day, which hour, and what else they could mean."""

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        self._now = scan.now.astimezone(dt.UTC)  # two times of one zone would be compared by what clocks show

    def read(self, halves: list[Half]) -> list[Found]:
        found: list[Found] = []
        place = 0
        while place < len(halves):
            half, after = halves[place], halves[place + 1] if place + 1 < len(halves) else None
            ranged = self._range(half, after) if after is not None and self._are_range(half, after) else None
            place += 2 if ranged else 1
            if ranged and after and ranged.at and self._goes_on(after, halves[place : place + 1]):
                ranged = self._stretched(ranged, halves[place].end)
                place += 1
            found.append(ranged or self._one(half))
        return found

    def _goes_on(self, last: Half, rest: list[Half]) -> bool:
        """周一到周五 9:00-18:00: behind a range of days, the end of each day."""
        return bool(rest) and rest[0].lone_clock and self._are_range(last, rest[0])

    def _stretched(self, found: Found, end: int) -> Found:
        return replace(found, end=end, text=self._scan.original[found.start : end])

    def _one(self, half: Half) -> Found:
        if half.rule is not None:
            return self._rule(half, half.rule)
        if half.instant is not None:
            return self._instant(half, half.instant)
        if half.carrier is not None and half.carrier.rule is not None:
            return self._rule(half, half.carrier.rule)
        if half.day is None and half.carrier is None:
            return self._clock_only(half)
        return self._dated(half)

    def _made(
        self,
        half: Half,
        kind: Kind,
        day: dt.date,
        reason: str,
        *,
        at: dt.datetime | None = None,
        until: dt.date | None = None,
        repeat: Repeat | None = None,
        sure: bool = True,
        ask: bool = False,
    ) -> Found:
        """Made at once: to replace a field of a record afterwards costs as much as to search a text."""
        text = self._scan.original[half.start : half.end]
        return Found(kind, half.start, half.end, text, day, at, until, repeat, sure, None, ask, reason)

    def _instant(self, half: Half, instant: Instant) -> Found:
        found = self._made(half, Kind.POINT, instant.at.date(), "offset", at=instant.at, sure=instant.sure)
        if instant.other is None:
            return found
        return replace(found, other=replace(found, at=instant.other, day=instant.other.date(), sure=True))

    def _reading(self, half: Half, weekday: int) -> ClockReading | None:
        reading = read_clock(half.clock, half.period, weekday, self._scan.worktime)
        return replace(reading, ask=True) if reading and half.zoned else reading

    def _at(self, day: dt.date, time: dt.time, plus: int = 0) -> dt.datetime:
        return localize(day + ONE_DAY * plus, time, self._scan.zone).astimezone(self._scan.zone)

    def _clock_only(self, half: Half) -> Found:
        """Today's when it is still to come, else tomorrow's; looking back, the latest one."""
        reading = self._reading(half, self._scan.today.weekday())
        assert reading is not None
        at = self._nearest(reading.time, half.way)
        reason = half.clock.reason if half.clock else "period"
        found = self._made(half, Kind.POINT, at.date(), reason, at=at, sure=reading.sure, ask=reading.ask)
        other = self._nearest(reading.other, half.way) if reading.other else None
        if half.clock is None and at.date() > self._scan.today:  # "上午", said at ten: this morning is not over
            other = at - ONE_DAY
        return self._with_other(found, other, sure=reading.sure and other is None)

    def _nearest(self, time: dt.time, way: Direction) -> dt.datetime:
        now, today = self._now, self._scan.today
        days = (today, today + ONE_DAY) if way is Direction.AHEAD else (today, today - ONE_DAY)
        moments = [self._at(day, time) for day in days]
        fitting = [at for at in moments if (at > now if way is Direction.AHEAD else at <= now)]
        return fitting[0] if fitting else moments[-1]

    def _with_other(self, found: Found, at: dt.datetime | None, *, sure: bool) -> Found:
        if at is None:
            return found if found.sure is sure else replace(found, sure=sure)
        return replace(found, sure=False, other=replace(found, at=at, day=at.date(), sure=False, ask=False, other=None))

    def _settled(self, half: Half, *, anchor: dt.date | None = None) -> tuple[Day, ClockReading | None]:
        """The day of a half and its hour; which weekday it is decides the hour, the hour which of two days it is."""
        part = half.day or (half.carrier.day if half.carrier else None)
        assert part is not None
        anchor = anchor or half.since
        first = settle(part, self._scan, half.way, anchor=anchor)
        reading = self._reading(half, first.day.weekday())
        if reading is None or isinstance(part, Day):
            return first, reading
        return settle(part, self._scan, half.way, clock=reading.time, anchor=anchor), reading

    def _dated(self, half: Half) -> Found:
        day, reading = self._settled(half)
        if half.carrier is not None:
            day = replace(day, sure=False, reason=half.clock.reason if half.clock else "period")
        if reading is not None:
            return self._point(half, day, reading)
        kind = Kind.RANGE if day.until else Kind.DAY
        found = self._made(half, kind, day.day, day.reason, until=day.until, sure=day.sure, ask=day.ask)
        if day.other is not None:
            found = replace(
                found, other=replace(found, kind=Kind.DAY, until=None, day=day.other, sure=False, ask=False)
            )
        return self._beside(half, found, day)

    def _beside(self, half: Half, found: Found, day: Day) -> Found:
        """Before a day is by that day, after it the working day that follows."""
        if half.trail == "after" or half.lead == "after":
            if day.reason in {"offset", "within"} or ("festival" in day.reason and not day.holiday):
                return found
            later = self._scan.calendar.following_working_day(day.until or day.day)
            return replace(found, kind=Kind.DAY, day=later, until=None, sure=False, reason="after")
        if half.trail == "before" or half.lead in {"by", "before", "until", "till"}:
            if day.until is not None and half.lead in {"before", ""}:  # before March: before its first day
                return replace(found, kind=Kind.DAY, until=None, reason="before")
            return replace(found, reason="before" if found.reason != "within" else found.reason)
        return found

    def _point(self, half: Half, day: Day, reading: ClockReading) -> Found:
        at = self._at(day.day, reading.time, reading.plus)
        sure, ask = reading.sure and day.sure and not reading.ask, reading.ask or day.ask
        found = self._made(half, Kind.POINT, at.date(), day.reason, at=at, sure=sure, ask=ask)
        if reading.other is not None:
            other = self._at(day.day, reading.other, 0)
            over = day.day == self._scan.today and half.way is Direction.AHEAD and at <= self._now < other
            if over:  # 今天9点 at ten: this morning or tonight
                return self._with_other(replace(found, at=other, day=other.date(), ask=True), at, sure=False)
            return self._with_other(found, other, sure=False)
        if day.other is not None:
            return self._with_other(found, self._at(day.other, reading.time, reading.plus), sure=False)
        return found

    def _rule(self, half: Half, rule: Repeats, *, reading: ClockReading | None = None) -> Found:
        """A rule with its clock time and the first time that it is due."""
        scan = self._scan
        reading = reading or self._reading(half, 0)
        stepped = rule.rule.unit in {Every.MINUTE, Every.HOUR}
        time = reading.time if reading else scan.now.time().replace(second=0) if stepped else rule.rule.at
        repeat = _completed(replace(rule.rule, at=time), scan.today, part=rule)
        if repeat.start is None and repeat.interval > 1:  # every other Tuesday begins with the next one
            repeat = replace(repeat, start=self._due(replace(repeat, interval=1)).date())
        due = self._due(repeat)
        sure = rule.sure and (reading is None or reading.sure)
        found = self._made(half, Kind.REPEAT, due.date(), "repeat", at=due, repeat=repeat, sure=sure)
        if reading is None or reading.other is None:
            return found
        other = replace(repeat, at=reading.other)
        due = self._due(other)
        second = replace(found, repeat=other, at=due, day=due.date(), sure=False)
        return replace(found, ask=reading.ask, other=second)

    def _due(self, rule: Repeat) -> dt.datetime:
        scan = self._scan
        return next_after(rule, scan.now, zone=scan.zone, calendar=scan.calendar).astimezone(scan.zone)

    def _are_range(self, first: Half, last: Half) -> bool:
        if first.instant or last.instant or last.rule or (first.carrier and first.carrier.rule):
            return False
        gap = self._scan.text[first.end : last.start]
        joins = RANGE.fullmatch(gap) is not None or (not gap.strip() and last.lead in {"until", "till", "through"})
        if not joins or ("and" in gap and first.lead != "between"):
            return joins and False
        return last.day is not None or last.lone_clock

    def _range(self, first: Half, last: Half) -> Found | None:
        whole = replace(first, end=last.end, trail="", lead="" if first.lead == "between" else first.lead)
        if first.rule is not None:
            if not (last.lone_clock and first.timed):
                return None
            begin, end = self._reading(first, 0), self._reading(last, 0)
            return self._rule(whole, first.rule, reading=between(begin, end)[0] if begin and end else None)
        if first.lone_clock and first.carrier is None and last.day is not None:  # 3-5pm tomorrow
            if last.clock is None:
                return None
            first, last = replace(first, day=last.day), replace(last, day=None)
        if last.day is None:
            return self._hours(whole, first, last)
        found = self._dated(replace(whole, lead=""))
        assert found.day is not None
        day, reading = self._settled(replace(last, carrier=None), anchor=found.day)
        if day.day < found.day or (found.at is not None and reading is None and last.timed):
            return None
        until: dt.datetime | dt.date = day.until or day.day
        if reading is not None and found.at is None:  # 周一到周五 9点: from nine on the first day
            found = replace(found, at=self._at(found.day, reading.time))
        elif reading is not None and found.at is not None:
            until = self._at(day.day, reading.time, reading.plus)
        if isinstance(until, dt.datetime) and found.at is not None and until <= found.at:
            return None
        return replace(found, kind=Kind.RANGE, until=until)

    def _hours(self, whole: Half, first: Half, last: Half) -> Found | None:
        """From one clock time to another of the same day."""
        start = self._dated(first) if first.day or first.carrier else self._clock_only(first) if first.timed else None
        if start is None or start.at is None:
            return None
        weekday = start.at.weekday()
        begin, end = self._reading(first, weekday), self._reading(last, weekday)
        if begin is None or end is None:
            return None
        asked, second = begin.ask and end.other is not None, begin.other if end.other is not None else None
        begin, end = between(begin, end)
        day = start.day if first.day or first.carrier else None
        if day is None:
            at = self._nearest(begin.time, first.way)
        else:
            settled, _ = self._settled(first)
            at = self._at(settled.day, begin.time, begin.plus)
        until = self._at(at.date(), end.time, end.plus - begin.plus)
        found = replace(start, kind=Kind.RANGE, start=whole.start, end=whole.end, at=at, day=at.date(), until=until)
        found = replace(
            found, text=self._scan.original[whole.start : whole.end], ask=asked, other=None, sure=second is None
        )
        if second is not None and second != begin.time:
            shift = dt.datetime.combine(at.date(), second) - dt.datetime.combine(at.date(), begin.time)
            moved = replace(found, at=at + shift, until=until + shift, sure=False, ask=False)
            return replace(found, sure=False, other=replace(moved, day=(at + shift).date()))
        return found


def _completed(rule: Repeat, today: dt.date, *, part: Repeats) -> Repeat:
    """The weekday or day that was not said is that of today, from which its intervals are counted then."""
    day = rule.start or today
    match rule.unit:
        case Every.WEEK if part.open and not rule.weekdays:
            rule = replace(rule, weekdays=(day.weekday(),), start=rule.start or _anchor(rule, today))
        case Every.MONTH if part.quarterly and rule.month_day is None and rule.nth is None and rule.start is None:
            rule = replace(rule, month_day=1, start=dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1))
        case Every.MONTH if part.open and rule.month_day is None and rule.nth is None:
            rule = replace(rule, month_day=day.day, start=rule.start or _anchor(rule, today))
        case Every.YEAR if rule.month is None and rule.start is None:
            rule = replace(rule, month=today.month, month_day=rule.month_day or today.day)
        case Every.DAY | Every.HOUR | Every.MINUTE:
            rule = replace(rule, start=rule.start or _anchor(rule, today))
        case _:
            pass
    return rule


def _anchor(rule: Repeat, today: dt.date) -> dt.date | None:
    """What intervals are counted from; a rule that is due every time needs none."""
    return today if rule.interval > 1 or rule.unit in {Every.HOUR, Every.MINUTE} else None
