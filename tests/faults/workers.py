"""Several workers on one PostgreSQL behind a balancer, to be killed, frozen and woken."""

import os
import random
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from sandbox.server import Sandbox
from tests.faults.conftest import Program

READ_SECONDS = aiohttp.ClientTimeout(total=2.0)  # of a worker; then the next one is asked, as the manual's proxy does


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Balancer:
    """Hands each delivery to one of the workers, to the next where that one does not take it, and 502 if none does."""

    def __init__(self, ports: list[int]) -> None:
        self.port = free_port()
        self._ports = ports
        self._dice = random.Random(7)

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=READ_SECONDS)
        app = web.Application()
        app.router.add_post("/hook", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body, status = await request.read(), 502
        for port in self._dice.sample(self._ports, len(self._ports)):
            try:
                async with self._session.post(
                    f"http://127.0.0.1:{port}/hook", data=body, headers=request.headers.copy()
                ) as answer:
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                continue
            if status < 500:
                break
        return web.Response(status=status)


@asynccontextmanager
async def several(count: int, sandbox: Sandbox, url: str, folder: Path) -> AsyncIterator[list[Program]]:
    """So many workers that share a database, behind the balancer; not started yet."""
    ports = [free_port() for _ in range(count)]
    balancer = Balancer(ports)
    await balancer.start()
    made = []
    for port in ports:
        own = folder / str(port)
        own.mkdir()
        more = ["--webhook", f"http://127.0.0.1:{balancer.port}/hook", "--listen", f"127.0.0.1:{port}"]
        made.append(Program(sandbox, url, own, more=more))
    try:
        yield made
    finally:
        for program in made:
            if program.process is not None:
                await program.kill()
        await balancer.stop()


def freeze(program: Program) -> None:
    os.kill(program.pid, signal.SIGSTOP)


def wake(program: Program) -> None:
    os.kill(program.pid, signal.SIGCONT)
