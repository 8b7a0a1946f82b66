"""Bringing a spreadsheet in: what is read, what is chosen, and the steps from a file to customers with next touches."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from actions.customers import FOREIGN, check_foreign, told_today
from domain.cards import FOREIGN_ANSWERS_PER_DAY
from domain.errors import Changed, NotAllowed, NotFound
from domain.history import IMPORTED
from domain.imports import (
    GIVEN,
    TOLD_AFTER,
    UNDO,
    Fate,
    ImportLine,
    ImportState,
    OwnerRule,
    Ownership,
)
from domain.people import Actor, Role
from domain.sheets import Field
from parsing.names import norm_of
from storage.due import DueRepository, Owed
from storage.uow import UnitOfWork

READ, FILE, PLAN, TAKE_BACK = "sheet_read", "sheet_import", "sheet_plan", "sheet_undo"  # kinds of jobs


# What is chosen --------------------------------------------------------------------------------------------------------


def begin(uow: UnitOfWork, actor: Actor, name: str, source: Mapping[str, Any]) -> ImportLine:
    """Take a file in: it is read in a process of its own, and shown before anything is stored.

    Args:
        source: where its bytes are: ``file_id``, or ``path`` from the command line.

    Raises:
        Throttled: too much of what colleagues have was told today; it would be told again.
    """
    check_foreign(uow, actor, now=uow.now)
    import_id = uow.imports(actor).add(name, source)
    return read(uow, actor, uow.imports(actor).get(import_id))


def read(uow: UnitOfWork, actor: Actor, line: ImportLine, **chosen: Any) -> ImportLine:
    """Read the file, again where something about it was chosen: ``fields`` of the columns, ``sheet`` of the workbook."""
    line = uow.imports(actor).change(line, state=ImportState.READING, **chosen)
    return enqueue(uow, actor, line, READ)


def enqueue(uow: UnitOfWork, actor: Actor, line: ImportLine, kind: str, **facts: Any) -> ImportLine:
    """Owe a job of this import; what the worker cannot know by itself goes with it."""
    kept = {name: line.facts[name] for name in ("file_id", "path", "fields", "sheet") if line.facts.get(name)}
    known = {
        "import_id": line.id,
        "name": line.name,
        "person_id": actor.person_id or None,
        "locale": actor.locale,
        "zone": actor.zone.key,
        "region": uow.organisation().region,
        "now": uow.now.isoformat(),
    }
    job_id = uow.jobs.enqueue(kind, kept | known | facts, person_id=actor.person_id or None)
    return uow.imports(actor).change(line, job_id=job_id)


def show(uow: UnitOfWork, actor: Actor, line: ImportLine, found: Mapping[str, Any], *, now: dt.datetime) -> ImportLine:
    """Keep what the file was read to be. Too many customers of colleagues among them are not told, whoever asks.

    Returns:
        The import, as a preview, or refused.
    """
    told = found["counts"].get(Fate.FOREIGN, 0)
    if told and not uow.imports(actor).scope.everything:
        left = FOREIGN_ANSWERS_PER_DAY - told_today(uow, actor, now=now)
        for _ in range(min(told, left)):
            uow.people.note_guess(actor.person_id, FOREIGN)
        if told > left:
            return uow.imports(actor).change(line, state=ImportState.REFUSED)
    return uow.imports(actor).change(line, state=ImportState.PREVIEW, **found)


def choose_field(uow: UnitOfWork, actor: Actor, line: ImportLine, column: int, field: Field) -> ImportLine:
    """Say what a column is; the file must be read again before it is imported."""
    fields = list(line.facts["fields"])
    fields[column] = field
    return uow.imports(actor).change(line, fields=fields, reread=True)


def choose_owner(
    uow: UnitOfWork, actor: Actor, line: ImportLine, rule: OwnerRule, owner_id: int | None = None
) -> ImportLine:
    """Say whose the new customers will be.

    Raises:
        NotAllowed: a rep's import is the rep's own.
        NotFound: the member is not one of the actor's.
    """
    if ownership(uow, actor, line).fixed:
        raise NotAllowed("owner")
    if owner_id is not None and owner_id not in {key for key, _, _ in uow.imports(actor).members()}:
        raise NotFound("member", owner_id)
    return uow.imports(actor).change(line, rule=rule, owner_id=owner_id)


def ownership(uow: UnitOfWork, actor: Actor, line: ImportLine) -> Ownership:
    """Whose the new customers will be as things stand: as chosen, else by the column of owners, else the pool."""
    members = uow.imports(actor).members()
    if actor.role is Role.REP:
        own = tuple((key, name) for key, name, _ in members)
        return Ownership(OwnerRule.ME, members=own, fixed=True)
    column = [(str(name), int(count)) for name, count in line.facts.get("owners", ())]
    ids = members_by_name(members)
    named = tuple(one for one in column if norm_of(one[0]) in ids)
    reps = tuple(key for key, _, role in members if role is Role.REP)
    return Ownership(
        rule=_rule(actor, line, named=bool(named), alone=len(members) == 1),
        owner_id=line.facts.get("owner_id"),
        named=named,
        unknown=tuple(one for one in column if norm_of(one[0]) not in ids),
        members=tuple((key, name) for key, name, _ in members),
        reps=reps,
    )


def _rule(actor: Actor, line: ImportLine, *, named: bool, alone: bool) -> OwnerRule:
    if chosen := line.facts.get("rule"):
        return OwnerRule(chosen)
    if named:
        return OwnerRule.COLUMN
    return OwnerRule.ME if alone and actor.member_id is not None else OwnerRule.POOL


def members_by_name(members: Sequence[tuple[int, str, Role]]) -> dict[str, int]:
    """Members by their normalised names; a name that two of them have is nobody's."""
    counts = Counter(norm_of(name) for _, name, _ in members)
    return {norm_of(name): key for key, name, _ in members if counts[norm_of(name)] == 1}


def drop(uow: UnitOfWork, actor: Actor, line: ImportLine) -> ImportLine:
    """Leave the file alone."""
    uow.jobs.cancel(line.facts.get("job_id", 0))
    return uow.imports(actor).change(line, state=ImportState.DROPPED)


# The steps -------------------------------------------------------------------------------------------------------------


def start(uow: UnitOfWork, actor: Actor, line: ImportLine) -> ImportLine:
    """Begin to import: one act, undoable for seven days, written in many units."""
    whose = ownership(uow, actor, line)
    facts = {"name": line.name, "import_id": line.id}
    act_id = uow.act(actor if actor.person_id else None, IMPORTED, undo=UNDO, facts=facts)
    owners = {
        "rule": whose.rule,
        "owner_id": actor.member_id if whose.rule is OwnerRule.ME else whose.owner_id,
        "names": members_by_name(uow.imports(actor).members()) if whose.rule is OwnerRule.COLUMN else {},
        "even": list(whose.reps),
    }
    until = (uow.now + UNDO).isoformat()
    line = uow.imports(actor).change(
        line, state=ImportState.RUNNING, act_id=act_id, done={}, given={}, undo_until=until
    )
    return enqueue(uow, actor, line, FILE, owners=owners)


def go_on_to_plan(uow: UnitOfWork, actor: Actor, line: ImportLine, **facts: Any) -> ImportLine:
    """All rows are filed, or none will be any more: what has an owner gets its next touch."""
    if not line.facts["given"]:
        return uow.imports(actor).change(line, state=ImportState.DONE, **facts)
    line = uow.imports(actor).change(line, state=ImportState.PLANNING, **facts)
    return enqueue(uow, actor, line, PLAN)


def finish(uow: UnitOfWork, actor: Actor, line: ImportLine, *, now: dt.datetime) -> ImportLine:
    """The last next touch was planned. Each new owner hears of it once, when a slip of the hand was taken back; nobody
    hears of what was done by the own hand, and no customer of anything."""
    owners = [uow.people.of_member(int(member_id)) for member_id in line.facts["given"]]
    DueRepository(uow).owe_all(
        [
            Owed(GIVEN, line.id, one.person_id, now + TOLD_AFTER, f"{GIVEN}:{line.id}:{one.person_id}")
            for one in owners
            if one is not None and one.person_id != actor.person_id
        ]
    )
    return uow.imports(actor).change(line, state=ImportState.DONE)


def stop(uow: UnitOfWork, actor: Actor, line: ImportLine) -> ImportLine:
    """Stop an import between two batches; what was filed stays, and can be taken back.

    Raises:
        Changed: it is not running any more.
    """
    if line.state is not ImportState.RUNNING:
        raise Changed("import", line.id)
    uow.jobs.cancel(line.facts["job_id"])
    return go_on_to_plan(uow, actor, line, stopped=True)
