"""Sending surveys: to one customer, to all that a filter holds, and taking back what is not answered."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from actions.surveys import asked_by, invitation_row, invite
from domain.errors import Changed, TooLate
from domain.people import Actor
from domain.survey_sending import (
    MOST_IN_WAVE,
    PENDING,
    Audience,
    Candidate,
    Invitation,
    LeftOut,
    Plan,
    Wave,
    left_out,
)
from domain.surveys import InvitationState, Survey, SurveyState
from domain.values import frozen
from storage.uow import UnitOfWork


@frozen
class Choice:
    """A customer with the accounts that may be asked, and why each other may not.

    ``by_page``: no account, and nothing else that speaks against asking.
    """

    survey: Survey
    customer: str
    customer_id: int
    may: tuple[Candidate, ...]
    why: LeftOut | None
    by_page: bool = False


def plan(uow: UnitOfWork, actor: Actor, survey_id: int, audience: Audience, *, now: dt.datetime) -> Plan:
    """Whom a survey would go to, one person per customer and one way per person, and how many are left out and why.

    Raises:
        NotFound: the survey is not in sight.
        TooLate: it is not open.
    """
    survey = _open(uow, actor, survey_id)
    carriers = uow.organisation().carriers
    go, rest, left = list[Candidate](), list[Candidate](), Counter[LeftOut]()
    for some in uow.sending(actor).candidates(survey_id, audience, by=carriers):
        reasons = [left_out(one, now=now) for one in some]
        rest += [one for one, why in zip(some, reasons, strict=True) if why in (LeftOut.ASKED, LeftOut.COOL_DOWN)]
        if None in reasons:
            go.append(some[reasons.index(None)])
        else:
            left[min((r for r in reasons if r), key=list(LeftOut).index)] += 1
    if carriers and LeftOut.NO_ACCOUNT in left:
        left[LeftOut.NO_ADDRESS] = left.pop(LeftOut.NO_ACCOUNT)
    once = _each_once(uow, actor, go, rest)
    if len(once) < len(go):
        left[LeftOut.ASKED] += len(go) - len(once)
    return Plan(survey, audience, uow.sending(actor).names(audience), once, left)


def _each_once(
    uow: UnitOfWork, actor: Actor, go: Sequence[Candidate], rest: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """Without those whose address somebody has who is asked too, or was (``rest``): it is one person in two records."""
    if not any(one.carrier for one in go):
        return tuple(go)
    here = [one.contact_id for one in (*go, *rest) if one.contact_id and not one.carrier]
    seen = uow.sending(actor).addresses(here) | {one.to for one in rest if one.to}
    kept = []
    for one in go:
        if one.carrier and one.to in seen:
            continue
        kept.append(one)
        seen.update([one.to] if one.to else ())
    return tuple(kept)


def send_wave(
    uow: UnitOfWork, actor: Actor, survey_id: int, audience: Audience, *, expected: int, now: dt.datetime
) -> tuple[Wave, int]:
    """Owe an invitation to everybody of a plan, and keep what was planned; returns the wave and the act.

    Raises:
        Changed: it would go to another number of customers than the screen said.
        NotFound, TooLate: see ``plan``.
    """
    planned = plan(uow, actor, survey_id, audience, now=now)
    if len(planned.go) != expected or not 0 < expected <= MOST_IN_WAVE:
        raise Changed("survey", survey_id)
    facts = {"name": planned.survey.name, "count": expected}
    act_id = uow.act(actor, "survey.wave_sent", facts=facts)
    wave_id = uow.sending(actor).add_wave(survey_id, planned.facts)
    shared = invitation_row(survey_id, wave_id=wave_id, now=now)
    uow.invitations(actor).add_many([shared | asked_by(one) for one in planned.go])
    return uow.sending(actor).waves(survey_id, most=1)[0], act_id


def choose(uow: UnitOfWork, actor: Actor, survey_id: int, customer_id: int, *, now: dt.datetime) -> Choice:
    """Which accounts of a customer may be asked. Raises ``NotFound`` outside the scope, ``TooLate`` when not open."""
    survey = _open(uow, actor, survey_id)
    accounts = uow.sending(actor).of_customer(survey_id, customer_id)
    may = tuple(one for one in accounts if left_out(one, now=now) is None)
    first = accounts[0]
    why = None if may else left_out(first, now=now)
    if first.person_id is None and (first.complaint or first.hidden):
        why = LeftOut.COMPLAINT if first.complaint else LeftOut.COOL_DOWN
    return Choice(survey, first.customer, customer_id, may, why, by_page=why is LeftOut.NO_ACCOUNT)


def send_one(
    uow: UnitOfWork, actor: Actor, survey_id: int, customer_id: int, contact_id: int, *, now: dt.datetime
) -> tuple[Invitation, int]:
    """Owe one contact an invitation; returns it and the act.

    Raises:
        NotFound: the customer or survey is out of sight, or the contact has no account.
        Changed: the contact may not be asked (any more); the screen before said who may.
        TooLate: the survey is not open.
    """
    choice = choose(uow, actor, survey_id, customer_id, now=now)
    chosen = next((one for one in choice.may if one.contact_id == contact_id), None)
    if chosen is None:
        raise Changed("customer", customer_id)
    act_id = uow.act(actor, "survey.sent", customer_id=customer_id, facts={"name": choice.survey.name})
    invitation_id = invite(
        uow,
        actor,
        survey_id,
        chosen,
        now=now,
    )
    return uow.invitations(actor).get(invitation_id), act_id


def withdraw(uow: UnitOfWork, actor: Actor, invitation_id: int, *, version: int) -> tuple[Invitation, int]:
    """Take back an invitation that is not answered: what waits never leaves, what was sent takes no answer any more.

    Raises:
        NotFound: it is of a customer outside the scope.
        TooLate: it is answered or over.
        Changed: it went on since the screen was drawn.
    """
    one = uow.invitations(actor).get(invitation_id)
    if one.state not in PENDING:
        raise TooLate("invitation")
    survey = uow.surveys(actor).get(one.survey_id)
    act_id = uow.act(actor, "survey.withdrawn", customer_id=one.customer_id, facts={"name": survey.name})
    uow.invitations(actor).change(invitation_id, {"state": InvitationState.WITHDRAWN}, version=version)
    return uow.invitations(actor).get(invitation_id), act_id


def _open(uow: UnitOfWork, actor: Actor, survey_id: int) -> Survey:
    survey = uow.surveys(actor).get(survey_id)
    if survey.state is not SurveyState.OPEN:
        raise TooLate("survey")
    return survey
