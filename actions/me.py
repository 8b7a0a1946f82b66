"""Putting the own record right: at once where nobody else is concerned, after a yes of staff where it is identity."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.customers import LONGEST_NAME, LONGEST_VALUE, Birthday, Channel, ChannelKind
from domain.errors import Changed, Fault, Invalid
from domain.me import CONFIRMED_BY_STAFF, Correction, CorrectionState, Mine, Record
from domain.names import is_seen
from domain.people import Actor
from parsing.fields import read_birthday_of, read_channels
from parsing.phones import home_of
from storage.contacts import birthday_columns
from storage.own import put_channel
from storage.uow import UnitOfWork

KINDS = {Mine.PHONE: ChannelKind.PHONE, Mine.EMAIL: ChannelKind.EMAIL, Mine.WECHAT: ChannelKind.WECHAT}


def change_own(
    uow: UnitOfWork, actor: Actor, binding_id: int, field: Mine, text: str, *, shared: bool = False
) -> tuple[Record, int | None]:
    """Change a field of the own record.

    Args:
        shared: the phone is the person's own, shared by Telegram: it needs nobody's yes.

    Returns:
        The record as it is now, and the correction that staff must decide about; ``None``: it is done.

    Raises:
        NotFound: not an own record, or not confirmed.
        Invalid: the value cannot be read or is too long.
    """
    record = uow.own(actor).record(binding_id)
    if field not in record.fields():
        raise Invalid(field, Fault.NOT_UNDERSTOOD)
    value = _read(uow, record, field, text)
    if field in CONFIRMED_BY_STAFF and not shared:
        uow.act(actor, "correction.asked", customer_id=record.customer_id, undo=None)
        words = value.value if isinstance(value, Channel) else text.strip()
        return record, uow.own(actor).ask(record, field, words)
    uow.act(actor, "contact.corrected", customer_id=record.customer_id, undo=None)
    _write(uow, actor, record, field, value)
    return uow.own(actor).record(binding_id), None


def _read(uow: UnitOfWork, record: Record, field: Mine, text: str) -> Channel | Birthday | str:
    most = LONGEST_NAME if field is Mine.NAME else LONGEST_VALUE
    words = " ".join(text.split())
    if not is_seen(words):
        raise Invalid(field, Fault.EMPTY)
    if len(words) > most:
        raise Invalid(field, Fault.TOO_LONG, most)
    if field in KINDS:
        return _read_channel(uow, record, field, words)
    if field is Mine.BIRTHDAY:
        birthday = read_birthday_of(words, uow.organisation().region)
        if birthday is None:
            raise Invalid(field, Fault.NOT_UNDERSTOOD)
        return birthday
    return words


def _read_channel(uow: UnitOfWork, record: Record, field: Mine, words: str) -> Channel:
    """The one number, address or id; people write a number as in the country of the one they have, or as the company's."""
    company = uow.organisation().region
    numbers = [one.normal for one in record.contact.channels if one.kind is ChannelKind.PHONE and one.normal]
    homes = dict.fromkeys(home for home in map(home_of, numbers) if home) if field is Mine.PHONE else {}
    for region in (*homes, company):
        found = read_channels(KINDS[field], words, region=region)
        if len(found) == 1 and (field is Mine.WECHAT or found[0].normal is not None):
            return found[0] if region == company else replace(found[0], value=found[0].normal or words)
    raise Invalid(field, Fault.NOT_UNDERSTOOD)


def _write(uow: UnitOfWork, actor: Actor, record: Record, field: Mine, value: Channel | Birthday | str) -> None:
    match value:
        case Channel():
            uow.own(actor).put_channel(record, value)
        case Birthday():
            uow.own(actor).change(record, birthday_columns(value))
        case _:
            uow.own(actor).change(record, {field.value: value})


def decide(uow: UnitOfWork, actor: Actor, correction_id: int, *, taken: bool, version: int) -> tuple[Correction, int]:
    """Take over or refuse what a customer asked to have changed; returns it and the act.

    Raises:
        NotFound: about a customer out of sight.
        Changed: it was decided already.
    """
    correction = uow.own(actor).correction(correction_id)
    if correction.state is not CorrectionState.OPEN:
        raise Changed("correction", correction_id)
    act_id = uow.act(actor, "correction.taken" if taken else "correction.refused", customer_id=correction.customer_id)
    state = CorrectionState.TAKEN if taken else CorrectionState.REFUSED
    uow.own(actor).decide(correction, state, version=version)
    if taken:
        _take_over(uow, actor, correction)
    return correction, act_id


def _take_over(uow: UnitOfWork, actor: Actor, correction: Correction) -> None:
    customers = uow.customers(actor)
    contact = customers.contacts.get(correction.contact_id)
    if correction.field is Mine.NAME:
        values: Mapping[str, Any] = {"name": correction.value}
        customer = customers.get(correction.customer_id)
        if customer.kind.value == "person":
            customers.change(customer.id, values)
        else:
            customers.contacts.change(contact.id, values)
        return
    (channel,) = read_channels(KINDS[correction.field], correction.value, region=uow.organisation().region)
    put_channel(uow, contact, channel)
