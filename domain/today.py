"""My day: everything that waits for one member."""

import datetime as dt

from domain.bindings import Binding
from domain.birthdays import Celebrant
from domain.cases import CaseLine
from domain.enquiries import Enquiry
from domain.me import Correction
from domain.next_touches import NextTouchLine
from domain.reminders import ReminderLine
from domain.talks import TalkLine
from domain.touches import DraftLine
from domain.values import frozen


@frozen
class Day:
    """What stands on ``today`` (local), each kind in the order of urgency."""

    today: dt.date
    now: dt.datetime
    drafts: tuple[DraftLine, ...] = ()
    reminders: tuple[ReminderLine, ...] = ()
    next_touches: tuple[NextTouchLine, ...] = ()
    birthdays: tuple[Celebrant, ...] = ()
    corrections: tuple[Correction, ...] = ()  # what customers want changed and staff must confirm
    accounts: tuple[Binding, ...] = ()  # whoever opened a link: is it he?
    claims: tuple[Enquiry, ...] = ()  # for leads: who says to be a customer
    talks: tuple[TalkLine, ...] = ()  # what customers wrote and nobody took up
    cases: tuple[CaseLine, ...] = ()  # in which it is the member's turn

    @property
    def count(self) -> int:
        kinds = (
            *(self.drafts, self.talks, self.accounts, self.claims, self.corrections, self.cases),
            *(self.reminders, self.next_touches, self.birthdays),
        )
        return sum(map(len, kinds))
