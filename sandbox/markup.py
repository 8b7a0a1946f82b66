"""Keyboards below messages: what the real server refuses beyond types and lengths."""

from typing import Any

from sandbox.chats import Chat, Entry
from sandbox.entities import checked_link
from sandbox.limits import MOST_BUTTONS, MOST_IN_A_ROW
from sandbox.refusals import mistake

Markup = dict[str, Any]
LABEL_FIELDS = frozenset({"text", "icon_custom_emoji_id", "style"})
PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


def check_markup(markup: Markup | None, chat: Chat) -> None:
    if markup is None:
        return
    rows: list[list[Any]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise mistake("reply markup is too long")
    for row in rows:
        if "inline_keyboard" in markup and len(row) > MOST_IN_A_ROW:
            raise mistake(f"a row of an inline keyboard must have at most {MOST_IN_A_ROW} buttons")
        for button in row:
            (_check_inline if "inline_keyboard" in markup else _check_reply)(button, chat)


def _check_inline(button: dict[str, Any], chat: Chat) -> None:
    actions = sorted(set(button) - LABEL_FIELDS)
    if not actions:
        raise mistake("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise mistake(f"inline keyboard button must have exactly one action, not {', '.join(actions)}")
    if actions == ["url"] and checked_link(button["url"]) is None:
        raise mistake(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if actions == ["web_app"]:
        _check_web_app(button, chat, kind="inline keyboard")


def _check_reply(button: dict[str, Any] | str, chat: Chat) -> None:
    if isinstance(button, str):
        return
    for name, words in PRIVATE_ONLY.items():
        if button.get(name) and not chat.is_private:
            raise mistake(words)
    if "web_app" in button:
        _check_web_app(button, chat, kind="keyboard")


def _check_web_app(button: dict[str, Any], chat: Chat, *, kind: str) -> None:
    url = button["web_app"]["url"]
    if not chat.is_private:
        raise mistake("BUTTON_TYPE_INVALID")
    if not url.startswith("https://") or checked_link(url) is None:
        raise mistake(f"{kind} button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def apply_markup(markup: Markup | None, chat: Chat, entry: Entry) -> None:
    """Put a keyboard where a phone shows it. A message that brought a reply keyboard can never be edited."""
    if not markup:
        return
    entry.editable = "inline_keyboard" in markup
    if "inline_keyboard" in markup:
        if any(markup["inline_keyboard"]):
            entry.raw["reply_markup"] = {"inline_keyboard": [row for row in markup["inline_keyboard"] if row]}
    elif "keyboard" in markup:
        chat.keyboard, chat.force_reply = markup, None
    elif markup.get("remove_keyboard"):
        chat.keyboard = None
    else:
        placeholder = markup.get("input_field_placeholder", "")
        chat.force_reply = {"message_id": entry.raw["message_id"], "placeholder": placeholder}
