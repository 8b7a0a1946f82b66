"""Times counted from now (三天后, in half an hour, 两周内) and lengths, which are no dates (试用14天, for 2 hours)."""

import datetime as dt
import re

from domain.repeats import last_day
from parsing.date_parts import Day, Instant, Length, Part, Pattern, Scan, Shift, Unit, pattern
from parsing.expressions import expression
from parsing.numerals import COUNT, COUNT_EN, number

UNITS: dict[str, str] = {
    name: unit
    for unit, names in {
        "second": "秒钟 秒 second sec",
        "minute": "分钟 分 min minute",
        "hour": "小时 钟头 钟 h hour hr",
        "day": "天 日 晚 day d night",
        "workday": "工作日 working day workday business day",
        "week": "周 星期 礼拜 week wk",
        "fortnight": "fortnight",
        "month": "月 month mo mth",
        "quarter": "季度 quarter",
        "year": "年 year yr",
        "quarter-hour": "刻钟 刻",
    }.items()
    for name in names.replace("working day", "working_day").replace("business day", "business_day").split()
}
_DAYS = {"day": 1.0, "week": 7.0, "fortnight": 14.0}
_MONTHS = {"month": 1.0, "quarter": 3.0, "year": 12.0}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "quarter-hour": 900}

_UNIT_HAN = (
    r"(?:个半?(?:小时|钟头|钟(?!头)|星期|礼拜|月|工作日|季度)|半?(?:分钟|小时|钟头|天|周|星期|礼拜|年|季度|工作日|"
    r"刻钟|秒钟?)|(?:min(?:ute)?s?|hours?|hrs?|h|days?|weeks?)(?![a-z])"
    r"|分(?!之|店|公|部|钱|享|析|期|成|红|销|行|支|类|开|别|[0-9])|日(?!游|均|线|元|租|结|薪|常|用|化|本|语|式|系|"
    r"期|程|报|志|三)|晚(?!上|点|会|饭))"
)
_SPOKEN_RANGE = (
    r"[一两三四五六七八](?=[二两三四五六七八九]十?(?:个|天|周|分|小|星|礼|年|日|刻|钟))[二两三四五六七八九]十?"
)
_FROM_TO = r"[0-9]{1,3}\s*[-~到至]\s*[0-9]{1,3}|[一二两三四五六七八九十]{1,2}[到至][一二两三四五六七八九十]{1,3}"
_LATER = (
    r"以后|之后|过后|后(?![面台端悔果方门备来]|续(?!约|费|签|保|租|订)|期|勤|天(?![去再给要]))|以内|之内|内(?!部|"
    r"容|存|网|衣|地|蒙|销|勤|饰)"
)
_EARLIER = r"以前|之前|前(?![台面端提景期途往])"

# What stands before a number of days that are no date: they count from something else or say how long.
_LENGTH_BEFORE = expression(
    r"(?:账期|试用期?|质保期?|保质期?|保修期?|有效期|工期|交期|货期|交货期|周期|账龄|期限|提前|提早|最近|最多|至少|"
    r"超过|不到|不足|近|前|头|连续|为期|历时|持续|长达|"
    r"经过|未来|今后|满|加急|需要?|要用?|用时|耗时|(?<![再])每)\s*$"
)
_AFTER_EVENT = expression(r"(?:(?<![然以最今之先随稍])后|之日起|起|满)\s*(?:的|第)?\s*$")
_PAST_VERB = expression(r"[去来住用谈聊见打做买吃看学试等签忙开讲走跑修拖干学写]过\s*$")


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    return dt.date(year, month + 1, min(day.day, last_day(year, month + 1)))


def moved(scan: Scan, count: float, unit: str) -> Day | Instant:
    """``count`` units from now (negative: ago) without a place in the text yet.

    Raises:
        OverflowError, ValueError: beyond the years there are.
    """
    if unit in _SECONDS:
        return Instant(0, 0, _elapsed(scan, dt.timedelta(seconds=round(count * _SECONDS[unit]))))
    if unit == "workday":
        return Day(0, 0, working_days_from(scan, int(count)), "offset")
    if unit == "day" and count % 1:
        return Instant(0, 0, _elapsed(scan, dt.timedelta(hours=round(count * 24))))
    if unit in _DAYS:
        wide = Unit.WEEK if unit in {"week", "fortnight"} else None
        return Day(0, 0, scan.today + dt.timedelta(days=round(count * _DAYS[unit])), "offset", unit=wide)
    months = count * _MONTHS[unit]
    sign = -1 if months < 0 else 1
    day = add_months(scan.today, sign * int(abs(months))) + dt.timedelta(days=round(sign * (abs(months) % 1) * 30))
    return Day(0, 0, day, "offset", unit=Unit.MONTH if unit == "month" and not months % 1 else None)


def _elapsed(scan: Scan, length: dt.timedelta) -> dt.datetime:
    """So long from now; reckoned in UTC, since local clocks may be changed in between."""
    return (scan.now.astimezone(dt.UTC) + length).astimezone(scan.zone)


def working_days_from(scan: Scan, count: int, day: dt.date | None = None) -> dt.date:
    """The ``count``-th working day after (before, when negative) ``day``."""
    day = day or scan.today
    if abs(count) > 1000:
        raise OverflowError(f"{count} working days")
    for _ in range(abs(count)):
        day = scan.calendar.following_working_day(day) if count > 0 else scan.calendar.preceding_working_day(day)
    return day


def _placed(found: Day | Instant, match: re.Match[str]) -> Part:
    found.start, found.end = match.span()
    return found


def _count_han(match: re.Match[str]) -> tuple[float, float | None]:
    """The number and, of 三五天, the second one."""
    text, unit = match["count"], match["unit"]
    half = 0.5 if "半" in unit or match["more"] else 0.0
    if text == "半":
        return 0.5, None
    if match["spoken"]:
        tens = 10 if text.endswith("十") else 1  # 三四十分钟; 三十 is one number
        return number(text[0]) * tens, number(text[1]) * tens
    if match["fromto"]:
        first, last_text = re.split(r"\s*[-~到至]\s*", text)
        return number(first), number(last_text)
    return number(text) + half, None


_AMOUNT = (
    rf"(?P<count>(?P<fromto>{_FROM_TO})|(?P<spoken>{_SPOKEN_RANGE})|{COUNT}|半)(?P<about>来|多|几)?\s*"
    rf"(?P<unit>{_UNIT_HAN})(?P<more>半)?"
)


@pattern(
    r"(?P<pass>(?:再?(?<![经通超不越])过(?!了)|再等|等(?!了)|再隔|(?<!每)隔)\s*)?(?:大概|大约|约|差不多)?"
    rf"(?<![0-9.])(?<![0-9]:){_AMOUNT}(?:左右|多)?(?:的?(?:时间|功夫))?(?P<later>{_LATER})?(?P<earlier>{_EARLIER})?"
)
def read_han(match: re.Match[str], scan: Scan) -> list[Part]:
    unit = _unit_of(match["unit"].lstrip("个").replace("半", "") or "")
    before = scan.before(match.start(), 5)
    length: list[Part] = [_length(match, unit)]
    if unit == "day" and match["unit"] == "晚":
        return length
    if match["unit"] == "分" and not (match["later"] or match["earlier"]):
        return []
    if (_LENGTH_BEFORE.search(before) and not match["pass"]) or _AFTER_EVENT.search(before):
        return length
    gone = match["pass"] and (
        _PAST_VERB.search(before + "过") or (before[-1:] in "去来住用谈聊见做买吃看学试签干" and before[-1:])
    )
    if gone or not (match["later"] or match["earlier"] or match["pass"]):
        return length
    if (
        match["pass"]
        and "隔" in match["pass"]
        and not re.match(r"\s*(?:再|后|之后|联|打|问|跟|回|去|给)", scan.text[match.end() :])
    ):
        return length
    first, last = _count_han(match)
    sign = -1 if match["earlier"] and not match["pass"] else 1
    within = (match["later"] or "").endswith("内")
    try:
        found = moved(scan, sign * first, unit)
        other = moved(scan, sign * last, unit) if last is not None else None
    except (OverflowError, ValueError):
        return length
    if isinstance(found, Day):
        found.reason = "within" if within else "offset"
        found.other = other.day if isinstance(other, Day) else None
    else:
        found.other = other.at if isinstance(other, Instant) else None
    found.sure = other is None and not match["about"]
    return [_placed(found, match)]


def _unit_of(text: str) -> str:
    if text in UNITS:
        return UNITS[text]
    return UNITS[text.rstrip("s")]


def _length(match: re.Match[str], unit: str) -> Length:
    return Length(*match.span(), working=unit == "workday")


_UNIT_EN = (
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|(?:working|business|work|week)[- ]?days?|nights?|days?|"
    r"weeks?|wks?|fortnights?|months?|mths?|quarters?|years?|yrs?)\b(?:'s?)?"
)
_AMOUNT_EN = (
    rf"(?P<half>half\s+an?|half)\s*-?\s*{_UNIT_EN}|(?P<count>{COUNT_EN})(?:\s*(?:-|~|to|or)\s*"
    rf"(?P<last>{COUNT_EN}))?\s*(?:(?P<more>and\s+a\s+half)\s+)?-?\s*"
    rf"(?:more\s+)?{_UNIT_EN.replace('<unit>', '<unit2>')}(?P<tail>\s+and\s+a\s+half)?"
)


def _read_amount(match: re.Match[str]) -> tuple[float, float | None, str]:
    if match["half"]:
        return 0.5, None, _english_unit(match["unit"])
    more = 0.5 if match["more"] or match["tail"] else 0.0
    last = number(match["last"]) if match["last"] else None
    return number(match["count"]) + more, last, _english_unit(match["unit2"])


def _english_unit(text: str) -> str:
    if len(text) > 4 and "day" in text and text[:3] in {"wor", "bus", "wee"}:
        return "workday"
    return UNITS[text.rstrip("s")] if text not in UNITS else UNITS[text]


@pattern(
    r"(?P<in>\bin|\bafter|\bwithin|\bin\s+the\s+next|\bwithin\s+the\s+next)\s+(?:about\s+|around\s+|another\s+|"
    rf"exactly\s+|approx(?:imately)?\.?\s+|like\s+)?(?<![0-9.])(?:{_AMOUNT_EN})(?:\s+time)?(?!\s+(?:of|period|"
    r"contract|trial|before|after|from|now))"
)
def read_in(match: re.Match[str], scan: Scan) -> list[Part]:
    return _english_offset(match, scan, sign=1, within=match["in"].startswith("within") or "next" in match["in"])


@pattern(rf"(?<![0-9.a-z])(?:{_AMOUNT_EN})\s+(?P<way>from\s+now|later|ago|from\s+today|out(?=\s*(?:$|[,.;!?])))\b")
def read_from_now(match: re.Match[str], scan: Scan) -> list[Part]:
    return _english_offset(match, scan, sign=-1 if match["way"] == "ago" else 1, within=False)


@pattern(r"\bin\s+(?P<count>[0-9]+(?:\.[0-9])?)\s?(?P<unit>h|d|w|min|m)\b(?!\s*(?:²|2))")
def read_short(match: re.Match[str], scan: Scan) -> list[Part]:
    unit = {"h": "hour", "d": "day", "w": "week", "min": "minute", "m": "minute"}[match["unit"]]
    try:
        return [_placed(moved(scan, number(match["count"]), unit), match)]
    except (OverflowError, ValueError):
        return []


def _english_offset(match: re.Match[str], scan: Scan, *, sign: int, within: bool) -> list[Part]:
    first, last, unit = _read_amount(match)
    try:
        found = moved(scan, sign * first, unit)
        other = moved(scan, sign * last, unit) if last is not None else None
    except (OverflowError, ValueError):
        return [Length(*match.span())]
    found.sure = other is None
    if isinstance(found, Day):
        found.reason = "within" if within else "offset"
        found.other = other.day if isinstance(other, Day) else None
    elif isinstance(other, Instant):
        found.other = other.at
    return [_placed(found, match)]


@pattern(
    rf"(?:\b(?:the\s+)?(?:(?P<count>{COUNT_EN})\s+)?(?P<unit>days?|weeks?|months?|(?:working|business)\s+days?|"
    r"workdays?)\s+(?P<way>before|after|from|following|on)\s+)(?=\S)"
)
def read_lead(match: re.Match[str], scan: Scan) -> list[Part]:
    """Two days before Christmas, a week from Friday, the day after tomorrow."""
    if match["way"] == "on" and not (match["count"] and match["unit"].startswith("week")):
        return []  # a week on Tuesday is the Tuesday after the next one
    count = int(number(match["count"])) if match["count"] else 1
    sign = -1 if match["way"] == "before" else 1
    working = "work" in match["unit"] or "business" in match["unit"]
    days = count * (7 if match["unit"].startswith("week") else 30 if match["unit"].startswith("month") else 1)
    if days > 3660:
        return [Length(*match.span())]
    return [Shift(*match.span(), days=sign * days, working=working, leads=True)]


@pattern(r"\b(?:in|within)\s+(?:about\s+)?(?:(?P<three>three|3)\s+quarters|(?:a|one)\s+quarter)\s+of\s+an\s+hour\b")
def read_quarters(match: re.Match[str], scan: Scan) -> list[Part]:
    """In three quarters of an hour."""
    found = moved(scan, 45 if match["three"] else 15, "minute")
    return [_placed(found, match)]


@pattern(rf"(?<![0-9.])(?:{_AMOUNT_EN})|\bnet\s+[0-9]{{1,3}}\b|(?<![0-9.])[0-9]+\s?(?:hrs?|mins?|h|d)\b")
def read_english_length(match: re.Match[str], scan: Scan) -> list[Part]:
    return [Length(*match.span())]


@pattern(
    rf"(?:的)?(?:之|以)?(?P<way>[前后])(?:的)?(?P<count>{COUNT})(?P<unit>天|日(?!游)|晚|周|个?星期|个?礼拜|"
    r"个?工作日)(?!后)|的?(?P<next>第二天|次日|翌日|隔天|后天(?=[上下早晚]))"
)
def read_shift(match: re.Match[str], scan: Scan) -> list[Part]:
    """节前一天, 周五后两天: beside a day that ended just here."""
    if not scan.follows(match.start()):
        return []
    if match["next"]:
        return [Shift(*match.span(), days=1)]
    count = int(number(match["count"]))
    if count > 366:
        return []
    sign = -1 if match["way"] == "前" else 1
    unit = match["unit"]
    if "工作日" in unit:
        return [Shift(*match.span(), days=sign * count, working=True)]
    return [Shift(*match.span(), days=sign * count * (1 if unit[0] in "天日晚" else 7))]


PATTERNS: tuple[Pattern, ...] = (
    read_shift,
    read_quarters,
    read_in,
    read_short,
    read_from_now,
    read_lead,
    read_han,
    read_english_length,
)
