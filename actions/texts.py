"""What a text without a command is, judged on the names that its writer may mean."""

import datetime as dt
from collections.abc import Sequence

from domain.people import Actor
from domain.touches import Outcome
from parsing.companies import has_company_words
from parsing.customers import parse_new
from parsing.names import norm_of
from parsing.reminders import asks_for_reminder
from parsing.spots import SCORE, How, Spot
from parsing.touches import LogLine, Sort, classify, parse_log
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
    spots = uow.customers(actor).spots(text)
    if not any(spot.score >= SCORE[How.PART] for spot in spots):
        return False
    line = _read(uow, actor, text, spots, said_at=said_at)
    return line.kind is not None and sort_of(uow, actor, text, said_at=said_at) is Sort.LOG


def looks_somebody_up(uow: UnitOfWork, actor: Actor, text: str) -> bool:
    """Whether a text that is no answer is a part of a customer's name or number, which is looked up then."""
    return uow.customers(actor).search(text).total > 0


def tells_of_somebody_new(uow: UnitOfWork, actor: Actor, text: str, *, said_at: dt.datetime) -> bool:
    """Whether a text says how somebody was met who is not on file (Visited Tom Baker at Acme, wants a quote by Friday), and
    is no name. A number in it makes it the customer's own line."""
    draft = parse_new(text, region=uow.organisation().region)
    if draft is None or any(contact.channels for contact in draft.contacts):
        return False
    whole = text.strip()
    if draft.name == whole and has_company_words(whole, norm_of(whole)):
        return False
    line = _read(uow, actor, text, uow.customers(actor).spots(text), said_at=said_at)
    if line.kind is None or line.unknown_name is None or line.unknown_name == whole:
        return False
    described = whole.startswith(line.unknown_name) and line.outcome is Outcome.REACHED  # 钱多多 喜欢喝茶
    if described and line.next is None and line.happened is None:
        return False
    return sort_of(uow, actor, text, said_at=said_at) is Sort.LOG


def _read(uow: UnitOfWork, actor: Actor, text: str, spots: Sequence[Spot], *, said_at: dt.datetime) -> LogLine:
    organisation = uow.organisation()
    return parse_log(
        text,
        names=spots,
        said_at=said_at,
        zone=actor.zone,
        calendar=uow.calendar(),
        worktime=organisation.worktime,
        currency=organisation.currency,
    )
