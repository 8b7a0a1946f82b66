"""Who did what: acts and their changes, read through the reader's scope, and played backwards."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, union, update

from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.history import ActLine, ChangeLine, Shown
from domain.people import Actor, Role
from storage.changes import ChangeReader
from storage.models import Act, Change, Customer, Member
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

SILENT = ("reminder.pushed", "sample")  # what the program notes for itself; no act of anybody
_LINE = (
    select(
        Act.id,
        Act.kind,
        Act.at,
        Act.member_id,
        Act.person_id,
        Member.name.label("member"),
        Act.customer_id,
        Customer.name.label("customer"),
        Customer.owner_id,
        Act.undo_until,
        Act.undone_by,
        Act.facts,
    )
    .outerjoin(Member, Member.id == Act.member_id)
    .outerjoin(Customer, Customer.id == Act.customer_id)
)
_TOLD = Act.kind.not_in(SILENT)
ONE = _LINE.where(Act.id == bindparam("act"))
LATEST = 200  # acts of one person that are looked at for the last step: nobody does more in ten minutes
_LATEST_OF = (
    select(Act.id).where(Act.person_id == bindparam("person")).order_by(Act.id.desc()).limit(LATEST).scalar_subquery()
)
LAST_OF = (
    _LINE.where(
        Act.id.in_(_LATEST_OF),
        Act.at > bindparam("since"),
        Act.undo_until > bindparam("now"),
        Act.undone_by.is_(None),
    )
    .order_by(Act.id.desc())
    .limit(1)
)
CHANGES = select(*Change.__table__.c).where(Change.act_id == bindparam("act")).order_by(Change.id)
COUNT_CHANGES = select(func.count()).where(Change.act_id == bindparam("act"))
ROWS_OF = select(Change.row_id).distinct().where(Change.act_id == bindparam("act"), Change.table == bindparam("table"))
HANDED = ("customer.assigned", "customer.released")
PERSONS = select(Member.person_id).where(Member.id.in_(bindparam("keys", expanding=True)))
UNDONE = update(Act).where(Act.id == bindparam("act")).values(undone_by=bindparam("by"))


class HistoryRepository:
    """Acts the actor may read: a rep the own and those about own customers, a lead the tree's, an admin all."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
        self._known_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """By the rights of this moment, asked once."""
        if self._known_scope is None:
            self._known_scope = scope_of(self._uow, self._actor)
        return self._known_scope

    # Reading ---------------------------------------------------------------------------------------------------

    def get(self, act_id: int) -> ActLine:
        """One act. Raises ``NotFound`` when it is missing or not the actor's to read."""
        row = self._run(ONE.where(self._readable()), {"act": act_id}).one_or_none()
        if row is None:
            raise NotFound("act", act_id)
        return self._line(row)

    def last_undoable(self, *, since: Any) -> ActLine | None:
        """The actor's own latest act after ``since`` that can still be taken back."""
        bound = {"person": self._actor.person_id, "since": since, "now": self._uow.now}
        row = self._run(LAST_OF, bound).one_or_none()
        return self._line(row) if row else None

    def page(self, *, customer_id: int | None = None, number: int = 0, shown: Shown | None = None) -> Page[ActLine]:
        """Acts, the newest first; of one customer or member where it is given.

        ``total`` tells only whether there are older ones: counting a history takes longer than reading its page.
        """
        shown = shown or Shown(customer_id=customer_id)
        most = number * PAGE + PAGE + 1
        rows = self._run(self._chosen(shown, most).limit(PAGE + 1).offset(number * PAGE)).all()
        return Page(tuple(self._line(row) for row in rows[:PAGE]), number, number * PAGE + len(rows))

    def changes(self, line: ActLine, *, most: int) -> tuple[list[ChangeLine], int]:
        """The first ``most`` rows an act changed, in the order they were written, and how many there are."""
        rows = list(self._run(CHANGES.limit(most), {"act": line.id}))
        total = len(rows) if len(rows) < most else self._run(COUNT_CHANGES, {"act": line.id}).scalar_one()
        return ChangeReader(self._uow, self.scope, line).read(rows), total

    def rows_of(self, act_id: int, table: str) -> list[int]:
        """Ids of the rows of one table that an act wrote."""
        return list(self._run(ROWS_OF, {"act": act_id, "table": table}).scalars())

    def told_of(self, line: ActLine) -> list[int]:
        """Persons other than the actor who were told of an act when it was done: the owners, new and old, of a customer
        that changed hands, and whoever the act itself names."""
        told = set(line.facts.get("told", ()))
        if line.kind in HANDED:
            changes = [c for c in self._run(CHANGES, {"act": line.id}) if c.table_name == "customer" and c.after]
            owners = {row["owner_id"] for c in changes for row in (c.before or {}, c.after) if row.get("owner_id")}
            told.update(self._run(PERSONS, {"keys": sorted(owners)}).scalars())
        return sorted(told - {self._actor.person_id})

    # Writing ---------------------------------------------------------------------------------------------------

    def reverse(self, act_id: int, *, undo_id: int) -> None:
        """Play an act's changes backwards through the open act ``undo_id`` and mark it as undone.

        Raises:
            Changed: a row was changed since, or something else hangs on it by now.
        """
        self._uow.journal.reverse_all(self._run(CHANGES, {"act": act_id}).all()[::-1])
        self._run(UNDONE, {"act": act_id, "by": undo_id})

    # Within ----------------------------------------------------------------------------------------------------

    def _chosen(self, shown: Shown, most: int) -> Any:
        """The acts of a trail, newest first; the first ``most`` of them at least."""
        if shown.customer_id is not None:
            return self._newest(self._readable(), Act.customer_id == shown.customer_id)
        if shown.member_id is not None:
            return self._newest(self._readable(), Act.member_id == shown.member_id)
        if self._actor.role is not Role.REP:
            return self._newest(self._readable())
        # A rep's acts are few among many: both halves come from an index instead of a walk through everybody's.
        own = select(Act.id).where(self._own(), _TOLD).order_by(Act.id.desc()).limit(most)
        theirs = (
            select(Act.id)
            .join(Customer, Customer.id == Act.customer_id)
            .where(
                self.scope.readable(), _TOLD, or_(Act.hidden_from.is_(None), Act.hidden_from != self._actor.member_id)
            )
            .order_by(Act.id.desc())
            .limit(most)
        )
        both = union(select(own.subquery().c.id), select(theirs.subquery().c.id)).subquery()
        return self._newest(Act.id.in_(select(both.c.id)))

    @staticmethod
    def _newest(*wanted: ColumnElement[bool]) -> Any:
        return _LINE.where(*wanted, _TOLD).order_by(Act.id.desc())

    def _own(self) -> ColumnElement[bool]:
        return Act.person_id == self._actor.person_id

    def _readable(self) -> ColumnElement[bool]:
        """What the reader may see, without what is kept from this very member."""
        shown = or_(Act.hidden_from.is_(None), Act.hidden_from != self._actor.member_id)
        return and_(shown, self._in_scope()) if self._actor.member_id is not None else self._in_scope()

    def _in_scope(self) -> ColumnElement[bool]:
        if self._actor.role is Role.ADMIN:
            return Act.id.is_not(None)
        of_customers = and_(Act.customer_id.is_not(None), self.scope.readable())
        if self._actor.role is not Role.LEAD:
            return or_(self._own(), of_customers)
        of_team = and_(Act.member_id.in_(sorted(self.scope.owners)), Act.kind != "settings.changed")
        return or_(self._own(), of_team, of_customers)

    def _line(self, row: Row[Any]) -> ActLine:
        """An act; a customer who is a colleague's by now has no name in it."""
        named = row.customer_id is None or self._may_name(row)
        return ActLine(
            id=row.id,
            kind=row.kind,
            at=row.at,
            person_id=row.person_id,
            member=row.member,
            customer_id=row.customer_id,
            customer=row.customer if named else None,
            undo_until=row.undo_until,
            undone=row.undone_by is not None,
            facts=row.facts if named else {k: v for k, v in row.facts.items() if k not in ("name", "words")},
        )

    def _may_name(self, row: Row[Any]) -> bool:
        """Whether the customer of an act is in sight; of one that is gone, whoever may read the act knows."""
        gone = row.customer is None
        return gone or self.scope.holds(row.owner_id) or (row.owner_id is None and bool(self.scope.owners))
