"""A morning of one rep with the program itself: what is said and pressed, and what must have come of it, whatever died."""

import datetime as dt
import re
from collections import Counter
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
class Journey:
    """One morning. ``word`` is in everything that is said and marks what comes of it."""

    program: Program
    crowd: Crowd
    word: str

    async def go(self) -> bool:
        """All of it, starting the program again where it died; whether it died."""
        deaths = 0
        for act, answer in (
            (lambda: self._say(f"/visit {CUSTOMER} talked about {self.word}"), f"talked about {self.word}"),
            (lambda: self._say(f"/remind in 5 minutes send {self.word}"), "⏰ I will remind you"),
            (lambda: self._say(f"/new {self.word} Trading Ltd"), "✅ New customer"),
            (lambda: self.crowd.sandbox.world.clock.move(300), PUSH),
            (lambda: self.crowd.press(REP, self._message(PUSH), DONE), "✅ Done: "),
        ):
            act()
            deaths += await self._hear(answer)
        return bool(deaths)

    def _say(self, text: str) -> None:
        acts.say(self.crowd.sandbox.world, self.crowd.sandbox.world.chats.people[REP], text)

    def heard(self) -> list[str]:
        return [text for text in self.crowd.heard(REP) if self.word in text]

    async def _hear(self, answer: str) -> bool:
        def is_heard() -> bool:
            return any(re.search(answer, text) for text in self.heard())

        await self.crowd.until(is_heard, program=self.program)
        if not self.program.is_dead:
            return False
        await self.program.start()
        await self.crowd.until(is_heard)
        return True

    def _message(self, text: str) -> int:
        entries = self.crowd.sandbox.world.chats.by_id[REP].entries
        return next(n for n in sorted(entries) if self._is_mine(entries[n].raw.get("text", ""), text))

    def _is_mine(self, text: str, wanted: str) -> bool:
        return self.word in text and re.search(wanted, text) is not None

    def check(self, database: Database, *, killed: bool) -> None:
        """Each effect once; each message once, but one that was under way at the kill may be there twice.

        The push was edited into its result; a second copy of it stays as it was.
        """
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
        copies = Counter(_kind_of(text) for text in self.heard())
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
