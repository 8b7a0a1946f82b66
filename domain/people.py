"""Who acts: persons, members (staff) and what each of them may see."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.values import frozen

INVITE_HOURS = 72  # long enough for a weekend, short enough that a forgotten link is dead
OWNER_LINK_HOURS = 1  # printed on a console in front of whoever installs; nobody needs it longer
WRONG_LINKS = 5  # within an hour; typing errors happen, guessing 128 bits does not get far either way
SILENCE = dt.timedelta(hours=1)  # after the last of them
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


class Guest(StrEnum):
    """Who is not staff, and still known: a customer, from the moment a link was opened with consent."""

    CUSTOMER = "customer"


Side = Role | Guest | None  # where somebody stands towards the company; None: a stranger

STAFF = frozenset(Role)
LEADS = frozenset({Role.LEAD, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
CUSTOMERS = frozenset({Guest.CUSTOMER})
STRANGERS: frozenset[Side] = frozenset({None})
OUTSIDE: frozenset[Side] = frozenset({None, Guest.CUSTOMER})  # whoever is not staff
ANYONE: frozenset[Side] = frozenset({None, Guest.CUSTOMER, *Role})


@frozen
class Actor:
    """The person an update or a due thing is about, as far as rights and rendering need it.

    ``member_id`` and ``role`` are ``None`` for everybody who is not active staff; ``bound`` is true for a customer, who
    may be staff as well. ``stopped``: wants no message but the answer to an own one. ``named_as_stand_in``: of somebody
    who is, was or will be away. Built anew for every unit of work, so that a deactivation ends access with the next
    update.
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
    bound: bool = False
    stopped: bool = False
    named_as_stand_in: bool = False

    @property
    def side(self) -> Side:
        """What routes admit: the staff role where there is one, else whether it is a customer."""
        return self.role or (Guest.CUSTOMER if self.bound else None)

    @property
    def is_staff(self) -> bool:
        return self.member_id is not None

    @property
    def is_lead(self) -> bool:
        return self.role in LEADS


@frozen
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


@frozen
class TeamLine:
    """A team in the tree; ``depth`` 0 is a top team, ``members`` counts the active ones."""

    id: int
    name: str
    parent_id: int | None
    lead_id: int | None
    lead: str | None
    members: int
    depth: int
    version: int


@frozen
class Load:
    """How much stands on a member: overdue next touches, those of the coming 7 days, and touches of the last 30."""

    overdue: int
    coming: int
    touches: int


@frozen
class InviteLine:
    """An open invite as its issuer sees it; the token itself is stored only as a hash. No issuer: the console's."""

    id: int
    role: Role
    team_id: int | None
    team: str | None
    issued_by: str | None
    expires_at: dt.datetime
    version: int


@frozen
class OpenInvite:
    """An invite that can still be used; ``issued_by`` None is a console's owner link."""

    id: int
    role: Role
    team_id: int | None
    issued_by: int | None


@frozen
class Redeemed:
    """What an invite made of the person who opened it; ``issued_by`` None: a console made the link."""

    member_id: int
    role: Role
    team: str | None
    first_admin: bool
    issued_by: int | None
    waits: bool = False  # for another admin, to become one too


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


def manages(actor: Actor, member: MemberLine) -> bool:
    """Whether ``actor`` may move, deactivate and restore a member in sight: an admin all, a lead those below.

    Nobody stands above the own self, so nobody changes the own role.
    """
    if actor.role is None or member.id == actor.member_id:
        return False
    return actor.role is Role.ADMIN or (actor.role is Role.LEAD and member.role.rank < actor.role.rank)


def silent_until(wrong: Sequence[dt.datetime]) -> dt.datetime | None:
    """When somebody is answered again after wrong links, or ``None`` for who may go on.

    Args:
        wrong: moments of the latest wrong links, newest first.

    Returns:
        ``SILENCE`` after the newest, when ``WRONG_LINKS`` of them lie within an hour.
    """
    if len(wrong) < WRONG_LINKS or wrong[0] - wrong[WRONG_LINKS - 1] > dt.timedelta(hours=1):
        return None
    return wrong[0] + SILENCE
