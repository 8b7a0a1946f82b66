"""How much one person, page or address may ask of the bot in a minute. Kept in memory: a restart forgives."""

import datetime as dt
from collections import deque

from domain.people import Guest, Side

MINUTE = dt.timedelta(minutes=1)
STAFF_A_MINUTE = 120  # nobody types faster; a flood waits in its lane and is never dropped
CUSTOMERS_A_MINUTE = 20
PAGES_A_MINUTE = 60  # of one link: a quick reader turns a page a second
STRANGERS_A_MINUTE = 10  # the rest is acknowledged and counted only
_MOST_KNOWN = 10_000  # people remembered before those of past minutes are forgotten


class Throttle:
    """A sliding minute per person."""

    def __init__(
        self, *, staff: int = STAFF_A_MINUTE, customers: int = CUSTOMERS_A_MINUTE, strangers: int = STRANGERS_A_MINUTE
    ) -> None:
        self._staff = staff
        self._customers = customers
        self._strangers = strangers
        self._seen: dict[int | str, deque[dt.datetime]] = {}

    def full_until(self, who: int | str, side: Side, *, now: dt.datetime, count: bool = True) -> dt.datetime | None:
        """``None`` counts the act, unless it is only asked; otherwise when the next one is welcome."""
        most = self._most(side)
        if len(self._seen) > _MOST_KNOWN:
            self._forget(now)
        times = self._seen.setdefault(who, deque())
        while times and not now - MINUTE < times[0] <= now:  # the second half: a clock that was set back
            times.popleft()
        if len(times) >= most:
            return times[0] + MINUTE
        if count:
            times.append(now)
        return None

    def _most(self, side: Side) -> int:
        match side:
            case None:
                return self._strangers
            case Guest.CUSTOMER:
                return self._customers
            case _:
                return self._staff

    def _forget(self, now: dt.datetime) -> None:
        self._seen = {person: times for person, times in self._seen.items() if times and times[-1] > now - MINUTE}
