"""Who did what: acts and their changes, read through the reader's scope, and played backwards."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, true, union, union_all, update

from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.history import ActLine, ChangeLine, Shown
from domain.people import Actor, Role
from storage.changes import ChangeReader
from storage.models import Act, Change, Channel, Contact, Customer, Draft, Member, NextTouch, Reminder, Tag
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

SILENT = (
    "reminder.pushed",
    "survey.delivered",
    "survey.chased",
    "survey.expired",
    "sample",
)  # what the program notes for itself; no act of anybody
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
_ABOUT: Any = bindparam("customer")
_OWN_ROWS = (Contact, Tag, NextTouch, Reminder, Draft)
OF_CUSTOMER = union_all(
    select(Change.id, Change.act_id).where(Change.table == "customer", Change.row_id == _ABOUT),
    select(Change.id, Change.act_id)
    .join(Channel, Channel.id == Change.row_id)
    .join(Contact, Contact.id == Channel.contact_id)
    .where(Change.table == "channel", Contact.customer_id == _ABOUT),
    *(
        select(Change.id, Change.act_id)
        .join(rows, rows.id == Change.row_id)
        .where(Change.table == rows.__tablename__, rows.customer_id == _ABOUT)
        for rows in _OWN_ROWS
    ),
).subquery()  # what acts changed of one customer: each part found by the row's own place in the journal
BULK_OF = (  # an import, a hand-over: acts about many customers, this one among them
    select(Act.id).where(Act.customer_id.is_(None), Act.id.in_(select(OF_CUSTOMER.c.act_id))).order_by(Act.id)
)
OWNER_OF = select(Customer.owner_id).where(Customer.id == _ABOUT)
CHANGES_OF = CHANGES.where(Change.id.in_(select(OF_CUSTOMER.c.id)))
COUNT_CHANGES_OF = COUNT_CHANGES.where(Change.id.in_(select(OF_CUSTOMER.c.id)))
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

    def get(self, act_id: int, *, about: int | None = None) -> ActLine:
        """One act; of a bulk act that touched the customer ``about`` the part about that one, whoever did it.

        Raises ``NotFound`` when it is missing or not the actor's to read.
        """
        is_part = about is not None and act_id in self._bulk_of(about) and self._holds(about)
        row = self._run(ONE.where(self._open_to_me() if is_part else self._readable()), {"act": act_id}).one_or_none()
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

    def changes(self, line: ActLine, *, most: int, about: int | None = None) -> tuple[list[ChangeLine], int]:
        """The first ``most`` rows an act changed, in the order they were written, and how many there are.

        Of a bulk act only those of the customer ``about``, where one is given.
        """
        about = about if line.customer_id is None else None
        wanted, count = (CHANGES, COUNT_CHANGES) if about is None else (CHANGES_OF, COUNT_CHANGES_OF)
        bound = {"act": line.id} if about is None else {"act": line.id, "customer": about}
        rows = list(self._run(wanted.limit(most), bound))
        total = len(rows) if len(rows) < most else self._run(count, bound).scalar_one()
        return ChangeReader(self._uow, self.scope, line, about=about).read(rows), total

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
            return self._of_customer(shown.customer_id, most)
        if shown.member_id is not None:
            return self._newest(self._readable(), Act.member_id == shown.member_id)
        if self._actor.role is not Role.REP:
            return self._newest(self._readable())
        theirs = select(Act.id).join(Customer, Customer.id == Act.customer_id)
        theirs = theirs.where(self.scope.readable(), self._open_to_me())
        return self._newest_of(select(Act.id).where(self._own()), theirs, most=most)

    def _newest_of(self, *questions: Any, most: int) -> Any:
        """The acts of several questions, each asked with an index of its own."""
        parts = (part.where(_TOLD).order_by(Act.id.desc()).limit(most).subquery() for part in questions)
        found = union(*(select(part.c.id) for part in parts)).subquery()
        return self._newest(Act.id.in_(select(found.c.id)))

    @staticmethod
    def _newest(*wanted: ColumnElement[bool]) -> Any:
        return _LINE.where(*wanted, _TOLD).order_by(Act.id.desc())

    def _own(self) -> ColumnElement[bool]:
        return Act.person_id == self._actor.person_id

    def _readable(self) -> ColumnElement[bool]:
        """What the reader may see, without what is kept from this very member."""
        return and_(self._open_to_me(), self._in_scope())

    def _open_to_me(self) -> ColumnElement[bool]:
        """Without what is kept from this very member, or from one for whom the reader stands in."""
        if self._actor.member_id is None:
            return true()
        kept_from = sorted({self._actor.member_id} | self.scope.borrowed)
        return or_(Act.hidden_from.is_(None), Act.hidden_from.not_in(kept_from))

    def _in_scope(self) -> ColumnElement[bool]:
        if self._actor.role is Role.ADMIN:
            return Act.id.is_not(None)
        of_customers = and_(Act.customer_id.is_not(None), self.scope.readable())
        if self._actor.role is not Role.LEAD:
            return or_(self._own(), of_customers)
        of_team = and_(Act.member_id.in_(sorted(self.scope.members)), Act.kind != "settings.changed")
        return or_(self._own(), of_team, of_customers)

    def _of_customer(self, customer_id: int, most: int) -> Any:
        """The acts about a customer, those about many included: whoever reads the customer reads its part of them."""
        acts = select(Act.id).outerjoin(Customer, Customer.id == Act.customer_id)
        acts = acts.where(self._open_to_me() if self._holds(customer_id) else self._readable())
        bulk = Act.id.in_(self._bulk_of(customer_id))
        return self._newest_of(acts.where(Act.customer_id == customer_id), acts.where(bulk), most=most)

    def _bulk_of(self, customer_id: int) -> list[int]:
        return list(self._run(BULK_OF, {"customer": customer_id}).scalars())

    def _holds(self, customer_id: int) -> bool:
        owner: int | None = self._run(OWNER_OF, {"customer": customer_id}).scalar_one_or_none()
        return self.scope.holds(owner)

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
