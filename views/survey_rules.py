"""The rules between the questions of a survey: what leads where, in words and by buttons."""

from typing import Any

from domain.survey_builder import choices
from domain.survey_checks import WITH_OPTIONS
from domain.surveys import END, Condition, Definition, Op, Question, QuestionKind, SkipRule, Survey, said
from views.language import Translator
from views.replies import Ask, Button, Reply, clip, escape, fit, payload
from views.survey_links import back_to_question

STEP_VALUE = "survey_builder.value"


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
