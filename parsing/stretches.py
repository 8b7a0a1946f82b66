"""Weeks, months, quarters and years as a whole, their edges, and the n-th of something within them.

下周, 下个月, Q1, 月底, 季度末, the end of next month, 12月第二个周三, the last working day of the month.
"""

import datetime as dt
import re

from domain.repeats import WORKING, last_day
from parsing.date_parts import (
    ANY_DAY,
    ANY_MONTH,
    ANY_WEEK,
    Day,
    Edge,
    MonthDay,
    Nth,
    Part,
    Pattern,
    Scan,
    Unit,
    Year,
    pattern,
)
from parsing.month_days import MONTH_WORD
from parsing.numerals import ORDINAL_WORDS, whole
from parsing.offsets import add_months
from parsing.weekdays import ENGLISH, HAN, TITLED, WEEKS

ONE_DAY = dt.timedelta(days=1)
_ENGLISH = "|".join(sorted(ENGLISH, key=len, reverse=True))
_OF_STRETCH = rf"of\s+(?:(?:the|this|next|last|every|each)\s+(?:week|month|quarter|year)\b|(?:{MONTH_WORD})\b|q[1-4])"
_STEP_EN = {
    "this": 0,
    "the": 0,
    "current": 0,
    "next": 1,
    "following": 1,
    "coming": 1,
    "last": -1,
    "previous": -1,
    "past": -1,
}


def stretch(unit: Unit, day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the week, month, quarter or year that ``day`` is in."""
    match unit:
        case Unit.WEEK:
            first = day - ONE_DAY * day.weekday()
            return first, first + ONE_DAY * 6
        case Unit.MONTH:
            return day.replace(day=1), day.replace(day=last_day(day.year, day.month))
        case Unit.QUARTER:
            first = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            return first, add_months(first, 3) - ONE_DAY
        case Unit.YEAR:
            return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)


def whole_stretch(start: int, end: int, unit: Unit, day: dt.date) -> Day:
    """The stretch around ``day`` as a part."""
    first, last = stretch(unit, day)
    return Day(start, end, first, unit.value, until=last, unit=unit, sure=False)


def _stepped(scan: Scan, unit: Unit, step: int) -> dt.date:
    match unit:
        case Unit.WEEK:
            return scan.today + ONE_DAY * 7 * step
        case Unit.MONTH:
            return add_months(scan.today.replace(day=1), step)
        case Unit.QUARTER:
            return add_months(scan.today.replace(day=1), 3 * step)
        case Unit.YEAR:
            return dt.date(scan.today.year + step, 1, 1)


@pattern(
    rf"(?P<which>上上|上|这|本|当|下下下|(?<!一)下下|(?<!一)下)(?:一|个|1)?个?(?:(?P<week>周(?!{TITLED}|大福|生生)|"
    r"星期|礼拜)|(?P<month>月)(?!饼|嫂|薪|老|球|光)|(?P<quarter>季度|季(?!节))|(?P<year>年度|财年))"
    r"(?P<within>之?内|里|以内)?(?:份)?(?![一二三四五六日天末]|[1-7](?![0-9点:.月号日时天个%年台套]))"
)
def read_han_stretch(match: re.Match[str], scan: Scan) -> list[Part]:
    unit = _unit_of(match)
    found = whole_stretch(*match.span(), unit, _stepped(scan, unit, WEEKS[match["which"]]))
    if match["within"] and found.day <= scan.today:
        return [_deadline(found, scan)]
    return [found]


def _unit_of(match: re.Match[str]) -> Unit:
    return next(unit for unit in Unit if match[unit.value])


def _deadline(found: Day, scan: Scan) -> Day:
    """Within this week: by its last working day, or by its end when that is over."""
    last = found.until or found.day
    working = last if scan.calendar.is_working(last) else scan.calendar.preceding_working_day(last)
    return Day(found.start, found.end, working if working >= scan.today else last, "within")


@pattern(
    r"\b(?:(?:by|before|until|till|in|during|over|from)\s+)?(?P<which>this|next|last|following|coming|previous|"
    r"past)\s+(?:(?P<week>week)|(?P<month>month)|(?P<quarter>quarter)|(?P<year>year))\b(?!'s)"
)
def read_english_stretch(match: re.Match[str], scan: Scan) -> list[Part]:
    unit = _unit_of(match)
    return [whole_stretch(*match.span(), unit, _stepped(scan, unit, _STEP_EN[match["which"]]))]


@pattern(r"\b(?:the\s+)?(?P<unit>week|month)\s+after\s+next\b")
def read_after_next(match: re.Match[str], scan: Scan) -> list[Part]:
    unit = Unit(match["unit"])
    return [whole_stretch(*match.span(), unit, _stepped(scan, unit, 2))]


@pattern(r"\b(?:q(?P<q>[1-4])(?![0-9a-z]))(?:季度)?|(?:第)?(?P<han>[一二三四1-4])季度")
def read_quarter(match: re.Match[str], scan: Scan) -> list[Part]:
    number = whole(match["q"] or match["han"])
    first = dt.date(scan.today.year, number * 3 - 2, 1)
    if stretch(Unit.QUARTER, first)[1] < scan.today:
        first = first.replace(year=first.year + 1)
    return [whole_stretch(*match.span(), Unit.QUARTER, first)]


@pattern(
    r"(?P<word>今年|明年|后年|去年|前年)|(?<![0-9.])(?P<number>20[0-9]{2}|[2-9][0-9])年(?!代|限|度|来|的?老|前|"
    r"经验|后)|(?P<han>二[零〇][零〇一二三四五六七八九]{2})年"
)
def read_year(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["word"]:
        step = {"今": 0, "明": 1, "后": 2, "去": -1, "前": -2}[match["word"][0]]
        return [Year(*match.span(), scan.today.year + step)]
    year = whole(match["number"] or match["han"])
    return [Year(*match.span(), year + 2000 if year < 100 else year)]


_EDGES = {
    "初": "begin",
    "头": "begin",
    "中": "middle",
    "底": "end",
    "末": "end",
    "尾": "end",
    "上旬": "early",
    "中旬": "mid",
    "下旬": "late",
}


@pattern(
    r"(?P<unit>月|年|季度?|(?<![一上下本这每两几0-9])周(?=[初中]))(?P<which>初(?![一二三四五六七八九十步级期])|末|"
    r"底(?!薪|价|层)|中(?![国华心午秋信石建间介标途旬])|[上中下]旬)|岁末"
)
def read_edge(match: re.Match[str], scan: Scan) -> list[Part]:
    if not match["unit"]:
        return [Edge(*match.span(), "end", Unit.YEAR)]
    before = scan.before(match.start(), 1)
    if (match["unit"] == "月" and re.match(r"[0-9一二三四五六七八九十]", before)) or (
        match["unit"] == "年" and re.match(r"[0-9几多半]", before)
    ):
        return []
    unit = {"月": Unit.MONTH, "年": Unit.YEAR, "周": Unit.WEEK}.get(match["unit"], Unit.QUARTER)
    return [Edge(*match.span(), _EDGES[match["which"]], unit)]


@pattern(
    r"(?:的)?(?P<which>[上中下]旬|[初末](?![一二三四五六七八九十步级期])|底(?!薪|价|层|部|盘|稿)|中"
    r"(?![国心午秋信石建铁粮美英欧式文学型间介标奖途断止介]))"
)
def read_short_edge(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 底 of 下月底: beside a stretch that ended just here."""
    if not scan.follows(match.start()) or scan.text[match.start() - 1] not in "月周期拜度季年Q份1234":
        return []
    return [Edge(*match.span(), _EDGES[match["which"]])]


_WHICH_EN = {
    "beginning": "begin",
    "start": "begin",
    "early": "early",
    "middle": "middle",
    "mid": "middle",
    "end": "end",
    "late": "late",
    "close": "end",
}
_ABBREVIATED = {"eom": Unit.MONTH, "eow": Unit.WEEK, "eoq": Unit.QUARTER, "eoy": Unit.YEAR}


@pattern(
    r"\b(?:(?:by|before|until|till|at|in)\s+)?(?:the\s+)?(?:(?P<which>beginning|start|early|middle|mid|end|late|"
    r"close)(?:\s+of|\s*-|)\s*(?:(?P<in>the|this|next|last|current|coming)\s+)?(?P<unit>week|month|quarter|year)|"
    r"(?P<short>eo[mwqy])|(?P<unit2>month|year|quarter|week)[\s-]end)\b"
)
def read_english_edge(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["short"] or match["unit2"]:
        unit = _ABBREVIATED[match["short"]] if match["short"] else Unit(match["unit2"])
        return [edge_of(*match.span(), which="end", unit=unit, day=scan.today, scan=scan)]
    which, unit = _WHICH_EN[match["which"]], Unit(match["unit"])
    named = match["in"] in {"this", "next", "last", "coming"}
    day = _stepped(scan, unit, _STEP_EN[match["in"] or "the"])
    found = edge_of(*match.span(), which=which, unit=unit, day=day, scan=scan)
    if not named and found.day < scan.today:
        found = edge_of(*match.span(), which=which, unit=unit, day=_stepped(scan, unit, 1), scan=scan)
    return [found]


@pattern(
    r"\b(?:(?:by|before|until|till|at|in)\s+)?(?:the\s+)?(?P<which>beginning|start|middle|end|close)"
    rf"(?=\s+{_OF_STRETCH})"
)
def read_edge_of(match: re.Match[str], scan: Scan) -> list[Part]:
    """The "end of" of "end of March"."""
    return [Edge(*match.span(), _WHICH_EN[match["which"]])]


def edge_of(start: int, end: int, *, which: str, unit: Unit, day: dt.date, scan: Scan) -> Day:
    """The beginning, the middle or the end of the stretch around ``day``."""
    first, last = stretch(unit, day)
    found = Day(start, end, first, unit.value)
    if unit is Unit.WEEK:
        working = last if scan.calendar.is_working(last) else scan.calendar.preceding_working_day(last)
        found.day = {"middle": first + ONE_DAY * 2, "end": max(working, first), "late": max(working, first)}.get(
            which, first
        )
        return found
    third = 10 if unit is Unit.MONTH else ((last - first).days + 1) // 3  # 上旬, 中旬: ten days each
    match which:
        case "early":
            found.until, found.sure = first + ONE_DAY * (third - 1), False
        case "mid":
            found.day, found.until = first + ONE_DAY * third, first + ONE_DAY * (2 * third - 1)
            found.sure = False
        case "late":
            found.day, found.until = first + ONE_DAY * 2 * third, last
            found.sure = False
        case "middle":
            found.day = first + ONE_DAY * 14 if unit is Unit.MONTH else add_months(first, 6 if unit is Unit.YEAR else 1)
            if unit is Unit.QUARTER:
                found.day += ONE_DAY * 14
        case "end":
            found.day = last
    return found


@pattern(
    r"(?:的)?(?:第(?P<which>[一二三四五1-5])个?|(?P<last>最后一个?|倒数第一个?)|(?P<first>头一个?|首个?))(?:(?:周|"
    r"星期|礼拜)(?P<weekday>[一二三四五六日天])|(?P<working>工作日|上班日)|(?P<day>[天日](?!气))|(?P<week>周|星期|"
    r"礼拜)|(?P<month>月(?![底初末中])))"
)
def read_han_nth(match: re.Match[str], scan: Scan) -> list[Part]:
    which = -1 if match["last"] else 1 if match["first"] else whole(match["which"])
    return [Nth(*match.span(), which, HAN[match["weekday"]] if match["weekday"] else _counted(match))]


def _counted(match: re.Match[str]) -> int:
    """What is counted when it is no weekday."""
    kinds = {"working": WORKING, "day": ANY_DAY, "week": ANY_WEEK, "month": ANY_MONTH}
    return next(what for kind, what in kinds.items() if match[kind])


@pattern(
    r"\b(?:(?:on|by|before)\s+)?(?:the\s+)?(?:every\s+(?=.*month))?(?P<which>first|second|third|fourth|last|1st|"
    rf"2nd|3rd|4th)\s+(?:(?P<weekday>{_ENGLISH})|(?P<working>(?:working|business|work)\s*day)|(?P<day>day)|"
    r"(?P<week>week)|(?P<month>month))\s+(?=(?:of|in)\b)"
)
def read_english_nth(match: re.Match[str], scan: Scan) -> list[Part]:
    what = ENGLISH[match["weekday"]] if match["weekday"] else _counted(match)
    return [Nth(*match.span(), ORDINAL_WORDS[match["which"]], what)]


@pattern(rf"\b(?:(?:on|by|before)\s+)?(?:the\s+)?first(?=\s+{_OF_STRETCH})")
def read_first_of(match: re.Match[str], scan: Scan) -> list[Part]:
    """The first of December."""
    return [MonthDay(*match.span(), None, 1)]


@pattern(r"(?:of|in)\s+(?P<which>the|this|next|last)\s+(?P<unit>week|month|quarter|year)\b")
def read_of_stretch(match: re.Match[str], scan: Scan) -> list[Part]:
    """The "of the month" beside what ended just here."""
    if not scan.follows(match.start()):
        return []
    unit = Unit(match["unit"])
    return [whole_stretch(*match.span(), unit, _stepped(scan, unit, _STEP_EN[match["which"]]))]


def nth_of(found: Nth, first: dt.date, last: dt.date, scan: Scan) -> dt.date | None:
    """The n-th weekday, day or working day between ``first`` and ``last``; of weeks and months, its first day."""
    if found.what == ANY_WEEK:
        return last - ONE_DAY * 6 if found.which < 0 else first + ONE_DAY * 7 * (found.which - 1)
    if found.what == ANY_MONTH:
        return last.replace(day=1) if found.which < 0 else add_months(first, found.which - 1)
    step = ONE_DAY if found.which > 0 else -ONE_DAY
    day, left = (first, found.which) if found.which > 0 else (last, 1)
    while first <= day <= last:
        left -= _is(found.what, day, scan)
        if not left:
            return day
        day += step
    return None


def _is(what: int, day: dt.date, scan: Scan) -> bool:
    if what == ANY_DAY:
        return True
    return scan.calendar.is_working(day) if what == WORKING else day.weekday() == what


PATTERNS: tuple[Pattern, ...] = (
    read_english_nth,
    read_english_edge,
    read_first_of,
    read_edge_of,
    read_after_next,
    read_english_stretch,
    read_of_stretch,
    read_quarter,
    read_han_nth,
    read_han_stretch,
    read_year,
    read_edge,
    read_short_edge,
)
