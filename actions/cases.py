"""Cases: filing them, and what the staff does with them."""

import datetime as dt

from domain.case_clocks import WorkClock, targets
from domain.cases import About, CaseDraft, CaseLine, CaseState, EntryKind, check_words, new_reference
from domain.people import ADMINS, Actor
from storage.leads import leads_of
from storage.uow import UNDO, UnitOfWork


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
    return uow.cases(uow.people.program()).get(case_id)


def clock_of(uow: UnitOfWork) -> WorkClock:
    """Working time as the organisation counts it."""
    organisation = uow.organisation()
    return WorkClock(uow.calendar(), organisation.worktime, organisation.zone)


def _responsible(uow: UnitOfWork, keeper: int | None, about: About) -> tuple[int | None, int | None]:
    """Who acts, and whom it is about: member ids."""
    if keeper is None:
        return next((admin.member_id for admin in uow.people.staff(ADMINS)), None), None
    above = leads_of(uow, keeper)
    if about is About.ADVISER and above:
        return above[0], keeper
    here = uow.people.of_member(keeper) is not None
    return (keeper if here or not above else above[0]), None
