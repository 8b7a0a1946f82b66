"""Taking acts back."""

import datetime as dt

from actions.log_undo import undo_log
from actions.teams import resume_repeats
from domain.errors import Changed, NotAllowed, TooLate
from domain.history import IMPORTED, ActLine
from domain.people import Actor
from storage.leavers import shut_out
from storage.log_undo import LOGGED
from storage.uow import UnitOfWork

LAST = dt.timedelta(minutes=10)  # how far back "the last step" reaches; longer ones (imports) have their own button


def undo(uow: UnitOfWork, actor: Actor, act_id: int, *, now: dt.datetime) -> ActLine:
    """Play an act backwards, as an act of its own that cannot be undone in turn.

    Raises:
        NotFound: no such act within the actor's sight, or what it was about is out of sight by now.
        NotAllowed: it is somebody else's, an import (which has a way of its own), or the actor may not do such a thing any more.
        TooLate: its time is over, or it was taken back already.
        Changed: something it wrote was changed since.
    """
    line = uow.history(actor).get(act_id)
    if line.person_id != actor.person_id or line.kind == IMPORTED:
        raise NotAllowed("undo")
    if not line.may_undo(now):
        raise TooLate("undone" if line.undone else "undo")
    _check_rights(uow, actor, line)
    facts = {"of": line.kind, "name": line.customer or line.facts.get("name"), "undid": act_id}
    undo_id = uow.act(actor, "act.undone", customer_id=line.customer_id, undo=None, facts=facts)
    if line.kind == LOGGED and line.customer_id is not None:
        undo_log(uow, actor, line, undo_id=undo_id, now=now)
    else:
        uow.history(actor).reverse(act_id, undo_id=undo_id)
    if line.kind == "organisation.changed":
        _restore_organisation(uow, line)
    if line.noun == "member":
        _settle_members(uow, actor, line)
    return line


def last_step(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> ActLine | None:
    """The actor's latest act that can be taken back, or ``None``."""
    return uow.history(actor).last_undoable(since=now - LAST)


def _check_rights(uow: UnitOfWork, actor: Actor, line: ActLine) -> None:
    """Undo needs the rights of now: access that ended, or a customer handed on, cannot be brought back by a button."""
    if line.undoers is not None and actor.role not in line.undoers:
        raise NotAllowed("undo")
    if "case" in line.facts:  # may have been handed to somebody who does not know the customer
        uow.cases(actor).get(line.facts["case"])
    elif line.customer_id is not None:
        uow.customers(actor).line(line.customer_id)
    for member_id in uow.history(actor).rows_of(line.id, "member"):
        uow.teams(actor).member(member_id)


def _settle_members(uow: UnitOfWork, actor: Actor, line: ActLine) -> None:
    """Whoever lost access by the undo loses all of it, and who has it again goes on; two admins cannot take each
    other's right back at once."""
    teams = uow.teams(actor)
    if teams.hold_admins() == 0:
        raise NotAllowed("last_admin")
    for member_id in uow.history(actor).rows_of(line.id, "member"):
        if teams.member(member_id).active:
            resume_repeats(uow, member_id)
        else:
            shut_out(uow, teams.person_of(member_id))


def _restore_organisation(uow: UnitOfWork, line: ActLine) -> None:
    """What ``/setup`` chose is one value, not a row of the journal: the act's facts hold it before and after."""
    before, after = line.facts.get("before", {}), line.facts.get("after", {})
    stored = uow.settings.value("organisation") or {}
    if any(stored.get(name) != value for name, value in after.items()):
        raise Changed("organisation", 0)
    uow.settings.save(**before)
