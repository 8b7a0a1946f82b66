"""A message made ready for understanding: names masked, contact words found, every date with the part it plays.

``parsing.touches`` makes a log line of the result.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, WorkTime
from domain.touches import TouchKind
from domain.values import frozen
from parsing import words
from parsing.corrections import slips_in, taken_back
from parsing.dates import Found, Kind, find_dates
from parsing.day_roles import Day, DayRoles, Word
from parsing.expressions import expression
from parsing.letters import MASK, fold
from parsing.spots import Spot

_FIXED = frozenset({"relative", "offset", "repeat", "week"})  # dates that are one day, whichever way one looks
TAG = expression(r"(?<![\w#＃])[#＃]([^\s#＃,，、;；.。!！?？]*[^\W\d][^\s#＃,，、;；.。!！?？]*)")


@frozen
class Reading:
    """A message read once. ``plain`` is folded and as long as ``text``, names masked, tags and fillers blank."""

    text: str
    plain: str
    said_at: dt.datetime  # in the zone of the reader
    spots: tuple[Spot, ...]
    words: tuple[Word, ...]
    days: tuple[Day, ...]


def read(
    text: str,
    names: Sequence[Spot],
    *,
    said_at: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    worktime: WorkTime,
) -> Reading:
    """Read a message once for everything that asks about it.

    Args:
        names: spots of known names in ``text``.
        said_at: aware instant at which the message was written; all words are relative to it.
    """
    said_at = said_at.astimezone(zone)
    cleaned = _blanked(text)
    plain = fold(cleaned).translate(words.CANTONESE)
    slips = slips_in(plain)
    spots = tuple(_corrected_spots(names, slips, plain))
    plain = _masked(plain, spots)
    found_words = _contact_words(plain, cleaned)
    dates = DayRoles(plain, said_at, found_words, slips)
    today = said_at.date()
    masked = [(spot.start, spot.end) for spot in spots]
    cleaned = words.ARRIVES.sub("，", cleaned)
    ahead = find_dates(cleaned, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime, masked=masked)
    back: tuple[Found, ...] = ()
    turns = any(found.reason not in _FIXED for found in ahead)
    if turns and (found_words or words.DONE.search(plain) or words.TRIED.search(plain)):
        back = find_dates(
            cleaned, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime, masked=masked, past=True
        )
    dates.begun = frozenset(found.start for found in ahead if _begun(found, today, calendar) is not found)
    ahead = tuple(_moved(_begun(found, today, calendar), plain) for found in ahead)
    days = dates.judged(ahead, back)
    for start, end in dates.dropped:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return Reading(text, plain, said_at, spots, found_words, days)


def _begun(found: Found, today: dt.date, calendar: Calendar) -> Found:
    """A stretch that has begun (this week) means its last working day: its first one is over."""
    if found.kind is not Kind.RANGE or found.day is None or found.until is None:
        return found
    until = found.until.date() if isinstance(found.until, dt.datetime) else found.until
    if not found.day <= today < until:
        return found
    last = until if calendar.is_working(until) else calendar.preceding_working_day(until)
    return replace(found, day=max(last, today), at=None)


def _moved(found: Found, plain: str) -> Found:
    """Reschedule from Thursday to Monday 10am: no stretch, but its end."""
    if found.kind is not Kind.RANGE or found.until is None or not words.MOVED.search(plain[: found.start]):
        return found
    if isinstance(found.until, dt.datetime):
        return replace(found, day=found.until.date(), at=found.until)
    at = found.at and dt.datetime.combine(found.until, found.at.timetz())
    return replace(found, day=found.until, at=at)


def _blanked(text: str) -> str:
    """Tags, fillers and pictures as blanks, everything else in its place."""
    folded = fold(text)
    holes = [match.span() for match in TAG.finditer(text)]
    holes += [match.span() for match in words.FILLERS.finditer(folded)]
    chars = [" " if char >= "\u2190" and words.PICTURE.match(char) else char for char in text]
    for start, end in holes:
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _masked(plain: str, spots: Sequence[Spot]) -> str:
    for spot in spots:
        plain = plain[: spot.start] + MASK * (spot.end - spot.start) + plain[spot.end :]
    return plain


def _corrected_spots(names: Sequence[Spot], slips: list[tuple[int, int]], plain: str) -> list[Spot]:
    """Without the names that were taken back: 拜访李总 不对 是王总."""
    dropped: set[tuple[int, int]] = set()
    spans = sorted({(spot.start, spot.end) for spot in names})
    for (start, end), (later, _) in pairwise(spans):
        if taken_back(start, end, later, slips, plain):
            dropped.add((start, end))
    return [
        spot for spot in names if (spot.start, spot.end) not in dropped and not words.INTRODUCED.match(plain, spot.end)
    ]


def _ends(pattern: re.Pattern[str], plain: str, place: int) -> bool:
    """Whether what stands just before ``place`` fits a pattern."""
    return bool(pattern.search(plain, max(0, place - words.REACH_BACK), place))


def _contact_words(plain: str, cleaned: str) -> tuple[Word, ...]:
    """Words of contact that are one here, in order."""
    found: list[Word] = []
    for match in words.CONTACT.finditer(plain):
        start, end = match.span()
        word, group = match[0], str(match.lastgroup)
        noun = group in ("call", "message", "email", "meeting", "service")
        if noun and words.NOT_CONTACT.match(plain, end):
            continue
        if group not in ("call", "message") and _ends(words.NOT_DONE_BEFORE, plain, start):
            continue
        if not words.PAST_WORD.search(word) and _ends(words.LATER_BEFORE, plain, start):
            continue
        if group != "some" and not words.PAST_WORD.search(word) and _ends(words.NOT_CONTACT_BEFORE, plain, start):
            continue
        if group == "meeting" and _ends(words.NO_MEETING_BEFORE, plain, start) and word in ("开会", "会议", "meeting"):
            continue
        if group == "order" and (plain[end : end + 1] == "的" or _ends(words.NO_ORDER_BEFORE, plain, start)):
            continue
        past = bool(words.PAST_AFTER.match(plain, end) or words.PAST_WORD.search(word))
        if group in ("call", "message", "email"):
            past = past or _ends(words.CHANNEL_BEFORE, plain, start) or bool(words.DONE_BY.match(plain, end))
        found.append(Word(start, end, words.KIND_OF[group], past))
    line = [Word(*match.span(), TouchKind.MESSAGE, False) for match in words.LINE_APP.finditer(cleaned)]
    return tuple(sorted([*found, *line], key=lambda word: word.start))
