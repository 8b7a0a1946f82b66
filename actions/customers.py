"""Filing customers, and whose they are: new, claimed from the pool, handed over, given back."""

import datetime as dt
from dataclasses import replace

from actions.next_touches import first_touch
from domain.calendar import localize
from domain.cards import FOREIGN_ANSWERS_PER_DAY, Filed, Handed
from domain.customers import (
    ACTIVE_STAGES,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_VALUE,
    ChannelKind,
    CustomerDraft,
    CustomerKind,
    Duplicate,
    Standing,
)
from domain.errors import Changed, Fault, Invalid, NotAllowed, NotFound, Throttled
from domain.names import is_seen
from domain.people import Actor
from parsing.companies import is_company
from parsing.names import norm_of
from storage.leads import leads_of
from storage.uow import UnitOfWork

FOREIGN = "duplicate"  # the kind of guess that an answer about a colleague's customer counts as


def draft_from_name(name: str) -> CustomerDraft:
    """A customer of whom only the name is known; companies are told by how they are called."""
    name = " ".join(name.split())
    kind = CustomerKind.COMPANY if is_company(name, norm_of(name)) else CustomerKind.PERSON
    return CustomerDraft(name, kind)


def find_duplicates(uow: UnitOfWork, actor: Actor, draft: CustomerDraft, *, now: dt.datetime) -> tuple[Duplicate, ...]:
    """Customers of anybody with the same whole number, WeChat id or company name.

    Raises:
        Throttled: it was told too often today that a colleague has a customer.
    """
    phones, wechat, company = _marks(draft)
    if phones or wechat or company:
        check_foreign(uow, actor, now=now)
    found = uow.customers(actor).duplicates(phones=phones, wechat=wechat, company=company)
    if any(one.standing is Standing.COLLEAGUE for one in found):
        uow.people.note_guess(actor.person_id, FOREIGN)
    return found


def check_foreign(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Refuse to look among colleagues' customers once enough of them were told of today.

    Asked before looking: a refusal only where there is somebody would be one more answer.

    Raises:
        Throttled: with the next local midnight.
    """
    if told_today(uow, actor, now=now) >= FOREIGN_ANSWERS_PER_DAY:
        today = now.astimezone(actor.zone).date()
        raise Throttled(FOREIGN, localize(today + dt.timedelta(days=1), dt.time(), actor.zone))


def told_today(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> int:
    """How often the actor was told today that a colleague has a customer."""
    since = localize(now.astimezone(actor.zone).date(), dt.time(), actor.zone)
    return uow.people.count_guesses(actor.person_id, FOREIGN, since=since)


def add_customer(uow: UnitOfWork, actor: Actor, draft: CustomerDraft, *, now: dt.datetime) -> Filed:
    """File a customer as the actor's own, with the first touch proposed.

    Raises:
        Invalid: the name is missing, or something is too long.
    """
    check_draft(draft)
    act_id = uow.act(actor, "customer.added", facts={"name": draft.name})
    customer_id = uow.customers(actor).add(replace(draft, owner_id=actor.member_id))
    uow.customers(actor).name_in_act(customer_id)
    next_touch = first_touch(uow, actor, customer_id, now=now) if draft.stage in ACTIVE_STAGES else None
    return Filed(uow.customers(actor).get(customer_id), act_id, next_touch)


def check_draft(draft: CustomerDraft) -> None:
    """Refuse what cannot be filed. Raises ``Invalid`` with the field and the limit."""
    if not is_seen(draft.name):
        raise Invalid("name", Fault.EMPTY)
    texts = {"name": draft.name, **draft.values}
    for contact in draft.contacts:
        texts |= {"contact": contact.name, **contact.values}
    for name, value in texts.items():
        limit = {"name": LONGEST_NAME, "contact": LONGEST_NAME, "note": LONGEST_NOTE}.get(name, LONGEST_VALUE)
        if isinstance(value, str) and len(value) > limit:
            raise Invalid(name, Fault.TOO_LONG, limit)


def claim(uow: UnitOfWork, actor: Actor, customer_id: int, *, now: dt.datetime) -> Handed:
    """Take a customer out of the pool; of two who tap at once one wins.

    Raises:
        Taken: somebody else was first, with the name.
        Changed: it is the actor's own already.
        NotFound: there is no such customer.
    """
    uow.customers(actor).require_free(customer_id)
    return _hand(uow, actor, customer_id, actor.member_id, kind="customer.claimed", now=now)


def assign(
    uow: UnitOfWork,
    actor: Actor,
    customer_id: int,
    owner_id: int | None,
    *,
    version: int | None = None,
    now: dt.datetime,
) -> Handed:
    """Give a customer to another member of the actor's tree, or to the pool (``owner_id`` None).

    Raises:
        NotFound: the customer or the member is outside the actor's scope, or the member is no longer active.
        Changed: the customer is not as the screen showed it.
    """
    if owner_id is not None and not uow.teams(actor).member(owner_id).active:
        raise NotFound("member", owner_id)
    kind = "customer.assigned" if owner_id is not None else "customer.released"
    return _hand(uow, actor, customer_id, owner_id, kind=kind, version=version, now=now)


def release(uow: UnitOfWork, actor: Actor, customer_id: int, *, version: int, now: dt.datetime) -> Handed:
    """Give a customer of the own scope back to the pool. Raises ``NotFound`` and ``Changed``."""
    uow.customers(actor).require_readable(customer_id)
    return _hand(uow, actor, customer_id, None, kind="customer.released", version=version, now=now)


def _hand(
    uow: UnitOfWork,
    actor: Actor,
    customer_id: int,
    heir_id: int | None,
    *,
    kind: str,
    version: int | None = None,
    now: dt.datetime,
) -> Handed:
    customer = uow.customers(actor).get(customer_id)
    if version is not None and customer.version != version:
        raise Changed("customer", customer_id)
    if customer.owner_id in uow.customers(actor).scope.borrowed:
        raise NotAllowed("stand_in")
    act_id = uow.act(actor, kind, customer_id=customer_id)
    uow.customers(actor).set_owner(customer_id, heir_id)
    heir = uow.people.of_member(heir_id) if heir_id is not None else None
    if heir and customer.stage in ACTIVE_STAGES and uow.next_touches(heir).open_of(customer_id) is None:
        first_touch(uow, heir, customer_id, now=now)
    return Handed(customer_id, customer.name, act_id, customer.owner_id, heir_id)


def ask_lead(uow: UnitOfWork, actor: Actor, draft: CustomerDraft) -> tuple[tuple[int, int], ...]:
    """Whom to ask about a customer that a colleague has already.

    Returns:
        Member ids of leads, each with the customer in question; empty when it is free by now.
    """
    asked: dict[tuple[int, int], None] = {}
    phones, wechat, company = _marks(draft)
    for customer_id, owner_id in uow.customers(actor).owners_of_same(phones=phones, wechat=wechat, company=company):
        for lead_id in leads_of(uow, owner_id):
            if lead_id != actor.member_id:
                asked[lead_id, customer_id] = None
    if asked:
        uow.act(actor, "customer.asked", undo=None, facts={"name": draft.name})
    return tuple(asked)


def _marks(draft: CustomerDraft) -> tuple[list[str], list[str], str | None]:
    """What a duplicate is told by: phones, WeChat ids, the company's name. A person's name alone is nobody's."""
    channels = [channel for contact in draft.contacts for channel in contact.channels]
    phones = [channel.normal for channel in channels if channel.kind is ChannelKind.PHONE and channel.normal]
    wechat = [channel.normal for channel in channels if channel.kind is ChannelKind.WECHAT and channel.normal]
    return phones, wechat, draft.name if draft.kind is CustomerKind.COMPANY else None
