"""Refusals: facts, no wording.

    DomainError
    ├── NotFound          missing, or outside the actor's scope (the same, so that ids do not leak)
    ├── NotAllowed        seen, but not yours to do
    ├── Changed           the row is no longer as the screen showed it
    ├── TooLate           an undo, link or button whose time is over
    ├── Invalid           a value that cannot be stored, with the field and the limit
    ├── Taken             somebody else was first
    └── Throttled         too often; says when it is open again

``views/errors.py`` has one ``case`` per class and a contract test proves it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class DomainError(Exception):
    """Base of every expected refusal. Carries facts, never wording. Anything else that is raised is a bug."""


@dataclass(eq=False)  # not frozen: contextlib assigns __traceback__
class NotFound(DomainError):
    """Also raised for rows outside the actor's scope, so that ids do not leak."""

    kind: str
    key: int | str


@dataclass(eq=False)
class NotAllowed(DomainError):
    """The actor sees the thing but may not do this to it."""

    act: str


@dataclass(eq=False)
class Changed(DomainError):
    """The row was changed since the actor's screen was drawn, or since the act that is to be undone."""

    kind: str
    key: int


@dataclass(eq=False)
class TooLate(DomainError):
    """The time for it is over: an undo after its 10 minutes, a button of a past screen."""

    what: str


class Fault(StrEnum):
    """What is wrong with a value."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    IN_PAST = "in_past"
    IN_FUTURE = "in_future"
    TOO_FAR = "too_far"


@dataclass(eq=False)
class Invalid(DomainError):
    """A value that cannot be stored. ``limit`` is in characters for ``TOO_LONG``, in years for ``TOO_FAR``."""

    field: str
    fault: Fault
    limit: int | None = None


@dataclass(eq=False)
class Taken(DomainError):
    """Somebody else was first; ``by`` is the name of a member, or ``None`` where it is not the reader's to know."""

    kind: str
    by: str | None = None


@dataclass(eq=False)
class Throttled(DomainError):
    """Too many of ``what``; open again at ``until`` (aware UTC), ``None`` where that is not said."""

    what: str
    until: dt.datetime | None = None
