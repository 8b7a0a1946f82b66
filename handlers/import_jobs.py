"""The long work of imports: reading a file, filing its customers, spreading their next touches, taking all of it back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import import_filing as filing
from actions import import_undo as taking_back
from actions import imports as act
from domain.errors import Changed
from domain.imports import BATCH, ImportLine, ImportState
from domain.people import Actor
from domain.sheets import Reason, SheetRefused
from handlers.import_reading import Back, Ending, Part, list_to_plan, list_to_undo, read_customers, read_sheet
from handlers.jobs import Failure, Job, Progress
from storage.uow import UnitOfWork
from views import imports as view
from views.language import Translator
from views.replies import Reply


def _running(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], *states: ImportState) -> ImportLine:
    """The import of a job, in one of the states in which the job may write. Raises ``Changed``."""
    line = uow.imports(actor).get(facts["import_id"])
    if line.state not in states:
        raise Changed("import", line.id)
    return line


def store_read(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], found: Any, offset: int, now: dt.datetime
) -> Progress:
    """Keep what was found and show it."""
    if not isinstance(found, dict):
        return Progress(*found)
    line = _running(uow, actor, facts, ImportState.READING)
    line = act.show(uow, actor, line, found, now=now)
    if line.state is ImportState.REFUSED:
        return Progress(line.facts.get("rows", 0), reply=view.too_many_foreign(Translator.of(actor), line))
    whose = act.ownership(uow, actor, line)
    return Progress(found["rows"], reply=view.living(view.preview(Translator.of(actor), line, whose), line))


def store_customers(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], part: Part | Ending, offset: int, now: dt.datetime
) -> Progress:
    """File a batch; after the last one send back what was not filed, and go on to the next touches."""
    line = _running(uow, actor, facts, ImportState.RUNNING)
    total = int(line.facts["customers"])
    if isinstance(part, Part):
        filing.file_batch(uow, actor, line, part.batch, part.tally, owners=facts["owners"], now=now)
        return Progress(min(total, (offset + 1) * BATCH), total)
    line = act.go_on_to_plan(uow, actor, filing.count_rest(uow, actor, line, part.tally))
    return Progress(total, total, _with_file(actor, _card(uow, actor, line), part))


def _with_file(actor: Actor, card: Reply, ending: Ending) -> Reply:
    if not ending.content:
        return card
    return replace(card, also=(view.returned(Translator.of(actor), ending.name, ending.content),))


def _card(uow: UnitOfWork, actor: Actor, line: ImportLine) -> Reply:
    """The one message of an import as it stands."""
    return view.living(view.card(Translator.of(actor), line, act.ownership(uow, actor, line)), line)


def store_plan(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], ids: Sequence[int], offset: int, now: dt.datetime
) -> Progress:
    """Propose next touches; after the last one say how it all went."""
    line = _running(uow, actor, facts, ImportState.PLANNING)
    if ids:
        line = filing.plan_batch(uow, actor, line, ids, now=now)
        return Progress(int(line.facts["planned"]), sum(line.facts["given"].values()))
    return Progress(1, 1, _card(uow, actor, act.finish(uow, actor, line, now=now)))


def store_undo(
    uow: UnitOfWork, actor: Actor, facts: dict[str, Any], part: Back, offset: int, now: dt.datetime
) -> Progress:
    """Take a part back; after the last one say what stayed."""
    line = _running(uow, actor, facts, ImportState.UNDOING)
    if not part.last:
        line = taking_back.undo_batch(uow, actor, line, part.filed, part.changed)
        return Progress(line.facts["removed"] + line.facts["kept"], line.taken)
    return Progress(1, 1, _card(uow, actor, taking_back.end_undo(uow, actor, line)))


# When it fails ---------------------------------------------------------------------------------------------------------


def fail_read(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    """A file that is refused says why in the message that said it was being read; what kills its reader is damaged."""
    line = uow.imports(actor).get(facts["import_id"])
    refusal = SheetRefused(Reason.DAMAGED) if failure.heavy else failure.refusal
    reason = refusal.reason if isinstance(refusal, SheetRefused) else ""
    line = uow.imports(actor).change(line, state=ImportState.REFUSED, reason=reason)
    if isinstance(refusal, SheetRefused):
        return view.living(view.refused(Translator.of(actor), line, refusal), line)
    return view.living(failure.words, line)


def fail_filing(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    """What was filed stays and gets its next touches; the card has the way back."""
    line = uow.imports(actor).get(facts["import_id"])
    if line.state is ImportState.RUNNING:
        act.go_on_to_plan(uow, actor, line, stopped=True)
    return failure.words


def fail_planning(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    line = uow.imports(actor).get(facts["import_id"])
    line = act.finish(uow, actor, line, now=uow.now)
    return replace(_card(uow, actor, line), also=(failure.words,))


def fail_undo(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], failure: Failure) -> Reply:
    line = taking_back.give_undo_up(uow, actor, uow.imports(actor).get(facts["import_id"]))
    return replace(_card(uow, actor, line), also=(failure.words,))


ROUTES = ()
JOBS = {
    act.READ: Job(read_sheet, store_read, view.title, view.tell_reading, fail_read, seconds=300),
    act.FILE: Job(read_customers, store_customers, view.title, view.tell_filing, fail_filing, seconds=3600),
    act.PLAN: Job(list_to_plan, store_plan, view.title, view.tell_planning, fail_planning, seconds=3600),
    act.TAKE_BACK: Job(list_to_undo, store_undo, view.title, view.tell_undoing, fail_undo, seconds=3600),
}
