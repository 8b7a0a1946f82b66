"""Many customers at once, whole, batch by batch; and who took how many of them out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select, text

from domain import customers as words
from domain.customers import CustomerKind, Grade, Stage
from domain.imports import Stored
from domain.next_touches import NextTouch, Origin
from domain.people import Actor
from storage.contacts import CONTACTS_OF_MANY, put_together
from storage.models import Customer, ExportLog, Member, Tag
from storage.models import NextTouch as Next
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
_FIELDS = (  # those that need no look at their value
    *("nickname", "occupation", "industry", "needs", "preferences", "interests", "budget", "city", "district"),
    *("address", "latitude", "longitude", "source", "note", "external_id"),
)
CUSTOMERS = (
    select(
        *Customer.__table__.c,
        Member.name.label("owner"),
        Next.day,
        Next.at,
        Next.origin,
        Next.kind.label("next_kind"),
    )
    .outerjoin(Member, Member.id == Customer.owner_id)
    .outerjoin(Next, and_(Next.customer_id == Customer.id, text("next_touch.state = 'open'")))
    .where(Customer.id.in_(_KEYS))
)
TAGS = select(Tag.customer_id, Tag.word).where(Tag.customer_id.in_(_KEYS)).order_by(Tag.id)
LOG = insert(ExportLog).returning(ExportLog.id)
TAKEN = select(func.count()).where(ExportLog.member_id == bindparam("member"), ExportLog.at >= bindparam("since"))


class ExportRepository:
    """Customers of the actor's own scope; the pool is in it for admins only."""

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

    def count(self) -> int:
        """How many customers there are in the scope."""
        found: int = self._run(select(func.count()).select_from(Customer).where(self.scope.readable())).scalar_one()
        return found

    def ids(self, *, most: int | None = None) -> list[int]:
        """All of the scope, the oldest first; where only ``most`` are wanted, those last in touch with."""
        wanted = select(Customer.id).where(self.scope.readable())
        if most is None:
            return list(self._run(wanted.order_by(Customer.id)).scalars())
        latest = wanted.order_by(Customer.touched_at.is_(None), Customer.touched_at.desc(), Customer.id.desc())
        return list(self._run(latest.limit(most)).scalars())

    def stored(self, customer_ids: Sequence[int]) -> list[Stored]:
        """Customers of the scope, whole, in the order given; others are left out. Four statements for all of them."""
        bound = {"keys": list(customer_ids)}
        rows = {row.id: row for row in self._run(CUSTOMERS.where(self.scope.readable()), bound)}
        if not rows:
            return []
        bound = {"keys": list(rows)}
        contacts, tags = defaultdict[int, list[words.Contact]](list), defaultdict[int, list[str]](list)
        for contact in put_together(self._run(CONTACTS_OF_MANY, bound)):
            contacts[contact.customer_id].append(contact)
        for tag in self._run(TAGS, bound):
            tags[tag.customer_id].append(tag.word)
        return [_stored(rows[key], tuple(contacts[key]), tuple(tags[key])) for key in customer_ids if key in rows]

    # Who took what -------------------------------------------------------------------------------------------------

    def taken_since(self, since: dt.datetime) -> int:
        """How often the actor has exported since then."""
        found: int = self._run(TAKEN, {"member": self._actor.member_id, "since": since}).scalar_one()
        return found

    def note(self, rows: int, kind: str) -> int:
        """Write down that the actor takes so many customers out; the entry's id."""
        values = {"member_id": self._actor.member_id, "rows": rows, "kind": kind, "at": self._uow.now}
        key: int = self._run(LOG, values).scalar_one()
        return key

    def forget(self, log_id: int) -> None:
        """An export that came to nothing does not count."""
        self._run(delete(ExportLog).where(ExportLog.id == log_id))


def _stored(row: Row[Any], contacts: tuple[words.Contact, ...], tags: tuple[str, ...]) -> Stored:
    customer = words.Customer(
        id=row.id,
        version=row.version,
        kind=CustomerKind(row.kind),
        name=row.name,
        stage=Stage(row.stage),
        grade=Grade(row.grade),
        owner_id=row.owner_id,
        owner=row.owner,
        created_at=row.created_at,
        tags=tags,
        contacts=contacts,
        **{name: getattr(row, name) for name in _FIELDS},
    )
    next_touch = NextTouch(row.day, row.at, Origin(row.origin), row.next_kind) if row.day else None
    return Stored(customer, row.touched_at, next_touch)
