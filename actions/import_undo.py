"""Taking an import back: what nobody worked with goes, what it wrote to others is reversed."""

import datetime as dt
from collections.abc import Mapping, Sequence

from actions.imports import TAKE_BACK, enqueue
from domain.errors import Changed, TooLate
from domain.history import IMPORTED
from domain.imports import MOST_KEPT_NAMES, UNDONE_AT_ONCE, Fate, ImportLine, ImportState
from domain.people import Actor
from storage.import_undo import ImportUndo
from storage.uow import UnitOfWork


def check_undo(uow: UnitOfWork, actor: Actor, line: ImportLine, *, now: dt.datetime) -> int:
    """Whether an import can be taken back, and how many customers would go at most.

    Raises:
        TooLate: its seven days are over, or it was taken back.
        Changed: it is still being written.
    """
    if line.state is ImportState.UNDONE or line.state is ImportState.UNDOING:
        raise TooLate("undone")
    if line.state is not ImportState.DONE or line.act_id is None:
        raise Changed("import", line.id)
    if not uow.history(actor).get(line.act_id).may_undo(now):
        raise TooLate("undo")
    return uow.imports(actor).count_filed(line.id)


def begin_undo(uow: UnitOfWork, actor: Actor, line: ImportLine, *, now: dt.datetime) -> ImportLine:
    """Begin to take an import back, as an act that cannot be undone in turn. Raises as ``check_undo``."""
    check_undo(uow, actor, line, now=now)
    assert line.act_id is not None
    facts = {"of": IMPORTED, "name": line.name, "undid": line.act_id}
    undo_id = uow.act(actor if actor.person_id else None, "act.undone", undo=None, facts=facts)
    ImportUndo(uow).mark(line.act_id, undo_id)
    line = uow.imports(actor).change(line, state=ImportState.UNDOING, undo_id=undo_id, removed=0, kept=0, names=[])
    parts = 1 + line.done(Fate.UPDATED) // UNDONE_AT_ONCE
    return enqueue(uow, actor, line, TAKE_BACK, act_id=line.act_id, parts=parts)


def undo_batch(
    uow: UnitOfWork, actor: Actor, line: ImportLine, filed: Sequence[int], changed: Mapping[int, Sequence[int]]
) -> ImportLine:
    """Remove customers of the import that nobody worked with, and reverse what it wrote to others.

    What is a colleague's by now stays as it is, and is counted without its name.

    Args:
        filed: customers that it filed.
        changed: by customer, ids of what it wrote.
    """
    assert line.act_id is not None
    uow.resume(line.facts["undo_id"])
    undo, customers = ImportUndo(uow), uow.customers(actor)
    kept = undo.worked_with(filed, line.act_id) if filed else set()
    removed = undo.remove_many([key for key in filed if key not in kept])
    in_sight = {one.id for one in customers.lines(changed)}
    kept.update(key for key, changes in changed.items() if key not in in_sight or not undo.reverse(changes))
    names = [*line.facts["names"], *(one.name for one in customers.lines(sorted(kept)))][:MOST_KEPT_NAMES]
    return uow.imports(actor).change(
        line, removed=line.facts["removed"] + removed, kept=line.facts["kept"] + len(kept), names=names
    )


def end_undo(uow: UnitOfWork, actor: Actor, line: ImportLine) -> ImportLine:
    """The import is taken back, as far as nobody built on it."""
    return uow.imports(actor).change(line, state=ImportState.UNDONE)


def give_undo_up(uow: UnitOfWork, actor: Actor, line: ImportLine) -> ImportLine:
    """It came to a halt on our side; what is left can be taken back once more."""
    assert line.act_id is not None
    ImportUndo(uow).mark(line.act_id, None)
    return uow.imports(actor).change(line, state=ImportState.DONE)
