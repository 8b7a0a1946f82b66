"""What the frame does by itself: menus at the start, forgetting in time, alerts, and whether there is anything to do."""

import asyncio
import datetime as dt
import hashlib
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot import menus, metrics
from bot.core import Core
from bot.outgoing import Address, Composer
from domain.people import ADMINS
from domain.status import LOOKS, is_backlog
from handlers.routing import Route
from storage import due, inbox, outbox, search
from storage.uow import UnitOfWork
from views import errors
from views.language import Translator
from views.replies import Reply

log = structlog.stdlib.get_logger("keyuan.chores")

FORGET_EVERY = 3600.0  # seconds
COUNT_EVERY = 15.0
NOTE_EVERY = 600.0
MERGE_EVERY = 86400.0
ALIVE = "alive"  # the setting that says when we last were
LONG_ABSENCE = dt.timedelta(hours=20)  # worth a line in the log
MISSING_AFTER = dt.timedelta(hours=24)  # older messages are never delivered
LAG_EVERY = 0.5
LOOK_EVERY = 60.0


def publish_menus(uow: UnitOfWork, routes: Sequence[Route], *, now: dt.datetime) -> None:
    """The menus of all staff, each only when it differs from what was published before."""
    letters = []
    for actor in uow.people.staff():
        letter = menus.letter(routes, actor, now=now)
        print_of = hashlib.sha256(json.dumps(letter.params, sort_keys=True).encode()).hexdigest()[:16]
        letters.append(replace(letter, dedupe_key=f"menu:{actor.person_id}:{print_of}"))
    outbox.add(uow.connection, letters)


def take_over(uow: UnitOfWork, now: dt.datetime) -> None:
    """At the start of the only process: what the last one had in its hands when it ended is decided about."""
    outbox.recover(uow.connection, now=now)
    uow.jobs.abandon_all()


async def tell_of_second_bot(core: Core, composer: Composer) -> None:
    """Tell every admin, at most once an hour."""
    await core.insist(
        lambda uow, now: _alert(uow, composer, errors.second_bot, key=f"second_bot:{now:%Y-%m-%dT%H}", now=now)
    )


class Backlog:
    """What Telegram holds back: whoever lets it grow loses messages after a day."""

    def __init__(self, bot: Bot, core: Core, composer: Composer) -> None:
        self._bot = bot
        self._core = core
        self._composer = composer
        self._counts: deque[int] = deque(maxlen=LOOKS)

    async def watch(self) -> None:
        """A look every minute, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    async def look(self) -> None:
        """Tell every admin, at most once an hour, when too much waits there."""
        try:
            self._counts.append(int((await self._bot.do_api_request("getWebhookInfo"))["pending_update_count"]))
        except (TelegramError, KeyError, TypeError, ValueError):  # away, or another kind of server: the poller tells
            return
        if is_backlog(tuple(self._counts)):
            count = self._counts[-1]
            log.error("backlog", count=count)
            await self._core.insist(
                lambda uow, now: _alert(
                    uow,
                    self._composer,
                    lambda t: errors.backlog(t, count),
                    key=f"backlog:{now:%Y-%m-%dT%H}",
                    now=now,
                )
            )


def tell_of_absence(uow: UnitOfWork, composer: Composer, *, now: dt.datetime) -> None:
    """At the start: Telegram keeps messages for a day, so after a longer absence some may be missing, and which."""
    seen = uow.settings.value(ALIVE)
    since = dt.datetime.fromisoformat(seen["at"]) if seen else now
    if now - since > MISSING_AFTER:
        _alert(uow, composer, lambda t: errors.absence(t, since, now), key=f"absence:{seen}", now=now)
    if since > now:
        set_back(uow, now)
    if now - since > LONG_ABSENCE:
        log.warning("long_absence", hours=round((now - since).total_seconds() / 3600))
    _note_alive(uow, now)


def set_back(uow: UnitOfWork, now: dt.datetime) -> None:
    """The clock shows an earlier time than before."""
    outbox.hurry(uow.connection, now=now)


def _note_alive(uow: UnitOfWork, now: dt.datetime) -> None:
    uow.settings.store(ALIVE, {"at": now.isoformat()})


def _alert(
    uow: UnitOfWork, composer: Composer, say: Callable[[Translator], Reply], *, key: str, now: dt.datetime
) -> None:
    """Tell every admin, once for a key."""
    letters = []
    for admin in uow.people.staff(ADMINS):
        reply = replace(say(Translator.of(admin)), dedupe=f"{key}:{admin.person_id}")
        letters += composer.letters(reply, Address(admin.telegram_id, admin.person_id), now=now)
    outbox.add(uow.connection, letters)


def unfinished(uow: UnitOfWork, now: dt.datetime) -> int:
    """How much is to be done at this moment: updates, letters, due things, jobs."""
    connection = uow.connection
    letters = inbox.waiting(connection)[0] + outbox.waiting(connection, now=now)[0]
    return letters + due.waiting(connection, now=now) + uow.jobs.open_count()


async def run(core: Core) -> None:
    """Forget in time, keep the search quick, count the queues, note that we live, until cancelled."""
    loop = asyncio.get_running_loop()
    forget_at, note_at = 0.0, loop.time() + NOTE_EVERY
    merge_at = loop.time() + FORGET_EVERY
    while True:
        if loop.time() >= forget_at:
            await _forget(core)
            forget_at = loop.time() + FORGET_EVERY
        if loop.time() >= merge_at:
            await merge_index(core)
            merge_at = loop.time() + MERGE_EVERY
        if loop.time() >= note_at:
            await core.insist(_note_alive)
            note_at = loop.time() + NOTE_EVERY
        await core.insist(_count)
        await asyncio.sleep(COUNT_EVERY)


async def _forget(core: Core) -> None:
    """In small units, so that nobody waits for it."""
    while await core.insist(lambda uow, now: inbox.forget(uow.connection, now=now)):
        pass
    while await core.insist(lambda uow, now: outbox.forget(uow.connection, now=now)):
        pass
    await core.insist(lambda uow, now: uow.responses.forget(now=now))
    await core.insist(lambda uow, _now: uow.dialogs.forget_expired() + uow.jobs.forget() + uow.people.forget_guesses())


async def merge_index(core: Core) -> None:
    """In small units, too."""
    more = await core.insist(lambda uow, _now: search.merge_index(uow.connection, begin=True))
    while more:
        more = await core.insist(lambda uow, _now: search.merge_index(uow.connection, begin=False))


async def measure_lag() -> None:
    """How late the loop wakes up, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        at = loop.time() + LAG_EVERY
        await asyncio.sleep(LAG_EVERY)
        metrics.loop_lag.observe(max(0.0, loop.time() - at))


def _count(uow: UnitOfWork, now: dt.datetime) -> None:
    for waiting, count, age in (
        (inbox.waiting(uow.connection), metrics.inbox_waiting, metrics.inbox_age),
        (outbox.waiting(uow.connection, now=now), metrics.outbox_waiting, metrics.outbox_age),
    ):
        count.set(waiting[0])
        age.set((now - waiting[1]).total_seconds() if waiting[1] else 0)
