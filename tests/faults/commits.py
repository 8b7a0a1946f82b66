"""Kills at commits, from outside the program: by the tracer for SQLite, by a proxy for PostgreSQL."""

import asyncio
import contextlib
import os
import shutil
import signal
from dataclasses import dataclass, field

import pytest
from sqlalchemy.engine import make_url

WROTE = (b"INSERT", b"UPDATE", b"DELETE")
COMMIT = b"COMMIT\0"


def traced(call: str, number: int) -> tuple[str, ...]:
    """What stands before a command whose process is killed on entering its ``number``-th ``call`` (of a thread).

    ``fdatasync`` ends a commit of SQLite: its frames are written, and nobody has heard of it. Any ``pwrite64`` before is in the middle of one.
    """
    if shutil.which("strace") is None:
        pytest.skip("strace is not here to kill the program at a commit")
    return (
        "strace",
        "-D",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        f"trace={call}",
        "-e",
        f"inject={call}:signal=KILL:when={number}",
    )


@dataclass(slots=True)
class Side:
    """One direction of a connection, cut into the protocol's messages; the first of the client has no kind."""

    has_kind: bool
    rest: bytearray = field(default_factory=bytearray)

    def messages(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Whole messages so far: their kind and what they hold."""
        self.rest += data
        found = []
        while len(self.rest) >= 4 + self.has_kind:
            length = int.from_bytes(self.rest[self.has_kind : 4 + self.has_kind], "big")
            end = self.has_kind + length
            if len(self.rest) < end:
                break
            found.append((bytes(self.rest[: self.has_kind]), bytes(self.rest[self.has_kind + 4 : end])))
            del self.rest[:end]
            self.has_kind = True
        return found


class CommitProxy:
    """Stands before PostgreSQL, counts the commits of transactions that wrote, and kills a process at one of them.

    ``after`` lets the server commit and keeps its answer back.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._count = 0
        self._at: tuple[int, str, int] | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """The address to give to the program."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        plain = {"sslmode": "disable", "gssencmode": "disable"}
        here = self._url.set(host="127.0.0.1", port=port).difference_update_query(["host"])
        return here.update_query_dict(plain).render_as_string(hide_password=False)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()

    def kill_at(self, number: int, when: str, pid: int) -> None:
        """From now on, kill ``pid`` before or after its ``number``-th commit."""
        self._count, self._at = 0, (number, when, pid)

    def let_live(self) -> None:
        self._at = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        folder = self._url.query.get("host")
        if isinstance(folder, str):
            opened = asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._url.port or 5432}")
        else:
            opened = asyncio.open_connection(self._url.host, self._url.port or 5432)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            server_reader, server_writer = await opened
            wrote = [False]
            up = asyncio.create_task(self._upwards(reader, server_writer, wrote))
            down = asyncio.create_task(self._downwards(server_reader, writer, wrote))
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            for one, its_writer in ((up, server_writer), (down, writer)):
                one.cancel()
                its_writer.close()
        self._tasks.discard(task)

    async def _upwards(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wrote: list[bool]) -> None:
        side = Side(has_kind=False)
        while data := await reader.read(65_536):
            for kind, body in side.messages(data):
                if kind == b"Q" and body == COMMIT and wrote[0]:
                    self._count += 1
                    if self._at and self._count == self._at[0] and self._at[1] == "before":
                        self._kill()
                        return
            writer.write(data)
            await writer.drain()

    async def _downwards(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wrote: list[bool]) -> None:
        side = Side(has_kind=True)
        while data := await reader.read(65_536):
            for kind, body in side.messages(data):
                if kind == b"C" and body.startswith(WROTE) and not body.endswith(b" 0\0"):
                    wrote[0] = True
                if kind == b"C" and body == COMMIT:
                    if wrote[0] and self._at and self._count == self._at[0] and self._at[1] == "after":
                        self._kill()
                        return
                    wrote[0] = False
            writer.write(data)
            await writer.drain()

    def _kill(self) -> None:
        assert self._at is not None
        pid, self._at = self._at[2], None
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
