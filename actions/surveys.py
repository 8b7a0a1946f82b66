"""Asking a contact: the invitation that waits for the ten minutes of undo, the daytime and its turn."""

import datetime as dt
from typing import Any

from domain.people import Actor
from domain.survey_sending import EXPIRES
from domain.surveys import InvitationState
from storage.uow import UNDO, UnitOfWork


def invite(
    uow: UnitOfWork,
    actor: Actor,
    survey_id: int,
    *,
    customer_id: int,
    contact_id: int | None,
    person_id: int | None,
    wave_id: int | None = None,
    touch_id: int | None = None,
    case_id: int | None = None,
    now: dt.datetime,
) -> int:
    """Owe a contact an invitation, in the open act, and return its id; it leaves when Undo is over.

    The caller has checked that the contact may be asked (``domain.survey_sending``).
    """
    values = invitation_row(survey_id, wave_id=wave_id, touch_id=touch_id, case_id=case_id, now=now)
    values |= {"customer_id": customer_id, "contact_id": contact_id, "person_id": person_id}
    return uow.invitations(actor).add(values)


def invitation_row(
    survey_id: int,
    *,
    wave_id: int | None = None,
    touch_id: int | None = None,
    case_id: int | None = None,
    now: dt.datetime,
) -> dict[str, Any]:
    """The columns that all invitations of one moment share."""
    return {
        "survey_id": survey_id,
        "wave_id": wave_id,
        "touch_id": touch_id,
        "case_id": case_id,
        "state": InvitationState.WAITING,
        "created_at": now,
        "send_at": now + UNDO,
        "expires_at": now + UNDO + EXPIRES,
    }
