"""Clock entry points, one file per kind of due thing. A kind is served when its module stands in ``MODULES``."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from domain.people import Actor
from storage.due import DueRow
from storage.uow import UnitOfWork
from views.language import Translator
from views.replies import CopyRule, Lane, Reply

MODULES: tuple[str, ...] = ()

Render = Callable[[UnitOfWork, DueRow, Actor, Translator, dt.datetime], Reply | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of due thing. ``render`` reads it again as its recipient and gives ``None`` when it is no longer true."""

    kind: str
    render: Render
    lane: Lane = Lane.REMINDER
    copy_rule: CopyRule = CopyRule.MUST


@cache
def all_due() -> dict[str, Due]:
    """Every kind by its name; each module ends with ``DUE = (Due(...), …)``."""
    return {due.kind: due for name in MODULES for due in import_module(f"reminders.{name}").DUE}
