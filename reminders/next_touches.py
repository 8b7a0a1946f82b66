"""Pushing next touches that were agreed to the minute; those of a day only are lines of the morning message."""

import datetime as dt
from collections.abc import Sequence

from domain.next_touches import NextTouchLine
from domain.people import Actor
from reminders import AtOnce, Due
from reminders.again import NEXT_TOUCH, owe_again
from reminders.away import by_owner
from storage.due import DueRow
from storage.next_touches import find_each
from storage.uow import UnitOfWork
from views import next_touches as view


def read(uow: UnitOfWork, rows: Sequence[tuple[DueRow, Actor]], now: dt.datetime) -> dict[int, NextTouchLine]:
    """The next touches but those that were moved or done since, or whose customer changed hands."""
    lines = find_each(uow, [(row.subject_id, actor) for row, actor in rows])
    told = {
        row.id: line
        for (row, _), line in zip(rows, lines, strict=True)
        if line is not None and line.at is not None and line.at <= row.due_at
    }
    owe_again(uow, NEXT_TOUCH, [one for one in rows if one[0].id in told], now=now)
    return told


DUE = (Due("next_touch", AtOnce(read), view.due, bundled=True, in_place=by_owner),)
