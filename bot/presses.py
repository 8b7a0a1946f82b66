"""Presses that wait for their answer. Within a second each is answered with its result, else emptily, which promises
nothing; the result then comes as a message. Whoever takes a press answers it.
"""

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable

PATIENCE = 1.0  # seconds that a spinner may turn; clients send a press again when nothing happens
_REMEMBERED = 1_000  # presses answered emptily whose result may still be under way


class Presses:
    """``arrived`` is called in the event loop, ``take`` in the core thread: both rely on one atomic ``dict.pop``."""

    def __init__(self, answer_emptily: Callable[[str], None]) -> None:
        self._answer_emptily = answer_emptily
        self._waiting: dict[str, bool] = {}
        self._answered: OrderedDict[str, bool] = OrderedDict()

    def arrived(self, callback_id: str) -> None:
        """Start its second."""
        self._waiting[callback_id] = True
        asyncio.get_running_loop().call_later(PATIENCE, self._expire, callback_id)

    def take(self, callback_id: str, *, age: dt.timedelta) -> bool:
        """Whether the caller may still answer with words.

        A press of another worker, or of the time before a restart, is unknown here: its age decides.
        """
        if self._waiting.pop(callback_id, False):
            return True
        return callback_id not in self._answered and age < dt.timedelta(seconds=PATIENCE)

    def _expire(self, callback_id: str) -> None:
        if not self._waiting.pop(callback_id, False):
            return
        self._answered[callback_id] = True
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        self._answer_emptily(callback_id)
