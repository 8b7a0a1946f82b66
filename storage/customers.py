"""Customers and their contacts: read through the reader's scope, written through the journal."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, exists, func, literal_column, select, update

from domain import customers as words
from domain.cards import CARD_TOUCHES, Card
from domain.customers import (
    PAGE,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    CustomerLine,
    Duplicate,
    Grade,
    Page,
    Stage,
    Standing,
)
from domain.errors import Changed, NotFound, Taken
from domain.next_touches import NextTouchLine, Origin
from domain.people import Actor
from parsing.names import tag_norm
from parsing.spots import Spot
from storage.cases import IS_OPEN
from storage.contacts import ContactRepository
from storage.duplicates import same
from storage.finding import Hit, find, similar
from storage.models import Act, Binding, Case, Contact, Customer, Member, NextTouch, Tag, Touch
from storage.owners import pass_on
from storage.reads import Read, among
from storage.scope import Scope, scope_of
from storage.spots import spots

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_CUSTOMER: Any = bindparam("customer")
_N = NextTouch
_OPEN: Any = literal_column("'open'")  # bound, it would make SQLite plan anew for each partial index, every time
_UNIT = "\x1f"  # between the tags of one customer; what is typed has no such character
_TAGS = select(Tag.word).where(Tag.customer_id == Customer.id).order_by(Tag.id).correlate(Customer).subquery()
_C = Customer
_SELECT = (  # in the order of the record's fields: a row becomes one without a look at its names
    select(
        *(_C.id, _C.version, _C.kind, _C.name, _C.stage, _C.grade, _C.owner_id, Member.name.label("owner")),
        *(_C.created_at, _C.nickname, _C.occupation, _C.industry, _C.needs, _C.preferences, _C.interests, _C.budget),
        *(_C.city, _C.district, _C.address, _C.latitude, _C.longitude, _C.source, _C.note, _C.external_id),
        select(func.aggregate_strings(_TAGS.c.word, _UNIT)).scalar_subquery().label("tag_words"),
    )
    .outerjoin(Member, Member.id == Customer.owner_id)
    .where(Customer.id == _CUSTOMER)
)
TAG_WORDS = 24  # the column behind the fields
_WORDS: Any = {"kind": CustomerKind, "stage": Stage, "grade": Grade}
CUSTOMER = Read(_SELECT, **_WORDS)
CARD = Read(
    _SELECT.add_columns(
        _N.id.label("next_id"),
        _N.day,
        _N.at,
        _N.origin,
        _N.kind.label("next_kind"),
        _N.version.label("next_version"),
        exists().where(Case.customer_id == Customer.id, IS_OPEN).label("has_case"),
        select(func.count(Binding.id))
        .where(Binding.customer_id == Customer.id, Binding.state != literal_column("'ended'"))
        .correlate(Customer)
        .scalar_subquery()
        .label("accounts"),
    ).outerjoin(_N, and_(_N.customer_id == Customer.id, _N.state == _OPEN)),
    origin=Origin,
    **_WORDS,
)
STORED_TAGS = select(Tag.id, Tag.norm).where(Tag.customer_id == _CUSTOMER)
OWNER = select(Customer.owner_id).where(Customer.id == _CUSTOMER)
HELD_OWNER = OWNER.with_for_update()  # of two who claim at once on PostgreSQL, one waits here
LINES = Read(
    select(
        Customer.id,
        Customer.name,
        Customer.kind,
        Customer.stage,
        Customer.grade,
        Customer.owner_id,
        Member.name.label("owner"),
        Customer.city,
        Customer.touched_at,
    )
    .outerjoin(Member, Member.id == Customer.owner_id)
    .where(among(Customer.id, "keys")),
    **_WORDS,
)
CONTACT_NAMES = Read(select(Contact.id, Contact.name, Contact.nickname).where(among(Contact.id, "keys")))
NAME_OF = select(Member.name).where(Member.id == bindparam("member"))
NAME_IN_ACT = update(Act).where(Act.id == bindparam("act")).values(customer_id=bindparam("customer"))
RECENT = (
    select(Touch.customer_id)
    .where(Touch.member_id == bindparam("member"))
    .order_by(Touch.happened_at.desc(), Touch.id.desc())
    .limit(bindparam("most"))
)
NEWEST = (
    select(Customer.id)
    .where(Customer.owner_id == bindparam("member"))
    .order_by(Customer.owner_id, Customer.id.desc())
    .limit(PAGE)
)

COLUMNS = frozenset(Customer.__table__.c.keys()) - {"id", "version", "owner_id", "created_at", "created_by"}


class CustomerRepository:
    """Customers the actor may find: a rep's own, a lead's tree, an admin's all; and those of the pool, masked."""

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

    def get(self, customer_id: int) -> words.Customer:
        """Everything about one findable customer. Raises ``NotFound`` outside the scope."""
        return self._whole(self._findable(CUSTOMER, customer_id))

    def card(self, customer_id: int) -> Card:
        """A findable customer with what stands next and what was last; of a masked one only the customer.

        The screen that is opened most often: three statements, a fourth where there is a case. Raises ``NotFound`` outside the scope.
        """
        row = self._findable(CARD, customer_id)
        customer = self._whole(row)
        if customer.masked:
            return Card(customer)
        touches = self._uow.touches(self._actor).newest(customer_id, most=CARD_TOUCHES)
        cases = self._uow.cases(self._actor).count_open(customer_id) if row.has_case else 0
        return Card(customer, _next_touch(row), tuple(touches), cases, row.accounts)

    def require_readable(self, customer_id: int) -> None:
        """Raises ``NotFound`` unless the customer is inside the actor's own scope; the pool is not."""
        owner = self._run(OWNER, {"customer": customer_id}).one_or_none()
        if owner is None or not self.scope.holds(owner[0]):
            raise NotFound("customer", customer_id)

    def line(self, customer_id: int) -> CustomerLine:
        """A findable customer as lists show it. Raises ``NotFound`` outside the scope."""
        lines = self.lines([customer_id])
        if not lines:
            raise NotFound("customer", customer_id)
        return lines[0]

    def lines(self, customer_ids: Iterable[int]) -> tuple[CustomerLine, ...]:
        """Findable customers in the order given; others are left out."""
        return self._lines([(key, None) for key in customer_ids])

    @property
    def contacts(self) -> ContactRepository:
        """The people of these customers, in the same scope."""
        return ContactRepository(self._uow, self.require_readable)

    def search(self, text: str, page: int = 0) -> Page[CustomerLine]:
        """Customers that fit what was typed, the best first; the total stops at what a search looks at."""
        hits = find(self._uow, self.scope, text)
        shown = hits[page * PAGE : (page + 1) * PAGE]
        return Page(self._of_hits(shown), page, len(hits))

    def similar(self, text: str, *, most: int = PAGE) -> tuple[CustomerLine, ...]:
        """Customers whose name sounds like what was typed or differs by a slip."""
        return self._of_hits(similar(self._uow, self.scope, text)[:most])

    def recent(self) -> tuple[CustomerLine, ...]:
        """Those the actor was last in touch with, then the newest own ones: at most a page of readable customers."""
        bound = {"member": self._actor.member_id, "most": PAGE * 6}  # several touches may be with one customer
        keys = dict.fromkeys([*self._run(RECENT, bound).scalars(), *self._run(NEWEST, bound).scalars()])
        return tuple(line for line in self.lines(keys) if not line.pool)[:PAGE]

    def spots(self, text: str) -> tuple[Spot, ...]:
        """Names of findable customers and contacts in a message, with their places."""
        return spots(self._uow, self._actor, self.scope, text)

    def duplicates(
        self,
        *,
        phones: Iterable[str] = (),
        wechat: Iterable[str] = (),
        company: str | None = None,
        besides: int | None = None,
    ) -> tuple[Duplicate, ...]:
        """Customers of anybody with one of these whole numbers, WeChat ids, or this company's name.

        Args:
            phones, wechat: normalised.
            besides: the customer that is being changed.

        Returns:
            Each customer once; of a colleague's only that there is one.
        """
        found = same(self._uow, phones, wechat, company)
        found.pop(besides or 0, None)
        owners = {row.id: row.owner_id for row in self._rows(found)}
        lines = {line.id: line for line in self._lines([(key, found[key][1]) for key in owners])}
        result = []
        for key, owner in owners.items():
            standing = self._standing(owner)
            shown = None if standing is Standing.COLLEAGUE else lines.get(key)
            result.append(Duplicate(standing, shown, found[key][0]))
        return tuple(sorted(result, key=lambda one: list(Standing).index(one.standing)))

    def owners_of_same(
        self, *, phones: Iterable[str] = (), wechat: Iterable[str] = (), company: str | None = None
    ) -> tuple[tuple[int, int], ...]:
        """Customers of colleagues that ``duplicates`` only hinted at, with their owners: for who may be asked."""
        rows = self._rows(same(self._uow, phones, wechat, company))
        foreign = (row for row in rows if self._standing(row.owner_id) is Standing.COLLEAGUE)
        return tuple((row.id, row.owner_id) for row in foreign)

    # Writing, in the open act ------------------------------------------------------------------------------------

    def add(self, draft: CustomerDraft) -> int:
        """File a customer with contacts, channels and tags; a person gets exactly one contact, called by the same name."""
        values: dict[str, Any] = {column: value for column, value in draft.values.items() if column in COLUMNS}
        values |= {"kind": draft.kind, "name": draft.name, "stage": draft.stage, "grade": draft.grade}
        values |= {"owner_id": draft.owner_id, "created_at": self._uow.now, "created_by": self._actor.member_id}
        contacts = draft.contacts
        if draft.kind is CustomerKind.PERSON:
            contacts = (contacts or (ContactDraft(),))[:1]
            own = contacts[0].values
            values["nickname"] = values.get("nickname") or own.get("nickname")
            contacts = (replace(contacts[0], name=draft.name, values={**own, "nickname": None}),)
        customer_id = self._uow.journal.add(Customer, values)
        for contact in contacts:
            self.contacts.file(customer_id, contact)
        self.add_tags(customer_id, draft.tags)
        return customer_id

    def change(self, customer_id: int, values: Mapping[str, Any], *, version: int | None = None) -> None:
        """Change columns of a readable customer; a person's contact keeps the person's name.

        Raises:
            NotFound: outside the scope.
            Changed: the row's version is not ``version``.
        """
        self.require_readable(customer_id)
        journal = self._uow.journal
        journal.change(Customer, customer_id, values, version=version)
        if "name" in values or "kind" in values:
            row = CUSTOMER.one(self._uow.connection, customer=customer_id)
            if row.kind == CustomerKind.PERSON:
                journal.change(Contact, self.contacts.first(customer_id), {"name": row.name})

    def name_in_act(self, customer_id: int) -> None:
        """Let the open act, begun before its customer existed, be found in that customer's history."""
        self._run(NAME_IN_ACT, {"act": self._uow.journal.act_id, "customer": customer_id})

    def require_free(self, customer_id: int) -> None:
        """Hold a customer of the pool for this transaction: of two who claim it, the second waits here.

        Raises:
            NotFound: there is no such customer, or the actor is not staff.
            Taken: it has an owner by now, who is named.
            Changed: the owner is the actor.
        """
        row = self._run(HELD_OWNER, {"customer": customer_id}).one_or_none()
        if row is None or not self.scope.owners:
            raise NotFound("customer", customer_id)
        if row.owner_id == self._actor.member_id:
            raise Changed("customer", customer_id)
        if row.owner_id is not None:
            raise Taken("customer", self._run(NAME_OF, {"member": row.owner_id}).scalar_one())

    def set_owner(self, customer_id: int, owner_id: int | None, *, version: int | None = None) -> None:
        """Hand a findable customer over, with its next touch, and the old owner's open drafts and reminders of it.

        Into the pool go neither: the next touch is over, a reminder of it too, and a draft stays with who wrote it.
        """
        owner = self._run(HELD_OWNER, {"customer": customer_id}).one_or_none()
        if owner is None or not self._may_find(owner[0]):
            raise NotFound("customer", customer_id)
        journal = self._uow.journal
        journal.change(Customer, customer_id, {"owner_id": owner_id}, version=version)
        pass_on(self._uow, [customer_id], owner[0], owner_id)

    def add_tags(self, customer_id: int, tags: Iterable[str]) -> None:
        """Add tags that the customer does not have yet."""
        known = {row.norm for row in self._run(STORED_TAGS, {"customer": customer_id})}
        for tag in tags:
            norm = tag_norm(tag)
            if norm and norm not in known:
                known.add(norm)
                word = tag.strip().lstrip("#＃")
                self._uow.journal.add(Tag, {"customer_id": customer_id, "word": word, "norm": norm})

    def remove_tags(self, customer_id: int, tags: Iterable[str]) -> None:
        """Take tags off a customer."""
        gone = {tag_norm(tag) for tag in tags}
        for row in list(self._run(STORED_TAGS, {"customer": customer_id})):
            if row.norm in gone:
                self._uow.journal.remove(Tag, row.id)

    # Within -----------------------------------------------------------------------------------------------------

    def _findable(self, read: Read, customer_id: int) -> Any:
        row = read.one_or_none(self._uow.connection, customer=customer_id)
        if row is None or not self._may_find(row.owner_id):
            raise NotFound("customer", customer_id)
        return row

    def _whole(self, row: Any) -> words.Customer:
        return _customer(row, self.contacts.of(row.id), masked=not self.scope.holds(row.owner_id))

    def _may_find(self, owner_id: int | None) -> bool:
        return self.scope.holds(owner_id) or (owner_id is None and bool(self.scope.owners))

    def _of_hits(self, hits: Iterable[Hit]) -> tuple[CustomerLine, ...]:
        return self._lines([(hit.customer_id, hit.contact_id) for hit in hits])

    def _lines(self, wanted: list[tuple[int, int | None]]) -> tuple[CustomerLine, ...]:
        """One line per customer, with the contact by which it was found; those out of scope are left out.

        In the pool it is not named: the people of a masked customer are not shown on the card either.
        """
        if not wanted:
            return ()
        rows = {row.id: row for row in self._rows(key for key, _ in wanted)}
        contacts = [contact for _, contact in wanted if contact is not None]
        names = (
            {row.id: row.name or row.nickname for row in CONTACT_NAMES.all(self._uow.connection, keys=contacts)}
            if contacts
            else {}
        )
        found = ((rows[key], contact) for key, contact in wanted if key in rows and self._may_find(rows[key].owner_id))
        return tuple(
            _line(row, contact, names.get(contact) if self.scope.holds(row.owner_id) else None, self._actor.zone)
            for row, contact in found
        )

    def _standing(self, owner_id: int | None) -> Standing:
        if owner_id is None:
            return Standing.POOL
        if owner_id == self._actor.member_id:
            return Standing.YOURS
        return Standing.TEAM if self.scope.holds(owner_id) else Standing.COLLEAGUE

    def _rows(self, customer_ids: Iterable[int]) -> list[Row[Any]]:
        keys = list(customer_ids)
        return LINES.all(self._uow.connection, keys=keys) if keys else []


def _customer(row: Any, contacts: tuple[words.Contact, ...], *, masked: bool) -> words.Customer:
    tags = tuple(row.tag_words.split(_UNIT)) if row.tag_words else ()
    values: tuple[Any, ...] = (*row[:TAG_WORDS], tags, contacts, masked)
    return words.Customer(*values)


def _next_touch(row: Any) -> NextTouchLine | None:
    if row.next_id is None:
        return None
    return NextTouchLine(row.next_id, row.id, row.name, row.day, row.at, row.origin, row.next_kind, row.next_version)


def _line(row: Row[Any], contact_id: int | None, contact: str | None, zone: dt.tzinfo) -> CustomerLine:
    own = contact is None or contact == row.name
    return CustomerLine(
        id=row.id,
        name=row.name,
        kind=row.kind,
        stage=row.stage,
        grade=row.grade,
        owner_id=row.owner_id,
        owner=row.owner,
        city=row.city,
        contact_id=contact_id,
        contact=None if own else contact,
        touched_on=row.touched_at.astimezone(zone).date() if row.touched_at else None,
        pool=row.owner_id is None,
    )
