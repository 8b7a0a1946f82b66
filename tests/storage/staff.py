"""Staff for storage tests: joining people, putting them into teams, and acting as them in units of their own."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from actions.history import undo
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft
from domain.history import ActLine
from domain.people import Actor, Role
from storage.database import Database
from storage.models import Customer, Member, Team
from storage.uow import UnitOfWork

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)  # a Wednesday, 10:00 in Shanghai
T = TypeVar("T")


class Company:
    """People by name, and a way to act in units of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.people: dict[str, int] = {}
        self.members: dict[str, int] = {}
        self.teams: dict[str, int] = {}

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """One committed unit; the clock goes on by a second."""
        self.now += dt.timedelta(seconds=1)
        with self.database.transaction(self.now) as uow:
            return work(uow)

    def join(self, name: str, role: Role | None, team: str | None = None) -> None:
        """Somebody new; without a role a stranger."""

        def work(uow: UnitOfWork) -> None:
            number = 20_000 + len(name) * 100 + sum(map(ord, name))
            actor = uow.people.identify(number, name=name, username=None, locale="zh_Hans")
            self.people[name] = actor.person_id
            if role is not None:
                uow.act(None, "sample", undo=None)
                values = {"person_id": actor.person_id, "name": name, "role": role, "created_at": self.now}
                values |= {"team_id": self.teams[team] if team else None, "active": True}
                self.members[name] = uow.journal.add(Member, values)

        self.run(work)

    def team(self, name: str, parent: str | None = None) -> None:
        def work(uow: UnitOfWork) -> None:
            uow.act(None, "sample", undo=None)
            values = {"name": name, "parent_id": self.teams[parent] if parent else None, "lead_id": None}
            self.teams[name] = uow.journal.add(Team, values)

        self.run(work)

    def lead(self, team: str, name: str) -> None:
        def work(uow: UnitOfWork) -> None:
            uow.act(None, "sample", undo=None)
            uow.journal.change(Team, self.teams[team], {"lead_id": self.members[name]})

        self.run(work)

    def actor(self, uow: UnitOfWork, name: str) -> Actor:
        """Somebody with the rights of this moment."""
        return uow.people.actor(self.people[name])

    def as_(self, name: str, work: Callable[[UnitOfWork, Actor], T]) -> T:
        """One unit of somebody."""
        return self.run(lambda uow: work(uow, self.actor(uow, name)))

    def customer(self, name: str, owner: str | None) -> int:
        """A customer, owned or in the pool."""

        def work(uow: UnitOfWork) -> int:
            uow.act(None, "sample", undo=None)
            owner_id = self.members[owner] if owner else None
            return uow.customers(self.actor(uow, "周芳")).add(CustomerDraft(name, owner_id=owner_id))

        return self.run(work)

    def filed(self, owner: str | None = "王娜") -> int:
        """张伟, with a phone and a tag."""

        def work(uow: UnitOfWork) -> int:
            uow.act(None, "sample", undo=None)
            contact = ContactDraft("张伟", channels=(Channel(ChannelKind.PHONE, "13800138000", "+8613800138000"),))
            owner_id = self.members[owner] if owner else None
            draft = CustomerDraft("张伟", contacts=(contact,), tags=("大客户",), owner_id=owner_id)
            return uow.customers(self.actor(uow, "周芳")).add(draft)

        return self.run(work)

    def changed(self, customer_id: int, by: str = "王娜", **values: object) -> int:
        """The act of somebody who changes columns of a customer."""

        def work(uow: UnitOfWork, actor: Actor) -> int:
            act_id = uow.act(actor, "customer.changed", customer_id=customer_id)
            uow.journal.change(Customer, customer_id, values)
            return act_id

        return self.as_(by, work)

    def undone(self, act_id: int, by: str = "王娜") -> ActLine:
        """An act taken back by somebody."""
        return self.as_(by, lambda uow, actor: undo(uow, actor, act_id, now=uow.now))
