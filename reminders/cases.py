"""Clocks of cases that run out, and what customers hear of their own cases when an act can be undone no more."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from actions.cases import ASK, CLOSED, PROMISED, SILENCE, STATUS, at_work, end, responsible_above
from domain.case_clocks import Clock, Level
from domain.cases import CaseLine, CaseState, EndedBy, EntryKind, Progress
from domain.people import Actor
from domain.values import frozen
from reminders import Due
from storage import outbox
from storage.case_dues import due_kind
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import case_news as staff_view
from views import case_work
from views import feedback as view
from views.language import Translator
from views.replies import Reply

# Clocks ------------------------------------------------------------------------------------------------------------


@frozen
class Alert:
    """A clock of a case at a level; ``due`` is when it ends, or ended."""

    case: CaseLine
    due: dt.datetime


def read_clock(
    uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime, *, clock: Clock, level: Level
) -> Alert | None:
    """The case, while it is still so; a warning says nothing to who is writing the answer at this moment."""
    case = uow.cases(actor).find(row.subject_id)
    if case is None or not case.runs:
        return None
    due = _due_of(case, clock)
    if due is None:
        return None
    is_warning = level in (Level.HALF, Level.MOST)
    if is_warning is (due <= now) or (is_warning and _is_answering(uow, actor, case)):
        return None
    return Alert(case, due)


def by_case(uow: UnitOfWork, row: DueRow, member_id: int) -> int | None:
    """Of a case whose owner is away whoever stands in hears; of one that is escalated, whoever answers for it now."""
    case = uow.cases(uow.people.program()).find(row.subject_id)
    if case is None or case.owner_id is None:
        return None
    if case.owner_id == member_id:
        return at_work(uow, case, member_id)
    return next((one for one in responsible_above(uow, case) if one != member_id), None)


def _due_of(case: CaseLine, clock: Clock) -> dt.datetime | None:
    match clock:
        case Clock.ANSWER:
            return case.answer_due if case.answered_at is None else None
        case Clock.UPDATE:
            return case.update_due if case.answered_at is not None else None
        case Clock.SOLVE:
            return case.solve_due


def _is_answering(uow: UnitOfWork, actor: Actor, case: CaseLine) -> bool:
    dialog = uow.dialogs.find(actor.telegram_id, actor.person_id)
    return dialog is not None and dialog.step == case_work.STEP_ANSWER and dialog.facts["case"] == case.id


def render_clock(t: Translator, alert: Alert, now: dt.datetime, *, clock: Clock, level: Level) -> Reply:
    screen = staff_view.running_out(t, alert.case, clock, level, alert.due)
    return replace(screen, living=f"case:{alert.case.id}")


# To the customer ---------------------------------------------------------------------------------------------------


@frozen
class Told:
    """A case as its customer may see it, and the status message that new ones reply to."""

    progress: Progress
    status_id: int | None
    entry_id: int = 0


def read_status(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Told | None:
    return _told(uow, actor, row.subject_id)


def read_entry(
    uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime, *, holds: Callable[[CaseLine], bool]
) -> Told | None:
    """What the customer hears of a line of the story, while that line is the latest of its kind and still holds."""
    told = _of_latest(uow, actor, row.subject_id)
    return told if told is not None and holds(told.progress.case) else None


def _of_latest(uow: UnitOfWork, actor: Actor, entry_id: int) -> Told | None:
    program = uow.cases(uow.people.program())
    entry = program.entry(entry_id)
    if entry is None:  # undone
        return None
    latest = [one.id for one in program.story(entry.case_id) if one.kind is entry.kind]
    told = _told(uow, actor, entry.case_id)
    return replace(told, entry_id=entry_id) if told is not None and latest[-1] == entry_id else None


def _told(uow: UnitOfWork, actor: Actor, case_id: int) -> Told | None:
    case = uow.feedback(actor).find(case_id)
    if case is None:
        return None
    status_id = outbox.living_message(uow.connection, actor.telegram_id, f"case:{case_id}")
    return Told(uow.feedback(actor).progress(case), status_id)


def render_status(t: Translator, told: Told, now: dt.datetime) -> Reply:
    """The one message, brought up to date; where there is none yet, it comes as a new one."""
    return replace(view.status(t, told.progress), edit_living=True)


def render_entry(t: Translator, told: Told, now: dt.datetime, *, say: Callable[[Translator, CaseLine], Reply]) -> Reply:
    return replace(say(t, told.progress.case), reply_to=told.status_id, living=f"caseentry:{told.entry_id}")


# Silence -----------------------------------------------------------------------------------------------------------


def read_silence(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Told | CaseLine | None:
    """Nobody said anything after "solved?": the case is closed now, and the customer, or the owner, hears of it."""
    program = uow.people.program()
    entry = uow.cases(program).entry(row.subject_id)
    case = uow.cases(program).find(entry.case_id) if entry is not None else None
    if entry is None or case is None or case.state is not CaseState.SOLVED:
        return None
    latest = [one.id for one in uow.cases(program).story(case.id) if one.kind is EntryKind.STATE][-1]
    if latest != entry.id:
        return None
    facts = {"name": case.reference, "case": case.id}
    uow.act(None, "case.silenced", customer_id=case.customer_id, undo=None, facts=facts, hidden_from=case.about_id)
    end(uow, program, case, CaseState.CLOSED, EndedBy.SILENCE, now=now)
    told = _told(uow, actor, case.id)
    return replace(told, entry_id=entry.id) if told is not None else uow.cases(actor).find(case.id)


def render_silence(t: Translator, told: Told | CaseLine, now: dt.datetime) -> Reply:
    if isinstance(told, CaseLine):
        return staff_view.silent(t, told)
    status = replace(view.status(t, told.progress), edit_living=True)
    return replace(render_entry(t, told, now, say=view.closed), also=(status,))


def _clocks() -> list[Due]:
    made = []
    for clock in Clock:
        for level in Level:
            for urgent in (False, True):
                known: dict[str, Any] = {"clock": clock, "level": level}
                kind = due_kind(clock, level, urgent=urgent)
                read, render = partial(read_clock, **known), partial(render_clock, **known)
                made.append(Due(kind, read, render, unasked=not urgent, in_place=by_case))
    return made


DUE = (
    *_clocks(),
    Due(STATUS, read_status, render_status),
    Due(
        PROMISED,
        partial(read_entry, holds=lambda case: case.promised is not None),
        partial(render_entry, say=view.promised),
        unasked=True,
        own=True,
    ),
    Due(
        ASK,
        partial(read_entry, holds=lambda case: case.state is CaseState.SOLVED),
        partial(render_entry, say=view.ask_solved),
        unasked=True,
        own=True,
    ),
    Due(
        CLOSED,
        partial(read_entry, holds=lambda case: case.state is CaseState.CLOSED),
        partial(render_entry, say=view.closed),
        unasked=True,
        own=True,
    ),
    Due(SILENCE, read_silence, render_silence),
)
