"""Parts that belong to one date: a day, its clock time, its part of the day, and the words that frame them.

A clock time may stand apart from its day ("remind me tomorrow to call Lin at 3pm"): ``halves_of`` brings them together.
"Half" because a range has two of them.
"""

import datetime as dt
import re
from dataclasses import dataclass

from domain.repeats import Repeat
from domain.repeats import Unit as Every
from parsing.date_context import directions
from parsing.date_joins import LIST, Direction, settle
from parsing.date_parts import Clock, Day, Edge, Instant, Month, MonthDay, Part, Period, Repeats, Scan, Weekday
from parsing.expressions import expression

Dayish = Day | Weekday | MonthDay | Month | Edge
_FILLER = (
    r"嗯+|呃+|额|啊|哦|哎|那个|这个|就是|就|大概|大约|差不多|约|左右|上下班|[上下]班(?:之?[前后]|时间?)?|的?时候|的话|在|是|吧|呢|"
    r"(?:in\s+the|in|at|on|around|about|by|before|after|of|from|um+|uh+|er+|erm|like|maybe|probably|say|sometime|"
    r"the|@)\b"
)
GLUE = expression(rf"[\s,，、;:的()\-~]*(?:(?:{_FILLER}|@)[\s,，、.…]*){{0,3}}")
RANGE = expression(
    r"\s*(?:起)?[,，]?\s*(?:一直)?\s*(?:到|至|~|-{1,2}|to|until|till|til|through|thru|and(?=\s))\s*(?:the\s+)?"
)
_BETWEEN = expression(r"\bbetween\s*$", re.ASCII)
_LEAD = expression(
    r"\b(?P<word>on|by|at|before|after|until|till|from|since|around|starting(?:\s+from|\s+on)?|beginning|effective|"
    r"due|for|come|between|through)\s+(?:the\s+)?$|(?P<han>自从|从|自)\s*$",
    re.ASCII,
)
_TRAIL = expression(
    r"\s*(?:(?P<before>之前|以前|前(?![台面端提景期途往后\d一二两三四五六七八九十半几]))|(?P<after>之后|以后|过后|"
    r"后(?![天日面台端悔果方门备\d一二两三四五六七八九十半几]|续(?!约|费|签)|期|勤))|(?P<start>开始|起"
    r"(?![床来飞码动草]))|(?P<or>左右|前后))"
)
_FAR = (
    r"(?:纽约|伦敦|东京|洛杉矶|旧金山|巴黎|当地|美国|美东|美西|英国|欧洲|日本|韩国|德国|法国|澳洲|澳大利亚)时间|"
    r"\b(?:est|edt|pst|pdt|cst|cdt|mst|mdt|gmt|utc|bst|cet|cest|jst|kst|aest|aedt|(?:london|new\s+york|tokyo)\s+time)\b"
)
_LED = expression(r"(on|by|at|before|after|until|till|from|due|starting|since)\b")
_FAR_AFTER, _FAR_BEFORE = expression(rf"\s*\(?(?:{_FAR})", re.ASCII), expression(rf"(?:{_FAR})\s*的?$", re.ASCII)
_REACH = 120  # characters between a day and a clock time that still belong together
_SENTENCE = expression(r"[。！？!?\n]|\.\s")
_CLAUSE = expression(r"[,，;；、]|\b(?:and|then|but)\b|然后|接着|再", re.ASCII)


@dataclass(slots=True)
class Half:
    start: int
    end: int
    day: Dayish | None = None
    clock: Clock | None = None
    period: Period | None = None
    instant: Instant | None = None
    rule: Repeats | None = None
    way: Direction = Direction.AHEAD
    lead: str = ""  # the word before: on, by, after, from …
    trail: str = ""  # what follows: before, after, start
    zoned: bool = False  # another time zone was named: the moment has to be asked
    since: dt.date | None = None  # the first day it may be, by what was said before
    carrier: "Half | None" = None  # the half whose day this clock time belongs to

    @property
    def timed(self) -> bool:
        return self.clock is not None or self.period is not None

    @property
    def lone_clock(self) -> bool:
        """A clock time or a part of the day, and nothing else."""
        return self.timed and self.day is None and self.rule is None and self.instant is None


def halves_of(parts: list[Part], scan: Scan, *, past: bool) -> list[Half]:
    """The dates of a text before they are settled, in order."""
    halves = [half for half in _gathered(parts, scan) if _stands(half)]
    ends = [0, *(half.end for half in halves)]
    starts = [*(half.start for half in halves[1:]), len(scan.text)]
    for half, after, until in zip(halves, ends, starts, strict=False):
        _frame(half, scan, after=after, until=until)
    ways = directions(scan.text, [(half.start, half.end) for half in halves], past=past)
    for half, way in zip(halves, ways, strict=True):
        half.way = way
    return halves


def _gathered(parts: list[Part], scan: Scan) -> list[Half]:
    halves: list[Half] = []
    for part in parts:
        if not isinstance(part, Dayish | Clock | Period | Instant | Repeats):
            continue
        near = halves and GLUE.fullmatch(scan.text, halves[-1].end, part.start) is not None
        if near and _put(halves[-1], part):
            halves[-1].end = max(halves[-1].end, part.end)
            continue
        if part.start == part.end:  # the evening of "tonight", whose day went elsewhere
            continue
        half = Half(part.start, part.end)
        _put(half, part)
        halves.append(half)
    return halves


def _put(half: Half, part: Part) -> bool:
    """Put a part into its empty place; false when the place is taken."""
    match part:
        case Clock() if half.clock is None and half.instant is None:
            half.clock = part
        case Period() if (
            half.period is None and half.instant is None and (half.clock is None or _may_follow(half.clock))
        ):
            half.period = part
        case Instant() if half.day is None and half.rule is None and not half.timed:
            half.instant = part
        case Repeats() if half.rule is None and half.instant is None and (half.day is None or _weekly(half.day, part)):
            half.rule = part
        case Day() | Weekday() | MonthDay() | Month() | Edge() if (
            half.day is None and half.rule is None and half.instant is None
        ):
            half.day = part
        case _:
            return False
    return True


def _may_follow(clock: Clock) -> bool:
    """A part of the day after its clock time (3 in the afternoon), unless that says its half already."""
    return clock.bare


def _weekly(day: Dayish, rule: Repeats) -> bool:
    return isinstance(day, Weekday) and rule.rule == Repeat(Every.DAY)


def _stands(half: Half) -> bool:
    """Whether this is a date by itself; "morning" alone is none."""
    if half.lone_clock:
        if half.clock is not None:
            return not half.clock.weak
        return half.period is not None and half.period.hour is not None and not half.period.weak
    if isinstance(half.day, Edge) and half.day.unit is None:
        return False
    if isinstance(half.day, Month) and half.day.weak:
        return half.timed
    return not (half.rule is not None and half.rule.weak and not half.timed and half.day is None)


def _frame(half: Half, scan: Scan, *, after: int, until: int) -> None:
    """Take in the small words around a date: by Friday, 月底前; leave blanks out, and what its neighbours have."""
    text = scan.text
    half.end -= len(text[half.start : half.end]) - len(text[half.start : half.end].rstrip())
    half.zoned = half.timed and bool(_FAR_AFTER.match(text, half.end) or _FAR_BEFORE.search(text, 0, half.start))
    if "(" in text[half.start : half.end] and text[half.end : half.end + 1] == ")":
        half.end += 1
    if lead := _LEAD.search(text, max(after, half.start - 16), half.start):
        half.lead = (lead["word"] or "from").split()[0]
        half.start = lead.start()
    elif word := _LED.match(text, half.start):
        half.lead = word[1]
    if trail := _TRAIL.match(text, half.end, until):
        half.trail = trail.lastgroup or ""
        half.end = trail.end()


def with_days(halves: list[Half], scan: Scan) -> list[Half]:
    """Give clock times that stand alone the day of their sentence, and days of the month its month."""
    kept: list[Half] = []
    for half in halves:
        if isinstance(half.day, MonthDay) and half.day.month is None and kept:
            half.since = _since(kept[-1], half, scan)
        carrier = _carrier(kept, half, scan) if half.lone_clock else None
        if (
            carrier is not None
            and carrier.rule is None
            and not carrier.timed
            and not _CLAUSE.search(scan.text, carrier.end, half.start)
        ):
            carrier.clock, carrier.period = half.clock, half.period
            continue
        half.carrier = carrier
        if kept and _belongs_to(half, kept[-1], scan):
            half.clock, half.period = kept[-1].clock, kept[-1].period
            kept.pop()
        kept.append(half)
    return kept


def _since(before: Half, half: Half, scan: Scan) -> dt.date | None:
    """Dec 28, the 29th: a day of the month after a date that named its month lies on or after it."""
    if (
        before.way is not half.way
        or before.way is Direction.BACK
        or _SENTENCE.search(scan.text, before.end, half.start)
    ):
        return None
    match before.day:
        case MonthDay(month=int()) | Day(reason="date" | "month", until=None):
            day = settle(before.day, scan, before.way).day
            return day if day >= scan.today else None
    return None


def _carrier(kept: list[Half], half: Half, scan: Scan) -> Half | None:
    for before in reversed(kept):
        if half.start - before.end > _REACH or _SENTENCE.search(scan.text, before.end, half.start):
            return None
        if before.rule is not None:
            return before if LIST.fullmatch(scan.text, before.end, half.start) else None
        if before.day is not None:
            ahead = before.way is Direction.AHEAD and half.way is Direction.AHEAD and not before.trail
            day = settle(before.day, scan, before.way)
            return before if ahead and day.day >= scan.today and day.until is None else None
    return None


def _belongs_to(half: Half, before: Half, scan: Scan) -> bool:
    """At 3pm call Lin tomorrow: the day comes later in the same English clause."""
    gap = scan.text[before.end : half.start]
    if not (before.lone_clock and before.carrier is None and half.day is not None and not half.timed and gap.isascii()):
        return False
    if half.way is not before.way or half.lead in {"by", "before", "after", "until", "till"} or len(gap) > 60:
        return False
    return not _SENTENCE.search(gap) and not _CLAUSE.search(gap) and not RANGE.fullmatch(gap)
