"""Teams as a tree, and the members in them, as far as the reader may see them."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, bindparam, false, func, literal_column, or_, select, true
from sqlalchemy.orm import aliased

from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor, Load, MemberLine, Role, TeamLine
from storage.models import Customer, Member, NextTouch, Team, Touch
from storage.scope import tree_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_COUNT = (
    select(func.count()).where(Customer.owner_id == Member.id).correlate(Member).scalar_subquery().label("customers")
)
_MEMBER = select(
    Member.id, Member.name, Member.role, Member.team_id, Team.name.label("team"), Member.active, _COUNT, Member.version
).outerjoin(Team, Team.id == Member.team_id)
_IN_TEAM = aliased(Member)
TEAMS = (
    select(
        Team.id,
        Team.name,
        Team.parent_id,
        Team.lead_id,
        Member.name.label("lead"),
        select(func.count())
        .where(_IN_TEAM.team_id == Team.id, _IN_TEAM.active.is_(True))
        .scalar_subquery()
        .label("members"),
        Team.version,
    )
    .outerjoin(Member, Member.id == Team.lead_id)
    .order_by(Team.name, Team.id)
)
LED_BY = select(Team.id).where(Team.lead_id == bindparam("member"))
HAS_MEMBERS = select(Member.id).where(Member.team_id == bindparam("team")).limit(1)
HAS_TEAMS = select(Team.id).where(Team.parent_id == bindparam("team")).limit(1)
ADMINS_HELD = (  # the rows are held, so that of two admins who remove each other at once the second finds only one
    select(Member.id).where(Member.role == Role.ADMIN, Member.active.is_(True)).order_by(Member.id).with_for_update()
)
PERSON_OF = select(Member.person_id).where(Member.id == bindparam("member"))
CUSTOMERS = select(Customer.id).where(Customer.owner_id == bindparam("member")).order_by(Customer.id)
_OPEN_NEXT = (NextTouch.owner_id == bindparam("member"), NextTouch.state == literal_column("'open'"))
LOAD = select(
    select(func.count()).select_from(NextTouch).where(*_OPEN_NEXT, NextTouch.day < bindparam("day")).scalar_subquery(),
    select(func.count())
    .select_from(NextTouch)
    .where(*_OPEN_NEXT, NextTouch.day >= bindparam("day"), NextTouch.day < bindparam("week_on"))
    .scalar_subquery(),
    select(func.count())
    .select_from(Touch)
    .where(Touch.member_id == bindparam("member"), Touch.happened_at >= bindparam("since"))
    .scalar_subquery(),
)


class TeamRepository:
    """Members and teams: an admin's all, a lead's own tree, a rep's own row."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
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
        return self._lines(_MEMBER.where(*wanted))

    def page_of(self, team_id: int | None, number: int = 0) -> Page[MemberLine]:
        """A screen of a team's members, the inactive ones last; ``team_id`` None: of those without a team."""
        return self._page(number, Member.team_id == team_id)

    def everybody(self, number: int = 0, *, like: str = "") -> Page[MemberLine]:
        """A screen of all members, the inactive ones last; with ``like`` those whose name holds it."""
        return self._page(number, _named(like))

    def choosable(self, number: int = 0, *, besides: int | None = None, like: str = "") -> Page[MemberLine]:
        """A screen of active members to choose from; with ``like`` those whose name holds it."""
        others = Member.id != besides if besides is not None else true()
        return self._page(number, Member.active.is_(True), others, _named(like))

    def person_of(self, member_id: int) -> int:
        """The person behind a member, active or not. Raises ``NotFound`` outside the actor's tree."""
        self.member(member_id)
        found: int = self._run(PERSON_OF, {"member": member_id}).scalar_one()
        return found

    def load(self, member_id: int, *, today: dt.date) -> Load:
        """What stands on a member. Raises ``NotFound`` outside the actor's tree."""
        self.member(member_id)
        since = self._uow.now - dt.timedelta(days=30)
        bound = {"member": member_id, "day": today, "week_on": today + dt.timedelta(days=7), "since": since}
        return Load(*self._run(LOAD, bound).one())

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
                    lines.append(_team(row, depth))
                    walk(row.id, depth + 1)

        walk(None, 0)
        return lines

    def team(self, team_id: int) -> TeamLine:
        """A team. Raises ``NotFound`` outside the actor's tree."""
        for line in self.teams():
            if line.id == team_id:
                return line
        raise NotFound("team", team_id)

    def hold_admins(self) -> int:
        """How many admins are active, nobody of whom can be changed by another unit until this one ends."""
        return len(self._run(ADMINS_HELD).all())

    def add_member(self, person_id: int, name: str, role: Role, team_id: int | None) -> int:
        """Make a person staff, or staff again, in the open act."""
        known: int | None = self._run(select(Member.id).where(Member.person_id == person_id)).scalar_one_or_none()
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

    def change_team(self, team_id: int, *, version: int | None = None, **values: Any) -> None:
        """Change a team's name, parent or lead, in the open act."""
        self._uow.journal.change(Team, team_id, values, version=version)

    def is_empty(self, team_id: int) -> bool:
        """Whether a team has neither members, former ones included, nor teams below it."""
        bound = {"team": team_id}
        return not self._run(HAS_MEMBERS, bound).all() and not self._run(HAS_TEAMS, bound).all()

    def remove_team(self, team_id: int) -> None:
        """Remove an empty team, in the open act."""
        self._uow.journal.remove(Team, team_id)

    def give_up_lead(self, member_id: int, *, of: int | None = None) -> None:
        """Let the teams that a member leads (or one of them) have no lead, in the open act."""
        for key in list(self._run(LED_BY, {"member": member_id}).scalars()):
            if of is None or key == of:
                self._uow.journal.change(Team, key, {"lead_id": None})

    def take_lead(self, member_id: int, team_id: int | None) -> None:
        """Make a lead the lead of a team that has none, in the open act."""
        if team_id is not None and self._run(TEAMS.where(Team.id == team_id)).one().lead_id is None:
            self._uow.journal.change(Team, team_id, {"lead_id": member_id})

    def customers_of(self, member_id: int) -> list[int]:
        """Ids of all customers a member owns."""
        return list(self._run(CUSTOMERS, {"member": member_id}).scalars())

    def _lines(self, statement: Any) -> list[MemberLine]:
        rows = self._run(statement.order_by(Member.active.desc(), Member.name, Member.id))
        return [_member(row) for row in rows]

    def _page(self, number: int, *wanted: ColumnElement[bool]) -> Page[MemberLine]:
        conditions = (self._readable(), *wanted)
        total: int = self._run(select(func.count()).select_from(Member).where(*conditions)).scalar_one()
        lines = self._lines(_MEMBER.where(*conditions).limit(PAGE).offset(number * PAGE))
        return Page(tuple(lines), number, total)

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


def _named(like: str) -> ColumnElement[bool]:
    return Member.name.icontains(like.strip(), autoescape=True) if like.strip() else true()


def _member(row: Row[Any]) -> MemberLine:
    return MemberLine(row.id, row.name, Role(row.role), row.team_id, row.team, row.active, row.customers, row.version)


def _team(row: Row[Any], depth: int) -> TeamLine:
    return TeamLine(row.id, row.name, row.parent_id, row.lead_id, row.lead, row.members, depth, row.version)
