"""A survey in the hands of whoever answers it: where it stands, and what an answer leaves of the others.

The walk itself is ``domain.surveys.next_question``; here is what a person does on it: forth, back, change, skip.
"""

import datetime as dt
from typing import Any

from domain.errors import Fault, Invalid
from domain.survey_sending import Invitation
from domain.surveys import (
    Answers,
    Definition,
    EnteredBy,
    InvitationState,
    Question,
    QuestionKind,
    Survey,
    Trigger,
    is_low,
    next_question,
    path,
)
from domain.values import frozen

CHANGE_FOR = dt.timedelta(minutes=15)  # after sending: a slip is seen at once; later the answer was read already
LONGEST_TEXT = 1000  # characters of a free answer: more is a letter, and goes to the adviser
LARGEST_NUMBER = 10**12  # beyond it somebody typed a telephone number or a joke
TYPED = frozenset({QuestionKind.TEXT, QuestionKind.NUMBER, QuestionKind.PHOTO, QuestionKind.LOCATION})
RANGES = {QuestionKind.RATING: range(1, 6), QuestionKind.NPS: range(11)}
ABOUT_VISIT = "after_visit"  # the template whose questions are about the rep


@frozen
class Response:
    """A filling as it is stored. Of an anonymous survey nothing leads back to who it was.

    ``entered_member_id``: the member who enters the answers of a customer asked by phone or face to face.
    """

    id: int
    version: int
    survey_id: int
    customer_id: int | None
    contact_id: int | None
    answers: dict[str, Any]
    complete: bool
    entered_by: EnteredBy
    entered_member_id: int | None
    at: dt.datetime | None


@frozen
class Filling:
    """A survey and the answers so far. ``response`` None: nothing is answered yet.

    Attributes:
        invitation: what the customer was asked by; ``None`` where a member enters the answers.
        customer: the name for the member who enters them.
        pending: the account that answers is not confirmed, and is told no more than it typed itself.
    """

    survey: Survey
    response: Response | None
    invitation: Invitation | None = None
    customer: str = ""
    pending: bool = False

    @property
    def subject(self) -> int:
        """What buttons carry: the invitation, or what is entered, below zero."""
        if self.invitation is not None:
            return self.invitation.id
        assert self.response is not None
        return -self.response.id

    @property
    def version(self) -> int:
        """So that a press on an old screen is told from one on this."""
        return self.response.version if self.response else 0

    @property
    def answers(self) -> Answers:
        return self.response.answers if self.response else {}

    @property
    def definition(self) -> Definition:
        return self.survey.definition

    @property
    def open_question(self) -> str | None:
        """The key of the question that waits for an answer; ``None``: all are answered."""
        return open_question(self.definition, self.answers)

    @property
    def done(self) -> bool:
        if self.invitation is not None:
            return self.invitation.state is InvitationState.DONE
        return self.response is not None and self.response.complete

    def number_of(self, key: str) -> int:
        """The place of a question in the definition, as buttons name it."""
        return next(n for n, one in enumerate(self.definition.questions) if one.key == key)

    def changeable(self, now: dt.datetime) -> bool:
        """Whether what was sent can still be changed; an anonymous one cannot: nobody knows which it is."""
        at = self.invitation.done_at if self.invitation else None
        return self.done and not self.survey.anonymous and at is not None and now < at + CHANGE_FOR

    def takes(self, now: dt.datetime) -> bool:
        """Whether an answer is taken now."""
        if self.invitation is None:
            return not self.done
        return self.invitation.answerable(now) or self.changeable(now)


def about_visit(survey: Survey) -> bool:
    """Whether a survey is about what the rep did, so that a bad answer is none of the rep's business."""
    return survey.trigger is Trigger.AFTER_TOUCH or survey.template == ABOUT_VISIT


def open_question(definition: Definition, answers: Answers) -> str | None:
    """The key of the question that these answers lead to, or ``None`` at the end."""
    walked = path(definition, answers)
    return walked[-1] if walked and walked[-1] not in answers else None


def answered(definition: Definition, answers: Answers, key: str, value: Any) -> dict[str, Any]:
    """The answers with one more or changed; those to questions that it no longer leads through are dropped."""
    given = dict(answers) | {key: value}
    return {one: given[one] for one in path(definition, given) if one in given}


def before(definition: Definition, answers: Answers, key: str) -> str | None:
    """The question before another on the way that was gone; ``None``: it is the first, or not on the way."""
    walked = path(definition, answers)
    at = walked.index(key) if key in walked else 0
    return walked[at - 1] if at else None


def after(definition: Definition, answers: Answers, key: str) -> str | None:
    """The question after another on the way that was gone; ``None``: it is the last."""
    walked = path(definition, answers)
    at = walked.index(key) + 1 if key in walked else len(walked)
    return walked[at] if at < len(walked) else None


def place(definition: Definition, answers: Answers, key: str) -> tuple[int, int]:
    """Which question it is of how many, as far as one can tell: ``(2, 4)``; what no answer skips yet counts."""
    walked = path(definition, answers)
    at = walked.index(key) + 1 if key in walked else 1
    ahead: str | None = walked[-1] if walked else None
    seen = set(walked)
    while ahead is not None and (ahead := next_question(definition, ahead, answers)) is not None and ahead not in seen:
        seen.add(ahead)
    return at, max(at, len(seen))


def checked(question: Question, value: Any) -> Any:
    """An answer as it is stored; ``None`` is a skip.

    Raises:
        Invalid: no answer of this kind, one of another question's options, or a skip where an answer is required.
    """
    if not _fits(question, value):
        raise Invalid("answer", Fault.NOT_UNDERSTOOD)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise Invalid("answer", Fault.TOO_LONG, LONGEST_TEXT)
    return value


def _fits(question: Question, value: Any) -> bool:
    keys = {one.key for one in question.options}
    if value is None:
        return not question.required
    match question.kind:
        case QuestionKind.SINGLE:
            return value in keys
        case QuestionKind.MULTIPLE:
            return isinstance(value, list) and bool(value) and set(value) <= keys
        case QuestionKind.RATING | QuestionKind.NPS:
            return type(value) is int and value in RANGES[question.kind]
        case QuestionKind.YES_NO:
            return isinstance(value, bool)
        case QuestionKind.TEXT:
            return isinstance(value, str) and bool(value.strip())
        case QuestionKind.NUMBER:
            return isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER
        case QuestionKind.DATE:
            return isinstance(value, str) and _is_day(value)
        case QuestionKind.PHOTO:
            return isinstance(value, int | str)
        case QuestionKind.LOCATION:
            return (isinstance(value, list) and len(value) == 2) or (isinstance(value, str) and bool(value.strip()))


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def low_scores(definition: Definition, answers: Answers) -> list[tuple[Question, int]]:
    """The scores among the answers that ask for a person."""
    found = [(one, answers.get(one.key)) for one in definition.questions]
    return [(one, value) for one, value in found if isinstance(value, int) and is_low(one.kind, value)]


def free_words(definition: Definition, answers: Answers) -> str:
    """What was written in own words, one paragraph an answer."""
    texts = [answers.get(one.key) for one in definition.questions if one.kind is QuestionKind.TEXT]
    return "\n".join(text for text in texts if isinstance(text, str))
