"""What surveys brought, within the reader's scope: tallies for figures, free answers, cases by product and cause.

A rep reads answers of the own customers; of surveys about the visits only figures, since the answers are about the rep.
A lead reads those of the own tree. Anonymous answers belong to nobody: figures of all of them, from five on.
"""

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Text, and_, bindparam, case, cast, false, func, or_, select, true

from domain.answers import about_visit, open_question
from domain.customers import Page
from domain.people import Actor, Role
from domain.survey_results import CAUSES, COUNTED, FEWEST, PHOTOS, TEXTS, CauseLine, Funnel, Given, Round, Sight, Tally
from domain.survey_sending import Invitation
from domain.surveys import EnteredBy, InvitationState, QuestionKind, Survey
from storage.models import Case, Customer, Member, SurveyInvitation, SurveyResponse, Team
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_R, _I = SurveyResponse, SurveyInvitation
MOST_DROPPED = 5000  # unfinished responses that are walked through; more would say the same
LATELY = dt.timedelta(days=365)  # of cases by product and cause
_STAFF = _R.entered_by.in_([EnteredBy.PHONE, EnteredBy.FACE])
_OPENED = or_(_I.opened_at.is_not(None), _I.state.in_([InvitationState.OPENED, InvitationState.DONE]))
NAMES = (
    select(Member.id, Member.name, Team.name.label("team"))
    .outerjoin(Team, Team.id == Member.team_id)
    .where(Member.id.in_(bindparam("members", expanding=True)))
)


class SurveyResults:
    """Results of surveys in sight."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
        self._steps: dict[int, list[int]] = {}

    def sight(self, survey_id: int) -> Sight:
        """A survey in sight, and how much of its answers. Raises ``NotFound`` for every other."""
        survey = self._uow.surveys(self._actor).get(survey_id)
        apart = self._actor.role is Role.REP and about_visit(survey)
        return Sight(survey, aggregate=survey.anonymous or apart, words=not apart)

    def funnel(self, survey: Survey) -> Funnel:
        """How many were asked, looked, answered, and where the others stopped."""
        asked = (
            select(
                func.count(_I.sent_at),
                func.coalesce(func.sum(case((_OPENED, 1), else_=0)), 0),
                func.coalesce(func.sum(case((_I.state == InvitationState.DONE, 1), else_=0)), 0),
            )
            .join(Customer, Customer.id == _I.customer_id)
            .where(_I.survey_id == survey.id, true() if survey.anonymous else self._scope().readable())
        )
        sent, opened, answered = self._run(asked).one()
        whole = select(func.count(), func.coalesce(func.sum(case((_STAFF, 1), else_=0)), 0)).select_from(_R)
        responses, entered = self._run(
            whole.outerjoin(Customer, Customer.id == _R.customer_id).where(*self._whole(survey))
        ).one()
        return Funnel(sent, opened, answered, responses, entered, self._dropped(survey))

    def tallies(
        self, survey: Survey, *, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> list[Tally]:
        """How often each answer was given, by round and rep; times are of named responses only."""
        each = _each(self._uow.connection.dialect.name)
        value = each.c.value if self._uow.connection.dialect.name == "sqlite" else cast(each.c.value, Text)
        columns = (_R.wave_id, _R.month, _R.member_id, each.c.key, value.label("value"))
        keys = {one.key: one.kind for one in survey.definition.questions}
        long = [key for key, kind in keys.items() if kind not in COUNTED]
        rows = self._run(
            select(*columns, func.count())
            .select_from(_R)
            .join(each, true())
            .outerjoin(Customer, Customer.id == _R.customer_id)
            .where(*self._whole(survey), each.c.key.not_in(long))
            .where(true() if since is None else _R.at >= since, true() if until is None else _R.at < until)
            .group_by(*columns)
        )
        found = [_tally(row, keys) for row in rows if row.key in keys]
        return found + [one for key in long for one in self._long(survey, key)]

    def given(
        self, survey: Survey, *wanted: ColumnElement[bool], most: int | None = None, offset: int = 0
    ) -> list[Given]:
        """Complete responses, the newest first; anonymous ones by their drawn ids, which is no order at all."""
        order = (_R.id,) if survey.anonymous else (_R.at.desc(), _R.id)
        columns = (_R.answers, Customer.name.label("customer"), Member.name.label("member"))
        rows = self._run(
            select(*columns, _R.at, _R.month, _R.entered_by)
            .select_from(_R)
            .outerjoin(Customer, Customer.id == _R.customer_id)
            .outerjoin(Member, Member.id == _R.member_id)
            .where(*self._whole(survey), *wanted)
            .order_by(*order)
            .limit(most)
            .offset(offset)
        )
        return [
            Given(row.answers, row.customer, row.member, row.at, row.month, EnteredBy(row.entered_by)) for row in rows
        ]

    def texts(self, survey: Survey, number: int) -> Page[Given]:
        """A page of responses in which something was written in own words."""
        keys = [one.key for one in survey.definition.questions if one.kind is QuestionKind.TEXT]
        written = or_(*(_R.answers[key].as_string().is_not(None) for key in keys)) if keys else false()
        return Page(
            tuple(self.given(survey, written, most=TEXTS, offset=number * TEXTS)), number, self.count(survey, written)
        )

    def photos(self, survey: Survey, number: int) -> Page[Given]:
        """A page of responses in which a photo was sent."""
        keys = [one.key for one in survey.definition.questions if one.kind is QuestionKind.PHOTO]
        sent = or_(*(_R.answers[key].as_string().is_not(None) for key in keys)) if keys else false()
        page = tuple(self.given(survey, sent, most=PHOTOS, offset=number * PHOTOS))
        return Page(page, number, self.count(survey, sent))

    def of_invitation(self, one: Invitation) -> Given | None:
        """What a readable invitation was answered with, where that may be read: never of an anonymous survey."""
        sight = self.sight(one.survey_id)
        if one.response_id is None or sight.aggregate or not sight.words:
            return None
        return next(iter(self.given(sight.survey, _R.id == one.response_id, most=1)), None)

    def count(self, survey: Survey, *wanted: ColumnElement[bool]) -> int:
        """How many complete responses are in sight."""
        counted = select(func.count()).select_from(_R).outerjoin(Customer, Customer.id == _R.customer_id)
        found: int = self._run(counted.where(*self._whole(survey), *wanted)).scalar_one()
        return found

    def names(self, members: set[int]) -> dict[int, tuple[str, str | None]]:
        """Names of members and of their teams."""
        rows = self._run(NAMES, {"members": sorted(members)})
        return {row.id: (row.name, row.team) for row in rows}

    def causes(self, *, number: int = 0) -> Page[CauseLine]:
        """Cases in sight of the last year that have a product or a cause, the most frequent first."""
        wanted = (
            self._uow.cases(self._actor).readable(),
            or_(Case.product.is_not(None), Case.cause.is_not(None)),
            Case.opened_at >= self._uow.now - LATELY,
        )
        grouped = (
            select(Case.product, Case.cause, func.count().label("n"), func.max(Case.ended_at).label("ended_at"))
            .join(Customer, Customer.id == Case.customer_id)
            .where(*wanted)
            .group_by(Case.product, Case.cause)
        )
        total: int = self._run(select(func.count()).select_from(grouped.subquery())).scalar_one()
        ordered = grouped.order_by(func.count().desc(), Case.product, Case.cause).limit(CAUSES).offset(number * CAUSES)
        lines = [
            CauseLine(row.product, row.cause, row.n, self._lesson(row, wanted), row.ended_at)
            for row in self._run(ordered)
        ]
        return Page(tuple(lines), number, total)

    # Within ------------------------------------------------------------------------------------------------------

    def _scope(self) -> Any:
        return scope_of(self._uow, self._actor)

    def _whole(self, survey: Survey) -> tuple[ColumnElement[bool], ...]:
        """Complete responses in sight. What was erased keeps its rep, so that figures stay.

        Where only figures may be seen, they change by ``FEWEST`` answers at a time: the difference of two would be one.
        """
        complete = (_R.survey_id == survey.id, _R.complete.is_(True), self._theirs(survey))
        if survey.anonymous:
            return (*complete, _R.released.is_(True))
        if self.sight(survey.id).aggregate:
            return (*complete, _R.id.in_(self._in_steps(survey.id, complete)))
        return complete

    def _in_steps(self, survey_id: int, complete: tuple[ColumnElement[bool], ...]) -> list[int]:
        """The oldest of these responses, as many as make whole steps."""
        if survey_id not in self._steps:
            chosen = select(_R.id).outerjoin(Customer, Customer.id == _R.customer_id).where(*complete)
            keys = list(self._run(chosen.order_by(_R.at, _R.id)).scalars())
            self._steps[survey_id] = keys[: len(keys) // FEWEST * FEWEST]
        return self._steps[survey_id]

    def _theirs(self, survey: Survey) -> ColumnElement[bool]:
        scope = self._scope()
        if survey.anonymous or scope.everything:
            return true()
        erased = and_(_R.customer_id.is_(None), _R.member_id.in_(sorted(scope.members)))
        return or_(scope.readable(), erased)

    def _dropped(self, survey: Survey) -> dict[str, int]:
        rows = self._run(
            select(_R.answers)
            .outerjoin(Customer, Customer.id == _R.customer_id)
            .where(_R.survey_id == survey.id, _R.complete.is_(False), ~_STAFF, self._theirs(survey))
            .limit(MOST_DROPPED)
        ).scalars()
        stopped = Counter(open_question(survey.definition, answers) for answers in rows)
        step = FEWEST if self.sight(survey.id).aggregate else 1  # where one stops may follow from what one answered
        return {key: count // step * step for key, count in stopped.items() if key is not None and count >= step}

    def _long(self, survey: Survey, key: str) -> list[Tally]:
        """Free answers are counted, not compared."""
        answer = _R.answers[key].as_string()
        given = case((answer.is_not(None), 1), else_=0)
        rows = self._run(
            select(given, func.count())
            .select_from(_R)
            .outerjoin(Customer, Customer.id == _R.customer_id)
            .where(*self._whole(survey))
            .group_by(given)
        )
        return [Tally(Round(dt.date.min), None, key, "" if has else None, n) for has, n in rows]

    def _lesson(self, row: Row[Any], wanted: tuple[ColumnElement[bool], ...]) -> str | None:
        alike = (Case.product.is_not_distinct_from(row.product), Case.cause.is_not_distinct_from(row.cause))
        newest = (
            select(Case.lesson)
            .join(Customer, Customer.id == Case.customer_id)
            .where(*wanted, *alike, Case.lesson.is_not(None))
            .order_by(Case.id.desc())
            .limit(1)
        )
        found: str | None = self._run(newest).scalar()
        return found


def hidden(sight: Sight, count: int) -> bool:
    """Whether so few answered that figures would tell on somebody."""
    return sight.aggregate and count < FEWEST


def _each(dialect: str) -> Any:
    """The answers of a response as rows."""
    rows = func.json_each(_R.answers).table_valued("key", "value", name="each")
    return rows if dialect == "sqlite" else rows.render_derived()


def _tally(row: Row[Any], kinds: dict[str, QuestionKind]) -> Tally:
    return Tally(Round(row.month, row.wave_id), row.member_id, row.key, _value(row.value, kinds[row.key]), row[-1])


def _value(stored: Any, kind: QuestionKind) -> Any:
    """What the two databases give of JSON: SQLite values of its own, PostgreSQL its text."""
    if stored is None or stored == "null":
        return None
    match kind:
        case QuestionKind.YES_NO:
            return stored in (1, "true")
        case QuestionKind.MULTIPLE:
            return json.loads(stored)
        case QuestionKind.SINGLE:
            return json.loads(stored) if stored.startswith('"') else stored
        case _:
            return json.loads(stored) if isinstance(stored, str) else stored
