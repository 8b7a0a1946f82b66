"""Presses that wait for their answer. Within a second each is answered with its result, else emptily, which promises
nothing; the result then comes as a message. Whoever takes a press answers it, and nobody else does.
"""

import asyncio
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto

PATIENCE = 1.0  # seconds that a spinner may turn; clients send a press again when nothing happens
_REMEMBERED = 1_000  # presses answered lately, which may be delivered once more


class May(Enum):
    """What is still open to whoever takes a press."""

    SAY = auto()  # answer it with words
    END = auto()  # end its spinner; words come as a message
    NOTHING = auto()  # its spinner has ended


class Presses:
    """``arrived`` is called in the event loop, before the press is stored; ``take`` in the core thread, after it was."""

    def __init__(self, answer_emptily: Callable[[str], None], *, patience: float = PATIENCE) -> None:
        self._answer_emptily = answer_emptily
        self._patience = patience
        self._waiting: set[str] = set()
        self._answered: OrderedDict[str, bool] = OrderedDict()  # whether emptily, else by who took it
        self._lock = threading.Lock()

    def arrived(self, callback_id: str) -> None:
        """Start its second; one that was answered already has none."""
        with self._lock:
            if callback_id in self._answered:
                return
            self._waiting.add(callback_id)
        asyncio.get_running_loop().call_later(self._patience, self._expire, callback_id)

    def refused(self, callback_id: str) -> None:
        """It could not be stored: it will be delivered once more, and its second begins then."""
        with self._lock:
            self._waiting.discard(callback_id)

    def take(self, callback_id: str, *, age: dt.timedelta) -> May:
        """Take a press out of the wait; the caller answers it.

        A press of another worker, or of the time before a restart, is unknown here: its age decides. So it does for one
        that is taken again, because what the first unit did could not be kept.
        """
        with self._lock:
            if self._answered.get(callback_id):
                return May.NOTHING
            in_time = callback_id in self._waiting or age < dt.timedelta(seconds=self._patience)
            self._end(callback_id, emptily=False)
        return May.SAY if in_time else May.END

    def _expire(self, callback_id: str) -> None:
        with self._lock:
            if callback_id not in self._waiting:
                return
            self._end(callback_id, emptily=True)
        self._answer_emptily(callback_id)

    def _end(self, callback_id: str, *, emptily: bool) -> None:
        self._waiting.discard(callback_id)
        self._answered[callback_id] = emptily
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
