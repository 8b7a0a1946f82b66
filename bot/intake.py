"""Updates in: by polling here, by webhook in ``bot.web``; either way committed to the inbox before they are acknowledged.

PTB's ``Updater`` confirms updates while they wait in memory and ends for good at one 401; this loop confirms by asking
for what follows the newest row of the inbox, and ends only when it is told to.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, TelegramError

from bot import metrics, wire
from bot.clock import Clock
from bot.core import Core
from bot.http import AiohttpRequest
from bot.presses import Presses
from storage import inbox
from storage.inbox import RawUpdate

log = structlog.stdlib.get_logger("keyuan.intake")

POLL_SECONDS = 25
ANSWER_SECONDS = POLL_SECONDS + 10
PAUSES = (0.5, 1.0, 2.0, 5.0)  # after the n-th failure in a row; never more than two calls a second
SECOND_BOT_PAUSE = 30.0
STAND_BY = 0.5  # seconds between looks whether the poller's role is ours
REBUILD_AFTER = 90.0  # seconds without a successful poll: half-open connections may fill the pool
GIVE_UP_AFTER = 300.0  # then the supervisor shall start us anew
IDS_RESTART = dt.timedelta(days=6)  # after a week without updates ids start at random, perhaps lower


class SecondBot(Exception):
    """Another program polls with this token, and was there before us."""


class Intake:
    """Stores updates and starts the second within which a press is answered."""

    def __init__(self, core: Core, presses: Presses, clock: Clock) -> None:
        self._core = core
        self._presses = presses
        self._clock = clock

    async def store(self, updates: Sequence[tuple[dict[str, Any], bytes]]) -> None:
        """Commit updates, each with its JSON text, to the inbox.

        Raises:
            Unavailable: nothing was stored; nothing may be acknowledged.
        """
        now = self._clock.now()
        presses = [callback_id for update, _ in updates if (callback_id := _press_of(update))]
        for callback_id in presses:  # first: once it is stored, its unit may take it at once
            self._presses.arrived(callback_id)
        try:
            await self._core.add([RawUpdate(u["update_id"], wire.lane_of(u), raw, now) for u, raw in updates])
        except BaseException:
            for callback_id in presses:
                self._presses.refused(callback_id)
            raise
        for update, _ in updates:
            metrics.update_of(wire.kind_of(update)).inc()


def _press_of(update: dict[str, Any]) -> str | None:
    match update:
        case {"callback_query": {"id": str(callback_id)}}:
            return callback_id
    return None


def is_update(value: Any) -> bool:
    """Whether this can be kept: an object with a number. What is inside is judged in the pipeline."""
    return isinstance(value, dict) and type(value.get("update_id")) is int and 0 <= value["update_id"] < 2**63


class Poller:
    """``getUpdates``, for ever."""

    def __init__(
        self,
        bot: Bot,
        request: AiohttpRequest,
        intake: Intake,
        core: Core,
        clock: Clock,
        *,
        may_poll: Callable[[], bool],
        on_second_bot: Callable[[], object],
    ) -> None:
        self._bot = bot
        self._request = request
        self._intake = intake
        self._core = core
        self._clock = clock
        self._may_poll = may_poll
        self._on_second_bot = on_second_bot
        self._offset: int | None = None
        self._newest: dt.datetime | None = None
        self._failures = 0
        self._polled = False
        self._loop = asyncio.get_running_loop()
        self._succeeded = self._loop.time()

    @property
    def silent_for(self) -> float:
        """Seconds since the last successful poll, or since the start."""
        return self._loop.time() - self._succeeded

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            SecondBot: at the start another program polls with this token.
        """
        while True:
            if not self._may_poll() or self._newest is None:
                await self._stand_by()
            try:
                await self._once()
            except Conflict as error:
                await self._conflict(error)
            except TelegramError as error:
                await self._failed(error)
            except Exception as error:  # an answer of another shape, a database that is full: never the end
                await self._failed(error)

    async def _stand_by(self) -> None:
        """Wait while another worker polls; then go on after the newest row, whoever stored it."""
        while not self._may_poll():
            self._succeeded = self._loop.time()
            await asyncio.sleep(STAND_BY)
        last = await self._core.insist(lambda uow, _now: inbox.last(uow.connection))
        if last:
            self._offset, self._newest = last[0] + 1, last[1]
        else:
            self._newest = self._clock.now()

    async def watch(self) -> None:
        """Rebuild the connection after 90 s without success, return after 5 min: the program shall be started anew."""
        rebuilt = 0.0
        while self.silent_for < GIVE_UP_AFTER:
            await asyncio.sleep(1)
            if self.silent_for > REBUILD_AFTER and self._loop.time() - rebuilt > REBUILD_AFTER:
                log.warning("polling_rebuilt", silent_for=round(self.silent_for))
                rebuilt = self._loop.time()
                await self._request.shutdown()
                await self._request.initialize()
        log.error("polling_given_up", silent_for=round(self.silent_for))

    async def _once(self) -> None:
        params = {"timeout": POLL_SECONDS, "allowed_updates": wire.ALLOWED_UPDATES, "limit": 100}
        if (offset := self._next()) is not None:
            params["offset"] = offset
        answer = await self._bot.do_api_request("getUpdates", params, read_timeout=ANSWER_SECONDS)
        self._succeeded, self._polled = self._loop.time(), True
        metrics.polls.labels("ok").inc()
        updates = [update for update in answer if is_update(update)]
        if len(updates) < len(answer):
            log.error("updates_without_number", count=len(answer) - len(updates))
        if updates:
            await self._intake.store([(update, json.dumps(update).encode()) for update in updates])
            self._offset, self._newest = max(u["update_id"] for u in updates) + 1, self._clock.now()
        self._failures = 0

    def _next(self) -> int | None:
        """The offset; none after a long silence, when new ids may be lower: what is known already is left out then."""
        silent = self._newest is not None and self._clock.now() - self._newest > IDS_RESTART
        return None if silent else self._offset

    async def _failed(self, error: Exception) -> None:
        metrics.polls.labels("failed").inc()
        log.warning("poll_failed", error=repr(error), failures=self._failures + 1)
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        await asyncio.sleep(pause)

    async def _conflict(self, error: Conflict) -> None:
        """409: at the start somebody else was first; later somebody came after us, and the admins are told."""
        metrics.polls.labels("conflict").inc()
        self._failures += 1
        if not self._polled:
            if self._failures > len(PAUSES):
                raise SecondBot(str(error))
            await asyncio.sleep(PAUSES[self._failures - 1])
            return
        log.error("second_bot", error=str(error))
        self._succeeded = self._loop.time()  # the server does answer
        self._on_second_bot()
        await asyncio.sleep(SECOND_BOT_PAUSE)
