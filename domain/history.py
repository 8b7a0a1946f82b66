"""Acts: what one person did at one moment, who may read them, and when they may be taken back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from domain.people import ADMINS, LEADS, Role
from domain.values import frozen

IMPORTED = "sheet.imported"  # an act of thousands of rows: taken back as long work, after a question
STAFF_NOUNS = frozenset({"member", "team", "invite"})  # acts about colleagues: to be undone by who may still do them
ADMIN_KINDS = frozenset({"member.role_changed", "team.led", "organisation.changed"})


@frozen
class ActLine:
    """One act as the trail shows it. ``kind`` is ``noun.verbed``; ``undo_until`` None: it cannot be undone.

    ``facts`` hold what the rows alone do not tell: a ``name``, and the persons who were ``told``.
    """

    id: int
    kind: str
    at: dt.datetime
    person_id: int | None
    member: str | None
    customer_id: int | None
    customer: str | None
    undo_until: dt.datetime | None
    undone: bool
    facts: Mapping[str, Any] = field(default_factory=dict)

    def may_undo(self, now: dt.datetime) -> bool:
        """Whether the act can still be taken back at ``now``."""
        return not self.undone and self.undo_until is not None and self.undo_until > now

    @property
    def noun(self) -> str:
        """What the act was about: ``customer``, ``touch``, ``member`` …"""
        return self.kind.partition(".")[0]

    @property
    def undoers(self) -> frozenset[Role] | None:
        """Roles that may take the act back, ``None`` for every role: a right that is gone undoes nothing either."""
        if self.kind in ADMIN_KINDS:
            return ADMINS
        return LEADS if self.noun in STAFF_NOUNS else None


class Sight(StrEnum):
    """How much of a changed row the reader may see: by the rights of now, not of when it was written."""

    FULL = "full"
    MASKED = "masked"  # a customer of the pool
    NONE = "none"  # a customer who is a colleague's by now


@frozen
class ChangeLine:
    """One row that an act changed, in column names. ``before`` None: added; ``after`` None: removed.

    Attributes:
        row: an added or removed row as far as it is known, to say what it was.
        subject: the customer it belongs to, where the act is about more than one.
    """

    table: str
    row_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    row: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None
    sight: Sight = Sight.FULL


@frozen
class Shown:
    """Which acts a trail shows: all in sight, or those about a customer, or those of a member."""

    customer_id: int | None = None
    member_id: int | None = None
