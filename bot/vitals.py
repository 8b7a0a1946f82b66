"""How this process is doing, for ``/status``: what no row of the database tells."""

import datetime as dt
import logging
from collections import deque
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from bot import metrics
from bot.clock import Clock
from domain.status import ErrorLine, Trace, Vitals
from storage.disk import free_bytes

KEPT = 30  # errors


class Listens(Protocol):
    """Whoever polls."""

    @property
    def silent_for(self) -> float: ...


class LastErrors(logging.Handler):
    """The latest errors of our own loggers: names of events and references, never values."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: deque[ErrorLine] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, dict):
            at = dt.datetime.fromtimestamp(record.created, dt.UTC)
            reference = record.msg.get("reference")
            self.lines.append(ErrorLine(at, Trace.LOG, reference, words=str(record.msg.get("event", ""))))


class Pulse:
    """Felt by ``/status``, in whichever thread that runs."""

    def __init__(self, clock: Clock, *, data: Path, webhook: bool) -> None:
        self._clock = clock
        self._data = data
        self._webhook = webhook
        self._version = version("keyuan")
        self._started_at = clock.now()
        self._errors = LastErrors()
        self.poller: Listens | None = None

    def start(self) -> None:
        """Remember errors from now on."""
        logging.getLogger("keyuan").addHandler(self._errors)

    def stop(self) -> None:
        logging.getLogger("keyuan").removeHandler(self._errors)

    def __call__(self) -> Vitals:
        now = self._clock.now()
        return Vitals(
            version=self._version,
            started_at=self._started_at,
            webhook=self._webhook,
            heard_at=now - dt.timedelta(seconds=self.poller.silent_for) if self.poller else None,
            limited=metrics.total("keyuan_sends_limited"),
            free_bytes=self._free(),
            errors=tuple(self._errors.lines),
        )

    def _free(self) -> int | None:
        try:
            return free_bytes(self._data)
        except OSError:
            return None
