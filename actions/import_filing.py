"""Filing the customers of a spreadsheet, batch by batch under one act: the new ones, what the others gain, next touches."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from domain.customers import Grade
from domain.gains import gain_of
from domain.imports import Fate, ImportLine, Incoming, Match, OwnerRule, Stored, agreed_of, find_same, touched_of
from domain.next_touches import NextTouch, Origin, spread
from domain.people import Actor, Role
from parsing.names import norm_of
from storage.uow import UnitOfWork

FURTHEST = dt.timedelta(days=366 * 60)  # days that are looked at for room: 100,000 customers of one rep


def sort_out(uow: UnitOfWork, actor: Actor, batch: Sequence[Incoming], *, import_id: int) -> list[Match]:
    """Which stored customers those of a batch are."""
    imports = uow.imports(actor)
    among, holds = imports.candidates(batch, import_id=import_id), imports.scope.holds
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


def file_batch(
    uow: UnitOfWork,
    actor: Actor,
    line: ImportLine,
    batch: Sequence[Incoming],
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
    done = Counter({Fate(name): count for name, count in line.facts["done"].items()}) + Counter(tally)
    matches = sort_out(uow, actor, batch, import_id=line.id)
    pairs = list(zip(batch, matches, strict=True))
    new = [one for one, match in pairs if match.fate is Fate.NEW]
    known = [(one, match) for one, match in pairs if match.fate is Fate.UPDATED]
    for fate in (match.fate for match in matches if match.fate not in (Fate.NEW, Fate.UPDATED)):
        done[fate] += 1
    done[Fate.UPDATED] += (gained := _fill_gaps(uow, actor, known, now=now))
    done[Fate.SAME] += len(known) - gained
    given = _file_new(uow, actor, line, new, owners=owners, turn=done[Fate.NEW], now=now)
    done[Fate.NEW] += len(new)
    together = Counter(line.facts["given"]) + Counter(str(owner) for owner in given if owner is not None)
    return uow.imports(actor).change(line, done=_plain(done), given=dict(together))


def _plain(counts: Counter[Fate]) -> dict[str, int]:
    return {str(fate): count for fate, count in counts.items() if count}


def _file_new(
    uow: UnitOfWork,
    actor: Actor,
    line: ImportLine,
    new: Sequence[Incoming],
    *,
    owners: Mapping[str, Any],
    turn: int,
    now: dt.datetime,
) -> list[int | None]:
    """File customers with the next touches that the file names; the owners they got, in order."""
    imports = uow.imports(actor)
    present = {key for key, _, _ in imports.members()}
    given = [_owner_of(one, owners, actor, turn=turn + place) for place, one in enumerate(new)]
    given = [owner if owner in present else None for owner in given]
    drafts = [
        (one.draft, owner, touched_of(one.last_touch, zone=actor.zone, now=now))
        for one, owner in zip(new, given, strict=True)
    ]
    keys = imports.file_many(line.id, drafts)
    agreed = (agreed_of(one.next_touch, zone=actor.zone, now=now) for one in new)
    plans = zip(keys, given, agreed, strict=True)
    imports.plan_many([(key, owner, plan) for key, owner, plan in plans if owner is not None and plan is not None])
    return given


def _owner_of(one: Incoming, owners: Mapping[str, Any], actor: Actor, *, turn: int) -> int | None:
    """The member whom a new customer goes to; ``turn`` counts the customers that were given before."""
    if actor.role is Role.REP:
        return actor.member_id
    found: int | None = None
    match OwnerRule(owners["rule"]):
        case OwnerRule.COLUMN:
            found = owners["names"].get(norm_of(one.owner)) if one.owner else None
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
    gained = 0
    for one, match in known:
        assert match.known is not None
        current: Stored | None = stored.pop(match.known.id, None)  # a second row of the same customer sees the first's
        current = current or uow.exports(actor).stored([match.known.id])[0]
        gain = gain_of(current, one, wins=match.wins, zone=actor.zone, now=now)
        if gain:
            uow.imports(actor).apply(match.known.id, gain)
            gained += 1
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
