"""What the clock does with an invitation: it leaves, is called to mind once, and is over."""

import datetime as dt

from domain.calendar import localize
from domain.consents import COOL_DOWN
from domain.people import Actor
from domain.reminders import USUAL_TIME
from domain.survey_sending import PENDING, Invitation, LeftOut, left_out
from domain.surveys import InvitationState, Survey, SurveyState
from domain.values import frozen
from storage.uow import UnitOfWork


@frozen
class Delivery:
    """An invitation that is told to its customer now."""

    survey: Survey
    invitation: Invitation


def deliver(uow: UnitOfWork, actor: Actor, invitation_id: int, *, now: dt.datetime) -> Delivery | None:
    """Send a waiting invitation, read again as its customer: ``None`` when it must not leave, or not yet.

    Whoever was written to meanwhile is asked when that has rested; whoever complained meanwhile, unbound, or would be
    asked about a visit of last week, is not asked.
    """
    found = _standing(uow, actor, invitation_id)
    if found is None or found.invitation.state is not InvitationState.WAITING:
        return None
    one = found.invitation
    uow.act(None, "survey.delivered", customer_id=one.customer_id, undo=None)
    account = uow.sending(actor).of_person(one.survey_id, one.customer_id, actor.person_id)
    rested = account.nudged_at + COOL_DOWN if account and account.nudged_at else now
    why = left_out_now(uow, actor, found, now=now)
    if why is LeftOut.COOL_DOWN and not one.by_rule and rested < one.expires_at:
        uow.invitations(actor).change(one.id, {"send_at": rested})
        return None
    if why is not None or found.survey.state is not SurveyState.OPEN:
        uow.invitations(actor).change(one.id, {"state": InvitationState.WITHDRAWN})
        return None
    uow.invitations(actor).change(one.id, {"state": InvitationState.SENT, "sent_at": now})
    return Delivery(found.survey, uow.invitations(actor).my(one.id))


def left_out_now(uow: UnitOfWork, actor: Actor, found: Delivery, *, now: dt.datetime) -> LeftOut | None:
    """Why the customer of an invitation may not be asked any more."""
    one = found.invitation
    account = uow.sending(actor).of_person(one.survey_id, one.customer_id, actor.person_id)
    if account is None:
        return LeftOut.NO_ACCOUNT
    return left_out(account.alone(), now=now)


def chase(uow: UnitOfWork, actor: Actor, invitation_id: int, *, now: dt.datetime) -> Delivery | None:
    """Call a survey to mind, once; ``None`` when it is answered, over, or the customer complained since."""
    found = _standing(uow, actor, invitation_id)
    if found is None or not found.invitation.answerable(now) or found.invitation.reminded_at is not None:
        return None
    if found.survey.state is not SurveyState.OPEN or left_out_now(uow, actor, found, now=now) not in (
        None,
        LeftOut.COOL_DOWN,  # its own invitation, three days ago
    ):
        return None
    uow.act(None, "survey.chased", customer_id=found.invitation.customer_id, undo=None)
    uow.invitations(actor).change(invitation_id, {"reminded_at": now})
    return Delivery(found.survey, uow.invitations(actor).my(invitation_id))


def expire(uow: UnitOfWork, actor: Actor, invitation_id: int, *, now: dt.datetime) -> Delivery | None:
    """End an invitation that nobody answered; returned where somebody should call: it was sent to this one by hand."""
    found = _standing(uow, actor, invitation_id)
    if found is None or found.invitation.state not in PENDING or found.invitation.expires_at > now:
        return None
    one = found.invitation
    uow.act(None, "survey.expired", customer_id=one.customer_id, undo=None)
    uow.invitations(actor).change(one.id, {"state": InvitationState.EXPIRED})
    calls = one.by_hand and one.sent_at is not None and not found.survey.anonymous
    return found if calls and found.survey.state is SurveyState.OPEN else None


def owe_call(uow: UnitOfWork, owner: Actor, found: Delivery, words: str, *, now: dt.datetime) -> None:
    """Let the owner be reminded, the next working morning, to call and ask."""
    today = now.astimezone(owner.zone).date()
    day = uow.calendar().next_working_day(today + dt.timedelta(days=1))
    at = localize(day, USUAL_TIME, owner.zone)
    uow.reminders(owner).add(words, at, customer_id=found.invitation.customer_id)


def _standing(uow: UnitOfWork, actor: Actor, invitation_id: int) -> Delivery | None:
    """As it stands now; one without an account (``person_id`` None) is only ever ended, as its owner."""
    one = uow.invitations(actor).find(invitation_id)
    if one is None or one.person_id not in (None, actor.person_id):
        return None
    reader = actor if one.person_id is not None else uow.people.program()
    return Delivery(uow.surveys(reader).get(one.survey_id), one)
