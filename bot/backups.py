"""Backups every night, by the program itself: off the core thread, tried out, rotated, and missed aloud.

When one is due is decided by rows, so a restart forgets nothing, and of several workers the one with the clock's role
does it. Not a job: those may only read through the database, and the folder belongs to the machine.
"""

import asyncio
import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot import metrics
from bot.core import Core
from bot.outgoing import Address, Composer
from bot.roles import Roles
from domain.backups import Backup, BackupState, Trouble, is_due, is_overdue
from domain.people import ADMINS
from storage import outbox
from storage.backup import BackupFailed, back_up, backups_in, keep_state, note_made, rotate, state_of
from storage.database import Unavailable
from storage.erasures import erased, write_list
from storage.leases import CLOCK
from storage.uow import UnitOfWork
from views import status as view
from views.language import Translator

log = structlog.stdlib.get_logger("keyuan.backups")

LOOK_EVERY = 60.0  # seconds
LONGEST = 3 * 3600.0  # seconds; then a disk or a server is stuck, and the admins shall hear of it


class Backups:
    """Makes what is due; ``look`` is one look."""

    def __init__(self, core: Core, composer: Composer, roles: Roles, *, url: str, folder: Path) -> None:
        self._core = core
        self._composer = composer
        self._roles = roles
        self._url = url
        self._folder = folder

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._roles.has(CLOCK):
                await self.look()

    async def look(self) -> None:
        """Make a backup if one is due, and tell the admins when there has been none for too long."""
        try:
            made = await asyncio.to_thread(backups_in, self._folder)
        except OSError as error:  # somebody tidies up at this very moment, or the folder cannot be read
            log.error("backups_not_listed", error=repr(error))
            made = []
        now, zone, state = await self._core.insist(lambda uow, now: _look(uow, made, now=now))
        if is_due(state, now=now, zone=zone):
            await self._make(now)
        await self._keep_list()
        age = await self._core.insist(self._alarm)
        metrics.backup_age.set(age.total_seconds())

    async def _keep_list(self) -> None:
        """Beside the backups, who was forgotten; where it cannot be written the next look tries again."""
        gone = await self._core.insist(lambda uow, _now: erased(uow))
        try:
            await asyncio.to_thread(write_list, self._folder, gone)
        except OSError as error:
            log.error("erased_list_not_written", error=repr(error))

    async def _make(self, now: dt.datetime) -> None:
        stopped = threading.Event()
        try:
            async with asyncio.timeout(LONGEST):
                made = await asyncio.to_thread(self._back_up, now, stopped)
        except (BackupFailed, Unavailable, TimeoutError, OSError) as error:
            log.error("backup_failed", error=repr(error))
            trouble, detail = getattr(error, "trouble", Trouble.OTHER), str(error)
            await self._core.insist(lambda uow, now: _note_failed(uow, trouble, detail, now=now))
        else:
            log.info("backup_made", file=made.file.name, bytes=made.size, rows=sum(made.rows.values()))
            await self._core.insist(lambda uow, _now: note_made(uow, made))
        finally:
            stopped.set()

    def _back_up(self, now: dt.datetime, stopped: threading.Event) -> Backup:
        made = back_up(self._url, self._folder, now=now, stop=stopped.is_set)
        for file in rotate(self._folder, now=now):
            log.info("backup_deleted", file=file.name)
        return made

    def _alarm(self, uow: UnitOfWork, now: dt.datetime) -> dt.timedelta:
        """Once a day to every admin, as long as there is none; returns how old the newest is."""
        state = state_of(uow)
        if not is_overdue(state, now=now):
            return now - state.covered_until
        day = now.astimezone(uow.organisation().zone).date()
        letters = []
        for admin in uow.people.staff(ADMINS):
            reply = view.no_backup(Translator.of(admin), state, now=now)
            reply = replace(reply, dedupe=f"no_backup:{admin.person_id}:{day}")
            letters += self._composer.letters(reply, Address(admin.telegram_id, admin.person_id), now=now)
        outbox.add(uow.connection, letters)
        return now - state.covered_until


def _look(uow: UnitOfWork, made: list[Backup], *, now: dt.datetime) -> tuple[dt.datetime, ZoneInfo, BackupState]:
    """What is known, with those in the folder that the command line made."""
    state = note_made(uow, made[-1]) if made else state_of(uow)
    return now, uow.organisation().zone, state


def _note_failed(uow: UnitOfWork, trouble: Trouble, detail: str, *, now: dt.datetime) -> None:
    keep_state(uow, replace(state_of(uow), tried_at=now, trouble=trouble, detail=detail))
