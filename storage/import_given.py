"""Whose the customers of imports are, for those to whom they were given: their own, whoever brought them in."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from domain.customers import PAGE, Page
from domain.imports import Given, ImportState
from domain.people import Actor
from storage.models import Customer, Member, SheetImport

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_GIVEN: Any = (
    select(SheetImport.id, Customer.owner_id, Member.name, func.count())
    .join(Customer, Customer.import_id == SheetImport.id)
    .outerjoin(Member, Member.id == SheetImport.member_id)
    .where(
        SheetImport.id.in_(bindparam("imports", expanding=True)),
        SheetImport.state == str(ImportState.DONE),
        Customer.owner_id.in_(bindparam("owners", expanding=True)),
    )
    .group_by(SheetImport.id, Customer.owner_id, Member.name)
    .order_by(SheetImport.id)
)
_OWN = (Customer.import_id == bindparam("import_id"), Customer.owner_id == bindparam("owner"))
_KEYS = select(Customer.id).where(*_OWN).order_by(Customer.id).limit(PAGE).offset(bindparam("skip"))
_COUNT = select(func.count()).where(*_OWN)


def given(uow: "UnitOfWork", imports: Collection[int], owners: Collection[int]) -> list[Given]:
    """What members have of imports that stand; nothing of one that was taken back."""
    bound = {"imports": list(imports), "owners": list(owners)}
    return [Given(*row) for row in uow.connection.execute(_GIVEN, bound)]


def page_of(uow: "UnitOfWork", actor: Actor, import_id: int, number: int) -> Page[int]:
    """A screen of the actor's own customers that came with an import."""
    bound = {"import_id": import_id, "owner": actor.member_id}
    total: int = uow.connection.execute(_COUNT, bound).scalar_one()
    keys = uow.connection.execute(_KEYS, bound | {"skip": number * PAGE}).scalars()
    return Page(tuple(keys), number, total)
