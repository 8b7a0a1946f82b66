"""What people are told at one moment: all that came due for them, read again as they are now."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.people import Actor
from domain.reminders import BUNDLE_ABOVE, BUNDLE_SPAN
from reminders import AtOnce, Due, all_due
from reminders.away import moved
from reminders.gate import admitted, count
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views.away import in_place
from views.language import Translator
from views.pushes import bundle
from views.replies import Notice

Kinds = list[tuple[DueRow, Due]]


@dataclass(slots=True)
class _Told:
    """What one person may be told: each thing by itself, then those that go out together where they are many."""

    actor: Actor
    apart: Kinds
    together: Kinds
    bundled: bool = False

    @property
    def rows(self) -> Kinds:
        return [*self.apart, *self.together]


def hearers(uow: UnitOfWork, rows: Sequence[DueRow]) -> list[tuple[Actor, list[DueRow]]]:
    """Who hears of ``rows``, each with theirs: the person they are owed to, or whoever stands in; the earliest first."""
    others = moved(uow, rows)
    found: dict[int, dict[tuple[str, int], DueRow]] = defaultdict(dict)
    for row in rows:  # a lead who stands in for a rep hears once of what both are owed
        found[others.get(row.id, row.person_id)].setdefault((row.kind, row.subject_id), row)
    actors = uow.people.actors(found)
    return [(actors[person_id], list(theirs.values())) for person_id, theirs in found.items()]


def dispatch(
    uow: UnitOfWork,
    people: Sequence[tuple[Actor, Sequence[DueRow]]],
    words: Callable[[Actor], Translator],
    now: dt.datetime,
) -> list[Notice]:
    """The messages for each person's rows, earliest first; what is no longer true or useful says nothing.

    More than ``BUNDLE_ABOVE`` bundled things of a person within ``BUNDLE_SPAN`` go out as one message, those still to
    come in that span included.
    """
    told = [_told(uow, actor, rows, now) for actor, rows in people]
    _bundle(uow, told, now)
    found = _read(uow, told, now)
    return [notice for one in told for notice in _say(uow, one, found, words(one.actor), now)]


def _told(uow: UnitOfWork, actor: Actor, rows: Sequence[DueRow], now: dt.datetime) -> _Told:
    """What of ``rows`` is useful and admitted; all of them owe what follows."""
    served = _served(rows)
    for row, due in served:
        if due.follow is not None:
            due.follow(uow, row, now)
    useful = [(row, due) for row, due in served if row.useful_until is None or row.useful_until >= now]
    told = admitted(uow, actor, useful, now)
    return _Told(actor, [one for one in told if not one[1].bundled], [one for one in told if one[1].bundled])


def _served(rows: Sequence[DueRow]) -> Kinds:
    return [(row, all_due()[row.kind]) for row in rows if row.kind in all_due()]


def _bundle(uow: UnitOfWork, told: Sequence[_Told], now: dt.datetime) -> None:
    """Where much is to be said together, take what is still to come along."""
    some = {one.actor.person_id: one for one in told if one.together}
    if not some:
        return
    people = {row.person_id for one in some.values() for row, _ in one.together} | some.keys()
    rows = DueRepository(uow).coming(people, until=now + BUNDLE_SPAN)
    others = moved(uow, rows)
    coming: dict[int, Kinds] = defaultdict(list)
    for row, due in _served(rows):
        if due.bundled:
            coming[others.get(row.id, row.person_id)].append((row, due))
    taken: Kinds = []
    for person_id, one in some.items():
        if len(one.together) + len(coming[person_id]) > BUNDLE_ABOVE:
            one.bundled = True
            one.together += coming[person_id]
            taken += coming[person_id]
    DueRepository(uow).settle([row.id for row, _ in taken])


def _read(uow: UnitOfWork, told: Sequence[_Told], now: dt.datetime) -> dict[int, Any]:
    """What is still true, by the ids of the rows; many of a kind at once where the kind knows how."""
    found: dict[int, Any] = {}
    herds: dict[AtOnce, list[tuple[DueRow, Actor]]] = defaultdict(list)
    for one in told:
        for row, due in one.rows:
            if isinstance(due.read, AtOnce):
                herds[due.read].append((row, one.actor))
            else:
                found[row.id] = due.read(uow, row, one.actor, now)
    for herd, rows in herds.items():
        found.update(herd.read(uow, rows, now))
    return found


def _say(uow: UnitOfWork, one: _Told, found: Mapping[int, Any], t: Translator, now: dt.datetime) -> list[Notice]:
    lines = [line for row, _ in one.together if (line := found.get(row.id)) is not None]
    notices = []
    for row, due in one.apart if one.bundled else one.rows:
        thing = found.get(row.id)
        reply = due.render(t, thing, now) if thing is not None else None
        if reply is not None:
            if row.person_id != one.actor.person_id:
                reply = in_place(t, reply, uow.people.actor(row.person_id).name)
            notices.append(Notice(one.actor.person_id, reply, due.lane, due.copy_rule))
            if due.unasked:
                count(uow, one.actor, due, now)
    if one.bundled and lines:
        notices.append(Notice(one.actor.person_id, bundle(t, lines, now)))
    return notices
