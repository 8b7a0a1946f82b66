"""Who did what: acts and their changes, read through the reader's scope, and played backwards."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, update

from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.history import ActLine, ChangeLine
from domain.people import Actor, Role
from storage.models import Act, Change, Customer, Member
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

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
        Act.undo_until,
        Act.undone_by,
        Act.facts,
    )
    .outerjoin(Member, Member.id == Act.member_id)
    .outerjoin(Customer, Customer.id == Act.customer_id)
)
ONE = _LINE.where(Act.id == bindparam("act"))
LAST_OF = (
    _LINE.where(Act.person_id == bindparam("person"), Act.undo_until > bindparam("now"), Act.undone_by.is_(None))
    .order_by(Act.id.desc())
    .limit(1)
)
CHANGES = select(*Change.__table__.c).where(Change.act_id == bindparam("act")).order_by(Change.id)


class HistoryRepository:
    """Acts the actor may read: a rep the own and those about own customers, a lead the tree's, an admin all."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute

    def get(self, act_id: int) -> ActLine:
        """One act. Raises ``NotFound`` when it is missing or not the actor's to read."""
        row = self._run(ONE.where(self._readable()), {"act": act_id}).one_or_none()
        if row is None:
            raise NotFound("act", act_id)
        return _line(row)

    def last_undoable(self) -> ActLine | None:
        """The actor's own latest act that can still be taken back."""
        row = self._run(LAST_OF, {"person": self._actor.person_id, "now": self._uow.now}).one_or_none()
        return _line(row) if row else None

    def page(self, *, customer_id: int | None = None, number: int = 0) -> Page[ActLine]:
        """Acts, the newest first; of one customer where it is given."""
        wanted = self._readable()
        if customer_id is not None:
            wanted = and_(wanted, Act.customer_id == customer_id)
        total: int = self._run(
            select(func.count()).select_from(Act).outerjoin(Customer, Customer.id == Act.customer_id).where(wanted)
        ).scalar_one()
        rows = self._run(_LINE.where(wanted).order_by(Act.id.desc()).limit(PAGE).offset(number * PAGE))
        return Page(tuple(_line(row) for row in rows), number, total)

    def changes(self, act_id: int, *, most: int) -> list[ChangeLine]:
        """The first ``most`` rows an act changed, in the order they were written."""
        rows = self._run(CHANGES.limit(most), {"act": act_id})
        return [ChangeLine(r.table_name, r.row_id, r.before, r.after) for r in rows]

    def reverse(self, act_id: int, *, undo_id: int) -> None:
        """Play an act's changes backwards through the open act ``undo_id`` and mark it as undone.

        Raises:
            Changed: a row was changed since, or something else hangs on it by now.
        """
        for change in reversed(self._changes(act_id)):
            self._uow.journal.reverse(change)
        self._run(update(Act).where(Act.id == act_id).values(undone_by=undo_id))

    def _changes(self, act_id: int) -> list[Row[Any]]:
        return list(self._run(CHANGES, {"act": act_id}))

    def _readable(self) -> Any:
        if self._actor.role is Role.ADMIN:
            return Act.id.is_not(None)
        scope = scope_of(self._uow, self._actor)
        own = Act.person_id == self._actor.person_id
        if self._actor.role is Role.LEAD:
            own = or_(own, Act.member_id.in_(sorted(scope.owners)))
        return or_(own, and_(Act.customer_id.is_not(None), scope.readable()))


def _line(row: Row[Any]) -> ActLine:
    return ActLine(
        id=row.id,
        kind=row.kind,
        at=row.at,
        person_id=row.person_id,
        member=row.member,
        customer_id=row.customer_id,
        customer=row.customer,
        undo_until=row.undo_until,
        undone=row.undone_by is not None,
        facts=row.facts,
    )
