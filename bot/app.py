"""Build, start and stop the bot, in order. Knows every part and no rule of any."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from actions.invites import admit_admin
from bot import arrival, chores, menus, wire
from bot.backups import Backups
from bot.carriers import carriers_of
from bot.carrying import Carrying
from bot.clock import Clock
from bot.core import Core
from bot.due import DueThings
from bot.http import AiohttpRequest
from bot.intake import REBUILD_AFTER, Intake, Poller, SecondBot
from bot.jobs import Jobs
from bot.outgoing import Answer
from bot.pacing import CHAT_SECONDS, PER_SECOND
from bot.pipeline import Pipeline
from bot.presses import Presses
from bot.refusals import Status
from bot.roles import Roles
from bot.seals import Seals
from bot.sender import IN_FLIGHT, Sender
from bot.settings import Settings
from bot.signing import Signer, button_keys
from bot.throttle import PAGES_A_MINUTE, Throttle
from bot.vitals import Pulse
from bot.warm import warm_up
from bot.web import Web
from bot.web_pages import WebPages
from domain.people import Actor
from handlers import all_jobs, all_routes
from handlers.jobs import Job
from handlers.routing import Route
from reminders.ticks import Ticks
from storage import outbox
from storage.database import open_database
from storage.leases import POLLER, SENDER
from storage.organisation import Organisation, use_defaults
from storage.outbox import Claimed
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.app")

TASK_SECONDS = 3  # of the 25 that SIGTERM grants, for what was cancelled to end
STOP_SECONDS = 9  # for calls under way; requests have 5, seals 1, leases 2, the last group 4
DEAD_AFTER = 120.0  # seconds without a commit
HOOKS = 40  # deliveries at once: all that come while one group of work commits go with the next
SWITCH_SECONDS = 0.001  # of the interpreter lock: a third to a half of the loop's lag, at no measurable cost


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
        self.database = open_database(settings.database_url)
        self.database.limit_transactions()
        self._calls, self._polling = AiohttpRequest(connections=IN_FLIGHT + 8), AiohttpRequest(connections=1)
        self.bot = wire.make_bot(settings.token, settings.api_url, calls=self._calls, polling=self._polling)
        self._carriers = carriers_of(settings)
        self._running = False
        self._hooked = False
        self._poller: Poller | None = None
        self._web: Web | None = None
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        data = settings.database_file or settings.data_dir / "_"
        self._pulse = Pulse(clock, data=data.parent, webhook=settings.webhook_url is not None)

    # Start -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Bring up everything; the database is migrated already.

        Raises:
            TokenRefused, OSError: no such token, no such port; nothing is left running.
        """
        settings = self.settings
        ours = Organisation(settings.locale, settings.region, settings.timezone, settings.worktime)
        use_defaults(replace(ours, carriers=frozenset(self._carriers)))
        await self._calls.initialize()
        await self._polling.initialize()
        try:
            self._build(await arrival.username(self.bot))
            await self._begin()
        except BaseException:
            await self.stop()
            raise

    def _build(self, username: str) -> None:
        with self.database.transaction(self.clock.now()) as uow:
            signer = Signer(button_keys(uow))
        self.presses = Presses(lambda callback_id: self.sender.answer(Answer(callback_id)))
        self.pipeline = Pipeline(
            self._routes,
            signer=signer,
            presses=self.presses,
            bot_username=username,
            public_url=self.settings.public_url,
            carriers=frozenset(self._carriers),
            throttle=self._pace.throttle(),
            admit=self._admit,
            vitals=self._pulse,
        )
        self.core = Core(self.database, self.pipeline, self.clock, self)
        self.roles = Roles(shared=self.database.dialect == "postgresql")
        self.sender = Sender(
            self.bot,
            self.core,
            self.clock,
            may_send=lambda: self.roles.has(SENDER),
            per_second=self._pace.per_second,
            spacing=self._pace.chat_spacing,
        )
        self.intake = Intake(self.core, self.presses, self.clock)
        due = DueThings(self.core, self.pipeline, self.roles)
        self.ticks = Ticks(due.work, self.clock.now, lambda: self._spawn(self.core.insist(chores.set_back)))
        self.jobs = Jobs(self._kinds, self.core, self.pipeline, self.bot, self._calls, self.settings.database_url)
        self.backups = Backups(
            self.core,
            self.pipeline.composer,
            self.roles,
            url=self.settings.database_url,
            folder=self.settings.backup_dir,
        )
        self.seals = Seals(self.core, self.pipeline.composer, self.roles)
        url = self.settings.public_url or ""
        self.carrying = Carrying(self.core, self.pipeline, self.roles, self._carriers, public_url=url)

    async def _begin(self) -> None:
        self._pulse.start()
        self.core.start()
        self._running = True
        if self.database.dialect == "sqlite":  # nobody else can be at work: what was begun is ours to end
            await self.core.write(chores.take_over)
        self.sender.start()
        self._spawn(self.roles.run(self.core, on_change=self.sender.drop))
        await self.core.insist(lambda uow, now: chores.tell_of_absence(uow, self.pipeline.composer, now=now))
        await self.core.insist(lambda uow, now: chores.publish_menus(uow, self._routes, now=now))
        self.ticks.start()
        self._spawn(self.jobs.run())
        self._spawn(arrival.publish_default_menus(self.bot, self._routes, self.settings.locale))
        self._spawn(chores.run(self.core))
        self._spawn(chores.measure_lag())
        self._spawn(warm_up(self.settings.region, self.clock.now().date()))
        self._spawn(chores.Backlog(self.bot, self.core, self.pipeline.composer).watch())
        self._spawn(self.backups.run())
        self._spawn(self.seals.run())
        if self._carriers:
            self._spawn(self.carrying.run())
        if self.settings.listen_on:
            self._web = Web(self.settings, self.intake, self, pages=self._pages())
            await self._web.start()
        self._spawn(self._hook() if self.settings.webhook_url else self._polled())

    def _pages(self) -> WebPages | None:
        """What customers without Telegram open, where the company has an address for it."""
        if self.settings.public_url is None:
            return None
        visits = Throttle(customers=PAGES_A_MINUTE)
        return WebPages(self.core, self.pipeline, self.clock, guesses=Throttle(), visits=visits)

    async def _hook(self) -> None:
        await arrival.set_webhook(self.bot, self.settings, connections=HOOKS)
        self._hooked = True

    async def _polled(self) -> None:
        await arrival.delete_webhook(self.bot)
        self._poller = Poller(
            self.bot,
            self._polling,
            self.intake,
            self.core,
            self.clock,
            may_poll=lambda: self.roles.has(POLLER),
            on_second_bot=lambda: self._spawn(chores.tell_of_second_bot(self.core, self.pipeline.composer)),
        )
        self._pulse.poller = self._poller
        self._spawn(self._until_given_up(self._poller))
        try:
            await self._poller.run()
        except SecondBot:
            log.error("second_bot_at_start")
            self.end(Status.SECOND_BOT)

    async def _until_given_up(self, poller: Poller) -> None:
        await poller.watch()
        self.end(Status.SILENCE)

    def _admit(self, uow: UnitOfWork, actor: Actor) -> Actor:
        """An admin named by the environment is one at first sight, with the menu of one."""
        if actor.telegram_id not in self.settings.admin_ids:
            return actor
        admitted = admit_admin(uow, actor)
        if admitted.is_staff:
            outbox.add(uow.connection, [menus.letter(self._routes, admitted, now=uow.now)])
        return admitted

    # How it is ---------------------------------------------------------------------------------------------------

    def is_alive(self) -> bool:
        """Whether the core works; a database that cannot be written for a while is not the program's death."""
        return self.core.silent_for < DEAD_AFTER

    def is_ready(self) -> bool:
        """Whether messages come in."""
        if self.settings.webhook_url:
            return self._hooked
        return self._poller is not None and self._poller.silent_for < REBUILD_AFTER

    # What the core tells ---------------------------------------------------------------------------------------

    def room(self, *, answers: bool = False) -> int:
        return self.sender.room(answers=answers) if self.roles.has(SENDER) else 0

    def fence(self) -> tuple[str, int] | None:
        return self.roles.fence(SENDER)

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
        if self._web:
            await self._web.stop()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=TASK_SECONDS)
        if self._running:
            self._running = False
            self.ticks.stop()
            await self.sender.stop(seconds=STOP_SECONDS)
            await self.seals.stop()
            await self.roles.release(self.core)
            await self.core.stop()
            self._pulse.stop()
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


async def run(
    settings: Settings,
    clock: Clock,
    *,
    routes: Sequence[Route] | None = None,
    jobs: Mapping[str, Job] | None = None,
    pace: Pace = Pace(),
) -> int:
    """Run the bot until a signal ends it; the exit status."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = App(settings, clock, routes=routes, jobs=jobs, pace=pace)
    gc.freeze()  # all is loaded and stays; a collection first finds nothing, and takes a tenth of the start
    gc.enable()  # the command line switched it off
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, app.end, 0)
    try:
        return await _until_ended(app)
    except arrival.TokenRefused:
        log.error("token_refused")
        return Status.WRONG_TOKEN
    finally:
        await app.stop()
        log.info("stopped")


async def _until_ended(app: App) -> int:
    """Start and wait; a signal ends it also while the server is waited for."""
    loop = asyncio.get_running_loop()
    starting, ended = loop.create_task(app.start()), loop.create_task(app.wait())
    try:
        await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            log.info("started", mode="webhook" if app.settings.webhook_url else "polling")
        return await ended
    finally:
        starting.cancel()
        ended.cancel()
        await asyncio.wait({starting, ended})
