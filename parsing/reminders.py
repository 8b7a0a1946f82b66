"""What is left of a reminder's text when its date is taken out: the words to be told."""

import re
from collections.abc import Sequence

from parsing.dates import Found
from parsing.expressions import expression

_LEAD = expression(
    r"^\s*(?:请|請|麻烦|麻煩|帮我|幫我|到时|到時|please\s+)*"
    r"(?:提醒一下我|提醒我|提醒一下|提醒|记得|記得|别忘了|別忘了|叫我|通知我|设个提醒|設個提醒|"
    r"remind\s+me(?:\s+(?:to|about|that|of))?|reminder(?:\s+to)?|remember\s+to|don'?t\s+forget\s+to)?"
    r"[\s,，:：、]*",
    re.IGNORECASE,
)
_EDGES = expression(r"^[\s,，.。;；:：、!！~\-—]+|[\s,，。;；:：、~\-—]+$")
_ANSWERING = expression(
    r"\b(?:ok(?:ay)?|yes|please|make it|let'?s say|rather|instead|maybe|change(?: it)? to|move(?: it)? to|at|on)\b|"
    r"改到|改成|改为|改為|换到|換到|推到|那就|还是|還是|不如|好的|可以|[那就吧好嗯啊呀哦的了呢改\s]",
    re.IGNORECASE,
)
_OWN_WORDS = 2  # characters beside the time that make a text more than an answer
_LINK_BEFORE = expression(r"(?:\b(?:at|on|by|from|before)|在|于|於)\s*$", re.IGNORECASE)
_LINK_AFTER = expression(
    r"^\s*(?:to\b|that\b|about\b|的时候|的時候|时|時|去|要|记得|記得|提醒我|提醒|remind me(?: to)?)\s*", re.IGNORECASE
)


def asks_for_reminder(text: str) -> bool:
    """Whether the text itself says that it wants to be a reminder."""
    return bool(re.search(r"提醒|叫我|别忘了|別忘了|\bremind(?:er)?\b|don'?t forget", text, re.IGNORECASE))


def words_of(text: str, dates: Sequence[Found]) -> str:
    """The text without the dates and without "remind me to"; the whole text where nothing would be left."""
    left = _without(text, dates)
    return left or _EDGES.sub("", text)


def is_mere_answer(text: str, dates: Sequence[Found]) -> bool:
    """Whether a text says little more than when: the answer to a question, not a reminder of its own."""
    return len(_ANSWERING.sub("", _without(text, dates))) < _OWN_WORDS


def _without(text: str, dates: Sequence[Found]) -> str:
    left, at = "", 0
    for found in sorted(dates, key=lambda one: one.start):
        left = _joined(left, text[at : found.start])
        at = found.end
    left = _joined(left, text[at:])
    return _EDGES.sub("", _LEAD.sub("", _EDGES.sub("", left)))


def _joined(left: str, right: str) -> str:
    """Two parts between which a date was taken out."""
    if not left.strip():
        return _LINK_AFTER.sub("", right) if _LEAD.fullmatch(left) else left + right
    left = _LINK_BEFORE.sub("", left)
    glue = " " if left[-1:].isascii() and right[:1].isascii() and not left.endswith(" ") else ""
    return left + glue + right.lstrip()
