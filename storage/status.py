"""What the tables tell of how the bot is doing, for admins; and what becomes of messages that were held."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, case, func, literal_column, select, text, update

from domain.customers import Page
from domain.errors import Changed, NotAllowed
from domain.people import Actor, Role
from domain.status import DAY, HELD_PAGE, ErrorLine, HeldLine, Queues, Trace, Worker
from storage import inbox, outbox
from storage.due import waiting as due_waiting
from storage.jobs import JobState
from storage.models import Inbox, Job, Lease, Outbox, Person
from storage.outbox import SendState

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST_ERRORS = 30  # that are looked back at, of each sort
ERRORS_KEPT = dt.timedelta(days=7)

# The conditions of the partial indexes, in the words that SQLite recognises them by.
_ASIDE = Inbox.state == literal_column("2")
_UNSENT = Outbox.state > literal_column("2")
_HELD = (_UNSENT, Outbox.state == SendState.UNCERTAIN)
_SINCE: Any = bindparam("since", type_=Outbox.settled_at.type)
COUNT_ASIDE = select(func.count()).select_from(Inbox).where(_ASIDE)
COUNT_HELD = select(func.count()).select_from(Outbox).where(*_HELD)
OPEN_LETTERS = select(
    func.count(case((Outbox.state == SendState.SENDING, 1))),
    func.count(case(((Outbox.state == SendState.DUE) & (Outbox.not_before > bindparam("now")), 1))),
).where(Outbox.state < 2)
ENDED = (
    select(
        func.count(case((Outbox.state == SendState.SENT, 1))),
        func.count(case((Outbox.state == SendState.FAILED, 1))),
        func.count(case((Outbox.dedupe_key.like("waiting:%"), Outbox.person_id)).distinct()),
    )
    .select_from(Outbox)
    .where(Outbox.settled_at >= _SINCE)
)
ASIDE = (
    select(Inbox.received_at, Inbox.reference, Person.name)
    .outerjoin(Person, Person.telegram_id == Inbox.lane)
    .where(_ASIDE, Inbox.received_at >= _SINCE)
    .order_by(Inbox.seq.desc())
    .limit(MOST_ERRORS)
)
FAILED = (
    select(Outbox.settled_at, Outbox.error, Person.name)
    .outerjoin(Person, Person.id == Outbox.person_id)
    .where(_UNSENT, Outbox.state == SendState.FAILED, Outbox.settled_at >= _SINCE)
    .order_by(Outbox.id.desc())
    .limit(MOST_ERRORS)
)
FAILED_JOBS = (
    select(Job.created_at, Job.kind, Person.name)
    .outerjoin(Person, Person.id == Job.person_id)
    .where(Job.state == JobState.FAILED, Job.created_at >= _SINCE)
    .order_by(Job.id.desc())
    .limit(MOST_ERRORS)
)
_HELD_LINE = (
    select(Outbox.id, Outbox.created_at, Outbox.chat_id, Person.name, Outbox.method, Outbox.payload)
    .outerjoin(Person, Person.id == Outbox.person_id)
    .where(*_HELD)
)
HELD_LINES: Select[Any] = _HELD_LINE.order_by(Outbox.id).limit(HELD_PAGE).offset(bindparam("skip"))
LAST_HELD = select(func.max(Outbox.id)).where(*_HELD)
WORKERS = select(Lease.name, Lease.owner, Lease.until > func.clock_timestamp()).order_by(Lease.name)
SIZES = {
    "sqlite": text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
    "postgresql": text("SELECT pg_database_size(current_database())"),
}


class StatusRepository:
    """For admins only: it sees messages to everybody.

    Raises:
        NotAllowed: the actor is no admin.
    """

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        if actor.role is not Role.ADMIN:
            raise NotAllowed("status")
        self._uow = uow
        self._actor = actor
        self._connection = uow.connection
        self._run: Any = uow.connection.execute

    # How it is -------------------------------------------------------------------------------------------------

    def queues(self) -> Queues:
        """What waits now, and what became of the last 24 hours."""
        now = self._uow.now
        updates, updates_since = inbox.waiting(self._connection)
        letters, letters_since = outbox.waiting(self._connection, now=now)
        sending, later = self._run(OPEN_LETTERS, {"now": now}).one()
        sent, failed, slowed = self._run(ENDED, {"since": now - DAY}).one()
        last = inbox.last(self._connection)
        return Queues(
            updates=max(0, updates - 1),  # the one that asks is open until it was answered
            updates_since=updates_since,
            aside=self._run(COUNT_ASIDE).scalar_one(),
            due_letters=max(0, letters - sending),
            letters_since=letters_since,
            later_letters=later,
            sending=sending,
            held=self._run(COUNT_HELD).scalar_one(),
            sent=sent,
            failed=failed,
            due=due_waiting(self._connection, now=now),
            jobs=self._uow.jobs.open_count(),
            slowed=slowed,
            received_at=last[1] if last else None,
        )

    def size(self) -> int:
        """Bytes of the database."""
        found: int = self._run(SIZES[self._connection.dialect.name]).scalar_one()
        return found

    def workers(self) -> tuple[Worker, ...]:
        """Who sends, polls and ticks; nobody is named where only one process can be."""
        if self._connection.dialect.name == "sqlite":
            return ()
        return tuple(Worker(*row) for row in self._run(WORKERS))

    def errors(self) -> list[ErrorLine]:
        """What went wrong within a week and left a row, newest first."""
        since = {"since": self._uow.now - ERRORS_KEPT}
        lines = [ErrorLine(row.received_at, Trace.UPDATE, row.reference, row.name) for row in self._run(ASIDE, since)]
        lines += [ErrorLine(row.settled_at, Trace.SEND, None, row.name, row.error) for row in self._run(FAILED, since)]
        lines += [
            ErrorLine(row.created_at, Trace.JOB, None, row.name, row.kind) for row in self._run(FAILED_JOBS, since)
        ]
        return sorted(lines, key=lambda line: line.at, reverse=True)

    # What was held ---------------------------------------------------------------------------------------------

    def held(self, number: int = 0) -> Page[HeldLine]:
        """A screen of held messages, oldest first."""
        total: int = self._run(COUNT_HELD).scalar_one()
        number = min(number, max(0, (total - 1) // HELD_PAGE))
        return Page(tuple(_line(row) for row in self._run(HELD_LINES, {"skip": number * HELD_PAGE})), number, total)

    def last_held(self) -> int | None:
        """The newest held message, so that who drops all drops those only that were there."""
        found: int | None = self._run(LAST_HELD).scalar_one()
        return found

    def send_again(self, letter_id: int) -> None:
        """Give a held message back to the sender. Raises ``Changed`` when it is held no more."""
        values = {"state": SendState.DUE, "not_before": self._uow.now, "attempt": 0, "error": None, "settled_at": None}
        self._decide(letter_id, "letter.sent_again", SendState.UNCERTAIN, values)

    def drop(self, letter_id: int) -> None:
        """Never send a held message. Raises ``Changed`` when it is held no more."""
        values = {"state": SendState.CANCELLED, "settled_at": self._uow.now}
        self._decide(letter_id, "letter.dropped", SendState.UNCERTAIN, values)

    def put_back(self, letter_id: int) -> None:
        """Hold a dropped message again. Raises ``Changed`` when it was not dropped."""
        values = {"state": SendState.UNCERTAIN, "settled_at": self._uow.now}
        self._decide(letter_id, "letter.put_back", SendState.CANCELLED, values)

    def drop_all(self, until: int) -> int:
        """Drop every held message up to the one with the id ``until``; how many there were."""
        dropped = update(Outbox).where(*_HELD, Outbox.id <= until)
        count: int = self._run(dropped.values(state=SendState.CANCELLED, settled_at=self._uow.now)).rowcount
        self._uow.act(self._actor, "letter.dropped", undo=None, facts={"name": str(count)})
        return count

    def _decide(self, letter_id: int, kind: str, before: SendState, values: dict[str, Any]) -> None:
        found = update(Outbox).where(Outbox.id == letter_id, Outbox.state == before, Outbox.payload.is_not(None))
        if not self._run(found.values(**values)).rowcount:
            raise Changed("letter", letter_id)
        name = self._run(
            select(Person.name).join(Outbox, Outbox.person_id == Person.id).where(Outbox.id == letter_id)
        ).scalar_one_or_none()
        self._uow.act(self._actor, kind, undo=None, facts={"name": name})


def _line(row: Row[Any]) -> HeldLine:
    payload = row.payload or {}
    words = str(payload.get("text") or payload.get("caption") or "")
    return HeldLine(row.id, row.created_at, row.name or str(row.chat_id), row.method, words)
