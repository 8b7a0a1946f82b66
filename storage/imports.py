"""Imports of spreadsheets: their state, which customers their rows are, and filing many at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Row, and_, bindparam, case, exists, func, insert, or_, select, text, update

from domain.customers import ACTIVE_STAGES as ACTIVE
from domain.customers import PAGE, ContactDraft, CustomerDraft, CustomerKind, Grade, Page
from domain.errors import Changed, NotFound
from domain.gains import Gain, says_anything
from domain.imports import MARKS, Candidates, ImportLine, ImportState, Incoming, Known
from domain.next_touches import CADENCE_ORDER, NextTouch
from domain.people import Actor, Role
from parsing.names import norm_of, tag_norm
from storage.contacts import birthday_columns
from storage.contacts import columns_of_channel as channel_row
from storage.customers import COLUMNS
from storage.models import Channel, Contact, Customer, Member, SearchName, SheetImport, Tag
from storage.models import NextTouch as Next
from storage.scope import Scope, scope_of
from storage.search import COMPANY, NAME

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_IMPORT: Any = bindparam("import_id")
_LINE = select(
    SheetImport.id,
    SheetImport.member_id,
    SheetImport.name,
    SheetImport.facts,
    SheetImport.state,
    SheetImport.act_id,
    SheetImport.created_at,
    SheetImport.version,
)
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
ADD = insert(SheetImport).returning(SheetImport.id)
BY_MARK = (
    select(Channel.kind, Channel.normal, Contact.customer_id)
    .join(Contact, Contact.id == Channel.contact_id)
    .where(Channel.kind.in_([str(kind) for kind in MARKS]), Channel.normal.in_(_KEYS))
    .order_by(Contact.customer_id)
)
BY_EXTERNAL = select(Customer.external_id, Customer.id).where(Customer.external_id.in_(_KEYS)).order_by(Customer.id)
BY_NAME = (
    select(SearchName.norm, SearchName.customer_id)
    .where(SearchName.norm.in_(_KEYS), SearchName.source.in_([NAME, COMPANY]))
    .order_by(SearchName.customer_id)
)
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
        self._run(update(SheetImport).where(SheetImport.id == line.id).values(values))
        return _line(self._run(ONE, {"key": line.id}).one())

    def _is_own(self, member_id: int | None) -> bool:
        if member_id is None:  # of the command line; who is no member has no member id either
            return self._actor.role is Role.ADMIN
        return member_id == self._actor.member_id

    def members(self) -> list[tuple[int, str, Role]]:
        """Active members whom the actor may give customers to: (id, name, role), by name."""
        rows = self._run(MEMBERS)
        return [(row.id, row.name, Role(row.role)) for row in rows if row.id in self.scope.members]

    # Who is who --------------------------------------------------------------------------------------------------

    def candidates(self, batch: Sequence[Incoming], *, import_id: int) -> Candidates:
        """The stored customers that those of a batch may be, whoever owns them; without those of this very import."""
        marks: dict[tuple[str, str], tuple[int, ...]] = defaultdict(tuple)
        external: dict[str, tuple[int, ...]] = defaultdict(tuple)
        names: dict[str, tuple[int, ...]] = defaultdict(tuple)
        wanted = {normal for one in batch for _, normal in one.marks}
        for row in self._asked(BY_MARK, wanted):
            marks[row.kind, row.normal] += (row.customer_id,)
        for row in self._asked(BY_EXTERNAL, {one.external_id for one in batch if one.external_id}):
            external[row.external_id] += (row.id,)
        for row in self._asked(BY_NAME, {name for one in batch for name in one.asked}):
            names[row.norm] += (row.customer_id,)
        ids = {one.keyuan_id for one in batch if one.keyuan_id}
        ids.update(key for found in (marks, external, names) for keys in found.values() for key in keys)
        known = self._asked(KNOWN, ids, import_id=import_id)
        return Candidates({row.id: _known(row) for row in known}, marks, external, names)

    def _asked(self, statement: Any, keys: Iterable[Any], **bound: Any) -> list[Row[Any]]:
        wanted = sorted(set(keys))
        return list(self._run(statement, {"keys": wanted, **bound})) if wanted else []

    # Filing, in the open act ---------------------------------------------------------------------------------------

    def file_many(
        self, import_id: int, drafts: Sequence[tuple[CustomerDraft, int | None, dt.datetime | None]]
    ) -> list[int]:
        """File new customers in bulk: (draft, owner, latest touch). Ids in the order given."""
        journal = self._uow.journal
        keys = journal.add_many(Customer, [self._customer(import_id, *one) for one in drafts])
        pairs = [
            (key, contact) for key, (draft, _, _) in zip(keys, drafts, strict=True) for contact in _contacts(draft)
        ]
        contact_keys = journal.add_many(Contact, [_contact_row(key, contact) for key, contact in pairs])
        with_channels = zip(contact_keys, pairs, strict=True)
        journal.add_many(
            Channel, [channel_row(key, c) for key, (_, contact) in with_channels for c in contact.channels]
        )
        journal.add_many(
            Tag, [row for key, (draft, _, _) in zip(keys, drafts, strict=True) for row in _tags(key, draft)]
        )
        return keys

    def _customer(
        self, import_id: int, draft: CustomerDraft, owner: int | None, touched: dt.datetime | None
    ) -> dict[str, Any]:
        values: dict[str, Any] = dict.fromkeys(COLUMNS)
        values |= {c: v for c, v in draft.values.items() if c in COLUMNS}
        if draft.kind is CustomerKind.PERSON and draft.contacts:
            values["nickname"] = values["nickname"] or draft.contacts[0].values.get("nickname")
        return values | {
            "kind": draft.kind,
            "name": draft.name,
            "stage": draft.stage,
            "grade": draft.grade,
            "owner_id": owner,
            "import_id": import_id,
            "touched_at": touched,
            "created_at": self._uow.now,
            "created_by": self._actor.member_id,
        }

    def apply(self, customer_id: int, gain: Gain) -> None:
        """Give an existing customer what a file adds to it."""
        journal = self._uow.journal
        journal.change(Customer, customer_id, gain.values)
        customers = self._uow.customers(self._actor)
        customers.add_tags(customer_id, gain.tags)
        for contact in gain.contacts:
            customers.contacts.file(customer_id, contact)
        journal.add_many(Channel, [channel_row(contact_id, channel) for contact_id, channel in gain.channels])
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
        self._uow.journal.add_many(Next, rows)

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


def _contacts(draft: CustomerDraft) -> tuple[ContactDraft, ...]:
    """A person has exactly one contact, called by the same name; his nickname is the customer's. Of a company those
    of whom the file says anything."""
    if draft.kind is CustomerKind.COMPANY:
        return tuple(contact for contact in draft.contacts if says_anything(contact))
    first = draft.contacts[0] if draft.contacts else ContactDraft()
    values = {**first.values, "nickname": None}
    return (ContactDraft(draft.name, values, first.gender, first.birthday, first.channels),)


CONTACT_COLUMNS = ("nickname", "title", "part", "preferred_channel", "preferred_time")


def _contact_row(customer_id: int, contact: ContactDraft) -> dict[str, Any]:
    values: dict[str, Any] = {c: contact.values.get(c) for c in CONTACT_COLUMNS}
    values |= birthday_columns(contact.birthday)
    return values | {"customer_id": customer_id, "name": contact.name, "gender": contact.gender}


def _tags(customer_id: int, draft: CustomerDraft) -> list[dict[str, Any]]:
    norms = {tag_norm(tag): tag for tag in reversed(draft.tags) if tag_norm(tag)}
    rows = [
        {"customer_id": customer_id, "word": tag.strip().lstrip("#＃"), "norm": norm} for norm, tag in norms.items()
    ]
    return rows[::-1]


def _known(row: Row[Any]) -> Known:
    names = tuple(dict.fromkeys(norm_of(name) for name in (row.name, row.nickname) if name))
    kind = CustomerKind(row.kind)
    return Known(row.id, row.name, names, kind, row.owner_id, row.external_id, row.city, bool(row.numbered))


def _line(row: Row[Any]) -> ImportLine:
    return ImportLine(
        row.id, row.member_id, row.name, row.facts, ImportState(row.state), row.act_id, row.created_at, row.version
    )
