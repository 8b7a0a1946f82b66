"""The server's time: the system's plus an offset that buttons move and a file hands on.

Whoever shall live in the same time reads the file: it holds the offset in seconds as a decimal number.
"""

import datetime as dt
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NEXT = re.compile(r"next ([01]?\d|2[0-3]):([0-5]\d)")


class Clock:
    """Now, and the only way to move it. Moves go forward or back; the file is replaced, never half written."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._offset = _read_offset(file)
        self._write()

    @property
    def offset(self) -> float:
        """Seconds that this clock is ahead of the system's."""
        return self._offset

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._offset)

    def unix(self) -> int:
        return int(self.now().timestamp())

    def seconds(self) -> float:
        return self.now().timestamp()

    def move(self, by: float) -> None:
        self._offset += by
        self._write()

    def move_to(self, words: str, *, zone: str) -> None:
        """``next 08:30`` in a zone, or an instant in ISO form.

        Raises:
            ValueError: neither of the two, or an unknown zone.
        """
        now = self.now()
        if hit := NEXT.fullmatch(words.strip()):
            target = _next_time(now.astimezone(_zone(zone)), dt.time(int(hit[1]), int(hit[2])))
        else:
            target = dt.datetime.fromisoformat(words)
            target = target.replace(tzinfo=_zone(zone)) if target.tzinfo is None else target
        self.move((target - now).total_seconds())

    def _write(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        draft.write_text(f"{self._offset:.6f}\n", "ascii")
        draft.replace(self._file)


def _next_time(local: dt.datetime, at: dt.time) -> dt.datetime:
    """The first ``at`` after ``local``; on the wall clock, so that a day of 23 hours is still one day."""
    day = local.date()
    while (target := dt.datetime.combine(day, at, local.tzinfo)) <= local:
        day += dt.timedelta(days=1)
    return target


def _read_offset(file: Path | None) -> float:
    """An unreadable or missing file is no offset: the server starts in the system's time."""
    if file is None:
        return 0.0
    try:
        return float(file.read_text("ascii"))
    except (OSError, ValueError):
        return 0.0


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone: {name}") from error
