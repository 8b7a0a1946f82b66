"""What an import computes in its worker process: what a file would do, its customers batch by batch, what it wrote.

It depends on the file and the journal alone, never on how far the job is, so that after a crash the same batches come
again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from actions import import_filing as filing
from domain.imports import (
    BATCH,
    DOUBTS,
    MOST_OWNERS_KEPT,
    PLANNED_AT_ONCE,
    RETURNED,
    SAMPLES,
    UNDONE_AT_ONCE,
    Fate,
    Incoming,
    Match,
    Rejected,
)
from domain.people import Actor
from domain.sheets import CHAT_LIMITS, COMMAND_LIMITS, Cell, Field
from domain.values import frozen
from handlers.jobs import Task
from storage.import_undo import ImportUndo
from storage.uow import UnitOfWork
from views import imports as view
from views.language import Translator

if TYPE_CHECKING:
    from parsing.sheets import Sheet

T = TypeVar("T")
TICK = 5_000  # rows between two words about how far the reading is
LONGEST_SAMPLE = 40  # characters of a cell that a screen shows


def _parts(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """``size`` at a time, the last part with what is left."""
    rest = iter(items)
    while part := tuple(islice(rest, size)):
        yield part


def _opened(task: Task) -> "tuple[Sheet, list[Field] | None]":
    """The sheet, and what its columns were said to be."""
    from parsing.sheets import open_sheet  # 0.1 s that the bot itself never needs

    facts = task.facts
    path, limits = (task.file, CHAT_LIMITS) if task.file else (Path(facts["path"]), COMMAND_LIMITS)
    sheet = open_sheet(path, name=facts["name"], limits=limits, sheet=facts.get("sheet"))
    return sheet, [Field(name) for name in facts["fields"]] if facts.get("fields") else None


def _customers(task: Task, sheet: "Sheet", fields: list[Field] | None) -> Iterator[Incoming | Rejected]:
    from parsing.sheet_customers import gather

    today = dt.datetime.fromisoformat(task.facts["now"]).astimezone(ZoneInfo(task.facts["zone"])).date()
    return gather(sheet, fields, region=task.facts["region"], today=today)


@contextmanager
def _looking_up(task: Task) -> Iterator[tuple[UnitOfWork, Actor]]:
    """The database, for reading only, through the eyes of whoever sent the file."""
    facts = task.facts
    with task.reading() as connection:
        uow = UnitOfWork(connection, dt.datetime.fromisoformat(facts["now"]))
        actor = uow.people.actor(facts["person_id"]) if facts["person_id"] else uow.people.program()
        yield uow, replace(actor, locale=facts["locale"], zone=ZoneInfo(facts["zone"]))


@dataclass(slots=True)
class Rehearsal:
    """What a file would do, counted while it is read."""

    counts: Counter[Fate] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)
    samples: list[list[Any]] = field(default_factory=list)
    customers: int = 0
    rows: int = 0
    doubtful: int = 0
    doubts: list[list[Any]] = field(default_factory=list)
    dated: int = 0

    def reject(self, row: Rejected) -> None:
        fate = Fate.BAD if row.same_as is None else Fate.DOUBLE
        self.counts[fate] += 1
        self.rows += 1
        if len(self.samples) < SAMPLES:
            texts = [str(cell).strip() for cell in row.cells if str(cell).strip()]
            self.samples.append([row.number, fate, *(text[:LONGEST_SAMPLE] for text in texts[:3])])

    def take(self, one: Incoming, fate: Fate) -> None:
        self.counts[fate] += 1
        self.rows += len(one.numbers)
        self.customers += 1
        self.doubtful += bool(one.doubts)
        self.doubts += [[number, p.kind, p.field, p.text] for number, p in one.doubts][: DOUBTS - len(self.doubts)]
        self.dated += one.next_touch is not None
        self.counts[Fate.SAME] += one.repeats
        if one.owner:
            self.owners[one.owner] += 1
        if len(self.samples) < SAMPLES:
            self.samples.append([one.numbers[0], fate, *_shown(one)])

    def facts(self, sheet: "Sheet", fields: list[Field] | None) -> dict[str, Any]:
        """All of it as small JSON values."""
        owners = [list(pair) for pair in self.owners.most_common(MOST_OWNERS_KEPT)]
        return {
            "columns": [
                [c.heading[:LONGEST_SAMPLE], c.field, c.confidence, (c.samples or ("",))[0][:LONGEST_SAMPLE]]
                for c in sheet.columns
            ],
            "fields": fields or [column.field for column in sheet.columns],
            "sheet": sheet.sheet_name,
            "sheets": list(sheet.sheet_names),
            "rows": sheet.count,
            "customers": self.customers,
            "counts": {str(fate): count for fate, count in self.counts.items() if count},
            "doubtful": self.doubtful,
            "doubts": self.doubts,
            "dated": self.dated,
            "owners": owners,
            "samples": self.samples,
            "reread": False,
        }


def _shown(one: Incoming) -> list[str]:
    """A customer in a few words: name, contact, a number, city or address."""
    contact = one.draft.contacts[0] if one.draft.contacts else None
    texts = [
        one.draft.name,
        contact.name if contact and contact.name != one.draft.name else None,
        next((channel.value for channel in contact.channels), None) if contact else None,
        one.draft.values.get("city") or one.draft.values.get("address"),
    ]
    return [str(text)[:LONGEST_SAMPLE] for text in texts if text]


def read_sheet(task: Task) -> Iterator[tuple[int, int] | dict[str, Any]]:
    """Read the whole file and look every customer up; (rows read, rows) now and then, at last what was found."""
    sheet, fields = _opened(task)
    found = Rehearsal()
    told = 0
    with _looking_up(task) as (uow, actor):
        for part in _parts(_customers(task, sheet, fields), BATCH):
            ones = [row for row in part if isinstance(row, Incoming)]
            matches = filing.sort_out(uow, actor, ones, import_id=task.facts["import_id"])
            fates = iter(filing.would_gain(uow, actor, ones, matches, now=uow.now))
            for row in part:
                if isinstance(row, Rejected):
                    found.reject(row)
                else:
                    found.take(row, next(fates))
            if found.rows // TICK > told:
                told = found.rows // TICK
                yield found.rows, sheet.count
    yield found.facts(sheet, fields)


@frozen
class Part:
    """Customers to be filed, and what became of the rows between them."""

    batch: filing.Batch
    tally: dict[Fate, int]


@frozen
class Ending:
    """What became of the last rows, and the file of those that come back, if any do."""

    tally: dict[Fate, int]
    name: str = ""
    content: bytes = b""


@dataclass(slots=True)
class _Sorter:
    """Tells customers that are filed from rows that come back."""

    t: Translator
    tally: Counter[Fate] = field(default_factory=Counter)
    back: list[tuple[int, Sequence[Cell], str]] = field(default_factory=list)

    def reject(self, row: Rejected) -> None:
        self.tally[Fate.BAD if row.same_as is None else Fate.DOUBLE] += 1
        self.back.append((row.number, row.cells, view.reason_of_row(self.t, row)))

    def takes(self, one: Incoming, match: Match) -> bool:
        self.tally[Fate.SAME] += one.repeats
        if match.fate not in RETURNED:
            return True
        self.tally[match.fate] += 1
        reason = view.reason_of_match(self.t, match)
        self.back += [(number, cells, reason) for number, cells in zip(one.numbers, one.cells, strict=True)]
        return False

    def counted(self) -> dict[Fate, int]:
        """What was counted since the last time."""
        counts, self.tally = dict(self.tally), Counter()
        return counts


def read_customers(task: Task) -> Iterator[Part | Ending]:
    """The customers of the file, a fixed number at a time, and at last the rows that come back."""
    sheet, fields = _opened(task)
    sorter = _Sorter(Translator(task.facts["locale"], ZoneInfo(task.facts["zone"])))
    with _looking_up(task) as (uow, actor):
        for part in _parts(_only_customers(_customers(task, sheet, fields), sorter), BATCH):
            matches = filing.sort_out(uow, actor, part, import_id=task.facts["import_id"])
            kept = [pair for pair in zip(part, matches, strict=True) if sorter.takes(*pair)]
            yield Part(filing.make_ready(kept), sorter.counted())
    yield _ending(sheet, sorter, task.facts["name"])


def _only_customers(rows: Iterator[Incoming | Rejected], sorter: _Sorter) -> Iterator[Incoming]:
    for row in rows:
        if isinstance(row, Incoming):
            yield row
        else:
            sorter.reject(row)


def _ending(sheet: "Sheet", sorter: _Sorter, name: str) -> Ending:
    from tempfile import TemporaryDirectory

    from domain.sheets import SheetKind
    from views.sheet_words import reason_heading
    from views.sheets import write_bad_rows

    if not sorter.back:
        return Ending(sorter.counted())
    rows = [(cells, reason) for _, cells, reason in sorted(sorter.back, key=lambda row: row[0])]
    stem, suffix = Path(name).stem, Path(name).suffix if sheet.kind is SheetKind.CSV else ".xlsx"
    headings = [column.heading for column in sheet.columns] if sheet.heading_row else []
    with TemporaryDirectory(prefix="keyuan-back-") as folder:
        path = Path(folder) / "back"
        write_bad_rows(path, sheet, headings, rows, reason_heading=reason_heading(sorter.t))
        content = path.read_bytes()
    return Ending(sorter.counted(), view.returned_name(sorter.t, stem, suffix), content)


def list_to_plan(task: Task) -> Iterator[tuple[int, ...]]:
    """The customers of an import that need a next touch, those of one owner together, better grades first."""
    with _looking_up(task) as (uow, actor):
        ids = uow.imports(actor).to_plan(task.facts["import_id"])
    yield from _parts(ids, PLANNED_AT_ONCE)
    yield ()


@frozen
class Back:
    """A part of what an import wrote; ``last``: there is no more."""

    filed: tuple[int, ...] = ()
    changed: dict[int, list[int]] = field(default_factory=dict)
    last: bool = False


def list_to_undo(task: Task) -> Iterator[Back]:
    """What the import wrote, from the journal; the rest of its customers in parts that their ids alone decide."""
    act_id, parts = task.facts["act_id"], task.facts["parts"]
    with _looking_up(task) as (uow, _):
        filed = ImportUndo(uow).filed_by(act_id)
        changed = ImportUndo(uow).changed_by(act_id, set(filed))
    for part in range(parts):
        yield Back(changed={key: ids for key, ids in changed.items() if key % parts == part})
    for ids in _parts(filed, UNDONE_AT_ONCE):
        yield Back(filed=ids)
    yield Back(last=True)
