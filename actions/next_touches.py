"""Moving next touches: what a touch does to the one that stands, and what people agree on."""

import datetime as dt

from domain.customers import ACTIVE_STAGES, Grade, Stage
from domain.errors import Changed, Fault, Invalid
from domain.next_touches import (
    FURTHEST_YEARS,
    NextTouch,
    NextTouchLine,
    Origin,
    postpone,
    propose,
    propose_first,
)
from domain.people import Actor
from domain.touches import Outcome
from storage.uow import UnitOfWork


def first_touch(uow: UnitOfWork, actor: Actor, customer_id: int, *, now: dt.datetime) -> NextTouchLine:
    """Propose the first touch of a new customer."""
    proposed = propose_first(now, zone=actor.zone, calendar=uow.calendar())
    return uow.next_touches(actor).set(customer_id, proposed)


def after_touch(
    uow: UnitOfWork,
    actor: Actor,
    customer_id: int,
    *,
    grade: Grade,
    stage: Stage,
    happened_at: dt.datetime,
    touched_at: dt.datetime,
    outcome: Outcome,
    agreed: NextTouch | None,
    now: dt.datetime,
) -> tuple[NextTouchLine | None, tuple[NextTouchLine, ...]]:
    """What stands after a touch: the newly agreed date, else the agreed one that stood, else a proposed one.

    A *reached* touch proposes by the grade's cadence, a *tried* one moves a proposed day by one working day. Customers
    that are lost or dormant get none proposed.

    Args:
        happened_at: when this touch was.
        touched_at: the customer's latest *reached* touch, this one included: an old visit entered late never moves
            the proposal backwards.

    Returns:
        The open next touch, and the agreed ones due by the day after the touch ("also done?").
    """
    repository = uow.next_touches(actor)
    day = happened_at.astimezone(actor.zone).date()
    also = tuple(repository.agreed_between(customer_id, dt.date.min, day + dt.timedelta(days=1)))
    if agreed is not None:
        check_agreed(agreed, actor, now=now)
        return repository.set(customer_id, agreed), ()
    current = repository.open_of(customer_id)
    if current is not None and current.origin is Origin.AGREED:
        return current, also
    if stage not in ACTIVE_STAGES:
        return current, ()
    return repository.set(customer_id, _proposal(uow, actor, current, grade, touched_at, outcome, now)), ()


def _proposal(
    uow: UnitOfWork,
    actor: Actor,
    current: NextTouchLine | None,
    grade: Grade,
    touched_at: dt.datetime,
    outcome: Outcome,
    now: dt.datetime,
) -> NextTouch:
    calendar = uow.calendar()
    today = now.astimezone(actor.zone).date()
    if outcome is Outcome.TRIED:
        return postpone(max(current.day, today) if current else today, calendar=calendar)
    proposed = propose(grade, touched_at, zone=actor.zone, calendar=calendar)
    if proposed.day > today:
        return proposed
    return postpone(today, calendar=calendar)  # the touch was entered weeks late


def agree(
    uow: UnitOfWork,
    actor: Actor,
    customer_id: int,
    next_touch: NextTouch,
    *,
    version: int | None = None,
    now: dt.datetime,
) -> tuple[NextTouchLine, int]:
    """Set the agreed next touch of a customer, as an act of its own.

    Args:
        version: of the open next touch that the actor's screen showed, where it showed one.

    Returns:
        The next touch that stands now, and the act that Undo takes back.

    Raises:
        NotFound: the customer is not one of the actor's.
        Invalid: the date is past or too far away.
        Changed: the next touch was moved since the screen was drawn.
    """
    uow.customers(actor).require_readable(customer_id)
    check_agreed(next_touch, actor, now=now)
    current = uow.next_touches(actor).open_of(customer_id)
    if version is not None and current is not None and current.version != version:
        raise Changed("next_touch", current.id)
    act_id = uow.act(actor, "next_touch.agreed", customer_id=customer_id)
    return uow.next_touches(actor).set(customer_id, next_touch), act_id


def check_agreed(next_touch: NextTouch, actor: Actor, *, now: dt.datetime) -> None:
    """Refuse a next touch in the past or years away.

    Raises:
        Invalid: with the field ``next_touch``.
    """
    today = now.astimezone(actor.zone).date()
    if next_touch.day < today or (next_touch.at is not None and next_touch.at <= now):
        raise Invalid("next_touch", Fault.IN_PAST)
    if next_touch.day > today + dt.timedelta(days=366 * FURTHEST_YEARS):
        raise Invalid("next_touch", Fault.TOO_FAR, FURTHEST_YEARS)


def postpone_to(
    uow: UnitOfWork,
    actor: Actor,
    line: NextTouchLine,
    day: dt.date,
    at: dt.datetime | None,
    *,
    version: int,
    now: dt.datetime,
) -> tuple[NextTouchLine, int]:
    """Move an agreed next touch to another moment, keeping what it is; returns it and the act."""
    moved = NextTouch(day, at, Origin.AGREED, line.kind)
    return agree(uow, actor, line.customer_id, moved, version=version, now=now)


def close(
    uow: UnitOfWork, actor: Actor, line: NextTouchLine, *, version: int, now: dt.datetime
) -> tuple[NextTouchLine | None, int]:
    """End an agreed next touch; the cadence proposes the next one, counted from the latest real contact.

    Returns:
        What stands instead, ``None`` for customers that are lost or dormant, and the act.

    Raises:
        Changed: it was moved since the screen was drawn.
    """
    if line.version != version:
        raise Changed("next_touch", line.id)
    act_id = uow.act(actor, "next_touch.done", customer_id=line.customer_id)
    customer = uow.customers(actor).line(line.customer_id)
    uow.next_touches(actor).finish(line.customer_id)
    if customer.stage not in ACTIVE_STAGES:
        return None, act_id
    return propose_again(uow, actor, line.customer_id, now=now), act_id


def propose_again(uow: UnitOfWork, actor: Actor, customer_id: int, *, now: dt.datetime) -> NextTouchLine:
    """Propose by the cadence, counted from the latest real contact."""
    grade = uow.customers(actor).line(customer_id).grade
    touched_at = uow.touches(actor).reached_at(customer_id) or now
    proposed = _proposal(uow, actor, None, grade, touched_at, Outcome.REACHED, now)
    return uow.next_touches(actor).set(customer_id, proposed)
