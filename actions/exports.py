"""Taking customers out: limited for reps, written down for everybody."""

import datetime as dt
from typing import Any

from domain.calendar import localize
from domain.exports import REP_EXPORTS, REP_ROWS, Allowance, Format
from domain.people import Actor, Role
from storage.leads import leads_of
from storage.uow import UnitOfWork

WRITE = "sheet_export"  # the kind of job


def allowance(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> Allowance:
    """What the actor may take out today."""
    count = uow.exports(actor).count()
    if actor.role is not Role.REP:
        return Allowance(count)
    since = localize(now.astimezone(actor.zone).date(), dt.time(), actor.zone)
    left = max(0, REP_EXPORTS - uow.exports(actor).taken_since(since))
    return Allowance(count, most=REP_ROWS, left=left)


def open_again(actor: Actor, *, now: dt.datetime) -> dt.datetime:
    """When a rep who has taken all may take more: the next local midnight."""
    return localize(now.astimezone(actor.zone).date() + dt.timedelta(days=1), dt.time(), actor.zone)


def begin(uow: UnitOfWork, actor: Actor, allowed: Allowance, kind: Format, name: str) -> int:
    """Owe a file of the actor's customers, written down as an act before anything leaves; the entry in the log."""
    taken = min(allowed.customers, allowed.most or allowed.customers)
    log_id = uow.exports(actor).note(taken, kind)
    uow.act(actor, "sheet.exported", undo=None, facts={"name": name, "count": taken})
    facts: dict[str, Any] = {
        "log_id": log_id,
        "kind": kind,
        "name": name,
        "most": allowed.most,
        "customers": allowed.customers,
        "person_id": actor.person_id,
        "locale": actor.locale,
        "zone": actor.zone.key,
        "region": uow.organisation().region,
        "now": uow.now.isoformat(),
    }
    uow.jobs.enqueue(WRITE, facts, person_id=actor.person_id)
    return log_id


def watchers(uow: UnitOfWork, actor: Actor) -> list[Actor]:
    """Who is told when somebody wants to take out more than allowed."""
    found = (uow.people.of_member(lead) for lead in leads_of(uow, actor.member_id or 0))
    return [lead for lead in found if lead is not None]
