"""Accounts of customers: which contact of which customer an account is, as the customer or the staff see it."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select, update

from domain.bindings import Binding as Line
from domain.bindings import BindingState, LinkKind
from domain.errors import NotFound
from domain.people import Actor
from storage.models import Binding, Consent, Contact, Customer, CustomerLink, Due, Person
from storage.scope import scope_of

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
OF_CONTACT = _LINE.where(Binding.contact_id == bindparam("contact"), _OPEN).order_by(Binding.id)
WAITING = (
    _LINE.where(Customer.owner_id.in_(bindparam("members", expanding=True)), Binding.state == BindingState.PENDING)
    .order_by(Binding.id)
    .limit(50)
)
ONE = _LINE.where(Binding.id == bindparam("binding"))
CAME_BY_PUBLIC = (
    select(Binding.id)
    .join(CustomerLink, CustomerLink.id == Binding.link_id)
    .where(Binding.person_id == bindparam("person"), CustomerLink.kind == LinkKind.PUBLIC)
    .limit(1)
)
KEPT = ("erasure", "erasure_eve")  # owed by law, whoever no longer serves whom
WITHDRAW = (
    update(Due).where(Due.person_id == bindparam("person"), Due.state == 0, Due.kind.not_in(KEPT)).values(state=1)
)
ALL_AT = {table: select(table.id).where(table.contact_id == bindparam("contact")) for table in (Binding, Consent)}
LINKS_TO = select(CustomerLink.id).where(CustomerLink.contact_id == bindparam("contact"))


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

    def of_contact(self, contact_id: int) -> list[Line]:
        """Open bindings of a contact whose scope was checked, oldest first."""
        return [_line(row) for row in self._run(OF_CONTACT, {"contact": contact_id})]

    def waiting(self) -> list[Line]:
        """Accounts of which nobody has said yet that it is they, at the actor's customers and those of whoever has the
        actor as stand-in; oldest first."""
        members = [self._actor.member_id, *scope_of(self._uow, self._actor).stands_for]
        return [_line(row) for row in self._run(WAITING, {"members": members})]

    def came_by_public_link(self) -> bool:
        """Whether a public link made a prospect of the actor before, whatever became of it."""
        return self._run(CAME_BY_PUBLIC, {"person": self._actor.person_id}).first() is not None

    def withdraw(self, person_id: int) -> None:
        """Settle everything timed that a person is still owed, but the forgetting that they asked for. What waits to be sent: ``storage.outbox.cancel_all``."""
        self._run(WITHDRAW, {"person": person_id})

    def add(self, values: dict[str, Any]) -> int:
        """Tie a person to a contact (columns of ``binding``), in the open act."""
        return self._uow.journal.add(Binding, values)

    def change(self, binding_id: int, values: dict[str, Any], *, version: int | None = None) -> None:
        """Change columns of a binding, in the open act."""
        self._uow.journal.change(Binding, binding_id, values, version=version)


def leave_contact(uow: "UnitOfWork", contact_id: int) -> None:
    """Let go of a contact that is about to be removed: its accounts are nobody's, its links dead, in the open act."""
    run: Any = uow.connection.execute
    for table, statement in ALL_AT.items():
        for key in list(run(statement, {"contact": contact_id}).scalars()):
            if table is Binding:
                uow.journal.remove(table, key)
            else:
                uow.journal.change(table, key, {"contact_id": None})
    for key in list(run(LINKS_TO, {"contact": contact_id}).scalars()):
        uow.journal.change(CustomerLink, key, {"contact_id": None, "revoked_at": uow.now})


def _line(row: Row[Any]) -> Line:
    return Line(**(row._asdict() | {"state": BindingState(row.state)}))
