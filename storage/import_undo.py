"""Taking an import back: what nobody has worked with since goes, the rest stays and is named."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Text, bindparam, cast, select, update

from domain.errors import Changed
from storage.acts import UNDO
from storage.models import (
    Act,
    Base,
    Change,
    Channel,
    Contact,
    Customer,
    Draft,
    Media,
    NextTouch,
    Reminder,
    Tag,
    Touch,
)

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_ACT: Any = bindparam("act")
_ADDED = cast(Change.before, Text) == "null"  # JSON's own null: the row came with the act
FILED_BY = select(Change.row_id).where(Change.act_id == _ACT, Change.table == "customer", _ADDED).order_by(Change.id)
CHANGES_OF = select(*Change.__table__.c).where(Change.act_id == _ACT).order_by(Change.id)
CHANGES = select(*Change.__table__.c).where(Change.id.in_(_KEYS)).order_by(Change.id.desc())
ACTED_ON = select(Act.customer_id).where(
    Act.customer_id.in_(_KEYS), Act.id > _ACT, Act.undone_by.is_(None), Act.kind != UNDO
)
MOVED = (
    select(Change.row_id)
    .join(Act, Act.id == Change.act_id)
    .where(Change.table == "customer", Change.row_id.in_(_KEYS), Change.act_id > _ACT)
    .where(Act.undone_by.is_(None), Act.kind != UNDO)
)
HUNG_ON = tuple(select(m.customer_id).where(m.customer_id.in_(_KEYS)) for m in (Touch, Draft, Media, Reminder))
OF_CUSTOMERS: Mapping[type[Base], Any] = {
    NextTouch: select(NextTouch.id).where(NextTouch.customer_id.in_(_KEYS)),
    Tag: select(Tag.id).where(Tag.customer_id.in_(_KEYS)),
    Channel: select(Channel.id).join(Contact, Contact.id == Channel.contact_id).where(Contact.customer_id.in_(_KEYS)),
    Contact: select(Contact.id).where(Contact.customer_id.in_(_KEYS)),
    Customer: select(Customer.id).where(Customer.id.in_(_KEYS)),
}
CUSTOMER_OF: Mapping[str, Any] = {
    "contact": select(Contact.id, Contact.customer_id).where(Contact.id.in_(_KEYS)),
    "tag": select(Tag.id, Tag.customer_id).where(Tag.id.in_(_KEYS)),
    "next_touch": select(NextTouch.id, NextTouch.customer_id).where(NextTouch.id.in_(_KEYS)),
    "channel": select(Channel.id, Contact.customer_id)
    .join(Contact, Contact.id == Channel.contact_id)
    .where(Channel.id.in_(_KEYS)),
}
MET = select(Touch.id).where(Touch.contact_id == bindparam("contact")).limit(1)
UNDONE = update(Act).where(Act.id == _ACT)
_READ_AT_ONCE = 500


class ImportUndo:
    """Reads and reverses what the act of an import wrote; whose it is, is the caller's to have checked."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    # Reading, the same before and after a crash -------------------------------------------------------------------

    def filed_by(self, act_id: int) -> list[int]:
        """Ids of the customers that the act filed, whether they are there still or not."""
        return list(self._run(FILED_BY, {"act": act_id}).scalars())

    def changed_by(self, act_id: int, filed: set[int]) -> dict[int, list[int]]:
        """Ids of what the act wrote to customers that were there before, by customer, the newest first."""
        of_customer: dict[int, list[int]] = defaultdict(list)
        rows = self._run(CHANGES_OF, {"act": act_id}).all()
        for start in range(0, len(rows), _READ_AT_ONCE):
            for row, customer_id in self._with_customers(rows[start : start + _READ_AT_ONCE]):
                if customer_id is not None and customer_id not in filed:
                    of_customer[customer_id].append(row.id)
        return {customer_id: keys[::-1] for customer_id, keys in of_customer.items()}

    def _with_customers(self, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], int | None]]:
        """Each change with the customer it is about, ``None`` where that cannot be told any more."""
        wanted: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            wanted[row.table_name].append(row.row_id)
        found = {
            (table, row.id): row.customer_id
            for table, statement in CUSTOMER_OF.items()
            if wanted[table]
            for row in self._run(statement, {"keys": wanted[table]})
        }
        for row in rows:
            yield row, row.row_id if row.table_name == "customer" else found.get((row.table_name, row.row_id))

    # Writing, in the open act ---------------------------------------------------------------------------------------

    def worked_with(self, customer_ids: Sequence[int], act_id: int) -> set[int]:
        """Which of these customers somebody has done anything with after the act; what was undone does not count."""
        bound = {"keys": list(customer_ids), "act": act_id}
        found = set(self._run(ACTED_ON, bound).scalars()) | set(self._run(MOVED, bound).scalars())
        for statement in HUNG_ON:
            found.update(self._run(statement, {"keys": list(customer_ids)}).scalars())
        return found

    def remove_many(self, customer_ids: Sequence[int]) -> int:
        """Delete customers with all that hangs on them; how many there were."""
        removed = 0
        for model, statement in OF_CUSTOMERS.items():
            keys = list(self._run(statement, {"keys": list(customer_ids)}).scalars()) if customer_ids else []
            self._uow.journal.remove_many(model, keys)
            removed = len(keys)
        return removed

    def reverse(self, change_ids: Sequence[int]) -> bool:
        """Play changes of one customer backwards, the newest first; false where any was written over since."""
        whole = True
        for change in self._run(CHANGES, {"keys": list(change_ids)}).all():
            if change.table_name == "contact" and self._run(MET, {"contact": change.row_id}).first():
                whole = False
                continue
            try:
                with self._uow.connection.begin_nested():  # PostgreSQL gives a statement up with its transaction
                    self._uow.journal.reverse(change)
            except Changed:
                whole = False
        return whole

    def mark(self, act_id: int, undo_id: int | None) -> None:
        """Remember by which act another one is being taken back; ``None``: it is not any more."""
        self._run(UNDONE.values(undone_by=undo_id), {"act": act_id})
