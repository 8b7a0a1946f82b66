"""The chain over the trail: each act with its changes gets a seal whose hash covers the seal before it.

Who changes, removes or reorders a row breaks the chain there; who rewrites all of it changes the newest hash, which is
told outside the database every day. Acts are sealed a few seconds after their commit, off the path of the person who
waits: nothing but a salt is added to their own transaction.

A seal covers *digests* of content, not content: SHA-256 over a row's own random salt and the JSON text as it is stored.
So ``storage/erasure.py`` can take content away for good: the digest and the act that erased it stay, the salt goes, and
with it every way to guess what was there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Dialect,
    Row,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    exists,
    insert,
    select,
    type_coerce,
)

from domain.seals import Head
from storage.models import Act, Change, Seal

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST_ACTS = 200  # in one unit, which then takes a few milliseconds
MOST_CHANGES = 500
OVERLAP = dt.timedelta(minutes=5)  # PostgreSQL: a row may appear below one that is sealed; no transaction lasts longer
FIRST = bytes(32)  # what the first seal covers in place of one before it


class InstantText(TypeDecorator[str]):
    """An instant as SQLite keeps it, from either database, without the detour by a ``datetime``."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, str):
            return value
        moment: dt.datetime = value
        return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


_KEYS: Any = bindparam("keys", expanding=True)
SEALED = exists().where(Seal.act_id == Act.id)
COVERED = exists().where(Seal.act_id == Change.act_id, Change.id.between(Seal.changes_from, Seal.changes_to))
ACT = (
    Act.id,
    Act.member_id,
    Act.person_id,
    Act.kind,
    Act.customer_id,
    type_coerce(Act.at, InstantText).label("at"),
    type_coerce(Act.undo_until, InstantText).label("undo_until"),
    Act.hidden_from,
    cast(Act.facts, Text).label("facts"),
    Act.salt,
    Act.digest,
    Act.erased_by,
    Act.undone_by,
)
CHANGE = (
    Change.id,
    Change.act_id,
    Change.table.label("table_name"),
    Change.row_id,
    cast(Change.before, Text).label("before"),
    cast(Change.after, Text).label("after"),
    Change.salt,
    Change.digest,
    Change.erased_by,
)
NEWEST = select(Seal.number, Seal.hash, Seal.acts_end, Seal.changes_end).order_by(Seal.number.desc()).limit(1)
OLDER = NEWEST.where(Seal.at < bindparam("before"))
ACTS = select(*ACT).where(Act.id.in_(_KEYS)).order_by(Act.id)
NEXT_ACTS = select(*ACT).where(Act.id > bindparam("end")).order_by(Act.id).limit(MOST_ACTS)
NEXT_CHANGES = select(*CHANGE).where(Change.id > bindparam("end")).order_by(Change.id).limit(MOST_CHANGES)
ADD = insert(Seal)


# Sealing -----------------------------------------------------------------------------------------------------------


def seal(uow: "UnitOfWork") -> int:
    """Seal some of what is not sealed yet, in one short unit; how many seals were added, 0 when nothing is left.

    Acts and changes are taken in the order of their ids, so that all below the ends of a seal are sealed. Changes may
    come under an act that has its seal already, and get one of their own: long work goes on for many units.

    Raises:
        Conflict: another worker does the same; the unit may be run again.
    """
    newest: Any = uow.connection.execute(NEWEST).one_or_none()
    acts, changes = _open(uow, newest)
    reach = acts[-1].id if len(acts) == MOST_ACTS else None
    taken = list(takewhile(lambda change: reach is None or change.act_id <= reach, changes))
    if len(taken) == MOST_CHANGES:  # acts further on wait for their own
        reach = max(change.act_id for change in taken)
    keys = {act.id for act in acts if reach is None or act.id <= reach} | {change.act_id for change in taken}
    if keys:
        _add(uow, newest, sorted(keys), acts, taken)
    return len(keys)


def _open(uow: "UnitOfWork", newest: Row[Any] | None) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    """The next acts and changes without a seal, in order. On SQLite those are all above the newest seal's ends."""
    run: Any = uow.connection.execute
    acts, changes, floor = NEXT_ACTS, NEXT_CHANGES, newest
    if uow.connection.dialect.name != "sqlite":
        acts, changes = acts.where(~SEALED), changes.where(~COVERED)
        floor = run(OLDER, {"before": uow.now - OVERLAP}).one_or_none()
    acts_end, changes_end = (floor.acts_end, floor.changes_end) if floor else (0, 0)
    return run(acts, {"end": acts_end}).all(), run(changes, {"end": changes_end}).all()


def _add(
    uow: "UnitOfWork",
    newest: Row[Any] | None,
    keys: Sequence[int],
    acts: Sequence[Row[Any]],
    changes: Sequence[Row[Any]],
) -> None:
    run: Any = uow.connection.execute
    by_id = {act.id: act for act in acts}
    if late := [key for key in keys if key not in by_id]:
        by_id |= {act.id: act for act in run(ACTS, {"keys": late})}
    of_act: dict[int, list[Row[Any]]] = defaultdict(list)
    for change in changes:
        of_act[change.act_id].append(change)
    number, before = (newest.number, newest.hash) if newest else (0, FIRST)
    acts_end, changes_end = (newest.acts_end, newest.changes_end) if newest else (0, 0)
    rows = []
    for key in keys:
        own = of_act.get(key, [])
        ids = (own[0].id, own[-1].id) if own else (0, 0)
        number, before = number + 1, hash_of(before, number + 1, by_id[key], own)
        acts_end, changes_end = max(acts_end, key), max(changes_end, ids[1])
        values = {"number": number, "act_id": key, "changes_from": ids[0], "changes_to": ids[1], "at": uow.now}
        rows.append(values | {"acts_end": acts_end, "changes_end": changes_end, "hash": before})
    run(ADD, rows)


def head(connection: Connection) -> Head | None:
    """The newest seal."""
    row = connection.execute(NEWEST).one_or_none()
    return Head(row.number, row.hash) if row else None


# What a seal says ---------------------------------------------------------------------------------------------------


def hash_of(before: bytes, number: int, act: Sequence[Any], changes: Iterable[Sequence[Any]]) -> bytes:
    """The hash over the seal before, an act (``ACT``) and changes of it (``CHANGE``).

    One line of text and one digest for the act and for each change; words are quoted as Python does, so that no
    other rows make the same bytes.
    """
    key, member, person, kind, customer, at, until, hidden, facts, salt, digest, *_ = act
    head = f"{number} {key} {member} {person} {kind!r} {customer} {at} {until} {hidden}\n"
    parts = [before, head.encode(), digest or digest_of(salt, facts)]
    for key, _, table, row, old, new, salt, digest, _ in changes:
        parts += (f"{key} {table!r} {row}\n".encode(), digest or digest_of(salt, f"{old}\n{new}"))
    return sha256(b"".join(parts)).digest()


def content_of(change: Row[Any]) -> str:
    """Both sides of a change, as they are stored."""
    return f"{change.before}\n{change.after}"


def digest_of(salt: bytes | None, text: str) -> bytes:
    """What stands for content in a seal."""
    return sha256((salt or b"") + text.encode()).digest()
