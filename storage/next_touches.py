"""Next touches: at most one open row per customer, read by the owner's day."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, func, select

from domain.next_touches import NextTouch, NextTouchLine, Origin
from domain.people import Actor
from storage import models
from storage.models import Customer
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

N = models.NextTouch
_LINE: Any = select(N.id, N.customer_id, Customer.name, N.day, N.at, N.origin, N.kind, N.version).join(
    Customer, Customer.id == N.customer_id
)
_OPEN = _LINE.where(N.state == "open")
OPEN_OF = _OPEN.add_columns(Customer.owner_id.label("of")).where(N.customer_id == bindparam("customer"))
SOME = _OPEN.add_columns(Customer.owner_id.label("of")).where(N.id.in_(bindparam("next_touches", expanding=True)))
DUE_BY = _OPEN.where(N.owner_id.in_(bindparam("members", expanding=True)), N.day <= bindparam("day")).order_by(
    N.day, N.at, N.id
)
AGREED_BETWEEN = _OPEN.where(
    N.customer_id == bindparam("customer"),
    N.origin == Origin.AGREED,
    N.day.between(bindparam("first"), bindparam("last")),
)
LOAD = (
    select(N.day, func.count())
    .where(N.state == "open", N.owner_id == bindparam("member"), N.day.between(bindparam("first"), bindparam("last")))
    .group_by(N.day)
)


def find_each(uow: "UnitOfWork", wanted: Sequence[tuple[int, Actor]]) -> list[NextTouchLine | None]:
    """Each of ``wanted`` next touches; ``None`` for one that was done or replaced, or is out of its actor's scope."""
    rows = {row.id: row for row in uow.connection.execute(SOME, {"next_touches": [key for key, _ in wanted]})}
    return [
        _line(row)
        if (row := rows.get(key)) is not None and NextTouchRepository(uow, actor).scope.holds(row.of)
        else None
        for key, actor in wanted
    ]


class NextTouchRepository:
    """Next touches of the customers the actor may read."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute
        self._scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        if self._scope is None:
            self._scope = scope_of(self._uow, self._actor)
        return self._scope

    def open_of(self, customer_id: int) -> NextTouchLine | None:
        """The open next touch of a readable customer, if there is one."""
        row = self._run(OPEN_OF, {"customer": customer_id}).one_or_none()
        return _line(row) if row and self.scope.holds(row.of) else None

    def find(self, next_touch_id: int) -> NextTouchLine | None:
        """An open next touch by its id, or ``None`` when it was done, replaced or is out of scope."""
        row = self._run(_OPEN.where(N.id == next_touch_id, self.scope.readable())).one_or_none()
        return _line(row) if row else None

    def due(self, day: dt.date) -> list[NextTouchLine]:
        """The actor's open next touches of ``day`` and before, with those of whoever has the actor as stand-in; the
        oldest first."""
        members = [self._actor.member_id, *self.scope.stands_for]
        return [_line(row) for row in self._run(DUE_BY, {"members": members, "day": day})]

    def load(self, member_id: int, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """How many open next touches a member has per day, both ends included."""
        rows = self._run(LOAD, {"member": member_id, "first": first, "last": last})
        return {row.day: row[1] for row in rows}

    def agreed_between(self, customer_id: int, first: dt.date, last: dt.date) -> list[NextTouchLine]:
        """Open agreed next touches of a customer in a span of days, both ends included."""
        return [_line(r) for r in self._run(AGREED_BETWEEN, {"customer": customer_id, "first": first, "last": last})]

    def set(self, customer_id: int, next_touch: NextTouch) -> NextTouchLine:
        """Replace the open next touch of a customer; a row that already says the same stays."""
        current = self.open_of(customer_id)
        wanted = (next_touch.day, next_touch.at, next_touch.origin, next_touch.kind)
        if current and (current.day, current.at, current.origin, current.kind) == wanted:
            return current
        if current:
            self._uow.journal.change(N, current.id, {"state": "replaced"})
        key = self._uow.journal.add(N, self._row(customer_id, next_touch))
        found = self.find(key)
        assert found is not None
        return found

    def finish(self, customer_id: int, *, state: str = "done") -> None:
        """Close the open next touch of a customer, if there is one."""
        if current := self.open_of(customer_id):
            self._uow.journal.change(N, current.id, {"state": state})

    def _row(self, customer_id: int, next_touch: NextTouch) -> dict[str, Any]:
        owner = self._run(select(Customer.owner_id).where(Customer.id == customer_id)).scalar_one()
        return {
            "customer_id": customer_id,
            "owner_id": owner,
            "day": next_touch.day,
            "at": next_touch.at,
            "kind": next_touch.kind,
            "origin": next_touch.origin,
            "state": "open",
            "created_at": self._uow.now,
        }


def _line(row: Row[Any]) -> NextTouchLine:
    return NextTouchLine(row.id, row.customer_id, row.name, row.day, row.at, Origin(row.origin), row.kind, row.version)
