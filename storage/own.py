"""The own record of a customer, read and written by that customer; and the corrections that staff decide about."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from domain.bindings import BindingState
from domain.customers import Channel, Contact, CustomerKind
from domain.errors import NotFound
from domain.me import Correction, CorrectionState, Mine, Record
from domain.people import Actor
from storage.away import keeper_of
from storage.contacts import ContactRepository, columns_of_channel
from storage.models import Binding, Customer, Person
from storage.models import Channel as ChannelRow
from storage.models import Contact as ContactRow
from storage.models import Correction as CorrectionRow
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

RECORDS = (
    select(
        Binding.id.label("binding_id"),
        Binding.contact_id,
        Customer.id.label("customer_id"),
        Customer.name.label("customer"),
        Customer.kind,
        Customer.owner_id,
        Customer.city,
        Customer.address,
    )
    .join(Customer, Customer.id == Binding.customer_id)
    .where(Binding.person_id == bindparam("person"), Binding.state == BindingState.CONFIRMED)
    .order_by(Binding.id)
)
_CORRECTION = (
    select(
        CorrectionRow.id,
        CorrectionRow.version,
        CorrectionRow.person_id,
        Person.name.label("account"),
        CorrectionRow.customer_id,
        Customer.name.label("customer"),
        CorrectionRow.contact_id,
        CorrectionRow.field,
        CorrectionRow.value,
        CorrectionRow.state,
    )
    .join(Person, Person.id == CorrectionRow.person_id)
    .join(Customer, Customer.id == CorrectionRow.customer_id)
)
WAITING = (
    _CORRECTION.where(
        CorrectionRow.state == CorrectionState.OPEN, Customer.owner_id.in_(bindparam("members", expanding=True))
    )
    .order_by(CorrectionRow.id)
    .limit(50)
)
CORRECTION = _CORRECTION.where(CorrectionRow.id == bindparam("correction"))


class OwnRepository:
    """Only records that staff confirmed as the actor's: until then an account sees nothing."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def records(self) -> list[Record]:
        """The own records, one per customer that the account is confirmed at."""
        return [self._record(row) for row in self._run(RECORDS, {"person": self._actor.person_id})]

    def record(self, binding_id: int) -> Record:
        """One of them. Raises ``NotFound`` for anybody else's and for one not confirmed."""
        for record in self.records():
            if record.binding_id == binding_id:
                return record
        raise NotFound("binding", binding_id)

    def change(self, record: Record, values: dict[str, Any]) -> None:
        """Change columns of the own contact (or of a person's customer row), in the open act."""
        of_customer = {name: value for name, value in values.items() if name in ("city", "address")}
        of_contact = {name: value for name, value in values.items() if name not in of_customer}
        if of_customer and record.place:
            self._uow.journal.change(Customer, record.customer_id, of_customer)
        if of_contact:
            self._uow.journal.change(ContactRow, record.contact.id, of_contact)

    def put_channel(self, record: Record, channel: Channel) -> None:
        """Make ``channel`` the one of its kind, in place of those that stood, in the open act."""
        put_channel(self._uow, record.contact, channel)

    def ask(self, record: Record, field: Mine, value: str) -> int:
        """Ask staff for a change, in the open act; one asked before for the field is withdrawn."""
        values: dict[str, Any] = {"person_id": self._actor.person_id, "customer_id": record.customer_id}
        values |= {"contact_id": record.contact.id, "field": field, "value": value}
        return self._uow.journal.add(
            CorrectionRow, values | {"state": CorrectionState.OPEN, "created_at": self._uow.now}
        )

    # Staff -------------------------------------------------------------------------------------------------------

    def correction(self, correction_id: int) -> Correction:
        """A correction about a readable customer, for staff. Raises ``NotFound`` for any other."""
        row = self._run(CORRECTION, {"correction": correction_id}).one_or_none()
        if row is None:
            raise NotFound("correction", correction_id)
        self._uow.customers(self._actor).require_readable(row.customer_id)
        return _correction(row)

    def waiting(self) -> list[Correction]:
        """Corrections of the actor's own customers, and of whom the actor stands in for, that nobody decided about."""
        members = [self._actor.member_id, *scope_of(self._uow, self._actor).stands_for]
        return [_correction(row) for row in self._run(WAITING, {"members": members})]

    def decide(self, correction: Correction, state: CorrectionState, *, version: int) -> None:
        """Keep what staff decided, in the open act."""
        values = {"state": state, "decided_by": self._actor.member_id, "decided_at": self._uow.now}
        self._uow.journal.change(CorrectionRow, correction.id, values, version=version)

    def _record(self, row: Row[Any]) -> Record:
        contacts = ContactRepository(self._uow, lambda _: None).of(row.customer_id)
        contact = next(one for one in contacts if one.id == row.contact_id)
        is_person = row.kind == CustomerKind.PERSON
        keeper = keeper_of(self._uow, row.owner_id)
        owner = keeper.name if keeper else None
        city, address = (row.city, row.address) if is_person else (None, None)
        return Record(
            row.binding_id, row.customer_id, row.customer, row.owner_id, owner, contact, city, address, is_person
        )


def _correction(row: Row[Any]) -> Correction:
    return Correction(**(row._asdict() | {"field": Mine(row.field), "state": CorrectionState(row.state)}))


def put_channel(uow: "UnitOfWork", contact: Contact, channel: Channel) -> None:
    """Give a contact one channel of a kind, in place of those it had, in the open act."""
    for old in contact.channels:
        if old.kind is channel.kind and old.id is not None:
            uow.journal.remove(ChannelRow, old.id)
    uow.journal.add_many(ChannelRow, [columns_of_channel(contact.id, channel)])
