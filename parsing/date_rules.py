"""Rules said in several parts: Monday to Friday every day, the 1st and the 15th, every other Friday from Dec 4."""

import re
from dataclasses import replace
from itertools import pairwise

from domain.repeats import Repeat
from domain.repeats import Unit as Every
from parsing.date_halves import RANGE, Half
from parsing.date_joins import LIST, Direction, settle
from parsing.date_parts import Day, MonthDay, Repeats, Scan, Weekday
from parsing.expressions import expression

_EXCEPT = expression(r"\s*[,，(]?\s*(?:except|excluding|but\s+not|除了?)\s*(?:on\s+|for\s+)?", re.ASCII)
_ON = expression(r"\s*(?:的|on|at)?\s*")
_STARTED = expression(r"[\s,，(]*(?:(?:starting|beginning|from|as\s+of|effective|从|自)\s*)?(?:on\s+)?")
_FROM = {"from", "starting", "beginning", "effective", "since"}


def ruled(halves: list[Half], scan: Scan) -> list[Half]:
    """The halves with the weekdays, days and starts of rules put into them."""
    return _with_starts(_with_neighbours(_with_weekdays(halves, scan), scan), scan)


def _with_weekdays(halves: list[Half], scan: Scan) -> list[Half]:
    """周一到周五每天: every day of these is a weekly rule."""
    kept: list[Half] = []
    for half in halves:
        if half.rule is not None and isinstance(half.day, Weekday):
            first, last = half.day.number, half.day.last if half.day.last is not None else half.day.number
            begin = _range_begin(kept, half, scan)
            if begin is not None:
                first, half.start = begin, kept.pop().start
            days = tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1)))
            half.rule, half.day = replace(half.rule, rule=Repeat(Every.WEEK, weekdays=days)), None
        kept.append(half)
    return kept


def _range_begin(kept: list[Half], half: Half, scan: Scan) -> int | None:
    """The Monday of "Monday to Friday every day"."""
    before = kept[-1] if kept else None
    if before is None or before.timed or not isinstance(before.day, Weekday):
        return None
    return before.day.number if RANGE.fullmatch(scan.text, before.end, half.start) else None


def _with_neighbours(halves: list[Half], scan: Scan) -> list[Half]:
    """What a rule does to the date behind it, which then is part of it or a rule too."""
    for before, half in pairwise(halves):
        if before.rule is None or half.rule is not None:
            continue
        gap = scan.text[before.end : half.start]
        match before.rule.rule.unit, half.day:
            case Every.YEAR, Day(reason="festival" | "lunar") if before.rule.open and _ON.fullmatch(gap):
                _keep_yearly(before, half, before.rule, half.day)
            case Every.DAY, Weekday() if _EXCEPT.fullmatch(gap):
                _leave_out(before, half, before.rule, half.day)
            case Every.MONTH, MonthDay(month=None) if before.rule.rule.month_day and LIST.fullmatch(gap):
                _repeat_too(before, half, before.rule, half.day)
    return [half for half in halves if half.day or half.timed or half.rule or half.instant]


def _keep_yearly(before: Half, half: Half, rule: Repeats, day: Day) -> None:
    """Every Christmas is a rule; every Spring Festival is none we can keep: its next day stays, unsure."""
    before.rule = before.clock = before.period = None
    half.start = before.start
    if day.yearly:
        half.rule = replace(rule, open=False, rule=replace(rule.rule, month=day.day.month, month_day=day.day.day))
        half.day = None
    else:
        half.day = replace(day, sure=False)


def _leave_out(before: Half, half: Half, rule: Repeats, day: Weekday) -> None:
    """Every day except Sunday."""
    days = tuple(number for number in range(7) if number != day.number)
    before.rule, before.end = replace(rule, rule=Repeat(Every.WEEK, weekdays=days)), half.end
    before.clock, before.period = before.clock or half.clock, before.period or half.period
    half.day = half.clock = half.period = None


def _repeat_too(before: Half, half: Half, rule: Repeats, day: MonthDay) -> None:
    """每月1号和15号: the second day is as much a rule as the first; a clock time at the end is that of both."""
    half.rule, half.day = replace(rule, rule=replace(rule.rule, month_day=day.number)), None
    if not before.timed:
        before.clock, before.period = half.clock, half.period


def _with_starts(halves: list[Half], scan: Scan) -> list[Half]:
    """从12月4日起 每两周, every other Friday starting Dec 4: the day becomes the start of the rule."""
    kept: list[Half] = []
    for half in halves:
        before = kept[-1] if kept else None
        if before is not None and _STARTED.fullmatch(scan.text, before.end, half.start):
            if before.rule and half.day and not half.rule and _begins(half):
                before.end, before.clock = half.end, before.clock or half.clock
                before.rule = _started(before.rule, half, scan)
                continue
            if half.rule and before.day and not before.rule and _begins(before):
                half.start, half.clock = before.start, half.clock or before.clock
                half.rule = _started(half.rule, before, scan)
                kept.pop()
        kept.append(half)
    return kept


def _begins(half: Half) -> bool:
    return half.lead in _FROM or half.trail == "start"


def _started(rule: Repeats, half: Half, scan: Scan) -> Repeats:
    assert half.day is not None
    return replace(rule, rule=replace(rule.rule, start=settle(half.day, scan, Direction.AHEAD).day))
