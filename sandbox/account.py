"""The methods about the bot itself, about chats and members, and the answers to presses and inline queries."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.chats import Chat
from sandbox.contents import Params
from sandbox.entities import formatted
from sandbox.files import LARGEST_DOWNLOAD
from sandbox.profile import scope_key
from sandbox.reach import known_chat, open_chat
from sandbox.refusals import Refused, bad_request, mistake
from sandbox.world import PRESS_LIFE, Press, World

INLINE_LIFE = 60.0  # seconds in which an inline query can be answered
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LANGUAGE = re.compile(r"[a-z]{2}")
CLOSE_REST = 600  # seconds after the start in which the real server does not close a bot


def get_me(world: World, params: Params) -> dict[str, Any]:
    return world.account.as_me()


def answer_press(world: World, params: Params) -> bool:
    press = world.presses.get(params["callback_query_id"])
    url = params.get("url", "")
    if url and not url.startswith((f"https://t.me/{world.account.username}?start=", "tg://")):
        raise mistake("URL_INVALID")
    _answer(world, press, {key: params[key] for key in ("text", "show_alert", "url") if key in params}, PRESS_LIFE)
    return True


def answer_inline(world: World, params: Params) -> bool:
    press = world.inline_queries.get(params["inline_query_id"])
    ids = [result["id"] for result in params["results"]]
    if len(set(ids)) != len(ids) or any(not 1 <= len(one.encode()) <= 64 for one in ids):
        raise mistake("RESULT_ID_INVALID" if len(set(ids)) == len(ids) else "RESULT_ID_DUPLICATE")
    for result in params["results"]:
        _check_inline_text(world, result)
    keys = ("results", "cache_time", "is_personal", "next_offset", "button")
    _answer(world, press, {key: params[key] for key in keys if key in params}, INLINE_LIFE)
    return True


def _check_inline_text(world: World, result: dict[str, Any]) -> None:
    content = result.get("input_message_content", {})
    if "message_text" in content:
        given = {"parse_mode": content.get("parse_mode"), "entities": content.get("entities")}
        text, _ = formatted(content["message_text"], people=world.chats.people, **given)
        if not text:
            raise mistake("message text is empty")


def _answer(world: World, press: Press | None, answer: dict[str, Any], life: float) -> None:
    if press is None or press.answer.done() or world.clock.seconds() - press.at > life:
        raise bad_request(QUERY_TOO_OLD)
    press.answer.set_result(answer)


def get_file(world: World, params: Params) -> dict[str, Any]:
    stored = world.files.by_id.get(params["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return stored.as_json() | {"file_path": stored.path}


def _command_place(world: World, params: Params) -> tuple[str, str]:
    scope = params.get("scope")
    if scope is not None and "chat_id" in scope:
        known_chat(world, scope)
    language = params.get("language_code", "")
    if language and not LANGUAGE.fullmatch(language):
        raise mistake("invalid language code specified")
    return scope_key(scope), language


def set_commands(world: World, params: Params) -> bool:
    commands = [one | {"command": one["command"].removeprefix("/")} for one in params["commands"]]
    world.profile.commands[_command_place(world, params)] = commands
    world.chats.tell({"menu": True})
    return True


def get_commands(world: World, params: Params) -> list[dict[str, Any]]:
    return world.profile.commands.get(_command_place(world, params), [])


def delete_commands(world: World, params: Params) -> bool:
    world.profile.commands.pop(_command_place(world, params), None)
    world.chats.tell({"menu": True})
    return True


def setter(kind: str) -> Callable[[World, Params], bool]:
    """``setMyName`` and its likes: one text per language, an empty one takes it away."""

    def set_text(world: World, params: Params) -> bool:
        language, text = params.get("language_code", ""), params.get(kind, "")
        if text:
            world.profile.texts[kind, language] = text
        else:
            world.profile.texts.pop((kind, language), None)
        if kind == "name" and not language:
            world.account.first_name = text or world.account.first_name
        return True

    return set_text


def getter(kind: str) -> Callable[[World, Params], dict[str, str]]:
    def get_text(world: World, params: Params) -> dict[str, str]:
        found = world.profile.text_of(kind, params.get("language_code", ""))
        return {kind: found or (world.account.first_name if kind == "name" else "")}

    return get_text


def set_menu_button(world: World, params: Params) -> bool:
    chat_id = known_chat(world, params).id if "chat_id" in params else 0
    if chat_id < 0:
        raise bad_request("chat not found")
    world.profile.menu_buttons[chat_id] = params.get("menu_button", {"type": "default"})
    world.chats.tell({"menu": True})
    return True


def get_menu_button(world: World, params: Params) -> dict[str, Any]:
    buttons = world.profile.menu_buttons
    return buttons.get(params.get("chat_id", 0)) or buttons.get(0) or {"type": "commands"}


def get_chat(world: World, params: Params) -> dict[str, Any]:
    chat = known_chat(world, params)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = world.chats.as_json(chat) | {"accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(gifts, True)
    if chat.pinned:
        full["pinned_message"] = chat.entries[chat.pinned[-1]].raw
    return full | ({} if chat.is_private else {"permissions": {"can_send_messages": True}})


def member_json(world: World, chat: Chat, user_id: int) -> dict[str, Any]:
    """Somebody's place in a chat; who made a group owns it."""
    if user_id == world.account.id:
        user, status = world.account.as_user(), "member" if chat.is_private else chat.bot_status
        return {"user": user, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    person = world.chats.people.get(user_id)
    if person is None or (chat.is_private and chat.id != user_id):
        raise bad_request("user not found" if person is None else "PARTICIPANT_ID_INVALID")
    if chat.is_private or user_id in chat.members:
        if not chat.is_private and chat.members[0] == user_id:
            return {"user": person.as_user(), "status": "creator", "is_anonymous": False}
        return {"user": person.as_user(), "status": "member"}
    return {"user": person.as_user(), "status": "left"}


def get_member(world: World, params: Params) -> dict[str, Any]:
    return member_json(world, known_chat(world, params), params["user_id"])


def get_administrators(world: World, params: Params) -> list[dict[str, Any]]:
    chat = known_chat(world, params)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [member_json(world, chat, user_id) for user_id in chat.members[:1]]


def get_member_count(world: World, params: Params) -> int:
    chat = known_chat(world, params)
    return 2 if chat.is_private else len(chat.members) + (chat.bot_status == "member")


def leave(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    world.chats.touch(chat)
    return True


def profile_photos(world: World, params: Params) -> dict[str, Any]:
    """People of the sandbox have no pictures."""
    if params["user_id"] not in world.chats.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def log_out(world: World, params: Params) -> bool:
    world.logged_out = True
    return True


def close(world: World, params: Params) -> bool:
    rest = CLOSE_REST - (world.clock.seconds() - world.started_at)
    if rest > 0:
        seconds = int(rest) + 1
        raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    return True


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "getMe": get_me,
    "answerCallbackQuery": answer_press,
    "answerInlineQuery": answer_inline,
    "getFile": get_file,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": setter("name"),
    "getMyName": getter("name"),
    "setMyDescription": setter("description"),
    "getMyDescription": getter("description"),
    "setMyShortDescription": setter("short_description"),
    "getMyShortDescription": getter("short_description"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": get_member_count,
    "leaveChat": leave,
    "getUserProfilePhotos": profile_photos,
    "logOut": log_out,
    "close": close,
}
