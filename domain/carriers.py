"""What is carried outside Telegram: an e-mail or a text message that leads to a contact's page."""

import datetime as dt
from enum import StrEnum

from domain.customers import ChannelKind
from domain.values import frozen

LOST_AFTER = dt.timedelta(minutes=10)  # of a claim without an end: its program died; no call takes a minute
AGAIN_AFTER = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 120))  # when no server took it; then it has failed
MOST_UNKNOWN = 2  # calls that may have arrived: like every invitation it is resent once, then ``UNCERTAIN``


class Carrier(StrEnum):
    MAIL = "mail"
    SMS = "sms"

    @property
    def channel(self) -> ChannelKind:
        """Where its address stands among those of a contact."""
        return ChannelKind.EMAIL if self is Carrier.MAIL else ChannelKind.PHONE


class Carried(StrEnum):
    """How far it got. ``SENDING`` is committed before the call, so that a crash in it is known as one."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Fate(StrEnum):
    """What became of a call: taken, surely not taken, refused for good, or nobody knows."""

    TAKEN = "taken"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@frozen
class Burden:
    """A message ready to leave. ``attempt`` is named again when it is settled, so that a late answer settles nothing else."""

    invitation_id: int
    attempt: int
    carrier: Carrier
    to: str
    subject: str
    text: str
    stop: str
    at: dt.datetime


def next_state(fate: Fate, attempt: int, *, now: dt.datetime) -> tuple[Carried, dt.datetime]:
    """How it stands after a call, and when it may leave again."""
    match fate:
        case Fate.TAKEN:
            return Carried.SENT, now
        case Fate.REFUSED:
            return Carried.FAILED, now
        case Fate.NOT_SENT if attempt <= len(AGAIN_AFTER):
            return Carried.DUE, now + AGAIN_AFTER[attempt - 1]
        case Fate.NOT_SENT:
            return Carried.FAILED, now
        case Fate.UNKNOWN if attempt < MOST_UNKNOWN:
            return Carried.DUE, now + AGAIN_AFTER[0]
        case Fate.UNKNOWN:
            return Carried.UNCERTAIN, now
