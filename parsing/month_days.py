"""Days named by their number: 12月5号, 25号, 2026-12-01, 12/1, 11.25, Dec 5th, the 25th.

Most numbers are no dates: prices, versions, fractions, lines and buildings (3号线, 中山路25号) are refused here.
"""

import datetime as dt
import re

from domain.repeats import last_day
from parsing.date_parts import Day, Edge, Month, MonthDay, Part, Pattern, Scan, Year, pattern
from parsing.numerals import UP_TO_12, UP_TO_31, whole

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH_WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
# After N号: what bears a number.
_NUMBERED = (
    "线|楼|店|机|位|桌|门(?!口)|仓|厅|馆|院|区|库|车|房|柜|台|字|色|码|球|选手|会议室|文|井|路|大街|公司|产品|方案|地块|员工|客户|订单|样|模|电池|钢|配件|服务|"
    "窗口|展|码头|航站|矿|厂|炉|船|岛|基地|公馆|信箱|院子|包厢|包间|铺|摊|档口|教|宿舍|栋|幢|单元|股东|人物|种子|项目|合同|标段|令|刀|针|纸|衣|鞋|尺"
)
# Before a bare number: what it is the number of.
_NUMBER_OF = re.compile(
    r"(?:恤|尺码|鞋码|[型编单房桌座卡账尾批店工档柜楼款]号|第|型|编|单|订单|合同|工单|尾|批|款|房|楼|桌|座|卡|账|头|[路街巷弄道里村园苑]|大厦|胡同|no\.?|no|#|item|version|v|ver|版本|版|号码|电话|手机|微信|qq|尾号|共|排)\s*(?:是|为|:)?\s*$"
)
_PRICED = re.compile(
    r"(?:[价本费款额约涨降跌折比率分为是达共计乘加减涨¥￥$€£+×x*=]|到了|花了|付了|单价|报价|version|ver\.?|v|版本?|chapter|section|ip|米|第|了|尺寸|usd|rmb|hk\$|nt\$)\s*$"
)
_MEASURED = (
    r"\s*(?:[点时万千百亿元块角折%‰倍成度斤克吨升米公厘毫平寸尺人台套件个只张条箱盒瓶袋桶支根颗双间家户位名份次遍场楼层栋座桌辆艘架款种类批组队班车股期版级档项页题天周年月季小分秒]|"
    r"(?:rooms?|units?|pcs|pieces?|people|persons?|seats?|items?|boxes|tables?|cases?|orders?|customers?|clients?|shops?|stores?|staff|of|percent|pct|usd|rmb|hkd|cny|eur|"
    r"kgs?|g|mm|cm|m|km|inch|in|ft|gb|mb|tb|hours?|hrs?|days?|weeks?|months?|years?|times|points?|stars?|service|support|版本?)\b)"
)
_CLOCK_NEXT = re.compile(
    r"\s*(?:[,，]?\s*(?:at\s+|@\s*)?(?:[0-2]?[0-9]:[0-5][0-9]|[0-9]{1,2}\s*(?:点|时|[ap]\.?m\b))|[(（]?(?:周|星期|礼拜)[一二三四五六日天]|上午|下午|早|晚|中午|傍晚|凌晨|之?前|之?后|见(?!面礼)|去|来|到|开会|交|签|再|回访|拜访|约|号|日|"
    r"(?:morning|afternoon|evening|noon)\b)",
    re.ASCII,
)
_DATE_BEFORE = re.compile(
    r"(?:\b(?:on|by|before|due|until|till|from|since|date|starting)|日期|时间|在|于|到|至|等|定在|改到|推到|延到|[从自约])\s*:?\s*$",
    re.ASCII,
)


def dated(start: int, end: int, year: int, month: int, day: int) -> Day | None:
    """A settled date; one the month does not have becomes its last day and is asked."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2199):
        return None
    length = last_day(year, month)
    return Day(start, end, dt.date(year, month, min(day, length)), "date", ask=day > length, sure=day <= length)


def _found(day: Part | None) -> list[Part]:
    return [] if day is None else [day]


_TAIL = rf"(?:\s*(?:-|~|到|至)\s*(?P<last>{UP_TO_31})(?=日|号)[日号])?"


@pattern(
    rf"(?:(?P<year>[12][0-9]{{3}}|[0-9]{{2}}|[二两][零〇][零〇一二三四五六七八九]{{2}})\s*年\s*)?(?<![0-9.])(?P<month>{UP_TO_12})\s*月(?:份)?的?\s*"
    rf"(?P<day>{UP_TO_31})\s*(?:(?P<sign>日|号)|(?:-|~|到|至)\s*(?P<to>{UP_TO_31})\s*[日号]|(?![0-9万千百个台套件人次天点时元块折%.名位份单家]|小时))(?![0-9]){_TAIL}"
)
def read_han(match: re.Match[str], scan: Scan) -> list[Part]:
    month, day = whole(match["month"]), whole(match["day"])
    last_text = match["to"] or match["last"]
    last = whole(last_text) if last_text else None
    if match["year"]:
        year = whole(match["year"])
        found = dated(*match.span(), year + 2000 if year < 100 else year, month, day)
        if found and last and last > day:
            found.until = found.day.replace(day=min(last, last_day(found.day.year, month)))
        return _found(found)
    if day > 29 and day > last_day(2028, month):
        return [_too_late(match, scan, month)]
    return [MonthDay(*match.span(), month, day, last=last)]


def _too_late(match: re.Match[str], scan: Scan, month: int) -> Day:
    """The last day of a month for 11月31号, to be asked."""
    year = scan.today.year + (month < scan.today.month)
    return Day(*match.span(), dt.date(year, month, last_day(year, month)), "date", sure=False, ask=True)


@pattern(
    rf"(?<![0-9./a-z])(?<![0-9]:)(?P<day>{UP_TO_31})\s*(?P<sign>号|日)(?:\s*(?:-|~|到|至)\s*(?P<last>{UP_TO_31})\s*[号日](?!{_NUMBERED}))?"
    rf"(?!\s*(?:{_NUMBERED})|[0-9])"
)
def read_day_of_month(match: re.Match[str], scan: Scan) -> list[Part]:
    before, rest = scan.before(match.start(), 8), scan.text[match.end() :]
    if _NUMBER_OF.search(before) or (before.endswith("-") and scan.after < match.start() - 2):
        return []
    if match["sign"] == "日":
        if re.match(
            r"游|内|均|线|元|租|结|薪|常|用|化|本|语|式|系|期|程|报|志|后|以|之|三餐|无|夜|子|前(?!后)|[一二三四五六七八九十]",
            rest,
        ):
            return []
        if len(match["day"]) == 1 and match["day"] not in "123456789":
            return []
    last = whole(match["last"]) if match["last"] else None
    return [MonthDay(*match.span(), None, whole(match["day"]), last=last)]


@pattern(
    rf"(?<![0-9./\-])(?<![0-9]:)(?P<day>[12]?[0-9]|3[01])(?=\s*(?:-|~|到|至|、|和)\s*(?:[12]?[0-9]|3[01])\s*[号日](?!\s*(?:{_NUMBERED}|内|后|游|之|以)))"
)
def read_open_day(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 8 of 8-10号."""
    if _NUMBER_OF.search(scan.before(match.start(), 8)) or match["day"] == "0":
        return []
    return [MonthDay(*match.span(), None, int(match["day"]))]


@pattern(
    r"(?<![0-9.\-/a-z])(?P<year>20[0-9]{2})(?P<mark>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=mark)(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])(?:t(?=[0-9]{2}:))?".replace(
        "(?P=mark)", "[-/.]"
    )
)
def read_iso(match: re.Match[str], scan: Scan) -> list[Part]:
    return _found(dated(*match.span(), int(match["year"]), int(match["month"]), int(match["day"])))


@pattern(
    r"(?<![0-9a-z.\-/#])(?P<year>20[2-9][0-9])(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9a-z]|[.\-][0-9])"
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
    r"(?<![0-9.\-/a-z])(?<![0-9]:)(?P<first>[0-3]?[0-9])(?P<mark>[-/.])(?P<second>[0-3]?[0-9])[-/.](?P<year>20[0-9]{2}|[2-9][0-9])(?![0-9]|[-/.][0-9])"
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
    rf"(?<![0-9.\-/a-z#+~¥$])(?<![0-9]:)(?P<month>1[0-2]|0?[1-9])(?P<mark>[/.])(?P<day>3[01]|[12][0-9]|0?[1-9])\s*(?:-|~|到|至)\s*"
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
    rf"(?<![0-9.\-/a-z#+~¥$])(?<![0-9]:)(?P<first>[0-3]?[0-9])(?P<mark>[-/.])(?P<second>[0-3]?[0-9])(?![0-9]|[-/.:][0-9]|/[a-z0-9])(?!{_MEASURED})(?P<sign>[号日])?"
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


_ORDINAL = r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?P<th>st|nd|rd|th)?"
_YEAR = r"(?:\s*,?\s*(?P<year>20[0-9]{2}))?"
_PREPOSED = r"(?:\b(?:on|by|until|till|before|due)\s+)?"


@pattern(
    rf"{_PREPOSED}\b(?P<month>{MONTH_WORD})\b\.?\s*(?:the\s+)?(?<![0-9]){_ORDINAL}(?![0-9:%]|\.[0-9]|\s*[ap]\.?m\b|\s*(?:units?|pcs|people|rooms?|boxes|k\b))(?:\s*(?:-|~|to|through|until|till)\s*(?P<last>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9:]|\s*[ap]\.?m\b))?{_YEAR}\b"
)
def read_month_first(match: re.Match[str], scan: Scan) -> list[Part]:
    return _english(match, scan)


@pattern(
    rf"{_PREPOSED}(?<![0-9./])(?<![0-9]:)(?:the\s+)?{_ORDINAL}\s*(?:-|~|to)?(?:(?<=[-~o])\s*(?P<last>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?)?\s*(?:of\s+)?(?P<month>{MONTH_WORD})\b\.?{_YEAR}"
)
def read_day_first(match: re.Match[str], scan: Scan) -> list[Part]:
    a_verb = match["month"] in {"may", "march", "mar"} and not match["th"] and " of " not in match[0]
    if a_verb and re.match(r"\s+(?!(?:at|in|and|or|to|by)\b)[a-z]", scan.text[match.end() :]):
        return []  # "3 May" is a date, "the 5 may want" is none
    return _english(match, scan)


def _english(match: re.Match[str], scan: Scan) -> list[Part]:
    month, day = MONTHS[match["month"]], int(match["day"])
    last = int(match["last"]) if match["last"] else None
    if match["year"]:
        found = dated(*match.span(), int(match["year"]), month, day)
        if found and last and last > day:
            found.until = found.day.replace(day=min(last, last_day(found.day.year, month)))
        return _found(found)
    if day > last_day(2028, month):
        return [_too_late(match, scan, month)]
    return [MonthDay(*match.span(), month, day, last=last)]


@pattern(
    r"(?:\b(?:on|by|until|till|before|due|from)\s+)?(?P<the>\bthe\s+)?(?<![0-9.])\b(?P<day>3[01]|[12]?[0-9])(?:st|nd|rd|th)\b(?!\s*(?:floor|anniversary|street|st\b|ave|avenue|edition|order|customer|client|place|time|party|century|"
    r"quarter|visit|call|meeting|call|round|line|grade|year|month|week|day|one|quote|class|item|option|half|birthday|hand|person|generation|draft|version|attempt|reminder|follow|unit|store|shop|branch|largest|biggest|most|\w+day\b|jan|feb|mar\b|apr|jun|jul|aug|sep|oct|nov|dec))"
)
def read_ordinal(match: re.Match[str], scan: Scan) -> list[Part]:
    day = int(match["day"])
    rest = scan.text[match.end() :]
    led = match["the"] or match[0][0] in "obud f"
    if not 1 <= day <= 31 or (
        not led
        and re.match(r"\s+(?!at\b|and\b|or\b|to\b|of\b|in the\b|morning|afternoon|evening|noon|next|this)[a-z]", rest)
    ):
        return []
    return [MonthDay(*match.span(), None, day)]


@pattern(
    rf"(?:\b(?P<lead>in|by|before|until|till|after|since|from|of|this|next|last|during|come|early|mid|late|through)[\s-]+)(?P<month>{MONTH_WORD})\b(?!\.?\s*[0-9]{{1,2}}\b)(?:\s+(?P<year>20[0-9]{{2}}))?"
)
def read_english_month(match: re.Match[str], scan: Scan) -> list[Part]:
    named = re.match(r"\s+[A-Z][a-z]+", scan.original[match.end() :])
    if named or (
        match["month"] in {"may", "march", "mar"}
        and re.match(r"\s+(?:be|have|want|in|into|order|need|on|to)\b", scan.text[match.end() :])
    ):
        return []
    month = MONTHS[match["month"]]
    place = match.span() if match["lead"] not in {"of", "early", "mid", "late"} else match.span("month")
    year = {"this": scan.today.year, "last": scan.today.year - (month >= scan.today.month)}.get(match["lead"])
    if match["lead"] == "next":
        year = scan.today.year + (month <= scan.today.month)
    if match["year"]:
        year = int(match["year"])
    parts: list[Part] = [Month(*place, month)]
    if match["lead"] in {"early", "mid", "late"}:
        which = {"mid": "middle"}.get(match["lead"], match["lead"])
        parts.insert(0, Edge(match.start(), match.start("month"), which))
    if year is not None:
        parts.append(Year(place[1], place[1], year))
    return parts


@pattern(
    rf"(?<![0-9.个\-])(?P<month>{UP_TO_12})\s*月(?:份)?(?!\s*(?:{UP_TO_31})[日号]|[饼球光嫂子亮租薪供息利均活]|的(?!第|最后|[0-9一二三四五六七八九十]{{1,3}}[号日])|销|业绩|账单|报表|工资|订单|款|货|产量|单|底薪|度)"
)
def read_month(match: re.Match[str], scan: Scan) -> list[Part]:
    return [
        Month(
            *match.span(),
            whole(match["month"]),
            weak=bool(re.match(r"[一两二三1-9]次|内|后付", scan.text[match.end() :])),
        )
    ]


PATTERNS: tuple[Pattern, ...] = (
    read_iso,
    read_with_year,
    read_han,
    read_compact,
    read_open_day,
    read_day_of_month,
    read_slashed_range,
    read_slashed,
    read_month_first,
    read_day_first,
    read_english_month,
    read_ordinal,
    read_month,
)
