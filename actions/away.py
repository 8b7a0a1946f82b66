"""Being away: who stands in from when to when, set by oneself or a lead, ended early, told to whom it concerns."""

import datetime as dt

from domain.away import LATEST, MOST_DAYS, Absence, bounds, may_set_away
from domain.errors import Changed, Fault, Invalid, NotAllowed
from domain.people import Actor, MemberLine
from storage.uow import UnitOfWork


def member_of(uow: UnitOfWork, actor: Actor, member_id: int) -> MemberLine:
    """A member whose absence the actor may set. Raises ``NotFound`` out of sight and ``NotAllowed``."""
    member = uow.teams(actor).member(member_id)
    if not may_set_away(actor, member):
        raise NotAllowed("away")
    return member


def set_away(
    uow: UnitOfWork,
    actor: Actor,
    member_id: int,
    stand_in_id: int,
    first: dt.date,
    last: dt.date,
    *,
    now: dt.datetime,
) -> tuple[Absence, int]:
    """Let somebody stand in for a member from one day to another, both included, in place of what was set before.

    Raises:
        Invalid: the days lie in the past, too far ahead or apart, or the wrong way round.
        NotFound: the member is out of sight, or the other one may not stand in.
        NotAllowed: the member is not below the actor.
    """
    member = member_of(uow, actor, member_id)
    name = uow.away(actor).candidate(member_id, stand_in_id)
    away = uow.people.of_member(member_id)
    stand_in = uow.people.of_member(stand_in_id)
    assert away is not None and stand_in is not None  # both are active
    today = now.astimezone(away.zone).date()
    if first < today or last < first:
        raise Invalid("away", Fault.IN_PAST if first < today else Fault.NOT_UNDERSTOOD)
    if (first - today).days > LATEST or (last - first).days >= MOST_DAYS:
        raise Invalid("away", Fault.TOO_FAR)
    since, until = bounds(first, last, now=now, zone=away.zone)
    told = {away.person_id, stand_in.person_id} - {actor.person_id}
    facts = {"name": f"{member.name} → {name}", "told": sorted(told)}
    act_id = uow.act(actor, "away.set", facts=facts)
    uow.away(actor).change(member_id, {"away_from": since, "away_until": until, "stand_in_id": stand_in_id})
    return Absence(member_id, member.name, stand_in_id, name, since, until), act_id


def end_away(uow: UnitOfWork, actor: Actor, member_id: int, *, version: int) -> tuple[Absence, int]:
    """End an absence before its time; returns it as it stood, and the act.

    Raises:
        Changed: there is none, or the member is not as the screen showed it.
    """
    member = member_of(uow, actor, member_id)
    absence = uow.away(actor).of(member_id)
    if absence is None:
        raise Changed("member", member_id)
    people = [uow.people.of_member(one) for one in (member_id, absence.stand_in_id)]
    told = {one.person_id for one in people if one is not None} - {actor.person_id}
    facts = {"name": f"{member.name} → {absence.stand_in}", "told": sorted(told)}
    act_id = uow.act(actor, "away.ended", facts=facts)
    uow.away(actor).change(member_id, {"away_from": None, "away_until": None, "stand_in_id": None}, version=version)
    return absence, act_id
