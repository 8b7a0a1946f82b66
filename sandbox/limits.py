"""Lengths and paces that the method list leaves out: how long a field may be, how fast a bot may send.

Texts are counted in UTF-16 units, ``callback_data`` in bytes, as Telegram documents them.
"""

import math
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.entities import units
from sandbox.refusals import Refused, mistake

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_RAW = 4096, 1024, 32_768
MOST_BUTTONS, MOST_IN_A_ROW = 100, 8

LENGTHS: dict[tuple[str, str], tuple[int, int]] = {
    ("answerCallbackQuery", "text"): (0, 200),
    ("answerInlineQuery", "results"): (0, 50),
    ("BotCommand", "description"): (1, 256),
    ("CopyTextButton", "text"): (1, 256),
    ("deleteMessages", "message_ids"): (1, 100),
    ("copyMessages", "message_ids"): (1, 100),
    ("forwardMessages", "message_ids"): (1, 100),
    ("ForceReply", "input_field_placeholder"): (1, 64),
    ("ReplyKeyboardMarkup", "input_field_placeholder"): (1, 64),
    ("InputPollOption", "text"): (1, 100),
    ("sendContact", "phone_number"): (1, 64),
    ("sendContact", "first_name"): (1, 64),
    ("sendContact", "vcard"): (0, 2048),
    ("sendMediaGroup", "media"): (2, 10),
    ("sendPoll", "options"): (2, 12),
    ("sendPoll", "question"): (1, 300),
    ("setMyCommands", "commands"): (0, 100),
    ("setMyDescription", "description"): (0, 512),
    ("setMyName", "name"): (0, 64),
    ("setMyShortDescription", "short_description"): (0, 120),
    ("setWebhook", "secret_token"): (0, 256),
}
SHAPES: dict[tuple[str, str], tuple[re.Pattern[str], str]] = {
    ("BotCommand", "command"): (re.compile(r"/?[a-z0-9_]{1,32}"), "BOT_COMMAND_INVALID"),
    ("setWebhook", "secret_token"): (re.compile(r"[A-Za-z0-9_-]*"), "secret token contains unallowed characters"),
    ("InlineKeyboardButton", "style"): (re.compile("danger|success|primary"), "button style is invalid"),
    ("KeyboardButton", "style"): (re.compile("danger|success|primary"), "button style is invalid"),
    ("InlineQueryResultsButton", "start_parameter"): (re.compile(r"[A-Za-z0-9_-]{1,64}"), "START_PARAM_INVALID"),
}
NUMBERS: dict[tuple[str, str], tuple[float, float]] = {
    ("getUpdates", "limit"): (1, 100),
    ("getUpdates", "timeout"): (0, 50),
    ("sendLocation", "latitude"): (-90, 90),
    ("sendLocation", "longitude"): (-180, 180),
    ("setWebhook", "max_connections"): (1, 100),
}


def check_field(owner: str, name: str, value: Any) -> None:
    """Refuse a parameter or field that is too short, too long or of the wrong shape."""
    if (owner, name) == ("InlineKeyboardButton", "callback_data") and not 1 <= len(value.encode()) <= 64:
        raise mistake("BUTTON_DATA_INVALID")
    if owner.endswith("KeyboardButton") and name == "text" and not value.strip():
        kind = "inline keyboard" if owner.startswith("Inline") else "keyboard"
        raise mistake(f"{kind} button text must be non-empty")
    if span := LENGTHS.get((owner, name)):
        length = units(value) if isinstance(value, str) else len(value)
        if not span[0] <= length <= span[1]:
            raise mistake(f"{name} of {owner} must have {span[0]}-{span[1]} {_unit(value)}, not {length}")
    if (shape := SHAPES.get((owner, name))) and not shape[0].fullmatch(value):
        raise mistake(shape[1])
    if (borders := NUMBERS.get((owner, name))) and not borders[0] <= value <= borders[1]:
        raise mistake(f"{name} of {owner} must be from {borders[0]:g} to {borders[1]:g}, not {value:g}")


def _unit(value: Any) -> str:
    return "characters" if isinstance(value, str) else "items"


@dataclass(slots=True)
class Bucket:
    """Tokens that come back with time. Real time, not the server's: a bot paces itself by it."""

    size: float
    per_second: float
    tokens: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens, self.at = self.size, time.monotonic()

    def take(self) -> float:
        """0 when there was a token, else the seconds until there is one."""
        now = time.monotonic()
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


@dataclass(slots=True)
class Pacing:
    """How fast a bot may send: real limits are unpublished; these are the documented ones with room for a conversation.

    ``chat_burst`` messages at once in one chat, then ``chat_per_second``; ``per_second`` over all chats; in a group
    ``group_per_minute``. 0 switches a limit off.
    """

    per_second: float = 30.0
    chat_burst: float = 20.0
    chat_per_second: float = 1.0
    group_per_minute: float = 20
    _all: Bucket = field(init=False)
    _chats: dict[int, Bucket] = field(init=False, default_factory=dict)
    _groups: dict[int, deque[float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._all = Bucket(self.per_second, self.per_second)

    @classmethod
    def off(cls) -> "Pacing":
        return cls(0, 0, 0, 0)

    @property
    def is_on(self) -> bool:
        return bool(self.per_second or self.chat_burst or self.group_per_minute)

    def charge(self, chat_id: int) -> None:
        """Count one send. Raises a 429 that says how many seconds to wait."""
        waits = [self._chat_wait(chat_id), self._group_wait(chat_id) if chat_id < 0 else 0.0]
        if self.per_second and not any(waits):
            waits.append(self._all.take())
        if wait := max(waits):
            seconds = max(1, math.ceil(wait))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _chat_wait(self, chat_id: int) -> float:
        if not self.chat_burst:
            return 0.0
        return self._chats.setdefault(chat_id, Bucket(self.chat_burst, self.chat_per_second)).take()

    def _group_wait(self, chat_id: int) -> float:
        if not self.group_per_minute:
            return 0.0
        sent, now = self._groups.setdefault(chat_id, deque()), time.monotonic()
        while sent and sent[0] <= now - 60:
            sent.popleft()
        if len(sent) >= self.group_per_minute:
            return sent[0] + 60 - now
        sent.append(now)
        return 0.0
