"""What customers agreed to and asked for, and how much they were written to unasked."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.consents import TEXT_VERSION, Purpose, Topic, Wishes
from storage.models import Consent, Nudge, Person

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LATEST = select(Consent.purpose, Consent.granted).where(Consent.person_id == bindparam("person")).order_by(Consent.id)
_OF_CONTACT = (
    select(Consent.purpose, Consent.granted).where(Consent.contact_id == bindparam("contact")).order_by(Consent.id)
)
_ASKED = select(Person.stopped_at, Person.paused_until, Person.topics_off).where(Person.id == bindparam("person"))
_NUDGES = select(Nudge.day, Nudge.count, Nudge.last_at).where(Nudge.person_id == bindparam("person"))
_COUNT = {
    name: (made := dialect.insert(Nudge)).on_conflict_do_update(
        index_elements=["person_id"],
        set_={"day": made.excluded.day, "count": made.excluded.count, "last_at": made.excluded.last_at},
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # so long ago that nothing rests any more


class ConsentRepository:
    """Decisions are appended, never changed. Not scoped: it is what decides whether somebody is written to."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def of(self, person_id: int) -> Wishes:
        """What a person agreed to and asked for, as it stands."""
        decided = {row.purpose: row.granted for row in self._run(_LATEST, {"person": person_id})}
        asked = self._run(_ASKED, {"person": person_id}).one()
        return Wishes(
            granted=frozenset(Purpose(purpose) for purpose, granted in decided.items() if granted),
            off=frozenset(Topic(topic) for topic in asked.topics_off),
            paused_until=asked.paused_until,
            stopped=asked.stopped_at is not None,
        )

    def of_contact(self, contact_id: int) -> dict[Purpose, bool]:
        """What was decided for a contact, wherever: in the chat, on the page or by word to staff."""
        return {Purpose(row.purpose): row.granted for row in self._run(_OF_CONTACT, {"contact": contact_id})}

    def decide(
        self,
        purpose: Purpose,
        *,
        granted: bool,
        person_id: int | None,
        contact_id: int | None,
        locale: str,
        channel: str,
        link_id: int | None = None,
    ) -> None:
        """Keep a decision with the version of the text it was made on, in the open act."""
        self._uow.journal.add(
            Consent,
            {
                "person_id": person_id,
                "contact_id": contact_id,
                "purpose": purpose,
                "granted": granted,
                "text_version": TEXT_VERSION,
                "locale": locale,
                "channel": channel,
                "link_id": link_id,
                "at": self._uow.now,
            },
        )

    def nudged(self, person_id: int, *, today: dt.date) -> int:
        """How many unasked messages a person got on the own day."""
        row = self._run(_NUDGES, {"person": person_id}).one_or_none()
        return row.count if row and row.day == today else 0

    def last_nudge(self, person_id: int) -> dt.datetime | None:
        """When the last unasked message of any kind went to a person."""
        row = self._run(_NUDGES, {"person": person_id}).one_or_none()
        return row.last_at if row else None

    def count_nudge(self, person_id: int, *, today: dt.date, rests: bool = True) -> None:
        """One more unasked message on that day; without ``rests`` surveys need not wait after it."""
        row = {"person_id": person_id, "day": today, "count": self.nudged(person_id, today=today) + 1}
        last = self._uow.now if rests else self.last_nudge(person_id) or NEVER
        self._run(_COUNT[self._uow.connection.dialect.name], row | {"last_at": last})
