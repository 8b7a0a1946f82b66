"""The processes that compute jobs: a template with everything imported, and a fork of it for each order.

Neither imports anything of the shell. The template opens nothing and knows no setting. A worker reads its order from a
socket and writes batches to it; it opens the database for reading only and may use no more memory than it was
granted, so that a hostile file harms nobody but itself.
"""

import gc
import os
import pickle
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from domain.values import frozen

LENGTH_BYTES = 8
IDLE_SECONDS = 600.0  # a template holds eighty megabytes

Kind = Literal["begun", "batch", "done", "refused", "broken", "heavy"]


@frozen
class Order:
    """What to compute: a function by its name, its facts, and how many batches are stored already."""

    module: str
    function: str
    facts: dict[str, Any]
    file: Path | None
    database_url: str
    skip: int
    seconds: int
    megabytes: int


@frozen
class Frame:
    """One thing said by the worker: its process id, a batch, that it is done, or why it ends before its time."""

    kind: Kind
    value: Any = None


DONE = Frame("done")


def pack(value: object) -> bytes:
    """A value with its length in front."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpack(body: bytes) -> Any:
    """The value of what follows the length."""
    return pickle.loads(body)


def main(handle: int) -> None:
    """Fork a worker for every socket that comes over the one of ``handle``, until that is closed or silent for long."""
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints speaks to the log
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker: its socket tells its end
    orders = socket.socket(fileno=handle)
    orders.settimeout(IDLE_SECONDS)
    _import_all()
    is_first = True
    while True:
        try:
            _, handles, _, _ = socket.recv_fds(orders, 1, 1)
        except TimeoutError:
            return
        if not handles:
            os.killpg(os.getpid(), signal.SIGKILL)  # the bot has ended, and so do its workers: this is their group
        if os.fork() == 0:
            orders.close()
            os._exit(_work(socket.socket(fileno=handles[0])))
        os.close(handles[0])
        if is_first:
            _warm_up()  # only now: the first worker is under way already
            is_first = False


def _import_all() -> None:
    """What jobs need, once for all of them; charts take a second more and are rarely drawn."""
    gc.disable()
    from handlers import all_jobs

    all_jobs()
    for name in ("parsing.sheets", "parsing.sheet_customers", "views.sheets", "storage.database"):
        import_module(name)
    gc.freeze()  # what the workers share stays shared
    gc.enable()


def _warm_up() -> None:
    from parsing.date_scan import beginnings
    from parsing.expressions import compile_all
    from parsing.names import search_keys

    compile_all()
    beginnings()
    search_keys("客源")
    gc.freeze()


def _work(pipe: socket.socket) -> int:
    """Compute the order that comes over the socket; the exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        with pipe, pipe.makefile("rb") as source:
            pipe.sendall(pack(Frame("begun", os.getpid())))
            order: Order = unpack(source.read(int.from_bytes(source.read(LENGTH_BYTES), "big")))
            _limit(order)
            for frame in _frames(order):
                pipe.sendall(pack(frame))
        return 0
    except (ConnectionError, EOFError):  # nobody listens any more
        return 1
    except BaseException:
        traceback.print_exc()
        return 1


def _frames(order: Order) -> Iterator[Frame]:
    from domain.errors import DomainError
    from handlers.jobs import Task

    try:
        compute: Callable[[Task], Iterator[Any]] = getattr(import_module(order.module), order.function)
        task = Task(order.facts, order.file, _reader(order.database_url))
        for batch in islice(compute(task), order.skip, None):
            yield Frame("batch", batch)
        yield DONE
    except DomainError as refusal:
        yield Frame("refused", refusal)
    except MemoryError:
        yield Frame("heavy")
    except Exception:
        yield Frame("broken", traceback.format_exc())


def _reader(url: str) -> Callable[[], AbstractContextManager[Any]]:
    @contextmanager
    def reading() -> Iterator[Any]:
        from storage.database import open_database

        database = open_database(url)
        try:
            with database.reading() as connection:
                yield connection
        finally:
            database.close()

    return reading


def _limit(order: Order) -> None:
    """Data, not address space: a mapped database file costs nothing of it. Seconds of work end an orphan, too."""
    most = order.megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (order.seconds, order.seconds + 5))
