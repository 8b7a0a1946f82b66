"""Sending invitations to surveys in the customers' daytime, calling them to mind once, and ending them."""

import datetime as dt
from functools import partial

from actions.survey_deliveries import Delivery, chase, deliver, expire, owe_call
from domain.consents import Purpose, Topic
from domain.people import Actor
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import answers as view
from views.language import Translator
from views.replies import CopyRule, Lane, Reply
from views.survey_sending import call_and_ask


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Delivery | None:
    """The survey that is sent now, noted as sent."""
    return deliver(uow, actor, row.subject_id, now=now)


def render(t: Translator, found: Delivery, now: dt.datetime) -> Reply:
    return view.opening(t, found.survey, found.invitation)


def read_again(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Delivery | None:
    """A survey that was sent and is not answered, noted as called to mind."""
    return chase(uow, actor, row.subject_id, now=now)


def render_again(t: Translator, found: Delivery, now: dt.datetime) -> Reply:
    return view.reminder(t, found.survey, found.invitation)


def end(uow: UnitOfWork, row: DueRow, now: dt.datetime) -> None:
    """A survey whose time is over; who was asked personally is called."""
    found = expire(uow, uow.people.actor(row.person_id), row.subject_id, now=now)
    owner_id = found.invitation.owner_id if found else None
    owner = uow.people.of_member(owner_id) if owner_id is not None else None
    if found is not None and owner is not None:
        words = call_and_ask(Translator.of(owner), found.survey, found.invitation)
        owe_call(uow, owner, found, words, now=now)


def nothing(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> None:
    """The customer is told nothing of an end."""


def never(t: Translator, found: object, now: dt.datetime) -> None:
    """What ``nothing`` gave is not rendered."""


_asks = partial(
    Due, unasked=True, purpose=Purpose.SERVICE, topic=Topic.SURVEYS, copy_rule=CopyRule.ONCE_MORE
)  # like every unasked message: in the daytime, not too often, to who agreed
DUE = (
    _asks("survey_invitation", read, render),
    _asks("survey_wave", read, render, lane=Lane.CAMPAIGN),
    _asks("survey_reminder", read_again, render_again, lane=Lane.CAMPAIGN),
    Due("survey_expiry", nothing, never, follow=end),
)
