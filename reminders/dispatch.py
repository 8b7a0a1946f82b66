"""What one person is told at one moment: all that came due for them, read again as they are now."""

import datetime as dt
from collections.abc import Sequence

from domain.people import Actor
from reminders import all_due
from storage.due import DueRow
from storage.uow import UnitOfWork
from views.language import Translator
from views.replies import Notice


def dispatch(
    uow: UnitOfWork, actor: Actor, rows: Sequence[DueRow], t: Translator, now: dt.datetime
) -> Sequence[Notice]:
    """The messages for ``rows``, all of ``actor`` and earliest first; what is no longer true or useful says nothing."""
    notices = []
    for row in rows:
        due = all_due().get(row.kind)
        if due is None or (row.useful_until is not None and row.useful_until < now):
            continue
        reply = due.render(uow, row, actor, t, now)
        if reply is not None:
            notices.append(Notice(actor.person_id, reply, due.lane, due.copy_rule))
    return notices
