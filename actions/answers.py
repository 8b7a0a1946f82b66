"""Answering a survey: each answer is stored as it comes; at the end a bad score calls a person."""

import datetime as dt
from dataclasses import replace
from typing import Any

from actions.cases import open_case
from domain.answers import Filling, about_visit, answered, checked, free_words, low_scores
from domain.cases import LONGEST_WORDS, About, CaseDraft, CaseKind, CaseLine, File
from domain.errors import Changed, NotFound, TooLate
from domain.people import ADMINS, Actor
from domain.survey_sending import ANSWERABLE, Invitation
from domain.surveys import EnteredBy, InvitationState, QuestionKind, SurveyState, said
from domain.values import frozen
from storage.due import DueRepository
from storage.feedback import keep_files
from storage.uow import UnitOfWork

UNFINISHED = "survey_low"  # the due row of a bad score in a survey that is not answered to its end yet
LEFT_AFTER = dt.timedelta(minutes=15)  # a slip of the finger is corrected by then, and a survey that goes on is sent


@frozen
class Sent:
    """A finished survey. ``case``: what a bad score opened; ``act_id``: of what a member entered."""

    filling: Filling
    case: CaseLine | None = None
    act_id: int | None = None


def filling(uow: UnitOfWork, actor: Actor, subject: int) -> Filling:
    """A survey to the actor's own account, or below zero what the actor enters for a customer.

    Raises:
        NotFound: it is somebody else's, or the account is no longer bound to that customer.
    """
    if subject < 0:
        return _entered(uow, actor, -subject)
    invitation = uow.invitations(actor).my(subject)
    bound = [one for one in uow.bindings(actor).mine() if one.customer_id == invitation.customer_id]
    if not bound:
        raise NotFound("invitation", subject)
    return replace(of_invitation(uow, actor, invitation), pending=not any(one.confirmed for one in bound))


def of_invitation(uow: UnitOfWork, actor: Actor, invitation: Invitation) -> Filling:
    """What an invitation asks and was answered; whoever calls has checked whose it is."""
    response = uow.responses.get(invitation.response_id) if invitation.response_id is not None else None
    return Filling(uow.surveys(actor).get(invitation.survey_id), response, invitation)


def waiting(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> list[Filling]:
    """What the actor's account was asked and has not answered, newest first."""
    found = [one for one in uow.invitations(actor).of_person(states=ANSWERABLE) if one.answerable(now)]
    bound = {one.customer_id: one.confirmed for one in uow.bindings(actor).mine()}
    return [
        replace(of_invitation(uow, actor, one), pending=not bound[one.customer_id])
        for one in found
        if one.customer_id in bound
    ]


def opened(uow: UnitOfWork, found: Filling, *, now: dt.datetime) -> Filling:
    """Note that an invitation was looked at; of an anonymous one no moment is kept."""
    invitation = found.invitation
    if invitation is None or invitation.state is not InvitationState.SENT or not invitation.answerable(now):
        return found
    at = None if found.survey.anonymous else now
    uow.responses.note(invitation.id, {"state": InvitationState.OPENED, "opened_at": at})
    return replace(found, invitation=replace(invitation, state=InvitationState.OPENED, opened_at=at))


def answer(
    uow: UnitOfWork,
    found: Filling,
    key: str,
    value: Any,
    *,
    by: EnteredBy = EnteredBy.CHAT,
    now: dt.datetime,
) -> Filling:
    """Store one answer, given or changed; answers that it no longer leads to are dropped.

    Raises:
        TooLate: it is expired, withdrawn, or sent too long ago to be changed.
        Invalid: see ``domain.answers.checked``.
        Changed: another device was faster.
    """
    if not found.takes(now):
        raise TooLate("survey")
    value = checked(found.definition.question(key), value)
    found = opened(uow, found, now=now)
    response = found.response or uow.responses.get(_start(uow, found, by, now=now))
    answers = answered(found.definition, response.answers, key, value)
    uow.responses.write(response, {"answers": answers} | ({} if found.survey.anonymous else {"at": now}))
    found = replace(found, response=replace(response, answers=answers, version=response.version + 1))
    if key in {one.key for one, _ in low_scores(found.definition, answers)}:
        _watch(uow, found, now=now)
    return _reopened(uow, found) if found.done and found.open_question is not None else found


def send(uow: UnitOfWork, actor: Actor | None, found: Filling, *, now: dt.datetime) -> Sent:
    """The survey is answered to its end: it counts, and a bad score opens a case, once.

    Of an anonymous one the invitation only keeps that it was answered, and no case opens. What a member entered can be
    undone; ``actor`` None is the web page.

    Raises:
        Changed: a question is still open, or there is nothing to send.
    """
    if found.response is None or found.open_question is not None:
        raise Changed("survey_invitation", abs(found.subject))
    if found.survey.anonymous:
        assert found.invitation is not None
        uow.responses.write(found.response, {"complete": True})
        uow.responses.part(found.invitation.id)
        uow.responses.release(found.survey.id, month=_month(uow, now), wave_id=found.invitation.wave_id)
        return Sent(replace(found, response=None, invitation=_done(found.invitation, None)))
    case = _call(uow, actor, found, now=now)
    if found.invitation is None:
        return _enter(uow, actor, found, case)
    if not found.done:
        uow.responses.write(found.response, {"complete": True, "at": now})
        at = found.invitation.done_at or now
        uow.responses.note(found.invitation.id, {"state": InvitationState.DONE, "done_at": at})
        hidden = found.invitation.owner_id if about_visit(found.survey) else None
        facts = {"name": found.survey.name}
        customer = found.invitation.customer_id
        uow.act(actor, "survey.answered", customer_id=customer, undo=None, facts=facts, hidden_from=hidden)
        found = replace(found, invitation=_done(found.invitation, at))
    return Sent(found, case)


def call_unfinished(uow: UnitOfWork, invitation_id: int, *, now: dt.datetime) -> CaseLine | None:
    """Open the case of a bad score whose survey was left before its end; ``None``: corrected, sent, or open already."""
    program = uow.people.program()
    asked = uow.invitations(program).find(invitation_id)
    if asked is None or asked.response_id is None:
        return None
    found = of_invitation(uow, program, asked)
    if found.survey.anonymous:
        return None
    if asked.person_id is None:  # on the page
        return _call(uow, None, found, now=now)
    actor = uow.people.actor(asked.person_id)
    bound = any(one.customer_id == asked.customer_id for one in uow.bindings(actor).mine())
    return _call(uow, actor, found, now=now) if bound else None


def call_me(uow: UnitOfWork, actor: Actor | None, found: Filling, words: str, *, now: dt.datetime) -> CaseLine:
    """Who answered without a name asks for a call, and only now is known; the answers stay without a name.

    Args:
        words: what the case says, in the customer's language.

    Raises:
        TooLate: it is not answered, or the call was asked for already.
    """
    assert found.invitation is not None
    if not (found.survey.anonymous and found.done) or uow.responses.case_of(found.invitation.id) is not None:
        raise TooLate("survey")
    return open_case(uow, actor, _draft(found, words, About.SERVICE), now=now)


def enter(
    uow: UnitOfWork,
    actor: Actor,
    survey_id: int,
    *,
    customer_id: int,
    contact_id: int,
    by: EnteredBy,
    now: dt.datetime,
) -> Filling:
    """Begin, or go on, to enter the answers of a customer who was asked by phone or face to face.

    Raises:
        NotFound: the customer is outside the scope, or the survey is.
        TooLate: the survey is not open, or anonymous: who enters knows whose answers they are.
    """
    uow.customers(actor).require_readable(customer_id)
    survey = uow.surveys(actor).get(survey_id)
    if survey.state is not SurveyState.OPEN or survey.anonymous:
        raise TooLate("survey")
    assert actor.member_id is not None
    begun = uow.responses.entry(survey_id, contact_id, actor.member_id)
    if begun is not None:
        return _entered(uow, actor, begun.id)
    owner = uow.customers(actor).line(customer_id).owner_id
    values: dict[str, Any] = {"customer_id": customer_id, "contact_id": contact_id, "member_id": owner, "at": now}
    month = _month(uow, now)
    values |= {"survey_id": survey_id, "month": month, "entered_by": by, "entered_member_id": actor.member_id}
    return _entered(uow, actor, uow.responses.start(values))


def _entered(uow: UnitOfWork, actor: Actor, response_id: int) -> Filling:
    """What the actor enters, of a customer that is still in scope."""
    response = uow.responses.get(response_id)
    if actor.member_id is None or response.entered_member_id != actor.member_id or response.customer_id is None:
        raise NotFound("response", response_id)
    uow.customers(actor).require_readable(response.customer_id)
    customer = uow.customers(actor).line(response.customer_id).name
    return Filling(uow.surveys(actor).get(response.survey_id), response, customer=customer)


def _enter(uow: UnitOfWork, actor: Actor | None, found: Filling, case: CaseLine | None) -> Sent:
    """In the act of the case that it opened, so that one Undo takes both back; what was asked by message is over."""
    assert actor is not None and found.response is not None and found.response.customer_id is not None
    customer_id = found.response.customer_id
    if case is None:
        uow.act(actor, "survey.entered", customer_id=customer_id, facts={"name": found.survey.name})
    uow.responses.complete(found.response)
    for asked in uow.invitations(actor).of_customer(customer_id):
        if asked.survey_id == found.survey.id and asked.contact_id == found.response.contact_id and _pends(asked):
            uow.invitations(actor).change(asked.id, {"state": InvitationState.WITHDRAWN})
    done = replace(found.response, complete=True, version=found.response.version + 1)
    return Sent(replace(found, response=done), case, uow.journal.act_id)


def _watch(uow: UnitOfWork, found: Filling, *, now: dt.datetime) -> None:
    """A bad score is given and more is asked: a person is called soon, whether or not the rest is ever answered."""
    asked = found.invitation
    if asked is None or found.survey.anonymous or found.open_question is None:
        return
    person_id = asked.person_id if asked.person_id is not None else _keeper(uow, asked)
    if person_id is not None:
        key = f"{UNFINISHED}:{asked.id}:{now.isoformat()}"
        DueRepository(uow).owe(UNFINISHED, asked.id, person_id, at=now + LEFT_AFTER, key=key)


def _keeper(uow: UnitOfWork, asked: Invitation) -> int | None:
    """Whose clock it is when the customer has no account: the owner's, else an admin's."""
    owner = uow.people.of_member(asked.owner_id) if asked.owner_id is not None else None
    return next((one.person_id for one in (owner, *uow.people.staff(ADMINS)) if one is not None), None)


def _pends(asked: Invitation) -> bool:
    return asked.response_id is None and (asked.state in ANSWERABLE or asked.state is InvitationState.WAITING)


def _start(uow: UnitOfWork, found: Filling, by: EnteredBy, *, now: dt.datetime) -> int:
    assert found.invitation is not None
    asked = found.invitation
    values: dict[str, Any] = {"survey_id": asked.survey_id, "wave_id": asked.wave_id, "entered_by": by}
    values["month"] = _month(uow, now)
    if not found.survey.anonymous:
        values |= {"customer_id": asked.customer_id, "contact_id": asked.contact_id, "member_id": asked.owner_id}
    return uow.responses.start(values, invitation_id=asked.id)


def _month(uow: UnitOfWork, now: dt.datetime) -> dt.date:
    return now.astimezone(uow.organisation().zone).date().replace(day=1)


def _reopened(uow: UnitOfWork, found: Filling) -> Filling:
    """A change opened a question that was not asked before: it is not sent until that is answered."""
    assert found.invitation is not None and found.response is not None
    uow.responses.write(found.response, {"complete": False})
    uow.responses.note(found.invitation.id, {"state": InvitationState.OPENED})
    response = replace(found.response, complete=False, version=found.response.version + 1)
    return replace(found, response=response, invitation=replace(found.invitation, state=InvitationState.OPENED))


def _done(invitation: Invitation, at: dt.datetime | None) -> Invitation:
    gone = invitation.response_id if at else None
    return replace(invitation, state=InvitationState.DONE, done_at=at, response_id=gone)


def _call(uow: UnitOfWork, actor: Actor | None, found: Filling, *, now: dt.datetime) -> CaseLine | None:
    """The case of a bad score: about the rep where the survey is, so that it leaves no trace on the rep's screens."""
    low = low_scores(found.definition, found.answers)
    if not low or (found.invitation and uow.responses.case_of(found.invitation.id) is not None):
        return None
    locale = actor.locale if actor else uow.organisation().locale
    scores = "\n".join(f"{said(one.texts, locale)} – {value}" for one, value in low)
    words = "\n".join(part for part in (free_words(found.definition, found.answers), scores) if part)
    about = About.ADVISER if found.invitation and about_visit(found.survey) else About.SERVICE
    case = open_case(uow, actor, _draft(found, words, about), now=now)
    photos = [found.answers.get(one.key) for one in found.definition.questions if one.kind is QuestionKind.PHOTO]
    keep_files(uow, case.id, [File("photo", one, one, name="photo.jpg") for one in photos if isinstance(one, str)])
    return case


def _draft(found: Filling, words: str, about: About) -> CaseDraft:
    asked, response = found.invitation, found.response
    customer_id = asked.customer_id if asked else response.customer_id if response else None
    assert customer_id is not None
    return CaseDraft(
        customer_id=customer_id,
        kind=CaseKind.COMPLAINT,
        about=about,
        words=words[:LONGEST_WORDS],
        contact_id=asked.contact_id if asked else response.contact_id if response else None,
        person_id=asked.person_id if asked else None,
        invitation_id=asked.id if asked else None,
    )
