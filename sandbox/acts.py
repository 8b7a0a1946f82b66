"""What people do with their phones: write, edit, tap, share, block. Each act changes the chat and queues an update.

Raises ``ValueError`` for what a phone would not let anybody do.
"""

import re
from typing import Any

from sandbox.chats import Chat, Entry, Message, quoted
from sandbox.contents import media_json
from sandbox.entities import formatted, units
from sandbox.files import Upload
from sandbox.limits import LONGEST_CAPTION, LONGEST_TEXT
from sandbox.people import Person
from sandbox.updates import MEMBER_LANE, PRESS_LANE
from sandbox.world import Press, World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
CALLED = re.compile(r"/\w+(?:@(\w+))?")


def start(world: World, person: Person, payload: str = "") -> Message:
    """Open the bot by its link or button; after a block this is the way back."""
    if payload and not PAYLOAD.fullmatch(payload):
        raise ValueError("a deep link payload has 1-64 of A-Z a-z 0-9 _ -")
    if person.blocked:
        unblock(world, person)
    return say(world, person, f"/start {payload}".strip())


def say(
    world: World,
    person: Person,
    text: str,
    *,
    chat: Chat | None = None,
    reply_to: int | None = None,
    date: int | None = None,
) -> Message:
    """Write a message; a text of blanks or of more than 4096 units cannot be sent by a phone."""
    text, marks = formatted(text, parse_mode=None, entities=None, people=world.chats.people)
    if not text:
        raise ValueError("a message cannot be empty")
    if units(text) > LONGEST_TEXT:
        raise ValueError(f"a message has at most {LONGEST_TEXT} characters; a phone sends the rest as another one")
    content = {"text": text} | ({"entities": marks} if marks else {})
    return send(world, person, content, chat=chat, reply_to=reply_to, date=date)


def send(
    world: World,
    person: Person,
    content: dict[str, Any],
    *,
    chat: Chat | None = None,
    reply_to: int | None = None,
    date: int | None = None,
) -> Message:
    """Send any content as the person, into the private chat unless a group is named."""
    chat = chat or world.chats.by_id[person.id]
    if chat.is_private and person.blocked:
        raise ValueError("the bot is blocked: unblock it first")
    if not chat.is_private and person.id not in chat.members:
        raise ValueError("not a member of this group")
    answered = chat.find(reply_to) if reply_to is not None else None
    if reply_to is not None and answered is None:
        raise ValueError("there is no such message to reply to")
    message = world.chats.new_message(chat, person, date=world.clock.unix() if date is None else date)
    if answered is not None:
        message["reply_to_message"] = quoted(answered)
    message |= content
    if chat.is_private:
        person.started = True
        chat.force_reply = None
        if chat.keyboard is not None and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
    world.chats.post(chat, message, by_bot=False)
    if _is_told(world, chat, message):
        world.updates.add("message", message, lane=chat.id, date=message["date"])
    return message


def _is_told(world: World, chat: Chat, message: Message) -> bool:
    """Privacy mode: in a group a bot hears of commands that may be meant for it, replies to it and service messages."""
    if chat.is_private or world.account.can_read_all_group_messages:
        return chat.is_private or chat.bot_status == "member"
    if chat.bot_status != "member":
        return False
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.account.id:
        return True
    if called := CALLED.match(message.get("text", "")):
        return called[1] is None or called[1].lower() == world.account.username.lower()
    return not any(kind in message for kind in ("text", "photo", "document", "voice", "video", "location", "contact"))


def edit(world: World, person: Person, message_id: int, text: str, *, chat: Chat | None = None) -> Message:
    chat = chat or world.chats.by_id[person.id]
    entry = chat.find(message_id)
    if entry is None or entry.by_bot or entry.raw["from"]["id"] != person.id:
        raise ValueError("only own messages can be edited")
    text, marks = formatted(text, parse_mode=None, entities=None, people=world.chats.people)
    field, longest = ("text", LONGEST_TEXT) if "text" in entry.raw else ("caption", LONGEST_CAPTION)
    if not text or units(text) > longest:
        raise ValueError(f"a {field} has 1-{longest} characters")
    names = {"text": "entities", "caption": "caption_entities"}
    kept = {key: value for key, value in entry.raw.items() if key not in (field, names[field])}
    edited = kept | {"edit_date": world.clock.unix(), field: text} | ({names[field]: marks} if marks else {})
    entry.raw = edited
    world.chats.touch(chat, entry)
    if _is_told(world, chat, edited):
        world.updates.add("edited_message", edited, lane=chat.id, date=edited["edit_date"])
    return edited


def press(world: World, person: Person, message_id: int, data: str, *, chat: Chat | None = None) -> Press:
    """Tap a button. Any data can be sent, also what no button holds: a modified client does."""
    chat = chat or world.chats.by_id[person.id]
    if chat.is_private and person.blocked:
        raise ValueError("the bot is blocked: unblock it first")
    entry = chat.find(message_id)
    opened = world.open_press(person.id)
    gone = {"chat": world.chats.as_json(chat), "message_id": message_id, "date": 0}
    query = {
        "id": opened.id,
        "from": person.as_user(),
        "message": gone if entry is None else entry.raw,
        "chat_instance": str(7_000_000_000_000_000_000 + chat.id),
        "data": data,
    }
    world.updates.add("callback_query", query, lane=person.id + PRESS_LANE)
    return opened


def data_at(entry: Entry | None, row: int, column: int) -> str:
    """What the button at a place would send."""
    rows = {} if entry is None else entry.raw.get("reply_markup", {})
    try:
        button = rows["inline_keyboard"][row][column]
    except (KeyError, IndexError) as error:
        raise ValueError("there is no such button") from error
    if "callback_data" not in button:
        raise ValueError("this button opens something and tells the bot nothing")
    return str(button["callback_data"])


def share_file(
    world: World, person: Person, kind: str, upload: Upload, *, caption: str = "", size: int | None = None, **where: Any
) -> Message:
    """Send a picture, document, voice note, video or audio file, up to any size: a phone may send 2 GB."""
    stored = world.files.keep(kind, upload, size=size, duration=int(where.pop("duration", 0)))
    if kind == "photo" and not stored.width:
        raise ValueError("this is no picture")
    content = {kind: media_json(stored, {})}
    text, marks = formatted(caption, parse_mode=None, entities=None, people=world.chats.people)
    if units(text) > LONGEST_CAPTION:
        raise ValueError(f"a caption has at most {LONGEST_CAPTION} characters")
    content |= {"caption": text} if text else {}
    content |= {"caption_entities": marks} if marks else {}
    return send(world, person, content | forwarded(world, where.pop("forwarded", None)), **where)


def own_contact(person: Person) -> dict[str, Any]:
    """What the button "share my number" sends."""
    names = {"last_name": person.last_name} if person.last_name else {}
    return {"phone_number": person.phone, "first_name": person.first_name, "user_id": person.id} | names


def forwarded(world: World, origin: Any) -> dict[str, Any]:
    """Where a forwarded message came from: a person's id, a hidden person's name, or ``True`` for somebody hidden."""
    if not origin:
        return {}
    date = world.clock.unix() - 3600
    if isinstance(origin, dict) and "date" in origin:
        date = int(origin["date"])
        origin = origin.get("from", True)
    author = world.chats.people.get(origin) if type(origin) is int else None
    if author is not None:
        return {"forward_origin": {"type": "user", "sender_user": author.as_user(), "date": date}}
    name = origin if isinstance(origin, str) else "Somebody"
    return {"forward_origin": {"type": "hidden_user", "sender_user_name": name, "date": date}}


def block(world: World, person: Person) -> None:
    if not person.blocked:
        person.blocked = True
        _tell_member(world, person, "member", "kicked")


def unblock(world: World, person: Person) -> None:
    if person.blocked:
        person.blocked = False
        _tell_member(world, person, "kicked", "member")


def _tell_member(world: World, person: Person, old: str, new: str) -> None:
    chat = world.chats.by_id[person.id]
    _member_update(world, chat, person, old=old, new=new)
    world.chats.touch(chat)
    world.chats.tell({"people": True})


def _member_update(world: World, chat: Chat, actor: Person, *, old: str, new: str) -> None:
    def member(status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": world.account.as_user(), "status": status} | until

    body = {
        "chat": world.chats.as_json(chat),
        "from": actor.as_user(),
        "date": world.clock.unix(),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    world.updates.add("my_chat_member", body, lane=chat.id + MEMBER_LANE)


def make_group(world: World, title: str, members: list[int]) -> Chat:
    """A group that its first member makes, with the bot in it."""
    if not members or any(member not in world.chats.people for member in members):
        raise ValueError("a group needs members who exist")
    if not world.account.can_join_groups:
        raise ValueError("this bot cannot be added to groups")
    chat = Chat(world.chats.next_group_id, "group", title, list(members), bot_status="left")
    world.chats.next_group_id -= 1
    world.chats.by_id[chat.id] = chat
    set_bot_status(world, chat, world.chats.people[members[0]], "member")
    return chat


def set_bot_status(world: World, chat: Chat, actor: Person, status: str) -> None:
    """Add the bot to a group, or throw it out."""
    old, chat.bot_status = chat.bot_status, status
    _member_update(world, chat, actor, old=old, new=status)
    message = world.chats.new_message(chat, actor, date=world.clock.unix())
    bot = world.account.as_user()
    message |= {"new_chat_members": [bot]} if status == "member" else {"left_chat_member": bot}
    world.chats.post(chat, message, by_bot=False)
    world.updates.add("message", message, lane=chat.id, date=message["date"])


def upgrade_group(world: World, chat: Chat) -> Chat:
    """Make a supergroup of a group: a new id, and the old one only tells where it went."""
    actor = world.chats.people[chat.members[0]]
    larger = Chat(-1_000_000_000_000 + chat.id, "supergroup", chat.title, list(chat.members))
    for old, text, other in ((chat, "migrate_to_chat_id", larger.id), (larger, "migrate_from_chat_id", chat.id)):
        message = world.chats.new_message(old, actor, date=world.clock.unix()) | {text: other}
        world.chats.by_id[old.id] = old
        world.chats.post(old, message, by_bot=False)
        world.updates.add("message", message, lane=old.id, date=message["date"])
    chat.migrated_to = larger.id
    return larger


def ask_inline(world: World, person: Person, query: str, *, offset: str = "") -> Press:
    """Type ``@bot query`` anywhere."""
    if not world.account.supports_inline_queries:
        raise ValueError("this bot does not support inline queries")
    opened = world.open_inline(person.id)
    body = {"id": opened.id, "from": person.as_user(), "query": query[:256], "offset": offset}
    world.updates.add("inline_query", body, lane=person.id + PRESS_LANE)
    return opened
