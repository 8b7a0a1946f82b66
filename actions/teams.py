"""Teams and members: who leads, who belongs where, who is out."""

from domain.errors import Fault, Invalid, NotAllowed
from domain.people import LONGEST_NAME, Actor, MemberLine, Role
from storage.uow import UnitOfWork


def add_team(uow: UnitOfWork, actor: Actor, name: str, parent_id: int | None = None) -> int:
    """Add a team below another one (a lead's: below the own) and return the act.

    Raises:
        Invalid: the name is empty or too long.
        NotAllowed: a lead names a parent outside the own tree.
    """
    tree = uow.teams(actor).tree
    parent = parent_id if parent_id is not None or actor.role is Role.ADMIN else actor.team_id
    if actor.role is not Role.ADMIN and parent not in tree:
        raise NotAllowed("team")
    act_id = uow.act(actor, "team.added", facts={"name": checked_name(name)})
    uow.teams(actor).add_team(checked_name(name), parent)
    return act_id


def rename_team(uow: UnitOfWork, actor: Actor, team_id: int, name: str) -> int:
    """Give a team another name and return the act."""
    uow.teams(actor).team(team_id)
    act_id = uow.act(actor, "team.changed", facts={"name": checked_name(name)})
    uow.teams(actor).change_team(team_id, name=checked_name(name))
    return act_id


def appoint_lead(uow: UnitOfWork, actor: Actor, team_id: int, member_id: int) -> int:
    """Make a member the lead of a team, and a rep a lead by it; returns the act.

    Raises:
        NotAllowed: only an admin appoints leads.
    """
    if actor.role is not Role.ADMIN:
        raise NotAllowed("lead")
    teams = uow.teams(actor)
    team, member = teams.team(team_id), teams.member(member_id)
    act_id = uow.act(actor, "team.changed", facts={"name": team.name})
    teams.change_team(team_id, lead_id=member_id)
    if member.role is Role.REP:
        teams.change_member(member_id, role=Role.LEAD, team_id=team_id)
    return act_id


def move_member(uow: UnitOfWork, actor: Actor, member_id: int, team_id: int | None, *, version: int) -> int:
    """Put a member into another team (of the actor's tree) and return the act."""
    member = _manageable(uow, actor, member_id)
    if team_id is not None:
        uow.teams(actor).team(team_id)
    act_id = uow.act(actor, "member.changed", facts={"name": member.name})
    uow.teams(actor).change_member(member_id, version=version, team_id=team_id)
    return act_id


def rename_member(uow: UnitOfWork, actor: Actor, member_id: int, name: str) -> int:
    """Change the name under which a member is known inside (owner columns, digests); returns the act."""
    member = uow.teams(actor).member(member_id)
    act_id = uow.act(actor, "member.changed", facts={"name": member.name})
    uow.teams(actor).change_member(member_id, name=checked_name(name))
    return act_id


def set_role(uow: UnitOfWork, actor: Actor, member_id: int, role: Role, *, version: int) -> int:
    """Change a member's role and return the act.

    Raises:
        NotAllowed: not an admin, the own role, or the last admin.
    """
    member = _manageable(uow, actor, member_id)
    if actor.role is not Role.ADMIN:
        raise NotAllowed("role")
    _keep_an_admin(uow, actor, member)
    act_id = uow.act(actor, "member.changed", facts={"name": member.name})
    uow.teams(actor).change_member(member_id, version=version, role=role)
    return act_id


def deactivate(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int) -> int:
    """End a member's access with this commit; customers and history stay. Returns the act.

    Raises:
        NotAllowed: the actor's own self, someone of a higher role, or the last admin.
    """
    member = _manageable(uow, actor, member_id)
    _keep_an_admin(uow, actor, member)
    act_id = uow.act(actor, "member.deactivated", facts={"name": member.name})
    uow.teams(actor).change_member(member_id, version=version, active=False)
    return act_id


def reactivate(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int) -> int:
    """Give a deactivated member access again and return the act."""
    member = _manageable(uow, actor, member_id)
    act_id = uow.act(actor, "member.reactivated", facts={"name": member.name})
    uow.teams(actor).change_member(member_id, version=version, active=True)
    return act_id


def hand_over(uow: UnitOfWork, actor: Actor, member_id: int, to: int | None) -> tuple[int, int]:
    """Give all customers of a member to another one, or to the public pool (``to`` None).

    Returns:
        How many customers moved, and the act that Undo takes back.
    """
    teams = uow.teams(actor)
    member = teams.member(member_id)
    if to is not None:
        teams.member(to)
    act_id = uow.act(actor, "customer.assigned", facts={"name": member.name})
    customers = uow.customers(actor)
    moved = teams.customers_of(member_id)
    for customer_id in moved:
        customers.set_owner(customer_id, to)
    return len(moved), act_id


def checked_name(name: str) -> str:
    """A name on one line. Raises ``Invalid`` when it is empty or longer than ``LONGEST_NAME``."""
    line = " ".join(name.split())
    if not line:
        raise Invalid("name", Fault.EMPTY)
    if len(line) > LONGEST_NAME:
        raise Invalid("name", Fault.TOO_LONG, LONGEST_NAME)
    return line


def _manageable(uow: UnitOfWork, actor: Actor, member_id: int) -> MemberLine:
    """A member the actor stands above; nobody stands above the own self."""
    member = uow.teams(actor).member(member_id)
    assert actor.role is not None
    above = actor.role is Role.ADMIN or member.role.rank < actor.role.rank
    if member_id == actor.member_id or not above:
        raise NotAllowed("member")
    return member


def _keep_an_admin(uow: UnitOfWork, actor: Actor, member: MemberLine) -> None:
    if member.role is Role.ADMIN and member.active and uow.teams(actor).count_admins() <= 1:
        raise NotAllowed("last_admin")
