"""One-time links: stored hashed, used by one conditional update."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from domain.errors import NotFound
from domain.people import Actor, InviteLine, OpenInvite, Role
from storage.models import Guess, Invite, Member, Team
from storage.scope import tree_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

OPEN = (Invite.used_at.is_(None), Invite.revoked_at.is_(None), Invite.expires_at > bindparam("now"))
BY_HASH = select(Invite.id, Invite.role, Invite.team_id, Invite.issued_by).where(
    Invite.token_hash == bindparam("hash"), *OPEN
)
USE = (
    update(Invite)
    .where(Invite.id == bindparam("invite"), Invite.used_at.is_(None), Invite.revoked_at.is_(None))
    .values(used_at=bindparam("used"), used_by=bindparam("by"), version=Invite.version + 1)  # no undo of its making now
)
LIST = (
    select(
        Invite.id,
        Invite.role,
        Invite.team_id,
        Team.name,
        Invite.issued_by,
        Member.name.label("issuer"),
        Invite.expires_at,
        Invite.version,
    )
    .outerjoin(Team, Team.id == Invite.team_id)
    .outerjoin(Member, Member.id == Invite.issued_by)
    .where(*OPEN)
    .order_by(Invite.id.desc())
)
OPEN_BY = select(Invite.id).where(Invite.issued_by == bindparam("issuer"), *OPEN)
OF_TEAM = select(Invite.id, Invite.used_at, Invite.revoked_at).where(Invite.team_id == bindparam("team"))
COUNT_WRONG = select(func.count()).where(Guess.kind == "link", Guess.at > bindparam("since"))


class InviteRepository:
    """Invites. ``actor`` None: the console, or somebody who is not staff yet."""

    def __init__(self, uow: "UnitOfWork", actor: Actor | None) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def add(self, token_hash: str, role: Role, team_id: int | None, *, expires_at: dt.datetime) -> int:
        """Store an invite in the open act; only the hash of its token is kept."""
        return self._uow.journal.add(
            Invite,
            {
                "token_hash": token_hash,
                "role": role,
                "team_id": team_id,
                "issued_by": self._actor.member_id if self._actor else None,
                "created_at": self._uow.now,
                "expires_at": expires_at,
            },
        )

    def find(self, token_hash: str) -> OpenInvite | None:
        """An open invite, or ``None`` for every bad token alike."""
        row = self._run(BY_HASH, {"hash": token_hash, "now": self._uow.now}).one_or_none()
        return OpenInvite(row.id, Role(row.role), row.team_id, row.issued_by) if row else None

    def use(self, invite_id: int, person_id: int) -> bool:
        """Use an invite up; ``False`` when somebody else was first."""
        done = self._run(USE, {"invite": invite_id, "used": self._uow.now, "by": person_id})
        return bool(done.rowcount)

    def open(self) -> list[InviteLine]:
        """Open invites that the actor may revoke: an admin all, those of the console too, a lead those into the own tree."""
        assert self._actor is not None
        tree = tree_of(self._uow, self._actor)
        rows = self._run(LIST, {"now": self._uow.now})
        lines = [InviteLine(r.id, Role(r.role), r.team_id, r.name, r.issuer, r.expires_at, r.version) for r in rows]
        return [line for line in lines if self._actor.role is Role.ADMIN or line.team_id in tree]

    def revoke(self, invite_id: int) -> None:
        """Revoke an open invite, in the open act.

        Raises:
            NotFound: it is not one of the actor's, or not open any more.
            Changed: it was used in the meantime.
        """
        line = next((line for line in self.open() if line.id == invite_id), None)
        if line is None:
            raise NotFound("invite", invite_id)
        self._uow.journal.change(Invite, invite_id, {"revoked_at": self._uow.now}, version=line.version)

    def revoke_of(self, member_id: int) -> None:
        """Revoke all that a member made and nobody used, in the open act."""
        for key in list(self._run(OPEN_BY, {"issuer": member_id, "now": self._uow.now}).scalars()):
            self._uow.journal.change(Invite, key, {"revoked_at": self._uow.now})

    def leave_team(self, team_id: int) -> None:
        """Let go of a team that is about to be removed: open invites into it are revoked, in the open act."""
        for row in list(self._run(OF_TEAM, {"team": team_id})):
            values: dict[str, Any] = {"team_id": None}
            if row.used_at is None and row.revoked_at is None:
                values["revoked_at"] = self._uow.now
            self._uow.journal.change(Invite, row.id, values)

    def count_wrong(self, *, since: dt.datetime) -> int:
        """Wrong links of everybody since ``since``."""
        found: int = self._run(COUNT_WRONG, {"since": since}).scalar_one()
        return found
