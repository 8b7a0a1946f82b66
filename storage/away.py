"""Who is away and who stands in meanwhile: at work in place of somebody, and reading what that one reads of customers.

An absence is three columns of the member; it begins and ends by the clock alone.
"""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from domain.away import Absence
from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor, Role
from storage.leads import leads_of
from storage.models import Member
from storage.scope import scope_of, tree_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST_STEPS = 5  # a stand-in may be away too; a ring of them must end
_STAND_IN = aliased(Member)
ABSENCE = (
    select(Member.name, Member.stand_in_id, _STAND_IN.name.label("stand_in"), Member.away_from, Member.away_until)
    .join(_STAND_IN, _STAND_IN.id == Member.stand_in_id)
    .where(Member.id == bindparam("member"), Member.away_until > bindparam("after"))
)
AWAY = select(
    Member.active,
    Member.stand_in_id,
    and_(Member.away_from <= bindparam("now"), Member.away_until > bindparam("now")).label("away"),
).where(Member.id == bindparam("member"))
ABSENT = select(Member.person_id, Member.id).where(
    Member.person_id.in_(bindparam("people", expanding=True)),
    Member.away_from <= bindparam("now"),
    Member.away_until > bindparam("now"),
)


def stand_in_of(uow: "UnitOfWork", member_id: int) -> int | None:
    """The member who is at work for ``member_id``: that one, or whoever stands in; ``None`` when nobody is."""
    run: Any = uow.connection.execute
    for _ in range(MOST_STEPS):
        row = run(AWAY, {"member": member_id, "now": uow.now}).one()
        if not row.away:
            return member_id if row.active else None
        member_id = row.stand_in_id
    return None


def absent(uow: "UnitOfWork", people: Collection[int]) -> dict[int, int]:
    """Those of ``people`` who are away now, as their members."""
    run: Any = uow.connection.execute
    return {row.person_id: row.id for row in run(ABSENT, {"people": list(people), "now": uow.now})}


def keepers_of(uow: "UnitOfWork", owner_id: int) -> list[Actor]:
    """Who looks after the customers of ``owner_id`` now: that one or who stands in, else the leads above."""
    at_work = stand_in_of(uow, owner_id)
    members = (at_work,) if at_work is not None else leads_of(uow, owner_id)
    return [actor for actor in map(uow.people.of_member, members) if actor is not None]


def keeper_of(uow: "UnitOfWork", owner_id: int | None) -> Actor | None:
    """The one to name to a customer; ``None`` for the pool's."""
    return next(iter(keepers_of(uow, owner_id)), None) if owner_id is not None else None


def leads_at_work(uow: "UnitOfWork", member_id: int) -> tuple[int, ...]:
    """Who answers for a member now: ``leads_of``, or for a lead who is away whoever stands in.

    A stand-in who answers for the member in no other way must not read what is escalated: then it goes one up. Where
    nobody above is at work, it waits for the lead.
    """
    asked, seen = leads_of(uow, member_id), {member_id}
    leads = asked
    while asked:
        seen.update(asked)
        present = [stand_in_of(uow, lead) for lead in asked]
        found = [one for one in present if one not in (None, member_id) and _answers_for(uow, one, member_id)]
        if found:
            return tuple(dict.fromkeys(found))
        asked = tuple(one for lead in asked for one in leads_of(uow, lead) if one not in seen)
    return leads


def _answers_for(uow: "UnitOfWork", lead_id: int, member_id: int) -> bool:
    lead = uow.people.of_member(lead_id)
    return lead is not None and member_id in scope_of(uow, lead).members


class AwayRepository:
    """Absences of members, and who may stand in for one of them."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def of(self, member_id: int, *, after: dt.datetime | None = None) -> Absence | None:
        """The absence of a member that stands or is to come; with ``after`` the last one that ended later than that."""
        row = self._run(ABSENCE, {"member": member_id, "after": after or self._uow.now}).one_or_none()
        return Absence(member_id, *row) if row else None

    def candidates(self, member_id: int, number: int = 0, *, like: str = "") -> Page[tuple[int, str]]:
        """A screen of those who may stand in, as (id, name); with ``like`` those whose name holds it."""
        wanted = [self._reach(member_id)]
        if like.strip():
            wanted.append(Member.name.icontains(like.strip(), autoescape=True))
        total: int = self._run(select(func.count()).select_from(Member).where(*wanted)).scalar_one()
        chosen = select(Member.id, Member.name).where(*wanted).order_by(Member.name, Member.id)
        rows = self._run(chosen.limit(PAGE).offset(number * PAGE))
        return Page(tuple((row.id, row.name) for row in rows), number, total)

    def candidate(self, member_id: int, stand_in_id: int) -> str:
        """The name of one of them. Raises ``NotFound`` for anybody else."""
        wanted = (self._reach(member_id), Member.id == stand_in_id)
        name: str | None = self._run(select(Member.name).where(*wanted)).scalar_one_or_none()
        if name is None:
            raise NotFound("member", stand_in_id)
        return name

    def change(self, member_id: int, values: dict[str, Any], *, version: int | None = None) -> None:
        """Set or end a member's absence, in the open act."""
        self._uow.journal.change(Member, member_id, values, version=version)

    def _reach(self, member_id: int) -> ColumnElement[bool]:
        """Active colleagues of the same team and those above; for a lead those of the own tree too, for an admin all.

        Customers go out of a team with a stand-in, if only for a while: nobody gives them to just anybody.
        """
        others = and_(Member.active.is_(True), Member.id != member_id)
        team_id = self._run(select(Member.team_id).where(Member.id == member_id)).scalar_one()
        if self._actor.role is Role.ADMIN or team_id is None:
            return others
        above = Member.id.in_(leads_of(self._uow, member_id))
        tree = Member.team_id.in_(sorted(tree_of(self._uow, self._actor)))
        return and_(others, or_(Member.team_id == team_id, above, tree))
