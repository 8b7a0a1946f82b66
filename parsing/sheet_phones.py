"""Phone numbers by the hundred thousand: one cell may hold several, and most are mobiles of the organisation's region.

``parse_phone`` knows every plan and takes 65 µs; a mobile of the own region is told by one expression of the same
plan, so that a file of 100,000 rows does not spend seven seconds on it.
"""

import re
from functools import cache

from phonenumbers import PhoneMetadata

from domain.customers import Channel, ChannelKind
from parsing.expressions import expression
from parsing.phones import parse_phone

_BETWEEN = expression(r"[,，、;；|\n]|\s{2,}|\s+(?=\+)|(?<=\d{7})\s+(?=1[3-9]\d{9}|0\d{2,3}-?\d{7})")
_FEWEST_DIGITS = 7  # of a number with its area code
_DRESSING = str.maketrans("", "", " -()'.\u00a0")
_FAX_WORDS = expression(r"^(?:fax|传真|傳真)\s*[:：]?\s*", re.I)


def read_phones(text: str, *, region: str, kind: ChannelKind) -> tuple[Channel, ...]:
    """The numbers of a cell, each as typed, and normalised where it is valid; without ``normal`` where not.

    Args:
        region: two-letter code of the country whose numbers stand there without a country code.
        kind: ``PHONE`` or ``FAX``.
    """
    if normal := mobile_of(text, region):
        return (Channel(kind, text, normal),)
    found = {}
    for piece in _pieces(text):
        typed = " ".join(piece.removeprefix("'").split())
        if fax := _FAX_WORDS.match(typed):
            typed = typed[fax.end() :]
        if not typed:
            continue
        normal = mobile_of(typed, region) or _normal(typed, region)
        found[normal or typed] = Channel(ChannelKind.FAX if fax else kind, typed, normal)
    return tuple(found.values())


def _pieces(text: str) -> list[str]:
    """Numbers of a cell; a slash separates only whole ones, since German numbers have one inside: 030/1234567."""
    pieces: list[str] = []
    for part in _BETWEEN.split(text):
        halves = part.split("/")
        whole = all(sum(char.isdigit() for char in half) >= _FEWEST_DIGITS for half in halves)
        pieces += halves if whole else [part]
    return [piece.strip() for piece in pieces]


def mobile_of(typed: str, region: str) -> str | None:
    """E.164 of a mobile number of ``region``, or ``None`` for any other number, valid or not."""
    plan = _plan(region)
    if plan is None:
        return None
    code, prefix, mobile = plan
    digits = typed
    if not (typed.isdecimal() and typed.isascii()):
        digits = typed.translate(_DRESSING)
        if not digits.isascii() or not digits.removeprefix("+").isdecimal():
            return None
    if digits.startswith("+"):
        if not digits.startswith(code):
            return None
        national = digits[len(code) :]
    else:
        national = digits[len(prefix) :] if prefix and digits.startswith(prefix) else digits
    return code + national if mobile.fullmatch(national) else None


def _normal(typed: str, region: str) -> str | None:
    phone = parse_phone(typed, region)
    return phone.e164 if phone else None


@cache
def _plan(region: str) -> tuple[str, str, re.Pattern[str]] | None:
    """Country code with its plus, trunk prefix ('' for none) and the pattern of mobiles."""
    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None or plan.mobile is None or plan.mobile.national_number_pattern is None:
        return None
    prefix = plan.national_prefix or ""
    return f"+{plan.country_code}", prefix, re.compile(plan.mobile.national_number_pattern)
