"""What waits for one member today."""

import datetime as dt

from actions.enquiries import waiting
from domain.calendar import localize
from domain.people import Actor
from domain.reminders import ReminderLine
from domain.talks import LATE, TalkLine
from domain.today import Day
from parsing.lunar import birthdays_on
from storage.birthdays import birthdays_of
from storage.uow import UnitOfWork


def day_of(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> Day:
    """Open drafts, reminders of today and before, next touches due and overdue, birthdays, cases.

    Everything is re-read with the rights of this moment.
    """
    assert actor.member_id is not None
    today = now.astimezone(actor.zone).date()
    midnight = localize(today + dt.timedelta(days=1), dt.time(0), actor.zone)
    return Day(
        today,
        now,
        drafts=tuple(uow.drafts(actor).open()),
        reminders=_reminders(uow, actor, until=midnight),
        next_touches=tuple(uow.next_touches(actor).due(today)),
        accounts=tuple(uow.bindings(actor).waiting()),
        claims=waiting(uow, actor),
        corrections=tuple(uow.own(actor).waiting()),
        talks=_unanswered(uow, actor, now=now),
        cases=tuple(uow.cases(actor).waiting()),
        birthdays=tuple(birthdays_of(uow, actor.member_id, birthdays_on(today))),
    )


def _reminders(uow: UnitOfWork, actor: Actor, *, until: dt.datetime) -> tuple[ReminderLine, ...]:
    """The own, and those about customers of whoever has the actor as stand-in."""
    repository = uow.reminders(actor)
    return tuple(sorted((*repository.until(until), *repository.lent(until=until)), key=lambda line: (line.at, line.id)))


def _unanswered(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> tuple[TalkLine, ...]:
    """Messages that wait for this member; for a lead, after a while, those that wait for the team."""
    own = uow.talks(actor).waiting()
    late = uow.talks(actor).waiting(before=now - LATE) if actor.is_lead else []
    known = {line.id for line in own}
    return (*own, *(line for line in late if line.id not in known))
