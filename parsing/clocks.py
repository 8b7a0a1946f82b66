"""Clock times: 三点一刻, 3:30 pm, half past 3, noon, 下班前.

A bare 三点 is as often "three points" (三点建议, 返3点) as three o'clock; the lists here are what tells them apart.
"""

import datetime as dt
import re

from parsing.date_parts import Clock, Part, Pattern, Period, Scan, pattern
from parsing.expressions import expression
from parsing.letters import HAN
from parsing.numerals import HOUR_WORDS, UP_TO_24, number, whole

TITLES = "需要|优惠|折扣"  # kept apart from NOUNS: they follow 点 as what is asked for
# After a bare N点: what is counted in points, not on a clock.
NOUNS = (
    "建议|意见|问题|需求|要求|原因|理由|优势|劣势|好处|坏处|缺点|反馈|注意|启示|想法|内容|区别|说明|不同|共识|结论|"
    "条件|异议|顾虑|疑问|疑虑|希望|"
    "期望|看法|考虑|体会|诉求|改进|变化|特点|特色|功能|痛点|总结|亮点|进展|计划|关键|核心|重点|最重要|最关键|都很|"
    "很重要|值得|[多来]?(?:利|返|佣)|"
    "击|评|赞|名|菜|单(?!位|独)|头|滴|心|子|火|球|位|数|卡|状|阵|水|式|一线|积分|利润|毛利|佣金|返利|提成|税|息|"
    "利息|股|" + TITLES
)
COUNTED = r"[折万%倍成亿千百元块]|个点|[个]亿"
# Before a bare N点: verbs whose object is points (降3点, 提了三点) and words that count them (以下三点).
COUNTING = expression(
    r"(?:(?:第|这|那|有|前|后|以下|如下|几|总?共|分为?|列|记住|强调|满足|做到|补充|注意|提|提出|总结|归纳|反馈|降|"
    r"降低|让|让利|涨|返|返利|扣|抽|提成|佣金|优惠|"
    r"便宜|减|少|多|加|贵|高|低|给(?:他|她|您|你|我)?们?|税|利率|毛利|利润|点击)[了出过]{0,2}|(?:说|讲|谈|聊|要|"
    r"打)[了出过]{1,2})\s*$"
)
_HAN_NUMBERS = frozenset("一二两三四五六七八九十百千万")
SOFT = expression(r"(?:[早晚快慢高低大小好便宜多少近远些]|有|一|差)\s*$")  # 早一点, 有一点: a little

_MINUTES = (
    r"(?:(?P<half>半)|(?P<quarter>[一三13])刻钟?|(?P<zero>[零〇过]?)(?P<minute>[0-5]?[0-9]|"
    r"[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<unit>分钟?)?"
    r"|差(?P<to>[0-9]{1,2}|[一二三四五六七八九十]{1,3})分|差(?P<toquarter>[一1])刻)?"
)


def times_of(match: re.Match[str], scan: Scan, *, hour: int, minute: int, bare: bool) -> Clock:
    """The clock of a match; an hour with a meridiem or on the 24-hour clock is not bare."""
    plus, hour = divmod(hour, 24)
    return Clock(match.start(), match.end(), hour, minute, bare=bare and 1 <= hour <= 12 and not plus, plus=plus)


_SHOP = expression(  # 三点半烤肉店的老板: a shop of that name; 三点半去烤肉店的老板那: an hour
    rf"(?![去来到在见给跟和与找约回往陪送请带上进])[{HAN}]{{1,4}}?(?:店|馆|吧|餐厅|超市|酒楼|工作室|公司)的?(?:老板|店长|经理|负责人|采购)"
)


@pattern(
    rf"(?:差(?P<lead>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}|一刻)分?钟?到?)?(?<![0-9.第])(?<![0-9]:)"
    rf"(?P<hour>{UP_TO_24})\s*点(?P<exact>钟|整)?"
    rf"(?:\s*{_MINUTES})(?P<unless>\s*(?:{COUNTED}))?(?:多|左右|前后|许)?"
)
def read_han_clock(match: re.Match[str], scan: Scan) -> list[Part]:
    hour, minute = whole(match["hour"]), 0
    end = match.end()
    number = scan.after != match.start() and scan.text[match.start() - 1 : match.start()] in _HAN_NUMBERS
    if match["unless"] or (match.start() and number):
        return []
    if match["minute"]:
        minute = whole(match["minute"])
        lone = len(match["minute"]) == 1 and match["minute"] != "十" and not match["unit"] and not match["zero"]
        if lone or minute > 59:  # 三点五 is a number; beside a day the hour still counts
            if not _has_context(match, scan):
                return []
            minute, end = 0, match.start("minute")
    elif match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 if match["quarter"] in "1一" else 45
    early = match["to"] or match["lead"]
    if match["toquarter"] or early == "一刻":
        early = "15"
    if early and whole(early) > 59:
        return []
    if early:
        hour, minute = (hour - 1) % 24, 60 - whole(early)
    if not early and not _has_context(match, scan) and _SHOP.match(scan.text, end):
        return []
    exact = bool(match["exact"] or match["minute"] or match["half"] or match["quarter"] or early)
    if not exact and not _is_clock(match, scan):
        return []
    found = times_of(match, scan, hour=hour, minute=minute, bare=match["hour"][0] != "0" or hour > 12)
    found.end = end
    return [found]


def _has_context(match: re.Match[str], scan: Scan) -> bool:
    """Whether a day or a part of the day stands right before the hour."""
    gap = scan.text[max(scan.after, 0) : match.start()]
    return scan.after >= 0 and not re.sub(r"\s|大概|大约|约|的|[嗯啊呃,，到至~-]", "", gap)


def _is_clock(match: re.Match[str], scan: Scan) -> bool:
    """Whether a plain N点 is a clock time and no number of points."""
    before, rest = scan.before(match.start(), 6), scan.text[match.end() :]
    if _has_context(match, scan):
        return not re.match(rf"\s*(?:{COUNTED})", rest)
    if re.match(rf"\s*(?:{NOUNS}|{COUNTED})", rest) or COUNTING.search(before):
        return False
    if match["hour"] in {"一", "1"}:
        return not SOFT.search(before) and match["hour"] == "1" and not re.match(r"[也都儿不没]", rest)
    return True


@pattern(
    rf"(?P<hour>{UP_TO_24})\s*时(?:(?P<minute>[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?)分|(?P<half>半)|整|"
    r"许)?(?!间|候|代|效|尚|光|差|长|刻|常)"
)
def read_hour(match: re.Match[str], scan: Scan) -> list[Part]:
    if not (
        match["minute"] or match["half"] or _has_context(match, scan) or re.fullmatch("1[3-9]|2[0-4]", match["hour"])
    ):
        return []
    minute = 30 if match["half"] else whole(match["minute"] or "0")
    return [times_of(match, scan, hour=whole(match["hour"]), minute=minute, bare=True)]


@pattern(
    r"(?:(?:\bat|\baround|\bby|\bbefore|\bfrom|@)\s*)?(?<![0-9.])(?<![0-9]:)(?P<hour>[01]?[0-9]|2[0-4]):"
    r"(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?(?:\s*(?:hrs?|hours)\b)?"
)
def read_digital(match: re.Match[str], scan: Scan) -> list[Part]:
    before, after = scan.before(match.start(), 4), scan.text[match.end() : match.end() + 3]
    if re.search(r"比例|比分|比|赔率", before) or re.match(r"\s*(?:比|的?比例|[%倍折])", after):
        return []
    hour, minute = whole(match["hour"]), whole(match["minute"])
    if hour == 24 and minute:
        return []
    if match["half"]:
        if not 1 <= hour <= 12:
            return [times_of(match, scan, hour=hour, minute=minute, bare=False)]
        return [times_of(match, scan, hour=_meridiem(hour, match["half"]), minute=minute, bare=False)]
    found = times_of(match, scan, hour=hour, minute=minute, bare=not match["hour"].startswith("0"))
    found.colon = True
    return [found]


@pattern(
    rf"(?:(?:\bat|\baround|\bby|\bbefore|\babout|\bfrom|@)\s*)?\b(?P<hour>1[0-2]|0?[1-9]|{HOUR_WORDS})(?:[.]"
    r"(?P<minute>[0-5][0-9])|(?P<half>\s?ish))?"
    r"\s*(?:(?P<meridiem>[ap])\.?\s?m\b\.?|o'?\s?clock\b|(?P<day>\s*(?:in the|at) (?:morning|afternoon|evening|"
    r"night)\b))"
)
def read_meridiem(match: re.Match[str], scan: Scan) -> list[Part]:
    hour, minute = whole(match["hour"]), whole(match["minute"] or "0")
    if match["meridiem"]:
        return [times_of(match, scan, hour=_meridiem(hour, match["meridiem"]), minute=minute, bare=False)]
    found = times_of(match, scan, hour=hour, minute=minute, bare=True)
    if match["day"]:
        found.end = match.start("day")  # the part of the day is read on its own
    return [found]


def _meridiem(hour: int, half: str) -> int:
    return hour % 12 + (12 if half == "p" else 0)


_TO_HOUR = rf"(?P<hour>1[0-2]|[1-9]|{HOUR_WORDS})\b"
_STEPS = {
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "twenty-five": 25,
    "twenty five": 25,
    "quarter": 15,
    "a quarter": 15,
    "half": 30,
}


@pattern(
    r"(?:\b(?:at|around|by|before|about|from)\s+)?\b(?P<step>half|(?:a )?quarter|five|ten|twenty(?:[- ]five)?|"
    rf"[1-5]?[05])(?:\s+(?:minutes?|mins?))?\s+(?P<way>past|to|after|before|til|till)\s+{_TO_HOUR}"
    r"(?:\s*(?P<meridiem>[ap])\.?\s?m\b\.?)?"
)
def read_past_and_to(match: re.Match[str], scan: Scan) -> list[Part]:
    step = _STEPS.get(match["step"]) or int(number(match["step"]))
    late = match["way"] in {"past", "after"}
    digits = match["step"][0] in "0123456789"
    if (match["step"] == "half" and not late) or (digits and match["way"] != "past"):  # "5 to 7" is a range
        return []
    if not late and match["way"] != "to" and "quarter" not in match["step"]:
        return []
    hour = whole(match["hour"])
    if match["meridiem"]:
        hour = _meridiem(hour, match["meridiem"])
    minute = step
    if not late:
        hour, minute = (hour - 1) or (0 if match["meridiem"] else 12), 60 - step
    return [times_of(match, scan, hour=hour, minute=minute, bare=not match["meridiem"])]


@pattern(
    rf"\b(?P<at>at\s+|@\s*)?half\s+{_TO_HOUR}(?!\s*(?:of|the|an?|million|thousand|percent|%|price|off|hours?|days?|"
    r"dozen))"
)
def read_half_nine(match: re.Match[str], scan: Scan) -> list[Part]:
    """Half nine is half past nine."""
    found = times_of(match, scan, hour=whole(match["hour"]), minute=30, bare=True)
    found.weak = match["at"] is None
    return [found]


@pattern(r"\b(?:(?:at|around|about|by|from)\s+|@\s*)?(?<![0-9.])(?P<hour>1[0-2]|[1-9])\s?-?ish\b")
def read_ish(match: re.Match[str], scan: Scan) -> list[Part]:
    return [times_of(match, scan, hour=whole(match["hour"]), minute=0, bare=True)]


_AFTER_AT = (
    r"(?=\s*(?:$|[,，。.;；!！?？)）\n]|(?:with|for|and|or|to|on|in|sharp|today|tomorrow|tmr|tmrw|tonight|every|"
    r"next|this|then|about|re|please|pls|"
    r"mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|each|daily|latest|via|"
    r"by|his|her|their|our)\b|[\u4e00-\u9fff\ue000]|-\s*[0-9]))"
)


@pattern(rf"(?:\bat|@)\s*(?P<hour>1[0-9]|2[0-3]|0?[1-9]|{HOUR_WORDS})\b(?![0-9%.:/]|\s*(?:%|percent)){_AFTER_AT}")
def read_at(match: re.Match[str], scan: Scan) -> list[Part]:
    return [times_of(match, scan, hour=whole(match["hour"]), minute=0, bare=match["hour"][0] != "0")]


_COUNTED = (  # what an hour is not, even behind a day: "tomorrow at 3 customers", "at 12 Main Street"
    r"(?:customers|clients|people|persons|guests|shops|stores|sites|stops|places|units|pieces|pcs|sets|boxes|dollars|"
    r"rmb|yuan|off|discount|\w+\s+(?:street|st|road|rd|avenue|ave|lane|boulevard|blvd|square|building|floor))\b"
)


@pattern(rf"(?:\bat|@)\s*(?P<hour>1[0-9]|2[0-3]|0?[1-9]|{HOUR_WORDS})\b(?![0-9%.:/$]|\s*(?:%|percent|-?\s*{_COUNTED}))")
def read_at_beside_day(match: re.Match[str], scan: Scan) -> list[Part]:
    """The hour of "tomorrow at 10 call Bob": behind a day, "at" says that it is one, whatever follows."""
    if not scan.follows(match.start()):
        return []
    return [times_of(match, scan, hour=whole(match["hour"]), minute=0, bare=match["hour"][0] != "0")]


_DAY_NEXT = (
    r"(?=\s+(?:on\s+)?(?:today|tomorrow|tmrw?|tonight|this|next|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|mon|tue|tues|wed|thu|thurs|fri)\b)"
)


@pattern(
    r"\b(?P<led>by|before|around|about|from|after|at|@)?\s*\b(?P<hour>1[0-2]|[1-9])(?:\s?ish)?\b(?![0-9%.:/])"
    rf"(?:{_AFTER_AT}|{_DAY_NEXT})"
)
def read_beside_day(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 9 of "tomorrow 9", the 5 of "by 5 tomorrow"."""
    follows = re.match(_DAY_NEXT, scan.text[match.end() :], re.ASCII) is not None
    if not (scan.follows(match.start()) or (follows and (match["led"] or not scan.text[: match.start()].strip()))):
        return []
    found = times_of(match, scan, hour=int(match["hour"]), minute=0, bare=True)
    found.weak = True
    return [found]


@pattern(
    r"(?:\b(?:by|before|around|about|from|after)\s+)?(?<![0-9.,$¥/\-a-z])(?<![0-9]:)(?P<hour>1[0-9]|2[0-3]|"
    rf"0?[1-9]|{HOUR_WORDS})\s*(?=(?:-|~|to|until|till|and|到|至)\s*"
    rf"(?:(?:1[0-2]|0?[1-9]|{HOUR_WORDS})(?::[0-5][0-9])?\s*[ap]\.?\s?m\b|(?:1[0-9]|2[0-3]|0?[1-9]):[0-5][0-9](?![0-9:])))"
)
def read_open_range(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 3 of "3-5pm": its half of the day is that of the end."""
    return [times_of(match, scan, hour=whole(match["hour"]), minute=0, bare=True)]


@pattern(
    rf"(?<![0-9.,$¥/\-第])(?<![0-9]:)(?P<hour>{UP_TO_24})(?=\s*(?:-|~|到|至)\s*(?:{UP_TO_24})\s*点(?!\s*(?:{NOUNS}|"
    rf"{COUNTED})))"
)
def read_han_open_range(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 3 of 3-5点."""
    if COUNTING.search(scan.before(match.start(), 6)):
        return []
    return [times_of(match, scan, hour=whole(match["hour"]), minute=0, bare=True)]


@pattern(
    r"(?<![0-9.a-z])(?P<hour>[01]?[0-9]|2[0-3])h(?P<minute>[0-5][0-9])?(?![a-z0-9])(?!\s*(?:后|内|以后|之后|later|ago))"
)
def read_french(match: re.Match[str], scan: Scan) -> list[Part]:
    """15h, 15h30: a clock time only where it can hardly be a number of hours."""
    before = scan.before(match.start(), 12)
    if re.search(r"(?:\b(?:in|for|per|about|within|every|took|x|next|last)|过|每|用|[了*x/×])\s*$", before):
        return []
    hour = whole(match["hour"])
    if not match["minute"] and not (scan.follows(match.start()) or 13 <= hour <= 20):
        return []
    return [times_of(match, scan, hour=hour, minute=whole(match["minute"] or "0"), bare=False)]


@pattern(
    r"(?:\b(?:at|by|before|around)\s+)?\b(?P<word>noon|midday|midnight)\b|(?P<zh>正午|午夜|半夜|零时)(?!\s*"
    r"(?:[0-9零一二两三四五六十十]))|半夜"
)
def read_named(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["word"] in {"noon", "midday"} or match["zh"] == "正午":
        return [times_of(match, scan, hour=12, minute=0, bare=False)]
    if match["zh"] == "零时":
        return [times_of(match, scan, hour=0, minute=0, bare=False)]
    if match["word"] or match["zh"]:
        found = times_of(match, scan, hour=24, minute=0, bare=False)
        found.sure = False
        return [found]
    return [Period(match.start(), match.end(), "night", None)]


@pattern(
    r"下班(?:之?[前后]|时间?|的时候)(?!\s*[0-9]{1,2}:)|(?:\bby\s+)?\b(?:eod|cob|close of business|end of (?:the )?(?:business )?day|"
    r"day's end|end of play)\b"
)
def read_end_of_work(match: re.Match[str], scan: Scan) -> list[Part]:
    end = scan.worktime.end
    if end == dt.time.max:
        end = dt.time(23, 59)
    return [Clock(match.start(), match.end(), end.hour, end.minute, reason="work")]


PATTERNS: tuple[Pattern, ...] = (
    read_end_of_work,
    read_past_and_to,
    read_half_nine,
    read_ish,
    read_meridiem,
    read_digital,
    read_han_clock,
    read_hour,
    read_open_range,
    read_han_open_range,
    read_at,
    read_at_beside_day,
    read_beside_day,
    read_french,
    read_named,
)
