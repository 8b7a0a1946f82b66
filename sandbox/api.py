"""The Bot API over HTTP: ``/bot<token>/<method>`` and the files, with the faults that a test has ordered."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from sandbox import account, editing, hooks, sending
from sandbox.checks import method_names, read_params
from sandbox.faults import MISSING, NOT_ACCEPTED, Fault, Faults, Kind
from sandbox.files import LARGEST_UPLOAD, Upload
from sandbox.refusals import Mistake, Refused, bad_request, mistake
from sandbox.world import Call, World

Params = dict[str, Any]
METHODS: dict[str, Callable[[World, Params], Any]] = {
    **account.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **hooks.METHODS,
}
UNAUTHORIZED = Refused(401, "Unauthorized")


class Api:
    """The side of the server that a bot sees."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.transports: set[asyncio.Transport] = set()
        self.running = 0
        self.at_rest = asyncio.Event()
        self.at_rest.set()

    def routes(self) -> list[web.RouteDef]:
        method, file = r"/bot{token:[^/]+}/{method}", r"/file/bot{token:[^/]+}/{path:.+}"
        return [web.get(method, self._call), web.post(method, self._call), web.get(file, self._file)]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if isinstance(request.transport, asyncio.Transport) and request.transport not in self.transports:
            self.transports = {open_one for open_one in self.transports if not open_one.is_closing()}
            self.transports.add(request.transport)
        try:
            method = self._method(request)
            given, uploads = await _read(request)
        except Refused as refused:
            return _json(refused.as_json(), refused.code)
        if method == "getUpdates":
            return await self._with_faults(request, method, given, uploads)
        self.running += 1
        self.at_rest.clear()
        try:
            return await self._with_faults(request, method, given, uploads)
        finally:
            self.running -= 1
            if not self.running:
                self.at_rest.set()

    def _method(self, request: web.Request) -> str:
        if unquote(request.match_info["token"]) != self._world.account.token:
            raise UNAUTHORIZED
        name = method_names().get(request.match_info["method"].lower())
        if name is None:
            self._world.report(request.match_info["method"], {}, "method not found")
            raise Refused(404, "Not Found: method not found")
        return name

    async def _with_faults(
        self, request: web.Request, method: str, given: Params, uploads: dict[str, Upload]
    ) -> web.StreamResponse:
        fault = self._faults.strike(method, _number(given.get("chat_id")))
        if fault is not None and fault.kind in NOT_ACCEPTED:
            self._log(method, given, {"fault": fault.kind}, accepted=False)
            return self._struck_before(request, fault)
        if fault is not None and fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        body, status = await self.perform(method, given, uploads)
        if fault is None or fault.kind is Kind.SLOW:
            return web.Response(text=body, status=status, content_type="application/json")
        return await self._struck_after(request, fault)

    async def perform(self, method: str, given: Params, uploads: dict[str, Upload]) -> tuple[str, int]:
        """Carry a call out; the answer as JSON text and its status."""
        try:
            result = await self._run(method, given, uploads)
        except Refused as refused:
            if isinstance(refused, Mistake):
                self._world.report(method, given, refused.description)
            self._world.limited += refused.code == 429
            self._log(method, given, refused.description, accepted=False)
            return json.dumps(refused.as_json(), ensure_ascii=False), refused.code
        if isinstance(result, str):  # updates are kept as they will go over the wire
            return f'{{"ok":true,"result":{result}}}', 200
        self._log(method, given, result, accepted=True)
        return json.dumps({"ok": True, "result": result}, ensure_ascii=False), 200

    async def _run(self, method: str, given: Params, uploads: dict[str, Upload]) -> Any:
        world = self._world
        if world.logged_out:
            raise bad_request("Logged out")
        params, oddities = read_params(method, given, uploads)
        for oddity in oddities:
            if world.strict:
                raise mistake(oddity)
            world.report(method, given, oddity)
        if method == "getUpdates":
            return await self._updates(params)
        if method not in METHODS:
            raise bad_request(f"method {method} is not supported by this server")
        return METHODS[method](world, params | {"uploads": uploads})

    async def _updates(self, params: Params) -> str:
        updates = self._world.updates
        if "allowed_updates" in params:
            updates.allowed = params["allowed_updates"]
        return await updates.poll(
            offset=params.get("offset", 0), limit=params.get("limit", 100), timeout=params.get("timeout", 0)
        )

    def _log(self, method: str, given: Params, result: Any, *, accepted: bool) -> None:
        self._world.calls.append(Call(self._world.clock.now(), method, given, accepted, result))

    def _struck_before(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case Kind.ERROR:
                return web.Response(text=fault.body, status=fault.status, content_type=_type(fault.body))
            case Kind.FLOOD:
                return _json(_flood(fault), 429)
            case Kind.KILL_BEFORE:
                _kill(fault.pid)
        return _cut(request)

    async def _struck_after(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case Kind.LOST:
                return web.Response(text=fault.body, status=fault.status, content_type=_type(fault.body))
            case Kind.GARBAGE:
                return web.Response(text=fault.body, content_type=_type(fault.body))
            case Kind.HANG:
                await asyncio.sleep(fault.seconds)
            case Kind.KILL_AFTER:
                _kill(fault.pid)
        return _cut(request, reset=fault.kind is Kind.RESET)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.by_path.get(request.match_info["path"])
        if unquote(request.match_info["token"]) != self._world.account.token:
            return _json(UNAUTHORIZED.as_json(), 401)
        fault = self._faults.strike("file", None)
        if fault is not None and fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return self._struck_before(request, fault)
        if stored is None:
            return _json(Refused(404, "Not Found").as_json(), 404)
        return web.Response(body=stored.body, content_type="application/octet-stream")


async def _read(request: web.Request) -> tuple[Params, dict[str, Upload]]:
    """Parameters from the address and the body, whatever way they came."""
    given: Params = dict(request.query)
    uploads: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json" and request.can_read_body:
            body = json.loads(await request.text() or "{}")
            if not isinstance(body, dict):
                raise bad_request("object expected in the body")
            given |= body
        elif request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.name:
                    await _read_part(part, given, uploads)
        else:
            given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, RecursionError) as error:
        raise bad_request("can't parse the request") from error
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused(413, "Request Entity Too Large") from error
    return given, uploads


async def _read_part(part: BodyPartReader, given: Params, uploads: dict[str, Upload]) -> None:
    name = str(part.name)
    if part.filename is None:
        given[name] = await part.text()
        return
    body = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        body += chunk
        if len(body) > LARGEST_UPLOAD:
            raise Refused(413, "Request Entity Too Large")
    mime = (part.headers.get("Content-Type") or "").partition(";")[0]
    uploads[name] = Upload(part.filename, mime, bytes(body))


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.json_response(body, status=status, dumps=lambda given: json.dumps(given, ensure_ascii=False))


def _type(body: str) -> str:
    return "text/html" if body.lstrip().startswith("<") else "application/json"


def _flood(fault: Fault) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    if fault.retry_after == MISSING:
        return body
    body["description"] += f": retry after {fault.retry_after}"
    return body | {"parameters": {"retry_after": fault.retry_after}}


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _cut(request: web.Request, *, reset: bool = False) -> web.Response:
    """Close the connection in the middle: gently, or so that the other side sees a reset."""
    transport = request.transport
    if transport is not None:
        if reset and (wire := transport.get_extra_info("socket")) is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)
