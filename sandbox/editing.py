"""The methods that change what was said: edits, deletions, pins, reactions, closed polls."""

from collections.abc import Callable
from typing import Any

from sandbox.chats import Chat, Entry, Message
from sandbox.contents import (
    CONTENT_FIELDS,
    Content,
    Params,
    attached,
    caption_content,
    media_json,
    stored_file,
    text_content,
)
from sandbox.markup import check_markup
from sandbox.reach import chat_to_write, message_of, open_chat
from sandbox.refusals import bad_request, mistake
from sandbox.world import World

DELETABLE = 48 * 3600  # seconds after its date in which a message can be deleted
CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def _to_edit(world: World, params: Params) -> tuple[Chat, Entry]:
    if "inline_message_id" not in params and "message_id" not in params:
        raise mistake("message identifier is not specified")
    chat = chat_to_write(world, params)
    entry = message_of(chat, params["message_id"], purpose="edit")
    if not entry.by_bot or not entry.editable or "forward_origin" in entry.raw:
        raise bad_request("message can't be edited")
    return chat, entry


def _replace(world: World, chat: Chat, entry: Entry, content: Content, markup: dict[str, Any] | None) -> Message:
    """Put new content and buttons in; no markup means no buttons, as in the real thing."""
    check_markup(markup, chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise mistake("inline keyboard expected")
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    before = {key: value for key, value in entry.raw.items() if key in CONTENT_FIELDS | {"reply_markup"}}
    after = content | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})
    if before == after:
        raise bad_request(NOT_MODIFIED)
    kept = {key: value for key, value in entry.raw.items() if key not in before}
    if {**before, "reply_markup": None} != {**after, "reply_markup": None}:
        kept["edit_date"] = world.clock.unix()  # buttons alone do not mark a message as edited
    entry.raw = kept | after
    world.chats.touch(chat, entry)
    return entry.raw


def _content(entry: Entry) -> Content:
    return {key: value for key, value in entry.raw.items() if key in CONTENT_FIELDS}


def edit_text(world: World, params: Params) -> Message:
    content = text_content(world, params)
    chat, entry = _to_edit(world, params)
    if "text" not in entry.raw:
        raise bad_request("there is no text in the message to edit")
    return _replace(world, chat, entry, content, params.get("reply_markup"))


def edit_caption(world: World, params: Params) -> Message:
    caption = caption_content(world, params)
    chat, entry = _to_edit(world, params)
    if not any(kind in entry.raw for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    media = {key: value for key, value in _content(entry).items() if "caption" not in key}
    return _replace(world, chat, entry, media | caption, params.get("reply_markup"))


def edit_media(world: World, params: Params) -> Message:
    chat, entry = _to_edit(world, params)
    given = params["media"]
    if not any(kind in entry.raw for kind in (*CAPTIONED, "text")):
        raise bad_request("message can't be edited")
    stored = stored_file(world, attached(params, given["media"]), given["type"])
    content = {given["type"]: media_json(stored, given)} | caption_content(world, given)
    return _replace(world, chat, entry, content, params.get("reply_markup"))


def edit_markup(world: World, params: Params) -> Message:
    chat, entry = _to_edit(world, params)
    return _replace(world, chat, entry, _content(entry), params.get("reply_markup"))


def delete_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    entry = message_of(chat, params["message_id"], purpose="delete")
    if not chat.is_private and not entry.by_bot:
        raise bad_request("message can't be deleted")
    if world.clock.unix() - entry.raw["date"] > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    world.chats.remove(chat, params["message_id"])
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Those that cannot be found are skipped, as documented."""
    chat = open_chat(world, params)
    for number in params["message_ids"]:
        if chat.find(number):
            delete_message(world, {"chat_id": chat.id, "message_id": number})
    return True


def pin(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    entry = message_of(chat, params["message_id"], purpose="pin")
    if params["message_id"] in chat.pinned:
        return True
    chat.pinned.append(params["message_id"])
    notice = world.chats.new_message(chat, None, date=world.clock.unix())
    world.chats.post(chat, notice | {"pinned_message": dict(entry.raw)}, by_bot=True)
    return True


def unpin(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    number = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    world.chats.touch(chat)
    return True


def unpin_all(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    chat.pinned.clear()
    world.chats.touch(chat)
    return True


def react(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    entry = message_of(chat, params["message_id"], purpose="react")
    reactions = params.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.reactions[params["message_id"]] = reactions
    world.chats.touch(chat, entry)
    return True


def stop_poll(world: World, params: Params) -> dict[str, Any]:
    chat = chat_to_write(world, params)
    entry = message_of(chat, params["message_id"], purpose="edit")
    poll = entry.raw.get("poll")
    if not entry.by_bot or poll is None:
        raise bad_request("message with poll to stop not found")
    if poll["is_closed"]:
        raise bad_request("poll has already been closed")
    closed: dict[str, Any] = poll | {"is_closed": True}
    _replace(world, chat, entry, _content(entry) | {"poll": closed}, params.get("reply_markup"))
    return closed


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
    "setMessageReaction": react,
    "stopPoll": stop_poll,
}
