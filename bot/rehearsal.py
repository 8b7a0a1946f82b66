"""The bot beside the sandbox: its own folder and database, the sample company, and a clock that can be moved.

It is the real bot over real HTTP. What differs is its API root and its clock.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from actions.settings import change_settings
from bot import app, menus
from bot.clock import FileClock
from bot.lock import held
from bot.sample import seed
from bot.settings import SandboxSettings, SettingsError
from bot.start import PRIVATE, bring_up, say
from domain.values import frozen
from handlers import all_routes
from storage import outbox
from storage.database import open_database
from views.language import guess_locale

PORT = 8765
PORTS_TRIED = 50
NUMBERS_PER_START = 1_000_000  # updates and messages of one start; a later one must not use their numbers again
DATABASE = "keyuan.db"
CHATS = "chats.json"
LOCK = "lock"


class Server(Protocol):
    """What the local Bot API server is asked for."""

    @property
    def api_url(self) -> str: ...

    @property
    def page_url(self) -> str: ...

    async def start(self, port: int = 0) -> None: ...

    async def stop(self) -> None: ...


@frozen
class Stage:
    """What outlives a start of the sandbox: its folder, and how often it was opened."""

    folder: Path
    starts: int

    @property
    def first_number(self) -> int:
        """The first number of an update or message that no earlier start has used."""
        return self.starts * NUMBERS_PER_START + 1

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def chats_file(self) -> Path:
        """What was said, beside the database that knows of it."""
        return self.folder / CHATS

    def token(self, make: Callable[[], str]) -> str:
        """The bot's token, made once: the chats that are kept are those of this bot."""
        file = self.folder / "token"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(make(), "ascii")
        return file.read_text("ascii")


@contextmanager
def open_stage(data_dir: Path, *, reset: bool) -> Iterator[Stage]:
    """The sandbox's folder below the data folder, for this process alone.

    Raises:
        AlreadyRunning: another sandbox is at work there.
    """
    folder = data_dir / "sandbox"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    with held(folder / LOCK, "sandbox"):
        if reset:
            _empty(folder)
        yield Stage(folder, _count_start(folder / "starts"))


def _count_start(file: Path) -> int:
    """How often the sandbox was opened before, this time being counted."""
    starts = 0
    with contextlib.suppress(OSError, ValueError):
        starts = int(file.read_text("ascii"))
    draft = file.with_suffix(".new")
    draft.write_text(f"{starts + 1}\n", "ascii")
    draft.replace(file)
    return starts


def _empty(folder: Path) -> None:
    """Forget the company, the chats and the moved clock; numbers go on, since a page may be open."""
    for file in (*folder.glob(f"{DATABASE}*"), folder / CHATS, folder / "clock"):
        file.unlink(missing_ok=True)


class Rehearsal:
    """One run of the sandbox: server and bot, until a signal ends the bot."""

    def __init__(
        self,
        stage: Stage,
        token: str,
        *,
        greet: Callable[[], None],
        turn_back: Callable[[], None],
        log_level: str,
    ) -> None:
        self._stage = stage
        self._token = token
        self._clock = FileClock(stage.clock_file)
        self._greet = greet  # what people say first, where nothing was said yet
        self._turn_back = turn_back  # the clock that the page moves
        self._log_level = log_level
        self._bot: asyncio.Task[int] | None = None
        self._playing = asyncio.Event()

    async def play(self, server: Server, port: int | None) -> int:
        """Serve page and bot until the bot is told to end; returns its exit status.

        Raises:
            SettingsError: ``port`` is taken; without one, none of those tried is free.
        """
        await _listen(server, port)
        self._settings = SandboxSettings(
            bot_token=SecretStr(self._token),
            api_url=server.api_url,
            data_dir=self._stage.folder,
            log_level=self._log_level,
        )
        try:
            await asyncio.to_thread(self._prepare)
            say(f"Sandbox: {server.page_url}  (Ctrl-C ends it)")
            self._open()
            return await self._until_ended()
        finally:
            await self._close()
            await server.stop()

    @asynccontextmanager
    async def rewound(self) -> AsyncIterator[None]:
        """Stop the bot and begin its database anew, at the machine's own time; start it again on the way out."""
        self._playing.clear()
        await self._close()
        await asyncio.to_thread(_empty, self._stage.folder)
        self._turn_back()
        try:
            yield
        finally:
            await asyncio.to_thread(self._prepare)
            self._open()

    async def speak(self, telegram_id: int, code: str) -> None:
        """Let the bot speak another language with somebody, as if chosen in ``/settings``.

        Telegram's own language is only a first guess, and everybody here was seen before the page was opened.
        """
        await self._playing.wait()
        await asyncio.to_thread(self._speak, telegram_id, code)

    def _speak(self, telegram_id: int, code: str) -> None:
        now = self._clock.now()
        database = open_database(self._settings.database_url)
        try:
            with database.transaction(now) as uow:
                known = uow.people.find(telegram_id)
                if known is None or (locale := guess_locale(code, known.locale)) == known.locale:
                    return
                change_settings(uow, known, {"locale": locale})
                actor = uow.people.actor(known.person_id)
                outbox.add(uow.connection, [menus.letter(all_routes(), actor, now=now)])
        finally:
            database.close()

    def _open(self) -> None:
        self._greet()
        self._bot = asyncio.create_task(app.run(self._settings, self._clock))
        self._playing.set()

    async def _close(self) -> None:
        if self._bot is not None:
            self._bot.cancel()
            await asyncio.wait({self._bot})

    async def _until_ended(self) -> int:
        while True:
            await self._playing.wait()
            assert self._bot is not None
            await asyncio.wait({self._bot})
            if self._playing.is_set():  # else it was stopped to be rewound
                return self._bot.result()

    def _prepare(self) -> None:
        if bring_up(self._settings).is_new:
            database = open_database(self._settings.database_url)
            try:
                seed(database, self._clock.now())
            finally:
                database.close()


async def _listen(server: Server, port: int | None) -> None:
    for tried in (port,) if port is not None else range(PORT, PORT + PORTS_TRIED):
        with contextlib.suppress(OSError):
            return await server.start(tried)
    if port is not None:
        raise SettingsError(f"--port: port {port} is taken; choose another, or leave it out.")
    raise SettingsError(f"--port: no port from {PORT} to {PORT + PORTS_TRIED - 1} is free; choose another.")
