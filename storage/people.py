"""Persons and the members they may be: who an update comes from."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from domain.bindings import BindingState
from domain.people import Actor, Role
from storage.models import Binding, Guess, Member, Person
from storage.reads import Read
from storage.unreachable import owe_word

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_Away = aliased(Member, name="away")
_ACTOR = select(
    Person.id,
    Person.telegram_id,
    Person.locale,
    Person.zone,
    Person.name,
    Person.username,
    Person.quiet_from,
    Person.quiet_to,
    Person.morning_at,
    Person.reachable,
    Member.id.label("member_id"),
    Member.role,
    Member.team_id,
    Member.name.label("member_name"),
    Person.stopped_at,
    select(Binding.id)
    .where(Binding.person_id == Person.id, Binding.state != BindingState.ENDED)
    .exists()
    .label("bound"),
    select(_Away.id).where(_Away.stand_in_id == Member.id).exists().label("named_as_stand_in"),
).outerjoin(Member, and_(Member.person_id == Person.id, Member.active.is_(True)))
BY_TELEGRAM_ID = Read(_ACTOR.where(Person.telegram_id == bindparam("telegram_id")))
BY_ID = Read(_ACTOR.where(Person.id == bindparam("person_id")))
BY_IDS = _ACTOR.where(Person.id.in_(bindparam("people", expanding=True)))
BY_MEMBER = _ACTOR.where(Member.id == bindparam("member_id"))
ACTIVE_STAFF = _ACTOR.where(Member.active.is_(True), Member.role.in_(bindparam("roles", expanding=True)))
INSERT_PERSON = insert(Person).returning(Person.id)
COUNT_GUESSES = select(func.count()).where(
    Guess.kind == bindparam("kind"), Guess.person_id == bindparam("person_id"), Guess.at > bindparam("since")
)
LAST_GUESSES = (
    select(Guess.at)
    .where(Guess.kind == bindparam("kind"), Guess.person_id == bindparam("person_id"))
    .order_by(Guess.at.desc())
    .limit(bindparam("most"))
)
KEEP_GUESSES = dt.timedelta(days=2)  # the longest count is of a day, wherever the person lives


class PersonRepository:
    """Every account that ever wrote. Not scoped: it is what scopes are made from."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def identify(self, telegram_id: int, *, name: str, username: str | None, locale: str) -> Actor:
        """The actor behind a Telegram id; a first sight makes the person's row, in ``locale`` as a first guess."""
        row = BY_TELEGRAM_ID.one_or_none(self._uow.connection, telegram_id=telegram_id)
        if row is None:
            values = {
                "telegram_id": telegram_id,
                "name": name,
                "username": username,
                "locale": locale,
                "quiet_from": dt.time(22),
                "quiet_to": dt.time(8),
                "morning_at": dt.time(8, 30),
                "created_at": self._uow.now,
                "reachable": True,
            }
            self._run(INSERT_PERSON, values)
            row = BY_TELEGRAM_ID.one(self._uow.connection, telegram_id=telegram_id)
        elif (name and row.name != name) or row.username != username:
            self._run(update(Person).where(Person.id == row.id).values(name=name or row.name, username=username))
        return self._actor(row)

    def find(self, telegram_id: int) -> Actor | None:
        """The actor behind a Telegram id that was seen before."""
        row = BY_TELEGRAM_ID.one_or_none(self._uow.connection, telegram_id=telegram_id)
        return self._actor(row) if row else None

    def actor(self, person_id: int) -> Actor:
        """The actor of a person's row, with the rights of this moment."""
        return self._actor(BY_ID.one(self._uow.connection, person_id=person_id))

    def actors(self, people: Collection[int]) -> dict[int, Actor]:
        """The actors of many persons' rows, by these."""
        return {row.id: self._actor(row) for row in self._run(BY_IDS, {"people": list(people)})}

    def program(self) -> Actor:
        """Whoever sits at the server's command line: no person and no member, with an admin's rights."""
        organisation = self._uow.organisation()
        return Actor(0, 0, organisation.locale, organisation.zone, role=Role.ADMIN)

    def of_member(self, member_id: int) -> Actor | None:
        """The actor of an active member, else ``None``."""
        row = self._run(BY_MEMBER, {"member_id": member_id}).one_or_none()
        return self._actor(row) if row else None

    def staff(self, roles: frozenset[Role] = frozenset(Role)) -> list[Actor]:
        """All active members with one of ``roles``."""
        rows = self._run(ACTIVE_STAFF.order_by(Member.id), {"roles": [str(r) for r in roles]})
        return [self._actor(row) for row in rows]

    def save(self, person_id: int, **values: Any) -> None:
        """Change a person's own settings (locale, zone, quiet hours, hour of the day), in the open act."""
        self._uow.journal.change(Person, person_id, values)

    def set_reachable(self, person_id: int, *, reachable: bool) -> None:
        """Note that the person blocked the bot, deleted the account, or came back."""
        since = None if reachable else self._uow.now
        self._run(update(Person).where(Person.id == person_id).values(reachable=reachable, unreachable_since=since))
        if not reachable:
            owe_word(self._uow, person_id)

    def count_guesses(self, person_id: int, kind: str, *, since: dt.datetime) -> int:
        """How often this person guessed wrong since ``since``."""
        found: int = self._run(COUNT_GUESSES, {"person_id": person_id, "kind": kind, "since": since}).scalar_one()
        return found

    def last_guesses(self, person_id: int, kind: str, *, most: int) -> list[dt.datetime]:
        """Moments of this person's latest wrong guesses, newest first."""
        return list(self._run(LAST_GUESSES, {"person_id": person_id, "kind": kind, "most": most}).scalars())

    def note_guess(self, person_id: int, kind: str) -> None:
        """Count one wrong guess."""
        self._run(insert(Guess), {"person_id": person_id, "kind": kind, "at": self._uow.now})

    def forget_guesses(self) -> int:
        """Delete what is too old to slow anybody down."""
        gone: int = self._run(delete(Guess).where(Guess.at < self._uow.now - KEEP_GUESSES)).rowcount
        return gone

    def _actor(self, row: Any) -> Actor:
        return Actor(
            person_id=row.id,
            telegram_id=row.telegram_id,
            locale=row.locale,
            zone=ZoneInfo(row.zone) if row.zone else self._uow.organisation().zone,
            name=row.member_name or row.name,
            member_id=row.member_id,
            role=Role(row.role) if row.role else None,
            team_id=row.team_id,
            quiet_from=row.quiet_from,
            quiet_to=row.quiet_to,
            morning_at=row.morning_at,
            reachable=row.reachable,
            bound=bool(row.bound),
            stopped=row.stopped_at is not None,
            named_as_stand_in=bool(row.named_as_stand_in),
        )
