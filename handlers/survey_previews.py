"""Walking through a survey before anybody is asked. The answers live in the open dialog and nowhere else."""

from typing import Any

from domain.answers import answered, checked, open_question
from domain.errors import Changed, Invalid
from domain.people import STAFF
from domain.surveys import Question, Survey
from handlers.answers import SHARED, read_shared, value_of
from handlers.routing import Request, Route, Step
from views import survey_previews as view
from views.answers import not_understood, options_of
from views.replies import Reply
from views.survey_links import StartPreview


def start(req: Request) -> Reply:
    return _show(req, req.uow.surveys(req.actor).get(req.press(StartPreview).survey_id), {})


def pick(req: Request) -> Reply:
    press = req.press(view.TryPick)
    survey, asked = _asked(req, press.survey_id, press.question)
    return _take(req, survey, asked, value_of(asked, press.value))


def tick(req: Request) -> Reply:
    press = req.press(view.TryTick)
    survey, asked = _asked(req, press.survey_id, press.question)
    found = view.filling(survey, _given(req, survey), now=req.now)
    return view.question(req.t, found, asked.key, today=req.today, mask=press.mask)


def pick_many(req: Request) -> Reply:
    press = req.press(view.TryMany)
    survey, asked = _asked(req, press.survey_id, press.question)
    return _take(req, survey, asked, options_of(press.mask, asked.options))


def skip(req: Request) -> Reply:
    press = req.press(view.TrySkip)
    survey, asked = _asked(req, press.survey_id, press.question)
    return _take(req, survey, asked, None)


def open_one(req: Request) -> Reply:
    press = req.press(view.TryOpen)
    survey = req.uow.surveys(req.actor).get(press.survey_id)
    given = _given(req, survey)
    places = range(len(survey.definition.questions))
    key = survey.definition.questions[press.question].key if press.question in places else None
    return _show(req, survey, given, key=key if key in given else None)


def take_typed(req: Request) -> Reply:
    """A text, photo or place is the answer to the question that was shown."""
    survey = req.uow.surveys(req.actor).get(req.facts["survey"])
    given, key = req.facts["answers"], req.facts["question"]
    asked = next((one for one in survey.definition.questions if one.key == key), None)
    if asked is None:
        return _show(req, survey, {})
    try:
        value = checked(asked, read_shared(req, asked))
    except Invalid:
        found, hint = view.filling(survey, given, now=req.now), not_understood(req.t, asked)
        return view.question(req.t, found, key, today=req.today, hint=hint)
    return _show(req, survey, answered(survey.definition, given, key, value))


def _take(req: Request, survey: Survey, asked: Question, value: Any) -> Reply:
    given = answered(survey.definition, _given(req, survey), asked.key, checked(asked, value))
    return _show(req, survey, given)


def _show(req: Request, survey: Survey, given: dict[str, Any], *, key: str | None = None) -> Reply:
    key = key or open_question(survey.definition, given)
    if key is None:
        return view.end(req.t, survey)
    return view.question(req.t, view.filling(survey, given, now=req.now), key, today=req.today)


def _asked(req: Request, survey_id: int, number: int) -> tuple[Survey, Question]:
    """The question that a button names. Raises ``Changed`` where the draft has none such any more."""
    survey = req.uow.surveys(req.actor).get(survey_id)
    if number >= len(survey.definition.questions):
        raise Changed("survey", survey_id)
    return survey, survey.definition.questions[number]


def _given(req: Request, survey: Survey) -> dict[str, Any]:
    """The answers so far; none when something else was begun since."""
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    facts = dialog.facts if dialog is not None and dialog.step == view.STEP else {}
    given: dict[str, Any] = facts["answers"] if facts.get("survey") == survey.id else {}
    return {key: value for key, value in given.items() if any(one.key == key for one in survey.definition.questions)}


ROUTES = (
    Route(StartPreview, start, STAFF),
    Route(view.TryPick, pick, STAFF),
    Route(view.TryTick, tick, STAFF),
    Route(view.TryMany, pick_many, STAFF),
    Route(view.TrySkip, skip, STAFF),
    Route(view.TryOpen, open_one, STAFF),
    Route(Step(view.STEP, SHARED), take_typed, STAFF),
)
