"""Who acts: persons, members (staff) and what each of them may see."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

INVITE_HOURS = 72  # long enough for a weekend, short enough that a forgotten link is dead
OWNER_LINK_HOURS = 1  # printed on a console in front of whoever installs; nobody needs it longer
WRONG_LINKS_PER_HOUR = 5  # typing errors happen, guessing 128 bits does not get far either way
LONGEST_NAME = 64  # characters; Telegram's own first and last names are at most 64 each


class Role(StrEnum):
    """Staff roles. The order of power is rep < lead < admin."""

    REP = "rep"
    LEAD = "lead"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {Role.REP: 0, Role.LEAD: 1, Role.ADMIN: 2}

STAFF = frozenset(Role)
LEADS = frozenset({Role.LEAD, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
ANYONE: frozenset[Role | None] = frozenset({None, *Role})


@dataclass(frozen=True, slots=True)
class Actor:
    """The person an update or a due thing is about, as far as rights and rendering need it.

    ``member_id`` and ``role`` are ``None`` for everybody who is not active staff. Built anew for every
    unit of work, so that a deactivation ends access with the next update.
    """

    person_id: int
    telegram_id: int
    locale: str
    zone: ZoneInfo
    name: str = ""
    member_id: int | None = None
    role: Role | None = None
    team_id: int | None = None
    quiet_from: dt.time = dt.time(22)
    quiet_to: dt.time = dt.time(8)
    morning_at: dt.time = dt.time(8, 30)
    reachable: bool = True

    @property
    def is_staff(self) -> bool:
        return self.member_id is not None

    @property
    def is_lead(self) -> bool:
        return self.role in LEADS


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as lists of the team show it."""

    id: int
    name: str
    role: Role
    team_id: int | None
    team: str | None
    active: bool
    customers: int
    version: int


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team in the tree; ``depth`` 0 is a top team."""

    id: int
    name: str
    parent_id: int | None
    lead_id: int | None
    lead: str | None
    members: int
    depth: int


@dataclass(frozen=True, slots=True)
class InviteLine:
    """An open invite as its issuer sees it; the token itself is stored only as a hash."""

    id: int
    role: Role
    team_id: int | None
    team: str | None
    issued_by: str
    expires_at: dt.datetime
    version: int


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invite that can still be used; ``issued_by`` None is a console's owner link."""

    id: int
    role: Role
    team_id: int | None
    issued_by: int | None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What an invite made of the person who opened it."""

    member_id: int
    role: Role
    team: str | None
    first_admin: bool


def may_invite(issuer: Actor, role: Role, *, team_id: int | None, own_tree: frozenset[int]) -> bool:
    """Whether ``issuer`` may make a link for ``role`` in ``team_id``.

    An admin invites every role everywhere; a lead only reps of the own tree; nobody else anybody.
    ``own_tree`` holds the ids of the issuer's team and all below it.
    """
    match issuer.role:
        case Role.ADMIN:
            return True
        case Role.LEAD:
            return role is Role.REP and team_id in own_tree
        case _:
            return False
