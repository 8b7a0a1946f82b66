"""A customer wants to be called: the owner's next touch; beside one that is agreed, and for a stand-in, a reminder."""

import datetime as dt

from domain.advisor import CALLS_A_DAY, Window, call_at
from domain.bindings import Binding
from domain.calendar import localize
from domain.next_touches import NextTouch, Origin
from domain.people import Actor
from domain.reminders import MOST_OPEN
from domain.touches import TouchKind
from storage.uow import UnitOfWork

CALL = "callback"  # the kind of guess that such a wish counts as


def may_ask(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> bool:
    """Whether the actor wished for fewer calls than ``CALLS_A_DAY`` today."""
    since = localize(now.astimezone(actor.zone).date(), dt.time(), actor.zone)
    return uow.people.count_guesses(actor.person_id, CALL, since=since) < CALLS_A_DAY


def ask_call(
    uow: UnitOfWork,
    actor: Actor,
    binding: Binding,
    keeper: Actor | None,
    window: Window,
    words: str,
    *,
    now: dt.datetime,
) -> None:
    """Note that a customer wants to be called within a window.

    Args:
        keeper: who is at work for the customer; ``None``: nobody's day.
        words: of the reminder, in the keeper's language.
    """
    uow.people.note_guess(actor.person_id, CALL)
    uow.act(actor, "callback.asked", customer_id=binding.customer_id, undo=None)
    if keeper is None:
        return
    at = call_at(window, now)
    stands = uow.next_touches(keeper).open_of(binding.customer_id)
    if keeper.member_id == binding.owner_id and (stands is None or stands.origin is Origin.PROPOSED):
        day = at.astimezone(keeper.zone).date()
        uow.next_touches(keeper).set(binding.customer_id, NextTouch(day, at, Origin.AGREED, TouchKind.CALL))
    elif uow.reminders(keeper).count() < MOST_OPEN:
        uow.reminders(keeper).add(words, at, customer_id=binding.customer_id)
