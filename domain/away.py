"""Being away: from one day to another, with somebody who stands in."""

import datetime as dt
from zoneinfo import ZoneInfo

from domain.calendar import localize
from domain.people import Actor, MemberLine, manages
from domain.values import frozen

MOST_DAYS = 92  # of one absence; whoever is gone for longer hands the customers over
LATEST = 366  # days from now on which one may begin


@frozen
class Absence:
    """``member`` is away from ``since`` until ``until``, both instants; ``stand_in`` works for them meanwhile."""

    member_id: int
    member: str
    stand_in_id: int
    stand_in: str
    since: dt.datetime
    until: dt.datetime

    def first(self, zone: ZoneInfo) -> dt.date:
        return self.since.astimezone(zone).date()

    def last(self, zone: ZoneInfo) -> dt.date:
        return (self.until - dt.timedelta(seconds=1)).astimezone(zone).date()


def bounds(first: dt.date, last: dt.date, *, now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """From the beginning of the first day, today from now, to the end of the last one."""
    since = max(localize(first, dt.time(0), zone), now)
    return since, localize(last + dt.timedelta(days=1), dt.time(0), zone)


def may_set_away(actor: Actor, member: MemberLine) -> bool:
    """Everybody's own absence, and those of members below."""
    return member.active and (member.id == actor.member_id or manages(actor, member))


def spans(today: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """What is offered: today, tomorrow, the rest of the week, next week, the next two weeks; weeks end on Sunday."""
    day = dt.timedelta(days=1)
    sunday = today + (6 - today.weekday()) * day
    offered = ((today, today), (today + day, today + day), (today, sunday), (sunday + day, sunday + 7 * day))
    return tuple(dict.fromkeys((*offered, (sunday + day, sunday + 14 * day))))
