"""Buttons that lead from the card of a survey to its other screens: declared apart, since those lead back to it."""

from domain.customers import Grade, Stage
from domain.survey_sending import Audience
from domain.surveys import Survey
from views.language import Translator
from views.links import OpenSurvey
from views.replies import Button, payload


@payload("gq1")
class ShowQuestions:
    """The questions of a survey, page by page."""

    survey_id: int
    number: int


@payload("go1")
class OpenOne:
    """One question, by its place."""

    survey_id: int
    place: int


@payload("gl1")
class EditLanguages:
    survey_id: int


@payload("gw1")
class StartPreview:
    """Walk through a survey as its customers will."""

    survey_id: int


@payload("wc1")
class PickCustomer:
    """To which one customer a survey is sent."""

    survey_id: int
    number: int


@payload("wa1")
class ShowAudience:
    """Whom a survey would go to: an ``Audience`` that a button can carry.

    ``stage`` is the place of one; ``who`` an owner or, below zero, a team.
    """

    survey_id: int
    grade: Grade | None = None
    stage: int | None = None
    who: int | None = None
    tag_id: int | None = None
    city_id: int | None = None


def audience_of(press: ShowAudience) -> Audience:
    """What such a button names."""
    stage = None if press.stage is None else list(Stage)[press.stage]
    owner_id = press.who if press.who is not None and press.who > 0 else None
    team_id = -press.who if press.who is not None and press.who < 0 else None
    return Audience(press.grade, stage, owner_id, team_id, press.tag_id, press.city_id)


def carried(survey_id: int, one: Audience) -> ShowAudience:
    """The button of an audience."""
    stage = None if one.stage is None else list(Stage).index(one.stage)
    who = -one.team_id if one.team_id is not None else one.owner_id
    return ShowAudience(survey_id, one.grade, stage, who, one.tag_id, one.city_id)


def to_survey(t: Translator, survey_id: int) -> Button:
    """To the card of one."""
    return Button("‹ " + t.gettext("Survey"), OpenSurvey(survey_id))


def back_to_question(t: Translator, survey: Survey, place: int) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenOne(survey.id, place))
