"""Festivals, lunar dates and the holidays around them: 春节前, 农历八月十五, 节后第一个工作日, after Christmas.

Lunar dates come from ``borax``, loaded when the first one is asked for; days off come with the calendar. "After" a
festival means the first working day after its days off, "before" the last one before them.
"""

import datetime as dt
import re
from functools import cache

from domain.repeats import WORKING, nth_weekday
from parsing.date_parts import Day, Part, Pattern, Scan, Shift, pattern
from parsing.numerals import HAN_DIGITS, UP_TO_31, whole
from parsing.surnames import SINGLE, WORDLIKE

ONE_DAY = dt.timedelta(days=1)
SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "植树节": (3, 12), "愚人节": (4, 1), "劳动节": (5, 1), "青年节": (5, 4),
    "儿童节": (6, 1), "618": (6, 18), "建党节": (7, 1), "建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "双十节": (10, 10),
    "万圣节": (10, 31), "双十一": (11, 11), "双十二": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25), "节礼日": (12, 26), "跨年": (12, 31),
}  # fmt: skip
LUNAR = {
    "春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中元": (7, 15), "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8),
    "尾牙": (12, 16), "小年": (12, 23), "除夕": (12, -1),
}  # fmt: skip
NTH = {"母亲节": (5, 2, 6), "父亲节": (6, 3, 6), "感恩节": (11, 4, 3)}  # month, which, weekday
BLACK_FRIDAY = "黑五"  # the day after Thanksgiving
TERMS = (
    "立春", "惊蛰", "春分", "清明", "谷雨", "立夏", "芒种", "夏至", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "冬至",
)  # fmt: skip
LONG = {"春节": 7, "国庆": 7}  # days off where the calendar does not know them
ANY_HOLIDAY = "节"
USUAL = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")  # "the holiday" where the calendar knows none

_ALSO = {
    "元旦": "新历年, new year, new years, new year's, new year's day, new years day",
    "春节": "过年, 农历新年, 农历年, 大年初一, 年初一, chinese new year, lunar new year, cny, spring festival",
    "除夕": "大年三十, 年三十, 年夜",
    "妇女节": "三八妇女节, 三八节, 女神节",
    "劳动节": "五一, 五一劳动节, labor day, labour day, may day",
    "青年节": "五四",
    "儿童节": "六一",
    "建军节": "八一",
    "国庆": "十一, national day",
    "双十节": "双十",
    "双十一": "双11, 光棍节, double eleven",
    "双十二": "双12",
    "中元": "中元节, 鬼节",
    "平安夜": "圣诞夜, christmas eve, xmas eve",
    "圣诞": "christmas, christmas day, xmas",
    "节礼日": "boxing day",
    "跨年": "new year's eve, new years eve, nye",
    "元宵": "lantern festival",
    "中秋": "mid-autumn, mid autumn, mid-autumn festival, mid autumn festival, moon festival",
    "端午": "dragon boat, dragon boat festival",
    "感恩节": "thanksgiving",
    "万圣节": "halloween",
    "情人节": "valentine's day, valentine's, valentines day",
    "清明": "qingming, tomb sweeping day",
    "黑五": "black friday, 黑色星期五",
}
ALIASES = {alias: name for name, aliases in _ALSO.items() for alias in aliases.split(", ")}
BARE_NUMBERS = {"十一", "五一", "六一", "八一", "五四", "618", "双十"}  # a festival only where the rest says so
_PERSONAL = {"国庆", "中秋", "元旦", "重阳", "清明", "端午", "立春", "立夏", "立秋", "冬至", "夏至", "建军", "七夕"}
_GOODS = (
    r"快乐|愉快|安康|吉祥|祝福|问候|礼|月饼|粽|贺卡|贺|红包|促销|活动|大促|款|档|套餐|晚会|联欢|订单|备货|营销|"
    r"特惠|版|装|海报|物料|福利|树|帽|老人|主题|"
    r"路|街|广场|大道|村|中学|小学|厂|桥|上河图|区|社区|公园|品|家族|系列|专场|满减|大餐|餐|饭|聚餐|文案|方案|团购|"
    r"采购|销售"
)
_GOODS_EN = (
    r"\s+(?:party|parties|gifts?|cards?|sales?|trees?|promo\w*|orders?|dinner|lunch|hamper|presents?|bonus|"
    r"campaign|season|greetings?)\b"
)


@cache
def _lunar(year: int, month: int, day: int) -> dt.date | None:
    """A lunar date of the lunar year that begins in ``year``; day -1 is the last of the month."""
    from borax.calendars.lunardate import LunarDate  # 30 ms; most texts name no lunar date

    for number in (30, 29) if day == -1 else (day,):
        try:
            found: dt.date = LunarDate(year, month, number).to_solar_date()
        except ValueError:
            continue
        return found
    return None


@cache
def _term(year: int, name: str) -> dt.date | None:
    from borax.calendars.lunardate import TermUtils

    try:
        found: dt.date = TermUtils.day_start_from_term(year, name)
    except (ValueError, KeyError, IndexError):
        return None
    return found


def festival_in(name: str, year: int) -> dt.date | None:
    """The day of a festival; of those at the end of a lunar year, the one that falls into the year before ``year``'s
    Spring Festival."""
    if name in SOLAR:
        return dt.date(year, *SOLAR[name])
    if name == BLACK_FRIDAY:
        thanksgiving = festival_in("感恩节", year)
        return thanksgiving and thanksgiving + ONE_DAY
    if name in NTH:
        month, which, weekday = NTH[name]
        return nth_weekday(year, month, which=which, weekday=weekday)
    if name in LUNAR:
        month, day = LUNAR[name]
        return _lunar(year - (month == 12), month, day)
    return _term(year, name)


def festival(name: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """The next such day from ``today`` on, or the latest one up to it."""
    return _nearest([festival_in(name, today.year + step) for step in (-1, 0, 1, 2)], today, past=past)


def lunar_day(month: int, day: int, today: dt.date, *, year: int | None = None) -> dt.date | None:
    """The next such lunar day from ``today`` on, or that of the lunar ``year``."""
    if year is not None:
        return _lunar(year, month, day)
    return _nearest([_lunar(today.year + step, month, day) for step in (-1, 0, 1, 2)], today, past=False)


def _nearest(days: list[dt.date | None], today: dt.date, *, past: bool) -> dt.date | None:
    known = sorted(day for day in days if day is not None)
    if past:
        return next((day for day in reversed(known) if day <= today), None)
    return next((day for day in known if day >= today), None)


def next_holiday(scan: Scan) -> dt.date | None:
    """The first day of the next stretch of days off that holds a public holiday; the current one counts."""
    calendar, today = scan.calendar, scan.today
    coming = min((day for day in calendar.days_off if day >= today and not calendar.is_working(day)), default=None)
    if coming is None:
        return min((day for name in USUAL if (day := festival(name, today)) is not None), default=None)
    while not calendar.is_working(coming - ONE_DAY) and (
        coming - ONE_DAY >= today or coming - ONE_DAY in calendar.days_off
    ):
        coming -= ONE_DAY
    return coming


def after_holiday(scan: Scan, day: dt.date, name: str) -> dt.date:
    """The first working day after the days off that ``day`` belongs to."""
    if name in LONG and day not in scan.calendar.days_off:
        return scan.calendar.next_working_day(day + ONE_DAY * LONG[name])
    return scan.calendar.following_working_day(day)


def before_holiday(scan: Scan, day: dt.date) -> dt.date:
    """The last working day before the days off that ``day`` belongs to; today when none is left."""
    return max(scan.calendar.preceding_working_day(day), min(scan.today, day))


def side_of(scan: Scan, found: Day, sign: int) -> dt.date:
    """The working day before or after a festival and its days off."""
    return after_holiday(scan, found.day, found.holiday or "") if sign > 0 else before_holiday(scan, found.day)


_NAMES = sorted({BLACK_FRIDAY, *SOLAR, *LUNAR, *NTH, *TERMS, *ALIASES}, key=len, reverse=True)
_HAN_NAMES = "|".join(name for name in _NAMES if not name[0].isascii() or name == "618")
_ENGLISH_NAMES = "|".join(name for name in _NAMES if name[0].isascii() and name != "618")
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_WORKDAYS = ("工作日", "上班日")
_SIDE = (
    r"(?:节?的?(?:假期?|放假|长假|黄金周|休假|活动|大促)?(?:(?P<after>过后|之后|以后|结束后?|回来|(?<!前)后(?!面|"
    rf"天气|续))|(?P<before>之前|以前|(?<!之)前(?!后|台|景|期|往)))(?!的?(?:[0-9]+|[{HAN_DIGITS}十半几]+)个?(?:天|"
    r"日|周|星期|礼拜|工作日|晚)))"
)
_NTH = (
    r"(?:的?(?:(?P<work>上班|开工|复工|返工)(?:的?(?:第一天|首日|当天|头一天))?|(?:的)?(?:第一个|首个|头一个|"
    rf"第1个|最后一个|最后1个)(?P<what>工作日|上班日|{_WEEKDAY})))"
)
_DAYS_OFF = r"(?P<span>节?(?:期间|假期(?:里|中|内)?|放假(?:期间)?|长假(?:期间)?|黄金周)|节?(?:当天|那天|当日))"


@pattern(rf"(?:过完?|过了)?(?:{_HAN_NAMES})节?(?:{_SIDE}{_NTH}?|{_DAYS_OFF})?(?!{_GOODS})|过完年后?")
def read_festival(match: re.Match[str], scan: Scan) -> list[Part]:
    named = re.search(_HAN_NAMES, match[0])
    name = ALIASES.get(named[0], named[0]) if named else "春节"
    told = bool(
        match["after"] or match["before"] or match["span"] or match[0].startswith("过") or match[0].endswith("节")
    )
    if named and named[0] in BARE_NUMBERS and not _is_meant(match, scan, told=told):
        return []
    before = scan.text[match.start() - 1 : match.start()]
    if named and name in _PERSONAL and before and before in SINGLE - WORDLIKE and not told:
        return []
    if named and (
        (named[0] == "过年" and re.match(r"[了的没]", scan.text[match.end() :]))
        or (named[0] == "小年" and scan.text[match.end() : match.end() + 1] in {"轻", "纪"})
    ):
        return []
    if name == "国庆":
        name = _national_day(scan)
    day = festival(name, scan.today)
    if day is None:
        return []
    found = Day(*match.span(), day, "festival", holiday=name, yearly=name in SOLAR)
    if (match[0].startswith("过") and match[0][1] in "完了") or match["after"]:
        return [_beside(scan, found, match, 1)]
    if match["before"]:
        return [_beside(scan, found, match, -1)]
    if match["span"] and match["span"].lstrip("节")[0] in "期假放长黄":
        last = after_holiday(scan, day, name) - ONE_DAY
        found.until = last if last > day else None
    return [found]


def _national_day(scan: Scan) -> str:
    """国庆 is 10-10 where the calendar celebrates that day and not October the first."""
    off = {(day.month, day.day) for day in scan.calendar.days_off}
    return "双十节" if (10, 10) in off and (10, 1) not in off else "国庆"


def _is_meant(match: re.Match[str], scan: Scan, *, told: bool) -> bool:
    """Whether 五一 or 十一 is the holiday and no number."""
    around = scan.text[match.start() - 1 : match.start()] if match.start() else ""
    rest = scan.text[match.end() : match.end() + 2]
    if re.match(r"[0-9一二三四五六七八九十百千万年月周号日第.]", around or " ") or re.match(
        r"[0-9一二三四五六七八九十百千万点月号日个台套件天周年人元块折岁楼层路]", rest or " "
    ):
        return False
    return (
        told
        or (match[0].startswith("五一") and not re.match(r"[\u4e00-\u9fff]", around or " "))
        or bool(re.search(r"[在到等约定过]$", around))
    )


def _beside(scan: Scan, found: Day, match: re.Match[str], sign: int) -> Day:
    """After or before the festival's days off, or the first Monday there."""
    day = side_of(scan, found, sign)
    what = match["what"]
    if what and what not in _WORKDAYS:
        weekday = "一二三四五六日".index(what[-1].replace("天", "日"))
        day += ONE_DAY * sign * ((sign * (weekday - day.weekday())) % 7)
    return Day(found.start, found.end, day, "festival", holiday=None)


@pattern(
    r"(?:(?:(?<![环季情细调章关枝骨音时礼佳过元春宵年年阳秋旦天])节|(?<!请病事产婚暑寒年休度放)假期|放假|长假|"
    rf"小长假|休假)(?:{_SIDE}|结束后)|"
    r"(?<![0-9一二三四五六七八九十几多半百千数来少青中老成去今明周两万壮幼童往早近同当每隔全])年(?P<yearside>后|"
    rf"前)(?!面|台|勤|景|龄)){_NTH}?"
)
def read_holiday(match: re.Match[str], scan: Scan) -> list[Part]:
    """节后, 放假前, 年后: the days off that come next."""
    day = festival("春节", scan.today) if match["yearside"] else next_holiday(scan)
    if day is None:
        return []
    found = Day(*match.span(), day, "festival", holiday="春节" if match["yearside"] else ANY_HOLIDAY)
    earlier = match["yearside"] == "前" or bool(match["before"])
    return [_beside(scan, found, match, -1 if earlier else 1)]


@pattern(
    r"(?:\b(?P<side>before|after|by|until|till|over|on|at|around|during)\s+(?:the\s+)?)?\b"
    rf"(?P<name>{_ENGLISH_NAMES}|(?P<any>(?:public\s+)?holidays?|long weekend))\b(?!{_GOODS_EN})(?:\s+(?:holidays?|"
    r"break))?"
)
def read_english_festival(match: re.Match[str], scan: Scan) -> list[Part]:
    side = match["side"]
    if re.search(r"(?:happy|merry)\s*$", scan.before(match.start(), 7)):
        return []
    led = bool(re.search(r"\b(?:after|before|following|from)\s+(?:the\s+)?$", scan.before(match.start())))
    if (match["any"] or match["name"] == "cny") and side not in {"before", "after"} and not led:
        return []
    if match["name"] == "cny" and re.match(r"\s*[0-9]", scan.text[match.end() :]):
        return []
    name = ANY_HOLIDAY if match["any"] else ALIASES[match["name"]]
    day = next_holiday(scan) if match["any"] else festival(name, scan.today)
    if day is None:
        return []
    found = Day(*match.span(), day, "festival", holiday=name)
    if side in {"before", "after"}:
        found.day, found.holiday = side_of(scan, found, 1 if side == "after" else -1), None
    return [found]


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR_DAY = rf"初[一二三四五六七八九十]|{UP_TO_31}"


@pattern(
    rf"(?P<told>农历|阴历|旧历|夏历)(?:的)?(?:(?P<year>今|明|后|[12][0-9]{{3}})年)?(?P<month>正|冬|腊|闰?"
    rf"(?:十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9]))月(?P<day>{_LUNAR_DAY})[日号]?"
    r"|(?P<month2>正|冬|腊|十[一二]?|[一二三四五六七八九])月(?P<day2>初[一二三四五六七八九十]"
    rf"(?![定直些起样次个边般致周月])|(?<=[正冬腊]月)(?:{UP_TO_31}))[日号]?"
    r"|大?年初(?P<first>[一二三四五六七八九十])(?P<back>上班|开工|复工)?|(?P<moon>八月十五)"
    r"(?![日号0-9一二三四五六七八九个])"
)
def read_lunar(match: re.Match[str], scan: Scan) -> list[Part]:
    month_text = match["month"] or match["month2"] or ("八" if match["moon"] else "正")
    day_text = (match["day"] or match["day2"] or match["first"] or "十五").removeprefix("初")
    month = _LUNAR_MONTHS.get(month_text) or whole(month_text.removeprefix("闰"))
    year = None
    if match["year"]:
        year = {"今": scan.today.year, "明": scan.today.year + 1, "后": scan.today.year + 2}.get(match["year"]) or int(
            match["year"]
        )
    day = lunar_day(month, whole(day_text), scan.today, year=year)
    if day is None:
        return []
    sure = not match["moon"]
    other = None if sure else dt.date(scan.today.year + ((scan.today.month, scan.today.day) > (8, 15)), 8, 15)
    return [Day(*match.span(), day, "lunar", sure=sure, other=other)]


@pattern(
    r"(?:之|以)?(?P<way>后|前)(?:的)?(?:第一个|首个|头一个|最后一个|下一个|下个)(?P<what>工作日|上班日|"
    rf"{_WEEKDAY})|(?:之)?后(?:上班|开工|复工)(?:第一天)?"
)
def read_first_after(match: re.Match[str], scan: Scan) -> list[Part]:
    """Beside any other day: 12月1日后第一个周一."""
    if not scan.follows(match.start()):
        return []
    sign = -1 if match["way"] == "前" else 1
    what = match["what"]
    number = WORKING if not what or what in _WORKDAYS else "一二三四五六日".index(what[-1].replace("天", "日"))
    return [Shift(*match.span(), sign=sign, nth=(1, number))]


@pattern(
    r"\b(?:the\s+)?(?:first|next|last)\s+(?P<what>(?:working|business|work)\s*day)\s+(?P<way>after|before|"
    r"following)\s+(?:the\s+)?(?=\S)"
)
def read_working_day_after(match: re.Match[str], scan: Scan) -> list[Part]:
    return [Shift(*match.span(), sign=-1 if match["way"] == "before" else 1, nth=(1, WORKING), leads=True)]


PATTERNS: tuple[Pattern, ...] = (
    read_lunar,
    read_working_day_after,
    read_first_after,
    read_festival,
    read_holiday,
    read_english_festival,
)
