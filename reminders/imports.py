"""Customers that somebody imported for a member: told once, however many imports and rows they came from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.imports import GIVEN, TOLD_AFTER, Given
from domain.people import Actor
from reminders import AtOnce, Due
from storage.due import DueRepository, DueRow
from storage.import_given import given
from storage.uow import UnitOfWork
from views import import_given as view


def read(uow: UnitOfWork, rows: Sequence[tuple[DueRow, Actor]], now: dt.datetime) -> Mapping[int, list[Given]]:
    """By the first row of each person, all that were given to them; what follows within minutes comes along."""
    owed = {row.id: (row, actor) for row, actor in rows if actor.member_id is not None}
    actors = {actor.person_id: actor for _, actor in owed.values()}
    coming = DueRepository(uow).coming(actors, until=now + TOLD_AFTER)
    along = {row.id: (row, actors[row.person_id]) for row in coming if row.kind == GIVEN}
    DueRepository(uow).settle(list(along))
    firsts: dict[int, int] = {}
    wanted: dict[int, set[int]] = defaultdict(set)
    for row, actor in (owed | along).values():
        firsts.setdefault(actor.member_id or 0, row.id)
        wanted[actor.member_id or 0].add(row.subject_id)
    found: dict[int, list[Given]] = defaultdict(list)
    for one in given(uow, {key for keys in wanted.values() for key in keys}, wanted):
        if one.import_id in wanted[one.owner_id]:
            found[firsts[one.owner_id]].append(one)
    return found


DUE = (Due(GIVEN, AtOnce(read), lambda t, found, now: view.received(t, found), unasked=True),)
