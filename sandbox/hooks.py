"""Webhook delivery: order within a chat, a lane of its own for each person's presses, repeated until it is taken.

An update that gets no 2xx is sent again, at first at once, then at doubling distances; ``Retry-After`` is obeyed.
"""

import asyncio
import contextlib
import ipaddress
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sandbox.refusals import Refused, bad_request, mistake
from sandbox.updates import Waiting
from sandbox.world import World

PORTS = (80, 88, 443, 8443)
LONGEST_PAUSE = 60.0  # seconds between two attempts; the real one draws 60 to 120
LONGEST_RETRY_AFTER = 3600.0


class Hook:
    """The webhook of the bot, when it has one."""

    def __init__(self, world: World, *, first_pause: float = 0.5) -> None:
        self._world = world
        self._first_pause = first_pause
        self._task: asyncio.Task[None] | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        tasks = [task for task in (self._task, *self._lanes.values()) if task is not None]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    async def _deliver(self) -> None:
        """Give every lane that has something to say a task of its own."""
        updates = self._world.updates
        while True:
            await updates.arrived.wait()
            updates.arrived.clear()
            if not updates.webhook_set:
                continue
            for lane in dict.fromkeys(item.lane for item in updates.waiting):
                if lane not in self._lanes:
                    self._lanes[lane] = asyncio.create_task(self._serve(lane))

    async def _serve(self, lane: int) -> None:
        """Deliver one lane in order until it is empty or the webhook is gone."""
        updates, settings = self._world.updates, self._world.webhook
        try:
            pause = 0.0
            while updates.webhook_set and settings is self._world.webhook:
                updates.expire()
                item = next((item for item in updates.waiting if item.lane == lane), None)
                if item is None:
                    return
                async with settings["slots"]:
                    taken, wait = await self._post(item, settings)
                if taken:
                    updates.take(item)
                    pause = 0.0
                    continue
                await asyncio.sleep(wait or pause)
                pause = min(max(pause * 2, self._first_pause), LONGEST_PAUSE)
        finally:
            del self._lanes[lane]
            updates.arrived.set()

    async def _post(self, item: Waiting, settings: dict[str, Any]) -> tuple[bool, float]:
        """Whether the bot took it, and how long it asked to be left alone."""
        headers = {"Content-Type": "application/json"}
        if settings["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = settings["secret_token"]
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        try:
            body = item.text.encode("utf-8", "surrogatepass")
            async with self._session.post(settings["url"], data=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                if 200 <= answer.status < 300:
                    return True, 0.0
                self._note_error(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return False, _retry_after(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note_error(str(error) or "Connection timed out")
            return False, 0.0

    def _note_error(self, words: str) -> None:
        if self._world.webhook:
            self._world.webhook |= {"last_error_date": self._world.clock.unix(), "last_error_message": words}


def _retry_after(text: str) -> float:
    return min(float(text), LONGEST_RETRY_AFTER) if text.replace(".", "", 1).isdigit() else 0.0


def set_webhook(world: World, params: dict[str, Any]) -> bool:
    url = params["url"]
    if "certificate" in params:
        raise bad_request("certificates are not supported by this server")
    if params.get("drop_pending_updates"):
        world.updates.drop()
    if not url:
        return _unset(world)
    parts = urlsplit(url)
    is_here = _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise mistake("bad webhook: HTTPS URL must be provided for webhook")
    if not is_here and (parts.port or 443) not in PORTS:
        raise mistake("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if "allowed_updates" in params:
        world.updates.allowed = params["allowed_updates"]
    most = params.get("max_connections", 40)
    if world.pacing.is_on and time.monotonic() - world.webhook.get("set_at", -1.0) < 1:
        raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
    world.webhook = {
        "url": url,
        "secret_token": params.get("secret_token", ""),
        "max_connections": most,
        "slots": asyncio.Semaphore(most),
        "set_at": time.monotonic(),
    }
    world.updates.webhook_set = True
    world.updates.stop_polling("Conflict: terminated by setWebhook request")
    world.updates.arrived.set()
    return True


def _unset(world: World) -> bool:
    world.webhook = {}
    world.updates.webhook_set = False
    return True


def delete_webhook(world: World, params: dict[str, Any]) -> bool:
    if params.get("drop_pending_updates"):
        world.updates.drop()
    return _unset(world)


def webhook_info(world: World, params: dict[str, Any]) -> dict[str, Any]:
    world.updates.expire()
    info: dict[str, Any] = {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    shown = ("max_connections", "last_error_date", "last_error_message")
    info |= {key: world.webhook[key] for key in shown if key in world.webhook}
    return info | ({"allowed_updates": world.updates.allowed} if world.updates.allowed else {})


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


METHODS: dict[str, Callable[[World, dict[str, Any]], Any]] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
}
