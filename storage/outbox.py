"""Everything that leaves for a chat, as rows: written with the effect that owes them, claimed by the one sender.

A row is committed as *sending* before its call, so that after a crash those whose fate is unknown are known.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    SmallInteger,
    Update,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from domain.values import frozen
from storage.models import Attachment, Lease, Living, Outbox, Person
from storage.unreachable import owe_word
from storage.uow import UnitOfWork


class SendState(IntEnum):
    DUE = 0
    SENDING = 1
    SENT = 2
    FAILED = 3
    CANCELLED = 4
    UNCERTAIN = 5


@frozen
class Letter:
    """A call to be made: a Bot API method with its parameters, for one chat.

    ``lane`` 0 answers, 1 reminders, 2 campaigns; ``copy_rule`` as ``views.replies.CopyRule``; ``attachment`` is
    (name, bytes). ``living`` names what the message tracks: its message id is kept when it was sent.
    ``secret``: its words are forgotten as soon as it is settled, instead of days later.
    """

    chat_id: int
    method: str
    params: dict[str, Any]
    not_before: dt.datetime
    person_id: int | None = None
    lane: int = 0
    copy_rule: str = "must"
    living: str | None = None
    dedupe_key: str | None = None
    attachment: tuple[str, bytes] | None = None
    secret: bool = False


@frozen
class Claimed:
    """A letter in the hands of the sender. ``attempt`` counts this one; ``living_id`` is the message to edit."""

    id: int
    chat_id: int
    person_id: int | None
    lane: int
    copy_rule: str
    method: str
    params: dict[str, Any]
    living: str | None
    attempt: int
    attachment_id: int | None = None
    attachment: tuple[str, bytes] | None = None
    living_id: int | None = None


@frozen
class Settled:
    """What became of a call.

    Attributes:
        again_at: with state ``DUE``, when the chat may be tried again; ``None`` for now.
        untried: no call was made: it is given back.
        unreachable: the person blocked the bot or is gone.
        chat_id: the new id of a group that became a supergroup.
    """

    letter: Claimed
    state: SendState
    message_id: int | None = None
    error: str | None = None
    again_at: dt.datetime | None = None
    untried: bool = False
    unreachable: bool = False
    chat_id: int | None = None


_INSERTS: Mapping[str, Any] = {
    "sqlite": sqlite.insert(Outbox).on_conflict_do_nothing(index_elements=["dedupe_key"]),
    "postgresql": postgresql.insert(Outbox).on_conflict_do_nothing(index_elements=["dedupe_key"]),
}
_ATTACH = insert(Attachment).returning(Attachment.id)
# The condition of the partial index, in the words that SQLite recognises it by: not with a bound value.
_OPEN = Outbox.state < literal_column("2", SmallInteger)
# Chats with a letter in somebody's hands, or one that is tried again later: nothing may overtake it there.
_Tried = aliased(Outbox, name="tried")
_TAKEN = select(_Tried.chat_id).where(
    _Tried.state < literal_column("2", SmallInteger),
    _Tried.attempt > literal_column("0", SmallInteger),
    or_(_Tried.state == SendState.SENDING, _Tried.not_before > bindparam("now")),
)
_NEXT = (
    select(Outbox.id)
    .where(_OPEN, Outbox.state == SendState.DUE, Outbox.not_before <= bindparam("now"))
    .where(Outbox.chat_id.not_in(_TAKEN))
    .order_by(Outbox.lane, Outbox.id)
    .limit(bindparam("most"))
)
# Locked, so that nobody takes the lease, and recovers what it left, before this claim is there to be recovered.
_HOLDS = (
    select(Lease.name)
    .where(Lease.name == "sender", Lease.owner == bindparam("owner"), Lease.fence == bindparam("fence"))
    .with_for_update(read=True)
)


def _claiming(chosen: Select[Any]) -> Update:
    """The state once more outside: PostgreSQL looks only there again at a row that another claim held meanwhile."""
    claimed = update(Outbox).where(Outbox.id.in_(chosen), Outbox.state == SendState.DUE)
    return claimed.values(state=SendState.SENDING, attempt=Outbox.attempt + 1)


_COLUMNS = (
    Outbox.id,
    Outbox.chat_id,
    Outbox.person_id,
    Outbox.lane,
    Outbox.copy_rule,
    Outbox.method,
    Outbox.payload,
    Outbox.living,
    Outbox.attempt,
    Outbox.attachment_id,
)
_CLAIM = {
    False: _claiming(_NEXT).returning(*_COLUMNS),
    True: _claiming(_NEXT.where(Outbox.lane == literal_column("0", SmallInteger))).returning(*_COLUMNS),
}
_BYTES = select(Attachment.name, Attachment.content).where(Attachment.id == bindparam("key"))
_LIVING = select(Living.message_id).where(Living.chat_id == bindparam("chat"), Living.name == bindparam("living"))
_KEEP_LIVING: Mapping[str, Any] = {
    name: (made := dialect.insert(Living)).on_conflict_do_update(
        index_elements=["chat_id", "name"], set_={"message_id": made.excluded.message_id}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
# The attempt is the row's own fence: who was frozen and wakes up settles nothing that was claimed anew since.
_OURS = (Outbox.id == bindparam("key"), Outbox.state == SendState.SENDING, Outbox.attempt == bindparam("tried"))
_SETTLE = (
    update(Outbox)
    .where(*_OURS)
    .values(
        state=bindparam("new_state"),
        message_id=bindparam("sent_as"),
        error=bindparam("why"),
        settled_at=bindparam("at"),
        payload=case((Outbox.secret, null()), else_=Outbox.payload),
    )
)
_AGAIN = (
    update(Outbox)
    .where(*_OURS)
    .values(
        state=SendState.DUE,
        error=bindparam("why"),
        attempt=Outbox.attempt - bindparam("untried"),
    )
)
_HOLD_CHAT = (
    update(Outbox)
    .where(_OPEN, Outbox.state == SendState.DUE, Outbox.chat_id == bindparam("chat"))
    .where(Outbox.not_before < bindparam("again_at"))
    .values(not_before=bindparam("again_at"))
)
_MOVE_CHAT = update(Outbox).where(_OPEN, Outbox.chat_id == bindparam("old")).values(chat_id=bindparam("new"))
_DETACH = update(Outbox).where(Outbox.id == bindparam("key"), Outbox.state >= SendState.SENT).values(attachment_id=None)
_DROP_BYTES = delete(Attachment).where(
    Attachment.id == bindparam("key"),
    ~exists().where(Outbox.id == bindparam("letter"), Outbox.attachment_id.is_not(None)),
)
_UNREACHABLE = (
    update(Person)
    .where(Person.telegram_id == bindparam("chat"), Person.reachable.is_(True))
    .values(reachable=False, unreachable_since=bindparam("at"))
    .returning(Person.id)
)


_WAITS = (_OPEN, Outbox.state == SendState.DUE)
_CANCEL_KEY = (
    update(Outbox)
    .where(*_WAITS, or_(Outbox.dedupe_key == bindparam("key"), Outbox.dedupe_key.like(bindparam("parts"))))
    .values(state=SendState.CANCELLED, settled_at=bindparam("at"))
)
_CANCEL_PERSON = (
    update(Outbox)
    .where(*_WAITS, Outbox.person_id == bindparam("person"), Outbox.lane > literal_column("0", SmallInteger))
    .values(state=SendState.CANCELLED, settled_at=bindparam("at"))
)
_SENT_AS = select(Outbox.chat_id, Outbox.message_id).where(Outbox.dedupe_key == bindparam("key"))
_LIVING_AT = (
    select(Living.name)
    .where(Living.chat_id == bindparam("chat"), Living.message_id == bindparam("message"))
    .order_by(Living.name)
    .limit(1)
)


def add(connection: Connection, letters: Sequence[Letter]) -> None:
    """Store letters; one whose dedupe key is known already is left out."""
    if letters:
        connection.execute(_INSERTS[connection.dialect.name], [_row(connection, letter) for letter in letters])


def _row(connection: Connection, letter: Letter) -> dict[str, Any]:
    attached = None
    if letter.attachment:
        name, content = letter.attachment
        attached = connection.execute(_ATTACH, {"name": name, "content": content}).scalar_one()
    return {
        "chat_id": letter.chat_id,
        "person_id": letter.person_id,
        "lane": letter.lane,
        "copy_rule": letter.copy_rule,
        "method": letter.method,
        "payload": letter.params,
        "attachment_id": attached,
        "living": letter.living,
        "not_before": letter.not_before,
        "dedupe_key": letter.dedupe_key,
        "secret": letter.secret,
        "state": SendState.DUE,
        "attempt": 0,
        "created_at": letter.not_before,
    }


def claim(
    connection: Connection,
    *,
    now: dt.datetime,
    most: int,
    fence: tuple[str, int] | None = None,
    answers: bool = False,
) -> list[Claimed]:
    """Take what is due for sending, answers first, as *sending*; nothing for chats with letters in hand or held.

    Args:
        fence: (owner, number) of the sender's lease, where several workers share the database: who lost it gets none.
        answers: take nothing else.
    """
    if fence and connection.execute(_HOLDS, {"owner": fence[0], "fence": fence[1]}).first() is None:
        return []
    claimed = [Claimed(*row) for row in connection.execute(_CLAIM[answers], {"now": now, "most": most})]
    if any(letter.attachment_id or letter.living for letter in claimed):
        claimed = [_complete(connection, letter) for letter in claimed]
    return sorted(claimed, key=lambda letter: (letter.lane, letter.id))  # RETURNING promises no order


def _complete(connection: Connection, letter: Claimed) -> Claimed:
    """With the bytes that leave with it, and the message that it edits."""
    if not (letter.attachment_id or letter.living):
        return letter
    found = connection.execute(_BYTES, {"key": letter.attachment_id}).one_or_none() if letter.attachment_id else None
    living = (
        connection.execute(_LIVING, {"chat": letter.chat_id, "living": letter.living}).scalar_one_or_none()
        if letter.living
        else None
    )
    return replace(letter, attachment=(found.name, found.content) if found else None, living_id=living)


def settle(connection: Connection, settled: Sequence[Settled], *, now: dt.datetime) -> None:
    """Write down what became of calls, in bulk."""
    again = [s for s in settled if s.state is SendState.DUE]
    ended = [s for s in settled if s.state is not SendState.DUE]
    if ended:
        connection.execute(
            _SETTLE,
            [_which(s) | {"new_state": s.state, "sent_as": s.message_id, "why": s.error, "at": now} for s in ended],
        )
    if again:
        connection.execute(_AGAIN, [_which(s) | {"why": s.error, "untried": int(s.untried)} for s in again])
    held = {s.letter.chat_id: s.again_at for s in again if s.again_at}
    if held:
        connection.execute(_HOLD_CHAT, [{"chat": chat, "again_at": at} for chat, at in held.items()])
    for s in settled:
        _follow(connection, s, now=now)


def _which(s: Settled) -> dict[str, Any]:
    return {"key": s.letter.id, "tried": s.letter.attempt}


def _follow(connection: Connection, s: Settled, *, now: dt.datetime) -> None:
    """What a settled call means beyond its own row; for most there is nothing."""
    letter = s.letter
    if letter.living and s.message_id:
        row = {"chat_id": letter.chat_id, "name": letter.living, "message_id": s.message_id}
        connection.execute(_KEEP_LIVING[connection.dialect.name], row)
    if letter.attachment_id and s.state in (SendState.SENT, SendState.CANCELLED):
        connection.execute(_DETACH, {"key": letter.id})
        connection.execute(_DROP_BYTES, {"key": letter.attachment_id, "letter": letter.id})
    if s.unreachable:
        for person_id in connection.execute(_UNREACHABLE, {"chat": letter.chat_id, "at": now}).scalars().all():
            owe_word(UnitOfWork(connection, now), person_id)
    if s.chat_id:
        connection.execute(_MOVE_CHAT, {"old": letter.chat_id, "new": s.chat_id})


def hurry(connection: Connection, *, now: dt.datetime) -> None:
    """The clock was set back: what was written before must not wait until it is that late again."""
    late = update(Outbox).where(_OPEN, Outbox.state == SendState.DUE, Outbox.not_before > now)
    connection.execute(late.values(not_before=now))


def recover(connection: Connection, *, now: dt.datetime) -> int:
    """Decide about letters that a crash (or a lost lease) left as *sending*: nobody knows whether they arrived.

    What must arrive is sent again, unmarked; a digest once more; a campaign never by itself.

    Returns:
        How many there were.
    """
    stuck = Outbox.state == SendState.SENDING
    again = Outbox.copy_rule.in_(["must", "edit"]) | ((Outbox.copy_rule == "once_more") & (Outbox.attempt < 2))
    due = update(Outbox).where(_OPEN, stuck, again).values(state=SendState.DUE)
    found: int = connection.execute(due).rowcount
    rest = update(Outbox).where(_OPEN, stuck).values(state=SendState.UNCERTAIN, settled_at=now)
    return found + connection.execute(rest).rowcount


def waiting(connection: Connection, *, now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How many letters should be out by now, and since when the oldest should."""
    due = select(func.count(), func.min(Outbox.not_before)).where(_OPEN, Outbox.not_before <= now)
    count, since = connection.execute(due).one()
    return count, since


def cancel(connection: Connection, key: str, *, now: dt.datetime) -> bool:
    """Take back what waits under a business key, all its parts; false when it has left, or is leaving, already."""
    row = {"key": key, "parts": f"{key}#%", "at": now}
    return bool(connection.execute(_CANCEL_KEY, row).rowcount)


def cancel_all(connection: Connection, person_id: int, *, now: dt.datetime) -> int:
    """Take back everything that waits for a person and is no answer to an own act: ``/stop``, an unbinding."""
    found: int = connection.execute(_CANCEL_PERSON, {"person": person_id, "at": now}).rowcount
    return found


def sent_as(connection: Connection, key: str) -> tuple[int, int] | None:
    """(chat, message id) of what was sent under a business key, its first part; ``None`` until it is known."""
    row = connection.execute(_SENT_AS, {"key": key}).one_or_none()
    return None if row is None or row.message_id is None else (row.chat_id, row.message_id)


def is_known(connection: Connection, key: str) -> bool:
    """Whether anything was ever to be sent under a business key, and is not forgotten yet."""
    return connection.execute(_SENT_AS, {"key": key}).first() is not None


def living_message(connection: Connection, chat_id: int, name: str) -> int | None:
    """The message that tracks something in a chat, once it was sent."""
    found: int | None = connection.execute(_LIVING, {"chat": chat_id, "living": name}).scalar_one_or_none()
    return found


def living_at(connection: Connection, chat_id: int, message_id: int) -> str | None:
    """What a message of the bot tracks, by the ``living`` name it was sent with: which thing a person replies to."""
    name: str | None = connection.execute(_LIVING_AT, {"chat": chat_id, "message": message_id}).scalar_one_or_none()
    return name


KEEP_WORDS = dt.timedelta(hours=72)
KEEP_KEYS = dt.timedelta(days=14)
_SOME = 500  # rows forgotten in one unit, so that it stays short


def forget(connection: Connection, *, now: dt.datetime) -> int:
    """Blank what was sent after 72 h, what failed or is uncertain after 14 days, and drop rows after that.

    Returns:
        How many rows were touched, at most a few hundred; call again until it is 0.
    """
    sent = Outbox.state.in_([SendState.SENT, SendState.CANCELLED])
    blank = select(Outbox.id).where(Outbox.settled_at < now - KEEP_WORDS, Outbox.payload.is_not(None), sent)
    old = select(Outbox.id, Outbox.attachment_id).where(Outbox.settled_at < now - KEEP_KEYS).limit(_SOME)
    emptied = update(Outbox).where(Outbox.id.in_(blank.limit(_SOME))).values(payload=null())
    touched: int = connection.execute(emptied).rowcount
    rows = connection.execute(old).all()
    connection.execute(delete(Outbox).where(Outbox.id.in_([row.id for row in rows])))
    connection.execute(delete(Attachment).where(Attachment.id.in_([row.attachment_id for row in rows])))
    return touched + len(rows)
