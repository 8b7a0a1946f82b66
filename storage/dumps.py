"""Backups of a PostgreSQL database, made and read by PostgreSQL's own tools.

Only our tables: others may share the database. The rows are counted in the snapshot that ``pg_dump`` copies, and
again after the archive was loaded into a database that goes away; where the role may not make one, every row is read
out of the archive and counted. Passwords reach the tools through their environment, where no list of processes
shows them.
"""

import contextlib
import datetime as dt
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from domain.backups import Trouble
from domain.values import frozen
from storage.backup import DUMP, BackupFailed, Stop, draft_of, free_name, go_on, never, publish
from storage.database import in_our_words, open_database
from storage.guards import make_function

TRIAL = "keyuan_trial_"  # databases that archives are tried out in: day, then at random
STOP_EVERY = 0.5  # seconds between two looks whether to go on
VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
COPY = re.compile(rb'COPY (?:"?[^".]+"?\.)?"?([^" (]+)"? \(.*\) FROM stdin;\n')
OWN_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
MAY_CREATE = text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
OLD_TRIALS = text(
    "SELECT datname FROM pg_database WHERE datname LIKE :name AND datname NOT LIKE :today"
    " AND pg_get_userbyid(datdba) = current_user"
)


@frozen
class Tools:
    """Where the tools are; both are at least as new as the server."""

    dump: str
    restore: str


def dump(url: str, folder: Path, name: str, *, now: dt.datetime, stop: Stop) -> tuple[Path, dict[str, int]]:
    """Write an archive of our tables to ``folder``/``name``.dump and try it out; the rows that it has by table.

    Raises:
        BackupFailed: no tools, or the archive is not what the database is; nothing is left of it.
        Unavailable: the database cannot be reached.
    """
    database = open_database(url)
    try:
        target = free_name(folder, name, DUMP)
        with draft_of(target) as draft, database.reading() as connection:
            tools = find_tools(connection)
            rows = _write(connection, database.url, tools, draft, stop)
            restored = _rehearse(connection, database.url, tools, draft, now, stop)
            if restored != rows:
                table = next(name for name in rows if restored.get(name) != rows[name])
                found = restored.get(table, 0)
                raise BackupFailed(
                    f"the archive has {found} rows of {table} in place of {rows[table]}", Trouble.DAMAGED
                )
            publish(draft, target)
    except OSError as error:
        raise BackupFailed(str(error)) from error
    finally:
        database.close()
    return target, rows


def find_tools(connection: Connection) -> Tools:
    """``pg_dump`` and ``pg_restore`` of the search path, which must be as new as the server.

    Raises:
        BackupFailed: one is missing or too old.
    """
    server = int((connection.dialect.server_version_info or (0,))[0])
    return Tools(_tool("pg_dump", server), _tool("pg_restore", server))


def require_tools(url: str) -> None:
    """For ``keyuan check``.

    Raises:
        BackupFailed: see ``find_tools``.
        Unavailable: the database cannot be reached.
    """
    database = open_database(url)
    try:
        with database.reading() as connection:
            find_tools(connection)
    finally:
        database.close()


def tables_of(connection: Connection) -> list[str]:
    """Our tables in the schema in use, and the one that tells their step."""
    from storage.models import Base

    ours = {*Base.metadata.tables, "alembic_version"}
    return sorted(ours.intersection(connection.execute(OWN_TABLES).scalars()))


def counts_of(connection: Connection) -> dict[str, int]:
    """How many rows our tables have."""
    schema = _schema(connection)
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(schema, table)}").scalar_one()
        for table in tables_of(connection)
    }


def load(file: Path, url: URL, tools: Tools, *, stop: Stop = never) -> None:
    """Make the tables of an archive in the database at ``url``, all or none.

    Raises:
        BackupFailed: the archive cannot be read, or its tables are there already.
    """
    address, secret = _address(url)
    how = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run([tools.restore, *how, f"--dbname={address}", str(file)], secret, stop)


def rows_in(file: Path, tools: Tools) -> dict[str, int]:
    """How many rows an archive has by table, all of it being read.

    Raises:
        BackupFailed: it is no archive, or a damaged one.
    """
    rows: dict[str, int] = {}
    with _reading(file, tools) as lines:
        table = None
        for line in lines:
            if table is None:
                if hit := COPY.fullmatch(line):
                    table = hit[1].decode()
                    rows[table] = 0
            elif line == b"\\.\n":
                table = None
            else:
                rows[table] += 1
    return rows


def step_in(file: Path, tools: Tools) -> str | None:
    """The step of the tables in an archive; ``None`` when it holds none of ours.

    Raises:
        BackupFailed: it is no archive, or a damaged one.
    """
    with _reading(file, tools, "--table=alembic_version") as lines:
        found = list(lines)
    starts = [number for number, line in enumerate(found) if COPY.fullmatch(line)]
    return found[starts[0] + 1].strip().decode() if starts else None


# Inside ------------------------------------------------------------------------------------------------------------


def _tool(name: str, server: int) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupFailed(f"{name} is not on PATH; install PostgreSQL's client programs, {server}", Trouble.NO_TOOL)
    told = subprocess.run([path, "--version"], capture_output=True, check=False)
    hit = VERSION.search(told.stdout)
    if hit is None or int(hit[1]) < server:
        found = hit[1].decode() if hit else "unknown"
        raise BackupFailed(
            f"{name} on PATH is of version {found}, the server of version {server}; install the newer client programs",
            Trouble.OLD_TOOL,
        )
    return path


def _write(connection: Connection, url: URL, tools: Tools, draft: Path, stop: Stop) -> dict[str, int]:
    """Count in a snapshot, and have the same snapshot copied."""
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    rows, schema = counts_of(connection), _schema(connection)
    tables = [f"--table={quoted(schema, table)}" for table in rows]
    address, secret = _address(url)
    how = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={draft}")
    _run([tools.dump, *how, *tables, f"--dbname={address}"], secret, stop)
    return rows


def _rehearse(
    connection: Connection, url: URL, tools: Tools, draft: Path, now: dt.datetime, stop: Stop
) -> dict[str, int]:
    """The rows of an archive once it is loaded; where no database can be made for that, those that are in it."""
    if not connection.scalar(MAY_CREATE):
        return rows_in(draft, tools)
    schema = _schema(connection)
    with _trial(url, now) as trial:
        engine = create_engine(trial, poolclass=NullPool)
        with in_our_words(), engine.begin() as inside:
            inside.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
            inside.exec_driver_sql(f"SET search_path TO {quoted(schema)}")
            make_function(inside)
        load(draft, trial, tools, stop=stop)
        with in_our_words(), engine.begin() as inside:
            inside.exec_driver_sql(f"SET search_path TO {quoted(schema)}")
            return counts_of(inside)


@contextmanager
def _trial(url: URL, now: dt.datetime) -> Iterator[URL]:
    """An empty database that is dropped afterwards, as are those that an attempt left which was killed.

    Somebody stays connected to it, so that another company's backup on the same server takes it for no leftover.
    """
    today = f"{TRIAL}{now:%Y%m%d}_"
    name = today + secrets.token_hex(4)
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with in_our_words(), engine.connect() as connection:
        old = connection.execute(OLD_TRIALS, {"name": f"{TRIAL}%", "today": f"{today}%"}).scalars().all()
        for left in old:
            with contextlib.suppress(DBAPIError):  # in use, so no leftover
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(left)}")
        connection.exec_driver_sql(f"CREATE DATABASE {quoted(name)}")
        trial = url.set(database=name)
        try:
            with create_engine(trial, poolclass=NullPool).connect():
                yield trial
        finally:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


@contextmanager
def _reading(file: Path, tools: Tools, *more: str) -> Iterator[Iterator[bytes]]:
    """The lines of an archive's data, as the statements that would load them."""
    command = [tools.restore, "--data-only", "--file=-", *more, str(file)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        yield iter(process.stdout)
        process.stdout.close()
        said = process.stderr.read()
    if process.returncode:
        raise BackupFailed(_first_line(said), Trouble.DAMAGED)


def _run(command: Sequence[str], secret: Mapping[str, str], stop: Stop) -> None:
    """Run a tool to its end, or until it shall stop."""
    go_on(stop)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | secret
    ) as process:
        said: bytes | None = None
        try:
            while said is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    said = process.communicate(timeout=STOP_EVERY)[1]
                if said is None:
                    go_on(stop)
        finally:
            if process.poll() is None:
                process.terminate()
    if process.returncode:
        raise BackupFailed(_first_line(said))


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """An address in the words of PostgreSQL's tools, and the password apart from it."""
    from psycopg.conninfo import make_conninfo

    more = {key: value if isinstance(value, str) else ",".join(value) for key, value in url.query.items()}
    parts: dict[str, Any] = url.translate_connect_args(database="dbname", username="user") | more
    password = parts.pop("password", None)
    secret = {"PGPASSWORD": str(password)} if password is not None else {}
    return make_conninfo(**parts), secret


def _schema(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT current_schema()")))


def quoted(*names: str) -> str:
    """A name of the database, with those that it stands below, as SQL takes any."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _first_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("pg_dump: error: ").removeprefix("pg_restore: error: ") if lines else "it failed"
