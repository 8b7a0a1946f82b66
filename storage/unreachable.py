"""Somebody cannot be written to any more: who is to hear of it, once."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.bindings import BindingState
from storage.due import DueRepository
from storage.leads import leads_of
from storage.models import Binding, Customer, Member

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

KIND = "unreachable"
MEMBER_OF = select(Member.id).where(Member.person_id == bindparam("person"), Member.active.is_(True))
OWNERS_OF = (
    select(Customer.owner_id)
    .join(Binding, Binding.customer_id == Customer.id)
    .where(Binding.person_id == bindparam("person"), Binding.state == BindingState.CONFIRMED)
    .where(Customer.owner_id.is_not(None))
    .distinct()
)
PERSON_OF = select(Member.person_id).where(Member.id == bindparam("member"), Member.active.is_(True))


def owe_word(uow: "UnitOfWork", person_id: int) -> None:
    """Owe word of it to the lead of a member, or to the owners of a customer; at most one a day, however often it flips."""
    run: Any = uow.connection.execute
    member_id = run(MEMBER_OF, {"person": person_id}).scalar_one_or_none()
    told = leads_of(uow, member_id) if member_id is not None else run(OWNERS_OF, {"person": person_id}).scalars().all()
    for one in told:
        for recipient in run(PERSON_OF, {"member": one}).scalars():
            key = f"{KIND}:{person_id}:{recipient}:{uow.now.date()}"
            DueRepository(uow).owe(KIND, person_id, recipient, at=uow.now, key=key)
