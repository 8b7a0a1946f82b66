"""Touches of the customers the actor may read."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from domain.amounts import Amount, AmountRole
from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor
from domain.touches import Outcome, TouchDraft, TouchKind, TouchLine
from storage.models import Contact, Customer, Member, Touch, TouchAmount
from storage.reads import Read
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LINE = (
    select(
        Touch.id,
        Touch.customer_id,
        Customer.name.label("customer"),
        func.coalesce(Contact.name, Contact.nickname).label("contact"),
        Member.name.label("member"),
        Touch.kind,
        Touch.outcome,
        Touch.happened_at,
        Touch.note,
        Touch.version,
    )
    .join(Customer, Customer.id == Touch.customer_id)
    .outerjoin(Contact, Contact.id == Touch.contact_id)
    .outerjoin(Member, Member.id == Touch.member_id)
)
_NEWEST = _LINE.order_by(Touch.happened_at.desc(), Touch.id.desc())
LATEST = Read(
    _NEWEST.where(Touch.customer_id == bindparam("customer")).limit(bindparam("most")).offset(bindparam("skip")),
    TouchLine,
    kind=TouchKind,
    outcome=Outcome,
)
COUNT = select(func.count()).where(Touch.customer_id == bindparam("customer"))
REACHED_AT = select(func.max(Touch.happened_at)).where(
    Touch.customer_id == bindparam("customer"), Touch.outcome == Outcome.REACHED
)
AMOUNTS = select(TouchAmount.id, TouchAmount.role, TouchAmount.minor, TouchAmount.currency, TouchAmount.words).where(
    TouchAmount.touch_id == bindparam("touch")
)


class TouchRepository:
    """Touches of readable customers: a rep's own, a lead's whole tree, an admin's all, else none."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute

    def add(self, draft: TouchDraft) -> int:
        """Store a touch and its amounts, in the open act. The caller has checked draft and scope."""
        journal = self._uow.journal
        key = journal.add(
            Touch,
            {
                "customer_id": draft.customer_id,
                "contact_id": draft.contact_id,
                "member_id": self._actor.member_id,
                "kind": draft.kind,
                "outcome": draft.outcome,
                "happened_at": draft.happened_at,
                "note": draft.note,
                "chat_id": draft.chat_id,
                "message_id": draft.message_id,
                "created_at": self._uow.now,
            },
        )
        journal.add_many(TouchAmount, [_amount_row(key, amount) for amount in draft.amounts])
        return key

    def get(self, touch_id: int) -> TouchLine:
        """A touch. Raises ``NotFound`` outside the scope."""
        scope = scope_of(self._uow, self._actor)
        row = self._run(_LINE.where(Touch.id == touch_id, scope.readable())).one_or_none()
        if row is None:
            raise NotFound("touch", touch_id)
        return _line(row)

    def latest_of(self, customer_id: int, *, most: int = 3) -> list[TouchLine]:
        """Newest first. Raises ``NotFound`` for a customer outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        return self.newest(customer_id, most=most)

    def newest(self, customer_id: int, *, most: int) -> list[TouchLine]:
        """Newest first, of a customer whose scope was checked."""
        return LATEST.all(self._uow.connection, customer=customer_id, most=most, skip=0)

    def page_of(self, customer_id: int, number: int = 0) -> Page[TouchLine]:
        """One page of a customer's touches, newest first. Raises ``NotFound`` outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        total: int = self._run(COUNT, {"customer": customer_id}).scalar_one()
        rows = LATEST.all(self._uow.connection, customer=customer_id, most=PAGE, skip=number * PAGE)
        return Page(tuple(rows), number, total)

    def of_message(self, chat_id: int, message_id: int) -> list[TouchLine]:
        """The actor's own touches that one message became: usually one, two where it named two days."""
        mine = (Touch.chat_id == chat_id, Touch.message_id == message_id, Touch.member_id == self._actor.member_id)
        return [_line(r) for r in self._run(_LINE.where(*mine).order_by(Touch.id))]

    def reached_at(self, customer_id: int) -> dt.datetime | None:
        """When the customer was last really reached."""
        found: dt.datetime | None = self._run(REACHED_AT, {"customer": customer_id}).scalar_one()
        return found

    def amounts(self, touch_id: int) -> tuple[Amount, ...]:
        """The amounts that a touch named."""
        rows = self._run(AMOUNTS, {"touch": touch_id})
        return tuple(Amount(AmountRole(r.role), r.minor, r.currency, r.words, 0, 0) for r in rows)

    def change(self, touch_id: int, draft: TouchDraft) -> None:
        """Make a touch say what ``draft`` says, in the open act; customer, contact and owner stay."""
        journal = self._uow.journal
        kept = {"kind": draft.kind, "outcome": draft.outcome, "happened_at": draft.happened_at, "note": draft.note}
        journal.change(Touch, touch_id, kept)
        for row in self._run(AMOUNTS, {"touch": touch_id}).all():
            journal.remove(TouchAmount, row.id)
        journal.add_many(TouchAmount, [_amount_row(touch_id, amount) for amount in draft.amounts])


def _amount_row(touch_id: int, amount: Amount) -> dict[str, Any]:
    return {
        "touch_id": touch_id,
        "role": amount.role,
        "minor": amount.minor,
        "currency": amount.currency,
        "words": amount.text,
    }


def _line(row: Any) -> TouchLine:
    key, customer_id, customer, contact, member, kind, outcome, happened_at, note, version = row
    kinds = TouchKind(kind), Outcome(outcome)
    return TouchLine(key, customer_id, customer, contact, member, *kinds, happened_at, note, version)
