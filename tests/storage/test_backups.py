"""A copy of a database holds what was committed, also what still lies in the write-ahead log."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.backup import BackupFailed, copy_database


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


def test_a_copied_file_would_lack_what_the_backup_has(live: Path, tmp_path: Path) -> None:
    shutil.copy(live, tmp_path / "copied.db")
    assert count(tmp_path / "copied.db") == 0
    assert count(copy_database(live, tmp_path / "backups", "keyuan")) == 500


def test_a_backup_is_for_its_owner_only_and_takes_nobody_s_name(live: Path, tmp_path: Path) -> None:
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


def test_nothing_is_left_of_a_backup_that_failed(live: Path, tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("in the way")
    with pytest.raises(BackupFailed):
        copy_database(live, tmp_path / "no-folder", "keyuan")
    (tmp_path / "other.db").write_bytes(b"these are no tables" * 100)
    with pytest.raises(BackupFailed):
        copy_database(tmp_path / "other.db", tmp_path / "backups", "keyuan")
    assert list((tmp_path / "backups").iterdir()) == []
