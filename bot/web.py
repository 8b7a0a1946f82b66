"""What the program answers over HTTP: the webhook, the pages of customers, and ``/healthz``, ``/readyz``, ``/metrics``.

The secret is compared before a byte of the body is read. 200 means committed to the inbox; 503 means that the database
could not store, and Telegram shall come again.
"""

import hmac
import json
from typing import Any, Protocol

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.bodies import body_of
from bot.intake import Intake, is_update
from bot.settings import Settings
from bot.web_pages import WebPages

log = structlog.stdlib.get_logger("keyuan.web")

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024  # bytes; an update has at most half of that
BODY_SECONDS = 10.0
KEEP_ALIVE = 75.0  # seconds; Telegram closes an idle connection after 60
RETRY_AFTER = {"Retry-After": "5"}


class Health(Protocol):
    """What the probes ask."""

    def is_alive(self) -> bool: ...

    def is_ready(self) -> bool: ...


class Web:
    """The server. Without a webhook and pages it answers the probes only."""

    def __init__(
        self,
        settings: Settings,
        intake: Intake,
        health: Health,
        *,
        pages: WebPages | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._health = health
        self._pages = pages
        self._body_seconds = body_seconds
        self._secret = (settings.webhook_secret.get_secret_value() if settings.webhook_secret else "").encode()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen where the settings say.

        Raises:
            OSError: the port is taken.
        """
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        if self._settings.webhook_url:
            app.router.add_post(self._settings.webhook_path, self._update)
        if self._pages:
            self._pages.add_to(app)
        listen = self._settings.listen_on
        assert listen is not None
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=5.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, listen.host, listen.port).start()

    async def stop(self) -> None:
        """Let requests under way end."""
        if self._runner:
            await self._runner.cleanup()

    async def _update(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return web.Response(status=401)
        try:
            body = await body_of(request, most=LARGEST_BODY, seconds=self._body_seconds)
            update = _json(body)
        except web.HTTPException as refusal:
            return web.Response(status=refusal.status)
        if not is_update(update):  # authenticated and valid, but nothing that has a number: never sent again
            log.error("update_without_number")
            return web.Response()
        try:
            await self._intake.store([(update, body)])
        except Exception as error:  # whatever it is, the update is not stored, and Telegram must come again
            log.error("update_not_stored", error=repr(error))
            return web.Response(status=503, headers=RETRY_AFTER)
        return web.Response()

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.getall(SECRET_HEADER, [])
        return len(given) == 1 and hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), self._secret)

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _answer(ok=self._health.is_alive())

    async def _readyz(self, _request: web.Request) -> web.Response:
        return _answer(ok=self._health.is_alive() and self._health.is_ready())

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _json(body: bytes) -> Any:
    """Raises ``HTTPException`` 400 for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # also bytes that are no text
        raise web.HTTPBadRequest from None


def _answer(*, ok: bool) -> web.Response:
    return web.Response(text="ok\n" if ok else "no\n", status=200 if ok else 503)
