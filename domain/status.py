"""How the bot is doing, as an admin sees it: queues, errors, limits, backups, and messages that wait for a decision."""

import datetime as dt
from collections.abc import Callable, Collection
from enum import StrEnum
from itertools import pairwise

from domain.values import frozen

DAY = dt.timedelta(days=1)
HELD_PAGE = 4  # messages on a screen: two lines and a row of buttons each
FRESH = dt.timedelta(minutes=2)  # a queue that is older than this, or a server that was silent longer, needs a look
MANY_WAITING = 1_000  # updates at Telegram, which keeps them a day
GROWING = 100  # fewer that grow are a busy minute
LOOKS = 6  # a minute apart: growing all the while, they will soon be many
LITTLE_SPACE = 200 * 1024 * 1024  # bytes; below that a backup or a busy day may fill the disk


def is_backlog(counts: Collection[int]) -> bool:
    """Whether Telegram holds back too much, by how much it held at each look, the latest last."""
    late = list(counts)[-LOOKS:]
    if late[-1] > MANY_WAITING:
        return True
    return len(late) == LOOKS and late[-1] >= GROWING and all(a < b for a, b in pairwise(late))


class Trace(StrEnum):
    """Where an error came from."""

    UPDATE = "update"  # a message that was put aside
    SEND = "send"
    JOB = "job"
    LOG = "log"  # what only the log knows, since the start of this process


@frozen
class ErrorLine:
    """Something that went wrong. ``who`` is the person it concerned, ``words`` are the machine's own."""

    at: dt.datetime
    trace: Trace
    reference: str | None = None
    who: str | None = None
    words: str = ""


@frozen
class Vitals:
    """What no row tells: how this process is doing.

    Attributes:
        heard_at: the latest answer to a poll; ``None`` with a webhook, or before the first.
        limited: 429 answers since the start.
        free_bytes: on the disk of the data.
    """

    version: str = ""
    started_at: dt.datetime | None = None
    webhook: bool = False
    heard_at: dt.datetime | None = None
    limited: int = 0
    free_bytes: int | None = None
    errors: tuple[ErrorLine, ...] = ()


def unknown_vitals() -> Vitals:
    """For who runs without a process around it."""
    return Vitals()


Pulse = Callable[[], Vitals]


@frozen
class Queues:
    """How much waits and what became of the rest; ``…_since`` is since when the oldest waits.

    ``sent``, ``failed`` and ``slowed`` (people who sent too much at once) are of the last 24 hours.
    """

    updates: int
    updates_since: dt.datetime | None
    aside: int
    due_letters: int
    letters_since: dt.datetime | None
    later_letters: int
    sending: int
    held: int
    sent: int
    failed: int
    due: int
    jobs: int
    slowed: int
    received_at: dt.datetime | None


@frozen
class Worker:
    """Who holds a role, where several processes share a database."""

    role: str
    owner: str
    alive: bool


@frozen
class HeldLine:
    """A message of which nobody knows whether it arrived, or that was held after a restore."""

    id: int
    at: dt.datetime
    who: str
    method: str
    words: str


class Concern(StrEnum):
    """What needs a look, the worst first."""

    SILENT = "silent"
    STUCK = "stuck"
    SPACE = "space"
    BACKUP = "backup"
    ASIDE = "aside"
    HELD = "held"


def concerns(queues: Queues, vitals: Vitals, *, backup_overdue: bool, now: dt.datetime) -> tuple[Concern, ...]:
    """What an admin should look at; empty when all is well."""
    waiting = [at for at in (queues.updates_since, queues.letters_since) if at is not None]
    held = {
        Concern.SILENT: vitals.heard_at is not None and now - vitals.heard_at > FRESH,
        Concern.STUCK: any(now - at > FRESH for at in waiting),
        Concern.SPACE: vitals.free_bytes is not None and vitals.free_bytes < LITTLE_SPACE,
        Concern.BACKUP: backup_overdue,
        Concern.ASIDE: queues.aside > 0,
        Concern.HELD: queues.held > 0,
    }
    return tuple(concern for concern, holds in held.items() if holds)
