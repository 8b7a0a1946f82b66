"""Touches (跟进): any real contact with a customer, and the drafts that wait for one missing thing."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from domain.amounts import Amount
from domain.errors import Fault, Invalid
from domain.next_touches import NextTouch, NextTouchLine
from domain.values import frozen

LONGEST_NOTE = 4000  # characters; a Telegram message holds 4,096 and the rest of the row needs room on screen
SLACK = dt.timedelta(minutes=5)  # a phone's clock may run ahead of ours


class TouchKind(StrEnum):
    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    EMAIL = "email"
    MEETING = "meeting"
    DEMO = "demo"
    ORDER = "order"
    SERVICE = "service"


class Outcome(StrEnum):
    """Only ``REACHED`` moves cadence and pool clocks; ``TRIED`` is history."""

    REACHED = "reached"
    TRIED = "tried"


@frozen
class TouchDraft:
    """A touch about to be filed. ``note`` is the whole message word for word."""

    customer_id: int
    kind: TouchKind
    outcome: Outcome
    happened_at: dt.datetime
    note: str
    contact_id: int | None = None
    next_touch: NextTouch | None = None
    tags: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    chat_id: int | None = None
    message_id: int | None = None


@frozen
class TouchLine:
    """A touch as the card and lists show it."""

    id: int
    customer_id: int
    customer: str
    contact: str | None
    member: str | None
    kind: TouchKind
    outcome: Outcome
    happened_at: dt.datetime
    note: str
    version: int


@frozen
class LoggedTouch:
    """What logging a touch did, for the card that confirms it."""

    touch: TouchLine
    act_id: int
    next_touch: NextTouchLine | None
    also_due: tuple[NextTouchLine, ...] = ()  # agreed things of about that day: "also done?"
    amounts: tuple[Amount, ...] = ()
    tags: tuple[str, ...] = ()


class DraftState(StrEnum):
    OPEN = "open"
    FILED = "filed"
    DROPPED = "dropped"


class Missing(StrEnum):
    """The one thing that an open draft waits for."""

    CUSTOMER = "customer"  # none was found, or none was named
    WHICH = "which"  # several match
    CLAIM = "claim"  # the only one that matches is in the public pool
    NEXT = "next"  # the next touch lies in the past, or its clock time can be read two ways
    HAPPENED = "happened"  # the visit lies in the future
    DAYS = "days"  # one message about several days


@frozen
class DraftLine:
    """An open draft: one message that waits for one missing thing.

    ``choices`` are what its person decided so far, as JSON: ``next`` (a day or instant), ``happened`` …
    """

    id: int
    chat_id: int
    message_id: int
    text: str
    said_at: dt.datetime
    customer_id: int | None
    contact_id: int | None
    missing: str
    choices: Mapping[str, Any]
    version: int


def check_draft(draft: TouchDraft, *, now: dt.datetime) -> None:
    """Refuse what cannot be a touch.

    Raises:
        Invalid: the note is empty or longer than ``LONGEST_NOTE``, or the touch lies in the future.
    """
    if not draft.note.strip():
        raise Invalid("note", Fault.EMPTY)
    if len(draft.note) > LONGEST_NOTE:
        raise Invalid("note", Fault.TOO_LONG, LONGEST_NOTE)
    if draft.happened_at > now + SLACK:
        raise Invalid("happened_at", Fault.IN_FUTURE)
