"""Messages between a customer and the staff: each is a row, whoever wrote it."""

import datetime as dt

from domain.values import frozen

LEAVES_AFTER = dt.timedelta(seconds=5)  # an answer can be caught before it leaves: a wrong word is noticed at once
RECALL = dt.timedelta(minutes=2)  # and taken away from the customer's screen
EDITS = dt.timedelta(hours=48)  # as long as Telegram lets a person edit a message
LONGEST_ANSWER = 3500  # characters: a message holds 4,096, and who answers stands above
LATE = dt.timedelta(hours=4)  # without an answer: the lead sees it too


@frozen
class TalkMedia:
    """What was sent with a message, as Telegram's ids."""

    kind: str
    file_id: str
    name: str | None
    latitude: float | None
    longitude: float | None


@frozen
class TalkLine:
    """One message. ``member`` is who of the staff wrote it; ``None``: the customer did.

    ``contact`` is the name in the record, ``account`` the Telegram account's own; ``confirmed``: the owner said it is he.
    ``open``: a customer's message that nobody took up yet.
    """

    id: int
    version: int
    customer_id: int
    customer: str
    owner_id: int | None
    contact: str | None
    person_id: int
    account: str
    member_id: int | None
    member: str | None
    text: str
    said_at: dt.datetime
    chat_id: int
    message_id: int
    open: bool
    recalled: bool
    media: TalkMedia | None = None
    confirmed: bool = True

    @property
    def who(self) -> str:
        """How staff call whoever wrote as the customer: by the record, and by the company where that is another."""
        name = self.contact or self.account or self.customer
        return name if name == self.customer else f"{name} · {self.customer}"


@frozen
class Answered:
    """An answer that is about to leave, and the act that a recall takes back."""

    line: TalkLine
    act_id: int
