"""What a handler answers: values that the frame turns into messages. Nothing here sends."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import field
from enum import StrEnum
from html import escape as _escape
from typing import Any, TypeVar, dataclass_transform
from zlib import crc32

from domain.values import frozen

MOST_COPIED = 256  # characters that a button may put on the clipboard
LONGEST_LABEL = 40  # characters of a button; longer ones are cut by phones anyway


T = TypeVar("T")
Payload = Any  # an instance of a class that ``payload`` declared: a decorator cannot say so in a type
PAYLOADS: dict[str, type] = {}


@dataclass_transform(frozen_default=True)
def payload(tag: str) -> Callable[[type[T]], type[T]]:
    """Declare what a pressed button carries: a frozen dataclass of ``int`` and ``StrEnum`` fields, known by ``TAG``.

    The tag is name and version, such as ``tu1``.

    Raises:
        ValueError: the tag is taken, or holds one of the wire's own separators.
    """

    def declare(cls: type[T]) -> type[T]:
        cls.__repr__ = pack  # type: ignore[method-assign]
        made = frozen(cls)
        made.TAG = tag  # type: ignore[attr-defined]
        if tag in PAYLOADS or "." in tag or "~" in tag:
            raise ValueError(f"payload tag {tag!r} is taken or malformed")
        PAYLOADS[tag] = made
        return made

    return declare


def _values(value: Payload) -> list[Any]:
    return [getattr(value, name) for name in value.__match_args__]


def tag_of(kind: type) -> str:
    """The tag under which a payload type was declared."""
    tag: str = kind.TAG  # type: ignore[attr-defined]
    return tag


def pack(value: Payload) -> str:
    """``tag.f.f``: the payload as the wire carries it, before it is signed."""
    return ".".join([value.TAG, *map(_pack, _values(value))])


def unpack(text: str) -> Payload | None:
    """The payload that ``pack`` made, or ``None`` when the tag or a field is unknown to this version."""
    tag, *parts = text.split(".")
    cls = PAYLOADS.get(tag)
    if cls is None:
        return None
    fields = dataclasses.fields(cls)
    if len(fields) != len(parts):
        return None
    try:
        return cls(*(_unpack(f.type, part) for f, part in zip(fields, parts, strict=True)))
    except ValueError:
        return None


def _pack(value: Any) -> str:
    if value is None:
        return ""
    return _base36(value) if type(value) is int else str(value)


def _unpack(kind: Any, part: str) -> Any:
    if kind is int:
        return int(part, 36)
    if part == "" and type(None) in getattr(kind, "__args__", ()):
        return None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(part)
    (inner,) = (k for k in kind.__args__ if k is not type(None))
    return _unpack(inner, part)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int) -> str:
    sign, number, text = ("-" if number < 0 else ""), abs(number), ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return sign + text


class Style(StrEnum):
    """Colour of a button where the client knows it; red only for what deletes."""

    DANGER = "danger"
    SUCCESS = "success"
    PRIMARY = "primary"


@frozen
class Button:
    """An inline button: exactly one of ``payload``, ``url`` and ``copy``."""

    label: str
    payload: Payload | None = None
    url: str | None = None
    copy: str | None = None
    style: Style | None = None


@frozen
class Key:
    """A key of the reply keyboard."""

    label: str
    request_contact: bool = False
    request_location: bool = False


@frozen
class Ask:
    """The open dialog after this reply: the next text, contact or file of this person goes to ``step``.

    ``facts`` are small JSON values. A question without a button is no screen: Telegram shows either those or a hint in the
    input field, and a way on is worth more.
    """

    step: str
    facts: dict[str, Any] = field(default_factory=dict)


DONE = Ask("")  # the dialog is over

Rows = Sequence[Sequence[Button]]


@frozen
class File:
    """Bytes that leave with a reply: a row of their own until the send is settled."""

    name: str
    content: bytes
    photo: bool = False


@frozen
class Shown:
    """A photo, voice note, file or place that Telegram has already, shown by its id (``handlers.routing.Media``)."""

    kind: str  # photo | voice | document | location
    file_id: str = ""
    latitude: float | None = None
    longitude: float | None = None


@frozen
class Reply:
    """One message to the person who spoke (or pressed), and what goes with it.

    A reply to a text is a new message. A reply to a press edits the pressed message, unless ``fresh``.

    Attributes:
        text: HTML in which every value is escaped; empty with a ``toast`` alone.
        rows: the inline keyboard.
        keys: the reply keyboard under the input field; ``()`` removes it, ``None`` leaves it.
        toast: short words shown over the chat for a press, at most 200 characters; ``alert`` makes it a box.
        ask: the dialog after this reply; ``None`` ends one that was open, except after a press or an edit.
        also: further messages to the same person, in order.
        notices: messages to others, by person id.
        living: name of what the message tracks; its message id is kept, so that later replies can edit it.
        edit_living: edit the message kept under ``living`` rather than send (or the pressed one).
        shown: a file or place that goes with the text as its caption; a place stands before the text.
        reply_to: the message of the same chat that this one answers.
        delete: a message of the bot in this chat that is taken away; alone.
        quiet: without sound.
        react: an emoji set on the person's own message.
        menus: the person's command menu must be published again.
        protected: it can be neither forwarded nor saved: a customer's card. It never takes the place of a message that can.
        dedupe: a business key; a second row with the same one is not sent.
        secret: holds what lets somebody in, or what nobody may know of whom: forgotten here as soon as it was sent, and
            so is the update that it answers.
    """

    text: str = ""
    rows: Rows = ()
    keys: Sequence[Sequence[Key]] | None = None
    toast: str | None = None
    alert: bool = False
    ask: Ask | None = None
    also: tuple["Reply", ...] = ()
    notices: tuple["Notice", ...] = ()
    file: File | None = None
    shown: Shown | None = None
    reply_to: int | None = None
    delete: int | None = None
    living: str | None = None
    edit_living: bool = False
    fresh: bool = False
    quiet: bool = False
    react: str | None = None
    menus: bool = False
    protected: bool = False
    dedupe: str | None = None
    secret: bool = False


class CopyRule(StrEnum):
    """What happens to a send whose fate is unknown; ARCHITECTURE.md has the table."""

    MUST = "must"
    ONCE_MORE = "once_more"
    NEVER = "never"
    EDIT = "edit"


class Lane(StrEnum):
    """Order of what leaves: answers before reminders before campaigns."""

    ANSWER = "answer"
    REMINDER = "reminder"
    CAMPAIGN = "campaign"


@frozen
class Notice:
    """A message to somebody else than the one who acted.

    ``after`` holds it back for a while; with ``reply.dedupe`` as its key it can be taken back meanwhile
    (``storage.outbox.cancel``). Somebody who stopped all messages gets none but those in lane ``ANSWER``.
    """

    person_id: int
    reply: Reply
    lane: Lane = Lane.REMINDER
    copy_rule: CopyRule = CopyRule.MUST
    after: dt.timedelta = dt.timedelta()


def escape(value: str) -> str:
    """A value for HTML: escaped, without the characters that would turn a line round or hide a part of it."""
    return _escape(straight(value), quote=False)


def mark_of(text: str) -> int:
    """A number by which a button knows whether what it was made for still waits in the open dialog."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def straight(value: str) -> str:
    """A value where there is no HTML, such as on a button, without the same characters."""
    return value if _BIDI.isdisjoint(value) else "".join(c for c in value if c not in _BIDI)


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00")


def fit(value: str, most: int = 38) -> str:
    """Names for a button on one line, cut to the width of ``most`` Latin characters; a Chinese one takes 1.6 of them."""
    line, room = " ".join(value.split()), float(most)
    for i, sign in enumerate(line):
        room -= _width(sign)
        if room < 0:
            return line[: max(i - 1, 1)].rstrip() + "…"
    return line


def _width(sign: str) -> float:
    return 1.6 if sign > "\u2e7f" else 1


def capital(words: str) -> str:
    """Words at the beginning of a line or label; Chinese has no capitals."""
    return words[:1].upper() + words[1:]


def clip(value: str, most: int) -> str:
    """``value`` on one line, cut to ``most`` characters with an ellipsis."""
    line = " ".join(value.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
