"""Databases for tests: ``database_url`` names a fresh, migrated one, on SQLite and on PostgreSQL.

Storage tests run on both. Access, chat and fault tests run on SQLite, and on PostgreSQL as well where marked
``both_databases``; access tests do so all of them with ``-m long``.
"""

import gc
import os
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, Engine, Pool, event
from sqlalchemy.engine import URL

from storage.database import Database, open_database
from storage.migrate import migrate
from tests import postgres

REUSING = ("storage", "chat", "access")  # folders whose tests share a database on PostgreSQL, emptied between them
ON_SQLITE = ("access", "chat", "faults")  # folders whose tests run on SQLite unless they say otherwise


class Compiled(dict[Any, Any]):
    """Statements that any engine of this process has compiled, by the name of its dialect.

    SQLAlchemy keeps them per engine, and each test has engines of its own: compiling the same again took a fifth of a run.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, statement: Any) -> None:
        if len(self) == MOST_COMPILED:  # some statements are made once and never again
            self.clear()
        super().__setitem__((key[0].name, *key[1:]), statement)


MOST_COMPILED = 2_000
COMPILED = Compiled()


@event.listens_for(Engine, "engine_connect")
def share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


@event.listens_for(Pool, "checkout")
def spare_the_disk(driver: Any, record: Any, _proxy: Any) -> None:
    """What a test of this process writes need not outlive the machine; fault tests have processes of their own."""
    if isinstance(driver, sqlite3.Connection) and "spared" not in record.info:
        driver.execute("PRAGMA synchronous=OFF")
        record.info["spared"] = True


def pytest_configure(config: pytest.Config) -> None:
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])  # the default takes seconds for each
    config.addinivalue_line("markers", "both_databases: runs on PostgreSQL as well")
    config.addinivalue_line("markers", "on_postgres: runs on PostgreSQL only")
    config.addinivalue_line("markers", "own_database: changes tables or whole databases, so gets a copy of its own")
    config.addinivalue_line(
        "filterwarnings", "ignore:Please use 'Bot:telegram.warnings.PTBUserWarning"
    )  # see bot/wire.py


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again took a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``FAIL_ON_SKIP`` a test that is skipped has failed: what it needs is part of that machine."""
    report = yield
    if report.skipped and os.environ.get("FAIL_ON_SKIP"):
        report.outcome, report.longrepr = "failed", f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" not in metafunc.fixturenames:
        return
    folder = metafunc.definition.path.parent.name
    marked = metafunc.definition.get_closest_marker
    both = folder not in ON_SQLITE or marked("both_databases") is not None
    kinds: list[Any] = ["postgresql"] if marked("on_postgres") else ["sqlite", "postgresql"] if both else ["sqlite"]
    if folder == "access" and not both:
        kinds.append(pytest.param("postgresql", marks=pytest.mark.long))
    metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name that pytest-xdist gives this process; ``master`` without it."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "master"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without rows, to be copied."""
    file = tmp_path_factory.mktemp("template") / "keyuan.db"
    url = f"sqlite:///{file}"
    migrate(url, backup_dir=file.parent)
    settle(open_database(url))
    return file


def settle(database: Database) -> None:
    """Close a database on SQLite so that its one file is all of it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture(scope="session")
def postgres_server(shared_folder: Path) -> Iterator[tuple[URL, URL]]:
    """The addresses of a server and of its migrated template."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server(shared_folder))
        yield server, stack.enter_context(postgres.migrated(server, shared_folder))


@pytest.fixture(scope="session")
def reused(postgres_server: tuple[URL, URL]) -> Iterator[postgres.Reused]:
    """The database on PostgreSQL that the tests of this process use one after another."""
    server, template = postgres_server
    with postgres.copy_of(template, server) as url:
        yield postgres.Reused(url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "keyuan.db")
        yield f"sqlite:///{file}"
        return
    own = request.node.get_closest_marker("own_database") is not None
    if request.node.path.parent.name in REUSING and not own:
        again: postgres.Reused = request.getfixturevalue("reused")
        again.empty()
        yield again.url
        return
    server, template = request.getfixturevalue("postgres_server")
    with postgres.copy_of(template, server) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database, opened."""
    opened = open_database(database_url)
    yield opened
    opened.close()
