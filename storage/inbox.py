"""The durable inbox: raw updates, committed before they are acknowledged, and the queue that units are taken from.

The table is the queue: what is open here is what has to be done, before and after a crash alike. Rows of one lane
(a chat) are taken in the order of ``seq``, not of ``update_id``, which may restart lower.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from domain.values import frozen
from storage.models import Inbox, Press


class InboxState(IntEnum):
    OPEN = 0
    DONE = 1
    QUARANTINED = 2
    IGNORED = 3


@frozen
class RawUpdate:
    """An update as it came; ``raw`` is its JSON text."""

    update_id: int
    lane: int
    raw: bytes
    received_at: dt.datetime


@frozen
class OpenUpdate:
    """An update whose turn has come. ``attempts`` counts those that failed before."""

    seq: int
    update_id: int
    lane: int
    raw: bytes
    attempts: int
    received_at: dt.datetime


@frozen
class Finished:
    """What became of an update; ``reference`` is what the person was told about a bug.

    ``secret``: what it said is blanked at once, instead of after days.
    """

    seq: int
    state: InboxState
    attempts: int = 0
    reference: str | None = None
    secret: bool = False


_INSERTS: Mapping[str, Any] = {
    "sqlite": sqlite.insert(Inbox).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Inbox).on_conflict_do_nothing(),
}
_COLUMNS = (Inbox.seq, Inbox.update_id, Inbox.lane, Inbox.raw, Inbox.attempts, Inbox.received_at)
_MOST: Any = bindparam("most")
_HELD: Any = bindparam("held", expanding=True)
_earlier = aliased(Inbox)
_OPEN: Any = literal_column("0")  # as a bound value it would hide from SQLite that the partial index may be used
_IN_ORDER = select(*_COLUMNS).where(Inbox.state == _OPEN).order_by(Inbox.seq).limit(_MOST)
# Only the first open row of a lane, locked inside the unit's own transaction: while a worker holds it, it is still
# open in everybody's snapshot, so the second of that lane is no head. Plain SKIP LOCKED would take the second.
_HEADS = (
    select(*_COLUMNS)
    .where(
        Inbox.state == _OPEN,
        ~exists().where(and_(_earlier.lane == Inbox.lane, _earlier.state == _OPEN, _earlier.seq < Inbox.seq)),
    )
    .order_by(Inbox.seq)
    .limit(_MOST)
    .with_for_update(of=Inbox, skip_locked=True)
)
_TAKE: Mapping[str, Any] = {"sqlite": _IN_ORDER, "postgresql": _HEADS}
_TAKE_BUT: Mapping[str, Any] = {name: query.where(Inbox.lane.not_in(_HELD)) for name, query in _TAKE.items()}
_FINISH = (
    update(Inbox)
    .where(Inbox.seq == bindparam("key"), Inbox.state == 0)
    .values(state=bindparam("new_state"), attempts=bindparam("tried"), reference=bindparam("told"))
)
_BLANK = update(Inbox).where(Inbox.seq == bindparam("key")).values(raw=None)
_LAST = select(Inbox.update_id, Inbox.received_at).order_by(Inbox.seq.desc()).limit(1)
_WAITING = select(func.count(), func.min(Inbox.received_at)).where(Inbox.state == _OPEN)
_PRESSED: Mapping[str, Any] = {
    "sqlite": sqlite.insert(Press).on_conflict_do_nothing().returning(Press.id),
    "postgresql": postgresql.insert(Press).on_conflict_do_nothing().returning(Press.id),
}


def add(connection: Connection, updates: Sequence[RawUpdate]) -> None:
    """Store what is new; an update known already is left as it is.

    Sorted by id: two workers that insert the same ids in different orders could block each other.
    """
    if not updates:
        return
    rows = [
        {"update_id": u.update_id, "lane": u.lane, "raw": u.raw, "received_at": u.received_at}
        for u in sorted(updates, key=lambda u: u.update_id)
    ]
    connection.execute(_INSERTS[connection.dialect.name], rows)


def open_updates(connection: Connection, *, most: int, held: Collection[int]) -> list[OpenUpdate]:
    """The next open updates, oldest first, none of a ``held`` lane; on PostgreSQL at most one of a lane, locked."""
    name = connection.dialect.name
    if held:
        rows = connection.execute(_TAKE_BUT[name], {"most": most, "held": list(held)})
    else:
        rows = connection.execute(_TAKE[name], {"most": most})
    return [OpenUpdate(*row) for row in rows]


def finish(connection: Connection, finished: Sequence[Finished]) -> None:
    """Note what became of updates; those that stay open have their attempts counted."""
    if finished:
        rows = [{"key": f.seq, "new_state": f.state, "tried": f.attempts, "told": f.reference} for f in finished]
        connection.execute(_FINISH, rows)
    if secret := [{"key": f.seq} for f in finished if f.secret]:
        connection.execute(_BLANK, secret)


def last(connection: Connection) -> tuple[int, dt.datetime] | None:
    """The update id and arrival of the newest row: where polling goes on."""
    row = connection.execute(_LAST).one_or_none()
    return (row.update_id, row.received_at) if row else None


def waiting(connection: Connection) -> tuple[int, dt.datetime | None]:
    """How many updates wait, and since when the oldest does."""
    count, since = connection.execute(_WAITING).one()
    return count, since


def press_once(connection: Connection, chat_id: int, message_id: int, payload: str, *, now: dt.datetime) -> bool:
    """Whether this press is the first of its kind: clients resend one under a new update id."""
    row = {"chat_id": chat_id, "message_id": message_id, "payload": payload, "at": now}
    return connection.execute(_PRESSED[connection.dialect.name], row).first() is not None


KEEP_RAW = dt.timedelta(hours=72)
KEEP_IDS = dt.timedelta(days=14)  # Telegram keeps an update for a day; a resent one is known for two weeks
_SOME = 500  # rows forgotten in one unit, so that it stays short


def forget(connection: Connection, *, now: dt.datetime) -> int:
    """Blank finished updates after 72 h and drop all after 14 days; the newest row stays, since polling needs its id.

    Returns:
        How many rows were touched, at most a few hundred; call again until it is 0.
    """
    ended = Inbox.state.in_([InboxState.DONE, InboxState.IGNORED])
    blank = select(Inbox.seq).where(Inbox.received_at < now - KEEP_RAW, Inbox.raw.is_not(None), ended).limit(_SOME)
    newest = select(func.max(Inbox.seq)).scalar_subquery()
    old = select(Inbox.seq).where(
        Inbox.received_at < now - KEEP_IDS, Inbox.state != InboxState.OPEN, Inbox.seq != newest
    )
    pressed = select(Press.id).where(Press.at < now - KEEP_IDS)
    touched: int = connection.execute(update(Inbox).where(Inbox.seq.in_(blank)).values(raw=None)).rowcount
    touched += connection.execute(delete(Inbox).where(Inbox.seq.in_(old.limit(_SOME)))).rowcount
    return touched + connection.execute(delete(Press).where(Press.id.in_(pressed.limit(_SOME)))).rowcount
