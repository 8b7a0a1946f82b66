"""Days written in digits with marks: 2026-12-01, 20261201, 12/1, 11.25, 11-25, 25/11/2026.

Prices, versions, shares, scores, numbers of pieces and of orders are written the same way; they are refused here.
"""

import datetime as dt
import re

from domain.repeats import last_day
from parsing.date_parts import Day, MonthDay, Part, Pattern, Scan, pattern
from parsing.expressions import expression
from parsing.month_days import dated

_PRICED = expression(
    r"(?:[价本费款额约涨降跌折比率分为是达共乘加减涨¥￥$€£+×x*=]|(?<!预)计|到了|花了|付了|单价|报价|version|ver\.?|v|版本?|"
    r"chapter|section|ip|米|第|了|尺寸|sizes?|pages?|ages?|usd|rmb|hk\$|nt\$)\s*$"
)
_MEASURED = (
    r"\s*(?:[点时万千百亿元块角折%‰倍成度斤克吨升米公厘毫平寸尺人台套件个只张条箱盒瓶袋桶支根颗双间家户位名份次遍场楼层栋座桌辆艘架款种类批组队班车股期版级档项页题天周年月季小分秒]|"
    r"(?:rooms?|units?|pcs|pieces?|people|persons?|seats?|items?|boxes|tables?|cases?|orders?|customers?|clients?|"
    r"shops?|stores?|staff|of|percent|pct|usd|rmb|hkd|cny|eur|"
    r"kgs?|g|mm|cm|m|km|inch|in|ft|gb|mb|tb|hours?|hrs?|days?|weeks?|months?|years?|times|points?|stars?|service|"
    r"support|版本?)\b)"
)
_CLOCK_NEXT = expression(
    r"\s*(?:[,，]?\s*(?:at\s+|@\s*)?(?:[0-2]?[0-9]:[0-5][0-9]|[0-9]{1,2}\s*(?:点|时|[ap]\.?m\b))|[(（]?(?:周|星期|"
    r"礼拜)[一二三四五六日天]|上午|下午|早|晚|中午|傍晚|凌晨|之?前|之?后|见(?!面礼)|去|来|到|开会|交|签|再|回访|"
    r"拜访|约|号|日|"
    r"(?:morning|afternoon|evening|noon)\b)",
    re.ASCII,
)
_DATE_BEFORE = expression(
    r"(?:\b(?:on|by|before|due|until|till|from|since|date|starting)|日期|时间|在|于|到|至|等|定在|改到|推到|延到|"
    r"[从自约])\s*:?\s*$",
    re.ASCII,
)


def _found(day: Day | None) -> list[Part]:
    return [] if day is None else [day]


@pattern(
    r"(?<![0-9.\-/a-z])(?P<year>20[0-9]{2})(?P<mark>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=mark)(?P<day>3[01]|"
    r"[12][0-9]|0?[1-9])(?![0-9])(?:t(?=[0-9]{2}:))?".replace("(?P=mark)", "[-/.]")
)
def read_iso(match: re.Match[str], scan: Scan) -> list[Part]:
    return _found(dated(*match.span(), int(match["year"]), int(match["month"]), int(match["day"])))


@pattern(
    r"(?<![0-9a-z.\-/#])(?P<year>20[2-9][0-9])(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9a-z]|"
    r"[.\-][0-9])"
)
def read_compact(match: re.Match[str], scan: Scan) -> list[Part]:
    if re.search(
        r"(?:单|号|编号|no\.?|sn|id|码|款|型|qq|微信|order|invoice|ref)\s*(?:是|为|:|#)?\s*$",
        scan.before(match.start()),
    ):
        return []
    found = dated(*match.span(), int(match["year"]), int(match["month"]), int(match["day"]))
    return _found(None if found is None or found.ask else found)


@pattern(
    r"(?<![0-9.\-/a-z])(?<![0-9]:)(?P<first>[0-3]?[0-9])(?P<mark>[-/.])(?P<second>[0-3]?[0-9])[-/.]"
    r"(?P<year>20[0-9]{2}|[2-9][0-9])(?![0-9]|[-/.][0-9])"
)
def read_with_year(match: re.Match[str], scan: Scan) -> list[Part]:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        if match["mark"] == "." and not (match["first"].startswith("0") or len(match["first"]) == 2):
            return []  # a version such as 2.1.30
        year += 2000
    month, day = (second, first) if first > 12 else (first, second)
    found = dated(*match.span(), year, month, day)
    if found is not None and first <= 12 and second <= 12 and first != second:
        found.sure, found.other = False, dt.date(year, second, first)
    return _found(found)


@pattern(
    r"(?<![0-9.\-/a-z#+~¥$])(?<![0-9]:)(?P<month>1[0-2]|0?[1-9])(?P<mark>[/.])(?P<day>3[01]|[12][0-9]|0?[1-9])\s*"
    r"(?:-|~|到|至)\s*"
    rf"(?P<month2>1[0-2]|0?[1-9])[/.](?P<day2>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[-/.:][0-9])(?!{_MEASURED})[号日]?"
)
def read_slashed_range(match: re.Match[str], scan: Scan) -> list[Part]:
    """12.1-12.5: with dots only where a date is expected, since prices are written so too."""
    before = scan.before(match.start(), 10)
    if match["mark"] == "." and (_PRICED.search(before) or not (_begins(before) or _DATE_BEFORE.search(before))):
        return []
    month, day = int(match["month"]), int(match["day"])
    return [
        MonthDay(match.start(), match.end("day"), month, min(day, last_day(2028, month))),
        MonthDay(match.start("month2"), match.end(), int(match["month2"]), int(match["day2"])),
    ]


def _begins(before: str) -> bool:
    """Whether nothing or a mark stands before."""
    return not before.strip() or before.rstrip()[-1:] in ",，。;；、(（\n:"


@pattern(
    r"(?<![0-9.\-/a-z#+~¥$])(?<![0-9]:)(?P<first>[0-3]?[0-9])(?P<mark>[-/.])(?P<second>[0-3]?[0-9])(?![0-9]|"
    rf"[-/.:][0-9]|/[a-z0-9])(?!{_MEASURED})(?P<sign>[号日])?"
)
def read_slashed(match: re.Match[str], scan: Scan) -> list[Part]:
    """12/1, 25/11, 11.25, 11-25: read as month and day, else as day and month, where it can hardly be anything else."""
    first, second = int(match["first"]), int(match["second"])
    if match[0] in {"24/7", "7/24", "7-11", "7/11", "50/50"} and not _CLOCK_NEXT.match(scan.text, match.end()):
        return []
    month, day = (second, first) if first > 12 else (first, second)
    if not (1 <= month <= 12 and 1 <= day <= last_day(2028, month)):
        return []
    if not match["sign"] and not _is_dated(match, scan, month, day):
        return []
    swapped = first <= 12 and second <= 12 and first != second and match["mark"] == "/"
    other = _coming(scan, second, first) if swapped else None
    return [MonthDay(*match.span(), month, day, sure=match["mark"] == "/" and first <= 12, other=other)]


def _coming(scan: Scan, month: int, day: int) -> dt.date | None:
    if day > last_day(2026, month):
        return None
    found = dt.date(scan.today.year, month, day)
    return found if found >= scan.today else found.replace(year=found.year + 1)


def _is_dated(match: re.Match[str], scan: Scan, month: int, day: int) -> bool:
    """Whether two numbers with a mark between are a date, and no price, share, score or number of pieces."""
    before, rest = scan.before(match.start(), 10), scan.text[match.end() :]
    if _CLOCK_NEXT.match(rest) or _DATE_BEFORE.search(before):
        return not (match["mark"] == "." and _PRICED.search(before))
    if _PRICED.search(before) or re.match(r"\s*[)）]?\s*(?:[*x×=]|of\b)", rest):
        return False
    begins = _begins(before)
    match match["mark"]:
        case "/":
            small = month < 10 and day < 10 and len(match["first"]) == 1 == len(match["second"])
            return not small
        case ".":
            return len(match["second"]) == 2 and begins and not re.match(r"\s*[a-z]", rest)
        case _:
            return (
                len(match["second"]) == 2
                and len(match["first"]) == 2
                and not re.match(r"\s*(?:[a-z]|[\u4e00-\u9fff]{0,2}[台套个])", rest)
            )


PATTERNS: tuple[Pattern, ...] = (
    read_iso,
    read_with_year,
    read_compact,
    read_slashed_range,
    read_slashed,
)
