"""Everything timed, as rows: owed in the transaction that causes it, taken when its time has come."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, SmallInteger, bindparam, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.values import frozen
from storage.models import Due

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

OPEN, SETTLED = 0, 1
_COLUMNS = (Due.id, Due.kind, Due.subject_id, Due.person_id, Due.due_at, Due.useful_until)
_IS_OPEN = Due.state == literal_column("0", SmallInteger)  # a bound value would hide the partial index from SQLite
_READY = (
    select(Due.id).where(_IS_OPEN, Due.due_at <= bindparam("now")).order_by(Due.due_at, Due.id).limit(bindparam("most"))
)
# The state once more outside: PostgreSQL looks only there again at a row that another taker held meanwhile.
_TAKE = update(Due).where(Due.id.in_(_READY), _IS_OPEN).values(state=SETTLED).returning(*_COLUMNS)
_NEXT = select(func.min(Due.due_at)).where(_IS_OPEN)
_WAITING = select(func.count()).where(_IS_OPEN, Due.due_at <= bindparam("now"))
_OPEN_OF = (
    select(*_COLUMNS)
    .where(Due.person_id.in_(bindparam("people", expanding=True)), _IS_OPEN, Due.due_at <= bindparam("until"))
    .order_by(Due.due_at, Due.id)
)
_OWE = {
    name: dialect.insert(Due).on_conflict_do_nothing(index_elements=["key"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_POSTPONE = (
    update(Due)
    .where(Due.id.in_(bindparam("ids", expanding=True)))
    .values(state=OPEN, due_at=bindparam("until", type_=Due.due_at.type))
)
_SETTLE = update(Due).where(Due.id.in_(bindparam("ids", expanding=True))).values(state=SETTLED)


@frozen
class DueRow:
    """Something whose time has come: what kind, about which row, for whom. After ``useful_until`` it is not said."""

    id: int
    kind: str
    subject_id: int
    person_id: int
    due_at: dt.datetime
    useful_until: dt.datetime | None


class Owed(NamedTuple):
    """A due row to be written; one with the same key is owed already, or was."""

    kind: str
    subject_id: int
    person_id: int
    due_at: dt.datetime
    key: str
    useful_until: dt.datetime | None = None


def take(connection: Connection, *, now: dt.datetime, most: int) -> list[DueRow]:
    """Settle and return what is due, earliest first; the caller says it in the same transaction."""
    rows = [DueRow(*row) for row in connection.execute(_TAKE, {"now": now, "most": most})]
    return sorted(rows, key=lambda row: (row.due_at, row.id))  # RETURNING promises no order


def next_time(connection: Connection) -> dt.datetime | None:
    """When the next thing is due."""
    return connection.execute(_NEXT).scalar_one_or_none()


def waiting(connection: Connection, *, now: dt.datetime) -> int:
    """How many things are due and not settled."""
    found: int = connection.execute(_WAITING, {"now": now}).scalar_one()
    return found


class DueRepository:
    """For those who owe, look ahead, and put off."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._run: Any = uow.connection.execute
        self._dialect = uow.connection.dialect.name

    def owe(
        self,
        kind: str,
        subject_id: int,
        person_id: int,
        *,
        at: dt.datetime,
        key: str,
        useful_until: dt.datetime | None = None,
    ) -> None:
        """Write a due row; one with the same key is owed already, or was."""
        self.owe_all([Owed(kind, subject_id, person_id, at, key, useful_until)])

    def owe_all(self, owed: Sequence[Owed]) -> None:
        """Write many due rows at once."""
        if owed:
            self._run(_OWE[self._dialect], [one._asdict() | {"state": OPEN} for one in owed])

    def coming(self, people: Collection[int], *, until: dt.datetime) -> list[DueRow]:
        """What persons are still owed up to ``until``, earliest first."""
        return [DueRow(*row) for row in self._run(_OPEN_OF, {"people": list(people), "until": until})]

    def postpone(self, ids: Collection[int], *, until: dt.datetime) -> None:
        """Owe rows again, later: the person's quiet hours, a full day."""
        if ids:
            self._run(_POSTPONE, {"ids": list(ids), "until": until})

    def settle(self, ids: Collection[int]) -> None:
        """Take rows along that are not due yet: they were said with others."""
        if ids:
            self._run(_SETTLE, {"ids": list(ids)})
