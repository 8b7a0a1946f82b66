"""When a customer can be called back: half days of working time, the next ones."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from domain.calendar import localize
from domain.case_clocks import WorkClock
from domain.values import frozen

CALLS_A_DAY = 3  # wishes of one account: more are a slip, or somebody at play
NOON = dt.time(13)  # a span of work that crosses it is two windows
SOONEST = dt.timedelta(minutes=30)  # nobody drops everything; shorter rests of a window are not offered
OFFERED = 4


@frozen
class Window:
    """From when to when a call suits; instants in UTC."""

    start: dt.datetime
    end: dt.datetime

    @property
    def minute(self) -> int:
        """What a button names it by: minutes since 1970."""
        return int(self.start.timestamp()) // 60


def windows(now: dt.datetime, clock: WorkClock) -> tuple[Window, ...]:
    """The next half days of work with room for a call; the first is the present one, with its whole length."""
    return tuple(islice((one for one in _halves(now, clock) if one.end - now > SOONEST), OFFERED))


def call_at(window: Window, now: dt.datetime) -> dt.datetime:
    """When the owner is to call: at the window's start, or soon within it."""
    return max(window.start, now + SOONEST)


def _halves(now: dt.datetime, clock: WorkClock) -> Iterator[Window]:
    for begin, end in clock.spans(now):
        noon = _noon(begin, clock.zone)
        if begin < noon < end:
            yield Window(begin, noon)
            yield Window(noon, end)
        else:
            yield Window(begin, end)


def _noon(begin: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return localize(begin.astimezone(zone).date(), NOON, zone)
