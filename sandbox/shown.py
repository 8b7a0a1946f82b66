"""Chats as the page draws them: plain JSON with safe HTML, nothing that the page would have to know the Bot API for."""

import datetime as dt
from html import escape
from typing import Any

from sandbox.chats import Chat, Entry
from sandbox.entities import Entity
from sandbox.files import Stored
from sandbox.world import World

TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "blockquote": "blockquote"}
MEDIA = ("photo", "document", "voice", "video", "audio", "sticker", "animation", "video_note")
SAFE_SCHEMES = ("http://", "https://", "tg://", "mailto:")


def chat_view(world: World, chat: Chat, *, since: int, viewer: int) -> dict[str, Any]:
    """Every message that changed after a version, oldest first, and the chat's keyboard and menu."""
    changed = sorted((e for e in chat.entries.values() if e.version > since), key=lambda e: int(e.raw["message_id"]))
    person = world.chats.people.get(viewer)
    return {
        "messages": [message_view(world, chat, entry, viewer=viewer) for entry in changed],
        "keyboard": _keyboard(chat),
        "force_reply": chat.force_reply,
        "menu": [] if person is None else world.profile.menu_of(person),
        "pinned": list(chat.pinned),
        "version": chat.version,
    }


def message_view(world: World, chat: Chat, entry: Entry, *, viewer: int) -> dict[str, Any]:
    raw = entry.raw
    if entry.removed:
        return {"id": raw["message_id"], "removed": True}
    text, entities = (
        raw.get("text") or raw.get("caption") or "",
        raw.get("entities") or raw.get("caption_entities") or [],
    )
    author = raw["from"]
    view = {
        "id": raw["message_id"],
        "from": "bot" if entry.by_bot else "me" if author["id"] == viewer else "other",
        "name": f"{author['first_name']} {author.get('last_name', '')}".strip(),
        "date": _iso(raw["date"]),
        "text": text,
        "entities": entities,
        "html": safe_html(text, entities),
        "edited": "edit_date" in raw,
        "inline": _inline(raw.get("reply_markup")),
        "silent": entry.silent,
        "version": entry.version,
    }
    view |= {"edit_date": _iso(raw["edit_date"])} if "edit_date" in raw else {}
    view |= _reply(raw) | _media(world, raw) | _service(raw)
    if reactions := chat.reactions.get(raw["message_id"]):
        view["reactions"] = reactions
    return view


def _iso(unix: int) -> str:
    return dt.datetime.fromtimestamp(unix, dt.UTC).isoformat()


def _reply(raw: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = {}
    if answered := raw.get("reply_to_message"):
        view |= {
            "reply_to": answered["message_id"],
            "reply_text": (answered.get("text") or answered.get("caption") or ""),
        }
    if origin := raw.get("forward_origin"):
        author = origin.get("sender_user")
        view["forwarded"] = author["first_name"] if author else origin.get("sender_user_name", "")
    if "media_group_id" in raw:
        view["album"] = raw["media_group_id"]
    if raw.get("has_protected_content"):
        view["protected"] = True
    return view


def _media(world: World, raw: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for kind in MEDIA:
        if kind in raw:
            file = raw[kind][-1] if kind == "photo" else raw[kind]
            view[kind] = file_view(world.files.by_id[file["file_id"]]) | {
                key: file[key] for key in ("width", "height", "duration", "title", "performer") if key in file
            }
    for kind in ("contact", "venue", "poll", "location"):
        if kind in raw:
            view[kind] = raw[kind]
    return view


def file_view(stored: Stored) -> dict[str, Any]:
    url = f"/sandbox/files/{stored.unique_id}"
    return {"name": stored.name, "mime": stored.mime, "size": stored.size, "url": url, "file_id": stored.id}


def _service(raw: dict[str, Any]) -> dict[str, Any]:
    """What a phone shows as a grey line in the middle."""
    kinds = ("pinned_message", "users_shared", "new_chat_members", "left_chat_member", "migrate_to_chat_id")
    kind = next((kind for kind in kinds if kind in raw), None)
    return {} if kind is None else {"service": kind}


def _inline(markup: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    return [[_button(button) for button in row] for row in (markup or {}).get("inline_keyboard", [])]


def _button(button: dict[str, Any]) -> dict[str, Any]:
    view = {"text": button["text"]}
    if "style" in button:
        view["style"] = button["style"]
    if "callback_data" in button:
        return view | {"kind": "callback", "data": button["callback_data"]}
    if "url" in button:
        return view | {"kind": "url", "url": button["url"]}
    if "copy_text" in button:
        return view | {"kind": "copy", "copy": button["copy_text"]["text"]}
    if "web_app" in button:
        return view | {"kind": "web_app", "url": button["web_app"]["url"]}
    key = next(key for key in button if key not in ("text", "style", "icon_custom_emoji_id"))
    if key.startswith("switch_inline_query"):
        query = button[key]
        return view | {"kind": "switch_inline", "query": query if isinstance(query, str) else query.get("query", "")}
    return view | {"kind": key}


def _keyboard(chat: Chat) -> dict[str, Any] | None:
    markup = chat.keyboard
    if markup is None:
        return None
    return {
        "rows": [[{"text": b} if isinstance(b, str) else b for b in row] for row in markup["keyboard"]],
        "placeholder": markup.get("input_field_placeholder", ""),
        "one_time": markup.get("one_time_keyboard", False),
        "resize": markup.get("resize_keyboard", False),
    }


def safe_html(text: str, entities: list[Entity]) -> str:
    """HTML that a page can show as it is: every sign of the text escaped, tags only from here, links to safe places."""
    signs = text.encode("utf-16-le")
    ends = {entity["offset"] for entity in entities} | {entity["offset"] + entity["length"] for entity in entities}
    cuts = sorted(ends | {0, len(signs) // 2})
    open_marks: list[Entity] = []
    out: list[str] = []
    for here, there in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        open_marks = _ended(open_marks, here, out)
        for entity in entities:
            if entity["offset"] == here and entity["length"]:
                out.append(_start(entity, signs))
                open_marks.append(entity)
        out.append(escape(signs[here * 2 : there * 2].decode("utf-16-le", "replace")))
    return "".join(out)


def _ended(open_marks: list[Entity], here: int, out: list[str]) -> list[Entity]:
    """Close what ends here; what was opened after it is closed too and opened again."""
    again: list[Entity] = []
    while any(mark["offset"] + mark["length"] <= here for mark in open_marks):
        mark = open_marks.pop()
        out.append(f"</{_tag(mark)}>")
        if mark["offset"] + mark["length"] > here:
            again.append(mark)
    for mark in reversed(again):
        out.append(_start(mark, b""))
        open_marks.append(mark)
    return open_marks


def _tag(entity: Entity) -> str:
    match entity["type"]:
        case "spoiler" | "custom_emoji" | "date_time":
            return "span"
        case "expandable_blockquote":
            return "blockquote"
        case "pre":
            return "pre"
        case kind:
            return TAGS.get(kind, "a")


def _start(entity: Entity, signs: bytes) -> str:
    kind = entity["type"]
    covered = signs[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le", "replace")
    match kind:
        case "text_link":
            return _anchor(entity["url"])
        case "url":
            return _anchor(covered if "://" in covered else f"http://{covered}")
        case "email":
            return _anchor(f"mailto:{covered}")
        case "text_mention":
            return f'<a class="mention" data-user="{int(entity["user"]["id"])}">'
        case "pre" if entity.get("language"):
            return f'<pre data-language="{escape(str(entity["language"]))}">'
        case "expandable_blockquote":
            return '<blockquote class="expandable">'
        case "bot_command" | "mention" | "hashtag" | "cashtag" | "phone_number":
            return f'<a class="{kind}">'
        case "spoiler" | "custom_emoji" | "date_time":
            return f'<span class="{kind}">'
        case _:
            return f"<{_tag(entity)}>"


def _anchor(url: str) -> str:
    if not url.lower().startswith(SAFE_SCHEMES):
        return "<a>"
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
