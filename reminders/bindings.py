"""Telling a customer that the account was confirmed, once that can no longer be undone."""

import datetime as dt

from domain.bindings import Binding
from domain.consents import Purpose
from domain.people import Actor
from domain.values import frozen
from reminders import Due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views import consents
from views import welcome as view
from views.language import Translator
from views.replies import Reply


@frozen
class Standing:
    """A confirmed binding, with what its welcome says."""

    binding: Binding
    owner: str | None
    organisation: str | None
    may_write: bool


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Standing | None:
    """The binding as it stands; ``None`` when the word was taken back."""
    binding = next((one for one in uow.bindings(actor).mine() if one.id == row.subject_id), None)
    if binding is None or not binding.confirmed:
        return None
    owner = uow.people.of_member(binding.owner_id) if binding.owner_id is not None else None
    granted = Purpose.SERVICE in uow.consents.of(actor.person_id).granted
    return Standing(binding, owner.name if owner else None, uow.organisation().name, granted)


def render(t: Translator, standing: Standing, now: dt.datetime) -> Reply:
    """The welcome of who agreed to be written to; who did not yet is asked, as staff tied the account on request."""
    name = view.greeting_name(standing.binding)
    if not standing.may_write:
        return consents.ask_again(t, name=name, organisation=standing.organisation, owner=standing.owner)
    return view.welcome(
        t, standing.binding, owner=standing.owner, organisation=standing.organisation, may_write=True, news=True
    )


DUE = (Due("binding", read, render, unasked=True),)
