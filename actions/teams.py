"""Teams and members: who leads, who belongs where, who is out.

What a member is told of it is remembered as the act's ``told``, so that the same people hear when it is taken back.
"""

from domain.errors import Changed, Fault, Invalid, NotAllowed, NotFound
from domain.names import is_seen
from domain.people import ADMINS, LONGEST_NAME, Actor, MemberLine, Role, TeamLine, manages
from domain.reminders import ReminderState
from domain.repeats import next_after
from storage.invites import InviteRepository
from storage.leavers import shut_out
from storage.owners import hand_all
from storage.uow import UnitOfWork

# Teams -------------------------------------------------------------------------------------------------------------


def add_team(uow: UnitOfWork, actor: Actor, name: str, parent_id: int | None = None) -> int:
    """Add a team below another one (a lead's: below the own) and return the act.

    Raises:
        Invalid: the name is empty or too long.
        NotAllowed: a lead without a team, or one who names a parent outside the own tree.
    """
    name = checked_name(name)
    tree = uow.teams(actor).tree
    parent = parent_id if parent_id is not None or actor.role is Role.ADMIN else actor.team_id
    if parent not in tree and (parent is not None or actor.role is not Role.ADMIN):
        raise NotAllowed("team")
    act_id = uow.act(actor, "team.added", facts={"name": name})
    uow.teams(actor).add_team(name, parent)
    return act_id


def rename_team(uow: UnitOfWork, actor: Actor, team_id: int, name: str, *, version: int | None = None) -> int:
    """Give a team another name and return the act. Raises ``Invalid``, ``NotFound`` and ``Changed``."""
    name = checked_name(name)
    _team(uow, actor, team_id, version)
    act_id = uow.act(actor, "team.renamed", facts={"name": name})
    uow.teams(actor).change_team(team_id, name=name)
    return act_id


def remove_team(uow: UnitOfWork, actor: Actor, team_id: int, *, version: int) -> int:
    """Remove a team that has no members and no teams below it; returns the act.

    Raises:
        NotAllowed: it is the lead's own.
        Changed: somebody is in it by now, or it is not as the screen showed it.
    """
    team = _team(uow, actor, team_id, version)
    if actor.role is not Role.ADMIN and team_id == actor.team_id:
        raise NotAllowed("team")
    if not uow.teams(actor).is_empty(team_id):
        raise Changed("team", team_id)
    act_id = uow.act(actor, "team.removed", facts={"name": team.name})
    InviteRepository(uow, actor).leave_team(team_id)
    uow.teams(actor).remove_team(team_id)
    return act_id


def appoint_lead(uow: UnitOfWork, actor: Actor, team_id: int, member_id: int, *, version: int | None = None) -> int:
    """Make a member the lead of a team, and a rep a lead by it; returns the act.

    Raises:
        NotAllowed: only an admin appoints leads.
        NotFound: the member is not active.
    """
    if actor.role is not Role.ADMIN:
        raise NotAllowed("lead")
    team, member = _team(uow, actor, team_id, version), uow.teams(actor).member(member_id)
    if not member.active:
        raise NotFound("member", member_id)
    facts = {"name": f"{team.name} · {member.name}", "told": _told(uow, actor, member_id)}
    act_id = uow.act(actor, "team.led", facts=facts)
    uow.teams(actor).change_team(team_id, lead_id=member_id)
    if member.role is Role.REP:
        uow.teams(actor).change_member(member_id, role=Role.LEAD, team_id=team_id)
    return act_id


# Members -----------------------------------------------------------------------------------------------------------


def move_member(uow: UnitOfWork, actor: Actor, member_id: int, team_id: int | None, *, version: int) -> int:
    """Put a member into another team (of the actor's tree) and return the act; a team left behind loses its lead.

    Raises:
        NotAllowed: the member is not below the actor, or a lead would let one go out of the own tree.
        Changed: the member is not as the screen showed it.
    """
    member = _managed(uow, actor, member_id, version)
    if team_id is not None:
        uow.teams(actor).team(team_id)
    elif actor.role is not Role.ADMIN:
        raise NotAllowed("member")
    facts = {"name": member.name, "told": _told(uow, actor, member_id)}
    act_id = uow.act(actor, "member.moved", facts=facts)
    uow.teams(actor).change_member(member_id, team_id=team_id)
    if member.team_id is not None and member.team_id != team_id:
        uow.teams(actor).give_up_lead(member_id, of=member.team_id)
    return act_id


def rename_member(uow: UnitOfWork, actor: Actor, member_id: int, name: str, *, version: int | None = None) -> int:
    """Change the name under which a member is known inside (owner columns, digests); returns the act.

    Raises:
        NotAllowed: somebody who is neither below the actor nor the actor.
    """
    name = checked_name(name)
    member = uow.teams(actor).member(member_id)
    if member_id != actor.member_id:
        _managed(uow, actor, member_id, version)
    elif version is not None and member.version != version:
        raise Changed("member", member_id)
    act_id = uow.act(actor, "member.renamed", facts={"name": name})
    uow.teams(actor).change_member(member_id, name=name)
    return act_id


def other_admins(uow: UnitOfWork, *but: int | None) -> list[Actor]:
    """All admins but these members: one of them must agree when somebody shall become an admin."""
    return [admin for admin in uow.people.staff(ADMINS) if admin.member_id not in but]


def ask_for_admin(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int | None = None) -> MemberLine:
    """Write down that an admin wants a member to be one too; another admin's agreement does it. The member as it stands.

    Raises:
        NotAllowed: not an admin, or the own role.
        Changed: the member is not as the screen showed it.
    """
    if actor.role is not Role.ADMIN:
        raise NotAllowed("role")
    member = _managed(uow, actor, member_id, version)
    uow.act(actor, "member.admin_asked", undo=None, facts={"name": member.name})
    return member


def set_role(
    uow: UnitOfWork, actor: Actor, member_id: int, role: Role, *, version: int, asked_by: int | None = None
) -> int:
    """Change a member's role and return the act. Who is no lead any more leads no team, and whose rank falls has
    no open invites. An admin is made by two, the one who asked and the actor, unless there is only one.

    Raises:
        NotAllowed: not an admin, the own role, the last admin, or an admin made by one alone.
        Changed: the member is not as the screen showed it.
    """
    if actor.role is not Role.ADMIN:
        raise NotAllowed("role")
    member = _managed(uow, actor, member_id, version)
    _keep_an_admin(uow, actor, member)
    if role is Role.ADMIN:
        _made_by_two(uow, actor, asked_by)
    facts = {"name": member.name, "role": role, "told": _told(uow, actor, member_id)}
    act_id = uow.act(actor, "member.role_changed", facts=facts)
    teams = uow.teams(actor)
    teams.change_member(member_id, role=role)
    if role is Role.REP:
        teams.give_up_lead(member_id)
    elif role is Role.LEAD:
        teams.take_lead(member_id, member.team_id)
    if role.rank < member.role.rank:
        InviteRepository(uow, actor).revoke_of(member_id)
    return act_id


def deactivate(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int) -> int:
    """End a member's access with this commit; customers and history stay. Returns the act.

    With it go the invites they made, their open dialogs, and what waits to be sent to them; due things fall silent by
    themselves, since they are read again as their recipient.

    Raises:
        NotAllowed: the actor's own self, someone of no lower role, or the last admin.
        Changed: the member is not as the screen showed it.
    """
    member = _managed(uow, actor, member_id, version)
    _keep_an_admin(uow, actor, member)
    facts = {"name": member.name, "told": _told(uow, actor, member_id)}
    act_id = uow.act(actor, "member.deactivated", facts=facts)
    uow.teams(actor).change_member(member_id, active=False)
    uow.teams(actor).give_up_lead(member_id)
    InviteRepository(uow, actor).revoke_of(member_id)
    shut_out(uow, uow.teams(actor).person_of(member_id))
    return act_id


def reactivate(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int) -> int:
    """Give a deactivated member access again, with the own repeating reminders, and return the act.

    Raises:
        NotAllowed: the member is not below the actor.
        Changed: the member is not as the screen showed it.
    """
    member = _managed(uow, actor, member_id, version)
    facts = {"name": member.name, "told": _told(uow, actor, member_id)}
    act_id = uow.act(actor, "member.reactivated", facts=facts)
    uow.teams(actor).change_member(member_id, active=True)
    resume_repeats(uow, member_id)
    return act_id


def resume_repeats(uow: UnitOfWork, member_id: int) -> None:
    """Let the repeating reminders go on whose time came while their person was shut out and heard nothing."""
    member = uow.people.of_member(member_id)
    if member is None:
        return
    for line in uow.reminders(member).until(uow.now):
        if line.repeat is not None and line.state is ReminderState.OPEN:
            at = next_after(line.repeat, uow.now, zone=member.zone, calendar=uow.calendar())
            uow.reminders(member).change(line.id, at=at)


def hand_over(uow: UnitOfWork, actor: Actor, member_id: int, to: int | None) -> tuple[int, int]:
    """Give all customers of a member to another one, or to the public pool (``to`` None).

    Raises:
        NotAllowed: to the member themselves.
        NotFound: one of the two is out of sight, or the heir is not active.

    Returns:
        How many customers moved, and the act that Undo takes back.
    """
    teams = uow.teams(actor)
    giver = teams.member(member_id)
    heir = teams.member(to) if to is not None else None
    if to == member_id:
        raise NotAllowed("member")
    if heir is not None and not heir.active:
        raise NotFound("member", heir.id)
    moved = teams.customers_of(member_id)
    told = _told(uow, actor, *([member_id] if giver.active else []), *([to] if to is not None else []))
    facts = {"name": giver.name, "to": heir.name if heir else None, "count": len(moved), "told": told}
    act_id = uow.act(actor, "member.handed_over", facts=facts)
    hand_all(uow, moved, member_id, to)
    return len(moved), act_id


def checked_name(name: str) -> str:
    """A name on one line. Raises ``Invalid`` when it is empty or longer than ``LONGEST_NAME``."""
    line = " ".join(name.split())
    if not is_seen(line):
        raise Invalid("name", Fault.EMPTY)
    if len(line) > LONGEST_NAME:
        raise Invalid("name", Fault.TOO_LONG, LONGEST_NAME)
    return line


def _team(uow: UnitOfWork, actor: Actor, team_id: int, version: int | None) -> TeamLine:
    team = uow.teams(actor).team(team_id)
    if version is not None and team.version != version:
        raise Changed("team", team_id)
    return team


def _managed(uow: UnitOfWork, actor: Actor, member_id: int, version: int | None) -> MemberLine:
    """A member whom the actor stands above, as the screen showed them."""
    member = uow.teams(actor).member(member_id)
    if not manages(actor, member):
        raise NotAllowed("member")
    if version is not None and member.version != version:
        raise Changed("member", member_id)
    return member


def _keep_an_admin(uow: UnitOfWork, actor: Actor, member: MemberLine) -> None:
    if member.role is Role.ADMIN and member.active and uow.teams(actor).hold_admins() <= 1:
        raise NotAllowed("last_admin")


def _made_by_two(uow: UnitOfWork, actor: Actor, asked_by: int | None) -> None:
    others = {admin.member_id for admin in other_admins(uow, actor.member_id)}
    if asked_by not in (others or {None}):
        raise NotAllowed("role")


def _told(uow: UnitOfWork, actor: Actor, *member_ids: int) -> list[int]:
    """Persons behind members, but for the actor."""
    people = [uow.teams(actor).person_of(member_id) for member_id in member_ids]
    return [person_id for person_id in people if person_id != actor.person_id]
