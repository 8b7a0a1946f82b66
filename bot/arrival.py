"""What is said to the Bot API server at the start: who are we, where updates go, what the menu of strangers is."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import menus, wire
from bot.settings import Settings
from handlers.routing import Route

log = structlog.stdlib.get_logger("keyuan.arrival")

TOKEN_PATIENCE = 30.0  # seconds in which a 401 may be a proxy that restarts
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
HOOK_PAUSE = 5.0


class TokenRefused(Exception):
    """The Bot API server does not know the token."""


async def username(bot: Bot) -> str:
    """Who we are. A server that is away is waited for, one that refuses the token only for a while.

    Raises:
        TokenRefused: for half a minute.
    """
    refused_since, pause = None, FIRST_PAUSE
    loop = asyncio.get_running_loop()
    while True:
        try:
            me = await bot.do_api_request("getMe")
            return str(me["username"])
        except InvalidToken as error:
            refused_since = refused_since or loop.time()
            if loop.time() - refused_since > TOKEN_PATIENCE:
                raise TokenRefused(str(error)) from None
        except TelegramError as error:
            refused_since = None
            log.warning("server_away", error=repr(error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def set_webhook(bot: Bot, settings: Settings, *, connections: int) -> None:
    """Until the server takes it; what it holds back meanwhile is delivered then."""
    assert settings.webhook_secret is not None
    params = {
        "url": settings.webhook_url,
        "secret_token": settings.webhook_secret.get_secret_value(),
        "allowed_updates": wire.ALLOWED_UPDATES,
        "max_connections": connections,
    }
    while True:
        try:
            await bot.do_api_request("setWebhook", params)
        except TelegramError as error:
            log.warning("webhook_not_set", error=repr(error))
            await asyncio.sleep(HOOK_PAUSE)
        else:
            return


async def delete_webhook(bot: Bot) -> None:
    """Before polling; without a webhook there is nothing to delete, and a server that is away is met again soon."""
    with contextlib.suppress(TelegramError):
        await bot.do_api_request("deleteWebhook")


async def publish_default_menus(bot: Bot, routes: Sequence[Route], default_locale: str) -> None:
    """The menu of everybody who is no member; where it fails, the next start publishes it."""
    for method, params in menus.for_strangers(routes, default_locale):
        with contextlib.suppress(TelegramError):
            await bot.do_api_request(method, params)
