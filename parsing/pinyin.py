"""How Chinese characters are read: syllables without tones, from the dictionaries of pypinyin.

The library itself is not loaded: it keeps each syllable of 47,000 words in a list of its own, 56 MB in all. Most words
are read as their characters are one by one, and are known here only for where they end.
"""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from sys import intern

from parsing.expressions import expression

_TONED, _PLAIN = "āáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm"
_CHAR = expression(r'"(\d+)": "(\w+)')
_WORD = expression(r'"(\w+)": (\[[^:]*\])')
_SYLLABLE = expression(r'\[\s*"(\w+)')  # the first of a character's


def syllables(text: str) -> Iterator[str]:
    """The readings of the characters of ``text``, of the longest known words first; what has none is left out."""
    chars, words, longest = _dictionaries()
    at = 0
    while at < len(text):
        for end in range(min(at + longest, len(text)), at + 1, -1):
            if (reading := words.get(text[at:end])) is not None:
                yield from reading.split(" ") if reading else (chars[char] for char in text[at:end])
                at = end
                break
        else:
            if char := chars.get(text[at]):
                yield char
            at += 1


@cache
def _dictionaries() -> tuple[dict[str, str], dict[str, str], int]:
    """Readings of characters, those of words where they differ from their characters', and the longest word."""
    chars = {chr(int(found[1])): intern(found[2]) for found in _CHAR.finditer(_read("pinyin"))}
    words = {}
    for found in _WORD.finditer(_read("phrases")):
        word, reading = found[1], " ".join(_SYLLABLE.findall(found[2]))
        words[word] = "" if reading == " ".join([chars[char] for char in word]) else reading
    return chars, words, max(map(len, words))


def _read(kind: str) -> str:
    text = Path(str(distribution("pypinyin").locate_file(f"pypinyin/{kind}_dict.json"))).read_text("utf-8")
    for toned, plain in zip(_TONED, _PLAIN, strict=True):
        text = text.replace(toned, plain)
    return text
