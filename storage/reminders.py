"""Reminders of one person, whatever customer they are tied to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, func, or_, select

from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor
from domain.reminders import ReminderLine, ReminderState
from domain.repeats import Repeat
from storage.models import Customer, Member, Reminder
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LINE = select(
    Reminder.id,
    Reminder.person_id,
    Reminder.words,
    Reminder.at,
    Reminder.repeat,
    Reminder.customer_id,
    Customer.name.label("customer"),
    Customer.owner_id,
    Member.person_id.label("keeper"),
    Reminder.state,
    Reminder.version,
)
_LINE = _LINE.outerjoin(Customer, Customer.id == Reminder.customer_id).outerjoin(Member, Member.id == Customer.owner_id)
_STANDING = Reminder.state.in_([ReminderState.OPEN, ReminderState.PUSHED])
_MINE = (Reminder.person_id == bindparam("person"), _STANDING)
_LENT = and_(Reminder.person_id == Member.person_id, Customer.owner_id.in_(bindparam("lenders", expanding=True)))
_SERVED = or_(Reminder.person_id == bindparam("person"), _LENT)
ONE = _LINE.where(Reminder.id == bindparam("reminder"), _SERVED, _STANDING)
SOME = _LINE.where(Reminder.id.in_(bindparam("reminders", expanding=True)), _STANDING)
PAGE_OF = _LINE.where(*_MINE).order_by(Reminder.at, Reminder.id).limit(bindparam("most")).offset(bindparam("skip"))
COUNT = select(func.count()).where(*_MINE)
_UNTIL = _LINE.where(_STANDING, Reminder.at < bindparam("until")).order_by(Reminder.at, Reminder.id)
UNTIL = _UNTIL.where(_MINE[0])
LENT_UNTIL = _UNTIL.where(_LENT)
OF_CUSTOMER = _UNTIL.where(_SERVED, Reminder.customer_id == bindparam("customer"))


def find_each(uow: "UnitOfWork", wanted: Sequence[tuple[int, Actor]]) -> list[ReminderLine | None]:
    """Each of ``wanted`` reminders as its actor may see it; ``None`` for one that stands no more, or is another's."""
    rows = {row.id: row for row in uow.connection.execute(SOME, {"reminders": [key for key, _ in wanted]})}
    return [
        repository.line(row)
        if (row := rows.get(key)) is not None and (repository := ReminderRepository(uow, actor)).serves(row)
        else None
        for key, actor in wanted
    ]


def note_pushed(uow: "UnitOfWork", lines: Sequence[ReminderLine]) -> dict[int, ReminderLine]:
    """Note that reminders went out, each in an act of its own; the lines as they are now, by their ids."""
    if not lines:
        return {}
    keys = [line.id for line in lines]
    acts = uow.own_acts("reminder.pushed", [(line.customer_id, {"name": line.words[:60]}) for line in lines])
    state = {"state": ReminderState.PUSHED}
    uow.journal.change_many(Reminder, keys, state, acts=dict(zip(keys, acts, strict=True)))
    return {
        line.id: line
        if line.state is ReminderState.PUSHED
        else replace(line, state=ReminderState.PUSHED, version=line.version + 1)
        for line in lines
    }


def owner_of(uow: "UnitOfWork", reminder_id: int) -> int | None:
    """The owner of the customer that a reminder is about, while it is that owner's own."""
    row = uow.connection.execute(SOME, {"reminders": [reminder_id]}).one_or_none()
    return row.owner_id if row is not None and row.keeper == row.person_id else None


class ReminderRepository:
    """The actor's own open and pushed reminders, and those about customers that whoever is away has lent.

    A customer who is a colleague's by now is not named in them.
    """

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute
        self._known_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """By the rights of this moment, asked once."""
        if self._known_scope is None:
            self._known_scope = scope_of(self._uow, self._actor)
        return self._known_scope

    @property
    def _whose(self) -> dict[str, Any]:
        return {"person": self._actor.person_id, "lenders": sorted(self.scope.stands_for)}

    def serves(self, row: Row[Any]) -> bool:
        """Whether a row of ``SOME`` is the actor's to end: the own, or lent."""
        if row.person_id == self._actor.person_id:
            return True
        return row.keeper == row.person_id and row.owner_id in self.scope.stands_for

    def get(self, reminder_id: int) -> ReminderLine:
        """A standing reminder. Raises ``NotFound`` when it is done, deleted or somebody else's."""
        line = self.find(reminder_id)
        if line is None:
            raise NotFound("reminder", reminder_id)
        return line

    def find(self, reminder_id: int) -> ReminderLine | None:
        """A standing reminder, else ``None``."""
        row = self._run(ONE, {"reminder": reminder_id, **self._whose}).one_or_none()
        return self.line(row) if row else None

    def count(self) -> int:
        """How many stand."""
        found: int = self._run(COUNT, {"person": self._actor.person_id}).scalar_one()
        return found

    def page(self, number: int = 0) -> Page[ReminderLine]:
        """Standing reminders, the earliest first."""
        key = {"person": self._actor.person_id, "most": PAGE, "skip": number * PAGE}
        return Page(tuple(self.line(row) for row in self._run(PAGE_OF, key)), number, self.count())

    def until(self, until: dt.datetime) -> list[ReminderLine]:
        """What stands with a time before ``until``: pushed and not taken up, or still to come."""
        return [self.line(row) for row in self._run(UNTIL, {"person": self._actor.person_id, "until": until})]

    def lent(self, *, until: dt.datetime) -> list[ReminderLine]:
        """The same of whoever has the actor as stand-in, about their customers."""
        lenders = sorted(self.scope.stands_for)
        rows = self._run(LENT_UNTIL, {"lenders": lenders, "until": until}) if lenders else ()
        return [self.line(row) for row in rows]

    def of_customer(self, customer_id: int, *, until: dt.datetime) -> list[ReminderLine]:
        """What stands for a customer with a time before ``until``."""
        key = {**self._whose, "customer": customer_id, "until": until}
        return [self.line(row) for row in self._run(OF_CUSTOMER, key)]

    def add(
        self,
        words: str,
        at: dt.datetime,
        *,
        repeat: Repeat | None = None,
        customer_id: int | None = None,
        state: ReminderState = ReminderState.OPEN,
    ) -> int:
        """Store a reminder, in the open act."""
        return self._uow.journal.add(
            Reminder,
            {
                "person_id": self._actor.person_id,
                "customer_id": customer_id,
                "words": words,
                "at": at,
                "repeat": repeat.to_json() if repeat else None,
                "state": state,
                "created_at": self._uow.now,
            },
        )

    def change(self, reminder_id: int, *, version: int | None = None, **values: Any) -> None:
        """Change columns of a reminder, in the open act."""
        if isinstance(values.get("repeat"), Repeat):
            values["repeat"] = values["repeat"].to_json()
        self._uow.journal.change(Reminder, reminder_id, values, version=version)

    def line(self, row: Row[Any]) -> ReminderLine:
        """A row of the actor's or lent, as the actor may see it."""
        named = row.customer_id is not None and self._may_find(row.owner_id)
        return ReminderLine(
            id=row.id,
            person_id=row.person_id,
            words=row.words,
            at=row.at,
            repeat=Repeat.from_json(row.repeat) if row.repeat else None,
            customer_id=row.customer_id if named else None,
            customer=row.customer if named else None,
            state=ReminderState(row.state),
            version=row.version,
        )

    def _may_find(self, owner_id: int | None) -> bool:
        return self.scope.holds(owner_id) or (owner_id is None and bool(self.scope.owners))
