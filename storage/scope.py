"""Whose customers a reader may see: asked once per unit, used by every query about customers.

A rep: the own. A lead: those of everybody in the own tree of teams, and the own. An admin: all. Others: none. Whoever
stands in for somebody reads that one's customers too, for as long as it lasts. Customers of the public pool are found by
all staff, but shown masked outside their own scope.
"""

from dataclasses import field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, false, or_, select, true

from domain.people import Actor, Role
from domain.values import frozen
from storage.models import Customer, Member, Team
from storage.reads import Read

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

POOL = 0  # how search rows name a customer without an owner

_tree = (
    select(Team.id)
    .where(or_(Team.lead_id == bindparam("member"), Team.id == bindparam("team")))
    .cte("tree", recursive=True)
)
_tree = _tree.union(select(Team.id).join(_tree, Team.parent_id == _tree.c.id))
TREE = select(_tree.c.id)
MEMBERS_OF_TREE = select(Member.id).where(or_(Member.team_id.in_(select(_tree.c.id)), Member.id == bindparam("member")))
ALL_MEMBERS = Read(select(Member.id), int)
STANDS_FOR = Read(
    select(Member.id, Member.away_from, Member.away_until).where(
        Member.stand_in_id == bindparam("stand_in"), Member.away_from.is_not(None), Member.away_until.is_not(None)
    )
)


@frozen
class Scope:
    """``everything`` for admins; else the customers of ``owners``.

    Attributes:
        members: whom the reader answers for: the own self, and for leads those below.
        stands_for: for whom the reader stands in now: their customers are read and worked, their own affairs are not.
        owners: both.
    """

    members: frozenset[int]
    stands_for: frozenset[int] = frozenset()
    everything: bool = False
    owners: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owners", self.members | self.stands_for)

    @property
    def borrowed(self) -> frozenset[int]:
        """Those for whom the reader only stands in."""
        return self.stands_for - self.members

    def own(self) -> "Scope":
        """Without those: what may be taken along."""
        return Scope(self.members, everything=self.everything)

    def readable(self) -> ColumnElement[bool]:
        """The condition on ``customer`` that every query starts from."""
        if self.everything:
            return true()
        return Customer.owner_id.in_(sorted(self.owners)) if self.owners else false()

    def findable(self) -> ColumnElement[bool]:
        """``readable`` or in the pool: what a search may show, masked where only the pool makes it so."""
        if self.everything:
            return true()
        return or_(self.readable(), Customer.owner_id.is_(None)) if self.owners else false()

    def holds(self, owner_id: int | None) -> bool:
        """Whether a customer of this owner is readable."""
        return self.everything or (owner_id is not None and owner_id in self.owners)


def scope_of(uow: "UnitOfWork", actor: Actor) -> Scope:
    """The scope of an actor, by the rights of this moment."""
    match actor.role:
        case Role.ADMIN:  # the program itself has this role and is no member
            members = frozenset(ALL_MEMBERS.all(uow.connection))
        case Role.LEAD:
            members = frozenset(_scalars(uow, MEMBERS_OF_TREE, actor))
        case _:
            members = frozenset() if actor.member_id is None else frozenset({actor.member_id})
    stands_for = _stands_for(uow, actor.member_id) if actor.named_as_stand_in and actor.member_id else frozenset()
    return Scope(members, stands_for, everything=actor.role is Role.ADMIN)


def _stands_for(uow: "UnitOfWork", member_id: int) -> frozenset[int]:
    """Who is away with this member as stand-in, or with one who is away too and has this member as stand-in."""
    found: set[int] = set()
    new = [member_id]
    while new:
        rows = STANDS_FOR.all(uow.connection, stand_in=new.pop())
        away = {row.id for row in rows if row.away_from <= uow.now < row.away_until}
        new += away - found - {member_id}
        found.update(new)
    return frozenset(found)


def tree_of(uow: "UnitOfWork", actor: Actor) -> frozenset[int]:
    """Ids of the teams that the actor leads, with all below; every team for an admin."""
    if actor.role is Role.ADMIN:
        return frozenset(uow.connection.execute(select(Team.id)).scalars())
    return frozenset(_scalars(uow, TREE, actor)) if actor.role is Role.LEAD else frozenset()


def _scalars(uow: "UnitOfWork", statement: Any, actor: Actor) -> list[int]:
    team = actor.team_id if actor.role is Role.LEAD else None
    return list(uow.connection.execute(statement, {"member": actor.member_id, "team": team}).scalars())
