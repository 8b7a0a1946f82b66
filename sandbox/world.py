"""Everything one sandbox consists of, for those who act in it: the bot by its methods, the people by their phones."""

import asyncio
import datetime as dt
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.files import Files
from sandbox.limits import Pacing
from sandbox.people import Account
from sandbox.profile import Profile
from sandbox.updates import Updates

PRESS_LIFE = 60.0  # seconds in which a press can be answered; no figure is published, reports lie between 10 and 60


@dataclass(slots=True)
class Press:
    """A tap that waits for ``answerCallbackQuery``; ``answer`` is set once."""

    id: str
    person: int
    at: float
    answer: "asyncio.Future[dict[str, Any]]"


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that no correct bot sends."""

    at: dt.datetime
    method: str
    params: str
    what: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in. ``accepted`` says that it had its effect, whatever was answered."""

    at: dt.datetime
    method: str
    params: dict[str, Any]
    accepted: bool
    result: Any


@dataclass(slots=True)
class World:
    account: Account
    clock: Clock
    chats: Chats
    updates: Updates
    files: Files
    profile: Profile
    pacing: Pacing
    strict: bool = True
    presses: dict[str, Press] = field(default_factory=dict)
    inline_queries: dict[str, Press] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=20_000))
    webhook: dict[str, Any] = field(default_factory=dict)
    limited: int = 0
    logged_out: bool = False
    started_at: float = 0.0

    def open_press(self, person: int) -> Press:
        """A tap of a person, waiting for its answer."""
        return self._opened(self.presses, person)

    def open_inline(self, person: int) -> Press:
        return self._opened(self.inline_queries, person)

    def _opened(self, kept: dict[str, Press], person: int) -> Press:
        for key in [key for key, old in kept.items() if not self.is_open(old)]:
            del kept[key]
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        press = Press(str(secrets.randbits(62)), person, self.clock.seconds(), future)
        kept[press.id] = press
        return press

    def is_open(self, press: Press) -> bool:
        return not press.answer.done() and self.clock.seconds() - press.at < PRESS_LIFE

    def report(self, method: str, params: Any, what: str) -> None:
        shown = repr(params)
        self.violations.append(Violation(self.clock.now(), method, shown[:1000], what))
