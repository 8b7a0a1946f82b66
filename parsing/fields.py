"""What people type into one field of a card: phones, e-mail addresses, WeChat ids, birthdays."""

import re

from domain.customers import Birthday, Channel, ChannelKind
from parsing.expressions import expression
from parsing.letters import fold
from parsing.sheet_days import ImpossibleDay, learn_order, read_birthday
from parsing.sheet_phones import read_phones

_EMAIL = expression(r"[^\s@,;，；、]+@[^\s@,;，；、]+\.[^\s@,;，；、]+")
_APART = expression(r"[\s,;，；、|]+")
_WECHAT = expression(r"[^\s,;，；、|]{2,64}")
_FEWEST_DIGITS = 5  # of a phone number; fewer are an extension


def read_channels(kind: ChannelKind, text: str, region: str) -> tuple[Channel, ...]:
    """The numbers, addresses or ids in a text that holds nothing else; empty where it holds something else.

    Args:
        region: two-letter country code of numbers without one.
    """
    match kind:
        case ChannelKind.PHONE | ChannelKind.FAX:
            found = read_phones(text, region=region, kind=kind)
            return found if all(_is_dialled(channel.value) for channel in found) else ()
        case ChannelKind.EMAIL:
            parts = [part for part in _APART.split(text.strip()) if part]
            good = all(_EMAIL.fullmatch(part) for part in parts)
            return tuple(Channel(kind, part, part.lower()) for part in parts) if good else ()
        case ChannelKind.WECHAT:
            parts = _WECHAT.findall(text)
            return tuple(Channel(kind, part, fold(part)) for part in dict.fromkeys(parts))
        case ChannelKind.OTHER:
            return (Channel(kind, " ".join(text.split())),) if text.strip() else ()


def read_birthday_of(text: str, region: str) -> Birthday | None:
    """A birthday as typed: 1985-03-12, 3月12日, 农历八月十五, May 4; ``None`` for what is no day of any calendar."""
    try:
        return read_birthday(text, learn_order([text], region))
    except ImpossibleDay:
        return None


def _is_dialled(value: str) -> bool:
    digits = sum(char.isdigit() for char in fold(value))
    return digits >= _FEWEST_DIGITS and not re.search(r"[^\W\d]{4,}", value)
