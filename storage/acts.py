"""The journal: the only way business rows are written.

Every write belongs to an *act* (who, what, when) and leaves one *change* per row, before and after. ``/history`` reads
them, **Undo** plays them backwards. Rows that follow from others (search keys, due times) are not journaled: they are
made again from what they follow from, at the end of the unit (``UnitOfWork.flush``).
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import Changed, NotFound
from storage.bulk import Json, insert_all, insert_keyed, insert_rows
from storage.models import Act, Base, Change

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

UNDO_MINUTES = 10
BATCH = 500  # rows of one statement
SALT_BYTES = 16  # of a digest, see ``storage/seals.py``
TABLES: Mapping[str, Table] = Base.metadata.tables
_KEYS: Any = bindparam("keys", expanding=True)


@cache
def _select_row(table: Table) -> Any:
    return select(table).where(table.c.id == bindparam("key")).with_for_update()  # PostgreSQL: two writers, one row


@cache
def _select_rows(table: Table) -> Any:
    return select(table).where(table.c.id.in_(_KEYS)).order_by(table.c.id).with_for_update()


@cache
def _update_rows(table: Table, columns: tuple[str, ...]) -> Any:
    return (
        update(table)
        .where(table.c.id.in_(_KEYS))
        .values({c: bindparam(f"new_{c}") for c in columns} | {"version": table.c.version + 1})
    )


@cache
def _insert_row(table: Table) -> Any:
    return insert(table).returning(table.c.id)


@cache
def _update_row(table: Table, columns: tuple[str, ...]) -> Any:
    return (
        update(table)
        .where(table.c.id == bindparam("key"))
        .values({c: bindparam(f"new_{c}") for c in columns} | {"version": table.c.version + 1})
    )


@cache
def _delete_row(table: Table) -> Any:
    return delete(table).where(table.c.id == bindparam("key"))


NOTED = ("act_id", "table_name", "row_id", "salt", "before", "after")
NOTHING, ADDED = Json("null"), Json('{"version": 1}')  # before and after of a row that is new
INSERT_ACT = insert(Act).returning(Act.id)
INSERT_CHANGE = insert(Change)
UNDO = "act.undone"  # the kind of act that takes another one back
TAKING_BACK = frozenset({UNDO, "talk.recalled", "case.recalled"})  # all that may: each says which, as ``undid``
WRITTEN = (
    select(Change.act_id, Change.after, Act.undone_by, Act.kind)
    .join(Act, Act.id == Change.act_id)
    .where(Change.table == bindparam("table"), Change.row_id == bindparam("row"))
    .order_by(Change.id)
)


class Journal:
    """Writes rows for one act. Made by ``UnitOfWork.act``; repositories write through ``uow.journal``."""

    def __init__(self, uow: "UnitOfWork", act_id: int) -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute
        self.act_id = act_id

    def add(self, model: type[Base], values: Mapping[str, Any]) -> int:
        """Insert a row and return its id."""
        table = _table(model)
        key: int = self._run(_insert_row(table), dict(values)).scalar_one()
        self._note(table, key, None, {"version": 1})
        return key

    def add_many(self, model: type[Base], rows: Sequence[Mapping[str, Any]], *, followed: bool = True) -> list[int]:
        """Insert rows in bulk and return their ids in the order given; ``followed``: something may follow from them."""
        if not rows:
            return []
        table = _table(model)
        keys = insert_keyed(self._uow, table, rows)
        self.note_added({table.name: keys})
        if followed:
            self._uow.touched(table.name, keys)
        return keys

    def note_added(self, keys: Mapping[str, Sequence[int]]) -> None:
        """Note rows that were inserted, by table."""
        rows = [
            (self.act_id, table, key, os.urandom(SALT_BYTES), NOTHING, ADDED) for table in keys for key in keys[table]
        ]
        insert_rows(self._uow.connection, TABLES["change"], NOTED, rows)

    def change(self, model: type[Base], key: int, values: Mapping[str, Any], *, version: int | None = None) -> None:
        """Change columns of a row; a change to the same values writes nothing.

        Raises:
            NotFound: there is no such row.
            Changed: the row's version is not ``version``.
        """
        table = _table(model)
        row = self._row(table, key)
        if version is not None and row["version"] != version:
            raise Changed(table.name, key)
        new = {c: v for c, v in values.items() if row[c] != v}
        if not new:
            return
        self._run(_update_row(table, tuple(sorted(new))), {"key": key} | {f"new_{c}": v for c, v in new.items()})
        before = {c: _plain(row[c]) for c in new} | {"version": row["version"]}
        after = {c: _plain(v) for c, v in new.items()} | {"version": row["version"] + 1}
        self._note(table, key, before, after)

    def change_many(
        self,
        model: type[Base],
        keys: Sequence[int],
        values: Mapping[str, Any],
        *,
        acts: Mapping[int, int] | None = None,
    ) -> None:
        """Give many rows the same values; three statements for hundreds of them. Missing ones are left out.

        ``acts``: the act that the change of each row belongs to, where it is not one for all.
        """
        table = _table(model)
        for start in range(0, len(keys), BATCH):
            rows = self._run(_select_rows(table), {"keys": keys[start : start + BATCH]}).mappings().all()
            self._write(table, [row for row in rows if any(row[c] != v for c, v in values.items())], values, acts)

    def remove(self, model: type[Base], key: int) -> None:
        """Delete a row, keeping it whole in the journal."""
        table = _table(model)
        row = self._row(table, key)
        self._note(table, key, {c: _plain(v) for c, v in row.items()}, None)
        self._run(_delete_row(table), {"key": key})

    def remove_many(self, model: type[Base], keys: Sequence[int]) -> None:
        """Delete rows in bulk, keeping each whole in the journal; those that are gone already are left out."""
        table = _table(model)
        wanted = select(table).where(table.c.id.in_(keys)).order_by(table.c.id).with_for_update()
        rows = self._run(wanted).mappings().all() if keys else []
        if not rows:
            return
        changes = [self._change(table, r["id"], {c: _plain(v) for c, v in r.items()}, None) for r in rows]
        self._note_all(changes)
        self._run(delete(table).where(table.c.id.in_([row["id"] for row in rows])))
        for change in changes:
            self._uow.touched(table.name, [change["row_id"]], change["before"])

    def reverse(self, change: Row[Any]) -> None:
        """Play one change backwards. Changes of one act are given newest first, and all of them.

        What others did since to other columns of the row stays; so does everything that was itself undone.

        Raises:
            Changed: what the act wrote was changed again since, or erased; nothing may be overwritten silently.
        """
        table = TABLES[change.table_name]
        if change.erased_by is not None:
            raise Changed(table.name, change.row_id)
        if change.after is None:
            self._restore(table, change)
            return
        current = self._run(_select_row(table), {"key": change.row_id}).mappings().one_or_none()
        if current is None:
            raise Changed(table.name, change.row_id)
        if change.before is None:
            self._require_untouched(table, change, current["version"])
            self._note(table, change.row_id, {c: _plain(v) for c, v in current.items()}, None)
            self._take_out(table, change.row_id)
        else:
            self._put_back(table, change, current)

    def reverse_all(self, changes: Sequence[Row[Any]]) -> None:
        """Play an act's changes backwards, newest first; rows that were all changed alike go back in one go.

        Raises:
            Changed: see ``reverse``.
        """
        for alike, run in groupby(changes, key=_likeness):
            rows = list(run)
            if alike is None or len(rows) == 1:
                for change in rows:
                    self.reverse(change)
                continue
            for start in range(0, len(rows), BATCH):
                self._put_back_many(TABLES[rows[0].table_name], rows[start : start + BATCH])

    def _put_back_many(self, table: Table, changes: Sequence[Row[Any]]) -> None:
        before, after = changes[0].before, changes[0].after
        columns = [c for c in before if c != "version"]
        rows = self._run(_select_rows(table), {"keys": [change.row_id for change in changes]}).mappings().all()
        standing = [row for row in rows if all(_typed(table, c, after[c]) == row[c] for c in columns)]
        if len(standing) != len(changes):
            found = {row["id"] for row in standing}
            raise Changed(table.name, next(change.row_id for change in changes if change.row_id not in found))
        with _or_changed(table, changes[0].row_id):
            self._write(table, standing, {c: _typed(table, c, before[c]) for c in columns})

    def _write(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        values: Mapping[str, Any],
        acts: Mapping[int, int] | None = None,
    ) -> None:
        """Give rows as they are now the same new values, and note it for each."""
        if not rows:
            return
        keys = [row["id"] for row in rows]
        new = {f"new_{c}": v for c, v in values.items()}
        self._run(_update_rows(table, tuple(sorted(values))), {"keys": keys} | new)
        after = {c: _plain(v) for c, v in values.items()}
        notes = [
            self._change(
                table,
                row["id"],
                {c: _plain(row[c]) for c in values} | {"version": row["version"]},
                after | {"version": row["version"] + 1},
                act_id=acts[row["id"]] if acts else None,
            )
            for row in rows
        ]
        self._note_all(notes)
        self._uow.touched(table.name, keys)
        for note in notes:
            self._uow.touched(table.name, (), note["before"])

    def _put_back(self, table: Table, change: Row[Any], current: Mapping[str, Any]) -> None:
        columns = sorted(c for c in change.before if c != "version")
        if any(_typed(table, c, change.after[c]) != current[c] for c in columns):
            raise Changed(table.name, change.row_id)
        old = {f"new_{c}": _typed(table, c, change.before[c]) for c in columns}
        with _or_changed(table, change.row_id):  # an open next touch may have got a successor since
            self._run(_update_row(table, tuple(columns)), {"key": change.row_id} | old)
        before = {c: change.after[c] for c in columns} | {"version": current["version"]}
        after = {c: change.before[c] for c in columns} | {"version": current["version"] + 1}
        self._note(table, change.row_id, before, after)

    def _require_untouched(self, table: Table, change: Row[Any], version: int) -> None:
        """A row that came with the act may go with it when nobody's change of it still holds."""
        written = self._run(WRITTEN, {"table": table.name, "row": change.row_id}).all()
        own = (change.act_id, self.act_id)
        others = [w for w in written if w.act_id not in own and w.undone_by is None and w.kind != UNDO]
        newest = written[-1].after or {}
        if others or newest.get("version") != version:  # the second: used up by a link's one conditional update
            raise Changed(table.name, change.row_id)

    def _take_out(self, table: Table, key: int) -> None:
        with _or_changed(table, key):  # something was hung on it since: a touch on a new customer
            self._run(_delete_row(table), {"key": key})

    def _restore(self, table: Table, change: Row[Any]) -> None:
        values = {c: _typed(table, c, v) for c, v in change.before.items()}
        with _or_changed(table, change.row_id):  # the same tag was added again since
            self._run(_insert_row(table), values)
        self._note(table, change.row_id, None, {"version": values.get("version", 1)})

    def _row(self, table: Table, key: int) -> Mapping[str, Any]:
        row: Mapping[str, Any] | None = self._run(_select_row(table), {"key": key}).mappings().one_or_none()
        if row is None:
            raise NotFound(table.name, key)
        return row

    def _note(self, table: Table, key: int, before: Any, after: Any) -> None:
        self._run(INSERT_CHANGE, self._change(table, key, before, after))
        self._uow.touched(table.name, [key], before)

    def _note_all(self, changes: Sequence[Mapping[str, Any]]) -> None:
        insert_all(self._uow.connection, TABLES["change"], changes)

    def _change(self, table: Table, key: int, before: Any, after: Any, act_id: int | None = None) -> dict[str, Any]:
        """The row of a change."""
        row = {"act_id": act_id or self.act_id, "table_name": table.name, "row_id": key}
        return row | {"salt": os.urandom(SALT_BYTES), "before": before, "after": after}


@contextmanager
def _or_changed(table: Table, key: int) -> Iterator[None]:
    """What the database's own rules refuse while history is played back was changed since."""
    try:
        yield
    except IntegrityError as error:
        raise Changed(table.name, key) from error


def open_act(
    uow: "UnitOfWork",
    kind: str,
    *,
    member_id: int | None,
    person_id: int | None,
    customer_id: int | None,
    now: dt.datetime,
    undo: dt.timedelta | None,
    facts: Mapping[str, Any],
    hidden_from: int | None = None,
) -> Journal:
    """Write the act's row and give the journal that its changes go through."""
    values = {
        "member_id": member_id,
        "person_id": person_id,
        "kind": kind,
        "customer_id": customer_id,
        "at": now,
        "undo_until": now + undo if undo else None,
        "facts": dict(facts),
        "hidden_from": hidden_from,
        "salt": os.urandom(SALT_BYTES),
    }
    return Journal(uow, uow.connection.execute(INSERT_ACT, values).scalar_one())


def open_own_acts(
    uow: "UnitOfWork", kind: str, about: Sequence[tuple[int | None, Mapping[str, Any]]], *, now: dt.datetime
) -> list[int]:
    """Write many acts of the program itself at once, each about a customer, or none, with its facts; their ids."""
    rows = [
        {"kind": kind, "customer_id": customer_id, "at": now, "facts": dict(facts), "salt": os.urandom(SALT_BYTES)}
        for customer_id, facts in about
    ]
    return insert_keyed(uow, _table(Act), rows)


def _table(model: type[Base]) -> Table:
    return TABLES[model.__tablename__]


def _likeness(change: Row[Any]) -> tuple[str, Mapping[str, Any], Mapping[str, Any]] | None:
    """What a changed row has in common with others: table, old and new values; ``None`` for what came, went, or was
    erased."""
    if change.before is None or change.after is None or change.erased_by is not None:
        return None
    old, new = ({c: v for c, v in side.items() if c != "version"} for side in (change.before, change.after))
    return change.table_name, old, new


def _plain(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    return value.isoformat() if isinstance(value, (dt.datetime, dt.date, dt.time)) else value


def _typed(table: Table, column: str, value: Any) -> Any:
    """What ``_plain`` made, as the column wants it."""
    if value is None:
        return None
    kind = table.c[column].type.python_type
    if kind in (dt.datetime, dt.date, dt.time):
        return kind.fromisoformat(value)
    return value
