"""Command menus per role and language: the registered routes that a role may use, with the words of ``views.menus``."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from domain.people import Actor, Side
from handlers.routing import Command, Route
from storage.outbox import Letter
from views.language import LOCALES, Translator
from views.menus import command_words
from views.replies import CopyRule

TELEGRAM_CODES = {"zh_Hans": "zh", "en": "en"}  # menus know two letters: Traditional readers get theirs by the chat


def commands(routes: Sequence[Route], side: Side, t: Translator) -> list[dict[str, str]]:
    """The menu of a side: what works for it, in the order of the table of words, each command once."""
    words: dict[str, str] = {}
    for route in routes:
        if isinstance(route.trigger, Command) and side in route.allowed:
            line = command_words(t, route.trigger.name, side)
            if line is not None:
                words.setdefault(route.trigger.name, line)
    return [{"command": name, "description": words[name]} for name in sorted(words, key=_place)]


ORDER = (
    *("today", "visit", "find", "new", "remind", "reminders", "pool"),
    *("team", "invite", "links", "history", "import", "export", "undo"),
    *("setup", "status"),
    *("feedback", "cases", "me", "advisor"),
    *("survey", "digest"),
    *("settings", "privacy", "stop", "help", "cancel", "start"),
)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def letter(routes: Sequence[Route], actor: Actor, *, now: dt.datetime) -> Letter:
    """The menu of one person's chat; who is neither member nor customer any more gets the menu of everybody."""
    method = "deleteMyCommands"
    params: dict[str, Any] = {"scope": {"type": "chat", "chat_id": actor.telegram_id}}
    if actor.side is not None:
        method = "setMyCommands"
        params["commands"] = commands(routes, actor.side, Translator.of(actor))
    return Letter(actor.telegram_id, method, params, now, person_id=actor.person_id, copy_rule=CopyRule.EDIT)


def for_strangers(routes: Sequence[Route], default_locale: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls that publish the menu of everybody else: one without a language, one per language it knows."""
    calls = []
    for locale in (None, *(name for name in LOCALES if name in TELEGRAM_CODES)):
        menu = commands(routes, None, Translator(locale or default_locale, ZoneInfo("UTC")))
        params: dict[str, Any] = {"commands": menu, "scope": {"type": "default"}}
        calls.append(("setMyCommands", params | ({"language_code": TELEGRAM_CODES[locale]} if locale else {})))
    return calls
