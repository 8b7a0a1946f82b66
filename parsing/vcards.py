"""A shared contact card as a new customer: name, numbers, and what the vCard behind it says."""

import logging
from typing import Any

import vobject

from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft, CustomerKind
from parsing.companies import is_company
from parsing.fields import read_birthday_of, read_channels
from parsing.letters import is_wide
from parsing.names import norm_of

logging.getLogger("vobject.base").disabled = True  # it would write lines of people's cards into the log
LONGEST_CARD = 100_000  # characters; Telegram's own limit is 2,048 bytes, photos inside are left out by it


def read_card(*, phone: str, first_name: str, last_name: str, vcard: str, region: str) -> CustomerDraft:
    """The customer of a shared contact. A card with an organisation is a company with that contact.

    Args:
        region: two-letter country code of numbers without one.
    """
    card = _parsed(vcard)
    name = _full_name(first_name, last_name) or _text(card, "fn")
    organisation = _organisation(card)
    channels = {(c.kind, c.normal or c.value): c for c in _channels(card, phone, region)}
    texts = {"title": _text(card, "title"), "nickname": _text(card, "nickname")}
    values: dict[str, str | None] = {column: text for column, text in texts.items() if text}
    birthday = read_birthday_of(_text(card, "bday"), region)
    contact = ContactDraft(name or None, values, birthday=birthday, channels=tuple(channels.values()))
    details = {"address": _address(card) or None, "note": _text(card, "note") or None}
    kept: dict[str, str | float | None] = {column: value for column, value in details.items() if value}
    tags = _categories(card)
    if organisation and organisation != name:
        return CustomerDraft(organisation, CustomerKind.COMPANY, kept, (contact,), tags)
    if name and is_company(name, norm_of(name)):
        nobody = ContactDraft(None, values, channels=contact.channels)
        return CustomerDraft(name, CustomerKind.COMPANY, kept, (nobody,), tags)
    return CustomerDraft(name or organisation, CustomerKind.PERSON, kept, (contact,), tags)


def _full_name(first: str, last: str) -> str:
    """Family name first and unseparated in scripts that are written so."""
    first, last = first.strip(), last.strip()
    if first and last and is_wide(first[0]) and is_wide(last[0]):
        return last + first
    return " ".join(part for part in (first, last) if part)


def _parsed(vcard: str) -> Any:
    """The first card of a text, or ``None`` where it cannot be read."""
    if not vcard.strip() or len(vcard) > LONGEST_CARD:
        return None
    try:
        return vobject.readOne(vcard, ignoreUnreadable=True, allowQP=True)
    except (vobject.base.ParseError, ValueError, UnicodeError, StopIteration):
        return None


def _text(card: Any, name: str) -> str:
    part = getattr(card, name, None) if card is not None else None
    return " ".join(str(part.value).split()) if part is not None else ""


def _organisation(card: Any) -> str:
    part = getattr(card, "org", None) if card is not None else None
    if part is None:
        return ""
    value = part.value
    return " ".join(str(value[0] if isinstance(value, list) and value else value).split())


def _address(card: Any) -> str:
    part = getattr(card, "adr", None) if card is not None else None
    if part is None or isinstance(part.value, str):
        return _text(card, "adr")
    fields = (part.value.country, part.value.region, part.value.city, part.value.street)
    texts = [" ".join(field) if isinstance(field, list) else field for field in fields]
    wide = any(text and is_wide(text[0]) for text in texts)
    kept = [text.strip() for text in (texts if wide else reversed(texts)) if text.strip()]
    return "".join(kept) if wide else ", ".join(kept)


def _categories(card: Any) -> tuple[str, ...]:
    part = getattr(card, "categories", None) if card is not None else None
    values = part.value if part is not None and isinstance(part.value, list) else [_text(card, "categories")]
    return tuple(dict.fromkeys(word for value in values if (word := str(value).strip())))


def _channels(card: Any, phone: str, region: str) -> list[Channel]:
    found = list(read_channels(ChannelKind.PHONE, phone if phone.startswith("+") else _international(phone), region))
    contents = card.contents if card is not None else {}
    for part in contents.get("tel", ()):
        found += read_channels(ChannelKind.PHONE, str(part.value), region)
    for part in contents.get("email", ()):
        found += read_channels(ChannelKind.EMAIL, str(part.value), region)
    for part in (*contents.get("x-wechat", ()), *contents.get("x-weixin", ())):
        found += read_channels(ChannelKind.WECHAT, str(part.value), region)
    return found


def _international(phone: str) -> str:
    """Telegram gives numbers of its accounts with country code and sometimes without the plus."""
    digits = "".join(char for char in phone if char.isdigit())
    return f"+{digits}" if len(digits) > 10 and not digits.startswith(("0", "1")) else phone
