"""What a stored customer gains from a file: gaps are filled; from our own export, changed by hand, what differs is taken."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from zoneinfo import ZoneInfo

from domain.customers import Channel, Contact, ContactDraft, Customer, CustomerKind, Grade, Stage
from domain.imports import Incoming, Stored, agreed_of, touched_of
from domain.next_touches import NextTouch, Origin
from domain.values import frozen


@frozen
class Gain:
    """What an existing customer gets.

    Attributes:
        values: columns of ``customer``.
        contacts: new ones, whole.
        channels: new ones, by the contact's id.
        contact_values: fields of ``Contact``, by its id.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    contacts: tuple[ContactDraft, ...] = ()
    channels: tuple[tuple[int, Channel], ...] = ()
    contact_values: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    next_touch: NextTouch | None = None

    def __bool__(self) -> bool:
        return bool(
            self.values or self.tags or self.contacts or self.channels or self.contact_values or self.next_touch
        )


def gain_of(stored: Stored, one: Incoming, *, wins: bool, zone: ZoneInfo, now: dt.datetime) -> Gain:
    """What ``one`` of a file adds to ``stored``. An empty cell takes nothing away, and nobody's customer changes hands.

    Args:
        wins: the file is our own export; else only gaps are filled.
        zone: of whoever sent the file; its days and times are local.
    """
    contacts, channels, changed = _people(stored.customer, one, wins=wins)
    known = {tag.casefold() for tag in stored.customer.tags}
    return Gain(
        _values(stored, one, wins=wins, zone=zone, now=now),
        tuple(tag for tag in one.draft.tags if tag.casefold() not in known),
        contacts,
        channels,
        changed,
        _next_touch(stored, agreed_of(one.next_touch, zone=zone, now=now), wins=wins),
    )


def _values(stored: Stored, one: Incoming, *, wins: bool, zone: ZoneInfo, now: dt.datetime) -> dict[str, Any]:
    customer, draft = stored.customer, one.draft
    said: dict[str, Any] = dict(draft.values)
    if customer.kind is CustomerKind.PERSON and draft.contacts:  # a person's nickname is the customer's
        said["nickname"] = said.get("nickname") or draft.contacts[0].values.get("nickname")
    values = {c: v for c, v in said.items() if _takes(getattr(customer, c, None), v, wins=wins)}
    if wins and draft.name != customer.name:
        values["name"] = draft.name
    if draft.grade not in (Grade.UNGRADED, customer.grade) and (wins or customer.grade is Grade.UNGRADED):
        values["grade"] = draft.grade
    says_stage = one.stage_said if wins else customer.stage is Stage.PROSPECT
    if says_stage and draft.stage is not customer.stage:
        values["stage"] = draft.stage
    if stored.touched_at is None and (touched_at := touched_of(one.last_touch, zone=zone, now=now)):
        return {**values, "touched_at": touched_at}
    return values


def _takes(old: Any, new: Any, *, wins: bool) -> bool:
    return new not in (None, "", old) and (wins or old in (None, ""))


def _next_touch(stored: Stored, agreed: NextTouch | None, *, wins: bool) -> NextTouch | None:
    """A date of the file goes before a proposed one; before one that people agreed on only from our own export."""
    current = stored.next_touch
    if agreed is None or stored.customer.owner_id is None:
        return None
    if current is None:
        return agreed
    differs = (current.day, _to_the_minute(current.at)) != (agreed.day, _to_the_minute(agreed.at))
    return agreed if differs and (wins or current.origin is Origin.PROPOSED) else None


def _to_the_minute(at: dt.datetime | None) -> dt.datetime | None:
    return at.astimezone(dt.UTC).replace(second=0, microsecond=0) if at else None


_People = tuple[tuple[ContactDraft, ...], tuple[tuple[int, Channel], ...], tuple[tuple[int, Mapping[str, Any]], ...]]


def _people(customer: Customer, one: Incoming, *, wins: bool) -> _People:
    new: list[ContactDraft] = []
    channels: list[tuple[int, Channel]] = []
    changed: list[tuple[int, Mapping[str, Any]]] = []
    ids = one.contact_ids or (None,) * len(one.draft.contacts)
    for contact, contact_id in zip(one.draft.contacts, ids, strict=True):
        known = _same_contact(customer, contact, contact_id)
        if known is None:
            if says_anything(contact):
                new.append(contact)
            continue
        have = {(c.kind, text) for c in known.channels for text in (c.normal, c.value)}
        new_ones = (c for c in contact.channels if not {(c.kind, c.normal or c.value), (c.kind, c.value)} & have)
        channels += [(known.id, channel) for channel in new_ones]
        values = _contact_values(known, contact, wins=wins)
        if customer.kind is CustomerKind.PERSON:
            values.pop("nickname", None)
        if wins and known.id == contact_id and customer.kind is CustomerKind.COMPANY and contact.name != known.name:
            values |= {"name": contact.name} if contact.name else {}
        if values:
            changed.append((known.id, values))
    return tuple(new), tuple(channels), tuple(changed)


def _contact_values(known: Contact, contact: ContactDraft, *, wins: bool) -> dict[str, Any]:
    said: dict[str, Any] = {**contact.values, "gender": contact.gender, "birthday": contact.birthday}
    return {c: v for c, v in said.items() if _takes(getattr(known, c, None), v, wins=wins)}


def _same_contact(customer: Customer, contact: ContactDraft, contact_id: int | None) -> Contact | None:
    """The stored contact that one of the file is; a person is his own, a company's nameless one carries its numbers."""
    if customer.kind is CustomerKind.PERSON:
        return customer.contacts[0] if customer.contacts else None
    for known in customer.contacts:
        if known.id == contact_id:
            return known
    if contact.name and contact.name != customer.name:
        same = (known for known in customer.contacts if known.name and known.name.casefold() == contact.name.casefold())
        return next(same, None)
    nickname = contact.values.get("nickname")
    return next((known for known in customer.contacts if known.name is None and known.nickname == nickname), None)


def says_anything(contact: ContactDraft) -> bool:
    """Whether there is anything in a contact; a company's file may have no column about people at all."""
    return bool(contact.name or contact.channels or contact.gender or contact.birthday or any(contact.values.values()))
