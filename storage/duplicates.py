"""Customers that are the same by a whole number, a WeChat id or a company's name, whoever owns them.

The only reading beyond a scope: what comes of it is shown only as far as the reader's scope goes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.customers import ChannelKind
from parsing.companies import core_of
from parsing.names import norm_of
from storage.lookups import NameStarts, Where, look_up
from storage.models import Channel, Contact
from storage.search import COMPANY

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

EVERYWHERE = Where((), anywhere=True)
REACHED_BY = (
    select(Contact.customer_id, Contact.id)
    .join(Channel, Channel.contact_id == Contact.id)
    .where(Channel.kind == bindparam("kind"), Channel.normal.in_(bindparam("values", expanding=True)))
)


def same(
    uow: "UnitOfWork", phones: Iterable[str], wechat: Iterable[str], company: str | None
) -> dict[int, tuple[str, int | None]]:
    """What matched, and at which contact, by customer. Company names are compared without their legal form."""
    run: Any = uow.connection.execute
    found: dict[int, tuple[str, int | None]] = {}
    for kind, values in ((ChannelKind.PHONE, list(phones)), (ChannelKind.WECHAT, list(wechat))):
        if values:
            for row in run(REACHED_BY, {"kind": kind, "values": values}):
                found.setdefault(row.customer_id, (kind, row.id))
    if core := core_of(norm_of(company or "")):
        for name in look_up(uow, [NameStarts(EVERYWHERE, core)]):
            if name.source == COMPANY and core_of(name.key) == core:
                found.setdefault(name.customer_id, ("company", None))
    return found
