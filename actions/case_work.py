"""What the staff does with a case. Every act is undone by its button; the customer hears when it no longer can be."""

import datetime as dt
from typing import Any

from actions import cases
from actions.cases import CLOSED, PROMISED, STATUS, clock_of, end, expect_word, follow
from actions.feedback import hurry
from domain.case_clocks import moved, targets
from domain.cases import (
    RECALL,
    CaseLine,
    CaseState,
    Cause,
    Done,
    EndedBy,
    EntryKind,
    check_words,
)
from domain.errors import Fault, Invalid, NotAllowed, NotFound, TooLate
from domain.people import Actor
from storage.uow import UNDO, UnitOfWork

LEARNT = frozenset({"cause", "product", "lesson"})


def take(uow: UnitOfWork, actor: Actor, case_id: int, *, version: int, now: dt.datetime) -> Done:
    """Take a case over: it is this member's from now on."""
    assert actor.member_id is not None
    return _give(uow, actor, case_id, actor.member_id, "case.taken", version=version, now=now)


def transfer(uow: UnitOfWork, actor: Actor, case_id: int, member_id: int, *, version: int, now: dt.datetime) -> Done:
    """Give a case to somebody of the own people, or to who answers for the actor.

    Raises:
        NotFound: that member is not in sight, not active, or the one whom it is about.
    """
    case = uow.cases(actor).get(case_id)
    above = cases.responsible_above(uow, case) if actor.member_id == case.owner_id else ()
    if member_id not in above:
        uow.teams(actor).member(member_id)
    if member_id == case.about_id or uow.people.of_member(member_id) is None:
        raise NotFound("member", member_id)
    return _give(uow, actor, case_id, member_id, "case.transferred", version=version, now=now)


def _give(
    uow: UnitOfWork, actor: Actor, case_id: int, member_id: int, kind: str, *, version: int, now: dt.datetime
) -> Done:
    case = _open(uow, actor, case_id)
    heir = uow.people.of_member(member_id)
    assert heir is not None
    told = [heir.person_id] if heir.person_id != actor.person_id else []
    act_id = _act(uow, actor, case, kind, told=told)
    state = CaseState.ASSIGNED if case.state is CaseState.RECEIVED else case.state
    uow.cases(actor).change(case_id, {"owner_id": member_id, "state": state}, version=version)
    if state is not case.state:
        uow.cases(actor).tell(case_id, EntryKind.STATE, state)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.TRANSFER, heir.name)
    return _done(uow, case, kind, act_id, entry_id, now=now)


def note(uow: UnitOfWork, actor: Actor, case_id: int, words: str, *, now: dt.datetime) -> Done:
    """Write something that only the staff sees."""
    case = uow.cases(actor).get(case_id)
    act_id = _act(uow, actor, case, "case.noted")
    entry_id = uow.cases(actor).tell(case_id, EntryKind.NOTE, check_words(words))
    return Done(case, "case.noted", act_id, entry_id)


def promise(
    uow: UnitOfWork, actor: Actor, case_id: int, at: dt.datetime, *, version: int | None = None, now: dt.datetime
) -> Done:
    """Promise another time for the next word. The history keeps the old one, so that what is measured stays honest."""
    case = _open(uow, actor, case_id)
    if at <= now:
        raise Invalid("at", Fault.IN_PAST)
    act_id = _act(uow, actor, case, "case.promised")
    values: dict[str, Any] = {"answer_due" if case.answered_at is None else "update_due": at}
    _work(uow, actor, case, values, version=version, now=now)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.PROMISE, at.isoformat())
    follow(uow, case, PROMISED, entry_id, now=now)
    return _done(uow, case, "case.promised", act_id, entry_id, now=now)


def wait(uow: UnitOfWork, actor: Actor, case_id: int, *, version: int, now: dt.datetime) -> Done:
    """It is the customer's turn: clocks stand still until the customer writes."""
    case = _open(uow, actor, case_id)
    act_id = _act(uow, actor, case, "case.paused")
    uow.cases(actor).change(case_id, {"state": CaseState.WAITING, "waiting_since": now}, version=version)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.STATE, CaseState.WAITING)
    return _done(uow, case, "case.paused", act_id, entry_id, now=now)


def solve(uow: UnitOfWork, actor: Actor, case_id: int, *, version: int, now: dt.datetime) -> Done:
    """It is solved, we say. The customer is asked; whoever stays silent agrees in the end."""
    case = _open(uow, actor, case_id)
    act_id = _act(uow, actor, case, "case.solved")
    values = {"state": CaseState.SOLVED, "solved_at": now, "waiting_since": None}
    values |= {"answered_at": case.answered_at or now}
    uow.cases(actor).change(case_id, values, version=version)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.STATE, CaseState.SOLVED)
    follow(uow, case, cases.ASK, entry_id, now=now)
    expect_word(uow, case, entry_id, now=now)
    return _done(uow, case, "case.solved", act_id, entry_id, now=now)


def close(uow: UnitOfWork, actor: Actor, case_id: int, reason: str, *, version: int, now: dt.datetime) -> Done:
    """End a case without the customer's word, for a reason that stays inside."""
    case = uow.cases(actor).get(case_id)
    if not case.is_open:
        raise TooLate("case")
    act_id = _act(uow, actor, case, "case.closed")
    uow.cases(actor).change(case_id, {}, version=version)  # as the screen showed it
    uow.cases(actor).tell(case_id, EntryKind.REASON, check_words(reason))
    entry_id = end(uow, actor, case, CaseState.CLOSED, EndedBy.STAFF, now=now, answered_at=case.answered_at or now)
    follow(uow, case, CLOSED, entry_id, now=now)
    return _done(uow, case, "case.closed", act_id, entry_id, now=now)


def press_on(uow: UnitOfWork, actor: Actor, case_id: int, *, now: dt.datetime) -> Done:
    """Mark a case as urgent: what is owed next is owed sooner."""
    case = _open(uow, actor, case_id)
    act_id = _act(uow, actor, case, "case.hurried")
    entry_id = hurry(uow, actor, case, now=now)
    return _done(uow, case, "case.hurried", act_id, entry_id, now=now)


def learn(uow: UnitOfWork, actor: Actor, case_id: int, field: str, value: str, *, now: dt.datetime) -> Done:
    """Record root cause, product or lesson for the later analysis."""
    assert field in LEARNT
    case = uow.cases(actor).get(case_id)
    act_id = _act(uow, actor, case, "case.analysed")
    uow.cases(actor).change(case_id, {field: Cause(value) if field == "cause" else check_words(value)})
    return _done(uow, case, "case.analysed", act_id, None, now=now)


def answer(
    uow: UnitOfWork, actor: Actor, case_id: int, words: str, *, template_id: int | None = None, now: dt.datetime
) -> Done:
    """Answer the customer, or record what was said outside the chat. Taken back by ``recall``, not by Undo."""
    case = _open(uow, actor, case_id)
    act_id = _act(uow, actor, case, "case.answered", undo=None)
    _, grade = uow.cases(actor).customer_of(case.customer_id)
    hours = targets(case.kind, grade, urgent=case.urgent)
    values: dict[str, Any] = {"answered_at": case.answered_at or now, "owner_id": case.owner_id or actor.member_id}
    values["update_due"] = clock_of(uow).after(now, hours.update) if hours.update else None
    _work(uow, actor, case, values, now=now)
    entry_id = uow.cases(actor).tell(case_id, EntryKind.ANSWER, check_words(words), template_id=template_id)
    return _done(uow, case, "case.answered", act_id, entry_id, now=now)


def filed(uow: UnitOfWork, case: CaseLine) -> Done:
    """What the staff just filed, in the open act."""
    return Done(case, "case.opened", uow.journal.act_id)


def recall(uow: UnitOfWork, actor: Actor, act_id: int, *, now: dt.datetime) -> CaseLine:
    """Take an answer back. Where nothing came after it, all that followed from it goes too; else the words alone, and
    the first answer is owed again where it was the only one.

    Raises:
        NotAllowed: somebody else's.
        TooLate: ``RECALL`` is over, or it was taken back already.
    """
    line = uow.history(actor).get(act_id)
    if line.person_id != actor.person_id or line.kind != "case.answered":
        raise NotAllowed("recall")
    if line.undone or now - line.at > RECALL:
        raise TooLate("recall")
    case = uow.cases(actor).get(line.facts["case"])
    cases_of = uow.cases(actor)
    said = max(uow.history(actor).rows_of(act_id, "case_entry"))
    story = cases_of.story(case.id)
    is_last = story[-1].id == said
    undo_id = _act(uow, actor, case, "case.recalled", undo=None, undid=act_id if is_last else None)
    if is_last:
        uow.history(actor).reverse(act_id, undo_id=undo_id)
    elif any(entry.id == said for entry in story):
        cases_of.untell(said)
        if not any(entry.kind is EntryKind.ANSWER and entry.id != said for entry in story) and case.runs:
            cases_of.change(case.id, {"answered_at": None, "update_due": None})
    else:
        raise TooLate("recall")
    return cases_of.get(case.id)


def _work(
    uow: UnitOfWork,
    actor: Actor,
    case: CaseLine,
    values: dict[str, Any],
    *,
    version: int | None = None,
    now: dt.datetime,
) -> None:
    """In the open act: somebody works on it; a clock that stood still goes on."""
    if case.state is not CaseState.IN_WORK:
        uow.cases(actor).tell(case.id, EntryKind.STATE, CaseState.IN_WORK)
    if case.waiting_since is not None:
        clock = clock_of(uow)
        passed = clock.between(case.waiting_since, now).total_seconds()
        values |= {
            "waiting_since": None,
            "waited_seconds": case.waited_seconds + int(passed),
            "solve_due": moved(case.solve_due, case.waiting_since, now, clock),
        }
    uow.cases(actor).change(case.id, {"state": CaseState.IN_WORK} | values, version=version)


def _open(uow: UnitOfWork, actor: Actor, case_id: int) -> CaseLine:
    """A case that is worked on. Raises ``TooLate`` for one that waits for the customer's yes, or has ended."""
    case = uow.cases(actor).get(case_id)
    if not case.is_open or case.state is CaseState.SOLVED:
        raise TooLate("case")
    return case


def _act(
    uow: UnitOfWork,
    actor: Actor,
    case: CaseLine,
    kind: str,
    *,
    undo: dt.timedelta | None = UNDO,
    told: list[int] | None = None,
    undid: int | None = None,
) -> int:
    facts = {"name": case.reference, "case": case.id} | ({"told": told} if told else {})
    if undid is not None:
        facts["undid"] = undid
    return uow.act(actor, kind, customer_id=case.customer_id, undo=undo, facts=facts, hidden_from=case.about_id)


def _done(uow: UnitOfWork, case: CaseLine, kind: str, act_id: int, entry_id: int | None, *, now: dt.datetime) -> Done:
    """The case as it is now, whoever may see it after a transfer; the customer's status follows."""
    follow(uow, case, STATUS, case.id, now=now)
    return Done(uow.cases(uow.people.program()).get(case.id), kind, act_id, entry_id)
