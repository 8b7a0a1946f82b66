"""Numbers as people write and dictate them: 15, 十五, 廿五, 两百, a couple of, twenty-five, third."""

from functools import cache

HAN_DIGITS = "零〇一二两俩三四五六七八九"
HAN = rf"[{HAN_DIGITS}十廿卅百]"
COUNT = rf"(?:[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?|{HAN}{{1,6}})"  # what can be counted, without 半
UP_TO_31 = (
    r"(?:[12][0-9]|3[01]|0?[1-9]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十一?|卅一?|"
    r"十[一二三四五六七八九]?|[一二三四五六七八九])"
)
UP_TO_12 = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
UP_TO_24 = r"(?:2[0-4]|1[0-9]|0?[0-9]|二十[一二三四]?|廿[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"

_DIGIT = dict(zip(HAN_DIGITS, (0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS = {"廿": 20, "卅": 30}
_PLACE = {"十": 10, "百": 100}

SMALL_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_WORDS = {word: value for value, word in enumerate(SMALL_WORDS)} | {
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "couple of": 2,
    "a couple": 2,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "forty five": 45,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
HOUR_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LONGEST_FIRST = sorted(_WORDS, key=len, reverse=True)
COUNT_EN = rf"(?:[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?|{'|'.join(_LONGEST_FIRST)})"

ORDINAL_WORDS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}


@cache
def number(text: str) -> float:
    """The value of what ``COUNT`` or ``COUNT_EN`` matched; a whole one is a whole float."""
    text = " ".join(text.split())
    if text in _WORDS:
        return float(_WORDS[text])
    if text[0] in "0123456789":
        return float(text)
    return float(_han_number(text))


def whole(text: str) -> int:
    """The value of a matched whole number."""
    return int(number(text))


def _han_number(text: str) -> int:
    if not any(char in "十百廿卅" for char in text):  # digit by digit, as in 二〇二七
        return int("".join(str(_DIGIT[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in _TENS:
            total, digit = total + _TENS[char], 0
        else:
            total, digit = total + (digit or 1) * _PLACE[char], 0
    return total + digit
