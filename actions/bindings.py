"""What ties an account to a customer: opened with consent, confirmed by the owner, ended by a No."""

import datetime as dt

from actions.erasures import drop_erasures
from actions.next_touches import first_touch
from domain.bindings import Binding, BindingState, LinkKind, Part
from domain.consents import Purpose
from domain.customer_links import OpenLink
from domain.customers import LONGEST_NAME, CustomerDraft
from domain.errors import Changed
from domain.people import Actor
from domain.survey_sending import ANSWERABLE, REMIND_AFTER
from domain.values import frozen
from storage import outbox
from storage.customer_links import CustomerLinkRepository
from storage.due import DueRepository
from storage.uow import UnitOfWork

TOLD_AFTER = dt.timedelta(minutes=10)  # what follows from an act of staff leaves when it can no longer be undone
KIND = "binding"  # of the due row that tells a customer


@frozen
class Prospect:
    """Who comes by a public link or asks to be contacted; ``source`` is kept for ever."""

    name: str
    source: str
    owner_id: int | None = None
    note: str | None = None


# Opening -----------------------------------------------------------------------------------------------------------


def accept(uow: UnitOfWork, actor: Actor, link: OpenLink, *, source: str, now: dt.datetime) -> Binding | None:
    """Bind the account to what a link leads to, agreed to service messages; ``None``: another one was first.

    By a personal link it waits for the owner's word. By a public one it is the account's own new record, and nobody
    has to say who it is.
    """
    if link.kind is LinkKind.PUBLIC:
        prospect = Prospect(actor.name, source, link.owner_id)
        binding = add_prospect(uow, actor, prospect, link_id=link.id, now=now)
    else:
        if not CustomerLinkRepository(uow, actor).use(link.id):
            return None
        assert link.customer_id is not None and link.contact_id is not None
        uow.act(actor, "binding.opened", customer_id=link.customer_id, undo=None)
        binding = _bind(uow, actor, link.customer_id, link.contact_id, BindingState.PENDING, link_id=link.id)
    decide(uow, actor, binding, Purpose.SERVICE, granted=True, link_id=link.id)
    return binding


def add_prospect(
    uow: UnitOfWork, actor: Actor, prospect: Prospect, *, link_id: int | None = None, now: dt.datetime
) -> Binding:
    """File somebody who came by themselves as a prospect, and tie the account to it."""
    name = " ".join(prospect.name.split())[:LONGEST_NAME] or "Telegram"
    uow.act(actor, "customer.added", undo=None, facts={"name": name})
    customers = uow.customers(actor)
    values: dict[str, str | float | None] = {"source": prospect.source, "note": prospect.note}
    owner = uow.people.of_member(prospect.owner_id) if prospect.owner_id is not None else None  # gone: the pool
    customer_id = customers.add(CustomerDraft(name, values=values, owner_id=prospect.owner_id if owner else None))
    customers.name_in_act(customer_id)
    if owner is not None:
        first_touch(uow, owner, customer_id, now=now)
    contact_id = customers.contacts.first(customer_id)
    return _bind(uow, actor, customer_id, contact_id, BindingState.CONFIRMED, link_id=link_id)


def _bind(
    uow: UnitOfWork, actor: Actor, customer_id: int, contact_id: int, state: BindingState, *, link_id: int | None
) -> Binding:
    """Tie the actor's account to a contact, in the open act; one that is tied already stays as it is."""
    bindings = uow.bindings(actor)
    for known in bindings.mine():
        if known.contact_id == contact_id:
            return known
    values = {"person_id": actor.person_id, "customer_id": customer_id, "contact_id": contact_id, "link_id": link_id}
    return bindings.my(bindings.add(values | {"state": state, "opened_at": uow.now}))


def decide(
    uow: UnitOfWork,
    actor: Actor,
    binding: Binding | None,
    purpose: Purpose,
    *,
    granted: bool,
    link_id: int | None = None,
) -> None:
    """Keep what somebody agreed to, or did not, in an act of its own."""
    uow.act(actor, "consent.decided", customer_id=binding.customer_id if binding else None, undo=None)
    uow.consents.decide(
        purpose,
        granted=granted,
        person_id=actor.person_id,
        contact_id=binding.contact_id if binding else None,
        locale=actor.locale,
        channel="chat",
        link_id=link_id,
    )


# The word of staff ---------------------------------------------------------------------------------------------------


def confirm(uow: UnitOfWork, actor: Actor, binding_id: int, *, version: int) -> tuple[Binding, int]:
    """It is he: from now on the account sees what is its own. Returns the binding and the act.

    Raises:
        NotFound: it is no binding of the actor's customers.
        Changed: somebody decided already.
    """
    binding = _still(uow, actor, binding_id, version)
    act_id = uow.act(actor, "binding.confirmed", customer_id=binding.customer_id)
    uow.bindings(actor).change(binding_id, decided(uow, actor, BindingState.CONFIRMED))
    take_along(uow, actor, binding)
    tell_later(uow, binding)
    return uow.bindings(actor).get(binding_id), act_id


def end(uow: UnitOfWork, actor: Actor, binding_id: int, *, version: int) -> tuple[Binding, int]:
    """It is not he, or no longer: untied at once, and what waited for the account is withdrawn. Raises as ``confirm``."""
    binding = _still(uow, actor, binding_id, version)
    act_id = uow.act(actor, "binding.ended", customer_id=binding.customer_id)
    uow.bindings(actor).change(binding_id, decided(uow, actor, BindingState.ENDED))
    if binding.state is BindingState.PENDING:
        drop_erasures(uow, binding)
    if not uow.people.actor(binding.person_id).is_staff:  # a colleague's reminders are no messages to a customer
        uow.bindings(actor).withdraw(binding.person_id)
        outbox.cancel_all(uow.connection, binding.person_id, now=uow.now)
    return binding, act_id


def set_part(uow: UnitOfWork, actor: Actor, binding_id: int, part: Part | None, *, version: int) -> int:
    """Say what somebody is at the customer; returns the act. Raises as ``confirm``."""
    binding = _still(uow, actor, binding_id, version)
    act_id = uow.act(actor, "binding.changed", customer_id=binding.customer_id)
    uow.bindings(actor).change(binding_id, {"part": part})
    return act_id


def take_along(uow: UnitOfWork, actor: Actor, binding: Binding) -> None:
    """What the contact was asked on the page goes on in the chat, in the open act; it is called to mind there only
    later than the welcome, which names it."""
    invitations = uow.invitations(actor)
    for asked in invitations.of_contact(binding.contact_id, states=ANSWERABLE):
        if asked.person_id is None and asked.answerable(uow.now):
            told = asked.sent_at is None or asked.sent_at + REMIND_AFTER <= uow.now + TOLD_AFTER
            values = {"person_id": binding.person_id} | ({"reminded_at": uow.now} if told else {})
            invitations.change(asked.id, values)


def tell_later(uow: UnitOfWork, binding: Binding) -> None:
    """Owe the customer word of how it stands, read again when the act can no longer be undone."""
    at = uow.now + TOLD_AFTER
    key = f"{KIND}:{binding.id}:{at.isoformat()}"
    DueRepository(uow).owe(KIND, binding.id, binding.person_id, at=at, key=key)


def decided(uow: UnitOfWork, actor: Actor, state: BindingState) -> dict[str, object]:
    """The columns of a binding that somebody of the staff decided about."""
    return {"state": state, "decided_by": actor.member_id, "decided_at": uow.now}


def _still(uow: UnitOfWork, actor: Actor, binding_id: int, version: int) -> Binding:
    binding = uow.bindings(actor).get(binding_id)
    if binding.version != version or binding.state is BindingState.ENDED:
        raise Changed("binding", binding_id)
    return binding
