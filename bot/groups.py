"""What waits for a group of the core, and what the event loop hears of one."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from bot.outgoing import Answer
from storage.database import Connection
from storage.inbox import RawUpdate
from storage.outbox import Claimed, Settled

T = TypeVar("T")


class Listener(Protocol):
    """What the loop is told after a commit, and what the sender can take."""

    def room(self, *, answers: bool = False) -> int:
        """How many letters the sender can take; ``answers``: if they are that. Called in the core thread."""

    def fence(self) -> tuple[str, int] | None:
        """The sender's lease, where there are several workers. Called in the core thread."""

    def committed(self, answers: Sequence[Answer], claimed: Sequence[Claimed]) -> None: ...

    def enqueued(self) -> None:
        """There are new jobs."""


@dataclass(slots=True)
class Ask(Generic[T]):
    """Work for the core, and where its caller waits for the result."""

    work: Callable[[Connection, dt.datetime], T]
    future: "asyncio.Future[T]"
    result: T | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class Rows:
    """Updates to store, and where intake waits for it."""

    updates: Sequence[RawUpdate]
    future: "asyncio.Future[None]"
    result: None = None
    error: BaseException | None = None


@dataclass(slots=True)
class Batch:
    """What waited when a group began, and what was done in it between updates."""

    rows: list[Rows]
    asks: list[Ask[Any]]
    settled: list[Settled]
    between: Ask[Any] | None = None

    @property
    def work(self) -> list[Ask[Any]]:
        return [*self.asks, self.between] if self.between else self.asks

    @property
    def waiting(self) -> list[Rows | Ask[Any]]:
        return [*self.rows, *self.work]

    def __bool__(self) -> bool:
        return bool(self.rows or self.asks or self.settled)


@dataclass(slots=True)
class Report:
    """What the loop hears of, once per group."""

    asks: Sequence[Rows | Ask[Any]] = ()
    units: int = 0
    answers: list[Answer] = field(default_factory=list)
    claimed: list[Claimed] = field(default_factory=list)
    enqueued: bool = False
