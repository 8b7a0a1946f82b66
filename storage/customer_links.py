"""Links for customers: stored hashed; a personal one is used by one conditional update."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, func, or_, select, update

from domain.bindings import LinkKind
from domain.customer_links import LinkLine, OpenLink, Source
from domain.errors import NotFound
from domain.people import Actor
from storage.models import Binding, Customer, CustomerLink, Member
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_L = CustomerLink
_STANDS = (_L.revoked_at.is_(None), or_(_L.expires_at.is_(None), _L.expires_at > bindparam("now")))
_FREE = or_(_L.used_at.is_(None), _L.used_by == bindparam("person"))
_OPEN = (
    select(
        *(_L.id, _L.kind, _L.customer_id, _L.contact_id),
        func.coalesce(Customer.owner_id, _L.member_id).label("owner_id"),  # a public link names no customer
        *(_L.source, _L.label, _L.used_by),
    )
    .outerjoin(Customer, Customer.id == _L.customer_id)
    .where(*_STANDS, _FREE, _L.kind != LinkKind.PAGE)
)
BY_HASH = _OPEN.where(_L.token_hash == bindparam("hash"))
BY_ID = _OPEN.where(_L.id == bindparam("link"))
USE = (
    update(_L)
    .where(_L.id == bindparam("link"), *_STANDS, _L.used_at.is_(None))
    .values(used_at=bindparam("now"), used_by=bindparam("person"), version=_L.version + 1)  # no undo of its making now
)
COUNT = update(_L).where(_L.id == bindparam("link")).values(opened=_L.opened + 1)
_CAME = select(func.count()).where(Binding.link_id == _L.id).correlate(_L).scalar_subquery().label("came")
OPEN_OF_CONTACT = select(_L.id).where(
    _L.contact_id == bindparam("contact"),
    _L.used_at.is_(None),
    _L.revoked_at.is_(None),
    _L.kind == LinkKind.PERSONAL,
)
PUBLIC = (
    select(
        *(_L.id, _L.version, _L.source, _L.label, _L.member_id, Member.name.label("member")),
        *(_L.created_by, _L.created_at, _L.opened, _CAME),
    )
    .outerjoin(Member, Member.id == _L.member_id)
    .where(_L.kind == LinkKind.PUBLIC, _L.revoked_at.is_(None))
    .order_by(_L.id.desc())
)


class CustomerLinkRepository:
    """Public links the actor may manage: an admin all, a lead those of the own tree, a rep the own ones."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    # Opening: by whoever has the token --------------------------------------------------------------------------

    def find(self, token_hash: str) -> OpenLink | None:
        """A link the actor can use, or has used; ``None`` for every bad token alike."""
        return self._opened(BY_HASH, {"hash": token_hash})

    def still(self, link_id: int) -> OpenLink | None:
        """The same by its id, for a button that only who had the token was given."""
        return self._opened(BY_ID, {"link": link_id})

    def use(self, link_id: int) -> bool:
        """Use a personal link up; ``False`` when somebody else was first."""
        bound = {"link": link_id, "now": self._uow.now, "person": self._actor.person_id}
        return bool(self._run(USE, bound).rowcount)

    def count(self, link_id: int) -> None:
        """One more opening of a link. Not journaled: a figure, no fact."""
        self._run(COUNT, {"link": link_id})

    # Making, in the open act -----------------------------------------------------------------------------------------

    def add(self, token_hash: str, values: dict[str, Any]) -> int:
        """Store a link (columns of ``customer_link``); only the hash of its token is kept."""
        own = {"token_hash": token_hash, "created_by": self._actor.member_id, "created_at": self._uow.now}
        return self._uow.journal.add(CustomerLink, values | own)

    def revoke_of(self, contact_id: int) -> None:
        """Revoke the unused personal links of a contact."""
        for key in list(self._run(OPEN_OF_CONTACT, {"contact": contact_id}).scalars()):
            self._uow.journal.change(CustomerLink, key, {"revoked_at": self._uow.now})

    def revoke(self, link_id: int, *, version: int) -> None:
        """Revoke a public link. Raises ``NotFound`` and ``Changed``."""
        self.get(link_id)
        self._uow.journal.change(CustomerLink, link_id, {"revoked_at": self._uow.now}, version=version)

    # Public ones, for staff ---------------------------------------------------------------------------------------

    def public(self) -> list[LinkLine]:
        """Those that stand, the newest first."""
        scope = scope_of(self._uow, self._actor)
        lines = [_line(row) for row in self._run(PUBLIC)]
        return [one for one in lines if scope.everything or {one.member_id, one.created_by} & scope.members]

    def get(self, link_id: int) -> LinkLine:
        """One of them. Raises ``NotFound`` for a link of somebody else, like for one that is missing."""
        for line in self.public():
            if line.id == link_id:
                return line
        raise NotFound("customer_link", link_id)

    def _opened(self, statement: Any, by: dict[str, Any]) -> OpenLink | None:
        row = self._run(statement, by | {"now": self._uow.now, "person": self._actor.person_id}).one_or_none()
        if row is None:
            return None
        source = Source(row.source) if row.source else None
        return OpenLink(**(row._asdict() | {"kind": LinkKind(row.kind), "source": source}))


def _line(row: Row[Any]) -> LinkLine:
    return LinkLine(**(row._asdict() | {"source": Source(row.source)}))
