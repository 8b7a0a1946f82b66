"""Many people at once, updates told twice or in another order, presses sent again, and programs that die in between.

``KEYUAN_TEST_UPDATES`` says how many updates a long storm has.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from sandbox.people import Person
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Act, Outbox
from storage.outbox import SendState
from tests.faults.conftest import Crowd, Program
from tests.faults.echo import effects

UPDATES = int(os.environ.get("KEYUAN_TEST_UPDATES", "10000"))
PEOPLE = tuple(Person(number, f"P{number}", language_code="en") for number in range(1, 41))
SHARE = 0.05  # of the updates are told twice, as many come in another order, as many are presses, each sent twice
IN_FLIGHT = 64  # sends at once, each of which a fault may double
MOST_WAITING = 300  # updates, before more are made: a press that waits for 150 s is never delivered
PATIENCE = 300.0
LOOK_EVERY = 0.1
LATE = {"done", "Already done."}  # comes as a message where the press that it answers has waited for a second


@dataclass(slots=True)
class Storm:
    """A crowd that does not wait for answers. ``made`` counts updates, ``faults`` what was done to the program."""

    sandbox: Sandbox
    crowd: Crowd
    dice: random.Random
    made: int = 0
    faults: int = 0
    pressed: set[tuple[int, str]] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    async def rage(self, *, updates: int, faults: int, strike: Callable[[], Awaitable[None]]) -> None:
        """Make updates, and let the program meet a fault now and then."""
        size = max(1, updates // faults)
        while self.made < updates:
            self._wave(size)
            await self._sent_more(self.dice.randint(1, size))
            await strike()
            self.faults += 1
            await self._until(lambda: len(self.sandbox.world.updates.waiting) < MOST_WAITING)

    async def over(self, program: Program) -> None:
        """Until everything is taken, done and sent."""
        await self._until(lambda: not self.sandbox.world.updates.waiting)
        await program.at_rest(within=PATIENCE)

    async def goes_on(self) -> None:
        """Until the bot has sent something more, if anything is left to be answered."""
        await self._sent_more(IN_FLIGHT)

    async def _sent_more(self, number: int) -> None:
        """Until the bot has sent so many answers, or has all updates."""
        target = self._sent() + number
        await self._until(lambda: self._sent() >= target or not self.sandbox.world.updates.waiting)

    def _sent(self) -> int:
        return self.sandbox.world.chats.next_message_id

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(LOOK_EVERY)

    def _wave(self, size: int) -> None:
        end = self.made + size
        while self.made < end:
            person = self.dice.choice(PEOPLE).id
            if self._chance() and self._press(person):
                continue
            number = self.crowd.say(person, f"{self.made}")
            self.made += 1
            if self._chance():
                self.sandbox.world.updates.resend(number, new_id=False)
                self.made += 1
            if self._chance():
                self._swap()

    def _chance(self) -> bool:
        return self.dice.random() < SHARE

    def _press(self, person: int) -> bool:
        """Tap an answer, once, and let the client send the tap again under another number."""
        entries = self.sandbox.world.chats.by_id[person].entries
        texts = {number: str(entries[number].raw.get("text")) for number in entries if entries[number].by_bot}
        fresh = {n: t for n, t in texts.items() if t.startswith("noted ") and (person, t) not in self.pressed}
        if not fresh:
            return False
        number = max(fresh)
        self.crowd.press(person, number, "again")
        self.pressed.add((person, fresh[number]))
        self.sandbox.world.updates.resend(self.sandbox.world.updates.next_id - 1, new_id=True)
        self.made += 2
        return True

    def _swap(self) -> None:
        """The newest two come in the other order, unless they are of one chat."""
        waiting = self.sandbox.world.updates.waiting
        if len(waiting) > 1 and waiting[-1].lane != waiting[-2].lane:
            waiting[-1], waiting[-2] = waiting[-2], waiting[-1]
            waiting[-1].again = True  # a poll that confirms the other one does not confirm it

    def check(self, database: Database) -> str:
        """Every effect once and in order, every answer there, extra copies only of what was under way; the figures."""
        noted = effects(database)
        for person, said in self.crowd.said.items():
            assert noted.get(person, []) == said, _differing(person, noted.get(person, []), said)
        again = [text for texts in effects(database, "again").values() for text in texts]
        assert len(again) == len(set(again)) == len(self.pressed)
        copies = self._copies(database)
        said_by = {(person, text) for person, said in self.crowd.said.items() for text in said}
        assert set(copies) == said_by, f"unasked {set(copies) - said_by}, unanswered {said_by - set(copies)}"
        for person, said in self.crowd.said.items():  # a dict counts in the order of the first copies
            heard = [text for whose, text in copies if whose == person]
            assert heard == said, _differing(person, heard, said)
        extra = sum(copies.values()) - len(copies)
        assert extra <= IN_FLIGHT * self.faults
        assert max(copies.values()) <= 1 + self.faults
        with database.reading() as connection:
            ends = select(Outbox.state, func.count()).group_by(Outbox.state)
            assert {state for state, _ in connection.execute(ends)} == {SendState.SENT}
        assert not self.sandbox.world.violations
        return (
            f"{self.made} updates, {self.faults} faults: none of {len(copies)} texts and {len(again)} presses lost or"
            f" doubled, {extra} extra copies, at most {max(copies.values())} of one, {time.monotonic() - self.began:.0f} s"
        )

    def _copies(self, database: Database) -> Counter[tuple[int, str]]:
        """How often each text was answered; a press turned the answer into the number of its act.

        The answer of a press that comes late is left out, from those who pressed only.
        """
        with database.reading() as connection:
            acts = connection.execute(select(Act.id, Act.facts).where(Act.kind == "echo"))
            texts = {f"again {number}": facts["text"] for number, facts in acts}
        pressing = {person for person, _ in self.pressed}
        return Counter(
            (person, texts.get(heard) or heard.removeprefix("noted "))
            for person in self.crowd.said
            for heard in self.crowd.heard(person)
            if not (heard in LATE and person in pressing)
        )


def _differing(person: int, found: list[str], said: list[str]) -> str:
    """What is missing, twice or too early, in a line."""
    twice = sorted({text for text in found if found.count(text) > 1})
    missing = [text for text in said if text not in found]
    first = next((place for place, pair in enumerate(zip(found, said, strict=False)) if pair[0] != pair[1]), 0)
    around = slice(max(0, first - 2), first + 6)
    return f"{person}: missing {missing}, twice {twice}; {found[around]} instead of {said[around]}"
