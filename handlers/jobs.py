"""Long work: what a kind of job is made of, and the button that stops one.

A handler owes a job with ``req.uow.jobs.enqueue(kind, facts, person_id=…)`` and answers at once. ``compute`` runs in a
process of its own, ``store`` in the core between two updates; the person sees one message that tells how far it is.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from domain.errors import DomainError, NotFound
from domain.people import STAFF, Actor
from domain.values import frozen
from handlers.routing import Request, Route
from storage.database import Connection
from storage.uow import UnitOfWork
from views import jobs as view
from views.language import Translator
from views.replies import Reply


@frozen
class Task:
    """What the worker process gets.

    ``file`` holds the bytes of ``facts["file_id"]``, deleted afterwards. ``reading`` opens a connection that can only
    read. The same facts and file must give the same batches again: after a crash those stored already are left out.
    """

    facts: dict[str, Any]
    file: Path | None
    reading: Callable[[], AbstractContextManager[Connection]]


@frozen
class Progress:
    """How far a job is after a batch, and what the person is told now.

    ``total`` None: nobody knows. ``reply`` with ``edit_living`` replaces the message that tells the progress (so does
    the default text); others are sent as they are.
    """

    done: int
    total: int | None = None
    reply: Reply | None = None


@frozen
class Failure:
    """Why a job ends before its time.

    Attributes:
        refusal: of ``compute`` or ``store``; ``None`` for a bug, a file that could not be fetched, and what is ``heavy``.
        heavy: the worker died, or took too long or too much memory.
        words: what the person hears where the job has no words of its own.
    """

    refusal: DomainError | None
    heavy: bool
    words: Reply


Compute = Callable[[Task], Iterator[Any]]
Store = Callable[[UnitOfWork, Actor, dict[str, Any], Any, int, dt.datetime], Progress]


@frozen
class Job:
    """A kind of job.

    Attributes:
        compute: a top-level function; yields batches of plain values. A ``DomainError`` of it refuses the job.
        store: stores one batch, in a unit of at most 50 ms: (uow, actor, facts, batch, offset, now), the offset
            counting the batches before. Runs once per batch, whatever crashes.
        title: what is being done, for the line that tells the progress.
        tell: the message that tells the progress, where it is not the default one: (translator, facts, progress).
        fail: stores that the job failed, in the unit that ends it, and says so: (uow, actor, facts, failure).
        seconds: how long an attempt may take.
        megabytes: how much memory the process may take.
    """

    compute: Compute
    store: Store
    title: Callable[[Translator, dict[str, Any]], str]
    tell: Callable[[Translator, dict[str, Any], Progress], Reply] | None = None
    fail: Callable[[UnitOfWork, Actor, dict[str, Any], Failure], Reply] | None = None
    seconds: int = 600
    megabytes: int = 512


def press_cancel(req: Request) -> Reply:
    """Whoever started a job stops it; what is stored already stays."""
    job = req.uow.jobs.find(req.press(view.CancelJob).job_id)
    if job is None or job.person_id != req.actor.person_id:
        raise NotFound("job", req.press(view.CancelJob).job_id)
    return view.cancelled(req.t) if req.uow.jobs.cancel(job.id) else view.over(req.t)


ROUTES = (Route(view.CancelJob, press_cancel, STAFF),)
