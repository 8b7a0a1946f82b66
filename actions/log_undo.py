"""Taking a log back, also while newer ones of the same customer stand.

The touch, its amounts, tags and files go as they came. What only followed from it (when the customer was last reached,
the stage, a proposed next touch) is made again from what is left; newer logs and whatever people set since stay.
"""

import datetime as dt

from actions.next_touches import propose_again
from actions.touches import stage_after
from domain.customers import Stage
from domain.history import ActLine
from domain.next_touches import Origin
from domain.people import Actor
from domain.touches import Outcome
from storage.log_undo import LogUndo
from storage.uow import UnitOfWork


def undo_log(uow: UnitOfWork, actor: Actor, line: ActLine, *, undo_id: int, now: dt.datetime) -> None:
    """Take a log back through the open act ``undo_id``.

    Raises:
        Changed: the touch itself was changed since.
    """
    assert line.customer_id is not None
    LogUndo(uow).reverse(line.id, undo_id=undo_id)
    was_reached = _derive(uow, actor, line.customer_id)
    _drop_undone_next_touch(uow, actor, line.customer_id)
    stands = uow.next_touches(actor).open_of(line.customer_id)
    if was_reached and stands is not None and stands.origin is Origin.PROPOSED:
        propose_again(uow, actor, line.customer_id, now=now)


def _derive(uow: UnitOfWork, actor: Actor, customer_id: int) -> bool:
    """Make the stage and the latest contact anew, from before the first log taken back lately.

    Returns:
        Whether the customer was reached since by a touch that stands.
    """
    undo = LogUndo(uow)
    found = undo.before(customer_id)
    if found is None:
        return False
    act_id, values = found
    events = list(undo.since(act_id, customer_id))
    touches = [event for event in events if isinstance(event, tuple)]
    if "touched_at" in values:
        told = values["touched_at"]
        values["touched_at"] = dt.datetime.fromisoformat(told) if told else None
        if touches:
            values["touched_at"] = uow.touches(actor).reached_at(customer_id)
    if "stage" in values:
        stage = Stage(values["stage"])
        for event in events:
            stage = stage_after(stage, *event) if isinstance(event, tuple) else Stage(event)
        values["stage"] = stage
    uow.customers(actor).change(customer_id, values)
    return any(outcome is Outcome.REACHED for _, outcome in touches)


def _drop_undone_next_touch(uow: UnitOfWork, actor: Actor, customer_id: int) -> None:
    """A next touch that is open again, but belongs to a log that was taken back before, goes as well."""
    undo = LogUndo(uow)
    while (line := uow.next_touches(actor).open_of(customer_id)) is not None:
        maker = undo.undone_maker(line.id)
        if maker is None or not undo.reverse_next_touch(maker):
            return
