"""What the frame does by itself: menus at the start, forgetting in time, alerts, and whether there is anything to do."""

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot import menus, metrics
from bot.core import Core
from bot.outgoing import Address, Composer
from domain.people import Role
from handlers.routing import Route
from storage import due, inbox, outbox
from storage.uow import UnitOfWork
from views import errors
from views.language import Translator

log = structlog.stdlib.get_logger("keyuan.chores")

FORGET_EVERY = 3600.0  # seconds
COUNT_EVERY = 15.0
LAG_EVERY = 0.5


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
    await core.insist(lambda uow, now: _alert_of_second_bot(uow, composer, now=now))


def _alert_of_second_bot(uow: UnitOfWork, composer: Composer, *, now: dt.datetime) -> None:
    letters = []
    for admin in uow.people.staff(frozenset({Role.ADMIN})):
        reply = errors.second_bot(Translator(admin.locale, admin.zone))
        reply = replace(reply, dedupe=f"second_bot:{admin.person_id}:{now:%Y-%m-%dT%H}")
        letters += composer.letters(reply, Address(admin.telegram_id, admin.person_id), now=now)
    outbox.add(uow.connection, letters)


def unfinished(uow: UnitOfWork, now: dt.datetime) -> int:
    """How much is to be done at this moment: updates, letters, due things, jobs."""
    connection = uow.connection
    letters = inbox.waiting(connection)[0] + outbox.waiting(connection, now=now)[0]
    return letters + due.waiting(connection, now=now) + uow.jobs.open_count()


async def run(core: Core) -> None:
    """Forget in time and count the queues, until cancelled."""
    loop = asyncio.get_running_loop()
    forget_at = 0.0
    while True:
        if loop.time() >= forget_at:
            await _forget(core)
            forget_at = loop.time() + FORGET_EVERY
        await core.insist(_count)
        await asyncio.sleep(COUNT_EVERY)


async def _forget(core: Core) -> None:
    """In small units, so that nobody waits for it."""
    while await core.insist(lambda uow, now: inbox.forget(uow.connection, now=now)):
        pass
    while await core.insist(lambda uow, now: outbox.forget(uow.connection, now=now)):
        pass
    await core.insist(lambda uow, _now: uow.dialogs.forget_expired() + uow.jobs.forget() + uow.people.forget_guesses())


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
