"""Somebody begins to stand in, and has it behind them; and meanwhile hears what the other would have heard."""

import datetime as dt
from collections.abc import Mapping, Sequence

from domain.away import Absence
from domain.people import Actor
from reminders import Due, all_due
from storage.away import absent, stand_in_of
from storage.due import DueRow
from storage.reminders import owner_of
from storage.uow import UnitOfWork
from views import away as view

NEWS = dt.timedelta(days=4)  # after a long weekend it is still worth a word


def moved(uow: UnitOfWork, rows: Sequence[DueRow]) -> Mapping[int, int]:
    """The persons who hear of rows in place of somebody who is away at this moment, by the rows' ids."""
    known = all_due()
    placed = [(row, rule) for row in rows if row.kind in known and (rule := known[row.kind].in_place) is not None]
    away = absent(uow, {row.person_id for row, _ in placed}) if placed else {}
    found = {}
    for row, rule in placed:
        member_id = rule(uow, row, away[row.person_id]) if row.person_id in away else None
        hearer = uow.people.of_member(member_id) if member_id is not None else None
        if hearer is not None and hearer.person_id != row.person_id:
            found[row.id] = hearer.person_id
    return found


def by_owner(uow: UnitOfWork, row: DueRow, member_id: int) -> int | None:
    """What is owed to the owner of a customer: whoever stands in."""
    return stand_in_of(uow, member_id)


def by_customer(uow: UnitOfWork, row: DueRow, member_id: int) -> int | None:
    """Of a reminder about an own customer whoever stands in; all others are the person's own affair."""
    return stand_in_of(uow, member_id) if owner_of(uow, row.subject_id) == member_id else None


def _absence(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = uow.away(actor).of(row.subject_id, after=now - NEWS)
    return found if found is not None and found.stand_in_id == actor.member_id else None


def begins(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = _absence(uow, row, actor, now)
    return found if found is not None and found.since <= now < found.until and now - found.since < NEWS else None


def ends(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Absence | None:
    found = _absence(uow, row, actor, now)
    return found if found is not None and found.until <= now else None


DUE = (
    Due("stand_in", begins, lambda t, absence, now: view.you_stand_in(t, absence), unasked=True),
    Due("stand_in_over", ends, lambda t, absence, now: view.is_back(t, absence), unasked=True),
)
