"""What strangers ask for: to be known as a customer by the own number, or to be contacted."""

import datetime as dt
from enum import StrEnum

from domain.values import frozen

A_DAY = 3  # of one account: a person asks once, a script asks for ever
DAY = dt.timedelta(days=1)


class EnquiryKind(StrEnum):
    CLAIM = "claim"  # I am a customer
    CONTACT = "contact"  # contact me


class EnquiryState(StrEnum):
    OPEN = "open"
    LINKED = "linked"  # a claim that staff tied to a customer
    FILED = "filed"  # became a prospect
    REFUSED = "refused"
    REPLACED = "replaced"  # the same account asked again


@frozen
class Enquiry:
    """What an account asked for; ``phone`` is the own shared number in E.164, of a claim."""

    id: int
    version: int
    person_id: int
    kind: EnquiryKind
    state: EnquiryState
    name: str
    username: str | None
    phone: str | None
    created_at: dt.datetime

    @property
    def account(self) -> str:
        """``张伟 @zw``."""
        return self.name + (f" @{self.username}" if self.username else "")


@frozen
class Match:
    """A customer with the number of a claim, as far as the reader sees it. ``taken``: whose account the contact is already."""

    contact_id: int
    customer: str
    contact: str | None
    owner: str | None
    taken: str | None
