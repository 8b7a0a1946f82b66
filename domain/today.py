"""My day: everything that waits for one member."""

import datetime as dt
from dataclasses import dataclass

from domain.birthdays import Celebrant
from domain.next_touches import NextTouchLine
from domain.reminders import ReminderLine
from domain.touches import DraftLine


@dataclass(frozen=True, slots=True)
class Day:
    """What stands on ``today`` (local), each kind in the order of urgency."""

    today: dt.date
    drafts: tuple[DraftLine, ...] = ()
    reminders: tuple[ReminderLine, ...] = ()
    next_touches: tuple[NextTouchLine, ...] = ()
    birthdays: tuple[Celebrant, ...] = ()

    @property
    def count(self) -> int:
        return len(self.drafts) + len(self.reminders) + len(self.next_touches) + len(self.birthdays)
