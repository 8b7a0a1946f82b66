"""A bad score in a survey that was left before its end: the case opens all the same, and those who must act hear of it."""

import datetime as dt
from dataclasses import replace

from actions.answers import UNFINISHED, call_unfinished
from actions.cases import clock_of, responsible_above
from domain.cases import CaseLine, Progress
from domain.people import Actor
from domain.values import frozen
from reminders import Due
from storage.due import DueRepository, DueRow
from storage.uow import UnitOfWork
from views import case_news, feedback
from views.language import Translator
from views.replies import Reply

FILED = "case_filed"  # of a member who hears of a case that the clock opened


@frozen
class News:
    """A new case as one member hears of it; ``copied``: not as its owner."""

    case: CaseLine
    copied: bool
    quiet: bool


def read(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> Progress | None:
    """Open the case; the customer, once confirmed, gets its status, and the staff are owed the word."""
    case = call_unfinished(uow, row.subject_id, now=now)
    if case is None:
        return None
    owner = (case.owner_id,) if case.owner_id is not None else ()
    for member_id in {*owner, *responsible_above(uow, case)} - {case.about_id}:
        person = uow.people.of_member(member_id)
        if person is not None:
            DueRepository(uow).owe(FILED, case.id, person.person_id, at=now, key=f"{FILED}:{case.id}:{member_id}")
    seen = uow.feedback(actor).find(case.id)
    return uow.feedback(actor).progress(seen) if seen is not None else None


def render(t: Translator, progress: Progress, now: dt.datetime) -> Reply:
    return feedback.status(t, progress)


def read_news(uow: UnitOfWork, row: DueRow, actor: Actor, now: dt.datetime) -> News | None:
    case = uow.cases(actor).find(row.subject_id)
    if case is None:
        return None
    quiet = not case.urgent and not clock_of(uow).is_working(now)
    return News(case, case.owner_id != actor.member_id, quiet)


def render_news(t: Translator, news: News, now: dt.datetime) -> Reply:
    words = case_news.filed(t, news.case, copied=news.copied)
    return replace(words, living=f"case:{news.case.id}", quiet=news.quiet)


DUE = (Due(UNFINISHED, read, render), Due(FILED, read_news, render_news))
