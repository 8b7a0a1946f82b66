"""Whether something unasked may be said now: not in quiet hours, not on days off, not too often, not against a wish."""

import datetime as dt
from collections.abc import Sequence

from domain.calendar import Calendar, QuietHours, held_until
from domain.consents import DAY_ENDS, DAY_STARTS, may_write
from domain.people import Actor
from domain.reminders import UNASKED_A_DAY
from reminders import Due
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork

NIGHT = QuietHours(DAY_ENDS, DAY_STARTS)  # of customers, whatever hours of their own they chose besides


def admitted(
    uow: UnitOfWork, actor: Actor, rows: Sequence[tuple[DueRow, Due]], now: dt.datetime
) -> list[tuple[DueRow, Due]]:
    """Those of ``rows`` that may be said now; what must wait is owed again at the end of the quiet time.

    What is over the day's number, or against a customer's wish, is not said: staff find it in ``/today``.
    """
    unasked = [(row, due) for row, due in rows if due.unasked]
    if not unasked:
        return list(rows)
    until = quiet_until(uow, actor, now)
    if until > now:
        DueRepository(uow).postpone([row.id for row, _ in unasked], until=until)
        return [(row, due) for row, due in rows if not due.unasked]
    room = UNASKED_A_DAY - uow.consents.nudged(actor.person_id, today=_today(actor, now))
    wanted = [row.id for row, due in unasked if _is_wanted(uow, actor, due, now)][: max(room, 0)]
    return [(row, due) for row, due in rows if not due.unasked or row.id in wanted]


def quiet_until(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> dt.datetime:
    """The first moment at which a person may be disturbed unasked: ``now`` itself when it is not quiet."""
    own = QuietHours(actor.quiet_from, actor.quiet_to)
    if actor.is_staff:
        return held_until(now, own, calendar=uow.calendar(), zone=actor.zone)
    calendar = Calendar()
    at = now
    while True:  # both must end: the night of all customers and the hours that this one chose
        later = held_until(
            held_until(at, NIGHT, calendar=calendar, zone=actor.zone, days_off=False),
            own,
            calendar=calendar,
            zone=actor.zone,
            days_off=False,
        )
        if later == at:
            return at
        at = later


def count(uow: UnitOfWork, actor: Actor, due: Due, now: dt.datetime) -> None:
    """Note that something unasked was said."""
    uow.consents.count_nudge(actor.person_id, today=_today(actor, now), rests=not due.own)


def _is_wanted(uow: UnitOfWork, actor: Actor, due: Due, now: dt.datetime) -> bool:
    if due.purpose is None:
        return not actor.stopped
    return may_write(uow.consents.of(actor.person_id), due.purpose, topic=due.topic, now=now)


def _today(actor: Actor, now: dt.datetime) -> dt.date:
    return now.astimezone(actor.zone).date()
