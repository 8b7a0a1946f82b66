"""``/survey``: the surveys in sight, the card of one, new ones from a template, from nothing or from a file."""

import base64
import datetime as dt
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from actions import surveys as act
from domain.errors import Invalid
from domain.people import LEADS, STAFF, Actor
from domain.survey_checks import flaws
from domain.survey_files import LARGEST, SurveyFile
from domain.surveys import Definition, SurveyState, Trigger
from handlers.jobs import Failure, Job, Progress, Task
from handlers.routing import PASS, Command, Content, Request, Route, Step
from parsing.survey_files import looks_like_survey, read_survey, write_survey
from storage.uow import UnitOfWork
from views import survey_triggers as triggers
from views import surveys as view
from views.errors import refused
from views.language import Translator
from views.links import OpenSurvey
from views.replies import Reply
from views.survey_templates import Template, definition_of, template_name

READ = "read_survey"
SHOWN_TO_REPS = frozenset({SurveyState.OPEN})


# Showing -----------------------------------------------------------------------------------------------------------


def take_survey(req: Request) -> Reply:
    return _list(req, 0)


def turn_page(req: Request) -> Reply:
    return _list(req, req.press(view.SurveyPage).number)


def _list(req: Request, number: int) -> Reply:
    states = frozenset(SurveyState) if req.actor.is_lead else SHOWN_TO_REPS
    return view.surveys(req.t, req.uow.surveys(req.actor).page(number, states=states), actor=req.actor)


def open_card(req: Request) -> Reply:
    return card(req, req.press(OpenSurvey).survey_id)


def card(req: Request, survey_id: int) -> Reply:
    """A survey as it stands now."""
    return _card(req.uow, req.actor, req.t, survey_id)


def _card(uow: UnitOfWork, actor: Actor, t: Translator, survey_id: int) -> Reply:
    survey = uow.surveys(actor).get(survey_id)
    counts = uow.invitations(actor).counts(survey_id)
    found = flaws(survey.definition) if survey.state is SurveyState.DRAFT else ()
    return view.card(t, survey, counts, found, actor=actor, may_change=uow.surveys(actor).may_change(survey))


# Making ------------------------------------------------------------------------------------------------------------


def choose_template(req: Request) -> Reply:
    return view.choose_template(req.t)


def make_from_template(req: Request) -> Reply:
    """A draft in all languages. The one about closed cases follows every one of them by itself; any other, or after a
    visit, is one press more."""
    template = req.press(view.MakeSurvey).template
    name = template_name(req.t, template)
    trigger = Trigger.AFTER_CASE if template is Template.AFTER_CASE else Trigger.BY_HAND
    survey, act_id = act.make(req.uow, req.actor, name, definition_of(template), template=template, trigger=trigger)
    return view.done(req.t, card(req, survey.id), view.made(req.t), act_id)


def ask_name(req: Request) -> Reply:
    return view.ask_name(req.t)


def take_name(req: Request) -> Reply:
    try:
        locale = req.uow.organisation().locale
        survey, act_id = act.make(req.uow, req.actor, req.text, Definition((), (locale,)))
    except Invalid as wrong:
        return view.ask_name(req.t, wrong=refused(req.t, wrong).text)
    return view.done(req.t, card(req, survey.id), view.made(req.t), act_id)


def copy(req: Request) -> Reply:
    """A draft that asks the same: an open survey is not changed."""
    survey = req.uow.surveys(req.actor).get(req.press(view.CopySurvey).survey_id)
    made, act_id = act.make(
        req.uow, req.actor, survey.name, survey.definition, anonymous=survey.anonymous, template=survey.template
    )
    return view.done(req.t, card(req, made.id), view.copied(req.t), act_id)


# Files -------------------------------------------------------------------------------------------------------------


def ask_file(req: Request) -> Reply:
    return view.ask_file(req.t)


def take_file(req: Request) -> Reply:
    """A file that was sent, or the same pasted as a text."""
    media = req.incoming.media
    if media is None:
        if not looks_like_survey(req.text):
            return PASS
        return _filed(req.uow, req.actor, req.t, read_survey(req.text.encode()))
    if PurePath(media.name).suffix.lower() != ".txt":
        return PASS  # a list of customers, or what belongs to one
    if media.size is not None and media.size > LARGEST:
        return view.refused_file(req.t, read_survey(b"x" * (LARGEST + 1)).faults)
    req.uow.jobs.enqueue(READ, {"file_id": media.file_id}, person_id=req.actor.person_id)
    return view.reading(req.t)


def _filed(uow: UnitOfWork, actor: Actor, t: Translator, found: SurveyFile) -> Reply:
    if found.faults:
        return view.refused_file(t, found.faults)
    survey, act_id = act.make(uow, actor, found.name, found.definition, anonymous=found.anonymous)
    return view.done(t, _card(uow, actor, t, survey.id), view.made(t), act_id)


def read_file(task: Task) -> Iterator[str]:
    """The bytes of the file, as text that a batch can carry."""
    assert task.file is not None
    with task.file.open("rb") as file:
        yield base64.b64encode(file.read(LARGEST + 1)).decode()


def store_file(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], content: str, offset: int, now: dt.datetime
) -> Progress:
    """Store the survey as a draft, or say what is wrong in which line."""
    t = Translator.of(actor)
    return Progress(1, 1, _filed(uow, actor, t, read_survey(base64.b64decode(content))))


def fail_file(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    return failure.words


def export(req: Request) -> Reply:
    survey = req.uow.surveys(req.actor).get(req.press(view.ExportSurvey).survey_id)
    text = write_survey(survey.name, survey.definition, anonymous=survey.anonymous)
    return view.exported(req.t, survey, text.encode())


# Changing ----------------------------------------------------------------------------------------------------------


def set_open(req: Request) -> Reply:
    press = req.press(view.SetOpen)
    write = act.open_survey if press.on else act.close_survey
    survey, act_id = write(req.uow, req.actor, press.survey_id, version=press.version)
    return view.done(req.t, card(req, survey.id), view.opened(req.t, on=bool(press.on)), act_id)


def set_anonymous(req: Request) -> Reply:
    press = req.press(view.SetAnonymous)
    on = bool(press.on)
    survey, act_id = act.set_anonymous(req.uow, req.actor, press.survey_id, anonymous=on, version=press.version)
    return view.done(req.t, card(req, survey.id), view.hidden(req.t, on=on), act_id)


def delete(req: Request) -> Reply:
    press = req.press(view.DeleteSurvey)
    survey, act_id = act.delete_survey(req.uow, req.actor, press.survey_id, version=press.version)
    return view.deleted(req.t, survey, act_id)


def show_trigger(req: Request) -> Reply:
    return triggers.trigger(req.t, req.uow.surveys(req.actor).to_change(req.press(triggers.ShowTrigger).survey_id))


def turn_dial(req: Request) -> Reply:
    press = req.press(triggers.Turn)
    trigger, rule = triggers.turned(req.uow.surveys(req.actor).get(press.survey_id), press.dial, press.value)
    survey, act_id = act.set_trigger(req.uow, req.actor, press.survey_id, trigger, rule, version=press.version)
    return view.done(req.t, triggers.trigger(req.t, survey), view.saved(req.t), act_id)


ROUTES = (
    Route(Command("survey"), take_survey, STAFF),
    Route(view.SurveyPage, turn_page, STAFF),
    Route(OpenSurvey, open_card, STAFF),
    Route(view.NewSurvey, choose_template, LEADS),
    Route(view.MakeSurvey, make_from_template, LEADS, once=True),
    Route(view.MakeOwn, ask_name, LEADS),
    Route(Step(view.STEP_NAME), take_name, LEADS),
    Route(view.CopySurvey, copy, LEADS, once=True),
    Route(view.AskFile, ask_file, LEADS),
    Route(Step(view.STEP_FILE, frozenset({Content.TEXT, Content.DOCUMENT})), take_file, LEADS),
    Route(view.ExportSurvey, export, LEADS),
    Route(view.SetOpen, set_open, LEADS, once=True),
    Route(view.SetAnonymous, set_anonymous, LEADS, once=True),
    Route(view.DeleteSurvey, delete, LEADS, once=True),
    Route(triggers.ShowTrigger, show_trigger, LEADS),
    Route(triggers.Turn, turn_dial, LEADS, once=True),
)
JOBS = {READ: Job(read_file, store_file, view.title_of_reading, fail=fail_file, seconds=60)}
