"""Presses of buttons that nobody was given: no honest client sends them, so they are written down."""

import datetime as dt

from domain.people import Actor
from storage.uow import UnitOfWork

HOUR = dt.timedelta(hours=1)
MOST_NOTED = 20  # of one person in an hour; more would tell nothing new, and fill the trail
FORGED = "press"  # the kind of guess that a forged press counts as


def note_forged(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Write down that somebody pressed a button with data that we never signed for this person and chat."""
    if uow.people.count_guesses(actor.person_id, FORGED, since=now - HOUR) >= MOST_NOTED:
        return
    uow.people.note_guess(actor.person_id, FORGED)
    uow.act(actor, "press.forged", undo=None, facts={"name": actor.name})
