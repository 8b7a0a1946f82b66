"""The methods by which a bot says something new: every ``send…``, copies, forwards, albums, typing."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.chats import Chat, Entry, Message, quoted
from sandbox.contents import (
    CONTENT_FIELDS,
    Content,
    Params,
    attached,
    caption_content,
    contact_content,
    location_content,
    media_content,
    media_json,
    poll_content,
    stored_file,
    text_content,
    venue_content,
)
from sandbox.markup import apply_markup, check_markup
from sandbox.reach import chat_to_read, chat_to_write, message_of, open_chat
from sandbox.refusals import bad_request, mistake
from sandbox.world import World

ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
    | {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)
ALBUM_MATES = {"photo": "visual", "video": "visual", "live_photo": "visual", "document": "document", "audio": "audio"}


def post(world: World, chat: Chat, content: Content, params: Params) -> Message:
    """Put a message of the bot into a chat: reply, markup and flags as asked for."""
    check_markup(params.get("reply_markup"), chat)
    answered = _answered(chat, params.get("reply_parameters"))
    message = world.chats.new_message(chat, None, date=world.clock.unix())
    if answered is not None:
        message["reply_to_message"] = quoted(answered)
    if params.get("protect_content"):
        message["has_protected_content"] = True
    message |= content
    entry = Entry(message, by_bot=True, silent=bool(params.get("disable_notification")))
    apply_markup(params.get("reply_markup"), chat, entry)
    world.chats.add(chat, entry)
    return message


def _answered(chat: Chat, reply: dict[str, Any] | None) -> Entry | None:
    if reply is None:
        return None
    if reply.get("chat_id") not in (None, chat.id):
        raise bad_request("replies to other chats are not supported by this server")
    entry = chat.find(reply["message_id"])
    if entry is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return entry


def sender(content: Callable[[World, Params], Content]) -> Callable[[World, Params], Message]:
    """A method that sends one message with this content."""

    def send(world: World, params: Params) -> Message:
        made = content(world, params)
        return post(world, chat_to_write(world, params), made, params)

    return send


def send_media_group(world: World, params: Params) -> list[Message]:
    chat = chat_to_write(world, params)
    if len({ALBUM_MATES.get(item["type"], item["type"]) for item in params["media"]}) > 1:
        raise mistake("can't use the media of the specified type in the album")
    contents = []
    for item in params["media"]:
        stored = stored_file(world, attached(params, item["media"]), item["type"])
        contents.append({item["type"]: media_json(stored, item)} | caption_content(world, item))
    album = str(world.chats.next_message_id)
    return [post(world, chat, content | {"media_group_id": album}, params) for content in contents]


def copied(world: World, params: Params, *, message_id: int, purpose: str) -> tuple[Entry, Content]:
    source = chat_to_read(world, {"chat_id": params["from_chat_id"]})
    entry = message_of(source, message_id, purpose=purpose)
    if entry.raw.get("has_protected_content"):
        raise bad_request(f"message can't be {purpose}ed" if purpose == "forward" else "message can't be copied")
    content = {key: copy.deepcopy(value) for key, value in entry.raw.items() if key in CONTENT_FIELDS}
    if not content:
        raise bad_request(f"the message can't be {'copied' if purpose == 'copy' else 'forwarded'}")
    return entry, content


def copy_message(world: World, params: Params) -> dict[str, int]:
    chat = chat_to_write(world, params)
    return {"message_id": _copy_one(world, chat, params, message_id=params["message_id"])}


def copy_messages(world: World, params: Params) -> list[dict[str, int]]:
    """Those that cannot be found or copied are skipped, as documented."""
    chat = chat_to_write(world, params)
    source = chat_to_read(world, {"chat_id": params["from_chat_id"]})
    found = [number for number in params["message_ids"] if source.find(number)]
    return [{"message_id": _copy_one(world, chat, params, message_id=number)} for number in found]


def _copy_one(world: World, chat: Chat, params: Params, *, message_id: int) -> int:
    _, content = copied(world, params, message_id=message_id, purpose="copy")
    if "caption" in params and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= caption_content(world, params)
    return int(post(world, chat, content, params)["message_id"])


def forward_message(world: World, params: Params) -> Message:
    chat = chat_to_write(world, params)
    return _forward_one(world, chat, params, message_id=params["message_id"])


def forward_messages(world: World, params: Params) -> list[dict[str, int]]:
    chat = chat_to_write(world, params)
    source = chat_to_read(world, {"chat_id": params["from_chat_id"]})
    found = [number for number in params["message_ids"] if source.find(number)]
    return [{"message_id": _forward_one(world, chat, params, message_id=one)["message_id"]} for one in found]


def _forward_one(world: World, chat: Chat, params: Params, *, message_id: int) -> Message:
    entry, content = copied(world, params, message_id=message_id, purpose="forward")
    first = {"type": "user", "sender_user": entry.raw["from"], "date": entry.raw["date"]}
    return post(world, chat, content | {"forward_origin": entry.raw.get("forward_origin", first)}, params)


def send_chat_action(world: World, params: Params) -> bool:
    if params["action"] not in ACTIONS:
        raise mistake("wrong parameter action in request")
    chat = open_chat(world, params)
    world.chats.tell({"typing": chat.id, "action": params["action"]})
    return True


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "sendMessage": sender(text_content),
    "sendPhoto": sender(media_content("photo")),
    "sendDocument": sender(media_content("document")),
    "sendVoice": sender(media_content("voice")),
    "sendVideo": sender(media_content("video")),
    "sendAudio": sender(media_content("audio")),
    "sendSticker": sender(media_content("sticker")),
    "sendAnimation": sender(media_content("animation")),
    "sendVideoNote": sender(media_content("video_note")),
    "sendLocation": sender(location_content),
    "sendVenue": sender(venue_content),
    "sendContact": sender(contact_content),
    "sendPoll": sender(poll_content),
    "sendMediaGroup": send_media_group,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "sendChatAction": send_chat_action,
}
