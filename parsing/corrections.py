"""Slips of the tongue: 周三 不对 是周四, met Tom, no wait, Mary. What was said later holds."""

import re

from parsing import words

REACH = 14  # characters between a slip and its correction: beyond, another thing is spoken of


def slips_in(plain: str) -> list[tuple[int, int]]:
    """Where the words stand that take something back."""
    return [match.span() for match in words.CORRECTION.finditer(plain)]


def taken_back(start: int, end: int, later: int, slips: list[tuple[int, int]], plain: str) -> bool:
    """Whether what stands at ``start`` was corrected to what stands at ``later``."""
    for slip_start, slip_end in slips:
        if end <= slip_start <= end + REACH and slip_end <= later <= slip_end + 4:
            return True
    before = words.NOT_BUT.search(plain, max(0, start - 3), end + 4)
    return bool(before and before.end() <= start and re.fullmatch(r"[\s,，]*(?:而?是|but)?\s*", plain[end:later]))
