"""Where workers come from: one template process for all jobs, started with the first and again whenever it is gone.

It ends with this process, whatever ends that: the socket between them closes.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys

from bot.settings import PREFIX
from bot.worker import LENGTH_BYTES, Frame, Order, pack, unpack

TEMPLATE = "from bot.worker import main; main({})"  # not as a script: what it says is unpickled under its own name


class Template:
    """Our end of the template."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Of its last process."""
        return self._process.pid if self._process else None

    def fork(self) -> socket.socket:
        """The socket of a new worker."""
        ours, theirs = socket.socketpair()
        with theirs:
            if self._orders is None or not _sent(self._orders, theirs):
                _sent(self._start(), theirs)
        return ours

    def _start(self) -> socket.socket:
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.wait()  # it let go of its socket, which only its end does
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", TEMPLATE.format(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=_surroundings(),
                start_new_session=True,
            )
        return self._orders


TEMPLATE_OF_ALL = Template()  # of this process, however many bots the sandbox or a test runs in it


class Worker:
    """A process that computes one order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self._reader = reader
        self._writer = writer
        self.pid: int | None = pid  # while it must be ended

    @classmethod
    async def start(cls, order: Order) -> "Worker | None":
        """A worker at its order; ``None`` when none can be made."""
        for _ in range(2):  # a template may end just when it is asked
            reader, writer = await asyncio.open_connection(sock=TEMPLATE_OF_ALL.fork())
            try:
                if (begun := await _next_frame(reader)) is not None:
                    writer.write(pack(order))
                    return cls(reader, writer, begun.value)
            except BaseException:
                writer.close()
                raise
            writer.close()
        return None

    async def says(self) -> Frame | None:
        """What it says next; ``None`` when it died, be it in the middle of a word."""
        frame = await _next_frame(self._reader)
        if frame is None or frame.kind != "batch":
            self.pid = None
        return frame

    def kill(self) -> None:
        """End it unless it has ended by itself."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Let go of it; it has ended then."""
        self.kill()
        with contextlib.suppress(ConnectionError):
            await self._reader.read()
        self._writer.close()


def _sent(orders: socket.socket, theirs: socket.socket) -> bool:
    """Whether the template was still there to be told."""
    try:
        socket.send_fds(orders, [b"1"], [theirs.fileno()])
    except ConnectionError:
        return False
    return True


def _surroundings() -> dict[str, str]:
    """What workers know of their surroundings: where modules are, and no setting of ours, least of all the token."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return known | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


async def _next_frame(source: asyncio.StreamReader) -> Frame | None:
    try:
        length = int.from_bytes(await source.readexactly(LENGTH_BYTES), "big")
        frame = unpack(await source.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    assert isinstance(frame, Frame)
    return frame
