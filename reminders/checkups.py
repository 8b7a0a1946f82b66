"""Once a year a customer is asked whether the record is still right."""

import datetime as dt

from domain.consents import Purpose
from domain.errors import NotFound
from domain.me import STILL_RIGHT, Record
from domain.people import Actor
from reminders import Due
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views import me as view

KIND = "checkup"


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Record | None:
    try:
        return uow.own(actor).record(row.subject_id)
    except NotFound:
        return None


def follow(uow: UnitOfWork, row: DueRow, now: dt.datetime) -> None:
    """The next year's, as long as the account is bound."""
    at = now + STILL_RIGHT
    if any(one.id == row.subject_id for one in uow.bindings(uow.people.actor(row.person_id)).mine()):
        DueRepository(uow).owe(KIND, row.subject_id, row.person_id, at=at, key=f"{KIND}:{row.subject_id}:{at:%Y}")


DUE = (
    Due(
        KIND,
        read,
        lambda t, record, now: view.still_right(t, record),
        follow,
        unasked=True,
        purpose=Purpose.SERVICE,
    ),
)
