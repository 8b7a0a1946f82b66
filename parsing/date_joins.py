"""How neighbours make one date: 下个月 + 5号, Friday + next week, 中秋节 + 前一天, 每月 + 最后一天.

``joined`` knows two parts at a time and what may stand between them; ``settle`` gives a part left open its day.
"""

import datetime as dt
import re
from dataclasses import replace
from enum import Enum

from domain.calendar import localize
from domain.repeats import LAST, WORKING, Repeat, last_day
from domain.repeats import Unit as Every
from parsing import festivals
from parsing.date_parts import (
    ANY_DAY,
    ANY_MONTH,
    ANY_WEEK,
    Day,
    Edge,
    Month,
    MonthDay,
    Nth,
    Part,
    Repeats,
    Scan,
    Shift,
    Unit,
    Weekday,
    Year,
)
from parsing.expressions import expression
from parsing.month_days import dated
from parsing.offsets import add_months, working_days_from
from parsing.stretches import edge_of, nth_of, stretch, whole_stretch

ONE_DAY = dt.timedelta(days=1)
# Between two parts of one date. Only blanks, 的 and small words: anything else makes them two dates.
TIGHT = expression(r"\s*(?:的|,|of|in|on|the|of the|in the)?\s*")
LIST = expression(r"\s*(?:[、,/&+和及跟与或]|以及|还有|或者|and|or|,\s*and|,\s*or)\s*")
_UNTIL = expression(r"(?:until|till|through)\b")
BRACKET = expression(r"\s*[(（,，]?\s*(?:即|也就是|就是|the)?\s*")


class Direction(Enum):
    """Where a date that was not said whole is looked for."""

    AHEAD = 1
    BACK = -1


def joined(left: Part, right: Part, gap: str, scan: Scan) -> Part | None:
    """The one part that two neighbours make, or ``None`` when they are two."""
    if isinstance(left, Repeats):
        return _into_rule(left, right, gap, scan)
    if (
        isinstance(right, Repeats)
        and isinstance(left, MonthDay | Nth | Edge | Weekday)
        and right.open
        and TIGHT.fullmatch(gap)
    ):
        return _into_rule(replace(right, start=left.start, end=left.end), left, "", scan, end=right.end)
    ends = _UNTIL.match(scan.text, right.start, right.end)  # tomorrow until Friday: a stretch
    if not ends and BRACKET.fullmatch(gap) and (found := _agreeing(left, right, gap, scan)):
        return found
    if not TIGHT.fullmatch(gap):
        return None
    found = _pair(left, right, scan) or (None if isinstance(left, Year) else _pair(right, left, scan, swapped=True))
    if found is not None:
        found.start, found.end = left.start, right.end
    return found


def _pair(wide: Part, narrow: Part, scan: Scan, *, swapped: bool = False) -> Part | None:
    """A stretch with what picks a day out of it, in the order in which ``swapped`` says they stood."""
    match wide, narrow:
        case Day(unit=Unit.WEEK), Weekday(last=None):
            first, _ = stretch(Unit.WEEK, wide.day)
            return Day(0, 0, first + ONE_DAY * narrow.number, "weekday")
        case Day(unit=Unit.WEEK), Weekday():
            first, _ = stretch(Unit.WEEK, wide.day)
            return Day(0, 0, first + ONE_DAY * narrow.number, "weekday", until=first + ONE_DAY * (narrow.last or 6))
        case Day(unit=Unit.MONTH), MonthDay(month=None):
            return _in_month(wide.day, narrow)
        case Day(unit=Unit() as unit), Edge():
            return edge_of(0, 0, which=narrow.which, unit=unit, day=wide.day, scan=scan)
        case Day(unit=Unit() as unit), Nth():
            return _nth_day(narrow, stretch(unit, wide.day), scan)
        case Edge(which="end", unit=Unit() as unit), Nth():
            return _nth_day(narrow, stretch(unit, settle(wide, scan, Direction.AHEAD).day), scan)
        case Month(), Edge() | Nth() | MonthDay(month=None):
            return _pair(settled_month(wide, scan), narrow, scan)
        case Year(), Month():
            return whole_stretch(0, 0, Unit.MONTH, dt.date(wide.number, narrow.number, 1))
        case Year(), MonthDay(month=int() as month):
            return dated(0, 0, wide.number, month, narrow.number)
        case Year(), Nth():
            return _nth_day(narrow, stretch(Unit.YEAR, dt.date(wide.number, 1, 1)), scan)
        case Year(), Edge(unit=Unit.YEAR | None):
            return edge_of(0, 0, which=narrow.which, unit=Unit.YEAR, day=dt.date(wide.number, 1, 1), scan=scan)
        case Year(), Day(holiday=str() as name) if name != festivals.ANY_HOLIDAY:
            day = festivals.festival_in(name, wide.number)
            return None if day is None else Day(0, 0, day, "festival", holiday=name, dated=True)
        case Year(), Day(unit=Unit.QUARTER):
            return whole_stretch(0, 0, Unit.QUARTER, wide_quarter(wide.number, narrow.day))
        case Day(), Shift() if narrow.leads == swapped:
            return _shifted(wide, narrow, scan)
        case ((Weekday() | MonthDay() | Month() | Edge()), Shift()) if narrow.leads == swapped:
            return _shifted(settle(wide, scan, Direction.AHEAD), narrow, scan)
    return None


def wide_quarter(year: int, day: dt.date) -> dt.date:
    return dt.date(year, day.month, 1)


def _in_month(day: dt.date, narrow: MonthDay) -> Day | None:
    found = dated(0, 0, day.year, day.month, narrow.number)
    if found is not None and narrow.last and narrow.last > narrow.number:
        found.until = day.replace(day=min(narrow.last, last_day(day.year, day.month)))
    return found


def _nth_day(narrow: Nth, span: tuple[dt.date, dt.date], scan: Scan) -> Day | None:
    day = nth_of(narrow, *span, scan)
    if day is None or day > span[1]:
        return None
    if narrow.what == ANY_MONTH:
        return whole_stretch(0, 0, Unit.MONTH, day)
    until = min(day + ONE_DAY * 6, span[1]) if narrow.what == ANY_WEEK else None
    return Day(0, 0, day, "nth", until=until, sure=until is None)


def _agreeing(left: Part, right: Part, gap: str, scan: Scan) -> Part | None:
    """11月25日 周三: one date said twice; when they contradict each other it is asked."""
    match left, right:
        case (MonthDay() | Day(reason="date"), Weekday(last=None)):
            dated_part, named = left, right
        case (Weekday(last=None), MonthDay() | Day(reason="date")):
            dated_part, named = right, left
        case (Day(reason="weekday" | "relative", until=None), MonthDay()):
            return _same(left, settle(right, scan, Direction.AHEAD), left, right)
        case (MonthDay(), Day(reason="weekday" | "relative", until=None)):
            return _same(right, settle(left, scan, Direction.AHEAD), left, right)
        case (Day(reason="relative", until=None), Weekday(last=None)):
            number = right.number
            later = left.day + ONE_DAY * ((number - left.day.weekday()) % 7)
            if later != left.day and gap.strip():
                return None  # "tomorrow, Friday" when tomorrow is none: two days
            return Day(
                left.start,
                right.end,
                left.day,
                "relative",
                ask=later != left.day,
                sure=later == left.day,
                other=later if later != left.day else None,
            )
        case _:
            return None
    assert isinstance(named, Weekday)
    found = settle(dated_part, scan, Direction.AHEAD)
    if isinstance(dated_part, MonthDay) and found.day.weekday() != named.number:
        back = settle(dated_part, scan, Direction.BACK)
        if back.day.weekday() == named.number:
            found = back
    clash = found.day.weekday() != named.number
    other = settle(named, scan, Direction.AHEAD).day if clash else None
    return replace(found, start=left.start, end=right.end, ask=clash or found.ask, sure=not clash, other=other)


def _same(named: Day, dated_day: Day, left: Part, right: Part) -> Day:
    clash = named.day != dated_day.day
    return Day(
        left.start, right.end, dated_day.day, "date", ask=clash, sure=not clash, other=named.day if clash else None
    )


def _shifted(base: Day, shift: Shift, scan: Scan) -> Day | None:
    if shift.nth is not None:
        return _first_beside(base, shift, scan)
    try:
        if shift.working:
            day = working_days_from(scan, shift.days, base.until if base.until and shift.days > 0 else base.day)
        else:
            day = base.day + ONE_DAY * shift.days
    except OverflowError:
        return None
    return Day(0, 0, day, base.reason, yearly=base.yearly)


def _first_beside(base: Day, shift: Shift, scan: Scan) -> Day:
    """The first working day or Monday after (the last before) a day or the days off around it."""
    assert shift.nth is not None
    what = shift.nth[1]
    if base.holiday is not None:
        day = festivals.side_of(scan, base, shift.sign)
    else:
        day = (base.until or base.day) + ONE_DAY if shift.sign > 0 else base.day - ONE_DAY
    while (what == WORKING and not scan.calendar.is_working(day)) or (what < WORKING and day.weekday() != what):
        day += ONE_DAY * shift.sign
    return Day(0, 0, day, "festival" if base.holiday else "workday")


def _into_rule(left: Repeats, right: Part, gap: str, scan: Scan, *, end: int | None = None) -> Repeats | None:
    """A rule with the weekday, day of the month or n-th weekday that stood beside it."""
    rule = left.rule
    tight, listed = TIGHT.fullmatch(gap) is not None, LIST.fullmatch(gap) is not None
    match right:
        case Weekday() if rule.unit is Every.WEEK and ((left.open and tight) or (rule.weekdays and listed)):
            days = {*rule.weekdays, *_run(right.number, right.last)}
            rule = replace(rule, weekdays=tuple(sorted(days)))
        case Weekday() if (
            rule.unit is Every.WEEK and len(rule.weekdays) == 1 and re.fullmatch(r"\s*(?:到|至|-|~|to|through)\s*", gap)
        ):
            rule = replace(rule, weekdays=_run(rule.weekdays[0], right.number))
        case MonthDay(month=None) if rule.unit is Every.MONTH and left.open and tight:
            rule = replace(rule, month_day=right.number)
        case MonthDay(month=int()) if rule.unit is Every.YEAR and left.open and tight:
            rule = replace(rule, month=right.month, month_day=right.number)
        case Month() if rule.unit is Every.YEAR and left.open and tight:
            return replace(left, end=right.end, rule=replace(rule, month=right.number, month_day=1))
        case Edge() if rule.unit in {Every.MONTH, Every.YEAR} and left.open and tight:
            rule = _edge_rule(rule, right, scan, quarterly=left.quarterly)
        case Nth(what=what) if what == ANY_MONTH and left.quarterly and left.open and tight:
            first, last = stretch(Unit.QUARTER, scan.today)
            month = last if right.which < 0 else add_months(first, right.which - 1)
            return replace(left, end=right.end, rule=replace(rule, start=month.replace(day=1)))
        case Nth(what=what) if rule.unit is Every.MONTH and left.open and tight and what <= ANY_DAY:
            rule = _nth_rule(rule, right, scan, quarterly=left.quarterly)
        case Nth(what=what, which=1) if rule.unit is Every.WEEK and left.open and tight and what in {WORKING, ANY_DAY}:
            rule = replace(rule, weekdays=(0,))
        case _:
            return None
    return replace(left, end=end or right.end, rule=rule, open=False)


def _run(first: int, last: int | None) -> tuple[int, ...]:
    if last is None:
        return (first,)
    return tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1)))


def _edge_rule(rule: Repeat, edge: Edge, scan: Scan, *, quarterly: bool) -> Repeat:
    """每月底, 每季度末, 每年年底: the month in which the stretch begins or ends."""
    end = edge.which in {"end", "late"}
    if rule.unit is Every.YEAR:
        return replace(rule, month=12 if end else 1, month_day=LAST if end else 1)
    day = LAST if end else 15 if edge.which in {"middle", "mid"} else 1
    return replace(rule, month_day=day, start=_quarter_start(scan, last=end, quarterly=quarterly))


def _quarter_start(scan: Scan, *, last: bool, quarterly: bool) -> dt.date | None:
    """Quarters are counted from their first month or, for their ends, from their last."""
    if not quarterly:
        return None
    first, end = stretch(Unit.QUARTER, scan.today)
    return end.replace(day=1) if last else first


def _nth_rule(rule: Repeat, nth: Nth, scan: Scan, *, quarterly: bool) -> Repeat:
    start = _quarter_start(scan, last=nth.which < 0, quarterly=quarterly)
    if nth.what == ANY_DAY:
        return replace(rule, month_day=nth.which, start=start)
    return replace(rule, nth=(nth.which, nth.what), start=start)


def settle(
    part: Part, scan: Scan, direction: Direction, *, clock: dt.time | None = None, anchor: dt.date | None = None
) -> Day:
    """The day that a part means.

    Args:
        direction: ahead, the next one not over; back, the latest one not in the future.
        clock: the clock time said with it, which decides whether today's is over.
        anchor: the first day it may be, where it ends a range.
    """
    match part:
        case Day(holiday=str() as name) if (
            direction is Direction.BACK and name != festivals.ANY_HOLIDAY and not (part.until or part.dated)
        ):
            day = festivals.festival(name, scan.today, past=True)
            return replace(part, day=day or part.day)
        case Day(unit=Unit(), until=dt.date() as until) if (
            direction is Direction.AHEAD and part.day < scan.today <= until
        ):
            return replace(part, day=scan.today)  # what is left of this week
        case Day():
            return part
        case Weekday():
            return _settled_weekday(part, scan, direction, clock, anchor)
        case MonthDay():
            return _settled_month_day(part, scan, direction, clock, anchor)
        case Month():
            return settled_month(part, scan, direction)
        case Edge():
            return _settled_edge(part, scan)
    raise TypeError(part)


def is_over(scan: Scan, clock: dt.time | None) -> bool:
    """Whether today's clock time has passed; without one, nine in the morning, which a reminder would take."""
    return localize(scan.today, clock or dt.time(9), scan.zone) <= scan.now


def _settled_weekday(
    part: Weekday, scan: Scan, direction: Direction, clock: dt.time | None, anchor: dt.date | None
) -> Day:
    found = Day(part.start, part.end, scan.today, part.reason)
    week = ONE_DAY * 7
    if anchor is not None:
        found.day = anchor + ONE_DAY * ((part.number - anchor.weekday()) % 7)
    elif direction is Direction.BACK:
        found.day -= ONE_DAY * ((scan.today.weekday() - part.number) % 7)
        if found.day == scan.today and clock is not None and not is_over(scan, clock):
            found.day -= week
    else:
        found.day += ONE_DAY * ((part.number - scan.today.weekday()) % 7)
        if found.day == scan.today:
            over = is_over(scan, clock)
            found.sure, found.other = False, scan.today if over else scan.today + week
            found.day += week if over else ONE_DAY * 0
    if part.last is not None:
        found.until = found.day + ONE_DAY * ((part.last - part.number) % 7)
    return found


def _settled_month_day(
    part: MonthDay, scan: Scan, direction: Direction, clock: dt.time | None, anchor: dt.date | None
) -> Day:
    """The next or the latest such day; one that has just passed stays the other reading."""
    since = anchor or scan.today
    ahead = direction is Direction.AHEAD or anchor is not None
    if since == scan.today and anchor is None:
        if ahead and clock is not None and is_over(scan, clock) and part.month is None:
            since += ONE_DAY
        elif not ahead and clock is not None and not is_over(scan, clock):
            since -= ONE_DAY
    day = _near(part, since, ahead=ahead)
    if day is None:
        day = scan.today
    found = Day(part.start, part.end, day, part.reason, sure=part.sure, other=part.other)
    if ahead and anchor is None and part.month is not None and (day - scan.today).days > 300:
        latest = _near(part, scan.today, ahead=False)
        if latest is not None and (scan.today - latest).days <= 31:
            found.sure, found.other = False, latest
    if part.last is not None and part.last > part.number:
        found.until = day.replace(day=min(part.last, last_day(day.year, day.month)))
    return found


def _near(part: MonthDay, since: dt.date, *, ahead: bool) -> dt.date | None:
    year, month = since.year, part.month or since.month
    for _ in range(100):
        if not 1 <= year <= 9999:
            return None
        if part.number <= last_day(year, month):
            day = dt.date(year, month, part.number)
            if day >= since if ahead else day <= since:
                return day
        if part.month is not None:
            year += 1 if ahead else -1
        else:
            year, month = divmod(year * 12 + month - 1 + (1 if ahead else -1), 12)
            month += 1
    return None


def settled_month(part: Month, scan: Scan, direction: Direction = Direction.AHEAD) -> Day:
    """The month that is not over yet, as a whole."""
    year = scan.today.year + (part.number < scan.today.month)
    if direction is Direction.BACK:
        year = scan.today.year - (part.number > scan.today.month)
    return whole_stretch(part.start, part.end, Unit.MONTH, dt.date(year, part.number, 1))


def _settled_edge(part: Edge, scan: Scan) -> Day:
    unit = part.unit or Unit.MONTH
    found = edge_of(part.start, part.end, which=part.which, unit=unit, day=scan.today, scan=scan)
    if found.until and found.day < scan.today <= found.until:
        found.day = scan.today
    if (found.until or found.day) < scan.today:
        after = stretch(unit, scan.today)[1] + ONE_DAY
        found = edge_of(part.start, part.end, which=part.which, unit=unit, day=after, scan=scan)
    return found
