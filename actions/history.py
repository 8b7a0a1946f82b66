"""Taking acts back."""

import datetime as dt

from domain.errors import NotAllowed, TooLate
from domain.history import ActLine
from domain.people import Actor
from storage.uow import UnitOfWork


def undo(uow: UnitOfWork, actor: Actor, act_id: int, *, now: dt.datetime) -> ActLine:
    """Play an act backwards, as an act of its own that cannot be undone in turn.

    Raises:
        NotFound: no such act within the actor's sight.
        NotAllowed: it is somebody else's.
        TooLate: its time is over, or it was taken back already.
        Changed: something it wrote was changed since.
    """
    line = uow.history(actor).get(act_id)
    if line.person_id != actor.person_id:
        raise NotAllowed("undo")
    if not line.may_undo(now):
        raise TooLate("undone" if line.undone else "undo")
    undo_id = uow.act(actor, "act.undone", customer_id=line.customer_id, undo=None, facts={"of": line.kind})
    uow.history(actor).reverse(act_id, undo_id=undo_id)
    return line


def undo_last(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> ActLine | None:
    """Take back the actor's latest act that can be; ``None`` when there is none."""
    last = uow.history(actor).last_undoable()
    return undo(uow, actor, last.id, now=now) if last else None
