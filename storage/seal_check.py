"""Looking the trail through: whether every act and change is as it was written; see ``storage/seals.py``."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, func, select

from domain.history import IMPORTED
from domain.seals import Flaw, Head, Trouble, Verdict
from storage.acts import TAKING_BACK
from storage.erasure import ERASED, is_bare
from storage.models import Act, Change, Seal
from storage.seals import ACT, CHANGE, COVERED, FIRST, OLDER, OVERLAP, SEALED, hash_of

READ_AT_ONCE = 2_000  # seals
Progress = Callable[[int, int], None]

SEALS = (
    select(Seal.number, Seal.act_id, Seal.hash)
    .where(Seal.number > bindparam("after"))
    .order_by(Seal.number)
    .limit(READ_AT_ONCE)
)
_BETWEEN = Seal.number.between(bindparam("first"), bindparam("last"))
ACTS_UNDER = select(*ACT).where(Act.id.in_(select(Seal.act_id).where(_BETWEEN)))
CHANGES_UNDER = (
    select(Seal.number, *CHANGE)
    .join(Change, and_(Change.act_id == Seal.act_id, Change.id.between(Seal.changes_from, Seal.changes_to)))
    .where(_BETWEEN, Seal.changes_to > 0)
    .order_by(Seal.number, Change.id)
)
COUNT_SEALS = select(func.count()).select_from(Seal)
FIRST_OPEN = select(Act.id).where(Act.id <= bindparam("end"), ~SEALED).order_by(Act.id).limit(1)
FIRST_UNCOVERED = select(Change.act_id).where(Change.id <= bindparam("end"), ~COVERED).order_by(Change.act_id).limit(1)
BEARER = select(Act.kind, cast(Act.facts, Text).label("facts")).where(Act.id == bindparam("act"))
SEAL_OF = select(func.min(Seal.number)).where(Seal.act_id == bindparam("act"))


@dataclass(slots=True)
class _Look:
    """What is remembered on the way: the seal before, and the few acts that other acts must bear out."""

    seals: int = 0
    rows: int = 0
    before: bytes = FIRST
    undone: dict[int, int] = field(default_factory=dict)  # act: by which act, as it says itself
    undoing: dict[int, int] = field(default_factory=dict)  # act that undoes: which one, as it says itself
    erased: dict[int, int] = field(default_factory=dict)  # act that erased: where it did first
    imports: set[int] = field(default_factory=set)  # an undo of one that failed is taken back by itself

    def note(self, act: Row[Any], changes: Sequence[Sequence[Any]]) -> bool:
        """Remember what other acts must bear out; false when something is marked as erased and holds content: a seal
        does not cover what stands there now."""
        self.rows += 1 + len(changes)
        erased = [(change[-1], change[4:6]) for change in changes if change[-1] is not None]
        if act.erased_by is not None:
            erased.append((act.erased_by, (act.facts,)))
        for by, _ in erased:
            self.erased.setdefault(by, act.id)
        if act.undone_by is not None:
            self.undone[act.id] = act.undone_by
        if (undid := _undid(act.kind, act.facts)) is not None:
            self.undoing[act.id] = undid
        if act.kind == IMPORTED:
            self.imports.add(act.id)
        return all(is_bare(text) for _, texts in erased for text in texts)


def verify(
    connection: Connection,
    *,
    now: dt.datetime,
    told: Sequence[Head] = (),
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Look the whole trail through, oldest first, up to the first place that is not as it was written.

    Args:
        connection: with one state of the database for all statements, since the bot may be writing.
        told: heads as they were told once, outside the database.
        progress: called now and then with how many of how many seals are done.
    """
    run: Any = connection.execute
    total = int(run(COUNT_SEALS).scalar_one())
    look, waiting = _Look(), {one.number: one for one in told}
    while seals := run(SEALS, {"after": look.seals}).all():
        trouble = _look_at(run, look, seals, waiting)
        if trouble is not None:
            return _verdict(look, trouble)
        progress(look.seals, total)
    for flaw, act_id in _unborne(run, look, now=now):
        return _verdict(look, Trouble(flaw, int(run(SEAL_OF, {"act": act_id}).scalar_one() or 0), act_id))
    return _verdict(look, Trouble(Flaw.CUT, look.seals + 1, None) if waiting else None)


def _verdict(look: _Look, trouble: Trouble | None) -> Verdict:
    return Verdict(look.seals, look.rows, Head(look.seals, look.before) if look.seals else None, trouble)


def _look_at(run: Any, look: _Look, seals: Sequence[Any], told: dict[int, Head]) -> Trouble | None:
    """Some seals, in order, with what is beneath them."""
    bound = {"first": seals[0].number, "last": seals[-1].number}
    acts = {act.id: act for act in run(ACTS_UNDER, bound).all()}
    changes: Mapping[int, list[Sequence[Any]]] = defaultdict(list)
    for row in run(CHANGES_UNDER, bound).all():
        changes[row[0]].append(row[1:])
    for number, act_id, hash in seals:
        if number != look.seals + 1:
            return Trouble(Flaw.SEAL_GONE, look.seals + 1, None)
        act, own = acts.get(act_id), changes.get(number, ())
        if act is None:
            return Trouble(Flaw.ACT_GONE, number, act_id)
        if hash_of(look.before, number, act, own) != hash or not look.note(act, own):
            return Trouble(Flaw.ALTERED, number, act_id)
        anchor = told.pop(number, None)
        if anchor is not None and not anchor.is_same(hash):
            return Trouble(Flaw.OTHER, number, act_id)
        look.seals, look.before = number, hash
    return None


def _unborne(run: Any, look: _Look, *, now: dt.datetime) -> Iterator[tuple[Flaw, int]]:
    """Acts of which something is claimed that no other act bears out, and those that were written past the program."""
    for act_id, by in sorted(look.undone.items()):
        undid = look.undoing[by] if by in look.undoing else _undid(*_bearer(run, by))
        if undid != act_id:
            yield Flaw.UNDONE, act_id
    for act_id in sorted(look.undoing.values()):
        if act_id not in look.undone and act_id not in look.imports:
            yield Flaw.UNDONE, act_id
    for by, act_id in look.erased.items():
        if not _bearer(run, by)[0].endswith(ERASED):
            yield Flaw.ERASED, act_id
    floor = run(OLDER, {"before": now - OVERLAP}).one_or_none()
    for statement, end in ((FIRST_OPEN, "acts_end"), (FIRST_UNCOVERED, "changes_end")):
        found = run(statement, {"end": getattr(floor, end)}).scalar_one_or_none() if floor else None
        if found is not None:
            yield Flaw.UNSEALED, found


def _bearer(run: Any, act_id: int) -> tuple[str, str]:
    """Kind and facts of an act, sealed or not; empty ones of none."""
    row = run(BEARER, {"act": act_id}).one_or_none()
    return (row.kind, row.facts) if row else ("", "{}")


def _undid(kind: str, facts: str) -> int | None:
    """Which act this one took back, if it did that."""
    found: int | None = json.loads(facts).get("undid") if kind in TAKING_BACK else None
    return found
