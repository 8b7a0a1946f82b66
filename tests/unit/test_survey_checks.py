"""Surveys that would confuse who answers them are refused before anybody is asked."""

import time
from dataclasses import replace
from typing import Any

import pytest

from domain.survey_checks import MOST_OPTIONS, MOST_QUESTIONS, Flaw, FlawKind, flaws, is_answer
from domain.surveys import END, Condition, Definition, Op, Option, Question, QuestionKind, SkipRule

K = QuestionKind


def question(key: str, kind: K = K.RATING, *skip: SkipRule, required: bool = False, options: str = "") -> Question:
    made = tuple(Option(one, {"en": one}) for one in options.split())
    return Question(key, kind, {"en": f"{key}?"}, made, required, skip)


def rule(to: str, *when: tuple[str, Op, Any], every: bool = True) -> SkipRule:
    return SkipRule(tuple(Condition(*one) for one in when), to, every)


def survey(*questions: Question) -> Definition:
    return Definition(questions, ("en",))


def found(*questions: Question) -> set[tuple[FlawKind, str | None]]:
    return {(flaw.kind, flaw.question) for flaw in flaws(survey(*questions))}


def test_a_sound_survey_with_rules_has_no_flaws() -> None:
    low = rule("why", ("score", Op.AT_MOST, 2))
    happy = rule(END, ("score", Op.AT_LEAST, 4), ("again", Op.IS, True))
    assert not found(question("score", K.RATING, low), question("again", K.YES_NO, happy), question("why", K.TEXT))


@pytest.mark.parametrize(
    ("skip", "kind"),
    [
        (rule("a", ("b", Op.AT_MOST, 2)), FlawKind.LOOP),
        (rule("b", ("b", Op.AT_MOST, 2)), FlawKind.LOOP),
        (rule("z", ("b", Op.AT_MOST, 2)), FlawKind.NO_TARGET),
        (rule(END), FlawKind.EMPTY_RULE),
        (rule(END, ("z", Op.AT_MOST, 2)), FlawKind.NO_SUCH_QUESTION),
        (rule(END, ("c", Op.SKIPPED, None)), FlawKind.NOT_YET_ASKED),
        (rule(END, ("b", Op.INCLUDES, 2)), FlawKind.WRONG_COMPARISON),
        (rule(END, ("b", Op.IS, 6)), FlawKind.WRONG_VALUE),
        (rule(END, ("b", Op.IS, "3")), FlawKind.WRONG_VALUE),
        (rule(END, ("b", Op.IS, True)), FlawKind.WRONG_VALUE),
        (rule(END, ("b", Op.IS, 1), ("b", Op.IS, 2)), FlawKind.NEVER_HOLDS),
        (rule(END, ("a", Op.IS_NOT, "x")), FlawKind.WRONG_VALUE),
    ],
)
def test_a_rule_that_makes_no_sense_is_named(skip: SkipRule, kind: FlawKind) -> None:
    asked = (question("a", K.SINGLE, options="x1 x2"), question("b", K.RATING, skip), question("c", K.TEXT))
    assert (kind, "b") in found(*asked)


def test_a_question_that_no_answer_leads_to_is_named() -> None:
    always = rule("c", ("a", Op.AT_LEAST, 3), ("a", Op.AT_MOST, 2), every=False)
    assert (FlawKind.UNREACHABLE, "b") in found(
        question("a", K.RATING, always, required=True), question("b"), question("c")
    )
    assert not found(question("a", K.RATING, always), question("b"), question("c"))  # who skips it gets there


def test_ways_that_two_rules_close_together_are_seen() -> None:
    """Neither rule alone keeps anybody from ``c``; together they do."""
    first = rule("d", ("a", Op.IS, True))
    second = rule("d", ("a", Op.IS, False), ("a", Op.SKIPPED, None), every=False)
    assert (FlawKind.UNREACHABLE, "c") in found(
        question("a", K.YES_NO, first), question("b", K.TEXT, second), question("c"), question("d")
    )


def test_a_circle_has_no_end() -> None:
    back = rule("a", ("b", Op.AT_LEAST, 1))
    kinds = found(question("a"), question("b", K.RATING, back, required=True))
    assert {(FlawKind.LOOP, "b"), (FlawKind.NO_END, "a"), (FlawKind.NO_END, "b")} <= kinds


def test_each_language_needs_every_text() -> None:
    asked = Definition((replace(question("a", K.SINGLE, options="x y"), texts={"en": "?"}),), ("en", "zh_Hans"))
    missing = [flaw for flaw in flaws(asked) if flaw.kind is FlawKind.NO_TEXT]
    assert missing == [Flaw(FlawKind.NO_TEXT, "a", "zh_Hans")] * 3
    opened = replace(survey(question("a")), locales=("en", "zh_Hant"), opening={"en": "Hello"})
    assert Flaw(FlawKind.NO_TEXT, None, "zh_Hant") in flaws(opened)


def test_sizes_are_bounded() -> None:
    many = tuple(question(f"q{i}") for i in range(MOST_QUESTIONS + 1))
    assert (FlawKind.TOO_MANY_QUESTIONS, None) in found(*many)
    options = " ".join(f"o{i}" for i in range(MOST_OPTIONS + 1))
    assert (FlawKind.TOO_MANY_OPTIONS, "a") in found(question("a", K.SINGLE, options=options))
    assert (FlawKind.TOO_FEW_OPTIONS, "a") in found(question("a", K.MULTIPLE, options="x"))
    assert (FlawKind.TOO_LONG, "a") in found(replace(question("a"), texts={"en": "x" * 301}))
    assert (FlawKind.SAME_KEY, "a") in found(question("a"), question("a"))
    assert found() == {(FlawKind.NO_QUESTION, None)}


def test_options_of_a_multiple_question_are_combined() -> None:
    both = rule(END, ("a", Op.INCLUDES, "x"), ("a", Op.INCLUDES, "y"))
    assert not found(question("a", K.MULTIPLE, both, options="x y z"), question("b"))


def test_the_largest_survey_is_checked_while_somebody_waits() -> None:
    """More ways than are walked, and an answer all the same: rules are then only looked at one by one."""
    ends = [tuple((f"q{j}", Op.AT_MOST, j % 7) for j in range(i + 1)) for i in range(MOST_QUESTIONS)]
    asked = [question(f"q{i}", K.NPS, rule(END, *when)) for i, when in enumerate(ends)]
    started = time.process_time()
    assert flaws(survey(*asked)) == ()
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (K.RATING, 5, 0),
        (K.RATING, 1, True),
        (K.NPS, 0, 11),
        (K.YES_NO, False, 0),
        (K.SINGLE, "x", "z"),
        (K.MULTIPLE, ["x", "y"], ["z"]),
        (K.MULTIPLE, ["x"], []),
        (K.TEXT, "fine", "  "),
        (K.NUMBER, 2.5, True),
        (K.DATE, "2026-11-18", "2026-13-01"),
        (K.PHOTO, 7, "7"),
        (K.LOCATION, [31.2, 121.5], [31.2]),
    ],
)
def test_answers_are_of_their_kind(kind: K, good: Any, bad: Any) -> None:
    asked = question("a", kind, options="x y" if kind in (K.SINGLE, K.MULTIPLE) else "")
    assert is_answer(asked, good) and not is_answer(asked, bad)
