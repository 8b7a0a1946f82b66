"""Building a survey by buttons: its questions, their texts and options, its languages."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from domain.survey_checks import MOST_QUESTIONS, WITH_OPTIONS
from domain.surveys import Question, QuestionKind, Survey, said
from views.field_names import labelled
from views.history import undo_button
from views.language import LOCALES, NAMES, Translator
from views.pages import turn
from views.replies import Ask, Button, Reply, Style, capital, clip, escape, payload
from views.survey_checks import question_kind_name
from views.survey_links import OpenOne, ShowQuestions, to_survey
from views.survey_rules import PickAbout, ShowRule, rule_words

STEP_QUESTION, STEP_TEXTS, STEP_OPTIONS = "survey_builder.question", "survey_builder.texts", "survey_builder.options"
STEP_WORDS = "survey_builder.words"
PAGE = 7  # questions on one screen


class Language(StrEnum):
    """A language as a button carries it."""

    HANS = "zh_Hans"
    HANT = "zh_Hant"
    ENGLISH = "en"


class Part(StrEnum):
    """Words that are no question."""

    OPENING = "opening"
    CLOSING = "closing"
    NAME = "name"


@payload("gk1")
class ChooseKind:
    survey_id: int


@payload("ga1")
class AddQuestion:
    survey_id: int
    kind: QuestionKind


@payload("gt1")
class EditTexts:
    survey_id: int
    place: int


@payload("gp1")
class EditOptions:
    survey_id: int
    place: int


@payload("gx1")
class EditWords:
    survey_id: int
    part: Part


@payload("ge1")
class ToggleRequired:
    survey_id: int
    place: int
    version: int


@payload("gm1")
class MoveQuestion:
    """One place down (``by`` 1) or up (-1)."""

    survey_id: int
    place: int
    by: int
    version: int


@payload("gd1")
class DeleteQuestion:
    survey_id: int
    place: int
    version: int


@payload("gg1")
class ToggleLanguage:
    survey_id: int
    language: Language
    version: int


# All questions -----------------------------------------------------------------------------------------------------


def questions(t: Translator, survey: Survey, number: int = 0) -> Reply:
    """The questions in their order, each a button, and the words around them."""
    asked = survey.definition.questions
    last = max(0, -(-len(asked) // PAGE) - 1)
    number = min(number, last)
    shown = list(enumerate(asked))[number * PAGE : (number + 1) * PAGE]
    lines = [f"✏️ <b>{escape(survey.name)}</b>", *(_line(t, place, one) for place, one in shown)]
    if not asked:
        lines.append(t.gettext("Nothing is asked yet: add the first question."))
    rows = [[Button(str(place + 1), OpenOne(survey.id, place)) for place, _ in shown]] if shown else []
    rows += turn(t, number, last, lambda page: ShowQuestions(survey.id, page))
    if len(asked) < MOST_QUESTIONS:
        rows.append([Button(t.gettext("➕ Question"), ChooseKind(survey.id), style=Style.PRIMARY)])
    words = {
        Part.OPENING: t.gettext("Opening words"),
        Part.CLOSING: t.gettext("Closing words"),
        Part.NAME: t.gettext("Name"),
    }
    rows.append([Button(label, EditWords(survey.id, part)) for part, label in words.items()])
    return Reply("\n".join(lines), rows=[*rows, [to_survey(t, survey.id)]])


def _line(t: Translator, place: int, one: Question) -> str:
    marks = ("*" if one.required else "") + (" ↪︎" if one.skip else "")
    return f"{place + 1}. {escape(clip(said(one.texts, t.locale), 48))} · {question_kind_name(t, one.kind)}{marks}"


def choose_kind(t: Translator, survey: Survey) -> Reply:
    buttons = [Button(capital(question_kind_name(t, kind)), AddQuestion(survey.id, kind)) for kind in QuestionKind]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply(t.gettext("What kind of answer?"), rows=[*rows, [_to_questions(t, survey)]])


def _to_questions(t: Translator, survey: Survey) -> Button:
    return Button("‹ " + t.gettext("Questions"), ShowQuestions(survey.id, 0))


# One question ------------------------------------------------------------------------------------------------------


def question(t: Translator, survey: Survey, place: int) -> Reply:
    """One question in all languages, with everything that can be changed about it."""
    one = survey.definition.questions[place]
    kind = capital(question_kind_name(t, one.kind))
    need = t.gettext("must be answered") if one.required else t.gettext("may be skipped")
    lines = [f"<b>{place + 1}</b> · {kind} · {need}"]
    lines += [_text(t, survey, one, locale) for locale in survey.definition.locales]
    if one.options:
        lines.append("☰ " + escape(clip(" · ".join(said(option.texts, t.locale) for option in one.options), 300)))
    lines += [f"↪︎ {rule_words(t, survey.definition, one, rule)}" for rule in one.skip]
    edits = [Button(t.gettext("✏️ Text"), EditTexts(survey.id, place))]
    if one.kind in WITH_OPTIONS:
        edits.append(Button(t.gettext("☰ Options"), EditOptions(survey.id, place)))
    label = t.gettext("May be skipped") if one.required else t.gettext("Must be answered")
    edits.append(Button(label, ToggleRequired(survey.id, place, survey.version)))
    rules = [
        Button(t.gettext("↪︎ Rule {n}").format(n=i), ShowRule(survey.id, place, i - 1))
        for i in range(1, len(one.skip) + 1)
    ]
    rules.append(Button(t.gettext("➕ Rule"), PickAbout(survey.id, place, None)))
    moves = [Button("🗑", DeleteQuestion(survey.id, place, survey.version))]
    if place > 0:
        moves.append(Button("⬆️", MoveQuestion(survey.id, place, -1, survey.version)))
    if place < len(survey.definition.questions) - 1:
        moves.append(Button("⬇️", MoveQuestion(survey.id, place, 1, survey.version)))
    return Reply("\n".join(lines), rows=[edits, rules, moves, [_to_questions(t, survey)]])


def _text(t: Translator, survey: Survey, one: Question, locale: str) -> str:
    """The words in one language, with its name where there are several."""
    words = clip(one.texts.get(locale) or "—", 150)
    return labelled(t, NAMES[locale], words) if len(survey.definition.locales) > 1 else escape(words)


def ask_texts(
    t: Translator, survey: Survey, step: str, facts: dict[str, Any], back: Button, *, wrong: bool = False
) -> Reply:
    """The words in every language, a line each, in one message."""
    locales = survey.definition.locales
    match step:
        case _ if step == STEP_OPTIONS and len(locales) > 1:
            text = t.gettext("Send the options, one per line, each in all languages with | between: {languages}")
        case _ if step == STEP_OPTIONS:
            text = t.gettext("Send the options, one per line.")
        case _ if len(locales) > 1:
            text = t.gettext("Send the text in all languages, one line each, in this order: {languages}")
        case _:
            text = t.gettext("Send the text.")
    text = text.format(languages=t.list([NAMES[locale] for locale in locales]))
    if wrong:
        text = t.gettext("That does not fit the number of languages.") + "\n" + text
    return Reply(text, rows=[[back]], ask=Ask(step, {"survey": survey.id, **facts}))


def back_to_questions(t: Translator, survey: Survey) -> Button:
    return _to_questions(t, survey)


def ask_words(t: Translator, survey: Survey, part: Part, *, wrong: bool = False) -> Reply:
    """Opening or closing words (``-`` for none), or the name."""
    facts = {"part": str(part)}
    if part is Part.NAME:
        text = t.gettext("What is the survey called? Customers do not see the name.")
        return Reply(text, rows=[[_to_questions(t, survey)]], ask=Ask(STEP_WORDS, {"survey": survey.id, **facts}))
    reply = ask_texts(t, survey, STEP_WORDS, facts, _to_questions(t, survey), wrong=wrong)
    texts = survey.definition.opening if part is Part.OPENING else survey.definition.closing
    now = escape(clip(said(texts, t.locale), 200)) or "—"
    lines = [t.gettext("So far: {text}").format(text=now), reply.text, t.gettext("A single - means none.")]
    return replace(reply, text="\n".join(lines))


def languages(t: Translator, survey: Survey) -> Reply:
    """In which languages it can be answered; each needs all texts."""
    chosen = survey.definition.locales
    rows = [
        [
            Button(
                ("✓ " if locale in chosen else "") + NAMES[locale],
                ToggleLanguage(survey.id, Language(locale), survey.version),
            )
        ]
        for locale in LOCALES
    ]
    text = t.gettext("In which languages? A customer gets the own one; every language needs all texts.")
    return Reply(text, rows=[*rows, [to_survey(t, survey.id)]])


def done(t: Translator, screen: Reply, act_id: int) -> Reply:
    """A screen after a change, with Undo beneath."""
    return replace(screen, rows=[*screen.rows, [undo_button(t, act_id)]])
