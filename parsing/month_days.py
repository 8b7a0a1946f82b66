"""Days named by their month and number: 12月5号, 25号, Dec 5th, the 25th; and months alone.

A number is often no day: lines and buildings (3号线, 中山路25号), ordinals (the 3rd party), verbs (may, march) are refused.
"""

import datetime as dt
import re

from domain.repeats import last_day
from parsing.date_parts import Day, Edge, Month, MonthDay, Part, Pattern, Scan, Year, pattern
from parsing.expressions import expression
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
    "线|楼|店|机|位|桌|门(?!口)|口|仓|厅|馆|院|区|库|车|房|柜|台|字|色|码|球|选手|会议室|文|井|路|大街|公司|产品|方案|"
    "地块|员工|客户|订单|样|模|电池|钢|配件|服务|"
    "窗口|展|码头|航站|矿|厂|炉|船|岛|基地|公馆|信箱|院子|包厢|包间|铺|摊|档口|教|宿舍|栋|幢|单元|股东|人物|种子|"
    "项目|合同|标段|令|刀|针|纸|衣|鞋|尺"
)
# Before a bare number: what it is the number of.
_NUMBER_OF = expression(
    r"(?:恤|尺码|鞋码|[型编单房桌座卡账尾批店工档柜楼款]号|第|型|编|单|订单|合同|工单|尾|批|款|房|楼|桌|座|卡|账|"
    r"头|[路街巷弄道里村园苑]|大厦|胡同|no\.?|no|#|item|version|v|ver|版本|版|号码|电话|手机|微信|qq|尾号|共|排)\s*"
    r"(?:是|为|:)?\s*$"
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
    rf"(?:(?P<year>[12][0-9]{{3}}|[0-9]{{2}}|[二两][零〇][零〇一二三四五六七八九]{{2}})\s*年\s*)?(?<![0-9.])"
    rf"(?P<month>{UP_TO_12})\s*月(?:份)?的?\s*"
    rf"(?P<day>{UP_TO_31})\s*(?:(?P<sign>日|号)|(?:-|~|到|至)\s*(?P<to>{UP_TO_31})\s*[日号]|"
    rf"(?![0-9万千百个台套件人次天点时元块折%.名位份单家]|小时))(?![0-9]){_TAIL}"
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
    rf"(?<![0-9./a-z])(?<![0-9]:)(?P<day>{UP_TO_31})\s*(?P<sign>号|日)(?:\s*(?:-|~|到|至)\s*"
    rf"(?P<last>{UP_TO_31})\s*[号日](?!{_NUMBERED}))?"
    rf"(?!\s*(?:{_NUMBERED})|[0-9])"
)
def read_day_of_month(match: re.Match[str], scan: Scan) -> list[Part]:
    before, rest = scan.before(match.start(), 8), scan.text[match.end() :]
    if _NUMBER_OF.search(before) or (before.endswith("-") and scan.after < match.start() - 2):
        return []
    if before.endswith("月") and scan.after != match.start():
        return []  # of a month that there is not
    if match["sign"] == "日":
        if re.match(
            r"游|内|均|线|元|租|结|薪|常|用|化|本|语|式|系|期|程|报|志|后|以|之|三餐|无|夜|子|前(?!后)|"
            r"[一二三四五六七八九十]",
            rest,
        ):
            return []
        if len(match["day"]) == 1 and match["day"] not in "123456789":
            return []
    last = whole(match["last"]) if match["last"] else None
    return [MonthDay(*match.span(), None, whole(match["day"]), last=last)]


@pattern(
    r"(?<![0-9./\-])(?<![0-9]:)(?P<day>[12]?[0-9]|3[01])(?=\s*(?:-|~|到|至|、|和)\s*(?:[12]?[0-9]|3[01])\s*[号日]"
    rf"(?!\s*(?:{_NUMBERED}|内|后|游|之|以)))"
)
def read_open_day(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 8 of 8-10号."""
    if _NUMBER_OF.search(scan.before(match.start(), 8)) or match["day"] == "0":
        return []
    return [MonthDay(*match.span(), None, int(match["day"]))]


_ORDINAL = r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?P<th>st|nd|rd|th)?"
_YEAR = r"(?:\s*,?\s*(?P<year>20[0-9]{2}))?"
_PREPOSED = r"(?:\b(?:on|by|until|till|before|due)\s+)?"


@pattern(
    rf"{_PREPOSED}\b(?P<month>{MONTH_WORD})\b\.?\s*(?:the\s+)?(?<![0-9]){_ORDINAL}(?![0-9:%]|\.[0-9]|\s*[ap]\.?m\b|"
    r"\s*(?:units?|pcs|people|rooms?|boxes|k\b))(?:\s*(?:-|~|to|through|until|till)\s*(?P<last>3[01]|[12][0-9]|"
    rf"0?[1-9])(?:st|nd|rd|th)?(?![0-9:]|\s*[ap]\.?m\b))?{_YEAR}\b"
)
def read_month_first(match: re.Match[str], scan: Scan) -> list[Part]:
    return _english(match, scan)


@pattern(
    rf"{_PREPOSED}(?<![0-9./])(?<![0-9]:)(?:the\s+)?{_ORDINAL}\s*(?:-|~|to)?(?:(?<=[-~o])\s*(?P<last>3[01]|"
    rf"[12][0-9]|0?[1-9])(?:st|nd|rd|th)?)?\s*(?:of\s+)?(?P<month>{MONTH_WORD})\b\.?{_YEAR}"
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
    r"(?:\b(?:on|by|until|till|before|due|from)\s+)?(?P<the>\bthe\s+)?(?<![0-9.])\b(?P<day>3[01]|[12]?[0-9])(?:st|"
    r"nd|rd|th)\b(?!\s*(?:floor|anniversary|street|st\b|ave|avenue|edition|order|customer|client|place|time|party|"
    r"century|"
    r"quarter|visit|call|meeting|call|round|line|grade|year|month|week|day|one|quote|class|item|option|half|"
    r"birthday|hand|person|generation|draft|version|attempt|reminder|follow|unit|store|shop|branch|largest|biggest|"
    r"most|\w+day\b|jan|feb|mar\b|apr|jun|jul|aug|sep|oct|nov|dec))"
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
    r"(?:\b(?P<lead>in|by|before|until|till|after|since|from|of|this|next|last|during|come|early|mid|late|"
    rf"through)[\s-]+)(?P<month>{MONTH_WORD})\b(?!\.?\s*[0-9]{{1,2}}\b)(?:\s+(?P<year>20[0-9]{{2}}))?"
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


# What goes on behind a month written in characters where it is one; any other word makes it a name (十月稻田, 三月天咖啡).
_GOES_ON = expression(
    r"[^\u4e00-\u9fff]|[再就都也才先还又仍要会想能可应该得必须需去来到至给把被将和跟与同及或以之前后左右内里中上下初底末旬的过了是有没"
    r"不别我他她它你您咱对开结发交签付收打拜约见谈聊催送寄做安装修完出进续买订补联追复提报验试搬入离换退考放休办参展启起每周星礼第几"
    r"大估预可准计正已刚一截续确停复招投涨降调盘回访忙淡旺空最一二三四五六七八九十]|生[日产效]"
)
_TOLD_AS_MONTH = expression(r"(?:[年到至在等从自过约]|预计|大概|估计|最[早晚迟])\s*$")


_HAN_MONTH = expression(r"(?:十[一二]?|[一二三四五六七八九])月(?!份)")


def begins_name(folded: str, start: int = 0) -> bool:
    """Whether a month written in characters at ``start`` begins a name: 十月稻田, 五月花."""
    month = _HAN_MONTH.match(folded, start)
    if not month or month.end() == len(folded) or _GOES_ON.match(folded, month.end()):
        return False
    return not _TOLD_AS_MONTH.search(folded, max(0, start - 4), start)


@pattern(
    rf"(?<![0-9.个\-])(?P<month>{UP_TO_12})\s*月(?:份)?(?!\s*(?:{UP_TO_31})[日号]|[饼球光嫂子亮租薪供息利均活]|的"
    rf"(?!第|最后|[0-9一二三四五六七八九十]{{1,3}}[号日])|销|业绩|账单|报表|工资|订单|款|货|产量|单|底薪|度)"
)
def read_month(match: re.Match[str], scan: Scan) -> list[Part]:
    if begins_name(scan.text, match.start()):
        return []
    return [
        Month(
            *match.span(),
            whole(match["month"]),
            weak=bool(re.match(r"[一两二三1-9]次|内|后付", scan.text[match.end() :])),
        )
    ]


PATTERNS: tuple[Pattern, ...] = (
    read_han,
    read_open_day,
    read_day_of_month,
    read_month_first,
    read_day_first,
    read_english_month,
    read_ordinal,
    read_month,
)
