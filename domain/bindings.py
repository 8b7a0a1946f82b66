"""What ties a Telegram account to a customer's record, and the links that lead there."""

import datetime as dt
from enum import StrEnum

from domain.values import frozen

LINK_DAYS = 14  # of a personal link: long enough for who is asked at a fair, short enough that a forwarded one is dead


class BindingState(StrEnum):
    """``PENDING`` until the owner said that it is he: may write and answer, sees only what was typed there."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Part(StrEnum):
    """What somebody is at a customer where several have an account."""

    BUYER = "buyer"
    USER = "user"
    PAYER = "payer"


class LinkKind(StrEnum):
    """A personal link leads to one contact and is used up; a public one makes a prospect of each who opens it.

    A page's is opened in a browser by who has no Telegram, as often as they like until it ends.
    """

    PERSONAL = "personal"
    PUBLIC = "public"
    PAGE = "page"


@frozen
class Binding:
    """One account at one contact of one customer. ``contact`` is the name in the record, ``name`` the account's own."""

    id: int
    version: int
    person_id: int
    customer_id: int
    contact_id: int
    state: BindingState
    part: str | None  # buyer, user, payer …, as the staff call it
    opened_at: dt.datetime
    name: str
    username: str | None
    contact: str | None
    customer: str
    owner_id: int | None

    @property
    def confirmed(self) -> bool:
        return self.state is BindingState.CONFIRMED
