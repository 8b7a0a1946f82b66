"""Logging touches: what must happen together when a contact with a customer is written down."""

import datetime as dt
from dataclasses import replace

from actions.next_touches import after_touch
from actions.survey_triggers import after_touch as ask_after_touch
from domain.amounts import AmountRole
from domain.customers import Stage
from domain.errors import Changed
from domain.people import Actor
from domain.touches import LoggedTouch, Outcome, TouchDraft, TouchKind, check_draft
from storage.uow import UnitOfWork


def log_touch(uow: UnitOfWork, actor: Actor, draft: TouchDraft, *, now: dt.datetime) -> LoggedTouch:
    """Store a touch as an act of its own; see ``write_touch``."""
    act_id = uow.act(actor, "touch.logged", customer_id=draft.customer_id)
    return write_touch(uow, actor, draft, act_id=act_id, now=now)


def write_touch(uow: UnitOfWork, actor: Actor, draft: TouchDraft, *, act_id: int, now: dt.datetime) -> LoggedTouch:
    """Store a touch in the open act and move the customer's next touch, unless that one was agreed.

    A *reached* touch makes a prospect interested, and an order won. Tags that the message names go to the customer.

    Raises:
        NotFound: the customer is not one of the actor's.
        Invalid: see ``check_draft`` and ``check_agreed``.
    """
    check_draft(draft, now=now)
    uow.customers(actor).require_readable(draft.customer_id)
    customer = uow.customers(actor).line(draft.customer_id)
    touch_id = uow.touches(actor).add(draft)
    ask_after_touch(uow, actor, touch_id, draft, now=now)
    reached_at = uow.touches(actor).reached_at(customer.id)
    stage = stage_after(customer.stage, draft.kind, draft.outcome)
    uow.customers(actor).change(customer.id, {"touched_at": reached_at, "stage": stage})
    if draft.tags:
        uow.customers(actor).add_tags(customer.id, draft.tags)
    stands, also_due = after_touch(
        uow,
        actor,
        customer.id,
        grade=customer.grade,
        stage=stage,
        happened_at=draft.happened_at,
        touched_at=reached_at or draft.happened_at,
        outcome=draft.outcome,
        agreed=draft.next_touch,
        now=now,
    )
    return LoggedTouch(
        touch=uow.touches(actor).get(touch_id),
        act_id=act_id,
        next_touch=stands,
        also_due=also_due,
        amounts=draft.amounts,
        tags=draft.tags,
    )


def amend_touch(
    uow: UnitOfWork,
    actor: Actor,
    touch_id: int,
    draft: TouchDraft,
    *,
    version: int | None = None,
    now: dt.datetime,
) -> LoggedTouch:
    """Make a touch say what the edited message or the fixed card says; the old words stay in the history.

    Raises:
        NotFound: the touch is not one of the actor's.
        Invalid: see ``check_draft``.
        Changed: the touch is not as the person's screen showed it.
    """
    touch = uow.touches(actor).get(touch_id)
    if version is not None and touch.version != version:
        raise Changed("touch", touch_id)
    check_draft(draft, now=now)
    act_id = uow.act(actor, "touch.changed", customer_id=touch.customer_id)
    uow.touches(actor).change(touch_id, draft)
    customer = uow.customers(actor).line(touch.customer_id)
    reached_at = uow.touches(actor).reached_at(customer.id)
    uow.customers(actor).change(customer.id, {"touched_at": reached_at})
    if draft.tags:
        uow.customers(actor).add_tags(customer.id, draft.tags)
    stands, _ = after_touch(
        uow,
        actor,
        customer.id,
        grade=customer.grade,
        stage=customer.stage,
        happened_at=draft.happened_at,
        touched_at=reached_at or draft.happened_at,
        outcome=draft.outcome,
        agreed=draft.next_touch,
        now=now,
    )
    return LoggedTouch(uow.touches(actor).get(touch_id), act_id, stands, (), draft.amounts, draft.tags)


def record_order(uow: UnitOfWork, actor: Actor, touch_id: int, *, version: int, now: dt.datetime) -> LoggedTouch:
    """Turn a touch into an order: its amounts that were only mentioned or quoted become the order's value."""
    touch = uow.touches(actor).get(touch_id)
    loose = (AmountRole.MENTIONED, AmountRole.QUOTE, AmountRole.BUDGET)
    amounts = uow.touches(actor).amounts(touch_id)
    value = next((a for a in amounts if a.role in loose), None)
    draft = TouchDraft(
        customer_id=touch.customer_id,
        kind=TouchKind.ORDER,
        outcome=Outcome.REACHED,
        happened_at=touch.happened_at,
        note=touch.note,
        amounts=tuple(replace(a, role=AmountRole.ORDER) if a is value else a for a in amounts),
    )
    done = amend_touch(uow, actor, touch_id, draft, version=version, now=now)
    stage = stage_after(uow.customers(actor).line(touch.customer_id).stage, draft.kind, draft.outcome)
    uow.customers(actor).change(touch.customer_id, {"stage": stage})
    return done


def stage_after(stage: Stage, kind: TouchKind, outcome: Outcome) -> Stage:
    """A real contact wakes a customer up; stages never go down by a log."""
    if outcome is not Outcome.REACHED:
        return stage
    if kind is TouchKind.ORDER and stage is not Stage.LOYAL:
        return Stage.WON
    if stage in (Stage.PROSPECT, Stage.DORMANT):
        return Stage.INTERESTED
    return stage
