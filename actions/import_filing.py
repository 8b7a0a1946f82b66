"""Filing the customers of a spreadsheet, batch by batch under one act: the new ones, what the others gain, next touches."""

import datetime as dt
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.customers import Customer, Grade
from domain.gains import Gain, gain_of
from domain.imports import (
    Asked,
    Candidates,
    Fate,
    ImportLine,
    Incoming,
    Match,
    OwnerRule,
    Stored,
    agreed_of,
    find_same,
    touched_of,
)
from domain.next_touches import NextTouch, Origin, spread
from domain.people import Actor, Role
from domain.values import frozen
from parsing.names import SearchKeys, norm_of
from storage.filing import Filing, work_out
from storage.search import work_out as search_keys_of
from storage.uow import UnitOfWork

FURTHEST = dt.timedelta(days=366 * 60)  # days that are looked at for room: 100,000 customers of one rep


def sort_out(uow: UnitOfWork, actor: Actor, batch: Sequence[Incoming], *, import_id: int) -> list[Match]:
    """Which stored customers those of a batch are."""
    among = uow.imports(actor).candidates(Asked.of(batch), import_id=import_id)
    return _matches(uow, actor, batch, among)


def _matches(uow: UnitOfWork, actor: Actor, batch: Sequence[Incoming], among: Candidates) -> list[Match]:
    if not among.known:
        return [Match(Fate.NEW)] * len(batch)
    holds = uow.imports(actor).scope.holds
    return [find_same(one, among, readable=holds) for one in batch]


def would_gain(
    uow: UnitOfWork, actor: Actor, batch: Sequence[Incoming], matches: Sequence[Match], *, now: dt.datetime
) -> list[Fate]:
    """What would become of each of a batch; nothing is stored."""
    ids = [match.known.id for match in matches if match.known and match.fate is Fate.UPDATED]
    stored = {one.customer.id: one for one in uow.exports(actor).stored(ids)} if ids else {}
    fates = [match.fate for match in matches]
    for number, (one, match) in enumerate(zip(batch, matches, strict=True)):
        if match.fate is Fate.UPDATED and match.known is not None:
            gain = gain_of(stored[match.known.id], one, wins=match.wins, zone=actor.zone, now=now)
            fates[number] = Fate.UPDATED if gain else Fate.SAME
    return fates


@frozen
class Said:
    """What a file says of a new customer that the core decides about: the owner's name, normalised, and two days."""

    owner: str = ""
    next_touch: dt.date | dt.datetime | None = None
    last_touch: dt.date | dt.datetime | None = None


@frozen
class Batch:
    """Customers of a file made ready by its reader, so that little is left to do while everybody waits.

    Attributes:
        asked: by what it is found that one of them is there by now.
        packed: the customers themselves; where none of them is there, nobody unpacks them.
        new: places of those that were not there yet; ``filing`` has their rows, ``said`` what goes with them.
        names: search keys of the others, which may get another name.
    """

    count: int
    asked: Asked
    packed: bytes
    new: tuple[int, ...]
    filing: Filing
    said: tuple[Said, ...]
    names: dict[str, SearchKeys]


def make_ready(pairs: Sequence[tuple[Incoming, Match]]) -> Batch:
    """A batch of customers with what they were found to be. What depends on the time and on rights is left open."""
    customers = tuple(replace(one, cells=()) for one, _ in pairs)
    new = tuple(place for place, (_, match) in enumerate(pairs) if match.fate is Fate.NEW)
    others = (one for one, match in pairs if match.fate is not Fate.NEW)
    return Batch(
        len(customers),
        Asked.of(customers),
        pickle.dumps(customers, pickle.HIGHEST_PROTOCOL),
        new,
        work_out([customers[place].draft for place in new]),
        tuple(_said_of(customers[place]) for place in new),
        search_keys_of(name for one in others for name in one.draft.names),
    )


def _said_of(one: Incoming) -> Said:
    return Said(norm_of(one.owner) if one.owner else "", one.next_touch, one.last_touch)


def file_batch(
    uow: UnitOfWork,
    actor: Actor,
    line: ImportLine,
    batch: Batch,
    tally: Mapping[Fate, int],
    *,
    owners: Mapping[str, Any],
    now: dt.datetime,
) -> ImportLine:
    """File the new customers of a batch and fill the gaps of those that are there.

    Who is new is asked again here: two imports of one file may run side by side.

    Args:
        tally: what else became of rows since the last batch.
    """
    assert line.act_id is not None
    uow.resume(line.act_id)
    uow.worked_out = batch.names
    done = _done(line, tally)
    among = uow.imports(actor).candidates(batch.asked, import_id=line.id)
    customers: Sequence[Incoming] = pickle.loads(batch.packed) if among.known else ()
    matches = _matches(uow, actor, customers, among) if among.known else [Match(Fate.NEW)] * batch.count
    new = tuple(place for place, match in enumerate(matches) if match.fate is Fate.NEW)
    known = [(customers[place], match) for place, match in enumerate(matches) if match.fate is Fate.UPDATED]
    for fate in (match.fate for match in matches if match.fate not in (Fate.NEW, Fate.UPDATED)):
        done[fate] += 1
    done[Fate.UPDATED] += (gained := _fill_gaps(uow, actor, known, now=now))
    done[Fate.SAME] += len(known) - gained
    if new == batch.new:
        filing, said = batch.filing, batch.said
    else:
        customers = customers or pickle.loads(batch.packed)
        filing = work_out([customers[place].draft for place in new])
        said = tuple(_said_of(customers[place]) for place in new)
    given = _file_new(uow, actor, line, filing, said, owners=owners, turn=done[Fate.NEW], now=now)
    done[Fate.NEW] += len(new)
    together = Counter(line.facts["given"]) + Counter(str(owner) for owner in given if owner is not None)
    return uow.imports(actor).change(line, done=_plain(done), given=dict(together))


def count_rest(uow: UnitOfWork, actor: Actor, line: ImportLine, tally: Mapping[Fate, int]) -> ImportLine:
    """Count what became of the last rows."""
    return uow.imports(actor).change(line, done=_plain(_done(line, tally)))


def _done(line: ImportLine, tally: Mapping[Fate, int]) -> Counter[Fate]:
    return Counter({Fate(name): count for name, count in line.facts["done"].items()}) + Counter(tally)


def _plain(counts: Counter[Fate]) -> dict[str, int]:
    return {str(fate): count for fate, count in counts.items() if count}


def _file_new(
    uow: UnitOfWork,
    actor: Actor,
    line: ImportLine,
    filing: Filing,
    said: Sequence[Said],
    *,
    owners: Mapping[str, Any],
    turn: int,
    now: dt.datetime,
) -> list[int | None]:
    """File customers with the next touches that the file names; the owners they got, in order."""
    if not said:
        return []
    imports = uow.imports(actor)
    given = [_owner_of(one.owner, owners, actor, turn=turn + place) for place, one in enumerate(said)]
    if any(given):
        present = {key for key, _, _ in imports.members()}
        given = [owner if owner in present else None for owner in given]
    touched = [touched_of(one.last_touch, zone=actor.zone, now=now) for one in said]
    keys = imports.file(line.id, filing, given, touched)
    agreed = (agreed_of(one.next_touch, zone=actor.zone, now=now) for one in said)
    plans = zip(keys, given, agreed, strict=True)
    imports.plan_many([(key, owner, plan) for key, owner, plan in plans if owner is not None and plan is not None])
    return given


def _owner_of(said: str, owners: Mapping[str, Any], actor: Actor, *, turn: int) -> int | None:
    """The member whom a new customer goes to, where the file says ``said``; ``turn`` counts those given before."""
    if actor.role is Role.REP:
        return actor.member_id
    found: int | None = None
    match OwnerRule(owners["rule"]):
        case OwnerRule.COLUMN:
            found = owners["names"].get(said) if said else None
        case OwnerRule.ME | OwnerRule.ONE:
            found = owners["owner_id"]
        case OwnerRule.EVEN:
            found = owners["even"][turn % len(owners["even"])] if owners["even"] else None
        case OwnerRule.POOL:
            found = None
    return found


def _fill_gaps(uow: UnitOfWork, actor: Actor, known: Sequence[tuple[Incoming, Match]], *, now: dt.datetime) -> int:
    """Give existing customers what the file adds; how many gained anything."""
    ids = [match.known.id for _, match in known if match.known]
    stored = {one.customer.id: one for one in uow.exports(actor).stored(ids)} if ids else {}
    imports, gained = uow.imports(actor), 0
    hanging: list[tuple[Customer, Gain]] = []
    for one, match in known:
        assert match.known is not None
        current: Stored | None = stored.pop(match.known.id, None)
        if current is None:  # a second row of the same customer sees the first's
            imports.hang_on(hanging)
            hanging = []
            current = uow.exports(actor).stored([match.known.id])[0]
        gain = gain_of(current, one, wins=match.wins, zone=actor.zone, now=now)
        if gain:
            imports.apply(match.known.id, gain)
            hanging.append((current.customer, gain))
            gained += 1
    imports.hang_on(hanging)
    return gained


def plan_batch(
    uow: UnitOfWork, actor: Actor, line: ImportLine, customer_ids: Sequence[int], *, now: dt.datetime
) -> ImportLine:
    """Propose next touches for customers of one import: a few per working day, on top of what stands."""
    assert line.act_id is not None
    uow.resume(line.act_id)
    waiting: dict[int, list[tuple[int, Grade]]] = {}
    for customer_id, owner_id, grade in uow.imports(actor).waiting(line.id, customer_ids):
        waiting.setdefault(owner_id, []).append((customer_id, grade))
    plans = [plan for owner_id, ones in waiting.items() for plan in _spread(uow, actor, owner_id, ones, now=now)]
    uow.imports(actor).plan_many(plans)
    days = [plan.day.isoformat() for _, _, plan in plans] + line.facts.get("days", [])
    planned = line.facts.get("planned", 0) + len(plans)
    return uow.imports(actor).change(line, planned=planned, days=[min(days), max(days)] if days else [])


def _spread(
    uow: UnitOfWork, actor: Actor, owner_id: int, ones: Sequence[tuple[int, Grade]], *, now: dt.datetime
) -> list[tuple[int, int, NextTouch]]:
    owner = uow.people.of_member(owner_id) or actor
    calendar = uow.calendar()
    first = calendar.following_working_day(now.astimezone(owner.zone).date())
    taken = uow.next_touches(actor).load(owner_id, first, first + FURTHEST)
    days = spread([grade for _, grade in ones], first, taken=taken, calendar=calendar)
    return [
        (customer_id, owner_id, NextTouch(day, None, Origin.PROPOSED))
        for (customer_id, _), day in zip(ones, days, strict=True)
    ]
