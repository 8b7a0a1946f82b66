"""Cases as the staff may see them: one condition decides, for every screen, count, list and message.

A case about a rep (``about_id``) does not exist for that rep, whatever the way: it is outside ``readable``. Other reps
see it only where it was handed to them; leads and admins like every case of their people.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, false, func, or_, select, true

from domain.cases import OPEN_STATES, STILL, About, CaseKind, CaseLine, CaseState, Entry, EntryKind
from domain.customers import PAGE, Grade, Page
from domain.errors import NotFound
from domain.people import Actor, Role
from storage.models import Case, CaseEntry, Contact, Customer, Member
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

C = Case
LINE = (
    select(
        *(C.id, C.version, C.reference, C.customer_id, Customer.name.label("customer")),
        *(C.contact_id, Contact.name.label("contact"), C.person_id, C.kind, C.about, C.about_id, C.urgent, C.words),
        *(C.state, C.owner_id, Member.name.label("owner"), C.opened_at, C.answer_due, C.answered_at, C.update_due),
        *(C.solve_due, C.solved_at, C.waiting_since, C.waited_seconds, C.ended_at, C.ended_by),
        *(C.cause, C.product, C.lesson),
    )
    .join(Customer, Customer.id == C.customer_id)
    .outerjoin(Contact, Contact.id == C.contact_id)
    .outerjoin(Member, Member.id == C.owner_id)
)
IS_OPEN = C.state.in_(sorted(OPEN_STATES))
_OURS = C.state.not_in(sorted(STILL))
_LATER = case((C.update_due < C.solve_due, C.update_due), else_=func.coalesce(C.solve_due, C.update_due))
_NEXT_DUE = case((C.answered_at.is_(None), C.answer_due), else_=_LATER)
_BY_CLOCK = (case((_OURS, 0), else_=1), case((_NEXT_DUE.is_(None), 1), else_=0), _NEXT_DUE, C.id)
ENTRIES = (
    select(
        CaseEntry.id,
        CaseEntry.case_id,
        CaseEntry.kind,
        CaseEntry.member_id,
        Member.name.label("member"),
        CaseEntry.text,
        CaseEntry.at,
    )
    .outerjoin(Member, Member.id == CaseEntry.member_id)
    .order_by(CaseEntry.id)
)
STORY = ENTRIES.where(CaseEntry.case_id == bindparam("case"))
ENTRY = ENTRIES.where(CaseEntry.id == bindparam("entry"))
OF_CUSTOMER = select(Customer.owner_id, Customer.grade).where(Customer.id == bindparam("customer"))


class CaseRepository:
    """Cases for the staff: a rep's own, a lead's tree, an admin's all; never those about the reader."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    # Reading ---------------------------------------------------------------------------------------------------

    def readable(self) -> ColumnElement[bool]:
        """The condition that every query starts from."""
        scope = scope_of(self._uow, self._actor)
        inside = true() if scope.everything else self._inside(sorted(scope.owners))
        if self._actor.member_id is None:
            return inside
        kept_from = sorted({self._actor.member_id} | scope.borrowed)
        return and_(inside, or_(C.about_id.is_(None), C.about_id.not_in(kept_from)))

    def _inside(self, owners: Sequence[int]) -> ColumnElement[bool]:
        if not owners:
            return false()
        by_customer: ColumnElement[bool] = Customer.owner_id.in_(owners)
        if self._actor.role is Role.REP:
            by_customer = and_(by_customer, C.about_id.is_(None))
        return or_(by_customer, C.owner_id.in_(owners))

    def get(self, case_id: int) -> CaseLine:
        """A case. Raises ``NotFound`` outside the scope."""
        found = self.find(case_id)
        if found is None:
            raise NotFound("case", case_id)
        return found

    def find(self, case_id: int) -> CaseLine | None:
        """A case, or ``None`` outside the scope."""
        return self._one(C.id == case_id)

    def referred(self, reference: str) -> CaseLine | None:
        """The case of a public reference, or ``None`` outside the scope."""
        return self._one(C.reference == reference)

    def page(self, number: int = 0, *, mine: bool) -> Page[CaseLine]:
        """Open cases, what presses most first: those of the actor, or all in sight."""
        return self._page(number, IS_OPEN, self._on_me() if mine else true())

    def page_of(self, customer_id: int, number: int = 0) -> Page[CaseLine]:
        """A customer's cases, the open ones first. Raises ``NotFound`` for a customer outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        return self._page(number, C.customer_id == customer_id, first=(case((IS_OPEN, 0), else_=1),))

    def count_open(self, customer_id: int) -> int:
        """How many open cases of a customer the actor sees."""
        return self._count(C.customer_id == customer_id, IS_OPEN)

    def waiting(self) -> list[CaseLine]:
        """Open cases in which it is the actor's turn, what presses most first."""
        wanted = LINE.where(self.readable(), self._on_me(), IS_OPEN, _OURS)
        return [line_of(row) for row in self._run(wanted.order_by(*_BY_CLOCK))]

    def story(self, case_id: int) -> list[Entry]:
        """All that happened, oldest first, of a case whose scope was checked."""
        return [_entry(row) for row in self._run(STORY, {"case": case_id})]

    def entry(self, entry_id: int) -> Entry | None:
        """One line of a story, while it stands: what was undone is gone. The caller checks the case's scope."""
        row = self._run(ENTRY, {"entry": entry_id}).one_or_none()
        return _entry(row) if row is not None else None

    def customer_of(self, customer_id: int) -> tuple[int | None, Grade]:
        """Owner and grade of a customer: what a new case follows from, whoever opens it."""
        row = self._run(OF_CUSTOMER, {"customer": customer_id}).one_or_none()
        if row is None:
            raise NotFound("customer", customer_id)
        return row.owner_id, Grade(row.grade)

    def _on_me(self) -> ColumnElement[bool]:
        """Those of the actor, and of whoever has the actor as stand-in."""
        return C.owner_id.in_([self._actor.member_id, *scope_of(self._uow, self._actor).stands_for])

    def _one(self, wanted: ColumnElement[bool]) -> CaseLine | None:
        row = self._run(LINE.where(wanted, self.readable())).one_or_none()
        return line_of(row) if row is not None else None

    def _page(self, number: int, *wanted: ColumnElement[bool], first: Sequence[Any] = ()) -> Page[CaseLine]:
        chosen = LINE.where(self.readable(), *wanted).order_by(*first, *_BY_CLOCK)
        rows = self._run(chosen.limit(PAGE).offset(number * PAGE))
        return Page(tuple(line_of(row) for row in rows), number, self._count(*wanted))

    def _count(self, *wanted: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(C).join(Customer, Customer.id == C.customer_id)
        found: int = self._run(counted.where(self.readable(), *wanted)).scalar_one()
        return found

    # Writing ---------------------------------------------------------------------------------------------------

    def add(self, values: dict[str, Any]) -> int:
        """File a case (columns of ``customer_case``), in the open act."""
        return self._uow.journal.add(Case, values)

    def change(self, case_id: int, values: dict[str, Any], *, version: int | None = None) -> None:
        """Change columns of a case, in the open act."""
        self._uow.journal.change(Case, case_id, values, version=version)

    def tell(self, case_id: int, kind: EntryKind, text: str = "", *, template_id: int | None = None) -> int:
        """Add a line to a case's story, said by the actor, in the open act."""
        return self._uow.journal.add(
            CaseEntry,
            {
                "case_id": case_id,
                "kind": kind,
                "member_id": self._actor.member_id,
                "text": text,
                "at": self._uow.now,
                "template_id": template_id,
            },
        )

    def untell(self, entry_id: int) -> None:
        """Take a line out of a story, in the open act."""
        self._uow.journal.remove(CaseEntry, entry_id)


def line_of(row: Row[Any]) -> CaseLine:
    """A row of ``LINE`` as the record."""
    words = {"kind": CaseKind(row.kind), "about": About(row.about), "state": CaseState(row.state)}
    return CaseLine(**(row._asdict() | words))


def _entry(row: Row[Any]) -> Entry:
    return Entry(**(row._asdict() | {"kind": EntryKind(row.kind)}))
