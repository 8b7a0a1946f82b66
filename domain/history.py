"""Acts: what one person did at one moment, and when it may be taken back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act as the trail shows it. ``kind`` is ``noun.verbed``; ``undo_until`` None: it cannot be undone."""

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


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One row that an act changed, in column names. ``before`` None: added; ``after`` None: removed."""

    table: str
    row_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
