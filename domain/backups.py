"""Backups: when one is due, which are kept, and when their absence is told."""

import datetime as dt
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.calendar import localize
from domain.values import frozen

NIGHT = dt.time(3)  # of the organisation: after the evening's last message, before the morning's first
KEEP_DAYS = 7
KEEP_WEEKS = 4  # this one among them: time to notice a mistake, and what was erased is gone within 35 days
UNTOUCHED = dt.timedelta(days=1)  # a copy somebody just made by hand stays, whatever else that day has
RETRY_AFTER = dt.timedelta(hours=1)
ALARM_AFTER = dt.timedelta(hours=26)  # a day, and two hours for a long copy or a second try


class Trouble(StrEnum):
    """Why there is no backup."""

    SPACE = "space"
    NO_TOOL = "no_tool"
    OLD_TOOL = "old_tool"
    DAMAGED = "damaged"
    STOPPED = "stopped"
    OTHER = "other"


@frozen
class Backup:
    """A copy that was tried out. ``size`` in bytes; ``rows`` by table, empty where nobody counted again."""

    file: Path
    made_at: dt.datetime
    size: int
    rows: Mapping[str, int]


@frozen
class BackupState:
    """What is known of the backups of a database.

    Attributes:
        since: when the program first looked: a database is not blamed for the time before.
        made_at: of the newest good one; ``size`` is its size in bytes.
        tried_at: of the latest attempt; ``trouble`` and ``detail`` say why that failed.
    """

    since: dt.datetime
    made_at: dt.datetime | None = None
    size: int = 0
    tried_at: dt.datetime | None = None
    trouble: Trouble | None = None
    detail: str = ""

    @property
    def covered_until(self) -> dt.datetime:
        """What was written up to here is safe, or was not there yet."""
        return self.made_at or self.since


@frozen
class Restored:
    """What ``keyuan restore`` did.

    Attributes:
        came_from, now_at: the step of the copy, and the one it was brought to.
        rows: by table.
        held: outgoing messages that wait for somebody's decision.
        settled: timed things that are over and will not be told.
        kept: where the database that was replaced lies now; ``None`` when there was none.
    """

    came_from: str
    now_at: str
    rows: Mapping[str, int]
    held: int
    settled: int
    kept: str | None


def last_night(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The latest ``NIGHT`` of ``zone`` that is not after ``now``."""
    day = now.astimezone(zone).date()
    tonight = localize(day, NIGHT, zone)
    return tonight if tonight <= now else localize(day - dt.timedelta(days=1), NIGHT, zone)


def is_due(state: BackupState, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether one should be made now: none since last night, and the latest attempt was not just now.

    A machine that slept at night makes it when it wakes.
    """
    if state.covered_until >= last_night(now, zone):
        return False
    return state.tried_at is None or not now - RETRY_AFTER < state.tried_at <= now


def is_overdue(state: BackupState, *, now: dt.datetime) -> bool:
    """Whether the admins must hear of it."""
    return now - state.covered_until > ALARM_AFTER


def superfluous(made: Collection[dt.datetime], *, now: dt.datetime) -> frozenset[dt.datetime]:
    """Which copies may go: all but the newest of each of 7 days and of 4 weeks, and those of the last 24 hours.

    Days and weeks count that have a copy, so that a bot which was off for months keeps its last ones.
    """
    days: dict[dt.date, dt.datetime] = {}
    weeks: dict[tuple[int, int], dt.datetime] = {}
    for at in sorted(made):
        day = at.astimezone(dt.UTC).date()
        days[day] = at
        weeks[day.isocalendar()[:2]] = at
    kept = {days[day] for day in sorted(days)[-KEEP_DAYS:]} | {weeks[week] for week in sorted(weeks)[-KEEP_WEEKS:]}
    return frozenset(at for at in made if at not in kept and now - at > UNTOUCHED)
