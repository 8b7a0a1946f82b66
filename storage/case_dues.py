"""The clocks of cases as due rows: made again, whole, whenever a case changes, by hand, by undo or by the customer."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select

from domain.case_clocks import Clock, Level, WorkClock, moment_of, targets
from domain.cases import OPEN_STATES, STILL, CaseKind
from domain.customers import Grade
from storage.due import DueRepository
from storage.leads import leads_of
from storage.models import Case, Customer, Due, Member

if TYPE_CHECKING:
    import datetime as dt

    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_RUNS = sorted(OPEN_STATES - STILL)
RUNNING: Any = (
    select(
        *(Case.id, Case.kind, Case.urgent, Case.owner_id, Case.about_id),
        *(Case.answer_due, Case.answered_at, Case.update_due, Case.solve_due, Customer.grade),
    )
    .join(Customer, Customer.id == Case.customer_id)
    .where(Case.id.in_(_KEYS), Case.state.in_(_RUNS))
    .order_by(Case.id)
)
PERSON_OF = select(Member.person_id).where(Member.id == bindparam("member"), Member.active.is_(True))


def due_kind(clock: Clock, level: Level, *, urgent: bool) -> str:
    """The kind of due thing that tells of a clock; those of urgent cases wait for no quiet hours."""
    return f"case_{clock}_{level}" + ("_urgent" if urgent else "")


KINDS = [due_kind(clock, level, urgent=urgent) for clock in Clock for level in Level for urgent in (False, True)]
FORGET = delete(Due).where(Due.kind.in_(KINDS), Due.subject_id.in_(_KEYS), Due.state == 0)


def owe_clocks(uow: "UnitOfWork", keys: Sequence[int]) -> None:
    """Owe what the clocks of cases will tell, and nothing of those that stand still or have ended."""
    run: Any = uow.connection.execute
    run(FORGET, {"keys": keys})
    rows = run(RUNNING, {"keys": keys}).all()
    if not rows:
        return
    organisation = uow.organisation()
    clock = WorkClock(uow.calendar(), organisation.worktime, organisation.zone)
    for row in rows:
        for name, due, hours in clocks_of(row):
            for level in Level:
                at = moment_of(level, due, hours, clock)
                if at > uow.now or level not in (Level.HALF, Level.MOST):  # a warning of what is past helps nobody
                    _owe(uow, row, name, level, at)


def clocks_of(row: Any) -> Iterator[tuple[Clock, "dt.datetime", int]]:
    """The clocks that run in a case: which, when it ends, and how many working hours it has in all."""
    hours = targets(CaseKind(row.kind), Grade(row.grade), urgent=row.urgent)
    if row.answered_at is None and row.answer_due is not None:
        yield Clock.ANSWER, row.answer_due, hours.answer
    if row.answered_at is not None and row.update_due is not None:
        yield Clock.UPDATE, row.update_due, hours.update or hours.answer
    if row.solve_due is not None and hours.solve:
        yield Clock.SOLVE, row.solve_due, hours.solve


def _owe(uow: "UnitOfWork", row: Any, clock: Clock, level: Level, at: "dt.datetime") -> None:
    kind = due_kind(clock, level, urgent=row.urgent)
    for member_id in _told(uow, row, level):
        person = uow.connection.execute(PERSON_OF, {"member": member_id}).scalar_one_or_none()
        if person is not None:
            key = f"{kind}:{row.id}:{person}:{int(at.timestamp())}"  # what was told once is not told again
            DueRepository(uow).owe(kind, row.id, person, at=at, key=key)


def _told(uow: "UnitOfWork", row: Any, level: Level) -> list[int]:
    """The owner up to the breach, then the lead, then whoever stands above; never the one whom it is about."""
    if row.owner_id is None:
        return []
    leads = leads_of(uow, row.owner_id)
    match level:
        case Level.HALF | Level.MOST:
            told = [row.owner_id]
        case Level.BREACH:
            told = [row.owner_id, *leads]
        case Level.LONG:
            told = list(dict.fromkeys(above for lead in leads for above in leads_of(uow, lead))) or [*leads]
    return [member for member in told if member != row.about_id]
