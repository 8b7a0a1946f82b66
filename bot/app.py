"""Build, start and stop the bot, in order. Knows every part and no rule of any."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import InvalidToken, TelegramError

from actions.invites import admit_admin
from bot import chores, menus, wire
from bot.clock import Clock
from bot.core import Core
from bot.due import DueThings
from bot.http import AiohttpRequest
from bot.intake import Intake, Poller, SecondBot
from bot.jobs import Jobs
from bot.outgoing import Answer
from bot.pacing import CHAT_SECONDS, PER_SECOND
from bot.pipeline import Pipeline
from bot.presses import Presses
from bot.sender import IN_FLIGHT, Sender
from bot.settings import Settings
from bot.signing import Signer
from bot.throttle import Throttle
from domain.people import Actor
from handlers import all_jobs, all_routes
from handlers.jobs import Job
from handlers.routing import Route
from reminders.ticks import Ticks
from storage import outbox
from storage.database import open_database
from storage.organisation import Organisation, use_defaults
from storage.outbox import Claimed
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.app")

TASK_SECONDS = 3  # of the 25 that SIGTERM grants, for what was cancelled to end
STOP_SECONDS = 18  # for calls under way to end
TOKEN_PATIENCE = 30.0  # seconds in which a 401 may be a proxy that restarts
SWITCH_SECONDS = 0.001  # of the interpreter lock: a third to a half of the loop's lag, at no measurable cost


class TokenRefused(Exception):
    """The Bot API server does not know the token."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits that benchmarks and tests lift; the defaults are Telegram's."""

    per_second: float = PER_SECOND
    chat_spacing: float = CHAT_SECONDS
    throttle: Callable[[], Throttle] = Throttle


class App:
    """One running bot. ``routes`` and ``jobs`` None mean all that the program has."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        routes: Sequence[Route] | None = None,
        jobs: Mapping[str, Job] | None = None,
        pace: Pace = Pace(),
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._routes = tuple(all_routes() if routes is None else routes)
        self._kinds = all_jobs() if jobs is None else jobs
        self._pace = pace
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    # Start -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Bring up everything; the database is migrated already.

        Raises:
            TokenRefused: and nothing was started.
        """
        settings = self.settings
        use_defaults(Organisation(settings.locale, settings.region, settings.timezone, settings.worktime))
        self.database = open_database(settings.database_url)
        self._calls, self._polling = AiohttpRequest(connections=IN_FLIGHT + 8), AiohttpRequest(connections=1)
        self.bot = wire.make_bot(settings.token, settings.api_url, calls=self._calls, polling=self._polling)
        await self._calls.initialize()
        await self._polling.initialize()
        try:
            username = await self._username()
        except BaseException:
            await self._close()
            raise
        with self.database.transaction(self.clock.now()) as uow:
            signer = Signer(button_keys(uow))
            outbox.recover(uow.connection, now=self.clock.now())
            uow.jobs.abandon_all()
        self.presses = Presses(lambda callback_id: self.sender.answer(Answer(callback_id)))
        self.pipeline = Pipeline(
            self._routes,
            signer=signer,
            presses=self.presses,
            bot_username=username,
            throttle=self._pace.throttle(),
            admit=self._admit,
        )
        self.core = Core(self.database, self.pipeline, self.clock, self)
        self.sender = Sender(
            self.bot, self.core, self.clock, per_second=self._pace.per_second, spacing=self._pace.chat_spacing
        )
        self.intake = Intake(self.core, self.presses, self.clock)
        self.core.start()
        self.sender.start()
        await self.core.write(lambda uow, now: chores.publish_menus(uow, self._routes, now=now))
        self.ticks = Ticks(DueThings(self.core, self.pipeline, self.sender).work, self.clock.now)
        self.ticks.start()
        self.jobs = Jobs(self._kinds, self.core, self.pipeline, self.bot, self._calls, settings.database_url)
        self._spawn(self.jobs.run())
        self._spawn(self._publish_default_menus())
        self._spawn(chores.run(self.core))
        self._start_polling()

    def _start_polling(self) -> None:
        poller = Poller(
            self.bot,
            self._polling,
            self.intake,
            self.core,
            self.clock,
            on_second_bot=self._second_bot,
        )
        self._spawn(self._until_given_up(poller))
        self._poll = self._spawn(self._polled(poller))

    async def _username(self) -> str:
        """Who we are; a server that is away is waited for, one that refuses the token only for a while."""
        refused_since, pause = None, 0.5
        loop = asyncio.get_running_loop()
        while True:
            try:
                me = await self.bot.do_api_request("getMe")
                return str(me["username"])
            except InvalidToken as error:
                refused_since = refused_since or loop.time()
                if loop.time() - refused_since > TOKEN_PATIENCE:
                    raise TokenRefused(str(error)) from None
            except TelegramError as error:
                refused_since = None
                log.warning("server_away", error=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _admit(self, uow: UnitOfWork, actor: Actor) -> Actor:
        return admit_admin(uow, actor) if actor.telegram_id in self.settings.admin_ids else actor

    async def _publish_default_menus(self) -> None:
        for method, params in menus.for_strangers(self._routes, self.settings.locale):
            with contextlib.suppress(TelegramError):  # the next start publishes them again
                await self.bot.do_api_request(method, params)

    async def _polled(self, poller: Poller) -> None:
        with contextlib.suppress(TelegramError):  # without a webhook there is nothing to delete
            await self.bot.do_api_request("deleteWebhook")
        try:
            await poller.run()
        except SecondBot:
            log.error("second_bot_at_start")
            self.end(1)

    async def _until_given_up(self, poller: Poller) -> None:
        await poller.watch()
        self.end(1)

    def _second_bot(self) -> None:
        self.core.write(lambda uow, now: chores.tell_of_second_bot(uow, self.pipeline.composer, now=now))

    # What the core tells ---------------------------------------------------------------------------------------

    def room(self) -> tuple[int, Sequence[int]]:
        return self.sender.room()

    def committed(self, answers: Sequence[Answer], claimed: Sequence[Claimed]) -> None:
        for answer in answers:
            self.sender.answer(answer)
        if claimed:
            self.sender.take(claimed)

    def enqueued(self) -> None:
        self.jobs.ring()

    # End -------------------------------------------------------------------------------------------------------

    def end(self, code: int) -> None:
        """Let ``wait`` return; only the first code counts."""
        if not self._ended.done():
            self._ended.set_result(code)

    async def wait(self) -> int:
        """Until something ends the program: a signal, a second bot, five minutes without an answer."""
        return await self._ended

    async def stop(self) -> None:
        """Take nothing new in, finish what is under way, write it down, let go of everything."""
        self.ticks.stop()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=TASK_SECONDS)
        await self.sender.stop(seconds=STOP_SECONDS)
        await self.core.stop()
        await self._close()

    async def _close(self) -> None:
        await self._polling.shutdown()
        await self._calls.shutdown()
        self.database.close()

    async def idle(self) -> None:
        """Until nothing is left to do at this moment; for tests and the sandbox's page."""
        while await self.core.write(chores.unfinished) or not self.sender.is_idle:
            await asyncio.sleep(0)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended_task)
        return task

    def _ended_task(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("task_broken", exc_info=error)
            self.end(1)


def button_keys(uow: UnitOfWork) -> list[bytes]:
    """The keys that buttons are signed with, made at the first migration."""
    stored: Mapping[str, Any] = uow.settings.value("button_keys") or {}
    return [bytes.fromhex(key) for key in stored.get("keys", ())]


async def run(settings: Settings, clock: Clock, *, on_start: Callable[[App], Awaitable[None]] | None = None) -> int:
    """Run the bot until a signal ends it; the exit status."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = App(settings, clock)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, app.end, 0)
    try:
        await app.start()
    except TokenRefused:
        log.error("token_refused")
        return 1
    gc.collect()
    gc.freeze()  # what is there now stays; collections look at the rest only
    log.info("started", mode="webhook" if settings.webhook_url else "polling")
    try:
        if on_start:
            await on_start(app)
        return await app.wait()
    finally:
        await app.stop()
        log.info("stopped")
