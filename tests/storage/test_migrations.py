"""Steps bring a database to the tables of the models, or leave it as it was. On SQLite and on PostgreSQL."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, URL, Connection, text

from storage.database import Conflict, Database, Unavailable, open_database
from storage.migrate import (
    BESIDE_MODELS,
    STEPS,
    BrokenReference,
    ForeignDatabase,
    InUse,
    NewerDatabase,
    NotWritable,
    RowsChanged,
    head,
    look,
    migrate,
)
from storage.models import Base
from tests import postgres

pytestmark = pytest.mark.own_database

REBUILD_TEAM = """
    with op.batch_alter_table("team", recreate="always") as team:
        team.alter_column("name", type_=sa.String(200), existing_nullable=False)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without anything."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield request.getfixturevalue("bare_postgres")


@pytest.fixture
def bare_postgres(postgres_server: tuple[URL, URL]) -> Iterator[str]:
    server, _ = postgres_server
    with postgres.copy_of(server.set(database="template1"), server) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: tuple[URL, URL]) -> Iterator[str]:
    server, template = postgres_server
    with postgres.copy_of(template, server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'keyuan.db'}"
    migrate(url, backup_dir=tmp_path)
    return url


@pytest.fixture
def next_steps(tmp_path: Path) -> Path:
    """A copy of the steps, to which a test adds one."""
    return Path(shutil.copytree(STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__")))


def add_step(steps: Path, body: str, *, changes: str = "") -> None:
    (steps / "versions" / "0003_of_a_test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = '0003'\ndown_revision = '0002'\nCHANGES_ROWS = {{{changes!r}}}\n\n\ndef upgrade() -> None:\n"
        + "\n".join(f"    {line.removeprefix('    ')}" for line in body.strip().splitlines())
        + "\n"
    )


def run(url: str, *statements: str) -> None:
    database = open_database(url)
    with database.group() as connection:
        for statement in statements:
            connection.execute(text(statement))
    database.close()


def value(url: str, query: str) -> object:
    database = open_database(url)
    with database.reading() as connection:
        found: object = connection.scalar(text(query))
    database.close()
    return found


def fill(url: str) -> None:
    """A team that has a lead, who is a member of it, who is a person."""
    run(
        url,
        "INSERT INTO team (id, name) VALUES (1, 'East')",
        "INSERT INTO person (id, telegram_id, name, locale, quiet_from, quiet_to, morning_at, created_at)"
        " VALUES (1, 7, 'Li', 'en', '22:00', '08:00', '08:30', '2026-11-18 02:00:00')",
        "INSERT INTO member (id, person_id, role, team_id, name, created_at)"
        " VALUES (1, 1, 'lead', 1, 'Li', '2026-11-18 02:00:00')",
        "UPDATE team SET lead_id = 1",
    )


def is_of_models(name: str | None, kind: str, _parents: object) -> bool:
    return kind not in ("table", "index") or not (name or "").startswith((*BESIDE_MODELS, "alembic_version"))


def differs(_context: Any, _found: Any, column: Any, found: str | None, _ours: Any, wanted: str | None) -> bool | None:
    """PostgreSQL has no equality of JSON: such a default is compared as it is written; all others as Alembic does."""
    if not isinstance(column.type, JSON):
        return None
    return (found or "").partition("::")[0] != (wanted or "")


def test_steps_end_in_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": differs, "include_name": is_of_models}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_last_step_is_told_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == head()
    numbers = sorted(step.revision for step in script.walk_revisions())
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


def test_an_empty_database_is_filled_once(empty_url: str, tmp_path: Path) -> None:
    first = migrate(empty_url, backup_dir=tmp_path / "backups")
    assert first.is_new and first.changed and first.now_at == head() and first.backup is None
    second = migrate(empty_url, backup_dir=tmp_path / "backups")
    assert not second.is_new and not second.changed and second.backup is None
    assert look(empty_url) == head()
    assert not (tmp_path / "backups").exists()


def test_every_database_has_its_own_button_key(database: Database, empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url, backup_dir=tmp_path)
    other = open_database(empty_url)
    keys = []
    for each in (database, other):
        with each.reading() as connection:
            stored = connection.scalar(text("SELECT value FROM setting WHERE name = 'button_keys'"))
            keys.append(str(stored))
    other.close()
    assert keys[0] != keys[1]
    assert all(len(key) >= 64 for key in keys)


def test_team_and_member_refer_to_each_other(database: Database) -> None:
    with pytest.raises(Conflict), database.group() as connection:
        connection.execute(text("INSERT INTO team (name, lead_id) VALUES ('East', 999)"))


def search(connection: Connection, gram: str) -> list[int]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("SELECT rowid FROM search_name_fts WHERE search_name_fts MATCH :gram ORDER BY rowid"),
            {"gram": f'"{gram}"'},
        )
    else:
        found = connection.execute(
            text("SELECT id FROM search_name WHERE string_to_array(grams, ' ') @> ARRAY[:gram] ORDER BY id"),
            {"gram": gram},
        )
    return list(found.scalars())


def test_the_search_index_follows_its_table(database: Database) -> None:
    with database.group() as connection:
        connection.execute(
            text(
                "INSERT INTO customer (id, kind, name, stage, grade, created_at)"
                " VALUES (1, 'person', '王小明', 'prospect', 'A', '2026-11-18 02:00:00')"
            )
        )
        for key, grams in ((1, "own7 王 王小 小 小明 明"), (2, "own7 张 张伟 伟")):
            connection.execute(
                text(
                    "INSERT INTO search_name (id, customer_id, source, shown, norm, norm_len, owner, grams)"
                    " VALUES (:id, 1, 'name', 'x', 'x', 1, 7, :grams)"
                ),
                {"id": key, "grams": grams},
            )
        assert search(connection, "小明") == [1] and search(connection, "own7") == [1, 2]
        connection.execute(text("UPDATE search_name SET grams = 'own8 李 李雷 雷' WHERE id = 1"))
        assert search(connection, "小明") == [] and search(connection, "李雷") == [1]
        connection.execute(text("DELETE FROM search_name WHERE id = 2"))
        assert search(connection, "张伟") == []
        if connection.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO search_name_fts (search_name_fts) VALUES ('integrity-check')"))
        else:
            made = connection.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_name_grams'"))
            assert "USING gin" in str(made) and "fastupdate=off" in str(made)


def test_a_step_runs_on_a_copied_database(database_url: str, next_steps: Path, tmp_path: Path) -> None:
    fill(database_url)
    add_step(next_steps, 'op.add_column("team", sa.Column("colour", sa.Text()))')
    done = migrate(database_url, backup_dir=tmp_path / "backups", steps=next_steps)
    assert (done.came_from, done.now_at) == (head(), "0003")
    assert value(database_url, "SELECT count(*) FROM team WHERE colour IS NULL") == 1
    if not database_url.startswith("sqlite"):
        assert done.backup is None
        return
    assert done.backup is not None
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(done.backup.parent.stat().st_mode) == 0o700
    with sqlite3.connect(done.backup) as copy:
        assert copy.execute("SELECT name FROM team").fetchall() == [("East",)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (head(),)


def test_a_newer_database_is_refused_and_left_alone(database_url: str, tmp_path: Path) -> None:
    run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase) as refused:
        migrate(database_url, backup_dir=tmp_path / "backups")
    assert (refused.value.found, refused.value.known) == ("9999", head())
    assert value(database_url, "SELECT version_num FROM alembic_version") == "9999"
    assert not (tmp_path / "backups").exists()


def test_a_database_of_another_program_is_refused(empty_url: str, tmp_path: Path) -> None:
    run(empty_url, "CREATE TABLE customer (id INTEGER)")
    with pytest.raises(ForeignDatabase) as refused:
        migrate(empty_url, backup_dir=tmp_path)
    assert refused.value.tables == ("customer",)


def test_a_step_that_loses_rows_is_rolled_back(database_url: str, next_steps: Path, tmp_path: Path) -> None:
    fill(database_url)
    add_step(next_steps, 'op.execute("UPDATE member SET team_id = NULL")\nop.execute("DELETE FROM team")')
    with pytest.raises(RowsChanged) as refused:
        migrate(database_url, backup_dir=tmp_path / "backups", steps=next_steps)
    assert (refused.value.table, refused.value.before, refused.value.after) == ("team", 1, 0)
    assert value(database_url, "SELECT count(*) FROM member WHERE team_id = 1") == 1
    assert look(database_url) == head()


def test_a_step_may_say_that_rows_change(database_url: str, next_steps: Path, tmp_path: Path) -> None:
    fill(database_url)
    add_step(next_steps, "op.execute(\"INSERT INTO team (id, name) VALUES (2, 'West')\")", changes="team")
    migrate(database_url, backup_dir=tmp_path, steps=next_steps)
    assert value(database_url, "SELECT count(*) FROM team") == 2


def test_a_step_that_fails_changes_nothing(database_url: str, next_steps: Path, tmp_path: Path) -> None:
    add_step(next_steps, 'op.add_column("team", sa.Column("colour", sa.Text()))\nop.execute("SELECT * FROM nowhere")')
    with pytest.raises(Exception, match="nowhere"):
        migrate(database_url, backup_dir=tmp_path, steps=next_steps)
    assert look(database_url) == head()
    database = open_database(database_url)
    with database.reading() as connection:
        columns = set(connection.execute(text("SELECT * FROM team")).keys())
        assert "name" in columns and "colour" not in columns
    database.close()


def test_rebuilding_a_table_keeps_its_children(sqlite_url: str, next_steps: Path, tmp_path: Path) -> None:
    fill(sqlite_url)
    add_step(next_steps, REBUILD_TEAM)
    migrate(sqlite_url, backup_dir=tmp_path, steps=next_steps)
    assert value(sqlite_url, "SELECT count(*) FROM member WHERE team_id = 1") == 1
    with pytest.raises(Conflict):
        run(sqlite_url, "INSERT INTO team (name, lead_id) VALUES ('West', 999)")


def test_a_step_that_breaks_a_reference_is_rolled_back(sqlite_url: str, next_steps: Path, tmp_path: Path) -> None:
    fill(sqlite_url)
    add_step(next_steps, 'op.execute("UPDATE member SET team_id = 42")')
    with pytest.raises(BrokenReference) as refused:
        migrate(sqlite_url, backup_dir=tmp_path, steps=next_steps)
    assert (refused.value.table, refused.value.parent) == ("member", "team")
    assert value(sqlite_url, "SELECT team_id FROM member") == 1


@pytest.mark.parametrize("folder", ["/proc", "/nowhere/at/all"])
def test_a_folder_that_cannot_be_written_is_refused(folder: str, tmp_path: Path) -> None:
    with pytest.raises(NotWritable) as refused:
        migrate(f"sqlite:///{folder}/keyuan.db", backup_dir=tmp_path)
    assert refused.value.folder == Path(folder) and refused.value.reason


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keyuan.db").write_bytes(b"these are no tables" * 100)
    with pytest.raises(Unavailable):
        migrate(f"sqlite:///{tmp_path}/keyuan.db", backup_dir=tmp_path)


def test_a_server_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        migrate("postgresql+psycopg://nobody@127.0.0.1:1/keyuan", backup_dir=tmp_path)


def test_workers_that_start_together_migrate_once(bare_postgres: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as workers:
        done = list(workers.map(lambda _: migrate(bare_postgres, backup_dir=tmp_path), range(3)))
    assert sorted(one.is_new for one in done) == [False, False, True]


def test_tables_are_not_changed_under_a_living_worker(postgres_url: str, next_steps: Path, tmp_path: Path) -> None:
    add_step(next_steps, 'op.add_column("team", sa.Column("colour", sa.Text()))')
    run(
        postgres_url,
        "INSERT INTO lease (name, owner, fence, until)"
        " VALUES ('sender', 'worker-1', 1, clock_timestamp() + interval '1 minute')",
    )
    with pytest.raises(InUse) as refused:
        migrate(postgres_url, backup_dir=tmp_path, steps=next_steps)
    assert refused.value.owner == "worker-1"
    run(postgres_url, "UPDATE lease SET until = clock_timestamp() - interval '1 second'")
    assert migrate(postgres_url, backup_dir=tmp_path, steps=next_steps).now_at == "0003"
