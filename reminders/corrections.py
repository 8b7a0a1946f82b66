"""What became of a change that a customer asked for: told when the staff's undo is over."""

import datetime as dt

from domain.errors import NotFound
from domain.me import Correction, CorrectionState
from domain.people import Actor
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import me as view


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Correction | None:
    try:
        correction = uow.own(uow.people.program()).correction(row.subject_id)
    except NotFound:
        return None
    return None if correction.state is CorrectionState.OPEN or correction.person_id != actor.person_id else correction


DUE = (Due("correction", read, lambda t, correction, now: view.told(t, correction)),)
