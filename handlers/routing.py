"""How an update finds its handler: triggers, routes, and the request that a handler gets.

Match order of the pipeline: signed payload | /command | open dialog step | what the message is made of.
``Route`` has no default for ``allowed``: who may is decided where the route is written.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from domain.carriers import Carrier
from domain.people import Actor, Side
from domain.status import Pulse, unknown_vitals
from domain.values import frozen
from storage.uow import UnitOfWork
from views.language import Translator
from views.replies import Payload, Reply

T = TypeVar("T")


class Content(StrEnum):
    """What a message is made of."""

    TEXT = "text"
    CONTACT = "contact"
    LOCATION = "location"
    PHOTO = "photo"
    VOICE = "voice"
    DOCUMENT = "document"
    EDIT = "edit"  # of an earlier text
    REACHABLE = "reachable"  # the person blocked or unblocked the bot
    JOINED = "joined"  # the person put the bot into a group


@frozen
class Media:
    """A file or place of a message, as Telegram's ids; bytes are fetched by jobs only.

    ``size`` is in bytes as Telegram states it, ``None`` where it does not.
    """

    kind: Content
    file_id: str = ""
    unique_id: str = ""
    name: str = ""
    mime: str = ""
    size: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None


@frozen
class SharedContact:
    """A contact card. ``own`` is true only for the sender's own number, not forwarded, in a private chat."""

    phone: str
    first_name: str
    last_name: str
    vcard: str
    telegram_id: int | None
    own: bool


@frozen
class Incoming:
    """An update in the product's own words, made by ``bot.wire`` from PTB's types."""

    update_id: int
    content: Content | None
    telegram_id: int
    chat_id: int
    private: bool
    said_at: dt.datetime
    message_id: int | None = None
    text: str = ""
    press: str | None = None  # raw callback data
    callback_id: str | None = None
    sealed: bool = False  # what was pressed can be neither forwarded nor saved
    media: Media | None = None
    contact: SharedContact | None = None
    reply_to: int | None = None
    forwarded: bool = False
    language_code: str | None = None
    name: str = ""
    username: str | None = None
    reachable: bool | None = None


@frozen
class Command:
    """``/name`` and its aliases; the request's text is what follows the command."""

    name: str
    aliases: tuple[str, ...] = ()

    def __init__(self, name: str, *aliases: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "aliases", aliases)


@frozen
class Step:
    """The open dialog step of this name; takes text unless ``content`` says otherwise."""

    name: str
    content: frozenset[Content] = frozenset({Content.TEXT})


@frozen
class Start:
    """``/start <prefix>…``: the request's text is the payload behind the prefix."""

    prefix: str


@frozen
class ReplyTo:
    """A reply to a message of the bot that tracks something (``Reply.living`` = ``<name>:<id>``): it is about that, even
    while a question is open. ``req.facts["subject"]`` is the id."""

    name: str


Trigger = Command | Step | Start | ReplyTo | Content | type


@dataclass(slots=True)
class Request:
    """One update, with everything a handler may use. ``uow`` commits for nobody: the frame does."""

    uow: UnitOfWork
    actor: Actor
    incoming: Incoming
    t: Translator
    now: dt.datetime
    said_at: dt.datetime
    text: str = ""
    payload: Payload | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # of the open dialog
    bot_username: str = ""
    public_url: str | None = None  # where customers without Telegram find their page
    carriers: frozenset[Carrier] = frozenset()  # how they can be written to
    vitals: Pulse = unknown_vitals  # how the process itself is doing

    def press(self, kind: type[T]) -> T:
        """The pressed payload, typed."""
        assert isinstance(self.payload, kind)
        return self.payload

    @property
    def today(self) -> dt.date:
        """The local day of the actor, by the clock."""
        return self.now.astimezone(self.actor.zone).date()


Handler = Callable[[Request], Reply]

PASS = Reply()  # a step's answer to a message that is not its own: it is taken as if no dialog were open


@frozen
class Route:
    """What starts a handler, and who may. ``once``: a press has its effect once, however often it is resent."""

    trigger: Trigger
    handler: Handler
    allowed: frozenset[Side]
    once: bool = False
