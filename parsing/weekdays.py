"""Days named by their distance or their weekday: 明天, 大后天, 下周三, 周末, tomorrow, next Tue, this weekend.

Half of the work is to refuse: 周一鸣 is a person, 周六福 a jeweller, 一周一次 a frequency, Sun Microsystems a company.
"""

import datetime as dt
import re

from parsing.date_parts import Day, Length, Part, Pattern, Period, Scan, Weekday, pattern
from parsing.expressions import expression
from parsing.surnames import SINGLE

ONE_DAY = dt.timedelta(days=1)
HAN = {
    name: number for number, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for name in names
}
WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2, "下下下": 3}
RELATIVE = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "寻": -1,
    "琴": -1,
    "今": 0,
    "明": 1,
    "听": 1,
    "后": 2,
    "大后": 3,
    "大大后": 4,
}

TITLED = (
    r"(?:先生|女士|小姐|太太|老师|经理|总监|总裁|总(?![部共结监体会是])|主任|老板|律师|医生|教授|书记|科长|处长|"
    r"局长|店长|部长|主管|会计|师傅|同学|同志|哥|姐)"
)
# Characters of given names that begin no clause: 周一鸣, 周一帆. With a title, any one character that is no surname.
_GIVEN = r"[鸣凡帆峰锋诺涵航轩彤婷娜琳萌杰楠瑾欣妍梅芸芳]"
_SURNAMES = "".join(sorted(SINGLE))
_NO_WEEKDAY = (
    rf"(?!次|均|岁|围(?!绕)|刊|遍|游|{_GIVEN}|[^{_SURNAMES}的]?{TITLED}|福(?:珠宝|金店|的|$|[^利建州])|餐厅|酒吧|"
    r"公寓|书店|咖啡馆)"
)
_NAMED_AFTER = r"(?!\s*餐厅|\s*酒吧|\s*公寓|\s*咖啡)"
_NO_HOUR = r"(?![点号月日时天周个年:：百千万层楼期店线折成刻]|[一二三四五六七八九十]|[0-9])"


@pattern(
    r"(?P<which>(?:上上|上|这|本|当|下下下|下下|(?<!一)下)(?:一|个|1)?个?(?:(?<![\u4e00-\u9fff][上下这本])(?<=[上下这本个])\s)?)(?:周|星期|礼拜|拜)(?P<day>末|"
    r"[一二三四五六日天]|[1-7](?![0-9点:.月号日时天个%年台套]))"
    rf"(?:(?:(?P<join>[到至~-])(?=[一二三四五六日天])|[、/]?)(?P<last>[二三四五六日天]){_NO_HOUR})?{_NAMED_AFTER}(?!次)"
)
def read_week_and_day(match: re.Match[str], scan: Scan) -> list[Part]:
    weeks = WEEKS[match["which"].rstrip("一个1 ")]
    number = 5 if match["day"] == "末" else HAN[match["day"]]
    monday = scan.today + ONE_DAY * (7 * weeks - scan.today.weekday())
    until, end = None, match.end()
    if match["last"]:
        last = HAN[match["last"]]
        if (match["join"] and last > number) or last == number + 1:
            until = monday + ONE_DAY * last
        else:
            end = match.start("join") if match["join"] else match.end("day")
    return [Day(match.start(), end, monday + ONE_DAY * number, "weekday", until=until)]


@pattern(
    r"(?:逢|这个?)?(?:周|星期|礼拜)(?P<day>末(?!愉快|快乐|画报)|天(?!气|天)|[一二三四五六日]|[1-7]"
    rf"(?![0-9点:.月号日时天个%年台套])){_NO_WEEKDAY}"
    rf"(?:(?:(?P<join>[到至~-])(?=[一二三四五六日天])|[、/]?)(?P<last>[二三四五六日天]){_NO_HOUR})?"
)
def read_han_weekday(match: re.Match[str], scan: Scan) -> list[Part]:
    if match[0].startswith("周天") and scan.text[match.start() - 1 : match.start()] in {"小", "大", "一"}:
        return []
    if match["day"] == "末":
        return [Weekday(*match.span(), 5, reason="weekend")]
    number = HAN[match["day"]]
    if match["last"]:
        last = HAN[match["last"]]
        if match["join"] or last == number + 1:
            return [Weekday(*match.span(), number, last=last)]
        return [Weekday(match.start(), match.end("day"), number)]
    return [Weekday(*match.span(), number)]


@pattern(
    r"(?<![拜崇礼跪回祭参朝叩])拜(?P<day>[一二三四五六])(?=\s*(?:上午|下午|早|晚|中午|"
    r"[0-9一二两三四五六七八九十]{1,3}点|去|来|见|$|[,，。、!！]))"
)
def read_taiwan_weekday(match: re.Match[str], scan: Scan) -> list[Part]:
    """拜三 for 礼拜三."""
    return [Weekday(*match.span(), HAN[match["day"]])]


@pattern(
    r"(?P<big>大大后|大后|大前)[天日](?!语|本|性)|(?<![透光声证申])(?P<day>[今明昨])(?:天(?!鲜生)|日(?!期|头条|"
    r"资本|语|本|系))|(?<![以之然最今往日随此背幕先])(?P<two>后)(?:天(?!性|鲜生)|日(?!谈|本))|"
    r"(?<![目之以提从当日])(?P<past>前)天(?!鲜生|津港)|(?P<child>[今明昨后前]|大后)儿(?:个|(?![子童女媳歌科]))|"
    r"(?P<south>[听寻琴])日(?!语|本|文|常)"
)
def read_han_relative(match: re.Match[str], scan: Scan) -> list[Part]:
    name = match["big"] or match["day"] or match["two"] or match["past"] or match["child"] or match["south"]
    if name is None:
        return []
    if re.match(r"会更好|国际|传媒|之后(?=[游公])", scan.text[match.end() :]):
        return []
    return [Day(*match.span(), scan.today + ONE_DAY * RELATIVE[name], "relative")]


@pattern(r"(?P<day>今|明|昨|当|听|后天|大后天)(?=早(?![点些就已期])|晚(?![点些])|夜|晨|午(?!睡|饭|餐)|朝早|下昼)")
def read_short_relative(match: re.Match[str], scan: Scan) -> list[Part]:
    """The 明 of 明早."""
    name = match["day"].rstrip("天")
    if name == "当" or (
        name == "明"
        and scan.text[match.start() - 1 : match.start()] in {"说", "声", "证", "透", "光", "文", "聪", "黎"}
        and match.start()
    ):
        return []
    return [Day(*match.span(), scan.today + ONE_DAY * RELATIVE[name], "relative")]


@pattern(
    r"今明(?:两天|二天|两日)?|明后(?:两天|二天|两日|天)|昨今两天|(?P<weak>这两天|这几天|前几天|前两天|过几天|"
    r"近几天|近两天|过一?阵|过段时间)"
)
def read_two_days(match: re.Match[str], scan: Scan) -> list[Part]:
    if match["weak"]:
        return [Length(*match.span())]
    if match[0] == "今明":
        return []
    first = scan.today + ONE_DAY * RELATIVE[match[0][0]]
    return [Day(*match.span(), first, "relative", until=first + ONE_DAY)]


@pattern(r"(?:下一?个|下)工作日|\b(?:the\s+)?next\s+(?:working|business|work)\s*day\b")
def read_next_working_day(match: re.Match[str], scan: Scan) -> list[Part]:
    return [Day(*match.span(), scan.calendar.following_working_day(scan.today), "workday")]


@pattern(
    r"\b(?:(?:on|by|until|till|for)\s+)?(?:(?P<today>today|2day)|(?P<tomorrow>(?:tomorrow|tommorow|tommorrow|"
    r"tomorow|tomorro|tmrw?|tmw|tmorrow|2moro|2morrow|tomo|tomoz|tomoro|2mrw))|(?P<yesterday>yesterday|yday))\b(?!'s\s)"
)
def read_english_relative(match: re.Match[str], scan: Scan) -> list[Part]:
    step = 0 if match["today"] else 1 if match["tomorrow"] else -1
    return [Day(*match.span(), scan.today + ONE_DAY * step, "relative")]


@pattern(r"\blast\s+night\b")
def read_last_night(match: re.Match[str], scan: Scan) -> list[Part]:
    return [Day(*match.span(), scan.today - ONE_DAY, "relative"), Period(match.end(), match.end(), "evening", 19)]


ENGLISH = {
    name: number
    for number, names in enumerate(
        (
            "monday mon mondy moday",
            "tuesday tues tue tuseday teusday",
            "wednesday weds wed wednsday wensday wendesday wednesay",
            "thursday thurs thur thu thrusday thurday thursdy",
            "friday fri firday fridy",
            "saturday sat saterday satuday",
            "sunday sun",
        )
    )
    for name in names.split()
}
_ENGLISH = "|".join(sorted(ENGLISH, key=len, reverse=True))
_LEADS = r"on|by|until|till|before|after|from|come|starting|since|due"
_COMPANY = (
    r"\s+(?:\w+\s+)?(?:ltd|inc|co|corp|llc|gmbh|plc|group|foods|holdings|media|times|trading|company|agency|"
    r"studios?|microsystems|pharma|bank|hotel)\b|\.com|'s\s+(?:bar|cafe|restaurant|grill)"
)
_MONTH_WORD = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|"
    r"october|november|december"
)
_SUPPORT = expression(
    rf"\s*,?\s*(?:at\s+|@\s*)?(?:[0-9]{{1,2}}(?:[:.][0-5][0-9]|\s*[ap]\.?m|(?:st|nd|rd|th)\b|[点/])|"
    rf"(?:the\s+)?[0-9]{{1,2}}(?:st|nd|rd|th)|morning|afternoon|evening|night|noon|am\b|pm\b|(?:{_MONTH_WORD})\b|"
    rf"next week|[上下早晚中]|(?:-|~|/|to|till|until|or|and|&|,)\s*(?:{_ENGLISH})\b)",
    re.ASCII,
)
_FAMILY = expression(r"(?:mr|ms|mrs|dr|miss|black|good|ash|ruby|easter|super|palm|big|hi|dear|with|called)\.?\s+$")


@pattern(
    rf"\b(?:(?P<lead>{_LEADS})\s+)?(?:(?P<which>the week after next|this\s+coming|this\s+past|this|next|nxt|last|"
    rf"past|coming|upcoming|following)\s+(?:week\s+)?)?(?P<day>{_ENGLISH})\b(?!{_COMPANY})(?P<of>\s+week\b)?"
)
def read_english_weekday(match: re.Match[str], scan: Scan) -> list[Part]:
    word, which = match["day"], match["which"]
    if _is_name(match, scan):
        return []
    number = ENGLISH[word]
    if which in {None, "coming", "upcoming", "this coming", "following"} or (which and which.split()[-1] == "coming"):
        return [Weekday(*match.span(), number)]
    monday = scan.today - ONE_DAY * scan.today.weekday()
    step = {"this": 0, "next": 1, "nxt": 1, "last": -1}.get(which)
    if step is None:  # past Friday: the latest one
        ago = (scan.today.weekday() - number) % 7 or 7
        return [Day(*match.span(), scan.today - ONE_DAY * ago, "weekday")]
    day = monday + ONE_DAY * (7 * step + number)
    latest = scan.today - ONE_DAY * ((scan.today.weekday() - number) % 7 or 7)
    if step == -1 and latest != day:
        return [Day(*match.span(), day, "weekday", sure=False, other=latest)]
    return [Day(*match.span(), day, "weekday")]


def _is_name(match: re.Match[str], scan: Scan) -> bool:
    """Whether the word is a name (Sun Microsystems, Thu Nguyen) or another word (sat, sun, wed)."""
    word, place = match["day"], match.start("day")
    before, rest = scan.before(match.start(), 8), scan.original[match.end() :]
    if (scan.text[place - 1 : place] in {"-", "."} and scan.after != place - 1) or (
        _FAMILY.search(before) and not match["lead"] and not match["which"]
    ):
        return _FAMILY.search(before) is not None
    named = re.match(r"\s+([A-Z][a-z]+)", rest)
    supported = (
        bool(_SUPPORT.match(scan.text, match.end()))
        or scan.follows(match.start())
        or (
            scan.after >= 0 and bool(re.fullmatch(r"\s*(?:[-/~&]|to|and|or)\s*", scan.text[scan.after : match.start()]))
        )
    )
    if len(word) > 5 or word in {"tues", "thurs"}:
        return False
    if named and not supported and named[1].lower() not in _MONTH_WORD.split("|") and not match["which"]:
        return word in {"sun", "sat", "mon", "wed", "thu"}
    if word in {"sun", "sat", "mon", "wed"} and not supported and not match["which"]:
        capital = scan.original[place : place + 1].isupper()
        return not (match["lead"] and re.match(r"\s*(?:$|[,.;!?)\n])", rest)) and not (
            capital and word in {"mon", "wed"}
        )
    return False


@pattern(
    r"\b(?:(?:on|over|by|at)\s+)?(?:(?P<which>this|next|last|the|coming|this coming)\s+)?weekend\b(?!\s+(?:sale|"
    r"trip|promo|rate)s?\b)"
)
def read_english_weekend(match: re.Match[str], scan: Scan) -> list[Part]:
    step = {"this": 0, "this coming": 0, "next": 1, "last": -1}.get(match["which"] or "")
    if step is None:
        return [Weekday(*match.span(), 5, reason="weekend")]
    return [Day(*match.span(), scan.today + ONE_DAY * (7 * step + 5 - scan.today.weekday()), "weekend")]


PATTERNS: tuple[Pattern, ...] = (
    read_next_working_day,
    read_week_and_day,
    read_two_days,
    read_han_weekday,
    read_taiwan_weekday,
    read_han_relative,
    read_short_relative,
    read_last_night,
    read_english_relative,
    read_english_weekend,
    read_english_weekday,
)
