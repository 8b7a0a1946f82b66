"""What others wrote of somebody who is forgotten, in words that belong to no record of theirs.

A name or number that somebody else has too stays there: nobody knows whom it means. What goes along for days only (in
the inbox, in the outbox, in a question that is open) is blanked whole.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, Text, cast, delete, exists, null, or_, select, update

from storage import erasure as trail
from storage.inbox import InboxState
from storage.models import (
    Act,
    Case,
    CaseEntry,
    Change,
    Channel,
    Contact,
    Customer,
    Dialog,
    Draft,
    Inbox,
    Member,
    Outbox,
    Reminder,
    SheetImport,
    Talk,
    Touch,
)
from storage.outbox import SendState

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

DOTS = "•••"
_WORDS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Reminder, ("words",)),
    (Draft, ("text",)),
    (Touch, ("note",)),
    (Talk, ("text",)),
    (Case, ("words", "lesson")),
    (CaseEntry, ("text",)),
    (Customer, ("note", "needs", "preferences")),
)
_BEARERS = (
    Customer.name,
    Customer.nickname,
    Contact.name,
    Contact.nickname,
    Member.name,
    Channel.value,
    Channel.normal,
)
_SAMPLE = 3  # where a column of an import has a value of its file


def forget_mentions(uow: "UnitOfWork", strings: Sequence[str], *, import_id: int | None) -> None:
    """Take names, numbers and addresses out of everything else, in the open act, when the records are empty already.

    Args:
        strings: the longest first.
        import_id: of the file in which the customer came; it shows a few of its rows.
    """
    _forget_traffic(uow, strings)
    _forget_samples(uow, strings, import_id)
    theirs = [one for one in strings if not _has_other_bearers(uow, one)]
    if theirs:
        _forget_trail(uow, theirs, _mask_words(uow, theirs))


def names(text: str, strings: Iterable[str]) -> bool:
    """Whether one of the strings is in a text, also in one that is JSON."""
    with contextlib.suppress(ValueError):  # what is not JSON is taken as it is
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return any(one in text for one in strings)


def without(text: str, strings: Iterable[str]) -> str:
    """A text in which names, numbers and addresses are dots."""
    for one in strings:
        text = re.sub(re.escape(one), DOTS, text, flags=re.IGNORECASE)
    return text


def _forget_traffic(uow: "UnitOfWork", strings: Sequence[str]) -> None:
    """What colleagues typed and were shown in the last days, before it is blanked by itself."""
    run: Any = uow.connection.execute
    raw = run(select(Inbox.seq, Inbox.raw).where(Inbox.raw.is_not(None), Inbox.state != InboxState.OPEN)).all()
    for key in [row.seq for row in raw if names(row.raw.decode("utf-8", "replace"), strings)]:
        run(update(Inbox).where(Inbox.seq == key).values(raw=None))
    settled = Outbox.payload.is_not(None), Outbox.state >= SendState.SENT
    for key, payload in run(select(Outbox.id, cast(Outbox.payload, Text)).where(*settled)).all():
        if names(payload, strings):
            run(update(Outbox).where(Outbox.id == key).values(payload=null()))
    for chat_id, person_id, facts in run(select(Dialog.chat_id, Dialog.person_id, cast(Dialog.facts, Text))).all():
        if names(facts, strings):
            run(delete(Dialog).where(Dialog.chat_id == chat_id, Dialog.person_id == person_id))


def _forget_samples(uow: "UnitOfWork", strings: Sequence[str], import_id: int | None) -> None:
    """The rows and values that the preview of an import shows of its file."""
    run: Any = uow.connection.execute
    for key, facts in run(select(SheetImport.id, SheetImport.facts)).all():
        if key == import_id or names(json.dumps(facts), strings):
            columns = [[*column[:_SAMPLE], "", *column[_SAMPLE + 1 :]] for column in facts.get("columns", ())]
            values = {**facts, "samples": [], "columns": columns}
            run(update(SheetImport).where(SheetImport.id == key).values(facts=values))


def _has_other_bearers(uow: "UnitOfWork", one: str) -> bool:
    return any(uow.connection.execute(select(exists().where(column == one))).scalar_one() for column in _BEARERS)


def _mask_words(uow: "UnitOfWork", strings: Sequence[str]) -> list[tuple[str, int]]:
    """Put dots in their place; the rows, by table and id."""
    run: Any = uow.connection.execute
    masked = []
    for model, columns in _WORDS:
        table: Table = model.__table__
        for name in columns:
            rows = run(select(table.c.id, table.c[name]).where(_holds(table.c[name], strings))).all()
            for key, text in rows:
                run(update(table).where(table.c.id == key).values({name: without(text, strings)}))
                masked.append((table.name, key))
    return masked


def _forget_trail(uow: "UnitOfWork", strings: Sequence[str], masked: Iterable[tuple[str, int]]) -> None:
    """The history of acts about nobody's record, and of the rows that were masked."""
    run: Any = uow.connection.execute
    forms = [*strings, *(json.dumps(one)[1:-1] for one in strings)]  # as JSON has them, too
    free = select(Act.id).where(Act.customer_id.is_(None))
    acts = set(run(free.where(_holds(cast(Act.facts, Text), forms))).scalars()) - {uow.journal.act_id}
    named = select(Change.id).where(or_(*(_holds(cast(side, Text), forms) for side in (Change.before, Change.after))))
    changes = set(run(named.where(Change.act_id.in_(free))).scalars())
    for table, key in masked:
        changes.update(run(named.where(Change.table == table, Change.row_id == key)).scalars())
    trail.erase(uow, acts=sorted(acts), changes=sorted(changes))


def _holds(column: ColumnElement[Any], strings: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(column.contains(one, autoescape=True) for one in strings))
