"""One cell, understood: text without its invisible parts, tags, places, and the words of closed sets."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from domain.customers import CustomerKind, Gender, Grade, Stage
from domain.sheets import Cell
from parsing.expressions import expression
from parsing.letters import fold
from parsing.sheet_words import GENDERS, GRADES, KINDS, STAGES

T = TypeVar("T")

_LONGEST_WORD = 40  # characters of a stage, grade, gender or kind

# What other programs write where there is nothing. Not in our own exports, where a cell says what it says.
NOTHING = frozenset(
    {
        "null",
        "(null)",
        "<null>",
        "none",
        "(none)",
        "nil",
        "nan",
        "n/a",
        "#n/a",
        "na",
        "\\n",
        "-",
        "--",
        "---",
        "—",
        "——",
    }
    | {"/", "无", "無", "暂无", "暫無", "不详", "不詳", "未知", "空", "未填"}
)
_NOTHING_NAMES = NOTHING - {"na", "nan", "nil", "无", "無", "空"}  # these are somebody's name

_INVISIBLE = expression("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def text_of(cell: Cell) -> str:
    """A cell as text: numbers without the ``.0`` that spreadsheets give them, line ends as ``\\n``, trimmed."""
    if type(cell) is str:
        if cell.isprintable():
            return cell.strip()
        text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
        return _INVISIBLE.sub("", text).strip()
    return _text_of_value(cell)


def _text_of_value(cell: Cell) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case int():
            return str(cell)
        case float():
            return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
        case dt.datetime():
            return cell.isoformat(" ", "minutes" if cell.second == 0 else "seconds")
        case dt.time():
            return cell.isoformat("minutes" if cell.second == 0 else "seconds")
        case _:
            return str(cell)


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is none."""
    return len(text) <= 6 and text.lower() in NOTHING


def is_no_name(text: str) -> bool:
    """As ``is_nothing``, for the name of somebody: Mr Na and Ms Nan exist."""
    return len(text) <= 6 and text.lower() in _NOTHING_NAMES


_NO_TAGS = frozenset("*-_.+/&")
_LIST = expression(r"[,，、;；|\n]")


@lru_cache(maxsize=1024)
def read_tags(text: str) -> tuple[str, ...]:
    """Tags without their ``#``, each once.

    A blank separates tags, but not the words of a Latin one where another sign does: ``key account, vip``.
    """
    if "#" in text or "＃" in text:
        pieces = [piece for part in re.split("[#＃]", text) for piece in _LIST.split(part)]
    elif _LIST.search(text):
        pieces = [word for part in _LIST.split(text) for word in ([part] if part.isascii() else part.split())]
    else:
        pieces = text.split()
    tags = (" ".join(piece.split()) for piece in pieces)
    return tuple(dict.fromkeys(tag for tag in tags if tag and tag not in _NO_TAGS))


_LONGEST_PLACE = 80  # characters
_PLACE = expression(r"^\s*\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;/\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?\s*$")


def read_place(text: str) -> tuple[float, float] | None:
    """Latitude and longitude; the other way round where only that can be: China's longitudes are beyond 90."""
    match = _PLACE.match(text) if len(text) <= _LONGEST_PLACE else None
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if abs(latitude) > 90 >= abs(longitude):
        latitude, longitude = longitude, latitude
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    return fold(text).replace(" ", "").strip("()[]【】")


def _look_up(words: Mapping[str, T], text: str) -> T | None:
    return words.get(_key(text)) if len(text) <= _LONGEST_WORD else None


def read_stage(text: str) -> Stage | None:
    return _look_up(STAGES, text)


def read_grade(text: str) -> Grade | None:
    return _look_up(GRADES, text)


def read_gender(text: str) -> Gender | None:
    return _look_up(GENDERS, text)


def read_kind(text: str) -> CustomerKind | None:
    return _look_up(KINDS, text)
