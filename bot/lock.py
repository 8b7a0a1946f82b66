"""Keep a second bot out: a lock file beside the database, and one per token on this machine.

The lock is the kernel's and ends with its process, however that ends; the process id in the file is only for the
sentence of the refusal. It is a record lock, which forked workers do not inherit: one that outlives a killed bot would
keep the next from starting.
"""

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(eq=False)
class AlreadyRunning(Exception):
    """Somebody holds the lock. ``pid`` None: the file does not say who."""

    what: str
    pid: int | None


def lock_beside(database: Path) -> Path:
    """The lock file of an SQLite database."""
    return database.with_name(database.name + ".lock")


def lock_of_token(token: str, api_url: str) -> Path:
    """The lock file of everybody on this machine who polls with a token; its name does not give the token away."""
    name = hashlib.sha256(f"{api_url} {token}".encode()).hexdigest()[:32]
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"keyuan-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.lock"


@contextmanager
def held(file: Path, what: str) -> Iterator[None]:
    """Hold a lock file; ``what`` names in a refusal what it guards.

    Raises:
        AlreadyRunning: another process holds it.
        OSError: the file cannot be made.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(what, _pid_in(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(handle, 0)  # left in place: removing it could take away the lock of who comes next
    finally:
        os.close(handle)


def holder_of(file: Path) -> AlreadyRunning | None:
    """Who holds a lock file; ``None`` when nobody does. Not to be asked by the holder itself."""
    if not file.exists():
        return None
    with contextlib.suppress(PermissionError):
        try:
            with held(file, "bot"):
                return None
        except AlreadyRunning as running:
            return running
    return None


def _pid_in(handle: int) -> int | None:
    text = os.pread(handle, 20, 0).strip()
    return int(text) if text.isdigit() else None
