"""The day on which a customer is forgotten, and the evening before it, when it can still be taken back."""

import datetime as dt

from actions.erasures import erase_now
from domain.erasures import DONE, EVE, Erasure
from domain.people import Actor
from reminders import Due
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views import privacy as view


def erase(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> None:
    """Do it, and go on until it is done. Nobody is told afterwards: whoever would be is no longer known."""
    again_at = erase_now(uow, actor, row.subject_id, now=now)
    if again_at is not None:
        DueRepository(uow).postpone([row.id], until=again_at)


def read_eve(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Erasure | None:
    return next((one for one in uow.erasures(actor).open() if one.id == row.subject_id), None)


DUE = (
    Due(DONE, erase, lambda t, found, now: None),
    Due(EVE, read_eve, lambda t, erasure, now: view.eve(t, erasure)),
)
