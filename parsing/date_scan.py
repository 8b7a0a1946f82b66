"""From a text to the parts that speak of time: folded, names masked, patterns tried where they can begin, neighbours joined."""

from collections.abc import Sequence
from functools import cache

from parsing import clocks, day_periods, digit_dates, festivals, month_days, offsets, repeats, stretches, weekdays
from parsing.date_joins import joined
from parsing.date_parts import Length, Part, Pattern, Scan, Shift
from parsing.expressions import ANY, first_signs
from parsing.letters import MASK, fold

# First come the more specific: 每周一 before 周一, 农历八月十五 before 八月, 三天后 before 三天.
PATTERNS: tuple[Pattern, ...] = (
    *repeats.PATTERNS,
    *festivals.PATTERNS,
    *month_days.PATTERNS,
    *digit_dates.PATTERNS,
    *stretches.PATTERNS,
    *weekdays.PATTERNS,
    *clocks.PATTERNS,
    *day_periods.PATTERNS,
    *offsets.PATTERNS,
)
_PICTURES = [
    *range(0x2190, 0x2200),
    *range(0x2300, 0x2400),
    *range(0x2460, 0x2500),
    *range(0x25A0, 0x2800),
    *range(0x2B00, 0x2C00),
    *range(0x1F000, 0x1FB00),
]
_JOINERS = [0xFE0E, 0xFE0F, 0x200B, 0x200C, 0x200D, 0x20E3, 0x00A0, 0x3000, 0xFEFF]
_AS_BLANK = (
    dict.fromkeys([*_PICTURES, *_JOINERS], " ")
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
    | dict.fromkeys(map(ord, "‘’´`"), "'")
    | {ord("〜"): "~", ord("∼"): "~", ord("→"): "-"}
)


def plain(text: str, masked: Sequence[tuple[int, int]] = ()) -> str:
    """The text as the patterns read it, character for character: emojis as blanks, masked spans as ``MASK``."""
    folded = fold(text)
    if not folded.isascii():
        folded = folded.translate(_AS_BLANK)
    for start, end in masked:
        start, end = max(start, 0), min(end, len(folded))
        if start < end:
            folded = folded[:start] + MASK * (end - start) + folded[end:]
    return folded


@cache
def beginnings() -> tuple[dict[str, tuple[Pattern, ...]], tuple[Pattern, ...]]:
    """Which patterns a match that begins with a sign can be of, in their order; and those of all other signs.

    Most signs of a message begin none: to look them up costs a tenth of trying all patterns as one expression.
    """
    begins = [(pattern, first_signs(pattern.regex.pattern)) for pattern in PATTERNS]
    known = frozenset().union(*(signs or () for _, signs in begins))
    table = {sign: tuple(one for one, signs in begins if signs is ANY or sign in signs) for sign in known}
    return table, tuple(one for one, signs in begins if signs is ANY)


def parts_of(scan: Scan) -> list[Part]:
    """All parts of the text in order, neighbours joined; parts do not overlap."""
    table, others = beginnings()
    text, found, place = scan.text, list[Part](), 0
    while place < len(text):
        patterns = table.get(text[place], others)
        read = _read(patterns, place, scan) if patterns and not _inside_word(text, place) else []
        if not read:
            place += 1
            continue
        found += read
        place = scan.after = max(read[-1].end, place + 1)
    return _joined(found, scan)


def _inside_word(text: str, place: int) -> bool:
    return place > 0 and "a" <= text[place] <= "z" and "a" <= text[place - 1] <= "z"


def _read(patterns: Sequence[Pattern], place: int, scan: Scan) -> list[Part]:
    """What the first pattern that does not refuse makes of this place."""
    for pattern in patterns:
        match = pattern.regex.match(scan.text, place)
        if match is not None and (read := pattern.read(match, scan)):
            return read
    return []


def _joined(parts: list[Part], scan: Scan) -> list[Part]:
    """Neighbours as one, from the left; what leads a date (two days before) waits until the date is whole."""
    whole: list[Part] = []
    for part in parts:
        if isinstance(part, Length):
            whole.append(part)
            continue
        while whole and not _leads(whole[-1]):
            one = joined(whole[-1], part, scan.text[whole[-1].end : part.start], scan)
            if one is None:
                break
            whole.pop()
            part = one
        whole.append(part)
    return _led(whole, scan)


def _leads(part: Part) -> bool:
    return isinstance(part, Shift) and part.leads


def _led(parts: list[Part], scan: Scan) -> list[Part]:
    kept: list[Part] = []
    for part in reversed(parts):
        if _leads(part):
            one = joined(part, kept[-1], scan.text[part.end : kept[-1].start], scan) if kept else None
            if one is not None:
                kept[-1] = one
            continue
        kept.append(part)
    return kept[::-1]
