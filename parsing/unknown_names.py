"""The name somebody typed where no known one was found: 拜访 赵敏 谈了报价, visited Lin & Sons, renewed."""

import re

from parsing import words
from parsing.companies import TRADES
from parsing.expressions import expression
from parsing.letters import HAN, any_of, fold
from parsing.month_days import begins_name
from parsing.readings import Reading
from parsing.surnames import DOUBLE, SINGLE, TITLE, WORDLIKE

LONGEST_HAN = 16
LONGEST_LATIN = 5  # words

# What follows a name and begins to say something about it.
_SAYS = expression(
    r"[了的地得在有是要说讲谈聊问对跟和给让想嫌觉看签订买付已还没不未都也再又很太挺比较今明昨前后上下这那周月号点约没已就把被从向于因关同答报交发送收介演展试用去来回打到见,，。、;；!！?？\s\d#（(—-]|"
    r""
    r""
    r"表示|反馈|希望|考虑|需要|采购"
)
_LEAD = expression(
    r"(?:[\s:：,，]|了|过|一?趟|一下|下|的|给|到|跟|和|与|客户|老客户|新客户|我|我们|今天|刚|去|他|\b(?:with|to|"
    r"at|by|on|from|the client|client|customer|w)\b)*"
)
_LATIN = expression(r"[A-Z0-9][\w'’.&-]*(?:\s+(?:&|and|of|de|the|la|el|van|von|[A-Z0-9][\w'’.&-]*))*")
_LATIN_LOW = expression(r"[a-z][\w'’&-]*(?:\s+(?:&\s+)?[a-z][\w'’&-]*){0,2}(?=\s*[,.;:!-]|$)")
_SURNAMES = "".join(sorted(SINGLE - WORDLIKE))
_TITLED = expression(
    rf"(?:{'|'.join(sorted(DOUBLE))}|[{_SURNAMES}])(?:[{HAN}]{{1,2}})?{TITLE}|"
    rf"[小老阿][{_SURNAMES}]"
)
_COMPANY = expression(
    rf"(?:(?![谈说聊要对嫌想问看了的跟和没不签订买把])[{HAN}A-Za-z]){{1,10}}?{any_of(' '.join(TRADES))}+"
    r"(?:(?:股份)?有限(?:责任)?公司|公司|集团)?"
)
_NO_NAMES = expression(
    r"^(?:他|她|他们|人|客户|老板|经理|对方|没|不|电话|微信|现场|公司|店里|今天|昨天|明天|几|两|三|一|新|老|[一两三几多\d]+[家个次趟点号].*|\d+[\u4e00-\u9fff].*|时间|内容|结果|目的|地点|方式|记录|日期|情况|对象|没\S+|不\S+|this|"
    r"that|him|her|them|back|again|today|yesterday|the|a|an|no|not|not in)$"
)


def guess_name(reading: Reading) -> str | None:
    """The likeliest name of a message that holds no known one, as it was typed, or ``None``."""
    leading = _leading_name(reading)
    if leading:
        return leading
    for word in reading.words:
        inside = re.fullmatch(rf"跟([{HAN}]+?)[说讲谈聊确核][认对]?了", reading.plain[word.start : word.end])
        if inside:
            return reading.text[word.start + 1 : word.start + 1 + len(inside[1])]
        name = _name_at(reading, word.end)
        if name:
            return name
    visited = re.search(rf"(?<![再要想会得])[去到]了?({_COMPANY.pattern})", reading.plain)
    if visited and len(visited[1]) > 3:
        return reading.text[visited.start(1) : visited.end(1)]
    introduced = re.search(rf"客户\s*[:：]?\s*([{_SURNAMES}][{HAN}]{{1,2}})(?=[\s,，。]|$)", reading.plain)
    if introduced:
        return reading.text[introduced.start(1) : introduced.end(1)]
    return _titled_name(reading)


def _name_at(reading: Reading, place: int) -> str | None:
    lead = _LEAD.match(reading.plain, place)
    start = lead.end() if lead else place
    if any(day.found.start <= start < day.found.end for day in reading.days):
        return None
    return _clean(_han_name(reading, start) or _latin_name(reading, start))


def _han_name(reading: Reading, start: int) -> str | None:
    """A run of characters up to what begins to say something; of a person's name two or three."""
    shapes = [match for shape in (_TITLED, _COMPANY) if (match := shape.match(reading.plain, start))]
    if shapes:  # 老马烧烤 is more than 老马
        return reading.text[start : max(match.end() for match in shapes)]
    run = re.compile(rf"[{HAN}·A-Za-z]+").match(reading.plain, start)
    if not run or not re.match(rf"[{HAN}]", run[0]):
        return None
    stop = next((day.found.start for day in reading.days if start < day.found.start < run.end()), run.end())
    token = reading.plain[start:stop]
    person = token[:2] in DOUBLE or (token[:1] in SINGLE and token[:1] not in WORDLIKE)
    if len(token) <= 4 and not _SAYS.search(token, 1 if person else 0):
        return reading.text[start:stop]
    shortest = 3 if begins_name(reading.plain, start) else 2 if person else 1
    cut = _SAYS.search(reading.plain, start + shortest, stop)
    end = cut.start() if cut else stop
    if person and not cut and len(token) > 4 and end - start > LONGEST_HAN:
        end = start + 3
    return reading.text[start:end] if 2 <= end - start <= LONGEST_HAN else None


def _latin_name(reading: Reading, start: int) -> str | None:
    match = _LATIN.match(reading.text, start)
    if match:
        return " ".join(match[0].split()[: LONGEST_LATIN + 1]).rstrip(".,-")
    low = _LATIN_LOW.match(reading.text, start)
    return low[0] if low else None


def _titled_name(reading: Reading) -> str | None:
    match = _TITLED.search(reading.plain)
    return reading.text[match.start() : match.end()] if match else None


def _leading_name(reading: Reading) -> str | None:
    """赵敏 电话没接: the first word of the message, where it is built like a name."""
    match = re.match(rf"\s*([{HAN}]{{2,4}})(?=[\s,，:：])", reading.plain)
    if (
        match
        and match[1][0] in SINGLE - WORDLIKE
        and len(match[1]) <= 3
        and not any(word.start < match.end(1) for word in reading.words)
    ):
        return _clean(reading.text[match.start(1) : match.end(1)])
    return None


def _clean(name: str | None) -> str | None:
    name = (name or "").strip(" ,，.。:：-—&")
    plain = fold(name)
    if len(name) < 2 or _NO_NAMES.match(plain) or words.CONTACT.fullmatch(plain) or words.TRIED.match(plain):
        return None
    return name
