"""Imports of spreadsheets: their state, which customers their rows are, and filing many at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Row, and_, bindparam, case, column, exists, func, insert, or_, select, text, update

from domain import customers as words
from domain.customers import ACTIVE_STAGES as ACTIVE
from domain.customers import PAGE, CustomerKind, Grade, Page
from domain.errors import Changed, NotFound
from domain.gains import Gain
from domain.imports import MARKS, Asked, Candidates, ImportLine, ImportState, Known
from domain.next_touches import CADENCE_ORDER, NextTouch
from domain.people import Actor, Role
from parsing.names import norm_of, tag_norm
from storage.contacts import birthday_columns
from storage.contacts import columns_of_channel as channel_row
from storage.filing import Filing, store
from storage.models import Channel, Contact, Customer, Member, SheetImport, Tag
from storage.models import NextTouch as Next
from storage.reads import Read, one_of
from storage.scope import Scope, scope_of
from storage.search import COMPANY, NAME

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_IMPORT: Any = bindparam("import_id")
_COLUMNS = (
    SheetImport.id,
    SheetImport.member_id,
    SheetImport.name,
    SheetImport.facts,
    SheetImport.state,
    SheetImport.act_id,
    SheetImport.created_at,
    SheetImport.version,
)
_LINE = select(*_COLUMNS)
ONE = _LINE.where(SheetImport.id == bindparam("key"))
SHOWN = (ImportState.PREVIEW, ImportState.RUNNING, ImportState.PLANNING, ImportState.DONE, ImportState.UNDOING)
LATEST = (
    _LINE.where(
        or_(
            SheetImport.member_id == bindparam("member"),
            and_(bindparam("all", type_=Boolean), SheetImport.member_id.is_(None)),
        )
    )
    .where(SheetImport.state.in_([str(state) for state in SHOWN]))
    .order_by(SheetImport.id.desc())
    .limit(bindparam("most"))
)
CHANGE = (
    update(SheetImport)
    .where(SheetImport.id == bindparam("key"))
    .values({column: bindparam(f"new_{column}") for column in ("facts", "state", "act_id", "version")})
    .returning(*_COLUMNS)
)
ADD = insert(SheetImport).returning(SheetImport.id)
_OTHER = "(customer.import_id IS NULL OR customer.import_id <> :import_id)"
SAME = """
SELECT channel.kind AS kind, channel.normal AS key, customer.id AS id FROM channel
JOIN contact ON contact.id = channel.contact_id JOIN customer ON customer.id = contact.customer_id
WHERE channel.kind IN ({kinds}) AND channel.normal {normals} AND {other}
UNION ALL SELECT 'external', external_id, id FROM customer WHERE external_id {external} AND {other}
UNION ALL SELECT 'name', norm, customer.id FROM search_name JOIN customer ON customer.id = search_name.customer_id
WHERE norm {names} AND search_name.source IN ('{name}', '{company}') AND {other}
ORDER BY id
"""
KNOWN = select(
    Customer.id,
    Customer.name,
    Customer.nickname,
    Customer.kind,
    Customer.owner_id,
    Customer.external_id,
    Customer.city,
    exists()
    .where(
        Contact.customer_id == Customer.id,
        Channel.contact_id == Contact.id,
        Channel.kind.in_([str(kind) for kind in MARKS]),
        Channel.normal.is_not(None),
    )
    .label("numbered"),
).where(Customer.id.in_(_KEYS), or_(Customer.import_id.is_(None), Customer.import_id != _IMPORT))
MEMBERS = select(Member.id, Member.name, Member.role).where(Member.active.is_(True)).order_by(Member.name, Member.id)
_OWNED = (Customer.import_id == _IMPORT, Customer.owner_id.is_not(None), Customer.stage.in_([str(s) for s in ACTIVE]))
_RANK = case({str(grade): rank for grade, rank in CADENCE_ORDER.items()}, value=Customer.grade, else_=9)
TO_PLAN = select(Customer.id).where(*_OWNED).order_by(Customer.owner_id, _RANK, Customer.id)
WAITING = (
    select(Customer.id, Customer.owner_id, Customer.grade)
    .outerjoin(Next, and_(Next.customer_id == Customer.id, text("next_touch.state = 'open'")))
    .where(*_OWNED, Next.id.is_(None))
)
FILED = select(Customer.id).where(Customer.import_id == _IMPORT).order_by(Customer.id)
COUNT_FILED = select(func.count()).where(Customer.import_id == _IMPORT)
FIRST_CONTACT = select(Contact.id).where(Contact.customer_id == bindparam("customer")).order_by(Contact.id).limit(1)


class ImportRepository:
    """Imports of the actor, for admins those of the command line too; what they file is the caller's to have checked."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
        self._known_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """By the rights of this moment, asked once."""
        if self._known_scope is None:
            self._known_scope = scope_of(self._uow, self._actor).own()
        return self._known_scope

    # The import itself -----------------------------------------------------------------------------------------

    def add(self, name: str, facts: Mapping[str, Any], *, state: ImportState = ImportState.READING) -> int:
        """Begin an import: its file is about to be read."""
        values = {"member_id": self._actor.member_id, "name": name, "facts": dict(facts), "state": state}
        key: int = self._run(ADD, values | {"created_at": self._uow.now}).scalar_one()
        return key

    def get(self, import_id: int, *, version: int | None = None) -> ImportLine:
        """An import that is the actor's to see.

        Raises:
            NotFound: it is somebody else's, or gone.
            Changed: it is not as the screen showed it.
        """
        row = self._run(ONE, {"key": import_id}).one_or_none()
        if row is None or not self._is_own(row.member_id):
            raise NotFound("import", import_id)
        if version is not None and row.version != version:
            raise Changed("import", import_id)
        return _line(row)

    def latest(self, *, most: int) -> list[ImportLine]:
        """The actor's latest imports that came to something or wait for it, the newest first."""
        bound = {"member": self._actor.member_id, "all": self._actor.role is Role.ADMIN, "most": most}
        return [_line(row) for row in self._run(LATEST, bound)]

    def change(
        self, line: ImportLine, *, state: ImportState | None = None, act_id: int | None = None, **facts: Any
    ) -> ImportLine:
        """Store what was chosen or counted; the screens drawn before are stale then."""
        values = {
            "facts": {**line.facts, **facts},
            "state": state or line.state,
            "act_id": act_id or line.act_id,
            "version": line.version + 1,
        }
        return _line(self._run(CHANGE, {"key": line.id} | {f"new_{c}": v for c, v in values.items()}).one())

    def _is_own(self, member_id: int | None) -> bool:
        if member_id is None:  # of the command line; who is no member has no member id either
            return self._actor.role is Role.ADMIN
        return member_id == self._actor.member_id

    def members(self) -> list[tuple[int, str, Role]]:
        """Active members whom the actor may give customers to: (id, name, role), by name."""
        rows = self._run(MEMBERS)
        return [(row.id, row.name, Role(row.role)) for row in rows if row.id in self.scope.members]

    # Who is who --------------------------------------------------------------------------------------------------

    def candidates(self, asked: Asked, *, import_id: int) -> Candidates:
        """The stored customers that those of a batch may be, whoever owns them; without those of this very import."""
        found: dict[str, dict[str, tuple[int, ...]]] = defaultdict(lambda: defaultdict(tuple))
        lists = {"normals": list(asked.normals), "external": list(asked.external_ids), "names": list(asked.names)}
        same = _same(self._uow.connection.dialect.name)
        ids = set(asked.ids)
        for row in same.all(self._uow.connection, import_id=import_id, **lists):
            found[row.kind][row.key] += (row.id,)
            ids.add(row.id)
        known = self._asked(KNOWN, ids, import_id=import_id)
        marks = {(str(kind), key): keys for kind in MARKS for key, keys in found[kind].items()}
        return Candidates({row.id: _known(row) for row in known}, marks, found["external"], found["name"])

    def _asked(self, statement: Any, keys: Iterable[Any], **bound: Any) -> list[Row[Any]]:
        wanted = sorted(set(keys))
        return list(self._run(statement, {"keys": wanted, **bound})) if wanted else []

    # Filing, in the open act ---------------------------------------------------------------------------------------

    def file(
        self, import_id: int, filing: Filing, owners: Sequence[int | None], touched: Sequence[dt.datetime | None]
    ) -> list[int]:
        """File new customers in bulk, each with its owner and latest touch. Ids in the order given."""
        return store(
            self._uow,
            filing,
            owners=owners,
            touched=touched,
            import_id=import_id,
            created_by=self._actor.member_id,
        )

    def hang_on(self, gains: Sequence[tuple[words.Customer, Gain]]) -> None:
        """Give existing customers the numbers and tags of what they gain; ``apply`` gives each the rest."""
        channels = [channel_row(contact_id, channel) for _, gain in gains for contact_id, channel in gain.channels]
        self._uow.journal.add_many(Channel, channels)
        self._uow.journal.add_many(Tag, [row for customer, gain in gains for row in _new_tags(customer, gain.tags)])

    def apply(self, customer_id: int, gain: Gain) -> None:
        """Give an existing customer what a file adds to it, but for ``hang_on``."""
        journal = self._uow.journal
        journal.change(Customer, customer_id, gain.values)
        for contact in gain.contacts:
            self._uow.customers(self._actor).contacts.file(customer_id, contact)
        for contact_id, values in gain.contact_values:
            plain = {column: value for column, value in values.items() if column != "birthday"}
            journal.change(
                Contact, contact_id, plain | (birthday_columns(values["birthday"]) if "birthday" in values else {})
            )
        if "name" in gain.values:
            self._rename_person(customer_id, gain.values["name"])
        if gain.next_touch is not None:
            self._uow.next_touches(self._actor).set(customer_id, gain.next_touch)

    def _rename_person(self, customer_id: int, name: str) -> None:
        """A person's only contact is called as the person is."""
        kind = self._run(select(Customer.kind).where(Customer.id == customer_id)).scalar_one()
        contact = self._run(FIRST_CONTACT, {"customer": customer_id}).scalar_one_or_none()
        if kind == CustomerKind.PERSON and contact is not None:
            self._uow.journal.change(Contact, contact, {"name": name})

    # Next touches ---------------------------------------------------------------------------------------------------

    def to_plan(self, import_id: int) -> list[int]:
        """Customers of an import that must have a next touch, by owner, better grades first; whether they have one or
        not, so that the list is the same after a crash."""
        return list(self._run(TO_PLAN, {"import_id": import_id}).scalars())

    def waiting(self, import_id: int, customer_ids: Sequence[int]) -> list[tuple[int, int, Grade]]:
        """Those of these customers that still have none, in the order given: (id, owner, grade)."""
        rows = {
            row.id: row for row in self._run(WAITING.where(Customer.id.in_(customer_ids)), {"import_id": import_id})
        }
        return [(key, rows[key].owner_id, Grade(rows[key].grade)) for key in customer_ids if key in rows]

    def plan_many(self, plans: Sequence[tuple[int, int, NextTouch]]) -> None:
        """Store next touches in bulk: (customer, owner, when)."""
        rows = [
            {
                "customer_id": customer,
                "owner_id": owner,
                "day": plan.day,
                "at": plan.at,
                "kind": plan.kind,
                "origin": plan.origin,
                "state": "open",
                "created_at": self._uow.now,
            }
            for customer, owner, plan in plans
        ]
        keys = self._uow.journal.add_many(Next, rows, followed=False)
        self._uow.touched("next_touch", [key for key, row in zip(keys, rows, strict=True) if row["at"] is not None])

    # What an import filed -------------------------------------------------------------------------------------------

    def count_filed(self, import_id: int) -> int:
        """How many customers of an import are there."""
        found: int = self._run(COUNT_FILED, {"import_id": import_id}).scalar_one()
        return found

    def filed(self, import_id: int, number: int) -> Page[int]:
        """A screen of the customers that an import filed and that the actor may read."""
        own = FILED.where(self.scope.readable())
        total = self._run(COUNT_FILED.where(self.scope.readable()), {"import_id": import_id}).scalar_one()
        keys = self._run(own.limit(PAGE).offset(number * PAGE), {"import_id": import_id}).scalars()
        return Page(tuple(keys), number, total)


@cache
def _same(dialect: str) -> Read:
    lists = {name: one_of(name, "text", dialect) for name in ("normals", "external", "names")}
    kinds = ", ".join(f"'{kind}'" for kind in sorted(MARKS))
    statement = text(SAME.format(kinds=kinds, other=_OTHER, name=NAME, company=COMPANY, **lists))
    return Read(statement.columns(column("kind"), column("key"), column("id")))


def _new_tags(customer: words.Customer, tags: Iterable[str]) -> list[dict[str, Any]]:
    has = {tag_norm(tag) for tag in customer.tags}
    new = {norm: tag for tag in reversed(tuple(tags)) if (norm := tag_norm(tag)) and norm not in has}
    rows = [{"customer_id": customer.id, "word": tag.strip().lstrip("#＃"), "norm": norm} for norm, tag in new.items()]
    return rows[::-1]


def _known(row: Row[Any]) -> Known:
    names = tuple(dict.fromkeys(norm_of(name) for name in (row.name, row.nickname) if name))
    kind = CustomerKind(row.kind)
    return Known(row.id, row.name, names, kind, row.owner_id, row.external_id, row.city, bool(row.numbered))


def _line(row: Row[Any]) -> ImportLine:
    return ImportLine(
        row.id, row.member_id, row.name, row.facts, ImportState(row.state), row.act_id, row.created_at, row.version
    )
