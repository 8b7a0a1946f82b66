"""Clock entry points, one file per kind of due thing. A kind is served when its module stands in ``MODULES``."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from domain.consents import Purpose, Topic
from domain.next_touches import NextTouchLine
from domain.people import Actor
from domain.reminders import ReminderLine
from domain.values import frozen
from storage.due import DueRow
from storage.uow import UnitOfWork
from views.language import Translator
from views.replies import CopyRule, Lane, Reply

MODULES: tuple[str, ...] = (
    "again",
    "away",
    "bindings",
    "cases",
    "checkups",
    "corrections",
    "erasures",
    "imports",
    "low_scores",
    "morning",
    "next_touches",
    "reminders",
    "survey_invitations",
    "unreachable",
)

Timed = ReminderLine | NextTouchLine


@frozen
class AtOnce:
    """A way to read many due things of many people with a few statements; what is no longer true is left out.

    A kind that comes due in herds, at a full hour, needs it.
    """

    read: Callable[[UnitOfWork, Sequence[tuple[DueRow, Actor]], dt.datetime], Mapping[int, Any]]  # by the rows' ids


@frozen
class Due:
    """A kind of due thing.

    Attributes:
        read: the thing as it is now, read again as its recipient and noted as told; ``None`` when it is no longer true.
        render: the message about what ``read`` gave.
        follow: what is owed next, called also when the thing itself is told no more.
        bundled: goes out as one message with others of its moment.
        unasked: nobody set it to this moment: it waits for the end of quiet hours and days off, and counts for the day.
        own: it is about a matter that the customer brought up, so that surveys need not rest after it.
        purpose: what a customer must have agreed to; ``None`` for what is theirs anyway (their own case) and for staff.
        topic: what a customer may have switched off beside that.
        in_place: which member hears of it in place of one who is away, and takes it up; ``None``: the own person does.
    """

    kind: str
    read: Callable[[UnitOfWork, DueRow, Actor, dt.datetime], Any | None] | AtOnce
    render: Callable[[Translator, Any, dt.datetime], Reply | None]
    follow: Callable[[UnitOfWork, DueRow, dt.datetime], None] | None = None
    bundled: bool = False
    lane: Lane = Lane.REMINDER
    copy_rule: CopyRule = CopyRule.MUST
    unasked: bool = False
    own: bool = False
    purpose: Purpose | None = None
    topic: Topic | None = None
    in_place: Callable[[UnitOfWork, DueRow, int], int | None] | None = None


@cache
def all_due() -> dict[str, Due]:
    """Every kind by its name; each module ends with ``DUE = (Due(...), …)``."""
    return {due.kind: due for name in MODULES for due in import_module(f"reminders.{name}").DUE}
