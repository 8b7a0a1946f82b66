"""What a stranger asks for, and what leads make of it. Nothing of what is known is ever told to the stranger."""

import datetime as dt

from actions.bindings import Prospect, add_prospect, decided, take_along, tell_later
from actions.next_touches import first_touch
from actions.talks import write_to_us
from domain.bindings import Binding, BindingState
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft
from domain.enquiries import A_DAY, DAY, Enquiry, EnquiryKind, EnquiryState, Match
from domain.errors import Changed, NotAllowed, NotFound, Throttled
from domain.people import LEADS, Actor, Role
from domain.talks import TalkLine
from domain.touches import LONGEST_NOTE
from storage.away import leads_at_work
from storage.enquiries import EnquiryRepository
from storage.uow import UnitOfWork


def require_room(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse what is beyond a day's number, and everything where an admin closed the door.

    Raises:
        NotAllowed, Throttled.
    """
    if not uow.organisation().asks_strangers:
        raise NotAllowed("enquiry")
    if EnquiryRepository(uow, actor).asked(since=uow.now - DAY) >= A_DAY:
        raise Throttled("enquiry")


def claim(uow: UnitOfWork, actor: Actor, phone: str) -> int:
    """Keep that somebody says to be a customer, with the own number; returns its id. Raises as ``require_room``."""
    require_room(uow, actor)
    uow.act(actor, "enquiry.made", undo=None, facts={"name": actor.name})
    EnquiryRepository(uow, actor).replace()
    values = {"kind": EnquiryKind.CLAIM, "name": actor.name, "phone": phone, "state": EnquiryState.OPEN}
    return EnquiryRepository(uow, actor).add(values)


def ask_contact(
    uow: UnitOfWork, actor: Actor, name: str, words: str, *, source: str, said_at: dt.datetime, chat: tuple[int, int]
) -> tuple[Binding, TalkLine]:
    """File somebody who wants to be contacted as a prospect of the pool; the words wait for an answer.

    Args:
        chat: chat and message of the words.
    """
    require_room(uow, actor)
    prospect = Prospect(name, source, note=words[:LONGEST_NOTE])
    binding = add_prospect(uow, actor, prospect, now=uow.now)
    uow.act(actor, "enquiry.made", customer_id=binding.customer_id, undo=None)
    values = {"kind": EnquiryKind.CONTACT, "name": prospect.name, "words": words, "state": EnquiryState.FILED}
    EnquiryRepository(uow, actor).add(values | {"customer_id": binding.customer_id})
    talk = write_to_us(uow, actor, words, said_at=said_at, chat_id=chat[0], message_id=chat[1])
    return binding, talk


def deciders(uow: UnitOfWork, phone: str) -> list[Actor]:
    """Who is asked about a claim: the leads of those whose customers have the number, else all leads."""
    everywhere = uow.customers(uow.people.program()).duplicates(phones=[phone])
    owners = {one.line.owner_id for one in everywhere if one.line is not None and one.line.owner_id is not None}
    members = {lead for owner in owners for lead in leads_at_work(uow, owner)}
    found = [uow.people.of_member(member) for member in sorted(members)]
    return [one for one in found if one is not None] or uow.people.staff(LEADS)


def waiting(uow: UnitOfWork, actor: Actor) -> tuple[Enquiry, ...]:
    """Claims that wait for the actor's word, oldest first."""
    return tuple(one for one in EnquiryRepository(uow, actor).open() if _asked(uow, actor, one))


def _asked(uow: UnitOfWork, actor: Actor, enquiry: Enquiry) -> bool:
    return any(one.person_id == actor.person_id for one in deciders(uow, enquiry.phone or ""))


def find(uow: UnitOfWork, actor: Actor, enquiry_id: int) -> Enquiry:
    """A claim that is the actor's to decide; every one for admins. Raises ``NotFound`` for any other."""
    enquiry = EnquiryRepository(uow, actor).get(enquiry_id)
    if actor.role is not Role.ADMIN and not _asked(uow, actor, enquiry):
        raise NotFound("enquiry", enquiry_id)
    return enquiry


def matches(uow: UnitOfWork, actor: Actor, enquiry: Enquiry) -> tuple[Match, ...]:
    """The customers in the actor's sight that have the number of a claim."""
    found = []
    for one in uow.customers(actor).duplicates(phones=[enquiry.phone] if enquiry.phone else []):
        line = one.line
        if line is None or line.contact_id is None:
            continue
        bound = [b.name for b in uow.bindings(actor).of_contact(line.contact_id) if b.person_id != enquiry.person_id]
        found.append(Match(line.contact_id, line.name, line.contact, line.owner, bound[0] if bound else None))
    return tuple(found)


# The word of leads -------------------------------------------------------------------------------------------------


def link(uow: UnitOfWork, actor: Actor, enquiry_id: int, contact_id: int, *, version: int) -> tuple[Binding, int]:
    """It is he: tie the account to a contact. Returns the binding and the act.

    Raises:
        NotFound: no such enquiry of the actor's, or no customer in the actor's sight that has the number.
        Changed: somebody decided already.
    """
    enquiry = _still(uow, actor, enquiry_id, version)
    if contact_id not in {match.contact_id for match in matches(uow, actor, enquiry)}:
        raise NotFound("contact", contact_id)
    contact = uow.customers(uow.people.program()).contacts.get(contact_id)  # of the pool nobody but an admin reads it
    act_id = uow.act(actor, "enquiry.linked", customer_id=contact.customer_id)
    return _tie(uow, actor, enquiry, contact.customer_id, contact_id, EnquiryState.LINKED), act_id


def file(uow: UnitOfWork, actor: Actor, enquiry_id: int, *, source: str, version: int) -> tuple[Binding, int]:
    """Make a prospect of the actor's own of somebody whom nobody knows. Returns and raises as ``link``."""
    enquiry = _still(uow, actor, enquiry_id, version)
    act_id = uow.act(actor, "enquiry.filed", facts={"name": enquiry.name})
    customers = uow.customers(actor)
    number = (Channel(ChannelKind.PHONE, enquiry.phone, enquiry.phone),) if enquiry.phone else ()
    contact = ContactDraft(enquiry.name, channels=number)
    draft = CustomerDraft(enquiry.name, values={"source": source}, contacts=(contact,), owner_id=actor.member_id)
    customer_id = customers.add(draft)
    customers.name_in_act(customer_id)
    first_touch(uow, actor, customer_id, now=uow.now)
    contact_id = customers.contacts.first(customer_id)
    return _tie(uow, actor, enquiry, customer_id, contact_id, EnquiryState.FILED), act_id


def refuse(uow: UnitOfWork, actor: Actor, enquiry_id: int, *, version: int) -> tuple[Enquiry, int]:
    """It is nobody we know, and nothing is told to the account."""
    enquiry = _still(uow, actor, enquiry_id, version)
    act_id = uow.act(actor, "enquiry.refused", facts={"name": enquiry.name})
    _decide(uow, actor, enquiry, EnquiryState.REFUSED)
    return enquiry, act_id


def _tie(
    uow: UnitOfWork, actor: Actor, enquiry: Enquiry, customer_id: int, contact_id: int, state: EnquiryState
) -> Binding:
    bindings = uow.bindings(uow.people.program())  # what was matched is the actor's to decide, pool or not
    word = decided(uow, actor, BindingState.CONFIRMED)
    known = next((one for one in bindings.of_contact(contact_id) if one.person_id == enquiry.person_id), None)
    if known is None:
        values = {"person_id": enquiry.person_id, "customer_id": customer_id, "contact_id": contact_id}
        binding_id = bindings.add(values | word | {"opened_at": uow.now})
    else:
        binding_id = known.id
        bindings.change(binding_id, word)
    _decide(uow, actor, enquiry, state, customer_id=customer_id)
    binding = bindings.get(binding_id)
    take_along(uow, actor, binding)
    tell_later(uow, binding)
    return binding


def _decide(
    uow: UnitOfWork, actor: Actor, enquiry: Enquiry, state: EnquiryState, *, customer_id: int | None = None
) -> None:
    values = {"state": state, "handled_by": actor.member_id, "customer_id": customer_id}
    EnquiryRepository(uow, actor).change(enquiry.id, values, version=enquiry.version)


def _still(uow: UnitOfWork, actor: Actor, enquiry_id: int, version: int) -> Enquiry:
    enquiry = find(uow, actor, enquiry_id)
    if enquiry.state is not EnquiryState.OPEN or enquiry.version != version:
        raise Changed("enquiry", enquiry_id)
    return enquiry
