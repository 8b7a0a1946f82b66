"""Whether a date is told or planned: 周三见了张总 was, 周三再去 will be.

Only a date that was not said whole needs it (a bare weekday, a day without its month).
"""

import re

from parsing.date_joins import LIST, Direction
from parsing.expressions import expression

_MET = (
    r"拜访|走访|回访|家访|陌拜|上门|登门|去|来|到|打|聊|谈|签|成交|演示|展示|培训|见面|见|碰面|碰头|碰|联系|通|发|"
    r"送|交|说|讲|吃饭?|参加|出差|出|收|付|问|催|跑|看|做|办|"
    r"沟通|交流|会面|面谈|面访|开会?|寄|下单|装|修|拿|给|接|回复?|报|提|约见|请|陪|带|试用?|买|退|换|完成|搞定|"
    r"确认|告诉|加"
)
_DONE_HAN = expression(
    r"\s*(?![\u4e00-\u9fff]{0,4}?(?:要(?!求|到)|准备|打算))(?!该|快|将|会|得)(?:我们?|咱们|又|刚|刚刚|已经?|才|就|都|也|还|一起|顺路|专程|亲自|特意|和|跟|与|同|在|给|对|把|"
    rf"向)*[\u4e00-\u9fff\ue000a-z0-9]{{0,8}}?(?:{_MET})(?:[\u4e00-\u9fff]{{0,2}}?)(?:了(?!解)|过(?!去|来|年|节|后))"
    r"(?!再|就|吗|么|没)"
)
_THEN = expression(r"[^,，。;；!！?？\n]{0,8}(?:再|就|后(?!来)|以后|之后|的话)")
_JUST = expression(
    r"\s*[我他她]?们?(?:(?:刚刚?|已经?|才)(?:拜访|见|去|来|到|聊|谈|打|回来)|[都也又]?没(?:见|打|接|人|找|联系|碰|谈))"
)
_DID = (
    r"visited|met|saw|called|spoke|talked|emailed|e-mailed|texted|demoed|showed|signed|had|went|came|dropped|"
    r"stopped|delivered|sent|closed|phoned|rang|messaged|bumped|caught|chatted|presented|pitched|hosted|took|was|"
    r"were|attended|completed|finished"
)
_DONE_ENGLISH = expression(rf"\s*,?\s*(?:(?:i|we|he|she|they|just|already|[a-z]+)\s+){{0,3}}(?:{_DID})\b", re.ASCII)
_DID_BEFORE = expression(rf"(?<!\bbe )(?<!\bget )\b(?:{_DID})\b(?P<between>[^.,;!?\n，。；]{{0,40}})$", re.ASCII)
_PLANNED_BETWEEN = expression(
    r"\b(?:call|follow|back|again|remind|will|want|wants|need|needs|needed|meet|visit|send|ship|by|before|due|"
    r"until|till|next|then|for|promised|plans?|asked|asks)\b",
    re.ASCII,
)
_PLANNED_HAN = expression(
    r"\s*(?:[\u4e00-\u9fff]{0,3}?)(?:再|回访|下次|催|跟进|要(?!求)|准备|打算|记得|提醒|约(?!了)|给[他她它]|回电|"
    r"会去|得去)|(?:之)?前"
)
_PLANNED_ENGLISH = expression(
    r"\s*,?\s*(?:i\s+|we\s+)?(?:call|follow|will|to|need|must|should|remind|send|check)\b", re.ASCII
)


def direction_of(text: str, start: int, end: int, *, past: bool) -> Direction:
    """Where the date at ``start`` to ``end`` is looked for, by the words around it.

    Args:
        text: the folded text.
        past: look back unless the words say that it is planned.
    """
    rest = text[end : end + 40]
    if (_DONE_HAN.match(rest) and not _conditional(rest)) or _JUST.match(rest) or _DONE_ENGLISH.match(rest):
        return Direction.BACK
    lead = text[start : start + 7]
    before = _DID_BEFORE.search(text, max(0, start - 60), start)
    if (
        before
        and not _PLANNED_BETWEEN.search(before["between"])
        and not lead.startswith(("by ", "before ", "until", "till"))
    ):
        return Direction.BACK
    if past and not (_PLANNED_HAN.match(rest) or _PLANNED_ENGLISH.match(rest)):
        return Direction.BACK
    return Direction.AHEAD


def _conditional(rest: str) -> bool:
    """周五发了工资再付: what is done by then, not what was done."""
    done = _DONE_HAN.match(rest)
    return bool(done and _THEN.match(rest, done.end()))


def directions(text: str, spans: list[tuple[int, int]], *, past: bool) -> list[Direction]:
    """The direction of each date; dates in a list (10号和15号去了) share that of the last."""
    found: list[Direction] = []
    for place in range(len(spans) - 1, -1, -1):
        start, end = spans[place]
        if found and LIST.fullmatch(text[end : spans[place + 1][0]]):
            found.append(found[-1])
        else:
            found.append(direction_of(text, start, end, past=past))
    return found[::-1]
