"""Headings of customer files and the fields they name, in Simplified and Traditional Chinese and in English.

A heading is looked up whole, then without what only says whose it is (客户, 联系人, customer), then by the known word
at its end: both languages put the thing itself there (采购电话 and buyer's phone are phones, 门店面积 is no shop).
"""

import re
import unicodedata
from functools import lru_cache

from domain.sheets import Field
from parsing.expressions import expression
from parsing.letters import simplify
from parsing.sheet_words import HEADINGS

# Headings of one of two columns that together make one value, by where the value goes: the name as Chinese and
# Japanese write it (surname first), and latitude before longitude.
SECOND_PARTS = frozenset(
    {"名", "firstname", "givenname", "forename", "contactfirstname"} | {"经度", "longitude", "lng", "lon", "long"}
)
PARTS = SECOND_PARTS | {"姓", "姓氏", "lastname", "familyname", "surname", "contactlastname", "纬度", "latitude", "lat"}

_WHOSE = expression(
    r"^(?:公司联系人|客户|顾客|会员|客人|联系人|联络人|主要|首要|默认|常用|您的|你的|请填写|请输入"
    r"|customers?|clients?|contacts?|primary|main|default|account|lead|your)"
)
_SAYING_NOTHING = expression(r"(?:姓名|名称|名字|信息|内容|情况|资料|详情|name|value|info|information|details?|[一1])$")
_NEXT = expression(
    r"(?:下次|下一次|计划|预计|预约|next).*(?:跟进|联系|联络|回访|拜访|追踪|沟通|contact|touch|follow|visit|call)"
)
_LAST = expression(
    r"(?:最近|最后|最近一次|上次|上一次|last|latest|recent).*(?:跟进|联系|联络|回访|拜访|追踪|沟通|contact|touch|follow|visit|call|activity)"
)
_ABOUT_ANOTHER = expression(r".+\d(?:label|type)$")  # what kind of number the next column holds, in address books
_TWO_MORE = expression(r"\d+$")
_CLEAR, _SHORTENED, _AT_END = 1.0, 0.9, 0.7  # how sure a guess is
_FEWEST_LETTERS = 3  # of an English word inside a heading; Chinese ones have 2 characters at least
_TOKENS = expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=512)
def heading_key(heading: str) -> str:
    """A heading for comparison: without what stands in brackets, stars, blanks and punctuation."""
    text = unicodedata.normalize("NFKC", heading)
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】|<[^>]*>", "", text)
    kept = "".join(char for char in (bare if bare.strip(" *:") else text).lower() if char.isalnum())
    return simplify(kept)


@lru_cache(maxsize=512)
def read_heading(heading: str) -> tuple[Field, float]:
    """The field a heading names and how sure that is: 1.0 for a known one, ``IGNORE`` and 0.0 for an unknown one."""
    key = heading_key(heading)
    if not key:
        return Field.IGNORE, 0.0
    if key in HEADINGS:
        return HEADINGS[key], _CLEAR
    if _ABOUT_ANOTHER.match(key):
        return Field.IGNORE, _SHORTENED
    for pattern, field in ((_NEXT, Field.NEXT_TOUCH), (_LAST, Field.LAST_TOUCH)):
        if pattern.search(key):
            return field, _SHORTENED
    for short in (_WHOSE.sub("", key), _SAYING_NOTHING.sub("", key), _SAYING_NOTHING.sub("", _WHOSE.sub("", key))):
        if short in HEADINGS:
            return HEADINGS[short], _SHORTENED
    numbered = _TWO_MORE.sub("", _SAYING_NOTHING.sub("", _WHOSE.sub("", key)))
    if numbered in HEADINGS:
        field = HEADINGS[numbered]
        return (Field.PHONE2 if field is Field.PHONE else field), _SHORTENED
    return _at_end(heading, _SAYING_NOTHING.sub("", key) or key)


def _at_end(heading: str, key: str) -> tuple[Field, float]:
    """By the longest known word at the end of the heading."""
    fewest = _FEWEST_LETTERS if key.isascii() else 2
    for start in sorted(_token_starts(heading, key)):
        if start and len(key) - start >= fewest and key[start:] in HEADINGS:
            return HEADINGS[key[start:]], _AT_END
    return Field.IGNORE, 0.0


def _token_starts(heading: str, key: str) -> set[int]:
    """Positions in ``key`` at which a word can begin: each Chinese character, and each English word."""
    if not key.isascii():
        return set(range(len(key)))
    starts, at = {0}, 0
    for token in _TOKENS.findall(unicodedata.normalize("NFKC", heading)):
        place = key.find(token.lower(), at)
        if place >= 0:
            starts.add(place)
            at = place + len(token)
    return starts
