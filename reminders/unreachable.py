"""Telling whoever is responsible that somebody cannot be reached through the bot any more."""

import datetime as dt

from domain.bindings import Binding
from domain.errors import NotFound
from domain.people import Actor, MemberLine
from reminders import Due
from storage.due import DueRow
from storage.unreachable import KIND
from storage.uow import UnitOfWork
from views import unreachable as view


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> MemberLine | Binding | None:
    """The member or the customer's account; ``None`` when they are back, or none of the reader's any more."""
    lost = uow.people.actor(row.subject_id)
    if lost.reachable or not actor.is_staff:
        return None
    if lost.member_id is None:
        return next((line for line in uow.bindings(lost).mine() if _holds(uow, actor, line)), None)
    try:
        return uow.teams(actor).member(lost.member_id)
    except NotFound:
        return None


def _holds(uow: UnitOfWork, actor: Actor, line: Binding) -> bool:
    return line.owner_id is not None and line.owner_id == actor.member_id


DUE = (Due(KIND, read, view.told, unasked=True),)
