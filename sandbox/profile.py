"""What the bot has told BotFather's side of Telegram: command menus, names, descriptions, menu buttons."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.people import Person

Commands = list[dict[str, Any]]
PRIVATE_SCOPES = ("all_private_chats", "default")  # after the chat's own, in the order in which a phone looks


@dataclass(slots=True)
class Profile:
    commands: dict[tuple[str, str], Commands] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    def menu_of(self, person: Person) -> Commands:
        """The first list that is set, by scope and then by language, as a phone resolves it in a private chat."""
        language = person.language_code.partition("-")[0]
        for scope in (f"chat:{person.id}", *PRIVATE_SCOPES):
            for code in dict.fromkeys((language, "")):
                if found := self.commands.get((scope, code)):
                    return found
        return []

    def text_of(self, kind: str, language_code: str) -> str:
        """Name, description or short description in a language, or the one for everybody."""
        return self.texts.get((kind, language_code), self.texts.get((kind, ""), ""))

    def clear(self) -> None:
        self.commands.clear()
        self.texts.clear()
        self.menu_buttons.clear()


def scope_key(scope: dict[str, Any] | None) -> str:
    """One text per scope: ``default``, ``chat:5``, ``chat_member:-7:5``."""
    if scope is None:
        return "default"
    return ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
