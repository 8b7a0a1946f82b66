"""Teams as a tree, and the members in them, as far as the reader may see them."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, false, func, or_, select, true

from domain.errors import NotFound
from domain.people import Actor, MemberLine, Role, TeamLine
from storage.models import Customer, Member, Team
from storage.scope import tree_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_COUNT = (
    select(func.count()).where(Customer.owner_id == Member.id).correlate(Member).scalar_subquery().label("customers")
)
_MEMBER = select(
    Member.id, Member.name, Member.role, Member.team_id, Team.name.label("team"), Member.active, _COUNT, Member.version
).outerjoin(Team, Team.id == Member.team_id)
TEAMS = (
    select(
        Team.id,
        Team.name,
        Team.parent_id,
        Team.lead_id,
        Member.name.label("lead"),
        select(func.count())
        .select_from(Member.__table__.alias("m"))
        .where(Member.__table__.alias("m").c.team_id == Team.id)
        .scalar_subquery()
        .label("members"),
    )
    .outerjoin(Member, Member.id == Team.lead_id)
    .order_by(Team.name, Team.id)
)
COUNT_ADMINS = select(func.count()).where(Member.role == Role.ADMIN, Member.active.is_(True))


class TeamRepository:
    """Members and teams: an admin's all, a lead's own tree, a rep's own row."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute
        self._tree = tree_of(uow, actor)

    @property
    def tree(self) -> frozenset[int]:
        """Ids of the teams the actor leads, all below included."""
        return self._tree

    def member(self, member_id: int) -> MemberLine:
        """A member. Raises ``NotFound`` outside the actor's tree."""
        row = self._run(_MEMBER.where(Member.id == member_id, self._readable())).one_or_none()
        if row is None:
            raise NotFound("member", member_id)
        return _member(row)

    def members(self, team_id: int | None = None, *, active: bool | None = None) -> list[MemberLine]:
        """Members by name, the active ones first; of one team where it is given."""
        wanted: list[ColumnElement[bool]] = [self._readable()]
        if team_id is not None:
            wanted.append(Member.team_id == team_id)
        if active is not None:
            wanted.append(Member.active.is_(active))
        rows = self._run(_MEMBER.where(*wanted).order_by(Member.active.desc(), Member.name, Member.id))
        return [_member(row) for row in rows]

    def named(self, name: str) -> list[MemberLine]:
        """Active members whose name is ``name``, whatever its case."""
        found = self._run(
            _MEMBER.where(func.lower(Member.name) == name.strip().lower(), Member.active.is_(True), self._readable())
        )
        return [_member(row) for row in found]

    def teams(self) -> list[TeamLine]:
        """The teams of the actor's tree in the order of the tree."""
        rows = [row for row in self._run(TEAMS) if row.id in self._tree]
        shown = {row.id for row in rows}
        lines: list[TeamLine] = []

        def walk(parent: int | None, depth: int) -> None:
            for row in rows:
                is_child = row.parent_id == parent if parent is not None else row.parent_id not in shown
                if is_child:
                    lines.append(TeamLine(row.id, row.name, row.parent_id, row.lead_id, row.lead, row.members, depth))
                    walk(row.id, depth + 1)

        walk(None, 0)
        return lines

    def team(self, team_id: int) -> TeamLine:
        """A team. Raises ``NotFound`` outside the actor's tree."""
        for line in self.teams():
            if line.id == team_id:
                return line
        raise NotFound("team", team_id)

    def count_admins(self) -> int:
        """How many admins are active."""
        found: int = self._run(COUNT_ADMINS).scalar_one()
        return found

    def add_member(self, person_id: int, name: str, role: Role, team_id: int | None) -> int:
        """Make a person staff, or staff again, in the open act."""
        known = self._run(select(Member.id).where(Member.person_id == person_id)).scalar_one_or_none()
        values: dict[str, Any] = {"role": role, "team_id": team_id, "active": True}
        if known is not None:
            self._uow.journal.change(Member, known, values)
            return known
        return self._uow.journal.add(
            Member, values | {"person_id": person_id, "name": name, "created_at": self._uow.now}
        )

    def change_member(self, member_id: int, *, version: int | None = None, **values: Any) -> None:
        """Change a member's role, team, name or activity, in the open act."""
        self._uow.journal.change(Member, member_id, values, version=version)

    def add_team(self, name: str, parent_id: int | None) -> int:
        """Add a team, in the open act."""
        return self._uow.journal.add(Team, {"name": name, "parent_id": parent_id})

    def change_team(self, team_id: int, **values: Any) -> None:
        """Change a team's name, parent or lead, in the open act."""
        self._uow.journal.change(Team, team_id, values)

    def customers_of(self, member_id: int) -> list[int]:
        """Ids of all customers a member owns."""
        return list(
            self._run(select(Customer.id).where(Customer.owner_id == member_id).order_by(Customer.id)).scalars()
        )

    def _readable(self) -> ColumnElement[bool]:
        if self._actor.role is Role.ADMIN:
            return true()
        if self._actor.member_id is None:
            return false()
        return or_(Member.team_id.in_(sorted(self._tree)), Member.id == self._actor.member_id)


def was_member(uow: "UnitOfWork", person_id: int) -> bool:
    """Whether this person is or ever was staff: the environment's admin ids never restore a deactivated one."""
    return uow.connection.execute(select(Member.id).where(Member.person_id == person_id)).first() is not None


def has_staff(uow: "UnitOfWork") -> bool:
    """Whether anybody is staff at all."""
    return uow.connection.execute(select(Member.id).where(Member.active.is_(True)).limit(1)).first() is not None


def _member(row: Row[Any]) -> MemberLine:
    return MemberLine(row.id, row.name, Role(row.role), row.team_id, row.team, row.active, row.customers, row.version)
