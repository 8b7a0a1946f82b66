"""Reply templates: one's own, those of the own team and the teams above it, and the company's."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from domain.cases import EntryKind
from domain.errors import NotFound
from domain.people import Actor, Role
from domain.reply_templates import Template
from storage.models import CaseEntry, ReplyTemplate
from storage.scope import tree_of
from storage.surveys import ABOVE

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_T = ReplyTemplate
_LATER = aliased(CaseEntry)
_USES: Any = select(func.count()).where(CaseEntry.template_id == _T.id).correlate(_T)
_WAS_ANSWERED = exists().where(
    _LATER.case_id == CaseEntry.case_id, _LATER.id > CaseEntry.id, _LATER.kind == EntryKind.WORDS
)
_LINE = select(
    _T.id,
    _T.version,
    _T.name,
    _T.text,
    _T.member_id,
    _USES.scalar_subquery().label("used"),
    _USES.where(_WAS_ANSWERED).scalar_subquery().label("answered"),
)
MOST_USED = _USES.scalar_subquery().desc()
COUNT = select(func.count()).where(_T.member_id == bindparam("member"))


class TemplateRepository:
    """Templates for one member of the staff."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def all(self) -> list[Template]:
        """All that the actor may use, the most used first."""
        rows = self._run(_LINE.where(self._usable()).order_by(MOST_USED, _T.name, _T.id))
        return [Template(*row) for row in rows]

    def get(self, template_id: int) -> Template:
        """One that the actor may use. Raises ``NotFound`` for any other."""
        row = self._run(_LINE.where(_T.id == template_id, self._usable())).one_or_none()
        if row is None:
            raise NotFound("template", template_id)
        return Template(*row)

    def may_change(self, template_id: int) -> bool:
        """One's own; a lead the team's and those below, an admin all of everybody."""
        tree = sorted(tree_of(self._uow, self._actor))
        shared: ColumnElement[bool] = _T.team_id.in_(tree) if self._actor.role is not Role.ADMIN else true()
        mine = or_(_T.member_id == self._actor.member_id, and_(_T.member_id.is_(None), shared))
        return self._run(select(_T.id).where(_T.id == template_id, mine)).first() is not None

    def count_own(self) -> int:
        found: int = self._run(COUNT, {"member": self._actor.member_id}).scalar_one()
        return found

    def add(self, name: str, text: str, *, shared: bool) -> int:
        """Store a template, in the open act; a shared one is the team's, an admin's the company's."""
        team_id = self._actor.team_id if self._actor.role is not Role.ADMIN else None
        whose = {"member_id": None, "team_id": team_id} if shared else {"member_id": self._actor.member_id}
        return self._uow.journal.add(ReplyTemplate, {"name": name, "text": text} | whose)

    def remove(self, template_id: int) -> None:
        """Delete a template, in the open act; answers that used it stay."""
        self._uow.journal.remove(ReplyTemplate, template_id)

    def _usable(self) -> ColumnElement[bool]:
        above = self._run(ABOVE, {"team": self._actor.team_id}).scalars()
        teams = sorted(tree_of(self._uow, self._actor) | frozenset(above))
        of_team = or_(_T.team_id.is_(None), _T.team_id.in_(teams))
        return or_(_T.member_id == self._actor.member_id, and_(_T.member_id.is_(None), of_team))
