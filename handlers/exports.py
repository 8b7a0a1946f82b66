"""``/export``: the customers of the reader's scope as a spreadsheet that can be sent back."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from actions import exports as act
from domain.exports import LARGEST_FILE, Format
from domain.imports import Stored
from domain.people import STAFF, Actor
from domain.sheets import Cell
from domain.values import frozen
from handlers.jobs import Failure, Job, Progress, Task
from handlers.routing import Command, Request, Route
from storage.exports import ExportRepository
from storage.uow import UnitOfWork
from views import exports as view
from views.language import Translator
from views.replies import Notice, Reply

CHUNK = 200  # customers read at a time


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
        Notice(lead.person_id, view.wanted_more(Translator.of(lead), actor, customers, day=day))
        for lead in act.watchers(uow, actor)
    )


# In the worker ---------------------------------------------------------------------------------------------------------


@frozen
class Written:
    """The finished file; without ``content`` it is too large to be sent. ``cut``: there would be more."""

    customers: int
    content: bytes
    cut: bool


def write_file(task: Task) -> Iterator[Written]:
    """Write the customers as they are read, and give the finished file."""
    from views import sheets  # 0.1 s that the bot itself never needs

    facts = task.facts
    t = Translator(facts["locale"], ZoneInfo(facts["zone"]))
    with task.reading() as connection, TemporaryDirectory(prefix="keyuan-export-") as folder:
        uow = UnitOfWork(connection, dt.datetime.fromisoformat(facts["now"]))
        rows = _Rows(t, uow.exports(uow.people.actor(facts["person_id"])), region=facts["region"], most=facts["most"])
        path = Path(folder) / "export"
        write = sheets.write_xlsx if Format(facts["kind"]) is Format.XLSX else sheets.write_csv
        write(path, sheets.export_headings(t), rows)
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
        yield Written(rows.customers, content, rows.cut)


class _Rows:
    """The rows of an export, read while they are written; how many customers they were, and whether some were cut.

    ``most``: rows, as whole customers.
    """

    def __init__(self, t: Translator, exports: ExportRepository, *, region: str, most: int | None) -> None:
        self._t, self._exports, self._region, self._most = t, exports, region, most
        self.customers, self.cut = 0, False

    def __iter__(self) -> Iterator[list[Cell]]:
        room = self._most
        ids = self._exports.ids(most=None if room is None else room + 1)
        for start in range(0, len(ids), CHUNK):
            for one in self._exports.stored(ids[start : start + CHUNK]):
                rows = list(rows_of(self._t, one, self._region))
                if room is not None and len(rows) > room:
                    self.cut = True
                    return
                room = None if room is None else room - len(rows)
                self.customers += 1
                yield from rows


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
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], part: Written, offset: int, now: dt.datetime
) -> Progress:
    """Send the file; the lead hears of one that was cut."""
    t = Translator.of(actor)
    if not part.content:
        return Progress(1, 1, view.too_large(t, facts))
    reply = view.done(t, facts, customers=part.customers, content=part.content, cut=part.cut)
    if part.cut:
        reply = replace(reply, notices=_tell_leads(uow, actor, facts["customers"], now=now))
    return Progress(1, 1, reply)


def fail_file(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    """What did not come does not count."""
    uow.exports(actor).forget(facts["log_id"])
    return view.failed(failure.words, facts)


ROUTES = (
    Route(Command("export"), take_export, STAFF),
    Route(view.StartExport, start_export, STAFF, once=True),
)
JOBS = {act.WRITE: Job(write_file, store_file, view.title, view.tell, fail_file, seconds=1800)}
