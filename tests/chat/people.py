"""People for tests of a bot: they say, press and share in the sandbox, and wait for what the bot does about it.

Nothing here knows the bot. Waiting means waiting for a change in the chat, never for time to pass; who waits longer
than ``patience`` seconds fails with the whole conversation.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sandbox import acts
from sandbox.chats import Chat, Entry
from sandbox.files import Upload
from sandbox.server import Sandbox
from sandbox.shown import message_view
from sandbox.world import Press

What = str | type | Callable[[str], bool]
AFTERTHOUGHT = 0.25  # seconds in which a change may follow a tap that was already answered with words


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    kind: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bot as it stood when the test got it; ``Person.latest`` tells how it stands now."""

    id: int
    text: str
    html: str
    rows: tuple[tuple[Button, ...], ...]
    silent: bool
    edited: bool
    removed: bool
    view: dict[str, Any] = field(repr=False)
    document: bytes = field(repr=False, default=b"")

    @property
    def buttons(self) -> list[str]:
        """Labels, row by row."""
        return [button.label for row in self.rows for button in row]

    @property
    def data(self) -> list[str]:
        return [button.data for row in self.rows for button in row if button.kind == "callback"]

    @property
    def file_name(self) -> str:
        return str(next((self.view[kind]["name"] for kind in ("document", "photo") if kind in self.view), ""))

    @property
    def protected(self) -> bool:
        """Whether it can be neither forwarded nor saved."""
        return bool(self.view.get("protected"))

    @property
    def reply_to(self) -> int | None:
        return self.view.get("reply_to")

    @property
    def keyboard(self) -> list[str]:
        """Labels of the reply keyboard that is open below the chat."""
        return [button["text"] for row in self.view.get("keyboard") or [] for button in row]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap was answered with when nothing changed in the chat: a line that fades, or an alert."""

    text: str
    show_alert: bool
    url: str = ""


class Person:
    """Somebody in the sandbox.

    ``settled`` waits until the bot has nothing left to do; with it, ``say`` and ``press`` see everything that an act
    has caused, and ``quiet`` is exact. Without it they return at the first change, and ``quiet`` trusts that a bot
    which has taken its updates and has no call under way is done.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        person_id: int,
        *,
        settled: Callable[[], Awaitable[None]] | None = None,
        patience: float = 5.0,
    ) -> None:
        self.sandbox = sandbox
        self.id = person_id
        self.answer: Answer | None = None
        self._settled = settled
        self._patience = patience
        self._seen = self._chat.version

    @property
    def _who(self) -> Any:
        return self.sandbox.world.chats.people[self.id]

    @property
    def _chat(self) -> Chat:
        return self.sandbox.world.chats.by_id[self.id]

    # acts that wait for the bot

    async def start(self, payload: str = "") -> Message:
        return await self._after(lambda: acts.start(self.sandbox.world, self._who, payload))

    async def say(self, text: str, *, reply_to: Message | int | None = None, date: int | None = None) -> Message:
        """Write, and get what the bot says to it: its last new message, or else the one that it edited."""
        return await self._after(lambda: self.write(text, reply_to=reply_to, date=date))

    async def edit(self, message_id: int, text: str) -> Message:
        return await self._after(lambda: acts.edit(self.sandbox.world, self._who, message_id, text))

    async def press(self, message: Message, what: What = "", *, data_startswith: str = "") -> Message | Answer:
        """Tap the button with a label, of a payload type (by its ``TAG``), or whose data passes a test.

        Returns the new or edited message; an ``Answer`` when the chat stays as it is. What the tap itself was answered
        with is in ``self.answer`` either way.
        """
        button = self._button(self.latest(message), what, data_startswith)
        return await self.press_data(message.id, button.data)

    async def follow(self, message: Message, what: What = "", *, data_startswith: str = "") -> Message:
        """Press a button that leads to a screen, and take that."""
        found = await self.press(message, what, data_startswith=data_startswith)
        if not isinstance(found, Message):
            self._fail(f"a screen was expected, and these words came: {found.text!r}")
        return found

    async def press_data(self, message_id: int, data: str) -> Message | Answer:
        """Tap with any data at all, as a modified client can."""
        before = self._chat.version
        opened = acts.press(self.sandbox.world, self._who, message_id, data)
        given = await self._wait_answer(opened)
        self.answer = Answer(given.get("text", ""), given.get("show_alert", False), given.get("url", ""))
        changed = await self._changed_or_done(before, says_something=bool(self.answer.text))
        return self.answer if changed is None else changed

    async def share(self, kind: str, body: bytes = b"", *, name: str = "", caption: str = "", **more: Any) -> Message:
        """Send a photo, document, voice, video or audio file."""
        return await self._after(lambda: self.send_file(kind, body, name=name, caption=caption, **more))

    async def share_contact(self, contact: dict[str, Any] | None = None, *, reply_to: int | None = None) -> Message:
        """The own number by default, anybody's otherwise."""
        content = {"contact": acts.own_contact(self._who) if contact is None else contact}
        return await self._after(lambda: acts.send(self.sandbox.world, self._who, content, reply_to=reply_to))

    async def share_location(self, latitude: float, longitude: float) -> Message:
        content = {"location": {"latitude": latitude, "longitude": longitude}}
        return await self._after(lambda: acts.send(self.sandbox.world, self._who, content))

    async def forward(self, text: str, *, origin: Any = True) -> Message:
        """Forward a text of somebody: a person's id, a name, or ``{"from": …, "date": …}``."""
        content = {"text": text} | acts.forwarded(self.sandbox.world, origin)
        return await self._after(lambda: acts.send(self.sandbox.world, self._who, content))

    async def expect_push(self) -> Message:
        """The next message that nobody here asked for."""
        pushed = await self._wait(self._new_since, self._seen, "the bot pushes nothing")
        self._seen = pushed.version
        return self._read(pushed)

    async def quiet(self) -> None:
        """Fail when the bot has said anything since the last act or push that was looked at."""
        await self._rest()
        if (said := self._changes(self._seen)) is not None:
            self._fail(f"the bot should be quiet, but said: {said.raw.get('text', said.raw)}")

    # acts that do not wait

    def write(self, text: str, *, reply_to: Message | int | None = None, date: int | None = None) -> int:
        """Write without waiting for anything; the number of the message."""
        number = reply_to.id if isinstance(reply_to, Message) else reply_to
        message = acts.say(self.sandbox.world, self._who, text, reply_to=number, date=date)
        return int(message["message_id"])

    def send_file(self, kind: str, body: bytes, *, name: str = "", caption: str = "", **more: Any) -> int:
        upload = Upload(name or f"{kind}.bin", more.pop("mime", ""), body)
        message = acts.share_file(self.sandbox.world, self._who, kind, upload, caption=caption, **more)
        return int(message["message_id"])

    def tap(self, message: Message, what: What = "", *, data_startswith: str = "") -> Press:
        """Tap without waiting."""
        button = self._button(self.latest(message), what, data_startswith)
        return acts.press(self.sandbox.world, self._who, message.id, button.data)

    def block(self) -> None:
        acts.block(self.sandbox.world, self._who)

    def unblock(self) -> None:
        acts.unblock(self.sandbox.world, self._who)

    # what can be seen

    @property
    def messages(self) -> list[Message]:
        """Everything in the chat that still exists, of both sides, oldest first."""
        return [self._read(entry) for entry in self._entries() if not entry.removed]

    @property
    def last(self) -> Message:
        """The bot's newest message."""
        said = [entry for entry in self._entries() if entry.by_bot and not entry.removed]
        if not said:
            self._fail("the bot has said nothing")
        return self._read(said[-1])

    @property
    def menu(self) -> list[str]:
        return [command["command"] for command in self.sandbox.world.profile.menu_of(self._who)]

    def latest(self, message: Message) -> Message:
        """How a message stands now."""
        return self._read(self._chat.entries[message.id])

    def transcript(self) -> str:
        lines = []
        for message in self.messages:
            who = {"bot": "bot", "me": self._who.full_name}.get(message.view["from"], message.view["name"])
            kinds = [kind for kind in ("photo", "document", "voice", "contact", "location") if kind in message.view]
            rows = [" ".join(f"[{button.label}]" for button in row) for row in message.rows]
            lines.append("\n    ".join([f"{who}: {' '.join([*kinds, message.text])}", *rows]))
        return "\n".join(lines)

    # waiting

    async def _after(self, act: Callable[[], Any]) -> Message:
        """Act, then wait for the bot's new message or edit; with ``settled``, for all of them."""
        before = self._chat.version
        act()
        own = self._chat.version
        changed = await self._wait(self._changes, max(before, own), "the bot does not answer")
        if self._settled is not None:
            await self._rest()
            changed = self._changes(own) or changed
        self._seen = self._chat.version if self._settled is not None else changed.version
        return self._read(changed)

    async def _wait_answer(self, opened: Press) -> dict[str, Any]:
        try:
            return await asyncio.wait_for(asyncio.shield(opened.answer), self._patience)
        except TimeoutError:
            self._fail("the tap was not answered")

    async def _changed_or_done(self, before: int, *, says_something: bool) -> Message | None:
        """The change that a tap caused; ``None`` when the bot is done without one."""
        if self._settled is not None:
            await self._rest()
        elif not says_something:  # a bare acknowledgement: what it was good for is still to come
            await self._wait(self._changes, before, "the tap was answered, but nothing changed")
        else:
            with contextlib.suppress(TimeoutError):
                await self._next(self._changes, before, within=AFTERTHOUGHT)
        changed = self._changes(before)
        self._seen = self._chat.version
        return None if changed is None else self._read(changed)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for((self._settled or self.sandbox.idle)(), self._patience)
        except TimeoutError:
            self._fail("the bot does not come to rest")

    async def _wait(self, find: Callable[[int], Entry | None], since: int, complaint: str) -> Entry:
        try:
            return await self._next(find, since, within=self._patience)
        except TimeoutError:
            self._fail(complaint)

    async def _next(self, find: Callable[[int], Entry | None], since: int, *, within: float) -> Entry:
        async with asyncio.timeout(within):
            while (found := find(since)) is None:
                await self.sandbox.world.chats.next_change()
        return found

    def _entries(self) -> list[Entry]:
        return [self._chat.entries[number] for number in sorted(self._chat.entries)]

    def _new_since(self, version: int) -> Entry | None:
        """The first new message of the bot after a version."""
        return next((e for e in self._entries() if e.by_bot and e.made > version and not e.removed), None)

    def _changes(self, version: int) -> Entry | None:
        """What the bot did after a version: its last new message, else its last edit, else its last deletion."""
        changed = [entry for entry in self._entries() if entry.by_bot and entry.version > version]
        new = [entry for entry in changed if entry.made > version and not entry.removed]
        kept = [entry for entry in changed if not entry.removed]
        best = new or kept or changed
        return max(best, key=lambda entry: entry.version) if best else None

    def _button(self, message: Message, what: What, data_startswith: str) -> Button:
        wanted = _test_of(what, data_startswith)
        found = [button for row in message.rows for button in row if button.kind == "callback" and wanted(button)]
        if not found:
            name = what if isinstance(what, str) else getattr(what, "__name__", str(what))
            self._fail(f"no button {name or data_startswith!r} among {message.buttons}")
        return found[0]

    def _read(self, entry: Entry) -> Message:
        view = message_view(self.sandbox.world, self._chat, entry, viewer=self.id)
        if self._chat.keyboard is not None:
            view["keyboard"] = self._chat.keyboard["keyboard"]
        file = view.get("document") or view.get("photo")
        stored = None if file is None else self.sandbox.world.files.by_id[file["file_id"]]
        return Message(
            id=view["id"],
            text=view.get("text", ""),
            html=view.get("html", ""),
            rows=tuple(tuple(_button(one) for one in row) for row in view.get("inline", [])),
            silent=view.get("silent", False),
            edited=view.get("edited", False),
            removed=entry.removed,
            view=view,
            document=b"" if stored is None else stored.body,
        )

    def _fail(self, complaint: str) -> NoReturn:
        wrong = [f"{one.method}: {one.what}" for one in self.sandbox.world.violations]
        raise AssertionError("\n".join([f"{complaint} ({self._who.full_name})", self.transcript(), *wrong]))


def _button(view: dict[str, Any]) -> Button:
    return Button(view["text"], view["kind"], view.get("data", ""), view.get("url", ""))


def _test_of(what: What, data_startswith: str) -> Callable[[Button], bool]:
    """Which buttons are meant: by the start of the data, a payload type, a test of the data, or the label."""
    if data_startswith:
        return lambda button: button.data.startswith(data_startswith)
    if isinstance(what, type):
        tag = str(what.TAG)  # type: ignore[attr-defined]
        return lambda button: re.split(r"[.~]", button.data)[0] == tag
    if callable(what):
        return lambda button: what(button.data)
    return lambda button: button.label == what
