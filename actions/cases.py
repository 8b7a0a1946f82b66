"""Cases: filing them, and what is common to all that happens to them."""

import datetime as dt
from typing import Any

from actions.survey_triggers import after_case as ask_after_case
from domain.case_clocks import WorkClock, targets
from domain.cases import (
    FOLLOWS,
    SILENCE_DAYS,
    About,
    CaseDraft,
    CaseLine,
    CaseState,
    EndedBy,
    EntryKind,
    check_words,
    new_reference,
)
from domain.people import ADMINS, Actor
from storage.away import leads_at_work, stand_in_of
from storage.due import DueRepository
from storage.feedback import listener_of
from storage.leads import leads_of
from storage.uow import UNDO, UnitOfWork

ASK, CLOSED, PROMISED, SILENCE, STATUS = "case_ask", "case_closed", "case_promised", "case_silence", "case_status"


def open_case(uow: UnitOfWork, actor: Actor | None, draft: CaseDraft, *, now: dt.datetime) -> CaseLine:
    """File a case with its clocks, for whoever is to act: the customer's owner, or, about the owner, the lead.

    Where nobody stands above the rep whom it is about, it goes to that rep: better heard than lost. What a customer
    files cannot be undone; what staff files can. ``actor`` None is the program.

    Raises:
        NotFound: the customer is missing, or not one of the staff's who files it.
        Invalid: see ``check_words``.
    """
    words = check_words(draft.words)
    is_staff = actor is not None and actor.is_staff
    if actor is not None and is_staff:
        uow.customers(actor).require_readable(draft.customer_id)
    cases = uow.cases(actor or uow.people.program())
    keeper, grade = cases.customer_of(draft.customer_id)
    owner_id, about_id = _responsible(uow, keeper, draft.about)
    hours = targets(draft.kind, grade, urgent=draft.urgent)
    clock = clock_of(uow)
    reference = new_reference()
    uow.act(
        actor,
        "case.opened",
        customer_id=draft.customer_id,
        undo=UNDO if is_staff else None,
        facts={"name": reference},
        hidden_from=about_id,
    )
    case_id = cases.add(
        {
            "reference": reference,
            "customer_id": draft.customer_id,
            "contact_id": draft.contact_id,
            "person_id": draft.person_id,
            "kind": draft.kind,
            "about": draft.about,
            "about_id": about_id,
            "urgent": draft.urgent,
            "words": words,
            "state": CaseState.RECEIVED,
            "owner_id": owner_id,
            "opened_at": now,
            "answer_due": clock.after(now, hours.answer),
            "solve_due": clock.after(now, hours.solve) if hours.solve else None,
            "invitation_id": draft.invitation_id,
        }
    )
    cases.tell(case_id, EntryKind.STATE, CaseState.RECEIVED)
    case = uow.cases(uow.people.program()).get(case_id)
    if actor is None or actor.person_id != draft.person_id or draft.invitation_id is not None:
        # who filed it here sees it at once; whom a survey made file it, soon
        follow(uow, case, STATUS, case_id, now=now)
    return case


def clock_of(uow: UnitOfWork) -> WorkClock:
    """Working time as the organisation counts it."""
    organisation = uow.organisation()
    return WorkClock(uow.calendar(), organisation.worktime, organisation.zone)


def _responsible(uow: UnitOfWork, keeper: int | None, about: About) -> tuple[int | None, int | None]:
    """Who acts, and whom it is about: member ids."""
    if keeper is None:
        return next((admin.member_id for admin in uow.people.staff(ADMINS)), None), None
    above = leads_of(uow, keeper)
    if about == About.ADVISER and above:
        at_work = stand_in_of(uow, above[0])
        return (at_work if at_work not in (None, keeper) else above[0]), keeper
    at_work = stand_in_of(uow, keeper)
    return (at_work if at_work is not None or not above else above[0]) or keeper, None


def at_work(uow: UnitOfWork, case: CaseLine, member_id: int) -> int:
    """Who hears of a case in place of ``member_id``: that one or who stands in, never the one whom it is about."""
    found = stand_in_of(uow, member_id)
    return found if found is not None and found != case.about_id else member_id


def responsible_above(uow: UnitOfWork, case: CaseLine) -> tuple[int, ...]:
    """The members to whom a case is escalated: who answers for its owner now, never whom it is about."""
    if case.owner_id is None:
        return tuple(admin.member_id for admin in uow.people.staff(ADMINS) if admin.member_id is not None)
    return tuple(member for member in leads_at_work(uow, case.owner_id) if member != case.about_id)


def follow(uow: UnitOfWork, case: CaseLine, kind: str, subject_id: int, *, now: dt.datetime) -> None:
    """Owe the customer a word about what was just done, when it can be undone no more; it is read again then."""
    listener = listener_of(uow, case)
    if listener is not None:
        key = f"{kind}:{subject_id}:{now:%Y%m%d%H%M%S%f}"
        DueRepository(uow).owe(kind, subject_id, listener[0], at=now + FOLLOWS, key=key)


def expect_word(uow: UnitOfWork, case: CaseLine, entry_id: int, *, now: dt.datetime) -> None:
    """Owe the end of the silence after "solved?": to the customer, or to the owner where no account hears of it."""
    listener = listener_of(uow, case)
    owner = uow.people.of_member(case.owner_id) if case.owner_id is not None else None
    person_id = listener[0] if listener else owner.person_id if owner else None
    if person_id is not None:
        at = clock_of(uow).days_after(now, SILENCE_DAYS)
        DueRepository(uow).owe(SILENCE, entry_id, person_id, at=at, key=f"{SILENCE}:{entry_id}")


def end(
    uow: UnitOfWork, actor: Actor, case: CaseLine, state: CaseState, by: EndedBy, *, now: dt.datetime, **more: Any
) -> int:
    """In the open act: nothing is owed any more, and surveys may ask how it was. Returns the line of the story."""
    uow.cases(actor).change(case.id, {"state": state, "ended_at": now, "ended_by": by, "waiting_since": None} | more)
    ask_after_case(uow, actor, case.id, case.customer_id, case.contact_id, now=now)
    return uow.cases(actor).tell(case.id, EntryKind.STATE, state)
