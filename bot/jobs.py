"""Long work, outside the event loop and outside every lane: download, compute in a process, store batch by batch.

What is stored and how far a job is are one transaction, under the attempt's number; so a crash of either side repeats
no batch and loses none.
"""

import asyncio
import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot import wire
from bot.core import Core
from bot.forks import Worker
from bot.http import AiohttpRequest
from bot.pipeline import Pipeline, new_reference, translator
from bot.worker import DONE, Frame, Order
from domain.errors import DomainError
from domain.people import Actor
from handlers.jobs import Failure, Job, Progress
from storage import outbox
from storage.jobs import MOST_TRIES, JobRow, JobState
from storage.uow import UnitOfWork
from views import errors
from views import jobs as view
from views.language import Translator
from views.replies import Notice, Reply

log = structlog.stdlib.get_logger("keyuan.jobs")

AT_ONCE = 2  # worker processes; each may take hundreds of megabytes
LOOK_EVERY = 1.0  # seconds between looks for jobs that another process enqueued
BEAT_EVERY = 15.0  # seconds; silent for 60, a job is taken over
TELL_EVERY = 3.0  # seconds between edits of the progress message
MOST_DEATHS = 2  # of workers that stored nothing, before the job is taken for what kills them
LARGEST_FILE = 20 * 1024 * 1024  # bytes that a bot may fetch

Say = Callable[[Translator], Reply]


class _Superseded(Exception):
    """The job was cancelled, or another worker has a newer attempt."""


class _Ended(Exception):
    """The worker ended before its time; ``frame`` says why, ``None`` when it just died."""

    def __init__(self, frame: Frame | None) -> None:
        self.frame = frame


class _NoFile(Exception):
    """The bytes could not be fetched."""


class Jobs:
    """Takes jobs up and sees them through."""

    def __init__(
        self,
        kinds: Mapping[str, Job],
        core: Core,
        pipeline: Pipeline,
        bot: Bot,
        request: AiohttpRequest,
        database_url: str,
    ) -> None:
        self._kinds = kinds
        self._core = core
        self._pipeline = pipeline
        self._bot = bot
        self._request = request
        self._database_url = database_url
        self._running: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """There may be a job."""
        self._bell.set()

    async def run(self) -> None:
        """Take jobs up until cancelled; what runs then is taken up at the next start."""
        try:
            while True:
                if len(self._running) < AT_ONCE and (job := await self._core.insist(lambda uow, _now: uow.jobs.take())):
                    task = asyncio.create_task(self._see_through(job))
                    self._running.add(task)
                    task.add_done_callback(self._done)
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._bell.wait()
                self._bell.clear()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._bell.set()

    async def _see_through(self, job: JobRow) -> None:
        kind = self._kinds.get(job.kind)
        if kind is None or job.tries > MOST_TRIES:
            await self._give_up(job, kind, "no such kind" if kind is None else "too many attempts", heavy=True)
            return
        try:
            async with self._file(job) as file, asyncio.timeout(kind.seconds):
                await self._compute(job, kind, file)
        except _Superseded:
            log.info("job_superseded", job=job.id, attempt=job.attempt)
        except _NoFile:
            await self._fail(job, kind, lambda t: view.no_file(t, kind.title(t, job.facts)))
        except _Ended as ended:
            await self._explain(job, kind, ended.frame)
        except TimeoutError:
            await self._give_up(job, kind, f"longer than {kind.seconds} s", heavy=True)
        except DomainError as refusal:  # of the store
            await self._refused(job, kind, refusal)
        except Exception as error:
            log.error("job_failed", job=job.id, person=job.person_id, exc_info=error)
            await self._give_up(job, kind, repr(error), heavy=False)

    # The worker process ----------------------------------------------------------------------------------------

    async def _compute(self, job: JobRow, kind: Job, file: Path | None) -> None:
        function = kind.compute
        order = Order(
            function.__module__,
            function.__qualname__,
            job.facts,
            file,
            self._database_url,
            job.offset,
            kind.seconds,
            kind.megabytes,
        )
        worker = await Worker.start(order)
        if worker is None:
            raise _Ended(None)
        heart = asyncio.create_task(self._beat(job, worker))
        try:
            shown = await self._store_all(job, kind, worker)
            say: Say = lambda t: view.finished(t, job.id, kind.title(t, job.facts))  # noqa: E731
            await self._end(job, JobState.DONE, say if shown else None)
        finally:
            heart.cancel()
            await worker.end()

    async def _store_all(self, job: JobRow, kind: Job, worker: Worker) -> bool:
        """Store what the worker computes; whether a message with the progress stands in the chat at the end."""
        offset, shown, told_at = job.offset, job.offset > 0, 0.0
        loop = asyncio.get_running_loop()
        while (frame := await worker.says()) != DONE:
            if frame is None or frame.kind != "batch":
                raise _Ended(frame)
            tell = loop.time() - told_at >= TELL_EVERY
            progress = await self._core.insist(self._storing(job, kind, frame.value, offset, tell=tell))
            if progress.reply is not None:
                shown = shown and not progress.reply.edit_living
            elif tell:
                shown, told_at = True, loop.time()
            offset += 1
        return shown

    def _storing(
        self, job: JobRow, kind: Job, batch: Any, offset: int, *, tell: bool
    ) -> Callable[[UnitOfWork, dt.datetime], Progress]:
        """Store one batch and, in the same unit, how far the job is and what is said about it."""

        def store(uow: UnitOfWork, now: dt.datetime) -> Progress:
            if not uow.jobs.advance(job):
                raise _Superseded
            actor = self._actor(uow, job)
            progress = kind.store(uow, actor, job.facts, batch, offset, now)
            if job.person_id is not None and (reply := self._words(job, kind, actor, progress, tell=tell)):
                self._say(uow, job.person_id, reply, now=now)
            return progress

        return store

    def _words(self, job: JobRow, kind: Job, actor: Actor, progress: Progress, *, tell: bool) -> Reply | None:
        if (reply := progress.reply) is not None:
            return replace(reply, living=reply.living or view.living_name(job.id)) if reply.edit_living else reply
        if not tell:
            return None
        t = translator(actor)
        if kind.tell is not None:
            return kind.tell(t, job.facts, progress)
        return view.progress(t, job.id, kind.title(t, job.facts), progress.done, progress.total)

    async def _beat(self, job: JobRow, worker: Worker) -> None:
        """Say that the job is alive; end its worker when it was cancelled or taken over."""
        while True:
            await asyncio.sleep(BEAT_EVERY)
            if not await self._core.insist(lambda uow, _now: uow.jobs.beat(job)):
                worker.kill()
                return

    # The file --------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _file(self, job: JobRow) -> AsyncIterator[Path | None]:
        """The bytes of ``facts["file_id"]`` in a private file, deleted afterwards; its name is ours, not the sender's."""
        file_id = job.facts.get("file_id")
        if not file_id:
            yield None
            return
        handle, name = tempfile.mkstemp(prefix="keyuan-job-")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                try:
                    await wire.download(self._bot, self._request, file_id, target, most=LARGEST_FILE)
                except (TelegramError, ValueError) as error:
                    log.warning("file_not_fetched", job=job.id, person=job.person_id, error=repr(error))
                    raise _NoFile from error
            yield path
        finally:
            path.unlink(missing_ok=True)

    # Ends ------------------------------------------------------------------------------------------------------

    async def _explain(self, job: JobRow, kind: Job, frame: Frame | None) -> None:
        """A worker that stopped: a refusal of its own, too heavy, or a bug; one that just died is tried again."""
        match frame:
            case Frame("refused", DomainError() as refusal):
                await self._refused(job, kind, refusal)
            case Frame("broken", trace):
                log.error("job_broken", job=job.id, person=job.person_id, trace=trace)
                await self._give_up(job, kind, "broken", heavy=False)
            case Frame("heavy", _):
                await self._give_up(job, kind, "out of memory", heavy=True)
            case _:
                await self._died(job, kind)

    async def _died(self, job: JobRow, kind: Job) -> None:
        stands = await self._core.insist(lambda uow, _now: uow.jobs.running(job))
        if stands is None:
            log.info("job_stopped", job=job.id)
        elif stands.tries < MOST_DEATHS:
            log.warning("job_died", job=job.id, person=job.person_id, attempt=job.attempt)
            await self._core.insist(lambda uow, _now: uow.jobs.release(job))
        else:
            await self._give_up(job, kind, "died", heavy=True)

    async def _refused(self, job: JobRow, kind: Job, refusal: DomainError) -> None:
        await self._fail(job, kind, lambda t: errors.refused(t, refusal), refusal=refusal)

    async def _give_up(self, job: JobRow, kind: Job | None, why: str, *, heavy: bool) -> None:
        reference = new_reference()
        log.error("job_given_up", job=job.id, person=job.person_id, kind=job.kind, why=why, reference=reference)

        def say(t: Translator) -> Reply:
            title = kind.title(t, job.facts) if kind else job.kind
            return view.too_heavy(t, title, reference) if heavy else view.failed(t, title, reference)

        await self._fail(job, kind, say, heavy=heavy)

    async def _fail(
        self, job: JobRow, kind: Job | None, say: Say, *, refusal: DomainError | None = None, heavy: bool = False
    ) -> None:
        """Close the job as failed; a kind with an end of its own stores it and finds the words."""

        def fail(uow: UnitOfWork, now: dt.datetime) -> None:
            if not uow.jobs.end(job, JobState.FAILED):
                return
            actor = self._actor(uow, job)
            reply = say(translator(actor))
            if kind is not None and kind.fail is not None:
                reply = kind.fail(uow, actor, job.facts, Failure(refusal, heavy, reply))
            if job.person_id is not None:
                self._say(uow, job.person_id, reply, now=now)

        await self._core.insist(fail)

    async def _end(self, job: JobRow, state: JobState, say: Say | None) -> None:
        """Close the job and say how it ended, in one transaction."""

        def end(uow: UnitOfWork, now: dt.datetime) -> None:
            if uow.jobs.end(job, state) and job.person_id is not None and say is not None:
                self._say(uow, job.person_id, say(translator(uow.people.actor(job.person_id))), now=now)

        await self._core.insist(end)

    def _actor(self, uow: UnitOfWork, job: JobRow) -> Actor:
        """Whose rights the job has; without a person (the command line) the program's own."""
        return uow.people.actor(job.person_id) if job.person_id is not None else uow.people.program()

    def _say(self, uow: UnitOfWork, person_id: int, reply: Reply, *, now: dt.datetime) -> None:
        for notice in (Notice(person_id, reply), *reply.notices):
            outbox.add(uow.connection, self._pipeline.notice(uow, notice, now=now))
