"""HTTP to the Bot API over aiohttp, as PTB's ``BaseRequest``, with errors that say whether a call may have arrived.

PTB's own back end is 80 to 90 % of a stock echo's cost, and its errors mix what was not sent with what was not
answered.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, BinaryIO

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_SECONDS = 60  # a server that is slow still delivers; giving up early only makes copies
CONNECT_SECONDS = 10
SHORTEST_WAIT = 1.0  # seconds; of what a server asks us to wait
LONGEST_WAIT = 86_400.0
UNKNOWN_WAIT = 5.0


class NotSent(NetworkError):
    """The call cannot have arrived: no connection was made. May be repeated freely."""


class Limited(TelegramError):
    """Too many calls: 429. ``seconds`` is how long the server wants to be left alone, clamped to 1 s … 24 h."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many calls, again in {seconds:g} s")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """One pool of connections, kept for the life of the program or until the watchdog rebuilds it."""

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300, keepalive_timeout=30)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        session = self._session
        if session is None:
            raise NotSent("the connection pool is closed")
        seconds = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds)
        body: dict[str, Any] = _body(request_data) if request_data else {}
        try:
            async with session.request(method, url, timeout=timeout, allow_redirects=False, **body) as response:
                code, payload = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotSent(f"no connection: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut("no answer in time") from error
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
            raise NetworkError(f"connection lost: {type(error).__name__}") from error
        if code == 429:
            raise Limited(wait_asked(payload))
        if code == HTTPStatus.OK and b'"result"' not in payload:  # whoever said this, it was no Bot API server
            raise NetworkError("an answer without a result")
        return code, payload

    async def fetch(self, url: str, target: BinaryIO, *, most: int) -> None:
        """Stream a file into ``target``.

        Raises:
            NetworkError: it did not come whole.
            ValueError: more than ``most`` bytes came, whatever the server had stated.
        """
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=READ_SECONDS * 5, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise NetworkError(f"the file was refused: {response.status}")
                async for chunk in response.content.iter_chunked(65_536):
                    most -= len(chunk)
                    if most < 0:
                        raise ValueError("the file is too large")
                    target.write(chunk)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NetworkError(f"the file did not come: {type(error).__name__}") from error


def _body(data: RequestData) -> dict[str, Any]:
    """The call's parameters: JSON, or a form where a file goes along."""
    if not data.contains_files:
        return {
            "data": json.dumps(data.parameters, separators=(",", ":")).encode(),
            "headers": {"Content-Type": "application/json"},
        }
    form = aiohttp.FormData(quote_fields=False)  # else a Chinese file name arrives percent-encoded, and stays so
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def wait_asked(payload: bytes) -> float:
    """Seconds of a 429; one without a number of any use (a proxy's) is taken for ``UNKNOWN_WAIT``."""
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
    except OverflowError:
        seconds = LONGEST_WAIT
    except (ValueError, KeyError, TypeError, RecursionError):
        seconds = 0.0
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT) if seconds > 0 else UNKNOWN_WAIT  # NaN is not
