"""PTB at the border: updates become ``Incoming``, stored calls become ``Bot.do_api_request``.

PTB gives the Bot API's types, methods and errors. Its ``Updater``, ``Application``, persistence and
``ConversationHandler`` are not used: they confirm updates that live only in memory, so a crash loses them, and their
state lies outside any transaction of ours, so it could not be committed together with what a message did.
"""

import warnings
from typing import Any, BinaryIO

from telegram import Bot, Chat, InputFile, Message, Update, User
from telegram.constants import ChatType
from telegram.warnings import PTBUserWarning

from bot.http import AiohttpRequest
from domain.names import is_seen
from handlers.routing import Content, Incoming, Media, SharedContact

# ``do_api_request`` warns for every method that ``Bot`` also has; stored calls are sent as they are, on purpose.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
NAMELESS = "Telegram"  # whose account shows no name at all
_REACHABLE = frozenset({"member", "administrator", "creator", "restricted"})


def make_bot(token: str, api_url: str, *, calls: AiohttpRequest, polling: AiohttpRequest) -> Bot:
    """PTB's ``Bot`` over our own HTTP: one pool for calls, another for ``getUpdates``."""
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=calls,
        get_updates_request=polling,
    )


async def call(bot: Bot, method: str, params: dict[str, Any], attachment: tuple[str, bytes] | None = None) -> Any:
    """Make a stored call; ``attachment`` (name, bytes) goes where the parameters say ``attach://file``."""
    if attachment:
        name, content = attachment
        file = InputFile(content, filename=name)
        params = {key: file if value == "attach://file" else value for key, value in params.items()}
    return await bot.do_api_request(method, params)


async def download(bot: Bot, request: AiohttpRequest, file_id: str, target: BinaryIO, *, most: int) -> None:
    """Write the bytes of a file to ``target``. The link holds the token: it is neither shown nor kept.

    Raises:
        TelegramError: the server would not give it.
        ValueError: more than ``most`` bytes, stated or real.
    """
    found = await bot.do_api_request("getFile", {"file_id": file_id})
    if (found.get("file_size") or 0) > most:
        raise ValueError("the file is too large")
    await request.fetch(f"{bot.base_file_url}/{found['file_path']}", target, most=most)


def lane_of(update: dict[str, Any]) -> int:
    """The chat whose order an update belongs to; 0 for what has none, or none that a row can hold."""
    match update:
        case {"callback_query": {"message": {"chat": {"id": int(chat)}}}} if is_id(chat):
            return chat
        case {"callback_query": {"from": {"id": int(person)}}} if is_id(person):
            return person
    for kind in ALLOWED_UPDATES:
        match update.get(kind):
            case {"chat": {"id": int(chat)}} if is_id(chat):
                return chat
    return 0


def is_id(number: int) -> bool:
    """Whether a row can hold it: 64 bits with a sign."""
    return -(2**63) <= number < 2**63


def kind_of(update: dict[str, Any]) -> str:
    """The name of an update's content, for counting; names that we did not ask for are one."""
    return next((kind for kind in ALLOWED_UPDATES if kind in update), "other")


def incoming(raw: dict[str, Any]) -> Incoming | None:
    """An update in our own words, or ``None`` for what is none of the bot's business.

    Raises:
        Exception: whatever PTB raises for a malformed update; the caller's guard quarantines it.
    """
    if not any(kind in raw for kind in ALLOWED_UPDATES):  # of the future, or not asked for: not even parsed
        return None
    found = _incoming(raw)
    if found and not all(is_id(number) for number in (found.chat_id, found.telegram_id, found.message_id or 0)):
        raise ValueError("an id that no server gives")
    return found


def _incoming(raw: dict[str, Any]) -> Incoming | None:
    update = Update.de_json(raw, None)
    if update.callback_query:
        return _press(update)
    if update.my_chat_member:
        return _membership(update)
    if update.edited_message:
        return _message(update.update_id, update.edited_message, edited=True)
    if update.message:
        return _message(update.update_id, update.message, edited=False)
    return None


def _press(update: Update) -> Incoming | None:
    query = update.callback_query
    assert query is not None
    message = query.message
    if message is None or query.data is None:  # a button of an inline result or a game: we send neither
        return None
    return Incoming(
        update_id=update.update_id,
        content=None,
        chat_id=message.chat.id,
        private=message.chat.type == ChatType.PRIVATE,
        said_at=message.date,  # of the bot's own message; a press itself has no date
        message_id=message.message_id,
        press=clean(query.data),
        callback_id=query.id,
        sealed=isinstance(message, Message) and bool(message.has_protected_content),
        **_sender(query.from_user),
    )


def _membership(update: Update) -> Incoming | None:
    changed = update.my_chat_member
    assert changed is not None
    private = changed.chat.type == ChatType.PRIVATE
    is_in = changed.new_chat_member.status in _REACHABLE
    if not private and (not is_in or changed.old_chat_member.status in _REACHABLE):
        return None  # it was thrown out, or given other rights
    return Incoming(
        update_id=update.update_id,
        content=Content.REACHABLE if private else Content.JOINED,
        chat_id=changed.chat.id,
        private=private,
        said_at=changed.date,
        reachable=is_in if private else None,
        **_sender(changed.from_user),
    )


def _message(update_id: int, message: Message, *, edited: bool) -> Incoming | None:
    person = message.from_user
    if person is None or person.is_bot or message.sender_chat is not None or _is_service(message):
        return None
    media = _media(message)
    content = Content.EDIT if edited else _content(message, media)
    origin = message.forward_origin
    return Incoming(
        update_id=update_id,
        content=content,
        chat_id=message.chat.id,
        private=message.chat.type == ChatType.PRIVATE,
        said_at=origin.date if origin else message.date,
        message_id=message.message_id,
        text=clean(message.text or message.caption or ""),
        media=media,
        contact=_contact(message, forwarded=origin is not None),
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        forwarded=origin is not None,
        **_sender(person),
    )


def _sender(person: User) -> dict[str, Any]:
    return {
        "telegram_id": person.id,
        "language_code": person.language_code,
        "name": name if is_seen(name := clean(person.full_name)) else person.username or NAMELESS,
        "username": person.username,
    }


def _content(message: Message, media: Media | None) -> Content | None:
    if message.text is not None:
        return Content.TEXT
    if message.contact:
        return Content.CONTACT
    return media.kind if media else None


def _media(message: Message) -> Media | None:
    if place := (message.venue.location if message.venue else message.location):
        return Media(
            Content.LOCATION,
            latitude=place.latitude,
            longitude=place.longitude,
            accuracy=place.horizontal_accuracy,
        )
    if message.photo:
        largest = message.photo[-1]
        return Media(Content.PHOTO, largest.file_id, largest.file_unique_id, size=largest.file_size)
    if voice := message.voice:
        kind = voice.mime_type or ""
        return Media(Content.VOICE, voice.file_id, voice.file_unique_id, mime=kind, size=voice.file_size)
    if video_note := message.video_note:
        return Media(Content.DOCUMENT, video_note.file_id, video_note.file_unique_id, size=video_note.file_size)
    file = message.document or message.video or message.audio
    if file is None:
        return None
    name = clean(file.file_name or "")
    return Media(Content.DOCUMENT, file.file_id, file.file_unique_id, name, file.mime_type or "", file.file_size)


def _contact(message: Message, *, forwarded: bool) -> SharedContact | None:
    card = message.contact
    if card is None:
        return None
    person = message.from_user
    own = not forwarded and person is not None and card.user_id == person.id and _is_private(message.chat)
    return SharedContact(
        phone=clean(card.phone_number),
        first_name=clean(card.first_name),
        last_name=clean(card.last_name or ""),
        vcard=clean(card.vcard or ""),
        telegram_id=card.user_id,
        own=own,
    )


def _is_private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE


def _is_service(message: Message) -> bool:
    """Somebody joined, a message was pinned …: nobody said anything."""
    said = ("text", "caption", "contact", "location", "venue", "photo", "voice", "document", "video", "audio")
    shown = ("video_note", "animation", "sticker", "poll", "dice", "game", "story", "paid_media", "checklist")
    return not any(getattr(message, name, None) for name in (*said, *shown))


def clean(text: str) -> str:
    """Without what no database or server takes: NUL and halves of surrogate pairs."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
