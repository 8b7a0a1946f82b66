"""Imports and exports without a bot: the jobs of a file done here, one after the other, as the frame would."""

import contextlib
import datetime as dt
from collections.abc import Generator
from itertools import islice
from pathlib import Path
from typing import Any

from actions import imports as act
from domain.imports import ImportLine, ImportState
from domain.people import Actor
from handlers import all_jobs
from handlers.jobs import Progress, Task
from storage.database import Database
from storage.jobs import JobState
from storage.uow import UnitOfWork


class Desk:
    """Brings files in for one actor after the other; ``now`` is what the clock shows."""

    def __init__(self, database: Database, folder: Path, now: dt.datetime) -> None:
        self.database = database
        self.folder = folder
        self.now = now
        self._files = 0

    def unit(self) -> Any:
        return self.database.transaction(self.now)

    def file(self, text: str, *, name: str = "customers.csv") -> Path:
        self._files += 1
        path = self.folder / f"{self._files}-{name}"
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, actor: Actor, text: str | Path, **chosen: Any) -> ImportLine:
        """A file up to its preview."""
        path = text if isinstance(text, Path) else self.file(text)
        with self.unit() as uow:
            line = act.begin(uow, actor, path.name, {"path": str(path)} | chosen)
        list(self.work(line.facts["job_id"]))
        return self.line(actor, line.id)

    def start(self, actor: Actor, line: ImportLine) -> ImportLine:
        """An import that has just begun: nothing is filed yet."""
        with self.unit() as uow:
            return act.start(uow, actor, uow.imports(actor).get(line.id))

    def bring_in(self, actor: Actor, text: str | Path, **chosen: Any) -> ImportLine:
        """A file with all that follows."""
        return self.finish(actor, self.start(actor, self.read(actor, text, **chosen)))

    def finish(self, actor: Actor, line: ImportLine) -> ImportLine:
        """All jobs of an import that it has begun or that follow."""
        while (line := self.line(actor, line.id)).state not in (ImportState.DONE, ImportState.UNDONE):
            list(self.work(line.facts["job_id"]))
        return line

    def line(self, actor: Actor, import_id: int) -> ImportLine:
        with self.unit() as uow:
            found: ImportLine = uow.imports(actor).get(import_id)
            return found

    def work(self, job_id: int, *, ahead: bool = False) -> Generator[Progress, None, None]:
        """Do a job batch by batch; who stops asking has crashed between two.

        ``ahead``: all is computed before the first batch is stored, as by a worker that is the faster one.
        """
        with self.unit() as uow:
            uow.jobs.abandon_all()
            job = uow.jobs.claim(job_id) or uow.jobs.take()
        assert job is not None and job.id == job_id
        kind = all_jobs()[job.kind]
        task = Task(job.facts, None, self.database.reading)
        with contextlib.closing(kind.compute(task)) as batches:
            computed = list(batches) if ahead else batches
            for offset, batch in enumerate(islice(computed, job.offset, None), job.offset):
                with self.unit() as uow:
                    assert uow.jobs.advance(job)
                    progress = kind.store(uow, self.actor_of(uow, job.person_id), job.facts, batch, offset, self.now)
                yield progress
        with self.unit() as uow:
            assert uow.jobs.end(job, JobState.DONE)

    def crash(self, job_id: int, *, after: int) -> None:
        """Do so many batches of a job and no more."""
        with contextlib.closing(self.work(job_id)) as work:
            for _ in islice(work, after):
                pass

    @staticmethod
    def actor_of(uow: UnitOfWork, person_id: int | None) -> Actor:
        return uow.people.actor(person_id) if person_id is not None else uow.people.program()
