"""Journeys with the program itself, a rep's morning first: what is said and pressed, and what must have come of it,
whatever died.
"""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from actions.customers import add_customer
from domain.customers import ContactDraft, CustomerDraft
from domain.people import Role
from sandbox import acts
from storage.database import Database
from storage.models import Act, Customer, Member, Reminder, Touch
from tests.faults.conftest import Crowd, Program

REP = 1
CUSTOMER = "张伟"
DONE = "✅ Done"
Step = tuple[Callable[[], object], int, str]  # an act, who hears of it then, and what (a pattern)
PUSH = "⏰ (?!I will)"  # an hour, before it a day when that is not today


def open_office(database: Database, now: dt.datetime, role: Role = Role.REP) -> None:
    """A rep with one customer."""
    with database.transaction(now) as uow:
        uow.act(None, "sample", undo=None)
        found = uow.people.identify(REP, name="P1", username=None, locale="en")
        values = {"person_id": found.person_id, "name": "P1", "role": role, "team_id": None, "active": True}
        uow.journal.add(Member, values | {"created_at": now})
    with database.transaction(now) as uow:
        rep = uow.people.find(REP)
        assert rep is not None
        add_customer(uow, rep, CustomerDraft(CUSTOMER, contacts=(ContactDraft(CUSTOMER),)), now=now)


@dataclass(slots=True)
class Journey(ABC):
    """What is done one after the other. ``word`` is in everything that is said and marks what comes of it."""

    program: Program
    crowd: Crowd
    word: str

    @abstractmethod
    def prepare(self, database: Database) -> None:
        """What must be there before; the program does not run."""

    @abstractmethod
    def steps(self) -> Iterator[Step]:
        """What is done next, and what shows that it was."""

    @abstractmethod
    def check(self, database: Database, *, killed: bool) -> None:
        """Each effect once; each message once, but one that was under way at the kill may be there twice."""

    async def go(self) -> bool:
        """All of it, starting the program again where it died; whether it died."""
        deaths = 0
        for act, who, answer in self.steps():
            act()
            deaths += await self._hear(who, answer)
        return bool(deaths)

    def heard(self, who: int) -> list[str]:
        """What of this journey the bot said to somebody."""
        return [text for text in self.crowd.heard(who) if self.word in text]

    def say(self, who: int, text: str) -> None:
        acts.say(self.crowd.sandbox.world, self.crowd.sandbox.world.chats.people[who], text)

    async def _hear(self, who: int, answer: str) -> bool:
        def is_heard() -> bool:
            return any(re.search(answer, text) for text in self.heard(who))

        await self.crowd.until(is_heard, program=self.program)
        if not self.program.is_dead:
            return False
        await self.program.start()
        await self.crowd.until(is_heard)
        return True


@dataclass(slots=True)
class Morning(Journey):
    """A visit, a reminder that is pushed and done, a new customer."""

    def prepare(self, database: Database) -> None:
        """Nothing more than the office."""

    def steps(self) -> Iterator[Step]:
        yield lambda: self.say(REP, f"/visit {CUSTOMER} talked about {self.word}"), REP, f"talked about {self.word}"
        yield lambda: self.say(REP, f"/remind in 5 minutes send {self.word}"), REP, "⏰ I will remind you"
        yield lambda: self.say(REP, f"/new {self.word} Trading Ltd"), REP, "✅ New customer"
        yield lambda: self.crowd.sandbox.world.clock.move(300), REP, PUSH
        yield lambda: self.crowd.press(REP, self._message(PUSH), DONE), REP, "✅ Done: "

    def _message(self, text: str) -> int:
        entries = self.crowd.sandbox.world.chats.by_id[REP].entries
        return next(n for n in sorted(entries) if self._is_mine(entries[n].raw.get("text", ""), text))

    def _is_mine(self, text: str, wanted: str) -> bool:
        return self.word in text and re.search(wanted, text) is not None

    def check(self, database: Database, *, killed: bool) -> None:
        """The push was edited into its result; a second copy of it stays as it was."""
        with database.reading() as connection:

            def count(of: type, *where: object) -> int:
                found: int = connection.execute(select(func.count()).select_from(of).where(*where)).scalar_one()  # type: ignore[arg-type]
                return found

            assert count(Touch, Touch.note.contains(self.word)) == 1
            assert count(Customer, Customer.name.contains(self.word)) == 1
            assert count(Reminder, Reminder.words.contains(self.word), Reminder.state == "done") == 1
            assert count(Reminder, Reminder.words.contains(self.word)) == 1
            done = select(Act.facts).where(Act.kind == "reminder.done")
            assert [facts["name"] for (facts,) in connection.execute(done)].count(f"send {self.word}") == 1
        copies = Counter(_kind_of(text) for text in self.heard(REP))
        assert set(copies) >= {"visit", "reminder", "customer", "done"}, copies
        assert sum(copies.values()) - 4 <= killed, copies
        assert not self.crowd.sandbox.world.violations


KINDS: tuple[tuple[str, str], ...] = (
    ("visit", "talked about"),
    ("reminder", "I will remind you"),
    ("customer", "New customer"),
    ("done", "✅ Done: "),
    ("push", PUSH),
)


def _kind_of(text: str) -> str:
    return next(kind for kind, words in KINDS if re.search(words, text))
