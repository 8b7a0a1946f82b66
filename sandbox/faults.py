"""Faults on demand: what a network, a proxy or Telegram itself does to a bot on a bad day.

A fault waits for calls of its methods, lets ``skip`` of them pass, and strikes ``times`` times (0: until it is taken
away) or for ``seconds_on``. "Accepted" means that the call had its effect, whatever the bot heard of it.
"""

import fnmatch
import itertools
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    REFUSE = "refuse"  # not accepted, the connection closes without a word
    UNREACHABLE = "unreachable"  # the port is closed for ``seconds``; strikes at once, needs no call
    ERROR = "error"  # not accepted, answered with ``status`` and ``body``
    FLOOD = "flood"  # not accepted, a 429 whose retry_after is any JSON at all, or lacks
    HANG = "hang"  # accepted, never answered (for ``seconds``, then closed)
    RESET = "reset"  # accepted, then the connection is reset
    LOST = "lost"  # accepted, then answered with ``status`` and ``body``
    SLOW = "slow"  # ``seconds`` later accepted and answered
    GARBAGE = "garbage"  # accepted, answered with 200 and ``body``, which is no JSON
    KILL_BEFORE = "kill_before"  # the process ``pid`` is killed, the call is not accepted
    KILL_AFTER = "kill_after"  # accepted, then the process ``pid`` is killed


NOT_ACCEPTED = frozenset({Kind.REFUSE, Kind.ERROR, Kind.FLOOD, Kind.KILL_BEFORE})
MISSING = "missing"
PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(slots=True)
class Fault:
    kind: Kind
    method: str = "*"  # a pattern: sendMessage, send*, getUpdates
    chat_id: int | None = None
    skip: int = 0
    times: int = 1
    seconds: float = 60.0
    seconds_on: float = 0.0
    status: int = 502
    body: str = PROXY_PAGE
    retry_after: Any = 1
    pid: int = 0
    id: int = 0
    struck: int = 0
    until: float = field(default=0.0)

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "until"}


class Faults:
    """Those that wait, in the order in which they were set: the first that fits strikes."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, fault: Fault) -> Fault:
        fault.id = next(self._ids)
        if fault.seconds_on:
            fault.times, fault.until = 0, time.monotonic() + fault.seconds_on
        self.waiting.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        self.waiting = [fault for fault in self.waiting if fault_id is not None and fault.id != fault_id]

    def strike(self, method: str, chat_id: Any) -> Fault | None:
        """The fault for this call, counted."""
        now = time.monotonic()
        self.waiting = [fault for fault in self.waiting if not fault.until or fault.until > now]
        for fault in self.waiting:
            if not fnmatch.fnmatchcase(method, fault.method) or fault.chat_id not in (None, chat_id):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.struck += 1
            if fault.times and fault.struck == fault.times:
                self.waiting.remove(fault)
            return fault
        return None


def fault_from(given: dict[str, Any]) -> Fault:
    """A fault from JSON.

    Raises:
        ValueError: an unknown kind or field, or a kill without a process.
    """
    settable = set(Fault.__dataclass_fields__) - {"id", "struck", "until"}
    if unknown := sorted(set(given) - settable):
        raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(settable))}")
    fault = Fault(**given | {"kind": Kind(given.get("kind", ""))})
    if fault.kind in (Kind.KILL_BEFORE, Kind.KILL_AFTER) and fault.pid <= 1:
        raise ValueError("a kill needs the pid of a process")
    return fault
