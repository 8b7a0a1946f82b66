"""What a customer without Telegram does on the own page; the acts are nobody's account's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import answers
from actions.answers import Sent, of_invitation
from actions.cases import open_case
from actions.survey_sending import choose
from actions.surveys import invitation_row
from domain.answers import Filling, about_visit
from domain.bindings import LINK_DAYS, LinkKind
from domain.cases import About, CaseDraft, CaseKind, CaseLine, File
from domain.consents import Purpose
from domain.customers import Contact
from domain.errors import Changed, NotFound, Throttled
from domain.people import Actor
from domain.survey_sending import ANSWERABLE, Invitation
from domain.surveys import EnteredBy, InvitationState, QuestionKind
from domain.tokens import hash_token, new_token
from domain.uploads import MOST_PICTURES, is_upload
from domain.web import OPEN_AN_HOUR, Visitor
from storage.customer_links import CustomerLinkRepository
from storage.feedback import files_of, keep_files
from storage.uow import UnitOfWork

HOUR = dt.timedelta(hours=1)
_STATES = frozenset(InvitationState) - {InvitationState.WAITING}


def make_page_link(uow: UnitOfWork, actor: Actor, contact_id: int, customer_id: int, *, now: dt.datetime) -> str:
    """In the open act: the token of a link to a contact's page, valid for ``LINK_DAYS``; others stay valid."""
    token = new_token()
    values = {"kind": LinkKind.PAGE, "customer_id": customer_id, "contact_id": contact_id}
    links = CustomerLinkRepository(uow, actor)
    links.add(hash_token(token), values | {"expires_at": now + dt.timedelta(days=LINK_DAYS)})
    return token


def show_link(uow: UnitOfWork, actor: Actor, contact_id: int, *, now: dt.datetime) -> tuple[str, Contact, int]:
    """The token of a link that staff hand over, whose page it is, and the act. Raises ``NotFound`` outside the scope."""
    contact = uow.customers(actor).contacts.get(contact_id)
    act_id = uow.act(actor, "link.made", customer_id=contact.customer_id)
    return make_page_link(uow, actor, contact.id, contact.customer_id, now=now), contact, act_id


def ask_by_link(
    uow: UnitOfWork, actor: Actor, survey_id: int, contact_id: int, *, now: dt.datetime
) -> tuple[str, Invitation, int]:
    """Put a survey on the page of a contact without an account, for staff to hand over; the token, what was asked, the act.

    A survey that stands there already is not asked twice.

    Raises:
        NotFound: the contact or the survey is out of sight.
        Changed: the contact may not be asked (any more), or not by who would see the answers.
    """
    contact = uow.customers(actor).contacts.get(contact_id)
    choice = choose(uow, actor, survey_id, contact.customer_id, now=now)
    if not choice.by_page or about_visit(choice.survey):
        raise Changed("customer", contact.customer_id)
    act_id = uow.act(actor, "survey.sent", customer_id=contact.customer_id, facts={"name": choice.survey.name})
    token = make_page_link(uow, actor, contact_id, contact.customer_id, now=now)
    asked = uow.invitations(actor).of_contact(contact_id, states=ANSWERABLE)
    known = next((one for one in asked if one.survey_id == survey_id and one.answerable(now)), None)
    if known is not None:
        return token, known, act_id
    row = invitation_row(survey_id, now=now) | {"state": InvitationState.SENT, "send_at": now, "sent_at": now}
    row |= {"customer_id": contact.customer_id, "contact_id": contact_id, "person_id": None}
    return token, uow.invitations(actor).get(uow.invitations(actor).add(row)), act_id


# Answering ---------------------------------------------------------------------------------------------------------


def waiting(uow: UnitOfWork, visitor: Visitor, *, now: dt.datetime) -> list[Filling]:
    """The surveys that the page asks, newest first."""
    return [one for one in _asked(uow, visitor) if one.invitation and one.invitation.answerable(now)]


def filling(uow: UnitOfWork, visitor: Visitor, invitation_id: int) -> Filling:
    """One of the contact's surveys, answered or not.

    Raises:
        NotFound: it is somebody else's, or one about the rep, who saw this link.
    """
    for one in _asked(uow, visitor):
        if one.subject == invitation_id:
            return one
    raise NotFound("invitation", invitation_id)


def _asked(uow: UnitOfWork, visitor: Visitor) -> list[Filling]:
    program = uow.people.program()
    found = [
        replace(of_invitation(uow, program, one), pending=True)
        for one in uow.invitations(program).of_contact(visitor.contact_id, states=_STATES)
    ]
    return [one for one in found if not (visitor.shown and about_visit(one.survey))]


def answer(uow: UnitOfWork, found: Filling, key: str, value: Any, *, version: int, now: dt.datetime) -> Filling:
    """Store an answer given on a page that showed the survey as it stands.

    Raises:
        Changed: it was answered since, on another device or by a second tap.
        TooLate, Invalid: see ``actions.answers.answer``.
    """
    if version != found.version:
        raise Changed("survey_invitation", found.subject)
    stored = answers.answer(uow, found, key, value, by=EnteredBy.WEB, now=now)
    photos = [one.key for one in found.definition.questions if one.kind is QuestionKind.PHOTO]
    uow.uploads.remove(found.answers.get(one) for one in photos if found.answers.get(one) != stored.answers.get(one))
    return stored


def send(uow: UnitOfWork, found: Filling, *, now: dt.datetime) -> Sent:
    """See ``actions.answers.send``."""
    return answers.send(uow, None, found, now=now)


def case_of(uow: UnitOfWork, found: Filling) -> CaseLine | None:
    """What a bad score of it opened."""
    case_id = uow.responses.case_of(found.subject)
    return uow.cases(uow.people.program()).get(case_id) if case_id is not None else None


# The own word ------------------------------------------------------------------------------------------------------


def file_feedback(
    uow: UnitOfWork,
    visitor: Visitor,
    kind: CaseKind,
    about: About,
    words: str,
    *,
    urgent: bool,
    pictures: Sequence[bytes] = (),
    now: dt.datetime,
) -> tuple[CaseLine, bool]:
    """File what somebody wrote on the page, for whoever is to act.

    Returns:
        The case, and whether it is new: the same words within the hour are a form that was sent twice.

    Raises:
        Throttled: ``OPEN_AN_HOUR`` of them within the hour.
        Invalid: see ``domain.cases.check_words``.
    """
    recent = uow.web.opened_since(visitor.contact_id, now - HOUR)
    for case in recent:
        if (case.kind, case.about, case.words) == (kind, about, words.strip()):
            _keep_new(uow, case, pictures)
            return case, False
    if len(recent) >= OPEN_AN_HOUR:
        raise Throttled("cases", recent[0].opened_at + HOUR)
    draft = CaseDraft(visitor.customer_id, kind, about, words, contact_id=visitor.contact_id, urgent=urgent)
    case = open_case(uow, None, draft, now=now)
    _keep(uow, case, pictures)
    return case, True


def _keep_new(uow: UnitOfWork, case: CaseLine, pictures: Sequence[bytes]) -> None:
    """Of a form that was sent again, the pictures that were not there the first time, as many as one form may have."""
    known = [uow.uploads.content(file.file_id) for file in files_of(uow, case.id) if is_upload(file.file_id)]
    if new := [one for one in pictures if one not in known][: MOST_PICTURES - len(known)]:
        facts = {"name": case.reference, "case": case.id}
        uow.act(None, "case.added", customer_id=case.customer_id, undo=None, facts=facts, hidden_from=case.about_id)
        _keep(uow, case, new)


def _keep(uow: UnitOfWork, case: CaseLine, pictures: Sequence[bytes]) -> None:
    """In the open act."""
    kept = [(uow.uploads.add(one), len(one)) for one in pictures]
    keep_files(uow, case.id, [File("photo", key, key, size, "photo.jpg") for key, size in kept])


def decide(uow: UnitOfWork, visitor: Visitor, purpose: Purpose, *, granted: bool, locale: str) -> None:
    """Keep what somebody agreed to on the page, or did not; saying the same again changes nothing."""
    if uow.consents.of_contact(visitor.contact_id).get(purpose) is granted:
        return
    uow.act(None, "consent.decided", customer_id=visitor.customer_id, undo=None)
    uow.consents.decide(
        purpose,
        granted=granted,
        person_id=None,
        contact_id=visitor.contact_id,
        locale=locale,
        channel="web",
        link_id=visitor.link_id,
    )
