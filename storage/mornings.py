"""Owing every active member one morning message, the next one, on the member's own clock."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, select

from domain.calendar import localize
from storage.due import DueRepository
from storage.models import Due, Member, Person

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

KIND = "morning"
_PEOPLE: Any = bindparam("people", expanding=True)
ACTIVE = (
    select(Person.id, Member.id.label("member_id"), Person.zone, Person.morning_at)
    .join(Member, Member.person_id == Person.id)
    .where(Person.id.in_(_PEOPLE), Member.active.is_(True))
)
FORGET = delete(Due).where(Due.kind == KIND, Due.person_id.in_(_PEOPLE), Due.state == 0)
USED = select(Due.id).where(Due.key == bindparam("key"))


def owe_mornings(uow: "UnitOfWork", people: Collection[int], *, since: dt.datetime | None = None) -> None:
    """Owe each of ``people`` who is active staff the next morning message, in place of one owed before.

    A day whose message went out already is never owed a second one, whatever the hour is changed to.

    Args:
        since: the morning that was last seen to. After a sleep, today's is owed even if its hour has passed, and the
            days before it are not made up for. Without it the next one is still to come.
    """
    uow.connection.execute(FORGET, {"people": list(people)})
    for row in uow.connection.execute(ACTIVE, {"people": list(people)}).all():
        zone = ZoneInfo(row.zone) if row.zone else uow.organisation().zone
        day = uow.now.astimezone(zone).date()
        while localize(day, row.morning_at, zone) <= (since or uow.now) or _used(uow, row.id, day):
            day += dt.timedelta(days=1)
        DueRepository(uow).owe(
            KIND,
            row.member_id,
            row.id,
            at=localize(day, row.morning_at, zone),
            key=_key(row.id, day),
            useful_until=localize(day + dt.timedelta(days=1), dt.time(0), zone),
        )


def _used(uow: "UnitOfWork", person_id: int, day: dt.date) -> bool:
    return uow.connection.execute(USED, {"key": _key(person_id, day)}).first() is not None


def _key(person_id: int, day: dt.date) -> str:
    return f"{KIND}:{person_id}:{day.isoformat()}"
