"""What others wrote of somebody who is forgotten, in words that belong to no record of theirs.

A name or number that somebody else has too stays there: nobody knows whom it means. What goes along for days only (in
the inbox, in the outbox, in a question that is open) is blanked whole.

All of it is looked through in *stretches* of keys, a unit of work at a time, so that nobody waits. Rows that are added
meanwhile have higher keys and are found at the end of their stretch, rows that are changed by the changes noted of
them. Once more, a while later, everything since the beginning is looked at: what was on its way is settled then, and
PostgreSQL may show a row late, below others.
"""

import contextlib
import datetime as dt
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, Table, Text, cast, delete, exists, func, null, or_, select, update

from domain.values import frozen
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
    Enquiry,
    Inbox,
    Media,
    Member,
    Outbox,
    Reminder,
    SheetImport,
    SurveyResponse,
    Talk,
    Touch,
    TouchAmount,
)
from storage.outbox import SendState
from storage.seals import OVERLAP

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

DOTS = "•••"
ROWS = 500  # in hand when the time is over
LATE_ROWS = 1_000  # that may appear below the highest key
BREATH = dt.timedelta(milliseconds=100)  # between two units
_WORDS: dict[Any, tuple[str, ...]] = {
    Reminder: ("words",),
    Draft: ("text", "understood"),
    Touch: ("note",),
    TouchAmount: ("words",),
    Talk: ("text",),
    Case: ("words", "product", "lesson"),
    CaseEntry: ("text",),
    Enquiry: ("words",),
    Media: ("name", "caption"),
    SurveyResponse: ("answers",),
    Customer: ("note", "needs", "preferences", "occupation", "interests", "address"),
    Contact: ("title", "part", "preferred_time"),
}
_MODELS = {model.__tablename__: model for model in _WORDS}
_BEARERS: dict[Any, tuple[str, ...]] = {
    Customer: ("name", "nickname"),
    Contact: ("name", "nickname"),
    Member: ("name",),
    Channel: ("value", "normal"),
}
_SAMPLE = 3  # where a column of an import has a value of its file


@dataclass(slots=True)
class Sweep:
    """What is looked for, and how far that has come: ``done`` has the last key of each stretch, ``began`` the last one
    there was at the beginning.

    ``strings`` are the longest first; ``own`` are those that nobody else bears, as far as was looked.
    """

    act_id: int
    import_id: int | None  # of the file in which the customer came; it shows a few of its rows
    strings: list[str]
    own: list[str]
    began: dict[str, int]
    done: dict[str, int]
    again: bool = False


@frozen
class Stretch:
    """Rows of one table; ``look`` takes those of ``within``."""

    name: str
    key: Any
    look: Callable[["UnitOfWork", Sweep, ColumnElement[bool]], None]
    rows: int = ROWS


def begin(uow: "UnitOfWork", strings: Sequence[str], *, import_id: int | None) -> Sweep:
    """Look for names, numbers and addresses, for the open act, when the records are empty already."""
    began = {one.name: _last(uow, one) for one in STRETCHES}
    sweep = Sweep(uow.journal.act_id, import_id, list(strings), list(strings), began, {})
    sweep.done[_REWRITTEN] = began[_REWRITTEN]
    return sweep


def look_on(uow: "UnitOfWork", sweep: Sweep, seconds: float) -> dt.timedelta | None:
    """As much as these seconds allow; after how long to go on, ``None`` when everything was looked at."""
    uow.resume(sweep.act_id)
    over = time.perf_counter() + seconds
    for stretch in STRETCHES:
        last = _last(uow, stretch)
        while (low := sweep.done.get(stretch.name, 0)) < last:
            high = _end_of(uow, stretch, low) or last
            stretch.look(uow, sweep, (stretch.key > low) & (stretch.key <= high))
            sweep.done[stretch.name] = high
            if time.perf_counter() > over:
                return BREATH
    _forget_dialogs(uow, sweep)
    if sweep.again:
        return None
    sweep.again, sweep.done = True, {name: max(0, key - LATE_ROWS) for name, key in sweep.began.items()}
    return OVERLAP


def look_through(uow: "UnitOfWork", sweep: Sweep) -> None:
    """All of it, where nobody else writes."""
    look_on(uow, sweep, math.inf)


def packed(sweep: Sweep) -> dict[str, Any]:
    """As JSON keeps it."""
    return asdict(sweep)


def names(text: str, strings: Iterable[str]) -> bool:
    """Whether one of the strings is in a text, also in one that is JSON."""
    with contextlib.suppress(ValueError):  # what is not JSON is taken as it is
        text = json.dumps(json.loads(text), ensure_ascii=False)
    text = text.casefold()
    return any(one.casefold() in text for one in strings)


def without(text: str, strings: Iterable[str]) -> str:
    """A text in which names, numbers and addresses are dots."""
    for one in strings:
        text = re.sub(re.escape(one), DOTS, text, flags=re.IGNORECASE)
    return text


def _masked(value: Any, strings: Sequence[str]) -> Any:
    """The same for words wherever they stand in a value of JSON."""
    match value:
        case str():
            return without(value, strings)
        case list():
            return [_masked(one, strings) for one in value]
        case dict():
            return {key: _masked(one, strings) for key, one in value.items()}
        case _:
            return value


def _end_of(uow: "UnitOfWork", stretch: Stretch, low: int) -> int | None:
    """The key of the last row in hand: keys may be far apart, those of answers are drawn."""
    above = select(stretch.key).where(stretch.key > low).order_by(stretch.key)
    found: int | None = uow.connection.execute(above.offset(stretch.rows - 1).limit(1)).scalar_one_or_none()
    return found


def _last(uow: "UnitOfWork", stretch: Stretch) -> int:
    return uow.connection.execute(select(func.max(stretch.key))).scalar_one() or 0


# What is looked at -------------------------------------------------------------------------------------------------


def _leave_to_others(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool], *, model: Any) -> None:
    """Leave out what somebody else bears."""
    columns = [model.__table__.c[name] for name in _BEARERS[model]]
    borne = or_(*(column.in_(sweep.own) for column in columns))
    found = {one for row in uow.connection.execute(select(*columns).where(within, borne)) for one in row}
    sweep.own = [one for one in sweep.own if one not in found]


def _mask(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool], *, model: Any) -> None:
    """Put dots in their place, and empty the history of those rows."""
    if not sweep.own:
        return
    run: Any = uow.connection.execute
    table: Table = model.__table__
    columns = [table.c[name] for name in _WORDS[model]]
    named = or_(*(_holds(uow, column, sweep) for column in columns))
    for key, *found in run(select(table.c.id, *columns).where(within, named)).all():
        values = {column.name: _masked(value, sweep.own) for column, value in zip(columns, found, strict=True)}
        run(update(table).where(table.c.id == key).values({c: v for c, v in values.items() if v is not None}))
        its = (Change.table == table.name, Change.row_id == key)
        acts = select(Act.id).where(Act.id.in_(select(Change.act_id).where(*its)), _holds(uow, Act.facts, sweep))
        changes = select(Change.id).where(*its, _in_change(uow, sweep))
        trail.erase(uow, acts=run(acts).scalars().all(), changes=run(changes).scalars().all())


def _mask_rewritten(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """Rows that were written since the beginning."""
    for name, key in uow.connection.execute(select(Change.table, Change.row_id).where(within).distinct()).all():
        if name in _MODELS:
            _mask(uow, sweep, _MODELS[name].id == key, model=_MODELS[name])


def _forget_acts(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """Acts about nobody's record."""
    if sweep.own:
        free = within, Act.customer_id.is_(None), Act.id != sweep.act_id
        found = select(Act.id).where(*free, _holds(uow, Act.facts, sweep))
        trail.erase(uow, acts=uow.connection.execute(found).scalars().all())


def _forget_changes(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """What such acts changed."""
    if sweep.own:
        free = exists().where(Act.id == Change.act_id, Act.customer_id.is_(None))
        found = select(Change.id).where(within, free, _in_change(uow, sweep))
        trail.erase(uow, changes=uow.connection.execute(found).scalars().all())


def _forget_samples(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """The rows and values that the preview of an import shows of its file."""
    run: Any = uow.connection.execute
    for key, facts in run(select(SheetImport.id, SheetImport.facts).where(within)).all():
        if key == sweep.import_id or names(json.dumps(facts), sweep.strings):
            columns = [[*column[:_SAMPLE], "", *column[_SAMPLE + 1 :]] for column in facts.get("columns", ())]
            values = {**facts, "samples": [], "columns": columns}
            run(update(SheetImport).where(SheetImport.id == key).values(facts=values))


def _forget_updates(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """What colleagues typed in the last days, before it is blanked by itself."""
    run: Any = uow.connection.execute
    settled = within, Inbox.raw.is_not(None), Inbox.state != InboxState.OPEN
    for key, raw in run(select(Inbox.seq, Inbox.raw).where(*settled)).all():
        if names(raw.decode("utf-8", "replace"), sweep.strings):
            run(update(Inbox).where(Inbox.seq == key).values(raw=None))


def _forget_letters(uow: "UnitOfWork", sweep: Sweep, within: ColumnElement[bool]) -> None:
    """What they were shown."""
    run: Any = uow.connection.execute
    settled = within, Outbox.payload.is_not(None), Outbox.state >= SendState.SENT
    for key, payload in run(select(Outbox.id, cast(Outbox.payload, Text)).where(*settled)).all():
        if names(payload, sweep.strings):
            run(update(Outbox).where(Outbox.id == key).values(payload=null()))


def _forget_dialogs(uow: "UnitOfWork", sweep: Sweep) -> None:
    """Questions that are open: few enough to be looked at together."""
    run: Any = uow.connection.execute
    for chat_id, person_id, facts in run(select(Dialog.chat_id, Dialog.person_id, cast(Dialog.facts, Text))).all():
        if names(facts, sweep.strings):
            run(delete(Dialog).where(Dialog.chat_id == chat_id, Dialog.person_id == person_id))


def _in_change(uow: "UnitOfWork", sweep: Sweep) -> ColumnElement[bool]:
    return or_(_holds(uow, Change.before, sweep), _holds(uow, Change.after, sweep))


def _holds(uow: "UnitOfWork", column: Any, sweep: Sweep) -> ColumnElement[bool]:
    """Whether one of them stands in a column, in whatever case: SQLite compares so by itself, and faster."""
    strings = sweep.own
    if isinstance(column.type, JSON):
        column, strings = (
            cast(column, Text),
            list(dict.fromkeys([*strings, *(json.dumps(one)[1:-1] for one in strings)])),
        )
    finds = column.contains if uow.connection.dialect.name == "sqlite" else column.icontains
    return or_(*(finds(one, autoescape=True) for one in strings))


_REWRITTEN = "rewritten"
STRETCHES = (  # bearers first: what they leave is looked for in all others
    *(Stretch(f"bearers {m.__tablename__}", m.id, partial(_leave_to_others, model=m)) for m in _BEARERS),
    *(Stretch(f"words {m.__tablename__}", m.id, partial(_mask, model=m)) for m in _WORDS),
    Stretch("acts", Act.id, _forget_acts),
    Stretch("changes", Change.id, _forget_changes),
    Stretch(_REWRITTEN, Change.id, _mask_rewritten),
    Stretch("imports", SheetImport.id, _forget_samples, rows=10),
    Stretch("updates", Inbox.seq, _forget_updates, rows=100),
    Stretch("letters", Outbox.id, _forget_letters, rows=100),
)
