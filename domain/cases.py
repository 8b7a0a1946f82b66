"""Complaints, questions, suggestions and praise: the words that storage keeps and both sides see."""

import datetime as dt
import re
import secrets
from enum import StrEnum

from domain.errors import Fault, Invalid
from domain.values import frozen

REFERENCE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no look-alikes: it is read out on the telephone
REFERENCE_LENGTH = 6  # 30 bits; a lookup shows only one's own and is throttled, so that guessing finds nothing
WRONG_REFERENCES = 20  # within an hour: typing errors happen, a list of guesses does not
NEW_AN_HOUR = 3  # cases of one account: an upset customer writes one or two and adds to them
LONGEST_WORDS = 3000  # characters; with our own words around them they still fit one message of Telegram's 4,096
SILENCE_DAYS = 5  # working days after "solved?" without a word: a week, so that a business trip is covered
REOPEN_DAYS = 30  # in which a customer can say that it was not solved after all; later it is a new matter
RECALL = dt.timedelta(minutes=2)  # how long an answer can be taken back
HELD = dt.timedelta(seconds=5)  # before an answer leaves: a slip is seen at once or not at all
FOLLOWS = dt.timedelta(minutes=10)  # what a customer hears of an act that can be undone leaves when its time is over


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class About(StrEnum):
    """What a case is about. ``ADVISER`` is about the rep: it goes to the lead and leaves no trace on that rep's screens."""

    PRODUCT = "product"
    DELIVERY = "delivery"
    PRICE = "price"
    SERVICE = "service"
    ADVISER = "adviser"


class CaseState(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_WORK = "in_work"
    WAITING = "waiting"  # for the customer: clocks stand still
    SOLVED = "solved"  # says the staff; the customer is asked
    CONFIRMED = "confirmed"  # says the customer
    CLOSED = "closed"  # by silence, or by staff with a reason


OPEN_STATES = frozenset(
    {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.IN_WORK, CaseState.WAITING, CaseState.SOLVED}
)
STILL = frozenset({CaseState.WAITING, CaseState.SOLVED})  # the customer's turn: no clock runs


class EntryKind(StrEnum):
    """A line of a case's story. Only ``WORDS`` (the customer's) and ``ANSWER`` (ours) are seen by the customer."""

    WORDS = "words"
    ANSWER = "answer"
    NOTE = "note"
    STATE = "state"  # the text is a ``CaseState``
    TRANSFER = "transfer"  # the text is the new owner's name
    PROMISE = "promise"  # the text is the instant promised, in ISO
    URGENT = "urgent"  # by the staff, or by the customer who asked for the manager
    REASON = "reason"  # why the staff closed it: a ``CloseReason``, or words


WORDED = frozenset({EntryKind.WORDS, EntryKind.ANSWER, EntryKind.NOTE, EntryKind.REASON})  # typed by people


class CloseReason(StrEnum):
    """Why the staff ends a case that the customer did not confirm."""

    BY_PHONE = "by_phone"  # settled and confirmed outside the chat
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    NOT_OURS = "not_ours"


class Cause(StrEnum):
    """Root causes, as the later analysis counts them."""

    DEFECT = "defect"
    LOGISTICS = "logistics"
    COMMUNICATION = "communication"
    PRICING = "pricing"
    EXPECTATION = "expectation"
    PROCESS = "process"
    OTHER = "other"


class EndedBy(StrEnum):
    CUSTOMER = "customer"
    SILENCE = "silence"
    STAFF = "staff"


def new_reference() -> str:
    """A public reference such as ``C-7K3QXM``: random, so that nobody counts or guesses others' matters."""
    return "C-" + "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(REFERENCE_LENGTH))


_REFERENCE = re.compile(rf"C?[-\s]?([{REFERENCE_SIGNS}]{{{REFERENCE_LENGTH}}})", re.IGNORECASE)


def read_reference(text: str) -> str | None:
    """The reference that a person typed, however it was written, or ``None``."""
    found = _REFERENCE.fullmatch(text.strip())
    return f"C-{found[1].upper()}" if found else None


@frozen
class CaseDraft:
    """A matter before it is filed.

    Attributes:
        person_id: the customer's account that is told of the progress; ``None`` where none is known.
        invitation_id: the survey invitation whose low score opens it.
    """

    customer_id: int
    kind: CaseKind
    about: About
    words: str
    contact_id: int | None = None
    person_id: int | None = None
    urgent: bool = False
    invitation_id: int | None = None


@frozen
class CaseLine:
    """A case as every screen shows it. Times are aware UTC; a due time is ``None`` where no such clock runs."""

    id: int
    version: int
    reference: str
    customer_id: int
    customer: str
    contact_id: int | None
    contact: str | None
    person_id: int | None
    kind: CaseKind
    about: About
    about_id: int | None
    urgent: bool
    words: str
    state: CaseState
    owner_id: int | None
    owner: str | None
    opened_at: dt.datetime
    answer_due: dt.datetime | None
    answered_at: dt.datetime | None
    update_due: dt.datetime | None
    solve_due: dt.datetime | None
    solved_at: dt.datetime | None
    waiting_since: dt.datetime | None
    waited_seconds: int
    ended_at: dt.datetime | None
    ended_by: str | None
    cause: str | None
    product: str | None
    lesson: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def runs(self) -> bool:
        """Whether it is our turn: clocks run."""
        return self.is_open and self.state not in STILL

    @property
    def promised(self) -> dt.datetime | None:
        """When the customer hears from us next, as was told: the first answer, then the next word."""
        if not self.runs:
            return None
        return self.answer_due if self.answered_at is None else self.update_due

    @property
    def next_due(self) -> dt.datetime | None:
        """The clock that ends first."""
        if not self.runs:
            return None
        first = self.answer_due if self.answered_at is None else self.update_due
        return min((at for at in (first, self.solve_due) if at is not None), default=None)


@frozen
class Entry:
    """One line of a case's story. ``member`` None: the customer, or the program."""

    id: int
    case_id: int
    kind: EntryKind
    member_id: int | None
    member: str | None
    text: str
    at: dt.datetime


@frozen
class File:
    """A photo, voice note, file or place that belongs to a case, as Telegram's ids; ``name`` of a file."""

    kind: str
    file_id: str
    unique_id: str
    size: int | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@frozen
class Progress:
    """A case with what its customer may see of the story: own words and our answers, and when each state came.

    ``owner`` is whoever works on it, ``None`` while the account is not confirmed: then it sees only its own words.
    """

    case: CaseLine
    reached: tuple[tuple[CaseState, dt.datetime], ...]
    entries: tuple[Entry, ...]
    files: int = 0
    owner: str | None = None


class Account(StrEnum):
    """Whether an answer reaches the customer in the chat."""

    HERE = "here"
    UNCONFIRMED = "unconfirmed"  # the rep has not said yet that it is he
    BLOCKED = "blocked"  # the bot
    NONE = "none"


@frozen
class CaseFile:
    """A case as one of the staff has it open.

    Attributes:
        left: working time until the next clock ends, negative when it has ended; ``None``: none runs.
        account: of who hears of it.
        mine: it is the reader's to act on.
        card: the reader may open the customer's card.
    """

    case: CaseLine
    story: tuple[Entry, ...]
    files: int
    left: dt.timedelta | None
    account: Account
    mine: bool
    card: bool


@frozen
class Done:
    """A case after somebody did something to it, the act and its kind, and the line of the story where there is one."""

    case: CaseLine
    kind: str
    act_id: int
    entry_id: int | None = None


def check_words(words: str) -> str:
    """What a person wrote, without blanks around it.

    Raises:
        Invalid: nothing in it, or more than ``LONGEST_WORDS`` characters.
    """
    words = words.strip()
    if not words:
        raise Invalid("words", Fault.EMPTY)
    if len(words) > LONGEST_WORDS:
        raise Invalid("words", Fault.TOO_LONG, LONGEST_WORDS)
    return words
