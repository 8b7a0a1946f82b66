"""What customers wrote and what they were answered."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, func, select

from domain.bindings import BindingState
from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor
from domain.talks import TalkLine, TalkMedia
from storage.models import Binding, Contact, Customer, Media, Member, Person, Talk
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_CONFIRMED = (
    select(Binding.id)
    .where(
        Binding.person_id == Talk.person_id,
        Binding.customer_id == Talk.customer_id,
        Binding.state == BindingState.CONFIRMED,
    )
    .exists()
)
_LINE = (
    select(
        Talk.id,
        Talk.version,
        Talk.customer_id,
        Customer.name.label("customer"),
        Customer.owner_id,
        func.coalesce(Contact.name, Contact.nickname).label("contact"),
        Talk.person_id,
        Person.name.label("account"),
        Talk.member_id,
        Member.name.label("member"),
        Talk.text,
        Talk.said_at,
        Talk.chat_id,
        Talk.message_id,
        Talk.answered_at,
        Talk.recalled_at,
        Media.kind,
        Media.file_id,
        Media.name.label("file"),
        Media.latitude,
        Media.longitude,
        _CONFIRMED.label("confirmed"),
    )
    .join(Customer, Customer.id == Talk.customer_id)
    .join(Person, Person.id == Talk.person_id)
    .outerjoin(Contact, Contact.id == Talk.contact_id)
    .outerjoin(Member, Member.id == Talk.member_id)
    .outerjoin(Media, Media.talk_id == Talk.id)
)
# The condition of the partial index, in the words that SQLite recognises it by.
_OPEN = and_(Talk.member_id.is_(None), Talk.answered_at.is_(None))
ONE = _LINE.where(Talk.id == bindparam("talk"))
OF_MESSAGE = _LINE.where(Talk.chat_id == bindparam("chat"), Talk.message_id == bindparam("message"))
OF_CUSTOMER = (
    _LINE.where(Talk.customer_id == bindparam("customer"))
    .order_by(Talk.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
COUNT = select(func.count()).where(Talk.customer_id == bindparam("customer"))
OPEN_OF = select(Talk.id).where(_OPEN, Talk.customer_id == bindparam("customer"), Talk.id <= bindparam("until"))
LAST_CUSTOMER = select(Talk.customer_id).where(Talk.person_id == bindparam("person")).order_by(Talk.id.desc()).limit(1)
MOST_WAITING = 50  # lines of a day; whoever has more answers the oldest first


class TalkRepository:
    """A customer's own messages, or for staff those of readable customers."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
        self._known_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        if self._known_scope is None:
            self._known_scope = scope_of(self._uow, self._actor)
        return self._known_scope

    def get(self, talk_id: int) -> TalkLine:
        """One message of a readable customer, for staff. Raises ``NotFound`` outside the scope."""
        row = self._run(ONE.where(self.scope.readable()), {"talk": talk_id}).first()
        if row is None:
            raise NotFound("talk", talk_id)
        return _line(row)

    def my(self, talk_id: int) -> TalkLine:
        """One of the conversation of the actor's own account. Raises ``NotFound`` for anybody else's."""
        row = self._run(ONE.where(Talk.person_id == self._actor.person_id), {"talk": talk_id}).first()
        if row is None:
            raise NotFound("talk", talk_id)
        return _line(row)

    def of_message(self, chat_id: int, message_id: int) -> TalkLine | None:
        """What the actor's own message became, if it is part of a conversation."""
        row = self._run(OF_MESSAGE, {"chat": chat_id, "message": message_id}).first()
        return _line(row) if row else None

    def page_of(self, customer_id: int, number: int = 0) -> Page[TalkLine]:
        """A customer's conversation, newest first. Raises ``NotFound`` outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        rows = self._run(OF_CUSTOMER, {"customer": customer_id, "most": PAGE, "skip": number * PAGE}).all()
        total = self._run(COUNT, {"customer": customer_id}).scalar_one()
        return Page(tuple(_line(row) for row in rows), number, total)

    def waiting(self, *, before: dt.datetime | None = None) -> list[TalkLine]:
        """Messages that nobody took up, oldest first: of own customers and those of whoever has the actor as stand-in,
        or with ``before`` of all readable ones."""
        mine = Customer.owner_id.in_([self._actor.member_id, *self.scope.stands_for])
        chosen = mine if before is None else and_(self.scope.readable(), Talk.said_at < before)
        rows = self._run(_LINE.where(_OPEN, chosen).order_by(Talk.said_at, Talk.id).limit(MOST_WAITING)).all()
        return [_line(row) for row in rows]

    def last_customer(self) -> int | None:
        """Which customer the actor's account last wrote for."""
        found: int | None = self._run(LAST_CUSTOMER, {"person": self._actor.person_id}).scalar_one_or_none()
        return found

    # Writing ---------------------------------------------------------------------------------------------------

    def add(self, values: dict[str, Any]) -> int:
        """Keep a message (columns of ``talk``), in the open act."""
        return self._uow.journal.add(Talk, values)

    def change(self, talk_id: int, values: dict[str, Any], *, version: int | None = None) -> None:
        """Change columns of a message, in the open act."""
        self._uow.journal.change(Talk, talk_id, values, version=version)

    def take_up(self, customer_id: int, *, until: int) -> list[int]:
        """Mark a customer's open messages up to ``until`` as taken up by the actor; returns their ids."""
        keys = list(self._run(OPEN_OF, {"customer": customer_id, "until": until}).scalars())
        self._uow.journal.change_many(Talk, keys, {"answered_at": self._uow.now, "answered_by": self._actor.member_id})
        return keys


def _line(row: Row[Any]) -> TalkLine:
    media = None if row.kind is None else TalkMedia(row.kind, row.file_id, row.file, row.latitude, row.longitude)
    return TalkLine(
        id=row.id,
        version=row.version,
        customer_id=row.customer_id,
        customer=row.customer,
        owner_id=row.owner_id,
        contact=row.contact,
        person_id=row.person_id,
        account=row.account,
        member_id=row.member_id,
        member=row.member,
        text=row.text,
        said_at=row.said_at,
        chat_id=row.chat_id,
        message_id=row.message_id,
        open=row.member_id is None and row.answered_at is None,
        recalled=row.recalled_at is not None,
        media=media,
        confirmed=bool(row.confirmed),
    )
