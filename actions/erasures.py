"""Asking to be forgotten, taking it back, and doing it when the days of regret are over."""

import datetime as dt

from domain.bindings import Binding, BindingState
from domain.erasures import ACCOUNT_ONLY, DONE, EVE, REGRET, Erasure
from domain.errors import NotFound, TooLate
from domain.people import Actor
from storage.due import DueRepository
from storage.erasures import forget
from storage.uow import UnitOfWork

ONE_DAY = dt.timedelta(days=1)


def ask_erasure(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> list[Erasure]:
    """Owe the forgetting of every record that the account is tied to, confirmed or not; asked twice, it stays.

    Raises:
        NotFound: the account is nobody's.
    """
    erasures = uow.erasures(actor)
    if stands := erasures.open():
        return stands
    bound = uow.bindings(actor).mine()
    if not bound:
        raise NotFound("binding", actor.person_id)
    for one in bound:
        uow.act(actor, "erasure.asked", customer_id=one.customer_id, undo=None)
        key = erasures.ask(one.customer_id, one.contact_id, due_at=now + REGRET)
        due = DueRepository(uow)
        due.owe(DONE, key, actor.person_id, at=now + REGRET, key=f"{DONE}:{key}")
    eve, end = now + REGRET - ONE_DAY, now + REGRET
    due.owe(EVE, key, actor.person_id, at=eve, useful_until=end, key=f"{EVE}:{key}")
    return erasures.open()


def keep_data(uow: UnitOfWork, actor: Actor) -> None:
    """Take it back within the days of regret.

    Raises:
        TooLate: nothing is asked (any more).
    """
    erasures = uow.erasures(actor)
    stands = erasures.open()
    if not stands:
        raise TooLate("erasure")
    for one in stands:
        uow.act(actor, "erasure.withdrawn", customer_id=one.customer_id, undo=None)
        erasures.cancel(one.id)


def erase_now(uow: UnitOfWork, actor: Actor, erasure_id: int, *, now: dt.datetime) -> dt.datetime | None:
    """Forget, if it still stands and its day has come: of an account that nobody confirmed, the account alone.

    Returns:
        When to call it again, since mentions elsewhere are looked for bit by bit; ``None`` when nothing is left to do.
    """
    unsaid = {one.contact_id for one in uow.bindings(actor).mine() if one.state is BindingState.PENDING}
    for one in uow.erasures(actor).open():
        if one.id == erasure_id and one.due_at <= now:
            contact_id = ACCOUNT_ONLY if one.contact_id in unsaid else one.contact_id
            uow.act(None, "person.erased", undo=None, facts={"asked_at": one.asked_at.isoformat()})
            sweep = forget(uow, person_id=one.person_id, customer_id=one.customer_id, contact_id=contact_id)
            uow.erasures(actor).done(one.id, sweep, contact_id=contact_id)
            return now
    wait = uow.erasures(actor).look_on(erasure_id)
    return None if wait is None else now + wait


def drop_erasures(uow: UnitOfWork, binding: Binding) -> None:
    """It was not he: what the account asked for is not done, in the open act."""
    erasures = uow.erasures(uow.people.actor(binding.person_id))
    for one in erasures.open():
        if one.contact_id == binding.contact_id:
            erasures.cancel(one.id)
