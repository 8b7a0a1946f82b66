"""What the journal knows of a log that is taken back while newer ones may stand."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Text, bindparam, cast, select, update

from domain.errors import Changed
from domain.touches import Outcome, TouchKind
from storage.acts import UNDO, UNDO_MINUTES
from storage.history import CHANGES
from storage.models import Act, Change, Touch

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

LOGGED = "touch.logged"
CONSEQUENCES = frozenset({"customer", "next_touch"})  # rows that follow from touches and are made again
WINDOW = 2 * dt.timedelta(minutes=UNDO_MINUTES)  # a log taken back in its last minute, and one that stood on it too
_ADDED = cast(Change.before, Text) == "null"  # JSON's own null: the row came with the act
_OF_CUSTOMER = (Change.table == "customer", Change.row_id == bindparam("customer"))
UNDONE_LOGS = (
    select(Change.act_id, Change.before)
    .join(Act, Act.id == Change.act_id)
    .where(*_OF_CUSTOMER, Act.kind == LOGGED, Act.undone_by.is_not(None), Act.at > bindparam("since"))
    .order_by(Change.id)
)
SET_SINCE = (
    select(Change.act_id, Change.after)
    .join(Act, Act.id == Change.act_id)
    .where(*_OF_CUSTOMER, Change.act_id > bindparam("act"))
    .where(Act.undone_by.is_(None), Act.kind.not_in((LOGGED, UNDO)))
    .order_by(Change.id)
)
LOGGED_SINCE = (
    select(Change.act_id, Touch.kind, Touch.outcome)
    .join(Touch, Touch.id == Change.row_id)
    .where(Change.table == "touch", _ADDED, Touch.customer_id == bindparam("customer"))
    .where(Change.act_id > bindparam("act"))
    .order_by(Change.id)
)
MAKER = (
    select(Change.act_id, Change.before, Act.undone_by)
    .join(Act, Act.id == Change.act_id)
    .where(Change.table == "next_touch", Change.row_id == bindparam("row"))
    .order_by(Change.id)
    .limit(1)
)
DONE = update(Act).where(Act.id == bindparam("act")).values(undone_by=bindparam("by"))

Event = tuple[TouchKind, Outcome] | str  # a touch that stands, or a stage that somebody set


class LogUndo:
    """Reads and reverses what the act of a log wrote; whose it is, is the caller's to have checked."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def before(self, customer_id: int) -> tuple[int, dict[str, Any]] | None:
        """The first of the logs of a customer that were taken back lately, and what it replaced of the customer's row."""
        since = {"customer": customer_id, "since": self._uow.now - WINDOW}
        rows = self._run(UNDONE_LOGS, since).all()
        if not rows:
            return None
        replaced: dict[str, Any] = {}
        for _, together in groupby(rows, key=lambda row: row.act_id):
            for row in together:
                replaced = (row.before or {}) | replaced
        return rows[0].act_id, {name: replaced[name] for name in ("stage", "touched_at") if name in replaced}

    def since(self, act_id: int, customer_id: int) -> Iterator[Event]:
        """What stands of the time after an act: the touches, and the stages that somebody set, in their order."""
        bound = {"act": act_id, "customer": customer_id}
        events: list[tuple[int, Event]] = [
            (row.act_id, row.after["stage"]) for row in self._run(SET_SINCE, bound) if "stage" in (row.after or {})
        ]
        events += [(r.act_id, (TouchKind(r.kind), Outcome(r.outcome))) for r in self._run(LOGGED_SINCE, bound)]
        return (event for _, event in sorted(events, key=lambda one: one[0]))

    def undone_maker(self, next_touch_id: int) -> int | None:
        """The act that made a next touch, if it was taken back."""
        made = self._run(MAKER, {"row": next_touch_id}).one_or_none()
        return made.act_id if made is not None and made.before is None and made.undone_by is not None else None

    def reverse(self, act_id: int, *, undo_id: int) -> None:
        """Reverse all but consequences, and the next touch where nothing came of it since; mark the act as undone.

        Raises:
            Changed: a row of its own was changed since.
        """
        changes = self._changes(act_id)[::-1]
        self._uow.journal.reverse_all([change for change in changes if change.table_name not in CONSEQUENCES])
        self.reverse_next_touch(act_id)
        self._run(DONE, {"act": act_id, "by": undo_id})

    def reverse_next_touch(self, act_id: int) -> bool:
        """Reverse what an act did to next touches; false where a newer one stands on it."""
        changes = [change for change in self._changes(act_id)[::-1] if change.table_name == "next_touch"]
        try:
            with self._uow.connection.begin_nested():  # PostgreSQL gives a statement up with its transaction
                self._uow.journal.reverse_all(changes)
        except Changed:
            return False
        return bool(changes)

    def _changes(self, act_id: int) -> Sequence[Row[Any]]:
        found: Sequence[Row[Any]] = self._run(CHANGES, {"act": act_id}).all()
        return found
