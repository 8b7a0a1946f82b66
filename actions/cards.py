"""Setting one field of a customer or contact, as an act of its own; contacts come and go the same way."""

import datetime as dt
from dataclasses import replace
from typing import Any

from actions.next_touches import first_touch
from domain.cards import ContactField, Field, longest, may_be_person
from domain.customers import (
    ACTIVE_STAGES,
    LONGEST_VALUE,
    MOST_TAGS,
    Birthday,
    Channel,
    Contact,
    ContactDraft,
    Customer,
    CustomerKind,
    Gender,
    Grade,
    Stage,
)
from domain.errors import Changed, Fault, Invalid
from domain.next_touches import NextTouch, Origin, propose
from domain.people import Actor
from parsing.customer_joins import employed
from parsing.names import tag_norm
from storage.contacts import birthday_columns
from storage.uow import UnitOfWork

CHANGED = "customer.changed"


def set_text(
    uow: UnitOfWork, actor: Actor, customer_id: int, field: Field, text: str | None, *, version: int | None = None
) -> int:
    """Set a typed field of a customer, or clear it with ``None``; returns the act.

    Raises:
        NotFound: the customer is not one of the actor's.
        Invalid: the value is empty where one is needed, or too long.
        Changed: the customer is not as the screen showed it.
    """
    _current(uow, actor, customer_id, version)
    value = _checked(field, text)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    uow.customers(actor).change(customer_id, {field.value: value})
    return act_id


def set_place(
    uow: UnitOfWork, actor: Actor, customer_id: int, place: tuple[float, float] | None, *, version: int | None = None
) -> int:
    """Set where a customer is, as latitude and longitude in degrees, or clear it; returns the act."""
    _current(uow, actor, customer_id, version)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    latitude, longitude = place or (None, None)
    uow.customers(actor).change(customer_id, {"latitude": latitude, "longitude": longitude})
    return act_id


def set_tags(
    uow: UnitOfWork, actor: Actor, customer_id: int, tags: tuple[str, ...], *, version: int | None = None
) -> int:
    """Let a customer have these tags and no others; returns the act."""
    customer = _current(uow, actor, customer_id, version)
    if len(tags) > MOST_TAGS:
        raise Invalid("tags", Fault.TOO_LONG, MOST_TAGS)
    for tag in tags:
        _checked(Field.TAGS, tag)
    wanted = {tag_norm(tag) for tag in tags}
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    uow.customers(actor).remove_tags(customer_id, [tag for tag in customer.tags if tag_norm(tag) not in wanted])
    uow.customers(actor).add_tags(customer_id, tags)
    return act_id


def set_kind(uow: UnitOfWork, actor: Actor, customer_id: int, kind: CustomerKind, *, version: int) -> int:
    """Say whether a customer is a person or a company; returns the act.

    The numbers of a person become those of the company itself.

    Raises:
        Changed: besides an old screen, a company that has people by now: it is no person.
    """
    customer = _current(uow, actor, customer_id, version)
    if kind is CustomerKind.PERSON and not may_be_person(customer):
        raise Changed("customer", customer_id)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    uow.customers(actor).change(customer_id, {"kind": kind})
    if kind is CustomerKind.COMPANY and customer.contacts:
        uow.customers(actor).contacts.change(customer.contacts[0].id, {"name": None})
    return act_id


def name_company(uow: UnitOfWork, actor: Actor, customer_id: int, *, version: int) -> int:
    """Make a person the contact of the company that the note, or the end of the name, is the name of; returns the act.

    Raises:
        Changed: an old screen, or there is no such name.
    """
    customer = _current(uow, actor, customer_id, version)
    works = employed(customer)
    if works is None:
        raise Changed("customer", customer_id)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    note = None if works.noted else customer.note
    values = {"kind": CustomerKind.COMPANY, "name": works.company, "note": note, "nickname": None}
    uow.customers(actor).change(customer_id, values)
    contact = {"name": works.person, "nickname": customer.nickname}
    uow.customers(actor).contacts.change(customer.contacts[0].id, contact)
    return act_id


def set_stage(uow: UnitOfWork, actor: Actor, customer_id: int, stage: Stage, *, version: int, now: dt.datetime) -> int:
    """Set the stage; returns the act. Lost and dormant customers have no proposed next touch, all others one."""
    _current(uow, actor, customer_id, version)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    uow.customers(actor).change(customer_id, {"stage": stage})
    next_touches = uow.next_touches(actor)
    stands = next_touches.open_of(customer_id)
    if stage not in ACTIVE_STAGES and stands is not None and stands.origin is Origin.PROPOSED:
        next_touches.finish(customer_id, state="replaced")
    if stage in ACTIVE_STAGES and stands is None:
        first_touch(uow, actor, customer_id, now=now)
    return act_id


def set_grade(uow: UnitOfWork, actor: Actor, customer_id: int, grade: Grade, *, version: int, now: dt.datetime) -> int:
    """Set the grade; returns the act. A proposed next touch moves to the new cadence, an agreed one stays."""
    _current(uow, actor, customer_id, version)
    act_id = uow.act(actor, CHANGED, customer_id=customer_id)
    uow.customers(actor).change(customer_id, {"grade": grade})
    stands = uow.next_touches(actor).open_of(customer_id)
    reached_at = uow.touches(actor).reached_at(customer_id)
    if stands is not None and stands.origin is Origin.PROPOSED and reached_at is not None:
        calendar = uow.calendar()
        day = propose(grade, reached_at, zone=actor.zone, calendar=calendar).day
        soonest = calendar.following_working_day(now.astimezone(actor.zone).date())
        uow.next_touches(actor).set(customer_id, NextTouch(max(day, soonest), None, Origin.PROPOSED))
    return act_id


# Contacts ----------------------------------------------------------------------------------------------------------


def set_contact_text(
    uow: UnitOfWork, actor: Actor, contact_id: int, field: ContactField, text: str | None, *, version: int | None = None
) -> int:
    """Set a typed field of a contact, or clear it; returns the act. Raises as ``set_text`` does."""
    contact = _contact(uow, actor, contact_id, version)
    return _write_contact(uow, actor, contact, {field.value: _checked(field, text)})


def set_gender(
    uow: UnitOfWork, actor: Actor, contact_id: int, gender: Gender | None, *, version: int | None = None
) -> int:
    """Set or clear a contact's gender; returns the act."""
    return _write_contact(uow, actor, _contact(uow, actor, contact_id, version), {"gender": gender})


def set_birthday(
    uow: UnitOfWork, actor: Actor, contact_id: int, birthday: Birthday | None, *, version: int | None = None
) -> int:
    """Set or clear a contact's birthday; returns the act."""
    return _write_contact(uow, actor, _contact(uow, actor, contact_id, version), birthday_columns(birthday))


def add_channels(uow: UnitOfWork, actor: Actor, contact_id: int, channels: tuple[Channel, ...]) -> int:
    """Add phones, e-mail addresses or ids to a contact; returns the act."""
    contact = uow.customers(actor).contacts.get(contact_id)
    for channel in channels:
        if len(channel.value) > LONGEST_VALUE:
            raise Invalid(channel.kind, Fault.TOO_LONG, LONGEST_VALUE)
    act_id = uow.act(actor, "contact.changed", customer_id=contact.customer_id)
    uow.customers(actor).contacts.add_channels(contact_id, channels)
    return act_id


def remove_channel(uow: UnitOfWork, actor: Actor, contact_id: int, channel_id: int) -> int:
    """Remove one of a contact's channels; returns the act."""
    contact = uow.customers(actor).contacts.get(contact_id)
    act_id = uow.act(actor, "contact.changed", customer_id=contact.customer_id)
    uow.customers(actor).contacts.remove_channel(channel_id)
    return act_id


def add_contact(uow: UnitOfWork, actor: Actor, customer_id: int, draft: ContactDraft) -> tuple[int, int]:
    """Add a contact to a company; returns its id and the act. A person has only itself.

    Raises:
        Invalid: the contact has no name, or one that is too long.
        Changed: the customer is a person by now.
    """
    customer = _current(uow, actor, customer_id, None)
    if customer.kind is not CustomerKind.COMPANY:
        raise Changed("customer", customer_id)
    name = _checked(ContactField.NAME, draft.name)
    act_id = uow.act(actor, "contact.added", customer_id=customer_id)
    return uow.customers(actor).contacts.add(customer_id, replace(draft, name=name)), act_id


def remove_contact(uow: UnitOfWork, actor: Actor, contact_id: int, *, version: int) -> tuple[Contact, int]:
    """Remove a contact of a company; returns it and the act. Its touches stay with the company.

    Raises:
        Changed: the contact is the customer itself by now, or not as the screen showed it.
    """
    contact = _contact(uow, actor, contact_id, version)
    customer = uow.customers(actor).get(contact.customer_id)
    if customer.kind is CustomerKind.PERSON:
        raise Changed("contact", contact_id)
    act_id = uow.act(actor, "contact.removed", customer_id=contact.customer_id)
    uow.customers(actor).contacts.remove(contact_id)
    return contact, act_id


def contact_to_edit(uow: UnitOfWork, actor: Actor, customer_id: int) -> int:
    """The contact that carries a customer's own numbers; made where there is none yet, in an act of its own."""
    customer = _current(uow, actor, customer_id, None)
    company = customer.kind is CustomerKind.COMPANY
    for contact in customer.contacts:
        if not company or (contact.name is None and contact.nickname is None):
            return contact.id
    uow.act(actor, "contact.added", customer_id=customer_id, undo=None)
    contacts = uow.customers(actor).contacts
    return contacts.add(customer_id, ContactDraft(None if company else customer.name))


def _current(uow: UnitOfWork, actor: Actor, customer_id: int, version: int | None) -> Customer:
    """The customer, if it is the actor's to change and as the screen showed it."""
    uow.customers(actor).require_readable(customer_id)
    customer = uow.customers(actor).get(customer_id)
    if version is not None and customer.version != version:
        raise Changed("customer", customer_id)
    return customer


def _contact(uow: UnitOfWork, actor: Actor, contact_id: int, version: int | None) -> Contact:
    contact = uow.customers(actor).contacts.get(contact_id)
    if version is not None and contact.version != version:
        raise Changed("contact", contact_id)
    return contact


def _write_contact(uow: UnitOfWork, actor: Actor, contact: Contact, values: dict[str, Any]) -> int:
    act_id = uow.act(actor, "contact.changed", customer_id=contact.customer_id)
    uow.customers(actor).contacts.change(contact.id, values)
    return act_id


def _checked(field: Field | ContactField, text: str | None) -> str | None:
    """A typed value as it is stored; one line but for the note."""
    value = (text or "").strip() if field is Field.NOTE else " ".join((text or "").split())
    if not value and field in (Field.NAME, ContactField.NAME):
        raise Invalid("name", Fault.EMPTY)
    if len(value) > longest(field):
        raise Invalid(field.value, Fault.TOO_LONG, longest(field))
    return value or None
