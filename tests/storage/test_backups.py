"""A backup holds what was committed, was tried out, and is for its owner only; old ones go."""

import datetime as dt
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from domain.backups import Trouble
from storage import dumps
from storage.backup import (
    BackupFailed,
    back_up,
    backups_in,
    copy_database,
    keep_state,
    note_made,
    rotate,
    row_counts,
    state_of,
)
from storage.database import Database, Unavailable
from storage.models import Setting
from tests.postgres import tools_on_path
from tests.storage.people import hire

pytestmark = pytest.mark.own_database

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs of the server that the tests bring along."""
    monkeypatch.setenv("PATH", tools_on_path())


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Path]:
    """A database whose 500 rows are in the log beside the file, with somebody connected."""
    file = tmp_path / "keyuan.db"
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("CREATE TABLE touch (id INTEGER PRIMARY KEY, note TEXT)")
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.executemany("INSERT INTO touch (note) VALUES (?)", [("谈了新报价",)] * 500)
    yield file
    writer.close()


def count(file: Path) -> int:
    connection = sqlite3.connect(file)
    try:
        return int(connection.execute("SELECT count(*) FROM touch").fetchone()[0])
    finally:
        connection.close()


# On both databases -------------------------------------------------------------------------------------------------


def test_a_backup_has_every_row_and_is_for_its_owner_only(database: Database, tmp_path: Path) -> None:
    with database.transaction(NOW) as uow:
        hire(uow)
    made = back_up(database.url.render_as_string(hide_password=False), tmp_path / "backups", now=NOW)
    assert (made.rows["member"], made.rows["person"], made.rows["team"]) == (5, 5, 2)
    assert made.size == made.file.stat().st_size > 0
    assert [stat.S_IMODE(path.stat().st_mode) for path in (made.file, made.file.parent)] == [0o600, 0o700]
    assert [file.name for file in made.file.parent.iterdir()] == [made.file.name]
    assert made.file.stem == "keyuan-20261118T020000Z"


def test_backups_are_known_by_the_time_in_their_names(database: Database, tmp_path: Path) -> None:
    url, folder = database.url.render_as_string(hide_password=False), tmp_path / "backups"
    back_up(url, folder, now=NOW)
    back_up(url, folder, now=NOW)  # in the same second
    (folder / "keyuan-0001-before-0002.db").write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    assert [backup.made_at for backup in backups_in(folder)] == [NOW, NOW]


def test_what_is_known_of_backups_is_a_row_that_workers_share(database: Database, tmp_path: Path) -> None:
    with database.transaction(NOW) as uow:
        assert state_of(uow).covered_until == NOW
    later = NOW + dt.timedelta(hours=20)
    made = back_up(database.url.render_as_string(hide_password=False), tmp_path / "backups", now=later)
    with database.transaction(later) as uow:
        note_made(uow, made)
    with database.transaction(later + dt.timedelta(hours=1)) as uow:
        known = state_of(uow)
    assert (known.since, known.made_at, known.size, known.trouble) == (NOW, later, made.size, None)


def test_an_older_backup_in_the_folder_changes_nothing(database: Database, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    old, new = (back_up(url, tmp_path / "b", now=NOW - dt.timedelta(days=days)) for days in (3, 1))
    with database.transaction(NOW) as uow:
        note_made(uow, new)
        note_made(uow, old)
        assert state_of(uow).made_at == new.made_at


def test_a_trouble_is_kept_in_words_until_it_is_over(database: Database, tmp_path: Path) -> None:
    with database.transaction(NOW) as uow:
        state = state_of(uow)
        keep_state(uow, type(state)(state.since, tried_at=NOW, trouble=Trouble.SPACE, detail="3 MB are free"))
        known = state_of(uow)
        assert (known.tried_at, known.trouble, known.detail) == (NOW, Trouble.SPACE, "3 MB are free")
        note_made(uow, back_up(database.url.render_as_string(hide_password=False), tmp_path / "b", now=NOW))
        assert state_of(uow).trouble is None


def test_one_that_shall_stop_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with database.group() as connection:
        values = [{"name": f"value-{number}", "value": {"words": "谈了新报价" * 40}} for number in range(2_000)]
        connection.execute(insert(Setting), values)
    asked = iter([False])  # in the middle, at the second look
    with pytest.raises(BackupFailed) as stopped:
        back_up(
            database.url.render_as_string(hide_password=False),
            tmp_path / "backups",
            now=NOW,
            stop=lambda: next(asked, True),
        )
    assert stopped.value.trouble is Trouble.STOPPED
    assert list((tmp_path / "backups").iterdir()) == []


def test_rotation_deletes_what_newer_ones_cover_and_nothing_else(tmp_path: Path) -> None:
    for days in range(40):
        (tmp_path / f"keyuan-{NOW - dt.timedelta(days=days):%Y%m%dT%H%M%SZ}.db").write_bytes(b"")
    others = ["keyuan-0001-before-0002.db", "keyuan-before-restore-20261001T020000Z.db", "notes.txt"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    gone = rotate(tmp_path, now=NOW)
    assert len(gone) == 31 and len(backups_in(tmp_path)) == 9
    assert all((tmp_path / name).exists() for name in others)


# SQLite ------------------------------------------------------------------------------------------------------------


def test_a_copied_file_would_lack_what_the_backup_has(live: Path, tmp_path: Path) -> None:
    shutil.copy(live, tmp_path / "copied.db")
    assert count(tmp_path / "copied.db") == 0
    assert count(copy_database(live, tmp_path / "backups", "keyuan")) == 500


def test_a_copy_takes_nobody_s_name(live: Path, tmp_path: Path) -> None:
    first, second = (copy_database(live, tmp_path / "backups", "keyuan") for _ in range(2))
    assert (first.name, second.name) == ("keyuan.db", "keyuan-2.db")
    assert [stat.S_IMODE(file.stat().st_mode) for file in (first, second, first.parent)] == [0o600, 0o600, 0o700]
    assert sorted(file.name for file in first.parent.iterdir()) == ["keyuan-2.db", "keyuan.db"]


def test_a_full_text_index_is_copied_with_its_table(live: Path, tmp_path: Path) -> None:
    with sqlite3.connect(live, isolation_level=None) as writer:
        writer.execute("CREATE VIRTUAL TABLE touch_fts USING fts5(note, content='touch', content_rowid='id')")
        writer.execute("INSERT INTO touch_fts (touch_fts) VALUES ('rebuild')")
    with sqlite3.connect(copy_database(live, tmp_path / "backups", "keyuan")) as copy:
        found = copy.execute("SELECT count(*) FROM touch_fts WHERE touch_fts MATCH '谈了新报价'").fetchone()
    assert found == (500,)


def test_a_copy_is_of_one_moment_while_the_bot_writes(live: Path, tmp_path: Path) -> None:
    """Every transaction adds a row to two tables: a copy with more of one is torn."""
    with sqlite3.connect(live, isolation_level=None) as writer:
        writer.execute("CREATE TABLE twin (id INTEGER PRIMARY KEY, note TEXT)")
        writer.execute("INSERT INTO twin SELECT * FROM touch")
    done, wrote = threading.Event(), threading.Event()

    def write() -> None:
        connection = sqlite3.connect(live, isolation_level=None)
        while not done.is_set():
            connection.execute("BEGIN IMMEDIATE")
            for table in ("touch", "twin"):
                connection.execute(f"INSERT INTO {table} (note) VALUES ('x')")
            connection.execute("COMMIT")
            wrote.set()
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    wrote.wait()
    try:
        copies = [copy_database(live, tmp_path / "backups", "keyuan") for _ in range(3)]
    finally:
        done.set()
        thread.join()
    for copy in copies:
        connection = sqlite3.connect(copy)
        rows = row_counts(connection)
        connection.close()
        assert rows["touch"] == rows["twin"] > 500


def test_nothing_is_left_of_a_backup_that_failed(live: Path, tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("in the way")
    with pytest.raises(BackupFailed):
        copy_database(live, tmp_path / "no-folder", "keyuan")
    (tmp_path / "other.db").write_bytes(b"these are no tables" * 100)
    with pytest.raises(BackupFailed):
        copy_database(tmp_path / "other.db", tmp_path / "backups", "keyuan")
    with pytest.raises(BackupFailed):
        back_up(f"sqlite:///{tmp_path / 'missing.db'}", tmp_path / "backups", now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []
    assert not (tmp_path / "missing.db").exists()


def test_a_damaged_database_gives_no_backup(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "keyuan.db"
    whole = bytearray(sqlite_template.read_bytes())
    for page in range(4096 * 3, len(whole), 4096 * 7):
        whole[page : page + 2048] = b"\xff" * 2048
    file.write_bytes(whole)
    with pytest.raises(BackupFailed):
        back_up(f"sqlite:///{file}", tmp_path / "backups", now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_row_that_points_at_nothing_is_found_by_the_trial(tmp_path: Path, sqlite_template: Path) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "keyuan.db"))
    with sqlite3.connect(file) as connection:  # foreign keys are off in a connection of its own
        connection.execute("INSERT INTO team (id, name, lead_id) VALUES (1, 'East', 99)")
    connection.close()
    with pytest.raises(BackupFailed) as refused:
        back_up(f"sqlite:///{file}", tmp_path / "backups", now=NOW)
    assert refused.value.trouble is Trouble.DAMAGED and "team" in str(refused.value)
    assert list((tmp_path / "backups").iterdir()) == []


# PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.fixture
def postgres(postgres_server: tuple[object, object], request: pytest.FixtureRequest) -> Iterator[Database]:
    from storage.database import open_database
    from tests.postgres import copy_of

    server, template = postgres_server
    with copy_of(template, server) as url:  # type: ignore[arg-type]
        opened = open_database(url)
        yield opened
        opened.close()


def test_without_the_tools_it_says_which_are_missing(
    postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed) as refused:
        back_up(postgres.url.render_as_string(hide_password=False), tmp_path / "backups", now=NOW)
    assert refused.value.trouble is Trouble.NO_TOOL and "pg_dump" in str(refused.value)


def test_tools_older_than_the_server_are_refused(
    postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(BackupFailed) as refused:
        back_up(postgres.url.render_as_string(hide_password=False), tmp_path / "backups", now=NOW)
    assert refused.value.trouble is Trouble.OLD_TOOL and "version 9" in str(refused.value)


def test_tables_of_others_are_left_out(postgres: Database, tmp_path: Path) -> None:
    with postgres.group() as connection:
        connection.exec_driver_sql("CREATE TABLE payroll (name text)")
    made = back_up(postgres.url.render_as_string(hide_password=False), tmp_path / "backups", now=NOW)
    assert "payroll" not in made.rows and b"payroll" not in made.file.read_bytes()


def test_a_role_that_may_make_no_database_has_its_archive_read_and_counted(postgres: Database, tmp_path: Path) -> None:
    url = postgres.url
    role = f"r_{url.database}"
    with postgres.group() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'secret of a test'")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        words = {"words": "一\n二\t三\\."}
        connection.execute(insert(Setting), [{"name": f"value-{number}", "value": words} for number in range(3)])
    small = url.set(username=role, password="secret of a test").render_as_string(hide_password=False)
    try:
        made = back_up(small, tmp_path / "backups", now=NOW)
    finally:
        with postgres.group() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")
    assert made.rows["setting"] == 4  # the key of the buttons is the fourth


def test_a_password_is_in_no_command_line(postgres: Database) -> None:
    address, secret = dumps._address(postgres.url.set(password="p w'd"))
    assert "p w" not in address and secret == {"PGPASSWORD": "p w'd"}


def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        back_up("postgresql+psycopg://nobody@127.0.0.1:1/keyuan", tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []
