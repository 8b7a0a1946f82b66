"""Building a survey by buttons: its questions, their texts and options, the rules between them, its languages."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from domain.survey_builder import choices
from domain.survey_checks import MOST_QUESTIONS, WITH_OPTIONS
from domain.surveys import END, Condition, Definition, Op, Question, QuestionKind, SkipRule, Survey, said
from views.field_names import labelled
from views.history import undo_button
from views.language import LOCALES, NAMES, Translator
from views.pages import turn
from views.replies import Ask, Button, Reply, Style, capital, clip, escape, fit, payload
from views.survey_checks import question_kind_name
from views.survey_links import ShowQuestions
from views.surveys import to_survey

STEP_QUESTION, STEP_TEXTS, STEP_OPTIONS = "survey_builder.question", "survey_builder.texts", "survey_builder.options"
STEP_WORDS, STEP_VALUE = "survey_builder.words", "survey_builder.value"
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


@payload("go1")
class OpenOne:
    """One question, by its place."""

    survey_id: int
    place: int


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


@payload("gr1")
class ShowRule:
    """One rule of a question."""

    survey_id: int
    place: int
    rule: int


@payload("gn1")
class PickAbout:
    """A new rule (``rule`` None) or one more condition: about which question?"""

    survey_id: int
    place: int
    rule: int | None


@payload("gi1")
class PickValue:
    """… and which answer to it?"""

    survey_id: int
    place: int
    rule: int | None
    about: int


@payload("gc1")
class AddCondition:
    """``choice``: the place among ``domain.survey_builder.choices``."""

    survey_id: int
    place: int
    rule: int | None
    about: int
    choice: int
    version: int


@payload("gz1")
class SetTarget:
    """Where a rule leads: a question's place, or ``None`` for the end."""

    survey_id: int
    place: int
    rule: int
    to: int | None
    version: int


@payload("gy1")
class ToggleEvery:
    survey_id: int
    place: int
    rule: int
    version: int


@payload("gb1")
class DeleteRule:
    survey_id: int
    place: int
    rule: int
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


def back_to_question(t: Translator, survey: Survey, place: int) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenOne(survey.id, place))


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


# Rules -------------------------------------------------------------------------------------------------------------


def rule_words(t: Translator, definition: Definition, asked: Question, rule: SkipRule) -> str:
    """``if 1 ≤ 2 and 2 = yes: to 4``, questions by their number; escaped."""
    numbers = {one.key: i for i, one in enumerate(definition.questions, 1)}
    join = t.gettext(" and ") if rule.every else t.gettext(" or ")
    when = join.join(
        t.gettext("question {n} {answer}").format(
            n=numbers.get(c.question, "?"), answer=condition_words(t, definition, c)
        )
        for c in rule.when
    )
    if rule.to == END:
        return t.gettext("if {when}: to the end").format(when=when)
    return t.gettext("if {when}: to question {n}").format(when=when, n=numbers.get(rule.to, "?"))


def condition_words(t: Translator, definition: Definition, condition: Condition) -> str:
    asked = next((one for one in definition.questions if one.key == condition.question), None)
    return _answer(t, asked, condition.op, condition.value)


def _answer(t: Translator, asked: Question | None, op: Op, value: Any) -> str:
    if op is Op.SKIPPED:
        return t.gettext("skipped")
    if isinstance(value, bool):
        word = t.gettext("Yes") if value else t.gettext("No")
    else:
        options = {option.key: said(option.texts, t.locale) for option in asked.options} if asked else {}
        word = clip(options.get(value, f"{value:g}" if isinstance(value, float) else str(value)), 24)
    signs = {Op.IS: "=", Op.IS_NOT: "≠", Op.AT_MOST: "≤", Op.AT_LEAST: "≥", Op.INCLUDES: "∋"}
    return f"{signs[op]} {escape(word)}"


def pick_about(t: Translator, survey: Survey, place: int, rule: int | None) -> Reply:
    """Which question a condition is about: this one, or one before it."""
    asked = survey.definition.questions[: place + 1]
    rows = [
        [Button(fit(f"{i + 1}. {said(one.texts, t.locale)}"), PickValue(survey.id, place, rule, i))]
        for i, one in reversed(list(enumerate(asked)))
    ]
    return Reply(t.gettext("When which question is answered how?"), rows=[*rows, [back_to_question(t, survey, place)]])


def pick_value(t: Translator, survey: Survey, place: int, rule: int | None, about: int) -> Reply:
    """Which answer; numbers and days are typed with their sign."""
    asked = survey.definition.questions[about]
    buttons = [
        Button(
            fit(_plain(_answer(t, asked, op, value))), AddCondition(survey.id, place, rule, about, i, survey.version)
        )
        for i, (op, value) in enumerate(choices(asked))
    ]
    wide = 1 if asked.kind in WITH_OPTIONS else 3
    rows = [buttons[i : i + wide] for i in range(0, len(buttons), wide)]
    text = t.gettext("Which answer to “{question}”?").format(question=escape(clip(said(asked.texts, t.locale), 80)))
    ask = None
    if asked.kind in (QuestionKind.NUMBER, QuestionKind.DATE):
        text += "\n" + t.gettext("Type it with its sign: <code>&gt;= 100</code>, <code>&lt;= 2026-12-31</code>")
        ask = Ask(STEP_VALUE, {"survey": survey.id, "place": place, "rule": rule, "about": about})
    return Reply(text, rows=[*rows, [back_to_question(t, survey, place)]], ask=ask)


def _plain(words: str) -> str:
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rule(t: Translator, survey: Survey, place: int, number: int) -> Reply:
    """One rule: its conditions, and where it leads."""
    asked = survey.definition.questions[place]
    one = asked.skip[number]
    ahead = list(enumerate(survey.definition.questions))[place + 1 :]
    targets = [
        Button(
            ("✓ " if one.to == later.key else "") + str(i + 1), SetTarget(survey.id, place, number, i, survey.version)
        )
        for i, later in ahead
    ]
    end = t.pgettext("survey", "End")
    targets.append(
        Button(("✓ " if one.to == END else "") + end, SetTarget(survey.id, place, number, None, survey.version))
    )
    join = t.gettext("Any instead of all") if one.every else t.gettext("All instead of any")
    edits = [Button(t.gettext("➕ Condition"), PickAbout(survey.id, place, number))]
    if len(one.when) > 1:
        edits.append(Button(join, ToggleEvery(survey.id, place, number, survey.version)))
    edits.append(Button("🗑", DeleteRule(survey.id, place, number, survey.version)))
    lines = [f"↪︎ {rule_words(t, survey.definition, asked, one)}", t.gettext("Where does it lead?")]
    rows = [targets[i : i + 7] for i in range(0, len(targets), 7)]
    return Reply("\n".join(lines), rows=[*rows, edits, [back_to_question(t, survey, place)]])


def done(t: Translator, screen: Reply, act_id: int) -> Reply:
    """A screen after a change, with Undo beneath."""
    return replace(screen, rows=[*screen.rows, [undo_button(t, act_id)]])
