"""Making and revoking the links that customers open."""

import datetime as dt

from domain.bindings import LINK_DAYS, LinkKind
from domain.customer_links import LONGEST_LABEL, Source, may_publish
from domain.customers import Contact
from domain.errors import Fault, Invalid, NotAllowed, NotFound
from domain.people import Actor
from domain.tokens import hash_token, new_token
from storage.customer_links import CustomerLinkRepository
from storage.uow import UnitOfWork


def make_personal_link(uow: UnitOfWork, actor: Actor, contact_id: int, *, now: dt.datetime) -> tuple[str, Contact, int]:
    """A link's token, whose it is, and the act. It is used once, within ``LINK_DAYS``; an earlier one is revoked.

    Raises:
        NotFound: the contact is not of one of the actor's customers.
    """
    contact = uow.customers(actor).contacts.get(contact_id)
    token = new_token()
    act_id = uow.act(actor, "link.made", customer_id=contact.customer_id)
    links = CustomerLinkRepository(uow, actor)
    links.revoke_of(contact_id)
    values = {"kind": LinkKind.PERSONAL, "customer_id": contact.customer_id, "contact_id": contact_id}
    links.add(hash_token(token), values | {"expires_at": now + dt.timedelta(days=LINK_DAYS)})
    return token, contact, act_id


def make_public_link(
    uow: UnitOfWork, actor: Actor, source: Source, label: str | None, member_id: int | None
) -> tuple[str, int, int]:
    """The token of a link for everybody, its id, and the act; it works until it is revoked.

    Args:
        member_id: who gets those that come by it; ``None`` for the pool.

    Raises:
        NotAllowed: the actor may not make such a link.
        NotFound: the member is out of the actor's sight, or no longer active.
        Invalid: the label is too long, or missing where there may be several of the kind.
    """
    if not may_publish(actor, member_id):
        raise NotAllowed("link")
    if member_id not in (None, actor.member_id) and not uow.teams(actor).member(member_id).active:
        raise NotFound("member", member_id)
    token = new_token()
    name = " ".join((label or "").split())
    if not name and source.named:
        raise Invalid("label", Fault.EMPTY)
    if len(name) > LONGEST_LABEL:
        raise Invalid("label", Fault.TOO_LONG, LONGEST_LABEL)
    act_id = uow.act(actor, "link.made", facts={"name": name} if name else {})
    values = {"kind": LinkKind.PUBLIC, "member_id": member_id, "source": source, "label": name or None}
    return token, CustomerLinkRepository(uow, actor).add(hash_token(token), values), act_id


def revoke_link(uow: UnitOfWork, actor: Actor, link_id: int, *, version: int) -> int:
    """Make a public link useless; returns the act. Raises ``NotFound`` and ``Changed``."""
    label = CustomerLinkRepository(uow, actor).get(link_id).label
    act_id = uow.act(actor, "link.revoked", facts={"name": label} if label else {})
    CustomerLinkRepository(uow, actor).revoke(link_id, version=version)
    return act_id
