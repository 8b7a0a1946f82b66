"""Making and redeeming the links that turn a stranger into staff."""

import datetime as dt

from actions.teams import other_admins
from domain.errors import NotAllowed, Throttled
from domain.people import (
    INVITE_HOURS,
    OWNER_LINK_HOURS,
    WRONG_LINKS,
    Actor,
    OpenInvite,
    Redeemed,
    Role,
    may_invite,
    silent_until,
)
from domain.tokens import hash_token, new_token
from storage.invites import InviteRepository
from storage.teams import has_staff, was_member
from storage.uow import UnitOfWork

HOUR = dt.timedelta(hours=1)
ALARM_AT = 100  # wrong links of everybody in an hour: somebody is guessing
GUESS = "link"  # the kind of guess that a wrong link counts as


def make_invite(uow: UnitOfWork, actor: Actor, role: Role, team_id: int | None, *, now: dt.datetime) -> tuple[str, int]:
    """A new link's token and the act that made it. Single use, ``INVITE_HOURS``, role and team fixed.

    Raises:
        NotAllowed: the actor may not invite this role into this team.
        NotFound: there is no such team any more.
    """
    teams = uow.teams(actor)
    if not may_invite(actor, role, team_id=team_id, own_tree=teams.tree):
        raise NotAllowed("invite")
    if team_id is not None:
        teams.team(team_id)
    token = new_token()
    act_id = uow.act(actor, "invite.made", facts={"role": role})
    InviteRepository(uow, actor).add(
        hash_token(token), role, team_id, expires_at=now + dt.timedelta(hours=INVITE_HOURS)
    )
    return token, act_id


def make_owner_link(uow: UnitOfWork, *, now: dt.datetime) -> str:
    """The token of a console's link: makes whoever opens it first an admin, within ``OWNER_LINK_HOURS``."""
    token = new_token()
    uow.act(None, "invite.made", undo=None, facts={"role": Role.ADMIN})
    InviteRepository(uow, None).add(
        hash_token(token), Role.ADMIN, None, expires_at=now + dt.timedelta(hours=OWNER_LINK_HOURS)
    )
    return token


def revoke_invite(uow: UnitOfWork, actor: Actor, invite_id: int) -> int:
    """Make a link useless; returns the act.

    Raises:
        NotFound: it is not one of the actor's, or not open any more.
        Changed: it was used in the meantime.
    """
    act_id = uow.act(actor, "invite.revoked")
    InviteRepository(uow, actor).revoke(invite_id)
    return act_id


def check_guesses(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Refuse who tried too many wrong links.

    Raises:
        Throttled: with the end of the silence.
    """
    until = silent_until(uow.people.last_guesses(actor.person_id, GUESS, most=WRONG_LINKS))
    if until is not None and until > now:
        raise Throttled(GUESS, until)


def redeem(uow: UnitOfWork, actor: Actor, token: str) -> Redeemed | None:
    """Turn the person into what the link says; ``None`` for every bad link alike.

    A link is bad when it never existed, is used, revoked or too old, or when its issuer lost the right to it since. A
    console's link also lifts somebody who is staff already: whoever has the console may need a way back in. Who shall be
    an admin by an admin's link is a rep until another admin agrees, if there is one.
    """
    invites = InviteRepository(uow, None)
    found = invites.find(hash_token(token))
    if found is None or (actor.is_staff and found.issued_by is not None) or not _issuer_may(uow, found):
        return None
    if not invites.use(found.id, actor.person_id):
        return None
    first_admin = not has_staff(uow)
    waits = found.role is Role.ADMIN and found.issued_by is not None and bool(other_admins(uow, found.issued_by))
    role = Role.REP if waits else found.role
    uow.act(actor, "member.joined", undo=None, facts={"name": actor.name, "role": role})
    member_id = uow.teams(actor).add_member(actor.person_id, actor.name, role, found.team_id)
    if role is Role.LEAD:
        uow.teams(actor).take_lead(member_id, found.team_id)
    joined = uow.people.actor(actor.person_id)
    team = uow.teams(joined).member(member_id).team
    return Redeemed(member_id, role, team, first_admin, found.issued_by, waits)


def admit_admin(uow: UnitOfWork, actor: Actor) -> Actor:
    """Make somebody named by the environment an admin at first sight; never one who was deactivated in the chat."""
    if actor.is_staff or was_member(uow, actor.person_id):
        return actor
    uow.act(actor, "member.joined", undo=None, facts={"name": actor.name, "role": Role.ADMIN})
    uow.teams(actor).add_member(actor.person_id, actor.name, Role.ADMIN, None)
    return uow.people.actor(actor.person_id)


def note_wrong_link(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> int | None:
    """Count a wrong link and write it down; the number of everybody's in the last hour once that is an attack, else ``None``."""
    uow.people.note_guess(actor.person_id, GUESS)
    uow.act(actor, "link.refused", undo=None, facts={"name": actor.name})
    wrong = InviteRepository(uow, None).count_wrong(since=now - HOUR)
    return wrong if wrong >= ALARM_AT else None


def _issuer_may(uow: UnitOfWork, invite: OpenInvite) -> bool:
    if invite.issued_by is None:  # a console's link
        return True
    issuer = uow.people.of_member(invite.issued_by)
    if issuer is None:
        return False
    return may_invite(issuer, invite.role, team_id=invite.team_id, own_tree=uow.teams(issuer).tree)
