"""Which route takes an update: signed payload | /command | open dialog step | what the message is made of."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from enum import Enum
from typing import Any

from domain.people import STAFF, Side
from domain.values import frozen
from handlers.routing import Command, Content, Incoming, ReplyTo, Route, Start, Step
from storage.dialogs import OpenDialog
from views.links import LEAVING
from views.replies import Payload

_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


class Miss(Enum):
    """Why no route takes an update."""

    UNKNOWN_COMMAND = "unknown_command"
    FORBIDDEN = "forbidden"
    UNREADABLE = "unreadable"
    STALE = "stale"
    NOTHING = "nothing"  # an edit or a block that no feature cares about


@frozen
class Match:
    """The route, and what the request's ``text`` and ``facts`` are for it."""

    route: Route
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


class Router:
    """All routes, by what starts them. Of several for one trigger, the first that admits the side is taken."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._by_trigger: dict[object, list[Route]] = defaultdict(list)
        self._prefixes: list[str] = []
        for route in routes:
            match route.trigger:
                case Command(name, aliases):
                    for word in (name, *aliases):
                        self._by_trigger["command", word].append(route)
                case Start(prefix):
                    self._by_trigger["start", prefix].append(route)
                    self._prefixes.append(prefix)
                case Step(name):
                    self._by_trigger["step", name].append(route)
                case ReplyTo(name):
                    self._by_trigger["reply", name].append(route)
                case trigger:
                    self._by_trigger[trigger].append(route)
        self._prefixes.sort(key=len, reverse=True)

    def press(self, payload: Payload | None, side: Side) -> Match | Miss:
        """The route of a signed press; a payload that nobody listens to is as stale as a forged one."""
        routes = self._by_trigger.get(type(payload), []) if payload is not None else []
        return self._admitted(routes, side, "", {}) if routes else Miss.STALE

    def asks(self, step: str) -> bool:
        """Whether an open dialog of this step waits for a message; others only remember what a list was of."""
        return ("step", step) in self._by_trigger

    def message(
        self, incoming: Incoming, dialog: OpenDialog | None, side: Side, *, replied: str | None = None
    ) -> Match | Miss:
        """The route of a message, an edit, or a change of reachability.

        Args:
            replied: what the message that this one replies to tracks, as ``<name>:<id>``.
        """
        facts = dialog.facts if dialog else {}
        if incoming.content is Content.TEXT and (command := _COMMAND.fullmatch(incoming.text)):
            return self._command(command[1].lower(), (command[2] or "").strip(), facts, side)
        if replied and (about := self._about(replied, side, incoming.text)):
            return about
        if self._leaves(incoming, dialog, side):
            return self._command("cancel", "", facts, side)
        if dialog and incoming.content is not Content.EDIT:
            steps = [r for r in self._by_trigger.get(("step", dialog.step), []) if _takes(r, incoming.content)]
            if steps:
                return self._admitted(steps, side, incoming.text, facts)
        if incoming.content is None:
            return Miss.UNREADABLE
        routes = self._by_trigger.get(incoming.content, [])
        if routes:
            return self._admitted(routes, side, incoming.text, facts)
        return Miss.NOTHING if incoming.content in (Content.EDIT, Content.REACHABLE) else Miss.UNREADABLE

    def _leaves(self, incoming: Incoming, dialog: OpenDialog | None, side: Side) -> bool:
        """Whether the word for it is all that was typed; without a question, a customer's goes to whom they write."""
        if incoming.content is not Content.TEXT or incoming.text.strip().casefold() not in LEAVING:
            return False
        return side in STAFF or (dialog is not None and self.asks(dialog.step))

    def _about(self, replied: str, side: Side, text: str) -> Match | None:
        name, _, subject = replied.partition(":")
        routes = self._by_trigger.get(("reply", name), [])
        match = self._admitted(routes, side, text, {"subject": int(subject)}) if subject.isdecimal() else None
        return match if isinstance(match, Match) else None

    def _command(self, word: str, rest: str, facts: dict[str, Any], side: Side) -> Match | Miss:
        if word == "start" and rest:
            for prefix in self._prefixes:
                if rest.startswith(prefix):
                    return self._admitted(self._by_trigger["start", prefix], side, rest[len(prefix) :], facts)
        routes = self._by_trigger.get(("command", word), [])
        return self._admitted(routes, side, rest, facts) if routes else Miss.UNKNOWN_COMMAND

    @staticmethod
    def _admitted(routes: list[Route], side: Side, text: str, facts: dict[str, Any]) -> Match | Miss:
        return next((Match(route, text, facts) for route in routes if side in route.allowed), Miss.FORBIDDEN)


def _takes(route: Route, content: Content | None) -> bool:
    return isinstance(route.trigger, Step) and content in route.trigger.content
