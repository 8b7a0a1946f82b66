"""What a text without a command is, judged on the names that its writer may mean."""

import datetime as dt

from domain.people import Actor
from parsing.reminders import asks_for_reminder
from parsing.spots import SCORE, How
from parsing.touches import Sort, classify, parse_log
from storage.uow import UnitOfWork


def sort_of(uow: UnitOfWork, actor: Actor, text: str, *, said_at: dt.datetime) -> Sort:
    """The first of the five meanings of a text that fits."""
    customers = uow.customers(actor)
    spots = customers.spots(text)
    return classify(
        text,
        names=spots,
        found_anything=bool(spots) or customers.search(text).total > 0,
        said_at=said_at,
        zone=actor.zone,
        calendar=uow.calendar(),
        worktime=uow.organisation().worktime,
    )


def stands_alone(uow: UnitOfWork, actor: Actor, text: str, *, said_at: dt.datetime) -> bool:
    """Whether a text is a log or a reminder beyond doubt, so that no open question may take it for its answer.

    A log names a customer outright (a number alone may be the answer to "which phone?") and says how they were in contact.
    """
    if asks_for_reminder(text):
        return True
    organisation = uow.organisation()
    spots = uow.customers(actor).spots(text)
    if not any(spot.score >= SCORE[How.PART] for spot in spots):
        return False
    line = parse_log(
        text,
        names=spots,
        said_at=said_at,
        zone=actor.zone,
        calendar=uow.calendar(),
        worktime=organisation.worktime,
        currency=organisation.currency,
    )
    return line.kind is not None and sort_of(uow, actor, text, said_at=said_at) is Sort.LOG
