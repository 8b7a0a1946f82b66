"""Long work as rows: enqueued in the transaction that asks for it, stored batch by batch, taken up again after a crash.

Every attempt has a number. A worker that was given up but still breathes has an older one, and is refused.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, func, insert, literal_column, or_, select, update

from domain.values import frozen
from storage.models import Job

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

ENQUEUED = "jobs enqueued"  # set in the connection's ``info``, so that the core need not look after every group
SILENT_FOR = dt.timedelta(seconds=60)  # then another worker takes it up
MOST_TRIES = 5  # attempts without a stored batch; a restart of the program is one
KEEP = dt.timedelta(days=14)


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@frozen
class JobRow:
    """A job.

    ``offset`` counts the batches that are stored; ``attempt`` is the number of whoever runs it, ``tries`` how many
    attempts there were since the last batch was stored.
    """

    id: int
    kind: str
    person_id: int | None
    facts: dict[str, Any]
    state: JobState
    attempt: int
    offset: int
    tries: int


_COLUMNS = (Job.id, Job.kind, Job.person_id, Job.facts, Job.state, Job.attempt, Job.offset, Job.tries)
_ENQUEUE = insert(Job).returning(Job.id)
_BY_ID = select(*_COLUMNS).where(Job.id == bindparam("key"))
_IS_OPEN = Job.state.in_([literal_column("'waiting'"), literal_column("'running'")])  # the words of the partial index
_NEXT = (
    select(Job.id)
    .where(
        _IS_OPEN,
        or_(
            Job.state == JobState.WAITING,
            (Job.state == JobState.RUNNING)
            & or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < bindparam("silent_since")),
        ),
    )
    .order_by(Job.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TAKEN: Any = {
    "state": JobState.RUNNING,
    "attempt": Job.attempt + 1,
    "tries": Job.tries + 1,
    "heartbeat_at": bindparam("now"),
}
_TAKE = update(Job).where(Job.id.in_(_NEXT.scalar_subquery())).values(_TAKEN).returning(*_COLUMNS)
_CLAIM = (
    update(Job).where(Job.id == bindparam("key"), Job.state == JobState.WAITING).values(_TAKEN).returning(*_COLUMNS)
)
_MINE = (Job.id == bindparam("key"), Job.attempt == bindparam("number"), Job.state == JobState.RUNNING)
_RUNNING = select(*_COLUMNS).where(*_MINE)
_BEAT = update(Job).where(*_MINE).values(heartbeat_at=bindparam("now"))
_ADVANCE = update(Job).where(*_MINE).values(heartbeat_at=bindparam("now"), offset=Job.offset + 1, tries=0)
_END = update(Job).where(*_MINE).values(state=bindparam("ended"))
_CANCEL = update(Job).where(Job.id == bindparam("key"), _IS_OPEN).values(state=JobState.CANCELLED)
_ABANDON = update(Job).where(Job.state == JobState.RUNNING).values(heartbeat_at=None)
_OPEN = select(func.count()).where(_IS_OPEN)


class JobRepository:
    """All jobs; whose they are is the caller's to check."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._now = uow.now
        self._connection = uow.connection
        self._run: Any = uow.connection.execute

    def enqueue(self, kind: str, facts: Mapping[str, Any], *, person_id: int | None = None) -> int:
        """Owe a job; ``facts`` are JSON values. With a ``file_id`` among them its bytes are downloaded first."""
        self._connection.info[ENQUEUED] = True
        values = {"kind": kind, "facts": dict(facts), "person_id": person_id, "created_at": self._now}
        key: int = self._run(_ENQUEUE, values | {"state": JobState.WAITING, "attempt": 0, "offset": 0}).scalar_one()
        return key

    def find(self, job_id: int) -> JobRow | None:
        row = self._run(_BY_ID, {"key": job_id}).one_or_none()
        return _job(row) if row else None

    def take(self) -> JobRow | None:
        """The next job that waits, or that fell silent, under a new attempt number."""
        row = self._run(_TAKE, {"now": self._now, "silent_since": self._now - SILENT_FOR}).one_or_none()
        return _job(row) if row else None

    def claim(self, job_id: int) -> JobRow | None:
        """Take up one job and no other, for a program beside the bot; ``None`` when somebody else has it."""
        row = self._run(_CLAIM, {"key": job_id, "now": self._now}).one_or_none()
        return _job(row) if row else None

    def beat(self, job: JobRow) -> bool:
        """Say that the job is alive; false when it was cancelled or taken over."""
        return bool(self._run(_BEAT, _mine(job) | {"now": self._now}).rowcount)

    def advance(self, job: JobRow) -> bool:
        """Count a stored batch, in the unit that stores it; false when this attempt may not store any more."""
        return bool(self._run(_ADVANCE, _mine(job) | {"now": self._now}).rowcount)

    def end(self, job: JobRow, state: JobState) -> bool:
        """Close the job; false when somebody else did."""
        return bool(self._run(_END, _mine(job) | {"ended": state}).rowcount)

    def running(self, job: JobRow) -> JobRow | None:
        """How the job stands in the hands of this attempt; ``None`` when it was cancelled or taken over."""
        row = self._run(_RUNNING, _mine(job)).one_or_none()
        return _job(row) if row else None

    def release(self, job: JobRow) -> bool:
        """Let the job be taken up again, after its worker died."""
        return bool(self._run(_END, _mine(job) | {"ended": JobState.WAITING}).rowcount)

    def cancel(self, job_id: int) -> bool:
        """Stop a job before its next batch; false when it was over."""
        return bool(self._run(_CANCEL, {"key": job_id}).rowcount)

    def abandon_all(self) -> None:
        """At the start of the only process: whatever ran is nobody's now."""
        self._run(_ABANDON)

    def open_count(self) -> int:
        count: int = self._run(_OPEN).scalar_one()
        return count

    def forget(self) -> int:
        """Delete what ended long ago."""
        ended = Job.state.not_in([JobState.WAITING, JobState.RUNNING])
        gone: int = self._run(delete(Job).where(ended, Job.created_at < self._now - KEEP)).rowcount
        return gone


def _mine(job: JobRow) -> dict[str, Any]:
    return {"key": job.id, "number": job.attempt}


def _job(row: Row[Any]) -> JobRow:
    return JobRow(row.id, row.kind, row.person_id, row.facts, JobState(row.state), row.attempt, row.position, row.tries)
