"""Days and birthdays as sheets hold them: real dates, numbers of days, ISO, Chinese, English, with slashes, lunar.

A column was written by one program or one hand, so how it orders day and month is learnt from the whole column.
"""

import datetime as dt
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache

from domain.customers import Birthday
from domain.sheets import Cell
from parsing.expressions import expression
from parsing.letters import fold

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # day 0 of spreadsheet programs, from 1 March 1900 on
_SERIALS = range(10_000, 80_000)  # days 1927 to 2119: a number in a column of days
_LONGEST = 60  # characters of a day, with weekday and clock time
_CENTURY_TURN = 40  # two-digit years from here on are the last century's


class DayOrder(Enum):
    """Where the year stands last, which of the two others is the month."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


_DAY_FIRST_REGIONS = frozenset(
    {"GB", "IE", "AU", "NZ", "IN", "SG", "MY", "HK", "MO", "TH", "VN", "ID", "DE", "FR", "ES", "IT", "PT", "NL", "BE"}
    | {"CH", "AT", "BR", "MX", "AR", "PL", "RU", "TR", "ZA", "AE"}
)
_YEAR_LAST = expression(r"^\s*(\d{1,2})[-/.\s](\d{1,2})[-/.\s](?:\d{4}|\d{2})(?:\s|$)")


def learn_order(cells: Iterable[Cell], region: str) -> DayOrder:
    """The order a column was written in: told by the first day beyond 12, else what is usual in the region."""
    for cell in cells:
        if type(cell) is str and (match := _YEAR_LAST.match(cell)):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                return DayOrder.DAY_FIRST
            if second > 12 >= first:
                return DayOrder.MONTH_FIRST
    return DayOrder.DAY_FIRST if region in _DAY_FIRST_REGIONS else DayOrder.MONTH_FIRST


_CLOCK = (
    r"(?:[\st,]*(?P<half>上午|下午|晚上|中午|早上|am|pm)?\s*(?P<hour>\d{1,2})[:点时h](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2}))?(?:\.\d+)?分?秒?\s*(?P<after>am|pm)?\s*(?:z|[+-]\d\d:?\d\d)?)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?)?"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_NAME = rf"(?P<month_name>{'|'.join(_MONTHS)})[a-z]*\.?"
_MONTH_DAY = r"(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
_DAYS = tuple(
    expression(rf"^{_WEEKDAY}\s*{pattern}{_WEEKDAY}{_CLOCK}\s*$")
    for pattern in (
        rf"(?P<year>\d{{4}})\s*[-/.年]\s*{_MONTH_DAY}",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?:民国|roc)\s*(?P<roc>\d{{1,3}})\s*[-/.年]\s*{_MONTH_DAY}",
        rf"(?P<roc>1[0-4]\d|0\d\d)\s*[-/.年]\s*{_MONTH_DAY}",
        r"(?P<first>\d{1,2})\s*[-/.\s]\s*(?P<second_>\d{1,2})\s*[-/.\s]\s*(?P<third>\d{4}|\d{1,2})",
        rf"(?P<year>\d{{2}})年\s*{_MONTH_DAY}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?{_NAME}[\s,-]*(?P<year>\d{{4}}|\d{{2}})",
        rf"{_NAME}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,-]+(?P<year>\d{{4}})",
    )
)


class ImpossibleDay(ValueError):
    """A cell that is written as a day which no calendar has: 2025-02-30."""


def read_day(cell: Cell, order: DayOrder) -> dt.date | dt.datetime | None:
    """A day, or a naive local time where the cell has a clock time; ``None`` for what is neither.

    Raises:
        ImpossibleDay: it is written as a day, but no calendar has it.
    """
    match cell:
        case dt.datetime():
            return cell if cell.time() != dt.time() else cell.date()
        case dt.date():
            return cell
        case bool() | dt.time() | dt.timedelta():
            return None
        case int() | float():
            return _day_of_number(cell)
        case str():
            return _day_of_text(cell, order)


def _day_of_number(number: float) -> dt.date | dt.datetime | None:
    if _SERIALS.start <= number < _SERIALS.stop:
        moment = _EPOCH + dt.timedelta(minutes=round(number * 1440))
        return moment if moment.time() != dt.time() else moment.date()
    whole = number.is_integer() if isinstance(number, float) else True
    return _day_of_text(str(int(number)), DayOrder.MONTH_FIRST) if whole and 0 < number < 1e8 else None


def _day_of_text(text: str, order: DayOrder) -> dt.date | dt.datetime | None:
    """Only of short texts with single blanks: the patterns try every way to share a run of blanks out."""
    text = " ".join(text.split())
    return _day_of_line(text, order) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _day_of_line(text: str, order: DayOrder) -> dt.date | dt.datetime | None:
    text = fold(text)
    if len(text) == 5 and text.isdecimal():
        return _day_of_number(int(text))
    for pattern in _DAYS:
        if match := pattern.match(text):
            try:
                return _built(match.groupdict(), order)
            except ValueError as error:
                raise ImpossibleDay(text) from error
    return None


def _built(parts: dict[str, str | None], order: DayOrder) -> dt.date | dt.datetime:
    if parts.get("first"):
        year, month, day = _ordered(str(parts["first"]), str(parts["second_"]), str(parts["third"]), order)
    else:
        year = int(str(parts["roc"])) + 1911 if parts.get("roc") else _full_year(str(parts["year"]))
        month = _MONTHS[str(parts["month_name"])] if parts.get("month_name") else int(str(parts["month"]))
        day = int(str(parts["day"]))
    date = dt.date(year, month, day)
    moment = dt.datetime.combine(date, _clock(parts))
    return moment if moment.time() != dt.time() else date


def _ordered(first: str, second: str, third: str, order: DayOrder) -> tuple[int, int, int]:
    """Year, month and day of three numbers; a first one beyond 31 is the year, a month beyond 12 the day."""
    if int(first) > 31:
        return _full_year(first), int(second), int(third)
    day, month = (int(first), int(second)) if order is DayOrder.DAY_FIRST else (int(second), int(first))
    return (_full_year(third), day, month) if month > 12 >= day else (_full_year(third), month, day)


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= _CENTURY_TURN else 2000)


def _clock(parts: dict[str, str | None]) -> dt.time:
    hour, half = int(parts["hour"] or 0), parts["half"] or parts["after"]
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    if half in {"上午", "早上", "am"} and hour == 12:
        hour = 0
    return dt.time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))


# Birthdays: as days, or without a year, or by the lunar calendar
_LUNAR = expression(r"农历|阴历|旧历|古历|\([农阴]\)|lunar")
_SOLAR = expression(r"公历|阳历|新历|国历|西历|solar")
_LUNAR_ONLY = expression(r"[正冬腊廿初]")  # no solar date is written with these
_WORDED = expression(r"[一二三四五六七八九十]月")  # in words: lunar (八月十五), but for the 日 of officialese
_AROUND = " :()"
_NUMERALS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "正": 1, "冬": 11, "腊": 12}
_DIGITS = r"一二三四五六七八九"
_LUNAR_DAY = expression(
    rf"^(?:(?P<year>\d{{4}}|[〇零{_DIGITS}]{{4}})年?[-/.]?)?闰?(?P<month>[正冬腊]|十[一二]?|[{_DIGITS}]|\d{{1,2}})[-/.月]"
    rf"(?P<day>初[{_DIGITS}十]|[二三]?十[{_DIGITS}]?|廿[{_DIGITS}]?|卅|\d{{1,2}})[日号]?$"
)
_SHORT_DAY = expression(
    rf"^(?:(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})[日号]?|(?P<month4>\d\d)(?P<day4>\d\d)"
    rf"|{_NAME}\s*(?P<day_en>\d{{1,2}})|(?P<day_first>\d{{1,2}})[\s-]{_NAME.replace('month_name', 'month_last')})$"
)
_LONGEST_LUNAR_MONTH = 30


def read_birthday(cell: Cell, order: DayOrder) -> Birthday | None:
    """A day of the year, solar unless the cell says otherwise (农历八月十五, 正月初五); ``None`` for what is none.

    Raises:
        ImpossibleDay: it is written as a day, but no calendar has it.
    """
    if type(cell) is not str:
        day = read_day(cell, order)
        return _solar(day.year, day.month, day.day) if day else None
    text = " ".join(fold(cell[: 2 * _LONGEST]).split())
    if len(text) > _LONGEST:
        return None
    if _LUNAR.search(text) or _LUNAR_ONLY.search(text) or (_WORDED.search(text) and text[-1] not in "日号"):
        return _lunar(_LUNAR.sub("", text).replace(" ", "").strip(_AROUND))
    if _WORDED.search(text):
        written = _lunar(text)
        return _solar(written.year, written.month, written.day) if written else None
    text = _SOLAR.sub("", text).strip(_AROUND)
    if short := _SHORT_DAY.match(text):
        month = short["month"] or short["month4"] or _MONTHS[short["month_name"] or short["month_last"]]
        return _solar(None, int(month), int(short["day"] or short["day4"] or short["day_en"] or short["day_first"]))
    day = read_day(text, order)
    return _solar(day.year, day.month, day.day) if day else None


def _solar(year: int | None, month: int, day: int) -> Birthday:
    try:
        dt.date(year or 2000, month, day)  # without a year, 29 February is a birthday
    except ValueError as error:
        raise ImpossibleDay(f"{month}-{day}") from error
    return Birthday(month, day, year)


def _lunar(text: str) -> Birthday | None:
    match = _LUNAR_DAY.match(text)
    if match is None:
        return None
    month, day = _numeral(match["month"]), _numeral(match["day"].removeprefix("初"))
    year = match["year"] and int("".join(str(_NUMERALS.get(char, char)) for char in match["year"]))
    if not (1 <= month <= 12 and 1 <= day <= _LONGEST_LUNAR_MONTH):
        raise ImpossibleDay(text)
    return Birthday(month, day, year or None, lunar=True)


def _numeral(text: str) -> int:
    """A number up to 39 in Chinese or Arabic numerals: 十五, 廿三, 二十, 卅, 15."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if not ten:
        return _NUMERALS[text]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)
