"""Building a survey by buttons and short messages; every step is stored at once and can be undone."""

import re
from collections.abc import Callable

from actions import surveys as act
from domain import survey_builder as build
from domain.errors import Changed, Invalid
from domain.people import LEADS
from domain.survey_checks import WITH_OPTIONS, is_answer
from domain.surveys import END, Condition, Definition, Op, QuestionKind, Survey
from handlers.routing import Request, Route, Step
from parsing.survey_files import SIGNS, read_value
from views import survey_builder as view
from views import survey_rules as rules
from views.errors import refused
from views.replies import Reply
from views.survey_links import EditLanguages, OpenOne, ShowQuestions, back_to_question

_TYPED = re.compile(r"(<=|>=|=|!=|≤|≥|≠)?\s*(\S+)")


def _survey(req: Request, survey_id: int, *places: int) -> Survey:
    """A survey that the actor may change. Raises ``Changed`` where it has no such questions any more."""
    survey = req.uow.surveys(req.actor).to_change(survey_id)
    if any(not 0 <= place < len(survey.definition.questions) for place in places):
        raise Changed("survey", survey_id)
    return survey


def _write(
    req: Request, survey_id: int, change: Callable[[Definition], Definition], *, version: int | None = None
) -> tuple[Survey, int]:
    return act.edit(req.uow, req.actor, survey_id, change, version=version)


# Showing -----------------------------------------------------------------------------------------------------------


def show_questions(req: Request) -> Reply:
    press = req.press(ShowQuestions)
    return view.questions(req.t, _survey(req, press.survey_id), press.number)


def open_one(req: Request) -> Reply:
    press = req.press(OpenOne)
    return view.question(req.t, _survey(req, press.survey_id, press.place), press.place)


def choose_kind(req: Request) -> Reply:
    return view.choose_kind(req.t, _survey(req, req.press(view.ChooseKind).survey_id))


# Words -------------------------------------------------------------------------------------------------------------


def ask_question(req: Request) -> Reply:
    press = req.press(view.AddQuestion)
    survey = _survey(req, press.survey_id)
    facts = {"kind": str(press.kind)}
    return view.ask_texts(req.t, survey, view.STEP_QUESTION, facts, view.back_to_questions(req.t, survey))


def take_question(req: Request) -> Reply:
    """The words of a new question; one with options asks for those next."""
    survey = _survey(req, req.facts["survey"])
    texts, kind = _texts(req, survey), QuestionKind(req.facts["kind"])
    if texts is None:
        back = view.back_to_questions(req.t, survey)
        return view.ask_texts(req.t, survey, view.STEP_QUESTION, {"kind": str(kind)}, back, wrong=True)
    survey, act_id = _write(req, survey.id, lambda one: build.add_question(one, kind, texts))
    place = len(survey.definition.questions) - 1
    if kind in WITH_OPTIONS:
        back = back_to_question(req.t, survey, place)
        return view.ask_texts(req.t, survey, view.STEP_OPTIONS, {"place": place}, back)
    return view.done(req.t, view.question(req.t, survey, place), act_id)


def ask_texts(req: Request) -> Reply:
    press = req.press(view.EditTexts)
    survey = _survey(req, press.survey_id, press.place)
    back = back_to_question(req.t, survey, press.place)
    return view.ask_texts(req.t, survey, view.STEP_TEXTS, {"place": press.place}, back)


def take_texts(req: Request) -> Reply:
    place = req.facts["place"]
    survey = _survey(req, req.facts["survey"], place)
    texts = _texts(req, survey)
    if texts is None:
        back = back_to_question(req.t, survey, place)
        return view.ask_texts(req.t, survey, view.STEP_TEXTS, {"place": place}, back, wrong=True)
    survey, act_id = _write(req, survey.id, lambda one: build.set_texts(one, place, texts))
    return view.done(req.t, view.question(req.t, survey, place), act_id)


def ask_options(req: Request) -> Reply:
    press = req.press(view.EditOptions)
    survey = _survey(req, press.survey_id, press.place)
    back = back_to_question(req.t, survey, press.place)
    return view.ask_texts(req.t, survey, view.STEP_OPTIONS, {"place": press.place}, back)


def take_options(req: Request) -> Reply:
    place = req.facts["place"]
    survey = _survey(req, req.facts["survey"], place)
    locales = survey.definition.locales
    lines = [line.strip().lstrip("-–•").strip() for line in req.text.splitlines() if line.strip()]
    split = [[text.strip() for text in re.split(r"[|\uff5c]", line)] for line in lines]
    if not split or any(len(texts) != len(locales) for texts in split):
        back = back_to_question(req.t, survey, place)
        return view.ask_texts(req.t, survey, view.STEP_OPTIONS, {"place": place}, back, wrong=True)
    options = [dict(zip(locales, texts, strict=True)) for texts in split]
    survey, act_id = _write(req, survey.id, lambda one: build.set_options(one, place, options))
    return view.done(req.t, view.question(req.t, survey, place), act_id)


def ask_words(req: Request) -> Reply:
    press = req.press(view.EditWords)
    return view.ask_words(req.t, _survey(req, press.survey_id), press.part)


def take_words(req: Request) -> Reply:
    """The opening or closing words, or the name."""
    survey, part = _survey(req, req.facts["survey"]), view.Part(req.facts["part"])
    if part is view.Part.NAME:
        try:
            survey, act_id = act.rename(req.uow, req.actor, survey.id, req.text)
        except Invalid as wrong:
            screen = view.ask_words(req.t, survey, part)
            return Reply(f"{refused(req.t, wrong).text}\n{screen.text}", rows=screen.rows, ask=screen.ask)
        return view.done(req.t, view.questions(req.t, survey), act_id)
    texts = {} if req.text.strip() in ("-", "–", "—") else _texts(req, survey)
    if texts is None:
        return view.ask_words(req.t, survey, part, wrong=True)
    survey, act_id = _write(
        req, survey.id, lambda one: build.set_words(one, opening=part is view.Part.OPENING, texts=texts)
    )
    return view.done(req.t, view.questions(req.t, survey), act_id)


def _texts(req: Request, survey: Survey) -> dict[str, str] | None:
    """What was typed, by language: a line each; with a single language the lines are one text."""
    locales = survey.definition.locales
    lines = [line.strip() for line in req.text.splitlines() if line.strip()]
    if len(locales) == 1 and lines:
        return {locales[0]: "\n".join(lines)}
    return dict(zip(locales, lines, strict=True)) if len(lines) == len(locales) else None


# Presses -----------------------------------------------------------------------------------------------------------


def toggle_required(req: Request) -> Reply:
    press = req.press(view.ToggleRequired)
    _survey(req, press.survey_id, press.place)
    survey, act_id = _write(
        req, press.survey_id, lambda one: build.toggle_required(one, press.place), version=press.version
    )
    return view.done(req.t, view.question(req.t, survey, press.place), act_id)


def move(req: Request) -> Reply:
    press = req.press(view.MoveQuestion)
    _survey(req, press.survey_id, press.place, press.place + press.by)
    survey, act_id = _write(
        req, press.survey_id, lambda one: build.move(one, press.place, press.by), version=press.version
    )
    return view.done(req.t, view.question(req.t, survey, press.place + press.by), act_id)


def delete(req: Request) -> Reply:
    press = req.press(view.DeleteQuestion)
    survey, act_id = _write(req, press.survey_id, lambda one: build.delete(one, press.place), version=press.version)
    return view.done(req.t, view.questions(req.t, survey), act_id)


def show_languages(req: Request) -> Reply:
    return view.languages(req.t, _survey(req, req.press(EditLanguages).survey_id))


def toggle_language(req: Request) -> Reply:
    press = req.press(view.ToggleLanguage)
    survey, act_id = _write(
        req, press.survey_id, lambda one: build.toggle_language(one, str(press.language)), version=press.version
    )
    return view.done(req.t, view.languages(req.t, survey), act_id)


# Rules -------------------------------------------------------------------------------------------------------------


def pick_about(req: Request) -> Reply:
    press = req.press(rules.PickAbout)
    return rules.pick_about(req.t, _survey(req, press.survey_id, press.place), press.place, press.rule)


def pick_value(req: Request) -> Reply:
    press = req.press(rules.PickValue)
    survey = _survey(req, press.survey_id, press.place, press.about)
    return rules.pick_value(req.t, survey, press.place, press.rule, press.about)


def add_condition(req: Request) -> Reply:
    press = req.press(rules.AddCondition)
    survey = _survey(req, press.survey_id, press.place, press.about)
    about = survey.definition.questions[press.about]
    offered = build.choices(about)
    if press.choice >= len(offered):
        raise Changed("survey", survey.id)
    condition = Condition(about.key, *offered[press.choice])
    return _with_condition(req, survey, press.place, press.rule, condition, version=press.version)


def take_value(req: Request) -> Reply:
    """A typed number or day with its sign; without one it is ``=``."""
    facts = req.facts
    survey = _survey(req, facts["survey"], facts["place"], facts["about"])
    about = survey.definition.questions[facts["about"]]
    found = _TYPED.fullmatch(req.text.strip())
    value = read_value(about.kind, found[2]) if found else None
    if found is None or not is_answer(about, value):
        return rules.pick_value(req.t, survey, facts["place"], facts["rule"], facts["about"])
    condition = Condition(about.key, SIGNS[found[1]] if found[1] else Op.IS, value)
    return _with_condition(req, survey, facts["place"], facts["rule"], condition, version=None)


def _with_condition(
    req: Request, survey: Survey, place: int, rule: int | None, condition: Condition, *, version: int | None
) -> Reply:
    survey, act_id = _write(
        req, survey.id, lambda one: build.add_condition(one, place, rule, condition), version=version
    )
    number = rule if rule is not None else len(survey.definition.questions[place].skip) - 1
    return view.done(req.t, rules.rule(req.t, survey, place, number), act_id)


def show_rule(req: Request) -> Reply:
    press = req.press(rules.ShowRule)
    survey = _survey(req, press.survey_id, press.place)
    if press.rule >= len(survey.definition.questions[press.place].skip):
        raise Changed("survey", survey.id)
    return rules.rule(req.t, survey, press.place, press.rule)


def set_target(req: Request) -> Reply:
    press = req.press(rules.SetTarget)
    survey = _survey(req, press.survey_id, press.place, *([] if press.to is None else [press.to]))
    to = END if press.to is None else survey.definition.questions[press.to].key
    survey, act_id = _write(
        req, survey.id, lambda one: build.set_target(one, press.place, press.rule, to), version=press.version
    )
    return view.done(req.t, rules.rule(req.t, survey, press.place, press.rule), act_id)


def toggle_every(req: Request) -> Reply:
    press = req.press(rules.ToggleEvery)
    survey, act_id = _write(
        req, press.survey_id, lambda one: build.toggle_every(one, press.place, press.rule), version=press.version
    )
    return view.done(req.t, rules.rule(req.t, survey, press.place, press.rule), act_id)


def delete_rule(req: Request) -> Reply:
    press = req.press(rules.DeleteRule)
    survey, act_id = _write(
        req, press.survey_id, lambda one: build.delete_rule(one, press.place, press.rule), version=press.version
    )
    return view.done(req.t, view.question(req.t, survey, press.place), act_id)


ROUTES = (
    Route(ShowQuestions, show_questions, LEADS),
    Route(OpenOne, open_one, LEADS),
    Route(view.ChooseKind, choose_kind, LEADS),
    Route(view.AddQuestion, ask_question, LEADS),
    Route(Step(view.STEP_QUESTION), take_question, LEADS),
    Route(view.EditTexts, ask_texts, LEADS),
    Route(Step(view.STEP_TEXTS), take_texts, LEADS),
    Route(view.EditOptions, ask_options, LEADS),
    Route(Step(view.STEP_OPTIONS), take_options, LEADS),
    Route(view.EditWords, ask_words, LEADS),
    Route(Step(view.STEP_WORDS), take_words, LEADS),
    Route(view.ToggleRequired, toggle_required, LEADS, once=True),
    Route(view.MoveQuestion, move, LEADS, once=True),
    Route(view.DeleteQuestion, delete, LEADS, once=True),
    Route(EditLanguages, show_languages, LEADS),
    Route(view.ToggleLanguage, toggle_language, LEADS, once=True),
    Route(rules.PickAbout, pick_about, LEADS),
    Route(rules.PickValue, pick_value, LEADS),
    Route(rules.AddCondition, add_condition, LEADS, once=True),
    Route(Step(rules.STEP_VALUE), take_value, LEADS),
    Route(rules.ShowRule, show_rule, LEADS),
    Route(rules.SetTarget, set_target, LEADS, once=True),
    Route(rules.ToggleEvery, toggle_every, LEADS, once=True),
    Route(rules.DeleteRule, delete_rule, LEADS, once=True),
)
