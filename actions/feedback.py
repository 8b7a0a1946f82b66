"""What customers do with their own matters: file, add, confirm, reopen, ask for the manager."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.cases import clock_of, end, open_case
from domain.case_clocks import moved, targets
from domain.cases import (
    NEW_AN_HOUR,
    REOPEN_DAYS,
    STILL,
    WRONG_REFERENCES,
    CaseDraft,
    CaseLine,
    CaseState,
    EndedBy,
    EntryKind,
    File,
    check_words,
)
from domain.errors import Throttled, TooLate
from domain.people import Actor
from storage.feedback import keep_files
from storage.uow import UnitOfWork

HOUR = dt.timedelta(hours=1)
GUESS = "case"  # the kind of guess that a wrong reference counts as


def check_room(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Raises ``Throttled`` for who filed ``NEW_AN_HOUR`` cases within the hour."""
    opened = uow.feedback(actor).opened_since(now - HOUR)
    if len(opened) >= NEW_AN_HOUR:
        raise Throttled("cases", opened[0] + HOUR)


def file_feedback(
    uow: UnitOfWork, actor: Actor, binding_id: int, draft: CaseDraft, files: Sequence[File], *, now: dt.datetime
) -> CaseLine:
    """File a customer's own matter with all that was sent; who and whose comes from the binding.

    Raises:
        NotFound: the binding is not the actor's, or no longer.
        Throttled: see ``check_room``.
        Invalid: see ``domain.cases.check_words``.
    """
    check_room(uow, actor, now=now)
    binding = uow.bindings(actor).my(binding_id)
    draft = replace(draft, customer_id=binding.customer_id, contact_id=binding.contact_id, person_id=actor.person_id)
    case = open_case(uow, actor, draft, now=now)
    keep_files(uow, case.id, list(files))
    return case


def look_up(uow: UnitOfWork, actor: Actor, reference: str | None, *, now: dt.datetime) -> CaseLine | None:
    """The own case of a typed reference; ``None`` for a foreign, missing or misspelt one, each counted as a guess.

    Raises:
        Throttled: ``WRONG_REFERENCES`` of them within an hour, whatever is asked for next.
    """
    wrong = uow.people.last_guesses(actor.person_id, GUESS, most=WRONG_REFERENCES)
    if len(wrong) >= WRONG_REFERENCES and now - wrong[-1] < HOUR:
        raise Throttled("references", wrong[-1] + HOUR)
    found = uow.feedback(actor).referred(reference) if reference else None
    if found is None:
        uow.people.note_guess(actor.person_id, GUESS)
    return found


def add_words(
    uow: UnitOfWork, actor: Actor, case_id: int, words: str, files: Sequence[File], *, now: dt.datetime
) -> tuple[CaseLine, int]:
    """Add to an open matter. Clocks that stood still run on, and who was answered before is owed an answer again.

    Returns:
        The case, and the line of its story.

    Raises:
        TooLate: it has ended; it is reopened or a new one is filed instead.
    """
    case = uow.feedback(actor).get(case_id)
    if not case.is_open:
        raise TooLate("case")
    words = check_words(words)
    _act(uow, actor, case, "case.added")
    if case.state is not CaseState.SOLVED:
        _run_on(uow, actor, case, now=now)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.WORDS, words)
    keep_files(uow, case_id, list(files))
    return uow.feedback(actor).get(case_id), entry_id


def confirm(uow: UnitOfWork, actor: Actor, case_id: int, *, now: dt.datetime) -> CaseLine:
    """The customer says that it is solved; saying so twice changes nothing."""
    case = uow.feedback(actor).get(case_id)
    if case.is_open:
        _act(uow, actor, case, "case.confirmed")
        end(uow, actor, case, CaseState.CONFIRMED, EndedBy.CUSTOMER, now=now)
    return uow.feedback(actor).get(case_id)


def reopen(uow: UnitOfWork, actor: Actor, case_id: int, *, now: dt.datetime) -> CaseLine:
    """The customer says that it is not solved: the work goes on, and an answer is owed again.

    Raises:
        TooLate: it ended more than ``REOPEN_DAYS`` ago.
    """
    case = uow.feedback(actor).get(case_id)
    if case.ended_at is not None and now - case.ended_at > dt.timedelta(days=REOPEN_DAYS):
        raise TooLate("case")
    if case.state not in STILL and case.is_open:
        return case
    _act(uow, actor, case, "case.reopened")
    _run_on(uow, actor, case, now=now)
    uow.cases(actor).change(case_id, {"solved_at": None, "ended_at": None, "ended_by": None})
    return uow.feedback(actor).get(case_id)


def ask_manager(uow: UnitOfWork, actor: Actor, case_id: int, *, now: dt.datetime) -> tuple[CaseLine, bool]:
    """Mark an own matter as urgent, with the shorter clock; the lead is to be told. False: was asked before."""
    case = uow.feedback(actor).get(case_id)
    if not case.is_open:
        raise TooLate("case")
    asked = any(e.kind is EntryKind.URGENT and e.member_id is None for e in uow.cases(actor).story(case_id))
    if asked:
        return case, False
    _act(uow, actor, case, "case.escalated")
    hurry(uow, actor, case, now=now)
    return uow.feedback(actor).get(case_id), True


def hurry(uow: UnitOfWork, actor: Actor, case: CaseLine, *, now: dt.datetime) -> int:
    """In the open act: urgent, and what is owed next is owed within the urgent time. Returns the line of the story."""
    _, grade = uow.cases(actor).customer_of(case.customer_id)
    soon = clock_of(uow).after(now, targets(case.kind, grade, urgent=True).answer)
    name = "answer_due" if case.answered_at is None else "update_due"
    due = case.answer_due if case.answered_at is None else case.update_due
    uow.cases(actor).change(case.id, {"urgent": True, name: min(due or soon, soon)})
    return uow.cases(actor).tell(case.id, EntryKind.URGENT)


def _run_on(uow: UnitOfWork, actor: Actor, case: CaseLine, *, now: dt.datetime) -> None:
    """In the open act: it is our turn again. A clock that stood still goes on; the next word is owed like a first one."""
    _, grade = uow.cases(actor).customer_of(case.customer_id)
    clock = clock_of(uow)
    soon = clock.after(now, targets(case.kind, grade, urgent=case.urgent).answer)
    values: dict[str, Any] = {}
    since = case.waiting_since or case.solved_at or case.ended_at
    if case.state in STILL or not case.is_open:
        assert since is not None
        passed = clock.between(since, now).total_seconds()
        values = {
            "state": CaseState.IN_WORK,
            "waiting_since": None,
            "waited_seconds": case.waited_seconds + int(passed),
            "answer_due": moved(case.answer_due, since, now, clock),
            "solve_due": moved(case.solve_due, since, now, clock),
        }
        uow.cases(actor).tell(case.id, EntryKind.STATE, CaseState.IN_WORK)
    if case.answered_at is not None:
        still_due = case.update_due if case.update_due and case.update_due > now and not values else None
        values["update_due"] = min(still_due or soon, soon)
    uow.cases(actor).change(case.id, values)


def _act(uow: UnitOfWork, actor: Actor, case: CaseLine, kind: str) -> None:
    """A customer's act: it is not undone, but said anew."""
    facts = {"name": case.reference, "case": case.id}
    uow.act(actor, kind, customer_id=case.customer_id, undo=None, facts=facts, hidden_from=case.about_id)
