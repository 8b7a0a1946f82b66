"""Whom the bot may write to: the refusals of chats that it does not know, was not let into, or was thrown out of."""

from typing import Any

from sandbox.chats import Chat, Entry
from sandbox.refusals import bad_request, forbidden
from sandbox.world import World

UNSUPPORTED = {
    "business_connection_id": "business connection not found",
    "message_thread_id": "message thread not found",
    "direct_messages_topic_id": "direct messages topic not found",
    "inline_message_id": "MESSAGE_ID_INVALID",
    "message_effect_id": "message effects are not supported by this server",
    "suggested_post_parameters": "suggested posts are not supported by this server",
    "allow_paid_broadcast": "paid broadcasts are not supported by this server",
}


def chat_to_read(world: World, params: dict[str, Any]) -> Chat:
    """The chat of a request. A person who never wrote is a stranger to the bot: not found."""
    for name, words in UNSUPPORTED.items():
        if params.get(name):
            raise bad_request(words)
    given = params.get("chat_id")
    if isinstance(given, str) and given.lstrip("-").isdigit():
        given = int(given)
    chat = world.chats.by_id.get(given) if isinstance(given, int) else None
    if chat is None:
        raise bad_request("chat not found" if given is not None else "chat_id is empty")
    if chat.migrated_to:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    return chat


def chat_to_write(world: World, params: dict[str, Any]) -> Chat:
    """The chat of a send or an edit, with its pace charged: a 429 for too many of them."""
    chat = open_chat(world, params)
    world.pacing.charge(chat.id)
    return chat


def open_chat(world: World, params: dict[str, Any]) -> Chat:
    """A chat that the bot may act in.

    Raises:
        Refused: 400 for a chat that does not exist, 403 for one that is closed to the bot.
    """
    chat = chat_to_read(world, params)
    if chat.is_private:
        person = world.chats.people[chat.id]
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    elif chat.bot_status != "member":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


def known_chat(world: World, params: dict[str, Any]) -> Chat:
    """A chat about which the bot may ask: its own groups, and people who have written to it."""
    chat = chat_to_read(world, params)
    if chat.is_private and not world.chats.people[chat.id].started:
        raise bad_request("chat not found")
    if not chat.is_private and chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    return chat


def message_of(chat: Chat, message_id: Any, *, purpose: str) -> Entry:
    entry = chat.find(message_id) if isinstance(message_id, int) else None
    if entry is None:
        raise bad_request(f"message to {purpose} not found")
    return entry
