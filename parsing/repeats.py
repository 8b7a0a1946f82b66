"""What repeats: 每周一三五, 每两周, 每月最后一天, every other Friday, weekdays, the first Monday of every month.

The rule is a ``domain.repeats.Repeat`` without its clock time; a weekday, day of the month or n-th weekday beside it is
put in by ``parsing.date_joins``.
"""

import re

from domain.repeats import Repeat, Unit
from parsing.date_parts import Part, Pattern, Period, Repeats, Scan, pattern
from parsing.day_periods import PERIODS
from parsing.expressions import expression
from parsing.month_days import MONTH_WORD
from parsing.numerals import COUNT, COUNT_EN, ORDINAL_WORDS, number, whole
from parsing.weekdays import ENGLISH, HAN

_ENGLISH = "|".join(sorted(ENGLISH, key=len, reverse=True))
_WEEK = "(?:周|星期|礼拜)"
_DAY = "[一二三四五六日天]"
WORKWEEK = (0, 1, 2, 3, 4)


def _weekdays(text: str) -> tuple[int, ...]:
    """一三五 or 一到五 as numbers."""
    if joined := re.search(rf"({_DAY})(?:到|至|-|~){_WEEK}?({_DAY})", text):
        first, last = HAN[joined[1]], HAN[joined[2]]
        return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted({HAN[char] for char in re.findall(_DAY, text)}))


@pattern(
    rf"(?:(?:每|逢)(?:逢|个)?(?P<interval>隔?{COUNT}个?)?|(?P<gap>隔{COUNT}个?)){_WEEK}的?(?:{_WEEK})?"
    rf"(?P<days>{_DAY}(?:(?:[、,和及跟]?{_WEEK}?{_DAY})*|(?:到|至|-|~){_WEEK}?{_DAY}))(?![次个]|[点:时分]|十(?!点|"
    r"[一二]点))"
)
def read_han_weekdays(match: re.Match[str], scan: Scan) -> list[Part]:
    return [
        Repeats(
            *match.span(), Repeat(Unit.WEEK, _interval(match["interval"] or match["gap"]), _weekdays(match["days"]))
        )
    ]


def _interval(text: str | None) -> int:
    if not text:
        return 1
    every = min(max(whole(text.strip("隔个")), 1), 1000)
    return 2 if text.startswith("隔") and every == 1 else every


@pattern(rf"(?:每(?:隔一|两)?周末|(?:每|逢)个周末)|(?:隔周|双周|单周)的?{_WEEK}?(?P<day>{_DAY})(?![次个])")
def read_other_week(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["day"]:
        return [Repeats(*match.span(), Repeat(Unit.WEEK, 2, (HAN[match["day"]],)))]
    return [Repeats(*match.span(), Repeat(Unit.WEEK, 1 if "隔" not in match[0] and "两" not in match[0] else 2, (5,)))]


# 每月用量 3 吨: how much, not when.
_CONSUMED = (
    r"(?:大概|大约|约|要|需要?|能|会|都|就)*(?:[用采销产消出需营进订]\S{0,2}|走|花|卖|做)?\s*(?:大概|大约|约)?\s*[0-9一二三四五六七八九十百千万几两.]+\s*"
    r"(?:来|多)?(?:[万千百]|吨|箱|台|套|个(?!周|星期|礼拜|月)|件|块|元|次|人|单|公斤|斤|升|米|瓶|袋|盒|kg|k\b)"
)


@pattern(
    rf"每(?P<gap>隔|间隔)?(?P<count>{COUNT}|半)?(?:个)?(?P<unit>分钟|小时|钟头|天|日|周|星期|礼拜|月|季度?|年|"
    r"工作日|双周|半年|月度)(?:一次|1次)?(?!次|都(?=很)|度|优鲜|黑巧|坚果|经济新闻)"
    rf"(?!{_CONSUMED})"
)
def read_each(match: re.Match[str], scan: Scan) -> list[Part]:
    unit, count = match["unit"], match["count"]
    if count == "半":
        return _half(match)
    every = whole(count) if count and "." not in count else 1
    if not 1 <= every <= 300:
        return []
    sure = True
    if match["gap"] and unit not in {"分钟", "小时", "钟头"}:
        every, sure = (2, True) if every == 1 else (every, False)
    return [_each(match, unit, every, sure=sure)]


def _half(match: re.Match[str]) -> list[Part]:
    match match["unit"]:
        case "小时" | "钟头":
            return [Repeats(*match.span(), Repeat(Unit.MINUTE, 30))]
        case "年":
            return [Repeats(*match.span(), Repeat(Unit.MONTH, 6), open=True)]
        case "月":
            return [Repeats(*match.span(), Repeat(Unit.DAY, 15), sure=False)]
        case _:
            return []


def _each(match: re.Match[str], unit: str, every: int, *, sure: bool) -> Repeats:
    start, end = match.span()
    match unit:
        case "分钟":
            return Repeats(start, end, Repeat(Unit.MINUTE, every))
        case "小时" | "钟头":
            return Repeats(start, end, Repeat(Unit.HOUR, every))
        case "工作日":
            return Repeats(start, end, Repeat(Unit.WORKDAY, every), sure=sure)
        case "天" | "日":
            return Repeats(start, end, Repeat(Unit.DAY, every), sure=sure)
        case "月" | "月度":
            return Repeats(start, end, Repeat(Unit.MONTH, every), open=True, sure=sure)
        case "季" | "季度":
            return Repeats(start, end, Repeat(Unit.MONTH, 3 * every), open=True, sure=sure, quarterly=True)
        case "年" | "半年":
            rule = Repeat(Unit.YEAR, every) if unit == "年" else Repeat(Unit.MONTH, 6)
            return Repeats(start, end, rule, open=True, sure=sure)
        case _:
            return Repeats(start, end, Repeat(Unit.WEEK, every * (2 if unit == "双周" else 1)), open=True, sure=sure)


_PART_OF_DAY = expression(r"[一清大]?早(?:上|晨)?|上午|中午|下午|傍晚|晚上?|凌晨")


@pattern(
    rf"(?:每?隔(?P<gap>天|日|周|月|年)|(?P<many>{COUNT})个?(?P<unit>天|周|星期|礼拜|月|季度|年)(?:一|1)次|"
    rf"(?P<double>双周|(?<!每)单双周))(?!{_DAY}|刊|报(?!价)|达)"
)
def read_once_in(match: re.Match[str], scan: Scan) -> list[Part]:
    """隔天, 隔周, 两周一次, 双周."""
    if match["double"]:
        return [Repeats(*match.span(), Repeat(Unit.WEEK, 2), open=True)]
    if match["gap"]:
        if match[0] == "隔天" and _PART_OF_DAY.match(scan.text, match.end()):
            return []  # 隔天早上 is the next morning in Taiwan, and often on the mainland
        return [_each(match, match["gap"], 2, sure=True)]
    every = whole(match["many"])
    return [_each(match, match["unit"], every, sure=True)] if 1 <= every <= 300 else []


@pattern(
    r"每(?:天|日)?(?P<part>早上?|晚上?|天早上|天晚上|上午|下午|中午|傍晚|夜)(?!餐|饭)|(?:天天)(?=\s*(?:早|晚|上午|"
    r"下午|中午|[0-9]{1,2}[点:]))"
)
def read_every_part(match: re.Match[str], scan: Scan) -> list[Part]:
    """每晚, 每天早上: the part of the day is read too."""
    if not match["part"]:
        return [Repeats(*match.span(), Repeat(Unit.DAY))]
    shape, hour = PERIODS[match["part"].removeprefix("天")]
    return [
        Repeats(match.start(), match.end(), Repeat(Unit.DAY)),
        Period(match.end(), match.end(), shape, hour),
    ]


@pattern(
    r"(?:在|每逢|逢)?工作日(?:的)?(?:每天|每日|都)?(?=\s*(?:早|晚|上午|下午|中午|凌晨|"
    r"[0-9一二两三四五六七八九十]{1,3}\s*[点:]))|工作日(?:每天|每日)"
)
def read_working_days(match: re.Match[str], scan: Scan) -> list[Part]:
    if scan.follows(match.start()):
        return []
    return [Repeats(*match.span(), Repeat(Unit.WORKDAY))]


_OTHER = r"(?:other|second|2nd|alternate)"
_LIST = rf"(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*/\s*)(?:{_ENGLISH})s?\b)*"
_TO = rf"(?:\s*(?:-|to|through|thru)\s*(?:{_ENGLISH})s?\b)?"


def _english_days(text: str) -> tuple[int, ...]:
    named = [ENGLISH[name] for name in re.findall(rf"\b({_ENGLISH})s?\b", text)]
    if len(named) == 2 and re.search(rf"(?:-|\bto\b|\bthrough\b|\bthru\b)\s*(?:{_ENGLISH})s?\s*$", text.strip()):
        first, last = named
        return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted(set(named)))


@pattern(
    rf"\b(?:on\s+)?(?:every|each|ev)\s+(?:(?P<other>{_OTHER})\s+|(?P<count>[2-9]|two|three|four)\s+)?(?P<days>"
    rf"(?:{_ENGLISH})s?\b{_TO}{_LIST})"
)
def read_every_weekday(match: re.Match[str], scan: Scan) -> list[Part]:
    every = 2 if match["other"] else whole(match["count"]) if match["count"] else 1
    return [Repeats(*match.span(), Repeat(Unit.WEEK, every, _english_days(match["days"])))]


_BRAND = expression(r"(?:\b[A-Z]{2,}|\b(?:Ruby|Black|Good|Silver|Golden))\s$")
_FULL = "mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays"


@pattern(rf"\b(?:on\s+)?(?P<days>(?:{_FULL})(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*/\s*)(?:{_FULL}))*)\b")
def read_plural_weekday(match: re.Match[str], scan: Scan) -> list[Part]:
    """Fridays; of TGI Fridays and Ruby Tuesdays it is a part of the name."""
    shouted = scan.original.isupper()
    if match.start() == match.start("days") and not shouted and _BRAND.search(scan.original, 0, match.start()):
        return []
    return [Repeats(*match.span(), Repeat(Unit.WEEK, 1, _english_days(match["days"])))]


@pattern(
    r"\b(?:on\s+)?(?:(?:every|each)\s+(?P<workday>weekday|workday|(?:working|business|work)\s+day)s?|(?:on\s+)?"
    r"(?P<weekdays>weekdays|workdays|(?:working|business)\s+days)(?=\s+(?:at|in|from)\b|\s*[0-9@]|\s*$|\s*,))\b"
)
def read_every_workday(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["weekdays"] and re.search(
        r"[0-9]\s*$|\bin\s*$|(?:two|three|four|five|few|several|next)\s*$", scan.before(match.start())
    ):
        return []
    return [Repeats(*match.span(), Repeat(Unit.WORKDAY))]


_UNITS_EN = {
    "minute": Unit.MINUTE, "min": Unit.MINUTE, "hour": Unit.HOUR, "day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH,
    "year": Unit.YEAR, "night": Unit.DAY, "morning": Unit.DAY, "afternoon": Unit.DAY, "evening": Unit.DAY,
}  # fmt: skip


@pattern(
    rf"\b(?:of\s+|in\s+)?(?:every|each|per(?=\s+month))\s+(?:(?P<other>{_OTHER})\s+|(?P<count>{COUNT_EN})\s+)?"
    r"(?P<unit>minute|min|hour|day|week|weekend|fortnight|month|quarter|year|night|morning|afternoon|evening)s?\b"
)
def read_every_unit(match: re.Match[str], scan: Scan) -> list[Part]:
    every = 2 if match["other"] else 1
    if match["count"]:
        every = int(number(match["count"]))
    if not 1 <= every <= 300:
        return []
    word = match["unit"]
    match word:
        case "weekend":
            return [Repeats(*match.span(), Repeat(Unit.WEEK, every, (5,)))]
        case "fortnight":
            return [Repeats(*match.span(), Repeat(Unit.WEEK, 2 * every), open=True)]
        case "quarter":
            return [Repeats(*match.span(), Repeat(Unit.MONTH, 3 * every), open=True, quarterly=True)]
        case "night" | "morning" | "afternoon" | "evening":
            rule = Repeats(*match.span(), Repeat(Unit.DAY, every))
            return [rule, Period(match.end(), match.end(), *PERIODS[word])]
    unit = _UNITS_EN[word]
    return [Repeats(*match.span(), Repeat(unit, every), open=unit in {Unit.WEEK, Unit.MONTH, Unit.YEAR})]


_ADVERBS = {
    "daily": Repeat(Unit.DAY), "weekly": Repeat(Unit.WEEK), "biweekly": Repeat(Unit.WEEK, 2), "bi-weekly": Repeat(Unit.WEEK, 2),
    "fortnightly": Repeat(Unit.WEEK, 2), "monthly": Repeat(Unit.MONTH), "quarterly": Repeat(Unit.MONTH, 3),
    "yearly": Repeat(Unit.YEAR), "annually": Repeat(Unit.YEAR), "hourly": Repeat(Unit.HOUR),
}  # fmt: skip


@pattern(
    r"\b(?P<word>daily|bi-?weekly|fortnightly|weekly|monthly|quarterly|yearly|annually|hourly|once\s+a\s+"
    r"(?P<once>day|week|month|year))\b(?=\s*(?:$|[,.;!?。，]|on\b|at\b|every\b|from\b|starting\b|@|in\s+the\b|"
    r"[0-9]|each\b))"
)
def read_adverb(match: re.Match[str], scan: Scan) -> list[Part]:
    if re.search(r"\b(?:the|a|an|our|his|her|their|my|your|this|that|last|next)\s+$", scan.before(match.start())):
        return []
    if match["once"]:
        unit = _UNITS_EN[match["once"]]
        return [Repeats(*match.span(), Repeat(unit), open=unit is not Unit.DAY)]
    rule, quarterly = _ADVERBS[match["word"]], match["word"] == "quarterly"
    weak = scan.text[: match.start()].strip() != "" and match["word"] in {
        "daily",
        "weekly",
        "monthly",
        "yearly",
        "quarterly",
    }
    return [
        Repeats(
            *match.span(),
            rule,
            open=rule.unit not in {Unit.DAY, Unit.HOUR},
            weak=weak and bool(scan.text[match.end() :].strip()),
            quarterly=quarterly,
        )
    ]


@pattern(
    rf"\b(?:on\s+)?(?:the\s+)?(?:every|each)\s+(?P<which>first|second|third|fourth|last)\s+(?P<day>{_ENGLISH})\b"
    r"(?:\s+of\s+(?:the|each|every)\s+month)?"
    r"|\b(?:on\s+)?(?:every|each)\s+(?P<date>3[01]|[12]?[0-9])(?:st|nd|rd|th)\b(?:\s+of\s+the\s+month)?"
)
def read_every_nth(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["date"]:
        day = int(match["date"])
        return [Repeats(*match.span(), Repeat(Unit.MONTH, month_day=day))] if 1 <= day <= 31 else []
    which = ORDINAL_WORDS[match["which"]]
    if which == 2 and "month" not in match[0]:  # every second Friday: every other one
        return [Repeats(*match.span(), Repeat(Unit.WEEK, 2, (ENGLISH[match["day"]],)))]
    return [Repeats(*match.span(), Repeat(Unit.MONTH, nth=(which, ENGLISH[match["day"]])))]


@pattern(rf"\b(?:every|each)\s+(?=(?:{MONTH_WORD})\b\.?\s+[0-9])")
def read_every_date(match: re.Match[str], scan: Scan) -> list[Part]:
    """The every of "every March 8"."""
    return [Repeats(*match.span(), Repeat(Unit.YEAR), open=True)]


PATTERNS: tuple[Pattern, ...] = (
    read_han_weekdays,
    read_other_week,
    read_every_part,
    read_each,
    read_once_in,
    read_working_days,
    read_every_nth,
    read_every_weekday,
    read_every_workday,
    read_every_unit,
    read_every_date,
    read_plural_weekday,
    read_adverb,
)
