"""A sandbox at the other end of a wire: its control API and its Bot API as plain calls, given only its address."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.limits import Pacing
from sandbox.server import Sandbox

Body = dict[str, Any]


class Remote:
    """One HTTP session with a sandbox, to act as the people (``act``, ``look``) and as the bot (``call``)."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))

    async def __aenter__(self) -> "Remote":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def act(self, name: str, **body: Any) -> Body:
        """Raises ``ValueError`` with the sandbox's own words when it refuses."""
        return await self._json("POST", f"/sandbox/{name}", json=body)

    async def look(self, path: str) -> Body:
        return await self._json("GET", f"/sandbox/{path}")

    async def forget(self, path: str) -> Body:
        return await self._json("DELETE", f"/sandbox/{path}")

    async def call(self, method: str, **params: Any) -> Body:
        """A Bot API call with a JSON body; the whole answer, refusals too."""
        async with self._session.post(f"{self._url}/bot{self._token}/{method}", json=params) as answer:
            body: Body = json.loads(await answer.text())
            return body

    async def form(self, method: str, fields: dict[str, Any]) -> Body:
        """A Bot API call as a form, multipart when bytes are among the fields."""
        form = aiohttp.FormData()
        for name, value in fields.items():
            if isinstance(value, bytes):
                form.add_field(name, value, filename=f"{name}.bin")
            else:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        async with self._session.post(f"{self._url}/bot{self._token}/{method}", data=form) as answer:
            body: Body = json.loads(await answer.text())
            return body

    async def _json(self, verb: str, path: str, **more: Any) -> Body:
        async with self._session.request(verb, self._url + path, **more) as answer:
            body: Body = json.loads(await answer.text())
            if answer.status >= 400:
                raise ValueError(body.get("error", body))
            return body


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[tuple[Sandbox, Remote]]:
    """A sandbox in this process with a session to it, without limits of pace unless they are given."""
    sandbox = Sandbox(**{"pacing": Pacing.off()} | settings)
    await sandbox.start()
    try:
        async with Remote(sandbox.api_url, sandbox.token) as remote:
            yield sandbox, remote
    finally:
        await sandbox.stop()
