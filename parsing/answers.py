"""What a typed text means as the answer to a question of a survey: every question can be answered without its buttons."""

import datetime as dt
import re
import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from domain.answers import RANGES
from domain.calendar import Calendar, WorkTime
from domain.errors import Fault, Invalid
from domain.surveys import Option, Question, QuestionKind
from parsing.dates import Kind, find_dates
from parsing.expressions import expression
from parsing.numerals import COUNT, COUNT_EN, number

SKIPS = frozenset({"skip", "跳过", "跳過", "略过", "略過", "pass"})
YES = frozenset(
    {"yes", "y", "是", "是的", "对", "對", "有", "好", "好的", "会", "會", "可以", "嗯", "ok", "1", "愿意", "願意"}
)
NO = frozenset(
    {"no", "n", "否", "不", "不是", "没有", "沒有", "没", "沒", "不会", "不會", "不可以", "不愿意", "不願意", "0"}
)
_NUMBER = expression(r"[^\d-]{0,4}?(-?\d+(?:\.\d+)?)\s*([万萬w千kK]?)\D{0,6}")
_TIMES = {"万": 10_000, "萬": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "K": 1_000}
_SAID = expression(rf"({COUNT}|{COUNT_EN})\D{{0,6}}")


def read_answer(
    question: Question, text: str, *, said_at: dt.datetime, zone: ZoneInfo, calendar: Calendar, worktime: WorkTime
) -> Any:
    """The answer that a text is, as it is stored; ``None`` for a wish to skip a question that may be skipped.

    Args:
        said_at: when it was written: yesterday is the day before.

    Raises:
        Invalid: it is no answer to this question.
    """
    plain = _plain(text)
    if plain in SKIPS and not question.required:
        return None
    found: Any = None
    match question.kind:
        case QuestionKind.TEXT:
            found = text.strip() or None
        case QuestionKind.RATING | QuestionKind.NPS:
            score = _number(plain)
            found = int(score) if score is not None and score in RANGES[question.kind] else None
        case QuestionKind.NUMBER:
            found = _number(plain)
        case QuestionKind.YES_NO:
            found = True if plain in YES else False if plain in NO else None
        case QuestionKind.SINGLE:
            found = _option(question.options, plain)
        case QuestionKind.MULTIPLE:
            found = _several(question.options, plain)
        case QuestionKind.DATE:
            dates = find_dates(text, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime)
            days = [one.day for one in dates if one.kind in (Kind.DAY, Kind.POINT)]
            found = days[0].isoformat() if len(days) == 1 and days[0] else None
        case QuestionKind.PHOTO | QuestionKind.LOCATION:
            found = None
    if found is None:
        raise Invalid("answer", Fault.NOT_UNDERSTOOD)
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("。.!！ ").casefold()


def _number(plain: str) -> int | float | None:
    """A number that is the whole answer, with a word before or behind it at most: ``4``, ``4分``, ``about 30 sets``."""
    match = _NUMBER.fullmatch(plain.replace(",", ""))
    if match is None:
        said = _SAID.fullmatch(plain)
        return int(number(said[1])) if said and number(said[1]).is_integer() else None
    value = float(match[1]) * _TIMES.get(match[2], 1)
    return int(value) if value.is_integer() else value


def _option(options: tuple[Option, ...], plain: str) -> str | None:
    """By its number as shown, or by its words in any language."""
    if plain.isdecimal() and 1 <= int(plain) <= len(options):
        return options[int(plain) - 1].key
    found = [one.key for one in options if plain in {_plain(words) for words in one.texts.values()}]
    return found[0] if found else None


def _several(options: tuple[Option, ...], plain: str) -> list[str] | None:
    whole = _option(options, plain)
    if whole is not None:
        return [whole]
    parts = [_option(options, part) for part in re.split(r"[\s,、;/+]+|和|and", plain) if part]
    if not parts or None in parts:
        return None
    chosen = set(parts)
    return [one.key for one in options if one.key in chosen]
