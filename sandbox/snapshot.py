"""The sandbox in a JSON file, so that its chats outlive a restart. Losing the file loses nothing but the chats.

Presses under way are not kept: they expire within a minute anyway.
"""

import asyncio
import base64
import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from sandbox.chats import Chat, Entry
from sandbox.files import Stored
from sandbox.people import Person
from sandbox.updates import Waiting
from sandbox.world import World

VERSION = 1
QUIET = 2.0  # seconds without a change after which the file is written


def taken(world: World) -> dict[str, Any]:
    """Everything worth keeping, as JSON."""
    chats = world.chats
    return {
        "version": VERSION,
        "bot": {"id": world.account.id, "first_name": world.account.first_name},
        "people": [dataclasses.asdict(person) for person in chats.people.values()],
        "chats": [_chat(chat) for chat in chats.by_id.values()],
        "next": {"message": chats.next_message_id, "group": chats.next_group_id, "update": world.updates.next_id},
        "updates": [dataclasses.asdict(item) for item in world.updates.waiting],
        "allowed": world.updates.allowed,
        "files": [_file(stored) for stored in world.files.by_id.values()],
        "commands": [[scope, code, commands] for (scope, code), commands in world.profile.commands.items()],
        "texts": [[kind, code, text] for (kind, code), text in world.profile.texts.items()],
        "menu_buttons": [[chat_id, button] for chat_id, button in world.profile.menu_buttons.items()],
    }


def restore(world: World, given: dict[str, Any]) -> bool:
    """Put a snapshot back; ``False`` when it is of another version or of another bot."""
    if given.get("version") != VERSION or given["bot"]["id"] != world.account.id:
        return False
    chats, profile = world.chats, world.profile
    world.account.first_name = given["bot"]["first_name"]
    chats.people = {one["id"]: Person(**one) for one in given["people"]}
    chats.by_id = {one["id"]: _chat_from(one) for one in given["chats"]}
    # Never back: a file that was written before the last messages would have their numbers given out again.
    chats.next_message_id = max(chats.next_message_id, given["next"]["message"])
    chats.next_group_id = given["next"]["group"]
    world.updates.next_id = max(world.updates.next_id, given["next"]["update"])
    for item in given["updates"]:
        world.updates.put_back(Waiting(**item))
    world.updates.allowed = given["allowed"]
    for one in given["files"]:
        world.files.add(Stored(**one | {"body": base64.b64decode(one["body"])}))
    profile.commands = {(scope, code): commands for scope, code, commands in given["commands"]}
    profile.texts = {(kind, code): text for kind, code, text in given["texts"]}
    profile.menu_buttons = dict(given["menu_buttons"])
    return True


def write(world: World, file: Path) -> None:
    """Replace the file; half of one is never seen."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    draft.write_text(json.dumps(taken(world), ensure_ascii=False), "utf-8")
    draft.replace(file)


def read(world: World, file: Path) -> bool:
    """Take up what a file holds; an unreadable one is none."""
    try:
        given = json.loads(file.read_text("utf-8"))
        return restore(world, given)
    except (OSError, ValueError, KeyError, TypeError):
        return False


async def keep(world: World, file: Path) -> None:
    """Write the file whenever the chats have been quiet for a moment after a change."""
    while True:
        await world.chats.next_change()
        while await _changes_soon(world):
            continue
        write(world, file)


async def _changes_soon(world: World) -> bool:
    try:
        await asyncio.wait_for(world.chats.next_change(), QUIET)
    except TimeoutError:
        return False
    return True


def _chat(chat: Chat) -> dict[str, Any]:
    fields = {name: getattr(chat, name) for name in Chat.__dataclass_fields__ if name not in ("entries", "reactions")}
    entries = [dataclasses.asdict(entry) for entry in chat.entries.values()]
    return fields | {"entries": entries, "reactions": list(chat.reactions.items())}


def _chat_from(given: dict[str, Any]) -> Chat:
    entries = {one["raw"]["message_id"]: Entry(**one) for one in given["entries"]}
    return Chat(**given | {"entries": entries, "reactions": dict(given["reactions"])})


def _file(stored: Stored) -> dict[str, Any]:
    fields = {name: getattr(stored, name) for name in Stored.__dataclass_fields__}
    return fields | {"body": base64.b64encode(stored.body).decode()}
