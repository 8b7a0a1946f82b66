"""The process that computes one job: reads its task from standard input, writes batches to standard output, ends.

It imports nothing of the shell, opens the database for reading only, and may use no
more memory than it was granted, so that a hostile file harms nobody but itself.
"""

import os
import pickle
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Literal

LENGTH_BYTES = 8

Kind = Literal["batch", "refused", "broken", "heavy"]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing said by the worker: a batch, or why it ends before its time."""

    kind: Kind
    value: Any


def pack_frame(value: object) -> bytes:
    """A value with its length in front."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def main() -> None:
    """Compute the order of standard input."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil the frames
    order: Order = pickle.load(sys.stdin.buffer)
    _limit(order)
    for frame in _frames(order):
        out.write(pack_frame(frame))
        out.flush()


def _frames(order: Order) -> Iterator[Frame]:
    from domain.errors import DomainError
    from handlers.jobs import Task

    try:
        compute: Callable[[Task], Iterator[Any]] = getattr(import_module(order.module), order.function)
        task = Task(order.facts, order.file, _reader(order.database_url))
        for batch in islice(compute(task), order.skip, None):
            yield Frame("batch", batch)
    except DomainError as refusal:
        yield Frame("refused", refusal)
    except MemoryError:
        yield Frame("heavy", None)
    except Exception:
        import traceback

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
