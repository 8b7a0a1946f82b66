"""Pages of contacts without Telegram: whose a token is, and what came from there."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.bindings import LinkKind
from domain.cases import CaseLine
from domain.web import Visitor
from storage.away import keeper_of
from storage.cases import LINE, line_of
from storage.models import Case, Contact, Customer, CustomerLink

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_L = CustomerLink
_VISITOR = (
    select(
        _L.id.label("link_id"),
        Contact.customer_id,
        Contact.id.label("contact_id"),
        Customer.owner_id,
        _L.created_by.is_not(None).label("shown"),
    )
    .join(Contact, Contact.id == _L.contact_id)
    .join(Customer, Customer.id == Contact.customer_id)
    .where(_L.kind == LinkKind.PAGE, _L.revoked_at.is_(None), _L.expires_at > bindparam("now"))
)
CUSTOMER_OF = select(Contact.customer_id).where(Contact.id == bindparam("contact"))
BY_HASH = _VISITOR.where(_L.token_hash == bindparam("hash"))
_FROM_PAGE = (Case.contact_id == bindparam("contact"), Case.person_id.is_(None))
FILED = LINE.where(*_FROM_PAGE, Case.reference == bindparam("reference"))
OPENED = LINE.where(*_FROM_PAGE, Case.opened_at > bindparam("since")).order_by(Case.id)


class WebRepository:
    """By the token alone: it is the credential, and is stored hashed."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def visitor(self, token_hash: str) -> Visitor | None:
        """Whose page it is; ``None`` for every bad token alike: none such, revoked, too old."""
        row = self._run(BY_HASH, {"hash": token_hash, "now": self._uow.now}).one_or_none()
        if row is None:
            return None
        keeper = keeper_of(self._uow, row.owner_id)
        return Visitor(row.link_id, row.customer_id, row.contact_id, keeper.name if keeper else None, shown=row.shown)

    def contact(self, contact_id: int) -> Visitor | None:
        """Whoever follows the way out of an e-mail to this contact."""
        customer_id = self._run(CUSTOMER_OF, {"contact": contact_id}).scalar_one_or_none()
        return Visitor(None, customer_id, contact_id, None, shown=False) if customer_id is not None else None

    def case(self, contact_id: int, reference: str) -> CaseLine | None:
        """A matter of the contact that no account filed, by its reference."""
        row = self._run(FILED, {"contact": contact_id, "reference": reference}).one_or_none()
        return line_of(row) if row else None

    def opened_since(self, contact_id: int, since: dt.datetime) -> list[CaseLine]:
        """The matters of the contact that no account filed since then, the oldest first."""
        return [line_of(row) for row in self._run(OPENED, {"contact": contact_id, "since": since})]
