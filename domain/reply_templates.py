"""Answers written once and used often, with gaps for what differs."""

import re

from domain.errors import Fault, Invalid
from domain.values import frozen

LONGEST_NAME = 30  # characters; it is a button
LONGEST_TEXT = 1500  # half of what an answer may have: gaps grow when they are filled
MOST = 50  # of one member, and of everybody: more nobody looks through on a phone
GAPS = ("name", "reference", "promised", "adviser", "company", "product")
_GAP = re.compile(r"\{\s*(\w+)\s*\}")


@frozen
class Template:
    """``member_id`` None: everybody's. ``used`` counts answers, ``answered`` those after which the customer wrote."""

    id: int
    version: int
    name: str
    text: str
    member_id: int | None
    used: int
    answered: int


def check_template(name: str, text: str) -> None:
    """Refuse what cannot be a template.

    Raises:
        Invalid: no name or words, too long, or a gap of an unknown name.
    """
    for field, value, most in (("name", name, LONGEST_NAME), ("text", text, LONGEST_TEXT)):
        if not value.strip():
            raise Invalid(field, Fault.EMPTY)
        if len(value) > most:
            raise Invalid(field, Fault.TOO_LONG, most)
    if any(gap not in GAPS for gap in _GAP.findall(text)):
        raise Invalid("text", Fault.NOT_UNDERSTOOD)


def fill(text: str, values: dict[str, str]) -> str:
    """The words with every gap filled; one without a value becomes nothing."""
    return _GAP.sub(lambda hit: values.get(hit[1], ""), text).strip()
