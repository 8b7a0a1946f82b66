"""The core thread: new rows, what was asked for, and units of work; all that waits shares one commit.

A *group* is bounded by 20 ms and 64 updates and forms by itself: what arrives while one commits goes with the next.
New rows have a group of their own, at most every other one, so that an acknowledgement waits for the handlers of one group.
What is done *between* updates, such as rendering what is due, has groups of its own, at least every third, so that no
answer waits for more than one of them. Nothing is acknowledged, reported or sent before its commit. A group that the
database refuses has had no effect and is run again piece by piece; only an update that fails alone counts an attempt,
in a transaction of its own.
"""

import asyncio
import datetime as dt
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from bot import metrics
from bot.clock import Clock
from bot.groups import Ask, Batch, Listener, Report, Rows
from bot.pipeline import MOST_ATTEMPTS, RETRY_AFTER, Outcome, Pipeline
from storage import inbox, outbox
from storage.database import Conflict, Connection, Database, Unavailable, in_our_words, unit_of_work
from storage.inbox import Finished, InboxState, OpenUpdate, RawUpdate
from storage.jobs import ENQUEUED
from storage.outbox import Claimed, Letter, Settled
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.core")
T = TypeVar("T")
Q = TypeVar("Q", Rows, Ask[Any])

LONGEST_GROUP = 0.020  # seconds; what a big group costs is not CPU but the event loop's lag
MOST_UNITS = 64
MOST_PASSED = 2  # groups that what is done between updates lets pass: one that stores an update, one that runs it
LAST_GROUP_SECONDS = 4.0
LONGEST_HOLD = dt.timedelta(minutes=1)  # of a lane; more means that the clock was set back
REST = 1.0  # seconds without units after the database failed
IDLE = {"sqlite": 1.0, "postgresql": 0.1}  # seconds until a look at what nobody rang for; other workers cannot ring


class Core:
    """Owns the writing connection. Everything public is called in the event loop."""

    def __init__(self, database: Database, pipeline: Pipeline, clock: Clock, listener: Listener) -> None:
        self._database = database
        self._pipeline = pipeline
        self._clock = clock
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._rows: deque[Rows] = deque()
        self._asks: deque[Ask[Any]] = deque()
        self._between: deque[Ask[Any]] = deque()
        self._settled: deque[Sequence[Settled]] = deque()
        self._idle = IDLE[database.dialect]
        self._held: dict[int, dt.datetime] = {}
        self._stored = False  # whether the last group only stored updates
        self._passed = 0  # groups since the last that did something of ``_between``
        self._claimed, self._handed = 0, 0  # letters, by the core thread; and those of them that the sender has by now
        self._alone = 0  # updates still to be run in a group of their own
        self._rest_until = 0.0
        self._bell = threading.Event()
        self._stopping = False
        self._worked_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="core", daemon=True)

    # In the event loop -----------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    @property
    def silent_for(self) -> float:
        """Seconds since the last group was committed; an idle core commits one every second."""
        return time.monotonic() - self._worked_at

    async def stop(self) -> None:
        """Finish the group at hand and what was asked for before; open updates stay in the inbox.

        A handler that does not end is left behind: what it did was not committed, so it is done again at the next start.
        """
        self._stopping = True
        self._bell.set()
        await asyncio.to_thread(self._thread.join, LAST_GROUP_SECONDS)

    def add(self, updates: Sequence[RawUpdate]) -> "asyncio.Future[None]":
        """Store raw updates; the future is done after the commit.

        Raises:
            Unavailable: (in the future) the database cannot store now; nothing may be acknowledged.
        """
        rows = Rows(updates, self._loop.create_future())
        self._put(self._rows, rows)
        return rows.future

    def write(self, work: Callable[[UnitOfWork, dt.datetime], T]) -> "asyncio.Future[T]":
        """Run ``work`` as a unit of its own, with the next group; the future is done after the commit."""
        return self._ask(self._asks, work)

    def between(self, work: Callable[[UnitOfWork, dt.datetime], T | None]) -> "asyncio.Future[T]":
        """Run ``work`` as units in groups without updates, one after the other until it returns something."""
        return self._ask(self._between, work)

    def _ask(self, queue: "deque[Ask[Any]]", work: Callable[[UnitOfWork, dt.datetime], Any]) -> "asyncio.Future[Any]":
        def unit(connection: Connection, now: dt.datetime) -> Any:
            with unit_of_work(connection, now) as uow:
                return work(uow, now)

        ask: Ask[Any] = Ask(unit, self._loop.create_future())
        self._put(queue, ask)
        return ask.future

    async def insist(self, work: Callable[[UnitOfWork, dt.datetime], T]) -> T:
        """``write``, again and again until the database takes it; for what the frame does by itself."""
        while True:
            try:
                return await self.write(work)
            except (Conflict, Unavailable) as error:
                log.warning("write_refused", error=repr(error))
                await asyncio.sleep(REST)

    def settle(self, settled: Sequence[Settled]) -> None:
        """Write down what became of a call, with the next group."""
        self._settled.append(settled)
        self._bell.set()

    def ring(self) -> None:
        """There may be letters to claim or updates to take."""
        self._bell.set()

    def _put(self, queue: deque[Q], item: Q) -> None:
        if self._stopping:
            item.future.set_exception(Unavailable("the core has stopped"))
        else:
            queue.append(item)
            self._bell.set()

    # In the core thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            self._bell.wait(self._patience())
            self._bell.clear()
            while self._group() and not self._stopping:
                pass
        self._last_group()

    def _patience(self) -> float:
        """Seconds until the first held lane is open again, at most ``IDLE``."""
        if not self._held:
            return self._idle
        return min(self._idle, max(0.0, (min(self._held.values()) - self._clock.now()).total_seconds()))

    def _group(self) -> bool:
        """Run one group; whether there may be more to do at once."""
        now = self._clock.now()
        batch, report = self._take(), Report()
        resting = time.monotonic() < self._rest_until
        try:
            with metrics.group_seconds.time(), self._database.group() as connection:
                outbox.settle(
                    connection, batch.settled, now=now
                )  # first: who takes the sender's role decides about the rest
                self._run_asks(connection, batch.asks, now=now)
                its_turn = bool(self._between) and self._passed >= MOST_PASSED and not (resting or self._alone)
                self._stored = bool(batch.rows) and not self._stored
                more = its_turn or self._stored or (not resting and self._run_units(connection, report, now=now))
                # Last: a row is a unit's only when it is committed, so its acknowledgement waits for no handler of its own.
                inbox.add(connection, [update for rows in batch.rows for update in rows.updates])
                if self._between and not resting and (its_turn or not (report.units or batch.rows)):
                    batch.between = self._between[0]
                    self._run_asks(connection, [batch.between], now=now)
                report.claimed = [] if resting else self._claim(connection, now=now)
                report.enqueued = connection.info.pop(ENQUEUED, False)
        except Unavailable as error:
            return self._database_is_away(batch, error)
        except Exception as error:  # a conflict at the commit, a bug below every other guard: nothing was kept
            log.warning("group_failed", rows=len(batch.rows), asks=len(batch.asks), exc_info=error)
            return self._one_by_one(batch, now=now)
        self._worked_at = time.monotonic()
        self._passed = 0 if batch.between else self._passed + 1
        self._claimed += len(report.claimed)
        report.asks = self._done_of(batch)
        self._tell(report)
        return more or bool(batch.rows or self._rows or (self._between and not resting))

    def _done_of(self, batch: Batch) -> list[Rows | Ask[Any]]:
        """What its caller hears of: what is done between updates only at its end."""
        if (between := batch.between) and between.result is None and between.error is None:
            batch.between = None
        elif between:
            self._between.popleft()
        return batch.waiting

    def _claim(self, connection: Connection, *, now: dt.datetime) -> list[Claimed]:
        """What the sender has room for; where that is full of others, answers go beside it."""
        room, fence = self.room(), self._listener.fence()
        claimed = outbox.claim(connection, now=now, most=room, fence=fence) if room > 0 else []
        if len(claimed) >= room and (most := self.room(answers=True) - len(claimed)) > 0:
            claimed += outbox.claim(connection, now=now, most=most, fence=fence, answers=True)
        return claimed

    def room(self, *, answers: bool = False) -> int:
        """How many letters the sender can take beside those that it does not know of yet. Called in the core thread."""
        underway = self._claimed - self._handed
        return self._listener.room(answers=answers) - underway

    def _take(self) -> Batch:
        settled = [one for together in _drain(self._settled) for one in together]
        return Batch(_drain(self._rows), _drain(self._asks), settled)

    def _run_asks(self, connection: Connection, asks: Sequence[Ask[Any]], *, now: dt.datetime) -> None:
        """A failing unit fails its own caller; a failing database fails the group."""
        for ask in asks:
            ask.result, ask.error = None, None
            try:
                with in_our_words():
                    ask.result = ask.work(connection, now)
            except Unavailable:
                raise
            except Exception as error:
                ask.error = error

    def _run_units(self, connection: Connection, report: Report, *, now: dt.datetime) -> bool:
        """Run open updates until none is left or the group's time is over; whether some may be left."""
        self._held = {lane: until for lane, until in self._held.items() if now < until <= now + LONGEST_HOLD}
        most = 1 if self._alone else MOST_UNITS
        updates = inbox.open_updates(connection, most=most, held=self._held)
        if not updates:
            self._alone = 0
            return False
        began = time.perf_counter()
        finished: list[Finished] = []
        letters: list[Letter] = []
        for update in updates:
            if update.lane in self._held:
                continue
            outcome = self._run_one(connection, update, now=now)
            report.units += 1
            finished.append(_finished(update, outcome))
            metrics.effect_of(outcome.state).inc()
            letters += outcome.letters
            if outcome.answer:
                report.answers.append(outcome.answer)
            if outcome.held_until:
                self._held[update.lane] = outcome.held_until
            if time.perf_counter() - began > LONGEST_GROUP:
                break
        outbox.add(connection, letters)
        inbox.finish(connection, finished)
        self._alone = max(0, self._alone - 1)
        return len(finished) < len(updates) or len(updates) == most

    def _run_one(self, connection: Connection, update: OpenUpdate, *, now: dt.datetime) -> Outcome:
        if update.attempts >= MOST_ATTEMPTS:  # it failed the whole group each time, last in ``_count_attempt``
            return self._pipeline.put_aside(connection, update, RuntimeError("failed alone"), now=now)
        return self._pipeline.run(connection, update, now=now)

    # When the database refuses ---------------------------------------------------------------------------------

    def _database_is_away(self, batch: Batch, error: Unavailable) -> bool:
        """Tell those who wait, keep what became of calls, and rest; no update counts an attempt for it."""
        log.error("database_unavailable", error=repr(error))
        for waiting in batch.waiting:
            waiting.error = error
        if batch.settled:
            self._settled.appendleft(batch.settled)
        self._tell(Report(asks=self._done_of(batch)))
        self._rest_until = time.monotonic() + REST
        return False

    def _one_by_one(self, batch: Batch, *, now: dt.datetime) -> bool:
        """Run the pieces of a failed group again, each in a transaction of its own; updates follow one by one.

        Returns:
            Whether to go on at once: not when nothing explains the failure.
        """
        for rows in batch.rows:
            self._alone_for(rows, partial(inbox.add, updates=rows.updates))
        for ask in batch.work:
            self._alone_for(ask, partial(self._run_asks, asks=[ask], now=now))
        for settled in batch.settled:
            self._settle_alone(settled, now=now)
        self._tell(Report(asks=self._done_of(batch)))
        explained = not self._alone or self._count_attempt(now=now)
        self._alone = MOST_UNITS
        if not explained:
            self._rest_until = time.monotonic() + REST
        return explained

    def _alone_for(self, waiting: Rows | Ask[Any], work: Callable[[Connection], None]) -> None:
        """Run a piece in a transaction of its own; what fails even so is its caller's to handle."""
        try:
            with self._database.group() as connection:
                work(connection)
        except Exception as error:
            waiting.error = error

    def _settle_alone(self, settled: Settled, *, now: dt.datetime) -> None:
        """What became of a call must not be forgotten while the database is away."""
        try:
            with self._database.group() as connection:
                outbox.settle(connection, [settled], now=now)
        except Unavailable:
            self._settled.append([settled])
        except Exception as error:  # stays *sending*, and is decided about at the next start
            log.error("not_settled", letter=settled.letter.id, exc_info=error)

    def _count_attempt(self, *, now: dt.datetime) -> bool:
        """The update that failed alone, if there is one, counts an attempt and lets the others pass for a while."""
        try:
            with self._database.group() as connection:
                updates = inbox.open_updates(connection, most=1, held=self._held)
                for update in updates:
                    attempts = update.attempts + 1
                    inbox.finish(connection, [Finished(update.seq, InboxState.OPEN, attempts)])
                    self._held[update.lane] = now + RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
        except Exception as error:
            log.error("attempt_not_counted", exc_info=error)
            return False
        return bool(updates)

    def _last_group(self) -> None:
        """At the end: what was asked for and what was sent; no new updates, nothing claimed any more."""
        batch, now = self._take(), self._clock.now()
        try:
            with self._database.group() as connection:
                outbox.settle(connection, batch.settled, now=now)
                inbox.add(connection, [update for rows in batch.rows for update in rows.updates])
                self._run_asks(connection, batch.asks, now=now)
        except Exception as error:  # found as *sending* at the next start
            log.error("last_group_failed", error=repr(error))
            for waiting in batch.waiting:
                waiting.error = error
        self._tell(Report(asks=self._done_of(batch)))

    # Back to the event loop ------------------------------------------------------------------------------------

    def _tell(self, report: Report) -> None:
        if report.asks or report.answers or report.claimed or report.enqueued:
            self._loop.call_soon_threadsafe(self._told, report)

    def _told(self, report: Report) -> None:
        for ask in report.asks:
            if ask.future.done():  # its caller was cancelled
                continue
            if ask.error is not None:
                ask.future.set_exception(ask.error)
            else:
                ask.future.set_result(ask.result)
        self._listener.committed(report.answers, report.claimed)
        self._handed += len(report.claimed)
        if report.enqueued:
            self._listener.enqueued()


def _drain(queue: deque[T]) -> list[T]:
    """What is there now; the event loop may append meanwhile."""
    return [queue.popleft() for _ in range(len(queue))]


def _finished(update: OpenUpdate, outcome: Outcome) -> Finished:
    attempts = max(update.attempts, outcome.attempts)
    return Finished(update.seq, outcome.state, attempts, outcome.reference, secret=outcome.secret)
