"""The sandbox as one thing to start and stop: the Bot API, the control API and the page on one port of loopback."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from aiohttp import web

from sandbox import snapshot
from sandbox.api import Api
from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.hooks import Hook
from sandbox.limits import Pacing
from sandbox.looks import Looks
from sandbox.people import Account, Person, copies, sample_people
from sandbox.profile import Profile
from sandbox.updates import Updates
from sandbox.world import World

HOST = "127.0.0.1"
PAGE = Path(__file__).with_name("page")
LARGEST_REQUEST = 80 * 1024 * 1024  # above the 50 MB of one upload, so that the refusal of those is ours

Around = Callable[[], AbstractAsyncContextManager[None]]
Speak = Callable[[int, str], Awaitable[None]]


def new_token() -> str:
    """A token of the usual shape, for a bot that lives only here."""
    return f"{secrets.randbelow(9 * 10**8) + 10**8}:{secrets.token_urlsafe(26)}"


class Sandbox:
    """A Bot API server with people.

    ``first_pause`` is the pause in seconds after which a webhook that refused an update twice gets it again; it doubles.
    ``on_reset`` is entered before everything is emptied and left after it: stop the bot and rewind its database on the
    way in, start it again on the way out. ``on_language`` is told of whoever changes the language of their Telegram.
    """

    def __init__(
        self,
        *,
        account: Account | None = None,
        people: tuple[Person, ...] | None = None,
        clock_file: Path | None = None,
        state_file: Path | None = None,
        pacing: Pacing | None = None,
        strict: bool = True,
        first_update_id: int = 1,
        first_pause: float = 0.5,
        on_reset: Around | None = None,
        on_language: Speak | None = None,
    ) -> None:
        self._people = copies(sample_people() if people is None else people)
        account = account or Account(new_token())
        pacing = pacing or Pacing()
        clock = Clock(clock_file)
        self.world = World(
            account=account,
            clock=clock,
            chats=Chats(account, copies(self._people)),
            updates=Updates(clock, first_id=first_update_id, slow_repeats=pacing.is_on),
            files=Files(),
            profile=Profile(),
            pacing=pacing,
            strict=strict,
        )
        self.world.started_at = clock.seconds()
        self.faults = Faults()
        self.api = Api(self.world, self.faults)
        self.on_reset = on_reset
        self.on_language = on_language
        self.port = 0
        self._state_file = state_file
        if state_file is not None:
            snapshot.read(self.world, state_file)
        self._keeper: asyncio.Task[None] | None = None
        self._hook = Hook(self.world, first_pause=first_pause)
        self._control = Control(self.world, self.faults, reset=self.reset, close_port=self.close_port, speak=self.speak)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._reopening: asyncio.Task[None] | None = None

    @property
    def token(self) -> str:
        return self.world.account.token

    @property
    def page_url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    @property
    def api_url(self) -> str:
        """The root to give to a bot in place of Telegram's; the token comes after ``/bot``."""
        return f"http://{HOST}:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listen on a port of loopback, 0 for any free one. Raises ``OSError`` when it is taken."""
        if self._state_file is not None:
            self._keeper = asyncio.create_task(snapshot.keep(self.world, self._state_file))
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.add_routes([*self.api.routes(), *Looks(self.world).routes(), *self._control.routes()])
        if PAGE.is_dir():
            app.router.add_get("/", _index)
            app.router.add_static("/", PAGE)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen(port)
        self._hook.start()

    async def stop(self) -> None:
        for task in (self._reopening, self._keeper):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if self._state_file is not None:
            snapshot.write(self.world, self._state_file)
        await self._hook.stop()
        self.world.updates.stop_polling("Conflict: the server stops")
        if self._runner is not None:
            await self._runner.cleanup()

    async def reset(self) -> None:
        """Empty everything and put the people back as they were at the start; see ``on_reset``."""
        async with self.on_reset() if self.on_reset else contextlib.nullcontext():
            self._clear()

    async def speak(self, person: Person, code: str) -> None:
        """Change the language of somebody's Telegram."""
        person.language_code = code
        if self.on_language:
            await self.on_language(person.id, code)

    def _clear(self) -> None:
        world = self.world
        world.chats.people = {person.id: person for person in copies(self._people)}
        world.chats.clear()
        world.updates.drop()
        world.profile.clear()
        world.violations.clear()
        world.calls.clear()
        self.faults.clear()
        world.chats.tell({"people": True})

    async def close_port(self, seconds: float) -> None:
        """Be unreachable for a while: new connections are refused, those of the bot are cut. The page's live on."""
        if self._site is None or self._reopening is not None:
            return
        await self._site.stop()
        for transport in self.api.transports:
            transport.abort()
        self.api.transports.clear()
        self._reopening = asyncio.create_task(self._reopen(seconds))

    async def open_port(self) -> None:
        """End the closing before its time."""
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None
            await self._listen(self.port)

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._reopening = None
        await self._listen(self.port)

    async def _listen(self, port: int) -> None:
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, HOST, port)
        await self._site.start()
        self.port = int(self._runner.addresses[-1][1])

    async def idle(self) -> None:
        """Until the bot has taken every update and no call of its is under way but the poll."""
        while self.world.updates.waiting or self.api.running:
            await self.world.updates.confirmed.wait()
            await self.api.at_rest.wait()


async def _index(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")
