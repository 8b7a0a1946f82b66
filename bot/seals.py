"""Seals on the trail, a few seconds after each act; and once a day its head to every admin, who keeps it for us.

Of several workers the one with the clock's role does it.
"""

import asyncio
import contextlib
import datetime as dt
from dataclasses import replace

import structlog

from bot.core import Core
from bot.outgoing import Address, Composer
from bot.roles import Roles
from domain.people import ADMINS
from storage import outbox, seals
from storage.leases import CLOCK
from storage.uow import UnitOfWork
from views import seals as view
from views.language import Translator

log = structlog.stdlib.get_logger("keyuan.seals")

SEAL_EVERY = 5.0  # seconds
TELL_EVERY = 12  # times that
TOLD_FROM = dt.time(9)  # of the organisation's day: nobody is woken by it
TOLD = "seal_told"  # the setting that says which head was told last
LAST_SECONDS = 1.0  # of those that SIGTERM grants


class Seals:
    """Keeps the chain going; ``look`` is one look."""

    def __init__(self, core: Core, composer: Composer, roles: Roles) -> None:
        self._core = core
        self._composer = composer
        self._roles = roles

    async def run(self) -> None:
        """Seal and tell until cancelled."""
        number = 0
        while True:
            await asyncio.sleep(SEAL_EVERY)
            number += 1
            if self._roles.has(CLOCK):
                await self.seal()
                if number % TELL_EVERY == 0:
                    await self._core.insist(self._tell)

    async def look(self) -> None:
        """Seal everything, and tell the head if it is time."""
        await self.seal()
        await self._core.insist(self._tell)

    async def seal(self) -> None:
        """Seal all that is not sealed, in small units."""
        while await self._core.insist(lambda uow, _now: seals.seal(uow)):
            pass

    async def stop(self) -> None:
        """Seal what came last, if there is time; else the next start does."""
        if self._roles.has(CLOCK):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self.seal()

    def _tell(self, uow: UnitOfWork, now: dt.datetime) -> None:
        """Once a day, quietly, unless nothing was added since; the first day is over before anything is worth it."""
        local = now.astimezone(uow.organisation().zone)
        today, told = local.date().isoformat(), uow.settings.value(TOLD)
        if told is None:
            uow.settings.store(TOLD, {"number": 0, "day": today})
            return
        head = seals.head(uow.connection)
        if head is None or told["number"] == head.number or told["day"] == today or local.time() < TOLD_FROM:
            return
        letters = []
        for admin in uow.people.staff(ADMINS):
            reply = view.head(Translator.of(admin), head)
            reply = replace(reply, dedupe=f"seal:{admin.person_id}:{head.number}")
            letters += self._composer.letters(reply, Address(admin.telegram_id, admin.person_id), now=now)
        outbox.add(uow.connection, letters)
        uow.settings.store(TOLD, {"number": head.number, "day": today})
        log.info("head_told", number=head.number)
