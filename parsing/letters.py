"""Letters made comparable: full-width and half-width, capitals, Traditional and Simplified, accents.

``fold`` keeps every position, so that what is found in the folded text can be pointed at in the original.
``squeeze`` is the form under which names are stored and compared, with the way back to the positions.
"""

import unicodedata
from functools import cache

import opencc

from parsing.expressions import expression

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MASK = "\ue000"  # a private-use letter: stands where a name was, and is in no pattern's way
APOSTROPHES = frozenset("'’‘`´ʼ＇")
_FIRST_WIDE = "\u2e80"  # from the radicals on: scripts that are written without blanks between words
_AND = expression(r"(?<![a-z0-9])and ")
# Letters that lose their stroke, not an accent, on the way to plain Latin; Unicode does not decompose them.
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}


class _FoldTable(dict[int, str]):
    """Character by character, worked out when first met: ``str.translate`` asks by code point."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF:
            char = " "  # half of a pair, which no encoder takes
        plain = unicodedata.normalize("NFKC", char)
        plain = plain if len(plain) == 1 else char
        low = plain.lower()
        self[code] = low if len(low) == 1 else plain
        return self[code]


class _BareTable(dict[str, str]):
    """A folded character without its accents: '' for what is dropped, ' ' for what separates."""

    def __missing__(self, char: str) -> str:
        self[char] = _bare(char)
        return self[char]


def _bare(char: str) -> str:
    if char in APOSTROPHES:
        return ""
    if char in _STROKES:
        return _STROKES[char]
    if is_wide(char):
        parts = unicodedata.normalize("NFKC", char).lower()
    else:
        parts = "".join(c for c in unicodedata.normalize("NFKD", char).lower() if not unicodedata.combining(c))
    kept = "".join(c for c in parts if c.isalnum() or c == MASK or unicodedata.category(c).startswith("M"))
    return kept or ("" if unicodedata.combining(char) else " ")


_FOLD = _FoldTable()
_BARE = _BareTable()


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters as Simplified ones, each in its place."""
    if text.isascii():
        return text
    plain: str = _converter().convert(text)
    if len(plain) == len(text):
        return plain
    return "".join(one if len(one) == 1 else char for char in text if (one := _converter().convert(char)) is not None)


def fold(text: str) -> str:
    """Half-width, lower case, Simplified; as long as ``text``, character for character."""
    return text.lower() if text.isascii() else simplify(text.translate(_FOLD))


def squeeze(text: str) -> tuple[str, list[int]]:
    """The form in which names are compared, and for each of its characters the position in ``text``.

    Folded, without accents and punctuation; blanks only between two words of letters that need them; "and" and "&"
    dropped, so that "Lin and Sons" is "Lin & Sons".
    """
    chars: list[str] = []
    places: list[int] = []
    gap = False
    for place, char in enumerate(fold(text)):
        bare = _BARE[char]
        if bare == " ":
            gap = True
            continue
        for one in bare:
            if gap and chars and not is_wide(one) and not is_wide(chars[-1]):
                chars.append(" ")
                places.append(place)
            gap = False
            chars.append(one)
            places.append(place)
    return _without_and("".join(chars), places)


def _without_and(text: str, places: list[int]) -> tuple[str, list[int]]:
    cut = [match.span() for match in _AND.finditer(text) if match.start() > 0]
    for start, end in reversed(cut):
        text = text[:start] + text[end:]
        del places[start:end]
    return text, places


def is_wide(char: str) -> bool:
    """Of a script that is written without blanks between words."""
    return char >= _FIRST_WIDE and char != MASK


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with blanks between them."""
    return frozenset(text.split())


def any_of(text: str) -> str:
    """A regular expression for any one of the words or small expressions of such a list, the longest first."""
    return "(?:" + "|".join(sorted(dict.fromkeys(text.split()), key=len, reverse=True)) + ")"
