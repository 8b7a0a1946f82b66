"""The only reader of the system clock. Everybody else is handed a clock, or ``now`` itself."""

import datetime as dt
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """What time it is, as an aware UTC instant."""

    def now(self) -> dt.datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class FileClock:
    """The machine's time plus an offset in seconds, read from a file at every call: tests and the sandbox move it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._offset())

    def _offset(self) -> float:
        try:
            return float(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):  # not written yet: the machine's own time
            return 0.0
