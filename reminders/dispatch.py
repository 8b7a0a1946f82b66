"""What one person is told at one moment: all that came due for them, read again as they are now."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from domain.people import Actor
from domain.reminders import BUNDLE_ABOVE, BUNDLE_SPAN
from reminders import Due, all_due
from reminders.gate import admitted, count
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views.language import Translator
from views.pushes import bundle
from views.replies import Notice


def dispatch(
    uow: UnitOfWork, actor: Actor, rows: Sequence[DueRow], t: Translator, now: dt.datetime
) -> Sequence[Notice]:
    """The messages for ``rows``, all of ``actor`` and earliest first; what is no longer true or useful says nothing.

    More than ``BUNDLE_ABOVE`` bundled things within ``BUNDLE_SPAN`` go out as one message, those still to come in that
    span included.
    """
    served = [(row, all_due()[row.kind]) for row in rows if row.kind in all_due()]
    for row, due in served:
        if due.follow is not None:
            due.follow(uow, row, now)
    useful = [(row, due) for row, due in served if row.useful_until is None or row.useful_until >= now]
    told = admitted(uow, actor, useful, now)
    apart = [(row, due) for row, due in told if not due.bundled]
    together = [(row, due) for row, due in told if due.bundled]
    coming = _coming(uow, actor, now) if together else []
    if len(together) + len(coming) > BUNDLE_ABOVE:
        DueRepository(uow).settle([row.id for row, _ in coming])
        return [*_each(uow, actor, apart, t, now), *_bundle(uow, actor, [*together, *coming], t, now)]
    return _each(uow, actor, [*apart, *together], t, now)


def _each(
    uow: UnitOfWork, actor: Actor, rows: Sequence[tuple[DueRow, Due]], t: Translator, now: dt.datetime
) -> list[Notice]:
    notices = []
    for row, due in rows:
        found = due.read(uow, row, actor, now)
        reply = due.render(t, found, now) if found is not None else None
        if reply is not None:
            notices.append(Notice(actor.person_id, reply, due.lane, due.copy_rule))
            if due.unasked:
                count(uow, actor, now)
    return notices


def _bundle(
    uow: UnitOfWork, actor: Actor, rows: Sequence[tuple[DueRow, Due]], t: Translator, now: dt.datetime
) -> list[Notice]:
    lines: list[Any] = [found for row, due in rows if (found := due.read(uow, row, actor, now)) is not None]
    return [Notice(actor.person_id, bundle(t, lines, now))] if lines else []


def _coming(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> list[tuple[DueRow, Due]]:
    rows = DueRepository(uow).coming(actor.person_id, until=now + BUNDLE_SPAN)
    return [(row, all_due()[row.kind]) for row in rows if row.kind in all_due() and all_due()[row.kind].bundled]
