"""Who answers for a member: the lead of the own team, else the nearest one above, else the admins."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain.people import Role
from storage.models import Member, Team

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

TEAM_OF = select(Member.team_id).where(Member.id == bindparam("member"))
TEAM = select(Team.parent_id, Team.lead_id).where(Team.id == bindparam("team"))
ACTIVE = select(Member.id).where(Member.id == bindparam("member"), Member.active.is_(True))
ADMINS = select(Member.id).where(Member.role == Role.ADMIN, Member.active.is_(True)).order_by(Member.id)


def leads_of(uow: "UnitOfWork", member_id: int) -> tuple[int, ...]:
    """Ids of the active members to ask about a customer of ``member_id``; never that member."""
    run: Any = uow.connection.execute
    team_id = run(TEAM_OF, {"member": member_id}).scalar_one_or_none()
    seen: set[int] = set()
    while team_id is not None and team_id not in seen:
        seen.add(team_id)
        team = run(TEAM, {"team": team_id}).one()
        lead_id = team.lead_id
        if lead_id not in (None, member_id) and run(ACTIVE, {"member": lead_id}).first():
            return (lead_id,)
        team_id = team.parent_id
    return tuple(admin for admin in run(ADMINS).scalars() if admin != member_id)
