"""Sending surveys by e-mail and text message to who has no Telegram: in the daytime, not too often, to who agreed."""

import datetime as dt
from dataclasses import replace

from actions.survey_sending import choose
from actions.surveys import invitation_row
from actions.web import make_page_link
from domain.calendar import Calendar, QuietHours, held_until
from domain.carriers import Carried, Carrier, Fate, next_state
from domain.consents import COOL_DOWN, DAY_ENDS, DAY_STARTS, Purpose
from domain.customers import Contact
from domain.errors import Changed
from domain.people import Actor
from domain.survey_sending import Candidate, Invitation, left_out
from domain.surveys import InvitationState, Survey, SurveyState
from domain.values import frozen
from storage.carriers import CarriedRow
from storage.uow import UnitOfWork

PUT_OFF = dt.timedelta(hours=1)  # of what failed by a bug
NIGHT = QuietHours(DAY_ENDS, DAY_STARTS)


@frozen
class Leaving:
    """What leaves now: rendered and carried by the caller, who settles it."""

    row: CarriedRow
    attempt: int
    to: str
    contact_id: int
    survey: Survey
    token: str


@frozen
class Ended:
    """What did not surely arrive: its owner is told."""

    invitation: Invitation
    carrier: Carrier
    state: Carried


def address_of(contact: Contact, carrier: Carrier) -> str | None:
    """The first address of a contact that a carrier can use."""
    return next((one.normal for one in contact.channels if one.kind is carrier.channel and one.normal), None)


def rests(uow: UnitOfWork, contact_id: int, *, now: dt.datetime, besides: int = 0) -> dt.datetime | None:
    """Until when a contact is left alone after the last message, ``None`` when it is not."""
    last = uow.carriers.last(contact_id, besides=besides)
    return last + COOL_DOWN if last is not None and last + COOL_DOWN > now else None


def carry(
    uow: UnitOfWork,
    actor: Actor,
    survey_id: int,
    contact_id: int,
    carrier: Carrier,
    *,
    agreed: bool,
    now: dt.datetime,
) -> tuple[Invitation, int]:
    """Owe a contact a survey by e-mail or text message; it leaves when Undo is over. Returns it and the act.

    Args:
        agreed: staff say that the contact agreed by word of mouth, which is kept as the consent that it is.

    Raises:
        NotFound: the contact or the survey is out of sight.
        Changed: the contact may not be asked, has no such address, said no, or was written to lately.
    """
    contact = uow.customers(actor).contacts.get(contact_id)
    choice = choose(uow, actor, survey_id, contact.customer_id, now=now)
    decided = uow.consents.of_contact(contact_id).get(Purpose.SERVICE)
    may = decided is True or (decided is None and agreed)
    free = not uow.carriers.waits(contact_id) and rests(uow, contact_id, now=now) is None
    if not (choice.by_page and may and free and address_of(contact, carrier)):
        raise Changed("customer", contact.customer_id)
    act_id = uow.act(actor, "survey.sent", customer_id=contact.customer_id, facts={"name": choice.survey.name})
    if decided is None:
        uow.consents.decide(
            Purpose.SERVICE,
            granted=True,
            person_id=None,
            contact_id=contact_id,
            locale=actor.locale,
            channel="staff",
        )
    row = invitation_row(survey_id, now=now) | {"customer_id": contact.customer_id, "contact_id": contact_id}
    invitation_id = uow.invitations(actor).add(row | {"carrier": carrier, "carried": Carried.DUE})
    return uow.invitations(actor).get(invitation_id), act_id


# The sender's side -------------------------------------------------------------------------------------------------


def take(uow: UnitOfWork, *, now: dt.datetime) -> Leaving | Ended | bool:
    """The next one, committed as ``SENDING`` before it leaves.

    Returns:
        What leaves, what has ended, or whether something else was done and there may be more.
    """
    row = uow.carriers.next()
    if row is None:
        return False
    invitation = uow.invitations(uow.people.program()).find(row.id)
    assert invitation is not None
    if row.carried is Carried.SENDING:  # its program died in the call, which may have arrived
        return settle(uow, row.id, row.attempt, Fate.UNKNOWN, now=now) or True
    survey = uow.surveys(uow.people.program()).get(invitation.survey_id)
    one = uow.sending(uow.people.program()).of_contact(survey.id, row.contact_id or 0, row.carrier)
    rested = rests(uow, row.contact_id or 0, now=now, besides=row.id) or now
    outlasts = rested >= invitation.expires_at or (rested > now and invitation.by_rule)  # nobody recalls it by then
    if one is None or one.to is None or survey.state is not SurveyState.OPEN or not _may(one, now=now) or outlasts:
        uow.responses.note(row.id, {"state": InvitationState.WITHDRAWN})
        return True
    later = held_until(rested, NIGHT, calendar=Calendar(), zone=uow.organisation().zone, days_off=False)
    if later > now:
        uow.responses.note(row.id, {"send_at": later})
        return True
    assert invitation.contact_id is not None
    uow.act(None, "survey.delivered", customer_id=invitation.customer_id, undo=None)
    program = uow.people.program()
    token = make_page_link(uow, program, invitation.contact_id, invitation.customer_id, now=now)
    attempt = row.attempt + 1
    values = {"carried": Carried.SENDING, "carried_at": now, "attempt": attempt}
    if invitation.state is InvitationState.WAITING:
        values |= {"state": InvitationState.SENT, "sent_at": now}
    uow.responses.note(row.id, values)
    return Leaving(row, attempt, one.to, invitation.contact_id, survey, token)


def put_off(uow: UnitOfWork, *, now: dt.datetime) -> bool:
    """Let others pass what cannot be made ready; whether there was any."""
    row = uow.carriers.next()
    if row is not None:
        uow.responses.note(row.id, {"send_at": now + PUT_OFF, "carried": Carried.DUE})
    return row is not None


def settle(uow: UnitOfWork, invitation_id: int, attempt: int, fate: Fate, *, now: dt.datetime) -> Ended | None:
    """Write down what became of a call; a late word about an earlier one changes nothing."""
    row = uow.carriers.find(invitation_id)
    if row is None or row.carried is not Carried.SENDING or row.attempt != attempt:
        return None
    state, again_at = next_state(fate, attempt, now=now)
    values: dict[str, object] = {"carried": state}
    if state is Carried.DUE:
        values["send_at"] = again_at
    if state is Carried.FAILED:
        values["state"] = InvitationState.WITHDRAWN
    uow.responses.note(invitation_id, values)
    if state not in (Carried.FAILED, Carried.UNCERTAIN):
        return None
    invitation = uow.invitations(uow.people.program()).find(invitation_id)
    assert invitation is not None
    return Ended(invitation, row.carrier, state)


def _may(one: Candidate, *, now: dt.datetime) -> bool:
    """Agreed to, nothing stopped, no complaint open since; the rest is seen to apart."""
    return left_out(replace(one.alone(), nudged_at=None), now=now) is None
