"""Two workers on one PostgreSQL behind a balancer, one of them killed again and again."""

import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import Crowd, Program

ROUNDS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Balancer:
    """Hands each delivery to one of the workers; 502 where nobody listens, as a proxy does."""

    def __init__(self, ports: list[int]) -> None:
        self.port = free_port()
        self._ports = ports
        self._dice = random.Random(7)

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/hook", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body, port = await request.read(), self._dice.choice(self._ports)
        try:
            async with self._session.post(
                f"http://127.0.0.1:{port}/hook", data=body, headers=request.headers.copy()
            ) as answer:
                return web.Response(status=answer.status)
        except aiohttp.ClientError:
            return web.Response(status=502)


@pytest.fixture
async def workers(sandbox: Sandbox, shared_url: str, tmp_path: Path) -> AsyncIterator[list[Program]]:
    """Two workers that share the database, behind the balancer."""
    ports = [free_port(), free_port()]
    balancer = Balancer(ports)
    await balancer.start()
    made = []
    for port in ports:
        folder = tmp_path / str(port)
        folder.mkdir()
        more = ["--webhook", f"http://127.0.0.1:{balancer.port}/hook", "--listen", f"127.0.0.1:{port}"]
        made.append(Program(sandbox, shared_url, folder, more=more))
    yield made
    for program in made:
        if program.process is not None:
            await program.kill()
    await balancer.stop()


@pytest.mark.long
async def test_two_workers_lose_double_and_overtake_nothing(
    workers: list[Program], crowd: Crowd, shared: Database
) -> None:
    for program in workers:
        await program.start()
    for number in range(ROUNDS):
        for person in (1, 2, 3):
            for part in range(4):
                crowd.say(person, f"{number}.{part}")
        await crowd.until(lambda number=number: f"noted {number}.0" in crowd.heard(1))  # type: ignore[misc]
        victim = workers[number % 2]
        await victim.kill()
        await victim.start()
        await crowd.answered()
        await victim.at_rest()
    crowd.check(shared, copies=2)
