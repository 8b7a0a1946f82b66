"""What an act changed, row by row, as its reader may see it now: names for ids, and how much of each row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from domain.history import ActLine, ChangeLine, Sight
from storage.models import Base, Contact, Customer, Member, Person, Team
from storage.scope import Scope

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
NAMES: Mapping[str, Any] = {
    "member": select(Member.id, Member.name).where(Member.id.in_(_KEYS)),
    "team": select(Team.id, Team.name).where(Team.id.in_(_KEYS)),
    "person": select(Person.id, Person.name).where(Person.id.in_(_KEYS)),
}
POINTS_TO = {  # columns that are shown by the name of what they point to
    "owner_id": "member",
    "member_id": "member",
    "lead_id": "member",
    "stand_in_id": "member",
    "team_id": "team",
    "parent_id": "team",
    "person_id": "person",
}
OWNERS = select(Customer.id, Customer.name, Customer.owner_id).where(Customer.id.in_(_KEYS))
CUSTOMERS_OF = select(Contact.id, Contact.customer_id).where(Contact.id.in_(_KEYS))
PERSONS_OF = select(Member.person_id).where(Member.id.in_(_KEYS))
CONTACTS_OF_NOBODY = 0  # no customer has this id
PRIVATE = frozenset({"reminder", "draft"})  # their own person's, and those above, whosever customer they are about

Values = Mapping[str, Any]


class ChangeReader:
    """Reads the changes of one act for one reader; ``about``: the customer whose trail is read, who needs no naming."""

    def __init__(self, uow: "UnitOfWork", scope: Scope, act: ActLine, *, about: int | None = None) -> None:
        self._run: Any = uow.connection.execute
        self._scope = scope
        self._act = act
        self._about = about or act.customer_id

    def read(self, changes: Sequence[Row[Any]]) -> list[ChangeLine]:
        """The changes in the order given."""
        rows = self._rows(changes)
        customers = self._customers(changes, rows)
        owners = {row.id: row for row in self._of(OWNERS, [key for key in customers if key])}
        names = self._names([*(c.before for c in changes), *(c.after for c in changes), *rows])
        lines = []
        for change, row, customer_id in zip(changes, rows, customers, strict=True):
            found = owners.get(customer_id) if customer_id else None
            lines.append(
                ChangeLine(
                    table=change.table_name,
                    row_id=change.row_id,
                    before=_named(change.before, names),
                    after=_named(change.after, names),
                    row=_named(row, names) or {},
                    subject=found.name if found is not None and customer_id != self._about else None,
                    sight=Sight.NONE if self._is_private(change, row) else self._sight(customer_id, found),
                )
            )
        return lines

    def _rows(self, changes: Sequence[Row[Any]]) -> list[Values]:
        """Each changed row as it is now, or as it was when it was removed; empty when nothing is left of it."""
        keys: dict[str, set[int]] = defaultdict(set)
        for change in changes:
            keys[change.table_name].add(change.row_id)
        now: dict[tuple[str, int], Values] = {}
        for name, wanted in keys.items():
            table = Base.metadata.tables[name]
            for row in self._run(select(table).where(table.c.id.in_(_KEYS)), {"keys": sorted(wanted)}).mappings():
                now[name, row["id"]] = dict(row)
        return [now.get((c.table_name, c.row_id)) or (c.before if c.after is None else {}) or {} for c in changes]

    def _customers(self, changes: Sequence[Row[Any]], rows: Sequence[Values]) -> list[int | None]:
        """The customer of each change; ``None`` for rows that belong to none, 0 where it cannot be told any more."""
        contacts = {row["contact_id"] for row in rows if "customer_id" not in row and row.get("contact_id")}
        of_contact = {row.id: row.customer_id for row in self._of(CUSTOMERS_OF, contacts)}
        found: list[int | None] = []
        for change, row in zip(changes, rows, strict=True):
            match change.table_name:
                case "customer":
                    found.append(change.row_id)
                case "case_entry":
                    found.append(self._act.customer_id or CONTACTS_OF_NOBODY)
                case "channel":
                    found.append(of_contact.get(row.get("contact_id"), self._act.customer_id or CONTACTS_OF_NOBODY))
                case "touch_amount":
                    found.append(self._act.customer_id or CONTACTS_OF_NOBODY)
                case "contact" | "tag" | "touch" | "next_touch" | "customer_case":
                    found.append(row.get("customer_id") or self._act.customer_id or CONTACTS_OF_NOBODY)
                case "draft" | "reminder" | "media":  # of nobody, or of a customer
                    found.append(row.get("customer_id") or self._act.customer_id)
                case _:
                    found.append(None)
        return found

    def _sight(self, customer_id: int | None, found: Row[Any] | None) -> Sight:
        if customer_id is None or self._scope.everything:
            return Sight.FULL
        if found is None:  # the customer is gone: whoever may read the act wrote it
            return Sight.FULL if customer_id == self._act.customer_id else Sight.NONE
        if self._scope.holds(found.owner_id):
            return Sight.FULL
        return Sight.MASKED if found.owner_id is None else Sight.NONE

    def _is_private(self, change: Row[Any], row: Values) -> bool:
        """Whether a change is of somebody's own reminder or draft, who is not the reader nor below."""
        if change.table_name not in PRIVATE or self._scope.everything:
            return False
        persons = {found.person_id for found in self._of(PERSONS_OF, self._scope.members)}
        is_theirs = self._act.person_id in persons or row.get("person_id") in persons
        return not (is_theirs or row.get("member_id") in self._scope.members)

    def _names(self, values: Iterable[Values | None]) -> dict[tuple[str, int], str]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for row in values:
            for column, kind in POINTS_TO.items():
                if row and isinstance(row.get(column), int):
                    wanted[kind].add(row[column])
        return {(kind, row.id): row.name for kind, keys in wanted.items() for row in self._of(NAMES[kind], keys)}

    def _of(self, statement: Any, keys: Iterable[int]) -> list[Row[Any]]:
        wanted = sorted(set(keys))
        return list(self._run(statement, {"keys": wanted})) if wanted else []


def _named(values: Values | None, names: Mapping[tuple[str, int], str]) -> Values | None:
    """A row with names in place of ids."""
    if values is None:
        return None
    return {
        column: names.get((POINTS_TO[column], value), value) if column in POINTS_TO else value
        for column, value in values.items()
    }
