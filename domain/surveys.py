"""Surveys as values: questions with their texts, the way through them, and how an answer is stored.

A definition is JSON in the database (``to_json``/``from_json``). ``next_question`` is the only walk through it: in the
chat, on the web page and in a check of the rules alike. Answers are JSON values by question key:

    SINGLE an option key · MULTIPLE a list of them · RATING 1–5 · NPS 0–10 · YES_NO true or false · TEXT a string
    NUMBER a number · DATE an ISO day · PHOTO Telegram's or our id of it · LOCATION [latitude, longitude] or words · ``None`` skipped
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any

from domain.values import frozen

END = "end"
LOW_RATING, LOW_NPS = 2, 6  # this and less is a low score: somebody calls
Texts = Mapping[str, str]  # locale -> words
Answers = Mapping[str, Any]  # question key -> answer; a missing key was not reached yet


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    NPS = "nps"
    YES_NO = "yes_no"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PHOTO = "photo"
    LOCATION = "location"


class Op(StrEnum):
    """How a condition compares. ``INCLUDES`` is for MULTIPLE; ``SKIPPED`` holds for ``None``."""

    IS = "is"
    IS_NOT = "is_not"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    INCLUDES = "includes"
    SKIPPED = "skipped"


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Trigger(StrEnum):
    """When a survey goes out by itself."""

    BY_HAND = "by_hand"
    AFTER_TOUCH = "after_touch"
    AFTER_CASE = "after_case"


class InvitationState(StrEnum):
    WAITING = "waiting"  # for the cool-down, the daytime or the ten minutes of undo
    SENT = "sent"
    OPENED = "opened"
    DONE = "done"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class EnteredBy(StrEnum):
    """Who pressed the buttons: the customer in the chat or on the web page, or staff who asked by phone or face to face."""

    CHAT = "chat"
    WEB = "web"
    PHONE = "phone"
    FACE = "face"


@frozen
class Option:
    key: str
    texts: Texts


@frozen
class Condition:
    """About the answer to ``question``; ``value`` as answers of its kind are stored."""

    question: str
    op: Op
    value: Any = None


@frozen
class SkipRule:
    """After its question: when all (or any) conditions hold, go on at ``to``, a later question's key or ``END``."""

    when: tuple[Condition, ...]
    to: str
    every: bool = True  # AND; False: OR


@frozen
class Question:
    key: str
    kind: QuestionKind
    texts: Texts
    options: tuple[Option, ...] = ()
    required: bool = False
    skip: tuple[SkipRule, ...] = ()


@frozen
class Definition:
    """What a survey asks. ``closing`` is said at the end; every text exists in every one of ``locales``."""

    questions: tuple[Question, ...]
    locales: tuple[str, ...]
    opening: Texts = field(default_factory=dict)
    closing: Texts = field(default_factory=dict)

    def question(self, key: str) -> Question:
        return next(one for one in self.questions if one.key == key)


@frozen
class Survey:
    """A survey whole. ``rule``: whom its trigger asks, see ``domain.survey_sending.Rule``."""

    id: int
    version: int
    name: str
    definition: Definition
    state: SurveyState
    anonymous: bool
    template: str | None
    trigger: Trigger
    rule: Mapping[str, Any]
    team_id: int | None
    created_by: int | None
    created_at: dt.datetime


@frozen
class SurveyLine:
    """A survey as lists show it: ``sent`` counts whoever got it, ``done`` who answered to the end."""

    id: int
    name: str
    state: SurveyState
    anonymous: bool
    questions: int
    sent: int
    done: int


def said(texts: Texts, locale: str) -> str:
    """The words for a reader: in the own language, else in the other Chinese, else in the first there is."""
    near = {"zh_Hans": "zh_Hant", "zh_Hant": "zh_Hans"}.get(locale, locale)
    return texts.get(locale) or texts.get(near) or next((words for words in texts.values() if words), "")


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether a condition is true of the answers so far; about a question not reached it never is."""
    if condition.question not in answers:
        return False
    answer = answers[condition.question]
    match condition.op:
        case Op.SKIPPED:
            return answer is None
        case Op.IS:
            return bool(answer == condition.value)
        case Op.IS_NOT:
            return answer is not None and bool(answer != condition.value)
        case Op.AT_MOST:
            return answer is not None and bool(answer <= condition.value)
        case Op.AT_LEAST:
            return answer is not None and bool(answer >= condition.value)
        case Op.INCLUDES:
            return isinstance(answer, list) and condition.value in answer


def applies(rule: SkipRule, answers: Answers) -> bool:
    """Whether a rule decides the way: all of its conditions hold, or any."""
    met = (holds(condition, answers) for condition in rule.when)
    return all(met) if rule.every else any(met)


def next_question(definition: Definition, after: str | None, answers: Answers) -> str | None:
    """The key of the question that follows ``after`` (``None``: the first one), or ``None`` at the end."""
    keys = [one.key for one in definition.questions]
    if after is None:
        return keys[0] if keys else None
    for rule in definition.question(after).skip:
        if applies(rule, answers):
            return None if rule.to == END else rule.to
    at = keys.index(after) + 1
    return keys[at] if at < len(keys) else None


def path(definition: Definition, answers: Answers) -> list[str]:
    """The questions in the order in which these answers lead through them, the one still open last."""
    walked: list[str] = []
    key = next_question(definition, None, answers)
    while key is not None and key not in walked:
        walked.append(key)
        if key not in answers:
            break
        key = next_question(definition, key, answers)
    return walked


def is_low(kind: QuestionKind, answer: Any) -> bool:
    """Whether a score asks for a person: 2 of 5 or less, NPS 6 or less."""
    match kind:
        case QuestionKind.RATING:
            return isinstance(answer, int) and answer <= LOW_RATING
        case QuestionKind.NPS:
            return isinstance(answer, int) and answer <= LOW_NPS
        case _:
            return False


def to_json(definition: Definition) -> dict[str, Any]:
    """The definition as the database keeps it."""
    return {
        "locales": list(definition.locales),
        "opening": dict(definition.opening),
        "closing": dict(definition.closing),
        "questions": [_question_json(one) for one in definition.questions],
    }


def from_json(stored: Mapping[str, Any]) -> Definition:
    """The definition that ``to_json`` made."""
    return Definition(
        questions=tuple(_question(one) for one in stored["questions"]),
        locales=tuple(stored["locales"]),
        opening=stored["opening"],
        closing=stored["closing"],
    )


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": str(question.kind),
        "texts": dict(question.texts),
        "options": [{"key": one.key, "texts": dict(one.texts)} for one in question.options],
        "required": question.required,
        "skip": [
            {
                "when": [{"question": c.question, "op": str(c.op), "value": c.value} for c in rule.when],
                "to": rule.to,
                "every": rule.every,
            }
            for rule in question.skip
        ],
    }


def _question(stored: Mapping[str, Any]) -> Question:
    return Question(
        key=stored["key"],
        kind=QuestionKind(stored["kind"]),
        texts=stored["texts"],
        options=tuple(Option(one["key"], one["texts"]) for one in stored["options"]),
        required=stored["required"],
        skip=tuple(_rule(one) for one in stored["skip"]),
    )


def _rule(stored: Mapping[str, Any]) -> SkipRule:
    conditions: Sequence[Mapping[str, Any]] = stored["when"]
    return SkipRule(
        when=tuple(Condition(one["question"], Op(one["op"]), one["value"]) for one in conditions),
        to=stored["to"],
        every=stored["every"],
    )
