"""Accounts of customers: which contact of which customer an account is, as the customer or the staff see it."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from domain.bindings import Binding as Line
from domain.bindings import BindingState
from domain.errors import NotFound
from domain.people import Actor
from storage.models import Binding, Contact, Customer, Person

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LINE = (
    select(
        Binding.id,
        Binding.version,
        Binding.person_id,
        Binding.customer_id,
        Binding.contact_id,
        Binding.state,
        Binding.part,
        Binding.opened_at,
        Person.name,
        Person.username,
        Contact.name.label("contact"),
        Customer.name.label("customer"),
        Customer.owner_id,
    )
    .join(Person, Person.id == Binding.person_id)
    .join(Customer, Customer.id == Binding.customer_id)
    .join(Contact, Contact.id == Binding.contact_id)
)
_OPEN = Binding.state != BindingState.ENDED
OF_PERSON = _LINE.where(Binding.person_id == bindparam("person"), _OPEN).order_by(Binding.id)
OF_CUSTOMER = _LINE.where(Binding.customer_id == bindparam("customer"), _OPEN).order_by(Binding.id)
ONE = _LINE.where(Binding.id == bindparam("binding"))


class BindingRepository:
    """A customer's own bindings (``mine``), or those of readable customers for staff."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def mine(self) -> list[Line]:
        """The actor's own open bindings, oldest first; a person may be known at several customers."""
        return [_line(row) for row in self._run(OF_PERSON, {"person": self._actor.person_id})]

    def my(self, binding_id: int) -> Line:
        """One of the actor's own. Raises ``NotFound`` for anybody else's, like for one that is missing."""
        for line in self.mine():
            if line.id == binding_id:
                return line
        raise NotFound("binding", binding_id)

    def of_customer(self, customer_id: int) -> list[Line]:
        """Open bindings of a customer, for staff. Raises ``NotFound`` for a customer outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        return [_line(row) for row in self._run(OF_CUSTOMER, {"customer": customer_id})]

    def get(self, binding_id: int) -> Line:
        """One of a readable customer, for staff; ended ones too. Raises ``NotFound`` for any other."""
        row = self._run(ONE, {"binding": binding_id}).one_or_none()
        if row is None:
            raise NotFound("binding", binding_id)
        self._uow.customers(self._actor).require_readable(row.customer_id)
        return _line(row)

    def add(self, values: dict[str, Any]) -> int:
        """Tie a person to a contact (columns of ``binding``), in the open act."""
        return self._uow.journal.add(Binding, values)

    def change(self, binding_id: int, values: dict[str, Any], *, version: int | None = None) -> None:
        """Change columns of a binding, in the open act."""
        self._uow.journal.change(Binding, binding_id, values, version=version)


def _line(row: Row[Any]) -> Line:
    return Line(**(row._asdict() | {"state": BindingState(row.state)}))
