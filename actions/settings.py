"""Changing what holds for one person."""

from collections.abc import Mapping
from typing import Any

from domain.people import Actor
from storage.uow import UnitOfWork


def change_settings(uow: UnitOfWork, actor: Actor, values: Mapping[str, Any]) -> int:
    """Store a person's own choices (columns of ``person``) and return the act."""
    act_id = uow.act(actor, "settings.changed")
    uow.people.save(actor.person_id, **values)
    return act_id
