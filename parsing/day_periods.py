"""Parts of the day: 上午, 明早, 今晚, tomorrow morning, tonight; what they mean alone and beside a clock time."""

import re

from parsing.date_parts import Clock, Day, Part, Pattern, Period, Scan, pattern
from parsing.numerals import UP_TO_24

# What a part of the day means without a clock time, and how it shapes one: 下午 makes 3 into 15.
_MEANT: tuple[tuple[str, str, int | None], ...] = (
    ("凌晨", "dawn", None),
    ("大清早 一大早 一早 清早 清晨 first_thing early_morning", "morning", 8),
    ("早上 大早上 早晨 早间 朝早 上午 午前 早 晨 morning", "morning", 9),
    ("中午 午间 晌午 晏昼 午饭时间 午 lunchtime lunch_time", "noon", 12),
    ("下午 午后 下昼 afternoon arvo", "afternoon", 14),
    ("傍晚 黄昏", "evening", 18),
    ("晚上 晚间 夜间 夜晚 夜里 晚 夜 evening night", "evening", 19),
    ("深夜 大半夜", "night", None),
)
PERIODS = {name.replace("_", " "): (shape, hour) for names, shape, hour in _MEANT for name in names.split()}
GREETED = r"(?!好|安(?!排)|茶|餐|饭|会(?!议)|课|班(?!前)|市|报(?!价|告)|档|饭局|礼服|风|安)"

BEFORE_CLOCK = r"\s*(?:大概|大约|约|差不多|左右)?\s*"


@pattern(
    r"凌晨|大清早|一大早|大早上|早上|早晨|早间|清早|清晨|上午|午前|中午|午间|晌午|午饭时间|下午|午后|傍晚|黄昏|"
    r"晚上|晚间|夜间|夜晚|夜里|深夜|大半夜|朝早|下昼|晏昼|一早(?!晚)"
)
def read_period(match: re.Match[str], scan: Scan) -> list[Part]:
    if re.match(GREETED, scan.text[match.end() : match.end() + 2]) is None:
        # A greeting or a meal (下午茶), except right after a day, where the meal still tells the time.
        return [Period(match.start(), match.end(), *PERIODS[match[0]])] if scan.follows(match.start()) else []
    shape, hour = PERIODS[match[0]]
    return [Period(match.start(), match.end(), shape, hour)]


@pattern(rf"[早晚晨夜午](?P<clock>(?={BEFORE_CLOCK}(?:{UP_TO_24})\s*[点:]))?")
def read_short_period(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 早 of 明早, 周一早, 早8点."""
    rest = scan.text[match.end() : match.end() + 3]
    if not scan.follows(match.start()) and re.match(r"一点(?![钟半整一二三四五十零0-9])", rest):
        return []  # 早一点: a little earlier
    if match["clock"] is None and (
        not scan.follows(match.start()) or re.match(r"点|一点|些|期|于|已|就|餐|饭|会(?!议)|安|市|报", rest)
    ):
        return []
    shape, hour = PERIODS[match[0]]
    return [Period(match.start(), match.end(), shape, hour)]


@pattern(
    r"\b(?:(?:in|during)\s+the\s+|at\s+|(?:on\s+)?the\s+)?(?P<early>early\s+|late\s+)?(?P<word>morning|afternoon|"
    r"arvo|evening|night|lunchtime|lunch time|first thing(?:\s+in the morning)?)\b(?!\s*(?:shift|tea|market|club|"
    r"person))"
)
def read_english_period(match: re.Match[str], scan: Scan) -> list[Part]:
    before = scan.before(match.start(), 6)
    if re.search(r"\b(?:good|all)\s+$", before):
        return []
    word = "first thing" if match["word"].startswith("first") else match["word"]
    if word == "morning" and (match["early"] or "").startswith("early"):
        word = "early morning"
    shape, hour = PERIODS[word]
    weak = not match[0].startswith(("in ", "during ", "at ", "first"))
    return [Period(match.start(), match.end(), shape, hour, weak=weak)]


@pattern(r"\b(?:tonight|tonite|2nite|(?P<this>this)\s+(?P<word>morning|afternoon|arvo|evening))\b")
def read_tonight(match: re.Match[str], scan: Scan) -> list[Part]:
    shape, hour = PERIODS[match["word"] or "evening"]
    return [
        Day(match.start(), match.end(), scan.today, "relative"),
        Period(match.end(), match.end(), shape, hour),
    ]


@pattern(r"(?P<half>[ap])\.?m\b\.?")
def read_half_day(match: re.Match[str], scan: Scan) -> list[Part]:
    """The pm of "Friday pm"."""
    if not scan.follows(match.start()):
        return []
    shape, hour = PERIODS["morning" if match["half"] == "a" else "afternoon"]
    return [Period(match.start(), match.end(), shape, hour)]


PATTERNS: tuple[Pattern, ...] = (
    read_tonight,
    read_period,
    read_short_period,
    read_english_period,
    read_half_day,
)


def shaped(clock: Clock, shape: str) -> Clock:
    """The clock time within its part of the day: 下午 3 is 15, 晚上 12 the midnight after."""
    hour, plus = clock.hour, clock.plus
    late = shape in {"evening", "night"}
    if hour <= 12:
        if shape == "dawn":
            hour %= 12
        elif shape == "afternoon" or (shape == "noon" and hour <= 4):
            hour = hour % 12 + 12
        elif late and hour in {0, 12}:
            hour, plus = 0, 1
        elif late and (hour <= 3 or (shape == "night" and hour <= 5)):
            plus = 1
        elif late:
            hour += 12
    return Clock(clock.start, clock.end, hour, clock.minute, plus=plus, sure=clock.sure, reason=clock.reason)
