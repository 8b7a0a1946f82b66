"""The looking half of the control API, and the guard of both: what the page and the tests can see below ``/sandbox/``.

Only this machine may ask: a request whose Host or Origin is not loopback is refused, so that no web page elsewhere
can reach it.
"""

import asyncio
import dataclasses
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.refusals import Refused
from sandbox.shown import chat_view
from sandbox.world import World

Body = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEARTBEAT = 15.0  # seconds of silence after which a listener is told that the server lives
ALWAYS_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
SHOWABLE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "application/pdf")


def guarded(handler: Handler) -> Handler:
    """For pages and programs of this machine only; what is wrong with a request becomes a 400 with its reason."""

    async def guard(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if not is_loopback(request.host) or (origin is not None and not is_loopback(urlsplit(origin).netloc)):
            return no("only pages of this machine may use the sandbox", 403)
        try:
            return await handler(request)
        except (ValueError, KeyError, TypeError, Refused) as error:
            return no(str(error) or type(error).__name__, 400)

    return guard


def is_loopback(netloc: str) -> bool:
    try:
        host = urlsplit(f"//{netloc}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def no(words: str, status: int) -> web.Response:
    return web.json_response({"error": words}, status=status)


class Looks:
    """Everything that can be read without changing anything, but for the list of violations, which can be emptied."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/state", guarded(self._state)),
            web.get("/sandbox/chats/{chat}", guarded(self._chat)),
            web.get("/sandbox/events", guarded(self._events)),
            web.get("/sandbox/files/{id}", guarded(self._file)),
            web.get("/sandbox/calls", guarded(self._calls)),
            web.get("/sandbox/violations", guarded(self._violations)),
            web.delete("/sandbox/violations", guarded(self._forget_violations)),
        ]

    async def _state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(state_view(self._world))

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        chat = self._world.chats.by_id.get(int(request.match_info["chat"]))
        if chat is None:
            return no("there is no such chat", 404)
        since, viewer = int(request.query.get("since", 0)), int(request.query.get("as", chat.id))
        return web.json_response(chat_view(self._world, chat, since=since, viewer=viewer))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.by_unique.get(request.match_info["id"])
        if stored is None:
            return no("there is no such file", 404)
        mime = stored.mime if stored.mime.startswith(SHOWABLE) else "application/octet-stream"
        return web.Response(body=stored.body, content_type=mime, headers=ALWAYS_SAFE)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one JSON object per change, as ``Chats.tell`` gives them."""
        queue: asyncio.Queue[Body] = asyncio.Queue()
        chats = self._world.chats
        chats.listeners.append(queue.put_nowait)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        try:
            await stream.prepare(request)
            await stream.write(b": hello\n\n")
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                    await stream.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
                except TimeoutError:
                    await stream.write(b": still here\n\n")
        except ConnectionError:
            return stream
        finally:
            chats.listeners.remove(queue.put_nowait)

    async def _violations(self, request: web.Request) -> web.StreamResponse:
        rows = [dataclasses.asdict(one) | {"at": one.at.isoformat()} for one in self._world.violations]
        return web.json_response({"violations": rows})

    async def _forget_violations(self, request: web.Request) -> web.StreamResponse:
        self._world.violations.clear()
        return web.json_response({"ok": True})

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        """What the bot asked for, oldest first; ``method`` filters, ``accepted`` tells what had its effect."""
        wanted = request.query.get("method")
        calls = [call for call in self._world.calls if wanted in (None, call.method)]
        rows = [dataclasses.asdict(call) | {"at": call.at.isoformat()} for call in calls]
        return web.json_response(
            {"calls": rows}, dumps=lambda given: json.dumps(given, ensure_ascii=False, default=str)
        )


def state_view(world: World) -> Body:
    people = [dataclasses.asdict(person) for person in world.chats.people.values()]
    described = {kind: world.profile.text_of(kind, "") for kind in ("description", "short_description")}
    return {
        "now": world.clock.now().isoformat(),
        "offset": world.clock.offset,
        "bot": world.account.as_me() | {"name": world.account.first_name} | described,
        "people": people,
        "order": [person["id"] for person in people],
        "groups": [
            {"id": chat.id, "title": chat.title, "members": chat.members, "bot": chat.bot_status}
            for chat in world.chats.groups()
        ],
        "commands": {str(person.id): world.profile.menu_of(person) for person in world.chats.people.values()},
        "violations": len(world.violations),
        "pending": len(world.updates.waiting),
        "limited": world.limited,
    }
