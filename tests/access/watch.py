"""People who try things, and a watch over every call that leaves the bot: to whom it goes and what it says."""

import asyncio
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app import App
from bot.signing import Signer, button_keys
from domain.errors import NotAllowed, NotFound, Taken
from sandbox import acts
from sandbox.files import Upload
from sandbox.people import Person as Account
from sandbox.server import Sandbox
from sandbox.world import Call, Press
from tests.access.counted import sizes
from tests.access.house import TELEGRAM, House, Kind, Who, member_name
from tests.access.sights import belongs, secrets_from
from views import errors
from views.language import Translator
from views.replies import Payload

PATIENCE = 30.0  # seconds; only a failing test waits that long
NAMES = {number: who for who, number in TELEGRAM.items()}


@dataclass(frozen=True, slots=True)
class Heard:
    """One call as its recipient meets it; ``words`` are all of its parameters."""

    to: int
    method: str
    words: str
    alert: bool = False
    text: str = ""

    @property
    def says_something(self) -> bool:
        return self.method.startswith(("send", "edit")) or bool(self.text)


@dataclass(slots=True)
class Watch:
    """Acts as anybody, waits until the bot has nothing left to do, and gives what everybody heard meanwhile."""

    sandbox: Sandbox
    bot: App
    house: House
    every: list[Heard] = field(default_factory=list)
    cells: set[tuple[str, Who, str]] = field(default_factory=set)  # executed: channel, reader, object and action
    leaks: list[str] = field(default_factory=list)  # what somebody was sent that is not theirs to see
    _given: tuple[frozenset[Who], Kind] | None = None  # who has just been given a record
    _typed: dict[Who, str] = field(default_factory=lambda: defaultdict(str))  # what they know because they wrote it
    _presses: dict[str, int] = field(default_factory=dict)
    _signer: Signer | None = None
    _screens: dict[int, int] = field(default_factory=dict)
    _refusals: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        with self.house.database.transaction(self.house.now) as uow:
            self._signer = Signer(button_keys(uow))
            t = Translator("zh_Hans", uow.organisation().zone)
        taken = (Taken("customer", member_name(who)) for who in Who)
        refusals = {errors.refused(t, one).text for one in (NotFound("", 0), NotAllowed(""), *taken)}
        hellos = {errors.stranger(t, None, open_door=door).text for door in (True, False)}
        self._refusals = frozenset({*refusals, *hellos, errors.stale(t).toast or ""})

    def account(self, who: Who) -> Account:
        return self.sandbox.world.chats.people[TELEGRAM[who]]

    def note(self, channel: str, who: Who, *what: object) -> str:
        """Write down a cell as executed; its name, for whoever looks into a failure."""
        cell = (channel, who, " · ".join(map(str, what)))
        assert cell not in self.cells, f"twice: {cell}"
        self.cells.add(cell)
        return f"{who}: {cell[2]} by {channel}"

    def complete(self, channel: str) -> None:
        """All cells of a channel were executed, nothing leaked, and no request was wrong."""
        assert sum(cell[0] == channel for cell in self.cells) == sizes()[channel]
        assert self.leaks == []
        assert self.sandbox.world.violations == []

    # What people do ------------------------------------------------------------------------------------------------

    async def greet(self) -> None:
        """Everybody says /start, so that everybody has a message of the bot to press on."""
        for who in Who:
            acts.start(self.sandbox.world, self.account(who))
        await self.settle()
        for who in Who:
            entries = self.sandbox.world.chats.by_id[TELEGRAM[who]].entries
            self._screens[TELEGRAM[who]] = max((n for n in entries if entries[n].by_bot), default=max(entries))

    async def say(self, who: Who, text: str) -> list[Heard]:
        self._typed[who] += f"{text}\n"
        return await self._after(lambda: acts.say(self.sandbox.world, self.account(who), text))

    async def share(self, who: Who, name: str, text: str) -> list[Heard]:
        """Send a list, and wait until it was read."""
        self._typed[who] += f"{text}\n"
        upload = Upload(name, "text/csv", text.encode())
        return await self._after(lambda: acts.share_file(self.sandbox.world, self.account(who), "document", upload))

    def ask(self, who: Who, step: str, facts: Mapping[str, Any]) -> None:
        """Let a dialog be open, as if the bot had asked it when the rights were others."""
        with self.house.database.transaction(self.house.now) as uow:
            uow.dialogs.open(TELEGRAM[who], self.house.persons[who], step, facts)

    def hush(self, who: Who) -> None:
        """Let no dialog be open."""
        with self.house.database.transaction(self.house.now) as uow:
            uow.dialogs.close(TELEGRAM[who], self.house.persons[who])

    async def send(self, who: Who, content: dict[str, Any]) -> list[Heard]:
        """Any content: a contact, a place, a caption …"""
        return await self._after(lambda: acts.send(self.sandbox.world, self.account(who), content))

    async def edit(self, who: Who, message_id: int, text: str) -> list[Heard]:
        return await self._after(lambda: acts.edit(self.sandbox.world, self.account(who), message_id, text))

    async def press(self, who: Who, payload: Payload) -> list[Heard]:
        """Press a button as if the bot itself had made it for this person, long ago and with other rights."""
        return await self.press_data(who, self.signed(who, payload))

    async def press_data(self, who: Who, data: str) -> list[Heard]:
        """Press with any data at all, as a modified client can."""
        return (await self.press_at_once({who: data}))[who]

    async def press_at_once(self, data: Mapping[Who, str]) -> dict[Who, list[Heard]]:
        """Several people press at the same time; what each of them heard."""
        opened = [self.tap(who, one) for who, one in data.items()]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(asyncio.shield(one.answer) for one in opened))
        heard = await self.settle()
        return {who: [one for one in heard if one.to == TELEGRAM[who]] for who in data}

    def tap(self, who: Who, data: str) -> Press:
        """Press without waiting."""
        opened = acts.press(self.sandbox.world, self.account(who), self._screens[TELEGRAM[who]], data)
        self.expect(opened.id, who)
        return opened

    def expect(self, callback_id: str, who: Who) -> None:
        """An answer to this press is for somebody."""
        self.expect_of(callback_id, TELEGRAM[who])

    def expect_of(self, callback_id: str, telegram_id: int) -> None:
        self._presses[callback_id] = telegram_id

    def signed(self, who: Who, payload: Payload) -> str:
        assert self._signer is not None
        return self._signer.sign(payload, person_id=self.house.persons[who], chat_id=TELEGRAM[who])

    async def moved_to(self, words: str) -> list[Heard]:
        """Move the clock and let everything fire that was owed in between."""

        def move() -> None:
            self.sandbox.world.clock.move_to(words, zone="Asia/Shanghai")
            self.bot.ticks.wake()

        return await self._after(move)

    # What they hear ------------------------------------------------------------------------------------------------

    async def settle(self) -> list[Heard]:
        """What was said until the bot came to rest."""
        async with asyncio.timeout(PATIENCE):
            await self.sandbox.idle()
            await self.bot.idle()
            await self.sandbox.idle()
        calls = self.sandbox.world.calls
        heard = [one for _ in range(len(calls)) for one in self._heard(calls.popleft())]
        self.every += heard
        self.leaks += [leak for one in heard if (leak := self._leak(one)) is not None]
        return heard

    @contextmanager
    def given(self, people: frozenset[Who], kind: Kind) -> Iterator[None]:
        """Meanwhile these people may see records of a kind, because one was given to them."""
        self._given = people, kind
        try:
            yield
        finally:
            self._given = None

    async def _after(self, act: Callable[[], Any]) -> list[Heard]:
        act()
        return await self.settle()

    def _heard(self, call: Call) -> Iterator[Heard]:
        words = json.dumps(_opened(call.params), ensure_ascii=False, default=str)
        if call.method == "answerCallbackQuery":
            to = self._presses.get(str(call.params["callback_query_id"]), 0)  # a malformed press is nobody's
            alert = str(call.params.get("show_alert", "")).lower() == "true"
            yield Heard(to, call.method, words, alert, str(call.params.get("text", "")))
        elif "chat_id" in call.params:
            words += self._document(call.result)
            yield Heard(int(call.params["chat_id"]), call.method, words, text=str(call.params.get("text", "")))

    def _document(self, message: Any) -> str:
        """Everything that can be read in the file of a message that was sent."""
        if not isinstance(message, dict) or "document" not in message:
            return ""
        body = self.sandbox.world.files.by_id[message["document"]["file_id"]].body
        if not zipfile.is_zipfile(io.BytesIO(body)):
            return body.decode("utf-8", "replace")
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            return "".join(sheet.read(name).decode("utf-8", "replace") for name in sheet.namelist())

    def _leak(self, heard: Heard) -> str | None:
        """What of a call is not for its reader. Who was faster at a claim is named, and who has a customer now."""
        who = NAMES.get(heard.to)
        if who is None:
            return None
        names_colleague = "抢先" in heard.text or "转给" in heard.text
        for hit in secrets_from(who).finditer(heard.words):
            if names_colleague and hit[0].startswith("Qzmember"):
                continue
            if hit[0] in self._typed[who]:
                continue
            if self._given is None or who not in self._given[0] or not belongs(hit[0], self._given[1]):
                return f"{who} reads {hit[0]} in {heard.method}: {heard.words[:300]}"
        return None

    def refused(self, heard: list[Heard], who: Who) -> bool:
        """Whether somebody was told no, or nothing at all."""
        own = [one for one in heard if one.to == TELEGRAM[who] and one.says_something]
        return all(one.text in self._refusals for one in own)


def _opened(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters with nested JSON read, so that no escape hides a word."""
    return {key: _json(value) for key, value in params.items() if key != "callback_query_id"}  # digits by chance


def _json(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
