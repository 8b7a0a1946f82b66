"""Sending surveys: one contact asked once, who is left out and why, and when something may leave."""

import datetime as dt
from dataclasses import dataclass

from domain.surveys import InvitationState

EXPIRES = dt.timedelta(days=14)  # after it was made; nobody remembers a visit of last month well
REMIND_AFTER = dt.timedelta(days=3)  # once, when it was sent and is not answered

ANSWERABLE = frozenset({InvitationState.SENT, InvitationState.OPENED})
PENDING = ANSWERABLE | {InvitationState.WAITING}


@dataclass(frozen=True, slots=True)
class Invitation:
    """One contact asked once. ``person_id`` None: without Telegram, by the web page; ``customer`` as it is called now."""

    id: int
    version: int
    survey_id: int
    wave_id: int | None
    customer_id: int
    customer: str
    owner_id: int | None
    contact_id: int | None
    contact: str | None
    person_id: int | None
    touch_id: int | None
    case_id: int | None
    response_id: int | None
    state: InvitationState
    created_at: dt.datetime
    send_at: dt.datetime
    sent_at: dt.datetime | None
    opened_at: dt.datetime | None
    done_at: dt.datetime | None
    reminded_at: dt.datetime | None
    expires_at: dt.datetime

    def answerable(self, now: dt.datetime) -> bool:
        """Whether answers are taken: it was sent, is not done or withdrawn, and its time is not over."""
        return self.state in ANSWERABLE and now < self.expires_at
