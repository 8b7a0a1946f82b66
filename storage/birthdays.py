"""Birthdays of the contacts of a member's customers, solar and lunar."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select

from domain.birthdays import Celebrant
from storage.models import Contact, Customer

if TYPE_CHECKING:
    from storage.uow import UnitOfWork


def birthdays_of(uow: "UnitOfWork", member_id: int, days: Iterable[tuple[int, int, bool]]) -> list[Celebrant]:
    """Contacts of a member's customers born on one of ``days``: (month, day, lunar).

    The caller names the lunar day of the date beside the solar one, and 29 February on the 28th of other years.
    """
    on = [
        and_(Contact.birthday_month == m, Contact.birthday_day == d, Contact.birthday_lunar.is_(lunar))
        for m, d, lunar in days
    ]
    rows = uow.connection.execute(
        select(Customer.id, Customer.name, func.coalesce(Contact.name, Customer.name).label("contact"))
        .join(Customer, Customer.id == Contact.customer_id)
        .where(Customer.owner_id == bindparam("member"), or_(*on))
        .order_by(Customer.name, Contact.id),
        {"member": member_id},
    )
    return [Celebrant(row.id, row.name, row.contact) for row in rows]
