"""Which roles this process has: sender, poller, clock. With SQLite all of them; with PostgreSQL those it holds a lease of.

Roles are renewed through the core, so a worker whose core is stuck loses them, as it should.
"""

import asyncio
import contextlib
import datetime as dt
import os
import secrets
import socket
from collections.abc import Callable

import structlog

from bot.core import Core
from storage import leases, outbox
from storage.leases import NAMES, SENDER, TTL
from storage.uow import UnitOfWork

log = structlog.stdlib.get_logger("keyuan.roles")

RENEW_EVERY = TTL.total_seconds() / 3
RELEASE_SECONDS = 2.0
SAFE = TTL.total_seconds() * 2 / 3  # seconds after the last renewal in which a role is still surely ours


class Roles:
    """``shared`` is false where no other process can be: then nothing is asked and nothing is lost."""

    def __init__(self, *, shared: bool) -> None:
        self.me = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._shared = shared
        self._fences: dict[str, int] = {}
        self._until = 0.0
        self._loop = asyncio.get_running_loop()

    def has(self, role: str) -> bool:
        """Whether the role is ours; read from both threads."""
        return not self._shared or (role in self._fences and self._loop.time() < self._until)

    def fence(self, role: str) -> tuple[str, int] | None:
        """What a statement that relies on the role has to name; ``None`` where there are no leases."""
        return (self.me, self._fences.get(role, 0)) if self._shared else None

    async def run(self, core: Core, *, on_change: Callable[[], None]) -> None:
        """Renew and take what can be had, until cancelled."""
        while self._shared:
            asked_at = self._loop.time()
            before = self._fences
            self._fences = await core.insist(self._renew)
            self._until = asked_at + SAFE
            if self._fences != before:
                log.info("roles", held=sorted(self._fences))
                on_change()
            await asyncio.sleep(RENEW_EVERY)

    def _renew(self, uow: UnitOfWork, now: dt.datetime) -> dict[str, int]:
        connection, held = uow.connection, {}
        for role in NAMES:
            fence = leases.hold(connection, role, self.me)
            if fence is None:
                continue
            held[role] = fence
            if role == SENDER and fence != self._fences.get(SENDER):
                outbox.recover(connection, now=now)  # what the one before us had in its hands
        return held

    async def release(self, core: Core) -> None:
        """Let another worker go on at once."""
        if self._shared:
            self._fences = {}
            with contextlib.suppress(TimeoutError):  # without it they end by themselves, a little later
                async with asyncio.timeout(RELEASE_SECONDS):
                    await core.insist(lambda uow, _now: leases.release(uow.connection, self.me))
