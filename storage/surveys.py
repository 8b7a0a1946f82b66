"""Surveys: what is asked, and how many were asked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, or_, select, true

from domain import surveys as words
from domain.customers import PAGE, Page
from domain.errors import NotAllowed, NotFound
from domain.people import Actor, Role
from domain.surveys import InvitationState, SurveyLine, SurveyState, Trigger, from_json, to_json
from storage.models import Customer, Member, Survey, SurveyInvitation, Team
from storage.scope import tree_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_I = SurveyInvitation
_WENT_OUT = _I.sent_at.is_not(None)
_COUNTED: Any = select(func.count()).where(_I.survey_id == Survey.id).correlate(Survey)
_BY_STATE = case({SurveyState.OPEN: 0, SurveyState.DRAFT: 1}, value=Survey.state, else_=2)
LINES = select(
    Survey.id,
    Survey.name,
    Survey.state,
    Survey.anonymous,
    Survey.definition,
    _COUNTED.where(_WENT_OUT).scalar_subquery().label("sent"),
    _COUNTED.where(_I.state == InvitationState.DONE).scalar_subquery().label("done"),
)
ONE = select(*Survey.__table__.c).where(Survey.id == bindparam("survey"))
_above = select(Team.id, Team.parent_id).where(Team.id == bindparam("team")).cte("above", recursive=True)
_above = _above.union(select(Team.id, Team.parent_id).join(_above, Team.id == _above.c.parent_id))
ABOVE = select(_above.c.id)
TEAM_OF_OWNER = (
    select(Member.team_id).join(Customer, Customer.owner_id == Member.id).where(Customer.id == bindparam("customer"))
)


class SurveyRepository:
    """Surveys of the company, of the reader's own team and those above it, and of the teams below a lead; an admin all.

    A customer reads those that the own account was asked.
    """

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    # Reading ---------------------------------------------------------------------------------------------------

    def get(self, survey_id: int) -> words.Survey:
        """A survey in sight. Raises ``NotFound`` for every other."""
        row = self._run(ONE.where(self._visible()), {"survey": survey_id}).one_or_none()
        if row is None:
            raise NotFound("survey", survey_id)
        return _survey(row)

    def to_change(self, survey_id: int) -> words.Survey:
        """A survey that the actor may change, send to a filter and close.

        Raises:
            NotFound: it is not in sight.
            NotAllowed: it is the company's or another team's.
        """
        survey = self.get(survey_id)
        if not self.may_change(survey):
            raise NotAllowed("survey")
        return survey

    def may_change(self, survey: words.Survey) -> bool:
        """Admins all; leads those of their tree, and their own."""
        if self._actor.role is not Role.LEAD:
            return self._actor.role is Role.ADMIN
        return survey.team_id in tree_of(self._uow, self._actor) or survey.created_by == self._actor.member_id

    def page(self, number: int = 0, *, states: frozenset[SurveyState] = frozenset(SurveyState)) -> Page[SurveyLine]:
        """Surveys in sight in one of ``states``: open ones first, then drafts, each the newest first."""
        wanted = (self._visible(), Survey.state.in_(sorted(states)))
        total: int = self._run(select(func.count()).select_from(Survey).where(*wanted)).scalar_one()
        rows = self._run(LINES.where(*wanted).order_by(_BY_STATE, Survey.id.desc()).limit(PAGE).offset(number * PAGE))
        return Page(tuple(_line(row) for row in rows), number, total)

    def triggered(self, trigger: Trigger) -> list[words.Survey]:
        """Open surveys that go out by themselves after something; for the program, whoever acts."""
        asked = select(*Survey.__table__.c).where(Survey.state == SurveyState.OPEN, Survey.trigger == trigger)
        return [_survey(row) for row in self._run(asked.order_by(Survey.id))]

    def concerns(self, survey: words.Survey, customer_id: int) -> bool:
        """Whether a customer is one of the survey's team, or of a team below it; the company's concerns all."""
        if survey.team_id is None:
            return True
        team = self._run(TEAM_OF_OWNER, {"customer": customer_id}).scalar_one_or_none()
        return team is not None and survey.team_id in set(self._run(ABOVE, {"team": team}).scalars())

    # Writing, in the open act ------------------------------------------------------------------------------------

    def add(self, name: str, definition: words.Definition, **values: Any) -> int:
        """Store a draft; ``values`` are other columns of ``survey``."""
        row: dict[str, Any] = {
            "name": name,
            "definition": to_json(definition),
            "anonymous": False,
            "trigger": Trigger.BY_HAND,
            "rule": {},
            "state": SurveyState.DRAFT,
            "created_by": self._actor.member_id,
            "created_at": self._uow.now,
        }
        return self._uow.journal.add(Survey, row | values)

    def change(self, survey_id: int, values: Mapping[str, Any], *, version: int | None = None) -> None:
        """Change columns of a survey; a ``definition`` may be given as it is."""
        row = dict(values)
        if isinstance(row.get("definition"), words.Definition):
            row["definition"] = to_json(row["definition"])
        self._uow.journal.change(Survey, survey_id, row, version=version)

    def remove(self, survey_id: int) -> None:
        """Drop a survey that nothing hangs on."""
        self._uow.journal.remove(Survey, survey_id)

    def home(self) -> int | None:
        """The team that the actor's new surveys belong to: a lead's own, or the first led one; ``None``: the company."""
        if self._actor.role is not Role.LEAD:
            return None
        return self._actor.team_id or min(tree_of(self._uow, self._actor), default=None)

    # Within ------------------------------------------------------------------------------------------------------

    def _visible(self) -> ColumnElement[bool]:
        actor = self._actor
        if actor.role is Role.ADMIN:
            return true()
        if not actor.is_staff:
            return exists().where(_I.survey_id == Survey.id, _I.person_id == actor.person_id)
        teams = tree_of(self._uow, actor) | frozenset(self._run(ABOVE, {"team": actor.team_id}).scalars())
        return or_(Survey.team_id.is_(None), Survey.team_id.in_(sorted(teams)), Survey.created_by == actor.member_id)


def _survey(row: Row[Any]) -> words.Survey:
    values = dict(row._mapping)
    return words.Survey(
        **values
        | {
            "definition": from_json(row.definition),
            "state": SurveyState(row.state),
            "trigger": Trigger(row.trigger),
        }
    )


def _line(row: Row[Any]) -> SurveyLine:
    questions = len(row.definition["questions"])
    return SurveyLine(row.id, row.name, SurveyState(row.state), row.anonymous, questions, row.sent, row.done)
