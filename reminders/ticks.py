"""The clock: APScheduler ticks, rows decide.

It has no job store and knows one job. Due-ness is a row's ``due_at`` against the handed clock, so a late tick drops
nothing, and a moved clock fires everything owed in between, in order, once.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.stdlib.get_logger("keyuan.ticks")

EVERY = 1.0  # seconds; on the monotonic clock
JUMP = 60.0  # seconds that wall and monotonic clock may drift apart between two ticks before the log says so
OPTIONS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}  # the defaults drop what is 1 s late

Work = Callable[[], Awaitable[dt.datetime | None]]


class Ticks:
    """Calls ``work`` every second, at the earliest due time that it returned, and when it is woken.

    ``on_set_back`` hears of a clock that shows an earlier time than before.
    """

    def __init__(self, work: Work, now: Callable[[], dt.datetime], on_set_back: Callable[[], object]) -> None:
        self._work = work
        self._now = now
        self._on_set_back = on_set_back
        self._scheduler = AsyncIOScheduler(job_defaults=OPTIONS, timezone=dt.UTC)
        self._running = asyncio.Lock()
        self._between: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: tuple[dt.datetime, float] | None = None

    def start(self) -> None:
        self._scheduler.add_job(self._beat, "interval", seconds=EVERY)
        self._scheduler.start()

    def stop(self) -> None:
        """No further ticks; one at work is the caller's core to finish."""
        if self._scheduler.running:  # not if the start failed before
            self._scheduler.shutdown(wait=False)
        if self._between:
            self._between.cancel()
        for task in self._tasks:
            task.cancel()

    async def _beat(self) -> None:
        """Not the tick itself: APScheduler would cry out about a long one at every beat, and about its end at the stop."""
        if not self._running.locked():
            self.wake()

    def wake(self) -> None:
        """Something may be due at once."""
        task = asyncio.get_running_loop().create_task(self.tick())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def tick(self) -> None:
        """One look at what is due."""
        async with self._running:
            self._note_jump()
            next_at = await self._work()
        if next_at is None:
            return
        seconds = (next_at - self._now()).total_seconds()
        if 0 < seconds < EVERY:
            if self._between:
                self._between.cancel()
            self._between = asyncio.get_running_loop().call_later(seconds, self.wake)

    def _note_jump(self) -> None:
        wall, steady = self._now(), asyncio.get_running_loop().time()
        if self._last:
            drift = (wall - self._last[0]).total_seconds() - (steady - self._last[1])
            if abs(drift) > JUMP:
                log.warning("clock_jumped", seconds=round(drift))
            if drift < -JUMP:
                self._on_set_back()
        self._last = (wall, steady)
