"""The chats: what was said in them, as the Bot API would tell it, and a number that grows with every change.

Whoever shows or watches a chat asks for what changed since a version; nothing here knows who asks.
"""

import asyncio
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.people import Account, Person

Message = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """A message with what the Bot API does not tell: whose it is, when it changed, whether it still exists."""

    raw: Message
    by_bot: bool
    version: int = 0
    made: int = 0
    removed: bool = False
    editable: bool = True
    silent: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat (id of the person) or a group (negative id)."""

    id: int
    kind: str = "private"
    title: str = ""
    members: list[int] = field(default_factory=list)
    bot_status: str = "member"
    migrated_to: int = 0
    entries: dict[int, Entry] = field(default_factory=dict)
    version: int = 0
    keyboard: dict[str, Any] | None = None
    force_reply: dict[str, Any] | None = None
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def find(self, message_id: int) -> Entry | None:
        entry = self.entries.get(message_id)
        return None if entry is None or entry.removed else entry

    @property
    def is_alive(self) -> bool:
        """Whether anything in it is left to read."""
        return any(not entry.removed for entry in self.entries.values())

    @property
    def is_private(self) -> bool:
        return self.id > 0


class Chats:
    """People, chats and their changes. ``tell`` hears of everything that a page wants to redraw."""

    def __init__(self, account: Account, people: tuple[Person, ...]) -> None:
        self.account = account
        self.people: dict[int, Person] = {person.id: person for person in people}
        self.by_id: dict[int, Chat] = {person.id: Chat(person.id) for person in people}
        self.next_message_id = 1
        self.next_group_id = -1001
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        self._pulse = asyncio.Event()

    def add_person(self, person: Person) -> None:
        """A second person with the same id replaces the first; the chat stays."""
        self.people[person.id] = person
        self.by_id.setdefault(person.id, Chat(person.id))
        self.tell({"people": True})

    def as_json(self, chat: Chat) -> dict[str, Any]:
        if chat.is_private:
            return self.people[chat.id].as_chat()
        return {"id": chat.id, "type": chat.kind, "title": chat.title}

    def new_message(self, chat: Chat, sender: Person | None, *, date: int) -> Message:
        """An empty message of a person, or of the bot, with its number."""
        author = self.account.as_user() if sender is None else sender.as_user()
        message = {"message_id": self.next_message_id, "from": author, "chat": self.as_json(chat), "date": date}
        self.next_message_id += 1
        return message

    def post(self, chat: Chat, message: Message, *, by_bot: bool) -> Entry:
        return self.add(chat, Entry(message, by_bot))

    def add(self, chat: Chat, entry: Entry) -> Entry:
        chat.entries[entry.raw["message_id"]] = entry
        self.touch(chat, entry)
        entry.made = entry.version
        return entry

    def remove(self, chat: Chat, message_id: int) -> None:
        """What was said is forgotten; that it was there stays, so that a page can take it away."""
        entry = chat.entries[message_id]
        entry.removed = True
        self.touch(chat, entry)

    def touch(self, chat: Chat, entry: Entry | None = None) -> None:
        """Count a change and wake everybody who waits for one."""
        chat.version += 1
        if entry is not None:
            entry.version = chat.version
        self.tell({"person": chat.id, "version": chat.version})

    def tell(self, event: dict[str, Any]) -> None:
        for listener in tuple(self.listeners):
            listener(event)
        self._pulse.set()
        self._pulse = asyncio.Event()

    async def next_change(self) -> None:
        """Wait until anything is told; what happens between two calls without an await in between is not missed."""
        await self._pulse.wait()

    def clear(self) -> None:
        """Empty every chat, drop the groups; versions and message numbers go on."""
        self.by_id = {chat.id: chat for chat in self.by_id.values() if chat.is_private}
        for chat in self.by_id.values():
            chat.keyboard = chat.force_reply = None
            chat.pinned, chat.reactions = [], {}
            for entry in chat.entries.values():
                entry.raw, entry.removed, entry.version = (
                    {"message_id": entry.raw["message_id"]},
                    True,
                    chat.version + 1,
                )
            self.touch(chat)
        self.tell({"reset": True})

    def groups(self) -> Iterator[Chat]:
        return (chat for chat in self.by_id.values() if not chat.is_private)


def quoted(entry: Entry) -> Message:
    """A message as another one carries it: without what it answers itself."""
    return {key: copy.copy(value) for key, value in entry.raw.items() if key != "reply_to_message"}
