"""``/export``: the customers of the reader's scope as a spreadsheet that can be sent back."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Full, Queue
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from actions import exports as act
from domain.exports import LARGEST_FILE, Format
from domain.imports import Stored
from domain.people import STAFF, Actor
from domain.sheets import Cell
from handlers.jobs import Failure, Job, Progress, Task
from handlers.routing import Command, Request, Route
from storage.uow import UnitOfWork
from views import exports as view
from views.language import Translator
from views.replies import Notice, Reply

CHUNK = 200  # customers read at a time
PARTS = 5  # of which each tells once how far it is, so that the number of batches never changes


def take_export(req: Request) -> Reply:
    return view.ask(req.t, act.allowance(req.uow, req.actor, now=req.now), actor=req.actor)


def start_export(req: Request) -> Reply:
    allowed = act.allowance(req.uow, req.actor, now=req.now)
    if allowed.left == 0:
        notices = _tell_leads(req.uow, req.actor, allowed.customers, now=req.now)
        return replace(view.enough(req.t, act.open_again(req.actor, now=req.now)), notices=notices)
    kind = req.press(view.StartExport).kind
    log_id = act.begin(req.uow, req.actor, allowed, kind, view.file_name(req.t, req.today, kind))
    return view.started(req.t, log_id, min(allowed.customers, allowed.most or allowed.customers))


def _tell_leads(uow: UnitOfWork, actor: Actor, customers: int, *, now: dt.datetime) -> tuple[Notice, ...]:
    day = now.astimezone(actor.zone).date()
    return tuple(
        Notice(lead.person_id, view.wanted_more(Translator(lead.locale, lead.zone), actor, customers, day=day))
        for lead in act.watchers(uow, actor)
    )


# In the worker ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """The finished file; without ``content`` it is too large to be sent. ``cut``: there would be more."""

    customers: int
    content: bytes
    cut: bool


def write_file(task: Task) -> Iterator[int | Written]:
    """Read the customers part by part and write them as they come; the number of the part, at last the file."""
    facts = task.facts
    t = Translator(facts["locale"], ZoneInfo(facts["zone"]))
    with task.reading() as connection, TemporaryDirectory(prefix="keyuan-export-") as folder:
        uow = UnitOfWork(connection, dt.datetime.fromisoformat(facts["now"]))
        exports = uow.exports(uow.people.actor(facts["person_id"]))
        most: int | None = facts["most"]
        ids = exports.ids(most=None if most is None else most + 1)
        with _Writer(t, Path(folder) / "export", Format(facts["kind"]), region=facts["region"], most=most) as writer:
            for part in range(PARTS):
                own = ids[len(ids) * part // PARTS : len(ids) * (part + 1) // PARTS]
                for start in range(0, len(own), CHUNK):
                    for one in exports.stored(own[start : start + CHUNK]):
                        writer.add(one)
                yield part
        yield writer.written()


class _Writer:
    """Writes customers as they come, in a thread of its own, so that whoever reads them can tell how far it is.

    ``most``: rows, as whole customers.
    """

    def __init__(self, t: Translator, path: Path, kind: Format, *, region: str, most: int | None) -> None:
        from views import sheets  # 0.1 s that the bot itself never needs

        self._t, self._path, self._region, self._room = t, path, region, most
        self._headings = sheets.export_headings(t)
        self._write = sheets.write_xlsx if kind is Format.XLSX else sheets.write_csv
        self._rows: Queue[list[Cell] | None] = Queue(CHUNK)
        self._pool = ThreadPoolExecutor(1)
        self._customers, self._cut = 0, False

    def __enter__(self) -> "_Writer":
        self._writing = self._pool.submit(self._write, self._path, self._headings, iter(self._rows.get, None))
        return self

    def __exit__(self, *_: object) -> None:
        self._put(None)
        self._pool.shutdown()

    def add(self, one: Stored) -> None:
        """Write a customer, unless there is no room for all of its rows."""
        rows = list(rows_of(self._t, one, self._region))
        if self._cut or (self._room is not None and len(rows) > self._room):
            self._cut = True
            return
        if self._room is not None:
            self._room -= len(rows)
        self._customers += 1
        for row in rows:
            self._put(row)

    def written(self) -> Written:
        """The finished file. Raises ``SheetRefused`` where the format cannot hold so many rows."""
        self._writing.result()
        content = self._path.read_bytes() if self._path.stat().st_size <= LARGEST_FILE else b""
        return Written(self._customers, content, self._cut)

    def _put(self, row: list[Cell] | None) -> None:
        while not self._writing.done():  # one that has given up takes nothing any more
            with contextlib.suppress(Full):
                self._rows.put(row, timeout=0.1)
                return


def rows_of(t: Translator, one: Stored, region: str) -> Iterator[list[Cell]]:
    """A customer as rows of our export; ``region`` is the country of numbers without a country code."""
    from views.sheets import export_rows

    times = {"next_touch": _next_touch(one, t), "last_touch": _local(one.touched_at, t)}
    return export_rows(t, one.customer, region=region, **times)


def _next_touch(one: Stored, t: Translator) -> dt.date | dt.datetime | None:
    if one.next_touch is None:
        return None
    return _local(one.next_touch.at, t) or one.next_touch.day


def _local(at: dt.datetime | None, t: Translator) -> dt.datetime | None:
    """A naive local time, to the minute, as sheets hold it."""
    return at.astimezone(t.zone).replace(tzinfo=None, second=0, microsecond=0) if at else None


# In the core -----------------------------------------------------------------------------------------------------------


def store_file(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], part: int | Written, offset: int, now: dt.datetime
) -> Progress:
    """Send the file; the lead hears of one that was cut."""
    if not isinstance(part, Written):
        return Progress(part + 1, PARTS)
    t = Translator(actor.locale, actor.zone)
    if not part.content:
        return Progress(PARTS, PARTS, view.too_large(t, facts))
    reply = view.done(t, facts, customers=part.customers, content=part.content, cut=part.cut)
    if part.cut:
        reply = replace(reply, notices=_tell_leads(uow, actor, facts["customers"], now=now))
    return Progress(PARTS, PARTS, reply)


def fail_file(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    """What did not come does not count."""
    uow.exports(actor).forget(facts["log_id"])
    return view.failed(failure.words, facts)


ROUTES = (
    Route(Command("export"), take_export, STAFF),
    Route(view.StartExport, start_export, STAFF, once=True),
)
JOBS = {act.WRITE: Job(write_file, store_file, view.title, view.tell, fail_file, seconds=1800)}
