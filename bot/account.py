"""What the Bot API says of the bot itself, for commands beside it: one call, no retry, no token in an error."""

import datetime as dt
import json
from email.utils import parsedate_to_datetime
from typing import Any

from bot.settings import Settings
from domain.values import frozen

PATIENCE = 10  # seconds; somebody sits in front of the terminal


class ApiUnreachable(Exception):
    """The server did not answer, or not as a Bot API server does. The text is for the operator."""


class ApiRefused(Exception):
    """The server answered that it will not; ``code`` 401 and 404: it does not know the token."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


@frozen
class Account:
    """The bot as BotFather set it up; see ``getMe``."""

    username: str
    joins_groups: bool
    reads_all_in_groups: bool
    is_inline: bool


@frozen
class Answer:
    result: Any
    server_time: dt.datetime | None


async def call(settings: Settings, method: str) -> Answer:
    """Call a method without parameters.

    Raises:
        SettingsError: there is no token.
        ApiUnreachable, ApiRefused
    """
    import aiohttp  # 0.2 s; most commands only name these errors

    url = f"{settings.api_url}/bot{settings.token}/{method}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.post(url, allow_redirects=False) as response,
        ):
            body, code, date = await response.read(), response.status, response.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        reason = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        raise ApiUnreachable(f"{settings.api_url} cannot be reached ({reason})") from None  # its text has the address
    try:
        answer = json.loads(body)
        if not answer["ok"]:
            raise ApiRefused(int(answer.get("error_code", code)), str(answer.get("description", "")))
        return Answer(answer["result"], _instant(date))
    except (ValueError, KeyError, TypeError):
        raise ApiUnreachable(f"{settings.api_url} answered, but not as a Bot API server does ({code})") from None


def account_of(me: dict[str, Any]) -> Account:
    """What ``getMe`` said, as far as it matters here."""
    return Account(
        username=str(me.get("username", "")),
        joins_groups=bool(me.get("can_join_groups")),
        reads_all_in_groups=bool(me.get("can_read_all_group_messages")),
        is_inline=bool(me.get("supports_inline_queries")),
    )


def _instant(date: str | None) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(dt.UTC) if date else None
    except ValueError:
        return None
