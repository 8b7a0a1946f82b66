"""Building a survey step by step: each step makes a new definition of the old one.

Questions are named by their place, from 0; a place that is not there changes nothing. What a step breaks (a rule that
leads back after a move) is told by ``domain.survey_checks``, not repaired silently; only what has lost its question goes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.surveys import END, Condition, Definition, Op, Option, Question, QuestionKind, SkipRule

Words = Mapping[str, str]  # locale -> text


def add_question(survey: Definition, kind: QuestionKind, texts: Words) -> Definition:
    """A new last question under a name that no other has."""
    taken = {one.key for one in survey.questions}
    key = next(name for n in range(1, len(taken) + 2) if (name := f"q{n}") not in taken)
    return replace(survey, questions=(*survey.questions, Question(key, kind, dict(texts))))


def set_texts(survey: Definition, place: int, texts: Words) -> Definition:
    """The words of a question; those of languages that are not given stay."""
    return _with(survey, place, lambda one: replace(one, texts={**one.texts, **texts}))


def set_options(survey: Definition, place: int, options: Sequence[Words]) -> Definition:
    """The options in their order; one in the place of a former one keeps its name, so that rules keep their meaning."""

    def change(one: Question) -> Question:
        taken = {option.key for option in one.options}
        free = (f"o{n}" for n in range(1, 100) if f"o{n}" not in taken)
        keys = [option.key for option in one.options[: len(options)]]
        keys += [next(free) for _ in options[len(keys) :]]
        return replace(one, options=tuple(Option(k, dict(t)) for k, t in zip(keys, options, strict=True)))

    return _with(survey, place, change)


def toggle_required(survey: Definition, place: int) -> Definition:
    return _with(survey, place, lambda one: replace(one, required=not one.required))


def move(survey: Definition, place: int, by: int) -> Definition:
    """A question so many places down (or up, below zero)."""
    questions = list(survey.questions)
    if 0 <= place < len(questions) and 0 <= place + by < len(questions):
        questions.insert(place + by, questions.pop(place))
    return replace(survey, questions=tuple(questions))


def delete(survey: Definition, place: int) -> Definition:
    """Without a question, the conditions about it, and the rules that led to it or have no condition left."""
    if not 0 <= place < len(survey.questions):
        return survey
    gone = survey.questions[place].key
    left = [one for one in survey.questions if one.key != gone]
    return replace(survey, questions=tuple(replace(one, skip=_without(one.skip, gone)) for one in left))


def _without(rules: Sequence[SkipRule], key: str) -> tuple[SkipRule, ...]:
    kept = (replace(rule, when=tuple(c for c in rule.when if c.question != key)) for rule in rules if rule.to != key)
    return tuple(rule for rule in kept if rule.when)


def set_words(survey: Definition, *, opening: bool, texts: Words) -> Definition:
    """The opening or closing words; none for no texts."""
    return replace(survey, opening=dict(texts)) if opening else replace(survey, closing=dict(texts))


def toggle_language(survey: Definition, locale: str) -> Definition:
    """One language more or less, but never none; texts of one that goes are kept for when it comes back."""
    chosen = tuple(one for one in survey.locales if one != locale)
    if len(chosen) == len(survey.locales):
        chosen = (*chosen, locale)
    return replace(survey, locales=chosen or survey.locales)


# Rules -------------------------------------------------------------------------------------------------------------


def choices(question: Question) -> list[tuple[Op, Any]]:
    """What a rule may ask about a question, as buttons offer it; numbers and days are typed instead."""
    skipped = [] if question.required else [(Op.SKIPPED, None)]
    match question.kind:
        case QuestionKind.RATING:
            return [*((Op.AT_MOST, n) for n in (1, 2, 3)), *((Op.AT_LEAST, n) for n in (3, 4, 5)), *skipped]
        case QuestionKind.NPS:
            return [*((Op.AT_MOST, n) for n in (4, 6, 8)), *((Op.AT_LEAST, n) for n in (7, 9)), *skipped]
        case QuestionKind.YES_NO:
            return [(Op.IS, True), (Op.IS, False), *skipped]
        case QuestionKind.SINGLE:
            return [*((Op.IS, option.key) for option in question.options), *skipped]
        case QuestionKind.MULTIPLE:
            return [*((Op.INCLUDES, option.key) for option in question.options), *skipped]
        case _:
            return list(skipped)


def add_condition(survey: Definition, place: int, rule: int | None, condition: Condition) -> Definition:
    """One more condition of a rule, or a new rule that leads to the end."""

    def change(one: Question) -> Question:
        rules = list(one.skip)
        if rule is None:
            rules.append(SkipRule((condition,), END))
        elif rule < len(rules) and condition not in rules[rule].when:
            rules[rule] = replace(rules[rule], when=(*rules[rule].when, condition))
        return replace(one, skip=tuple(rules))

    return _with(survey, place, change)


def set_target(survey: Definition, place: int, rule: int, to: str) -> Definition:
    return _with_rule(survey, place, rule, lambda one: replace(one, to=to))


def toggle_every(survey: Definition, place: int, rule: int) -> Definition:
    """All conditions instead of any, or the other way round."""
    return _with_rule(survey, place, rule, lambda one: replace(one, every=not one.every))


def delete_rule(survey: Definition, place: int, rule: int) -> Definition:
    return _with(survey, place, lambda one: replace(one, skip=(*one.skip[:rule], *one.skip[rule + 1 :])))


def _with_rule(survey: Definition, place: int, rule: int, change: Callable[[SkipRule], SkipRule]) -> Definition:
    return _with(
        survey,
        place,
        lambda one: replace(one, skip=tuple(change(r) if i == rule else r for i, r in enumerate(one.skip))),
    )


def _with(survey: Definition, place: int, change: Callable[[Question], Question]) -> Definition:
    return replace(
        survey, questions=tuple(change(one) if i == place else one for i, one in enumerate(survey.questions))
    )
