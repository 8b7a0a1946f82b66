"""What surveys brought, as rows that results are made of.

Anonymous answers are shown from ``FEWEST`` on: of four, anybody who knows three knows the fourth.
"""

import datetime as dt
from typing import Any

from domain.surveys import EnteredBy, Question, QuestionKind, Survey
from domain.values import frozen

FEWEST = 5
TEXTS = 5  # responses with words of their own on one screen
PHOTOS = 3  # responses whose photos are sent at once
CAUSES = 3  # products and causes on one screen, each with what was learnt and two scores
SMALL = 30  # answers under which a figure is marked: the textbook's bound for a normal approximation
PROMOTER, DETRACTOR = 9, 6  # NPS: 9 and 10 recommend, 0 to 6 advise against (Reichheld, Harvard Business Review, 2003)
GOOD, MIDDLE, BAD, PLAIN = "#2e9e6b", "#b8bec6", "#d9534f", "#3478c6"  # colours of bars
SCORES = frozenset({QuestionKind.RATING, QuestionKind.NPS})
COUNTED = SCORES | {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.YES_NO, QuestionKind.NUMBER}


@frozen
class Round:
    """One sending, or of surveys that go out by themselves one month: what a result is compared by."""

    month: dt.date
    wave_id: int | None = None


@frozen
class Tally:
    """How many gave one answer to one question in one round. ``value`` None: skipped."""

    round: Round
    member_id: int | None
    key: str
    value: Any
    count: int


@frozen
class Funnel:
    """How far invitations and answers got. ``entered``: by staff, without an invitation; ``responses`` are complete."""

    sent: int
    opened: int
    answered: int
    responses: int
    entered: int
    dropped: dict[str, int]  # question key -> how many stopped before it


@frozen
class Given:
    """One complete response. Of an anonymous survey without customer, rep and day; then in no order at all."""

    answers: dict[str, Any]
    customer: str | None
    member: str | None
    at: dt.datetime | None
    month: dt.date
    entered_by: EnteredBy


@frozen
class CauseLine:
    """Cases of one product and cause, with what was learnt; ``ended_at`` of the last one that ended."""

    product: str | None
    cause: str | None
    count: int
    lesson: str | None
    ended_at: dt.datetime | None


@frozen
class Sight:
    """What a reader sees of a survey's answers.

    ``aggregate``: figures only, and none under ``FEWEST``; a rep of a survey about the visits, and anybody of an
    anonymous one. ``words``: free answers may be read.
    """

    survey: Survey
    aggregate: bool
    words: bool


@frozen
class Figure:
    """One question's answers.

    Attributes:
        n: answers, without skips.
        mean, margin: of a score or number; of NPS the score −100 … 100; without a mean, the margin is that of the most
            frequent answer's share, in percent points.
        shares: (value, count), as the question orders them.
        change: of the latest round against the one before, in the same units; ``None`` where there is no such.
    """

    question: Question
    n: int
    skipped: int
    mean: float | None = None
    margin: float | None = None
    shares: tuple[tuple[Any, int], ...] = ()
    change: float | None = None

    @property
    def small(self) -> bool:
        """Whether so few answered that the figure may be chance."""
        return 0 < self.n < SMALL


@frozen
class Bar:
    label: str
    share: float  # of 1
    note: str  # what stands at its end
    colour: str = PLAIN


@frozen
class Panel:
    """One question: its words, its figure in one line, its bars."""

    title: str
    note: str
    bars: tuple[Bar, ...]
