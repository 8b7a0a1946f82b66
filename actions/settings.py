"""Changing what holds for one person."""

import zoneinfo
from collections.abc import Mapping
from typing import Any

from domain.people import Actor
from storage.uow import UnitOfWork


def change_settings(uow: UnitOfWork, actor: Actor, values: Mapping[str, Any]) -> int:
    """Store a person's own choices (columns of ``person``) and return the act."""
    act_id = uow.act(actor, "settings.changed")
    uow.people.save(actor.person_id, **values)
    return act_id


def known_zone(typed: str) -> str | None:
    """The IANA name of a zone as somebody types it: ``europe/paris``, ``Paris``, ``new york``; else ``None``."""
    wanted = "_".join(typed.strip().lower().split())
    if not wanted:
        return None
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc"))
    exact = [n for n in names if n.lower() == wanted]
    cities = [n for n in names if n.lower().rsplit("/", 1)[-1] == wanted]
    return next(iter(exact or cities), None)
