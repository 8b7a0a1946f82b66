"""What is wrong with a survey, before anybody is asked: each flaw as a value, worded by the views.

Rules are tried, not guessed at: every way of answering that the rules can tell apart is walked with ``next_question``.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, combinations
from typing import Any

from domain.surveys import (
    END,
    Condition,
    Definition,
    Op,
    Question,
    QuestionKind,
    SkipRule,
    Texts,
    applies,
    next_question,
)
from domain.values import frozen

MOST_QUESTIONS = 20  # nobody answers more in a chat
MOST_OPTIONS = 10  # buttons of one question: a phone's screen
FEWEST_OPTIONS = 2
LONGEST_QUESTION = 300  # characters; with ten options it fits a screen
LONGEST_OPTION = 40  # of a button
LONGEST_WORDS = 500  # of the opening and closing words
LONGEST_NAME = 60
MOST_RULES = 5  # of one question
MOST_WAYS = 1_000  # ways of answering that are walked; with more of them rules are only checked one by one
SPLIT_OPTIONS = 6  # options of one multiple question whose every combination is walked: 64 of them

WITH_OPTIONS = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
_ORDERED = frozenset({Op.IS, Op.IS_NOT, Op.AT_MOST, Op.AT_LEAST, Op.SKIPPED})
OPS = {
    QuestionKind.SINGLE: frozenset({Op.IS, Op.IS_NOT, Op.SKIPPED}),
    QuestionKind.MULTIPLE: frozenset({Op.INCLUDES, Op.SKIPPED}),
    QuestionKind.RATING: _ORDERED,
    QuestionKind.NPS: _ORDERED,
    QuestionKind.YES_NO: frozenset({Op.IS, Op.IS_NOT, Op.SKIPPED}),
    QuestionKind.TEXT: frozenset({Op.SKIPPED}),
    QuestionKind.NUMBER: _ORDERED,
    QuestionKind.DATE: _ORDERED,
    QuestionKind.PHOTO: frozenset({Op.SKIPPED}),
    QuestionKind.LOCATION: frozenset({Op.SKIPPED}),
}
SCALES = {QuestionKind.RATING: range(1, 6), QuestionKind.NPS: range(11)}
ANY = "x"  # an answer of which only matters that there is one


class FlawKind(StrEnum):
    NO_QUESTION = "no_question"
    NO_LANGUAGE = "no_language"
    TOO_MANY_QUESTIONS = "too_many_questions"
    TOO_MANY_OPTIONS = "too_many_options"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_RULES = "too_many_rules"
    SAME_KEY = "same_key"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    EMPTY_RULE = "empty_rule"
    NO_TARGET = "no_target"  # a rule leads to a question that is not there
    LOOP = "loop"  # a rule leads back, or to its own question
    NO_SUCH_QUESTION = "no_such_question"  # a rule asks about a question that is not there
    NOT_YET_ASKED = "not_yet_asked"  # a rule asks about a question that comes later
    WRONG_COMPARISON = "wrong_comparison"  # such answers cannot be compared so
    WRONG_VALUE = "wrong_value"  # no answer to that question is like this
    NEVER_HOLDS = "never_holds"  # whatever anybody answers
    UNREACHABLE = "unreachable"  # whatever anybody answers
    NO_END = "no_end"  # whoever gets there never comes to the end


@frozen
class Flaw:
    """What is wrong, where, and by how much.

    Attributes:
        question: key of the question it is at; ``None``: opening, closing, or the whole.
        locale: the language whose text is missing or too long.
        other: the key or value that is wrong.
        limit: of questions, options, rules or characters.
        rule: place of the rule among those of its question.
    """

    kind: FlawKind
    question: str | None = None
    locale: str | None = None
    other: str | None = None
    limit: int | None = None
    rule: int | None = None


def flaws(definition: Definition) -> tuple[Flaw, ...]:
    """Everything that keeps a survey from being opened; none for a sound one."""
    found = [*_whole(definition), *chain.from_iterable(_question(definition, one) for one in definition.questions)]
    broken = any(flaw.kind in _BREAKS_WALK for flaw in found)
    return tuple(found if broken or not definition.questions else [*found, *_ways(definition)])


_BREAKS_WALK = frozenset(
    {
        FlawKind.SAME_KEY,
        FlawKind.TOO_MANY_QUESTIONS,
        FlawKind.EMPTY_RULE,
        FlawKind.NO_TARGET,
        FlawKind.NO_SUCH_QUESTION,
        FlawKind.WRONG_COMPARISON,
        FlawKind.WRONG_VALUE,
    }
)


# One by one --------------------------------------------------------------------------------------------------------


def _whole(definition: Definition) -> Iterator[Flaw]:
    if not definition.questions:
        yield Flaw(FlawKind.NO_QUESTION)
    if not definition.locales:
        yield Flaw(FlawKind.NO_LANGUAGE)
    if len(definition.questions) > MOST_QUESTIONS:
        yield Flaw(FlawKind.TOO_MANY_QUESTIONS, limit=MOST_QUESTIONS)
    yield from (Flaw(FlawKind.SAME_KEY, key) for key in _twice(one.key for one in definition.questions))
    for texts in (definition.opening, definition.closing):
        if any(texts.values()):
            yield from _texts(definition, texts, None, LONGEST_WORDS)


def _question(definition: Definition, question: Question) -> Iterator[Flaw]:
    yield from _texts(definition, question.texts, question.key, LONGEST_QUESTION)
    if question.kind in WITH_OPTIONS:
        if len(question.options) < FEWEST_OPTIONS:
            yield Flaw(FlawKind.TOO_FEW_OPTIONS, question.key, limit=FEWEST_OPTIONS)
        if len(question.options) > MOST_OPTIONS:
            yield Flaw(FlawKind.TOO_MANY_OPTIONS, question.key, limit=MOST_OPTIONS)
        for key in _twice(option.key for option in question.options):
            yield Flaw(FlawKind.SAME_KEY, question.key, other=key)
        for option in question.options:
            yield from _texts(definition, option.texts, question.key, LONGEST_OPTION)
    if len(question.skip) > MOST_RULES:
        yield Flaw(FlawKind.TOO_MANY_RULES, question.key, limit=MOST_RULES)
    for place, rule in enumerate(question.skip):
        yield from _rule(definition, question, place, rule)


def _texts(definition: Definition, texts: Texts, key: str | None, limit: int) -> Iterator[Flaw]:
    for locale in definition.locales:
        words = texts.get(locale, "").strip()
        if not words:
            yield Flaw(FlawKind.NO_TEXT, key, locale)
        elif len(words) > limit:
            yield Flaw(FlawKind.TOO_LONG, key, locale, limit=limit)


def _rule(definition: Definition, question: Question, place: int, rule: SkipRule) -> Iterator[Flaw]:
    places = {one.key: i for i, one in enumerate(definition.questions)}
    here = places[question.key]
    if not rule.when:
        yield Flaw(FlawKind.EMPTY_RULE, question.key, rule=place)
    if rule.to != END and rule.to not in places:
        yield Flaw(FlawKind.NO_TARGET, question.key, other=rule.to, rule=place)
    elif rule.to != END and places[rule.to] <= here:
        yield Flaw(FlawKind.LOOP, question.key, other=rule.to, rule=place)
    for condition in rule.when:
        if condition.question not in places:
            yield Flaw(FlawKind.NO_SUCH_QUESTION, question.key, other=condition.question, rule=place)
        elif places[condition.question] > here:
            yield Flaw(FlawKind.NOT_YET_ASKED, question.key, other=condition.question, rule=place)
        else:
            about = definition.questions[places[condition.question]]
            if condition.op not in OPS[about.kind]:
                yield Flaw(FlawKind.WRONG_COMPARISON, question.key, other=about.key, rule=place)
            elif condition.op is not Op.SKIPPED and not is_answer(about, condition.value, of_rule=True):
                yield Flaw(FlawKind.WRONG_VALUE, question.key, other=str(condition.value), rule=place)


def is_answer(question: Question, value: Any, *, of_rule: bool = False) -> bool:
    """Whether ``value`` is an answer to ``question`` as answers are stored; in a rule a multiple one names one option."""
    keys = {option.key for option in question.options}
    match question.kind:
        case QuestionKind.SINGLE:
            return value in keys
        case QuestionKind.MULTIPLE:
            return value in keys if of_rule else isinstance(value, list) and bool(value) and keys.issuperset(value)
        case QuestionKind.RATING | QuestionKind.NPS:
            return type(value) is int and value in SCALES[question.kind]
        case QuestionKind.YES_NO:
            return isinstance(value, bool)
        case QuestionKind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case QuestionKind.DATE:
            return isinstance(value, str) and _is_day(value)
        case QuestionKind.TEXT:
            return isinstance(value, str) and bool(value.strip())
        case QuestionKind.PHOTO:
            return type(value) is int
        case QuestionKind.LOCATION:
            return isinstance(value, list) and len(value) == 2


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _twice(keys: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [key for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


# All ways through --------------------------------------------------------------------------------------------------


def _ways(definition: Definition) -> Iterator[Flaw]:
    """Walk every way that the rules can tell apart: what is never reached, never holds, and never ends."""
    needed = _needed(definition)
    reached: set[str] = set()
    held: set[tuple[str, int]] = set()
    edges: dict[str, set[str | None]] = {}
    waiting: list[tuple[str, dict[str, Any]]] = [(definition.questions[0].key, {})]
    seen = {(definition.questions[0].key, "")}
    while waiting:
        key, before = waiting.pop()
        reached.add(key)
        question = definition.question(key)
        for answer in _answers(definition, question) if any(key in keys for keys in needed.values()) else (ANY,):
            answers = {**before, key: answer}
            following = next_question(definition, key, answers)
            held.update((key, place) for place in _deciding(question, answers))
            edges.setdefault(key, set()).add(following)
            if following is None:
                continue
            kept = {k: v for k, v in answers.items() if k in needed[following]}
            if (following, repr(kept)) not in seen:
                seen.add((following, repr(kept)))
                waiting.append((following, kept))
        if len(seen) > MOST_WAYS:
            return
    for one in definition.questions:
        if one.key not in reached:
            yield Flaw(FlawKind.UNREACHABLE, one.key)
            continue
        for place, _ in enumerate(one.skip):
            if (one.key, place) not in held:
                yield Flaw(FlawKind.NEVER_HOLDS, one.key, rule=place)
    endless = reached - _ending(edges)
    yield from (Flaw(FlawKind.NO_END, one.key) for one in definition.questions if one.key in endless)


def _needed(definition: Definition) -> dict[str, set[str]]:
    """Which answers a rule at a question or behind it asks about, by question."""
    needed: dict[str, set[str]] = {}
    so_far: set[str] = set()
    for one in reversed(definition.questions):
        so_far |= {condition.question for rule in one.skip for condition in rule.when}
        needed[one.key] = set(so_far)
    return needed


def _deciding(question: Question, answers: dict[str, Any]) -> list[int]:
    """The rule that decides after these answers, if one does."""
    return [place for place, rule in enumerate(question.skip) if applies(rule, answers)][:1]


def _ending(edges: dict[str, set[str | None]]) -> set[str]:
    """Questions from which some way leads to the end."""
    ending: set[str] = set()
    while more := {key for key, to in edges.items() if key not in ending and any(t is None or t in ending for t in to)}:
        ending |= more
    return ending


def _answers(definition: Definition, question: Question) -> Sequence[Any]:
    """Answers that stand for all others as far as the rules are concerned."""
    about = [c for one in definition.questions for rule in one.skip for c in rule.when if c.question == question.key]
    found: list[Any] = []
    match question.kind:
        case QuestionKind.RATING | QuestionKind.NPS:
            found = list(SCALES[question.kind])
        case QuestionKind.YES_NO:
            found = [True, False]
        case QuestionKind.SINGLE:
            found = [option.key for option in question.options]
        case QuestionKind.MULTIPLE:
            found = _combinations(question, about)
        case QuestionKind.NUMBER:
            found = [v + d for v in _values(about) for d in (-0.5, 0, 0.5)] or [0]
        case QuestionKind.DATE:
            days = [date.fromisoformat(v) for v in _values(about)]
            found = [(d + timedelta(n)).isoformat() for d in days for n in (-1, 0, 1)] or [ANY]
        case QuestionKind.TEXT | QuestionKind.PHOTO | QuestionKind.LOCATION:
            found = [ANY]
    return found if question.required else [*found, None]


def _values(about: Sequence[Condition]) -> list[Any]:
    return [condition.value for condition in about if condition.op is not Op.SKIPPED]


def _combinations(question: Question, about: Sequence[Condition]) -> list[Any]:
    keys = [option.key for option in question.options]
    named = sorted({value for value in _values(about) if value in keys})
    rest = [key for key in keys if key not in named][:1]
    if len(named) > SPLIT_OPTIONS:
        return [[key] for key in keys] + [keys]
    some = chain.from_iterable(combinations(named, n) for n in range(len(named) + 1))
    return [[*chosen, *rest] for chosen in some if chosen or rest]
