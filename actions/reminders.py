"""Setting, moving, pushing and ending reminders."""

import datetime as dt
from collections.abc import Sequence

from domain.calendar import localize
from domain.errors import Throttled
from domain.people import Actor
from domain.reminders import MOST_OPEN, ReminderLine, ReminderState, check_reminder
from domain.repeats import Repeat, next_after
from storage.reminders import note_pushed
from storage.uow import UnitOfWork


def set_reminder(
    uow: UnitOfWork,
    actor: Actor,
    words: str,
    at: dt.datetime,
    repeat: Repeat | None = None,
    customer_id: int | None = None,
    *,
    now: dt.datetime,
) -> tuple[ReminderLine, int]:
    """Store a reminder and return it with the act that Undo takes back.

    Raises:
        Invalid: see ``check_reminder``.
        Throttled: the person has ``MOST_OPEN`` already.
    """
    check_reminder(words, at, now=now)
    if uow.reminders(actor).count() >= MOST_OPEN:
        raise Throttled("reminders")
    act_id = uow.act(actor, "reminder.set", customer_id=customer_id, facts={"name": words[:60]})
    key = uow.reminders(actor).add(words.strip(), at, repeat=repeat, customer_id=customer_id)
    return uow.reminders(actor).get(key), act_id


def move_reminder(
    uow: UnitOfWork,
    actor: Actor,
    reminder_id: int,
    at: dt.datetime,
    *,
    repeat: Repeat | None = None,
    version: int | None = None,
    now: dt.datetime,
) -> tuple[ReminderLine, int]:
    """Give a reminder another time (and rule); a pushed one is open again.

    Raises:
        NotFound: it is done, deleted or somebody else's.
        Changed: it was moved since the screen was drawn.
    """
    line = uow.reminders(actor).get(reminder_id)
    check_reminder(line.words, at, now=now)
    act_id = uow.act(actor, "reminder.changed", customer_id=line.customer_id, facts={"name": line.words[:60]})
    values = {"at": at, "state": ReminderState.OPEN} | ({"repeat": repeat} if repeat else {})
    uow.reminders(actor).change(reminder_id, version=version, **values)
    return uow.reminders(actor).get(reminder_id), act_id


def snooze_days(
    uow: UnitOfWork, actor: Actor, reminder_id: int, days: int, *, version: int, now: dt.datetime
) -> tuple[ReminderLine, int]:
    """Put a reminder so many days on from today, at its own clock time."""
    line = uow.reminders(actor).get(reminder_id)
    day = now.astimezone(actor.zone).date() + dt.timedelta(days=days)
    at = localize(day, line.at.astimezone(actor.zone).time(), actor.zone)
    return move_reminder(uow, actor, reminder_id, at, version=version, now=now)


def end_reminder(
    uow: UnitOfWork, actor: Actor, reminder_id: int, *, done: bool, version: int | None = None
) -> tuple[ReminderLine, int]:
    """End a reminder: it is done, or not wanted any more. Returns it as it was, and the act."""
    line = uow.reminders(actor).get(reminder_id)
    kind = "reminder.done" if done else "reminder.deleted"
    act_id = uow.act(actor, kind, customer_id=line.customer_id, facts={"name": line.words[:60]})
    state = ReminderState.DONE if done else ReminderState.DELETED
    uow.reminders(actor).change(reminder_id, version=version, state=state)
    return line, act_id


def push_reminders(
    uow: UnitOfWork, lines: Sequence[tuple[ReminderLine, Actor]], *, now: dt.datetime
) -> list[ReminderLine]:
    """Note that reminders, each of its actor, go out now, and return the lines that their buttons act on.

    A single one is pushed itself. A repeating one moves on to its next time and leaves a single, pushed one behind, so
    that Done and Snooze mean this time only; it takes the place of the one before, if nobody took that up. Times missed
    while nothing ran are not made up for.
    """
    once = note_pushed(uow, [line for line, _ in lines if line.repeat is None])
    return [once.get(line.id) or _push_repeating(uow, actor, line, now=now) for line, actor in lines]


def _push_repeating(uow: UnitOfWork, actor: Actor, line: ReminderLine, *, now: dt.datetime) -> ReminderLine:
    repository = uow.reminders(actor)
    uow.act(None, "reminder.pushed", customer_id=line.customer_id, undo=None, facts={"name": line.words[:60]})
    _go_on(uow, actor, line, now=now)
    for earlier in repository.until(line.at):
        if earlier.state is ReminderState.PUSHED and _is_same(earlier, line):
            repository.change(earlier.id, state=ReminderState.DELETED)
    key = repository.add(line.words, line.at, customer_id=line.customer_id, state=ReminderState.PUSHED)
    return repository.get(key)


def move_on(uow: UnitOfWork, actor: Actor, line: ReminderLine, *, now: dt.datetime) -> None:
    """Let a repeating reminder go on to its next time without a push: it is too late for the one that was due."""
    uow.act(None, "reminder.pushed", customer_id=line.customer_id, undo=None, facts={"name": line.words[:60]})
    _go_on(uow, actor, line, now=now)


def _go_on(uow: UnitOfWork, actor: Actor, line: ReminderLine, *, now: dt.datetime) -> None:
    assert line.repeat is not None
    following = next_after(line.repeat, now, zone=actor.zone, calendar=uow.calendar())
    uow.reminders(actor).change(line.id, at=following)


def _is_same(one: ReminderLine, other: ReminderLine) -> bool:
    return (one.words, one.customer_id) == (other.words, other.customer_id)
