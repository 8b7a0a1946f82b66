"""A restore brings back what the backup holds, keeps what was there, and lets nothing old go out by itself."""

import datetime as dt
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, func, select, text

from actions.erasures import erase_now
from domain.customers import ContactDraft, CustomerDraft
from domain.erasures import Erased
from domain.repeats import Repeat, Unit
from storage import leases, outbox
from storage.backup import BackupFailed, back_up
from storage.database import Database, open_database
from storage.erasures import LIST, erased, read_list, write_list
from storage.migrate import STEPS, head, migrate
from storage.models import Act, Contact, Customer, Due, Outbox, Reminder, Setting
from storage.outbox import Letter, SendState
from storage.restore import HELD, NewerBackup, NotABackup, OtherKind, WorkersAlive, restore
from storage.uow import UnitOfWork
from tests import postgres
from tests.postgres import tools_on_path
from tests.storage.people import NOW, hire

pytestmark = pytest.mark.own_database

LATER = NOW + dt.timedelta(hours=12)
NEXT_WEEK = NOW + dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs of the server that the tests bring along."""
    monkeypatch.setenv("PATH", tools_on_path())


@pytest.fixture
def url(database: Database) -> str:
    """The address of a database with a staff of five."""
    with database.transaction(NOW) as uow:
        hire(uow)
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def backup(database: Database, url: str, tmp_path: Path) -> Path:
    """A backup of it, after which a value was stored that is in none."""
    made = back_up(url, tmp_path / "backups", now=NOW)
    write(database, lambda uow: uow.settings.store("later", {"words": "written after the backup"}))
    database.close()
    return made.file


def write(database: Database, work: Any) -> None:
    with database.transaction(NOW) as uow:
        work(uow)


def value(database: Database, statement: Any) -> Any:
    database.close()  # what was restored lies in another file, or under another name
    with database.reading() as connection:
        return connection.execute(statement).scalar()


def letter(chat: int, *, copy_rule: str = "must", hours: float = 0) -> Letter:
    at = NOW + dt.timedelta(hours=hours)
    return Letter(chat, "sendMessage", {"chat_id": chat, "text": "明天见"}, at, copy_rule=copy_rule)


def test_what_was_written_since_is_gone_and_the_rest_is_back(database: Database, url: str, backup: Path) -> None:
    done = restore(url, backup, now=LATER)
    assert (done.came_from, done.now_at) == (head(), head())
    assert (done.rows["member"], done.rows["person"]) == (5, 5)
    assert value(database, select(func.count()).select_from(Setting).where(Setting.name == "later")) == 0
    assert value(database, select(Act.at).where(Act.kind == "database.restored")) == LATER


def test_what_was_there_is_kept_beside_it(database: Database, url: str, backup: Path, tmp_path: Path) -> None:
    kept = restore(url, backup, now=LATER).kept
    assert kept is not None
    if database.dialect == "sqlite":
        assert Path(kept).parent == tmp_path and "before-restore" in kept
        old = sqlite3.connect(kept)
        [(found,)] = old.execute("SELECT count(*) FROM setting WHERE name = 'later'")
        old.close()
        left = {path.name for path in tmp_path.iterdir()} - {Path(kept).name, "backups"}
        assert {name.removesuffix("-wal").removesuffix("-shm") for name in left} == {"keyuan.db"}
    else:
        found = value(database, text(f"SELECT count(*) FROM {kept}.setting WHERE name = 'later'"))
    assert found == 1


def test_who_was_forgotten_since_is_forgotten_in_every_old_copy(database: Database, url: str, tmp_path: Path) -> None:
    """Also at the second restore, when the database knows nothing of it any more and only the list does."""
    folder = tmp_path / "backups"

    def file(uow: UnitOfWork) -> None:
        uow.act(None, "sample", undo=None)
        rep = uow.people.of_member(1)
        assert rep is not None
        uow.customers(rep).add(CustomerDraft("张伟", contacts=(ContactDraft("老张"),), owner_id=1))
        uow.people.identify(77, name="张先生", username=None, locale="zh_Hans")

    def forget(uow: UnitOfWork) -> None:
        asks = uow.people.find(77)
        assert asks is not None
        uow.act(asks, "erasure.asked", undo=None)
        customer_id = uow.connection.execute(select(Customer.id)).scalar_one()
        contact_id = uow.connection.execute(select(Contact.id)).scalar_one()
        erasure = uow.erasures(asks).ask(customer_id, contact_id, due_at=NOW)
        erase_now(uow, asks, erasure, now=NOW)

    write(database, file)
    copy = back_up(url, folder, now=NOW).file
    write(database, forget)
    for hours in (1, 2):
        write(database, lambda uow: write_list(folder, erased(uow)))  # as the program does every minute
        database.close()
        restore(url, copy, now=LATER + dt.timedelta(hours=hours))
        assert value(database, select(Customer.name)).startswith("#"), hours
        assert value(database, select(Contact.name)) is None, hours


def test_a_damaged_list_of_who_was_forgotten_is_no_reason_to_forget_nobody(url: str, backup: Path) -> None:
    folder = backup.parent
    for damaged in ("", "[", "[[1]]", "{}1"):
        (folder / LIST).write_text(damaged)
        with pytest.raises(NotABackup, match="who was forgotten"):
            restore(url, backup, now=LATER)
    one = Erased(1, NOW.isoformat(), 1, NOW.isoformat(), 1)
    write_list(folder, [one])
    assert read_list(folder) == [one] and (folder / "erased-damaged.json").read_text() == "{}1"
    assert restore(url, backup, now=LATER).rows["member"] == 5


def test_a_restore_can_be_restored_from(database: Database, url: str, backup: Path, tmp_path: Path) -> None:
    restore(url, backup, now=LATER)
    again = back_up(url, tmp_path / "backups", now=LATER).file
    assert restore(url, again, now=LATER + dt.timedelta(hours=1)).rows["member"] == 5


def test_the_program_works_on_what_was_restored(database: Database, url: str, backup: Path) -> None:
    restore(url, backup, now=LATER)
    database.close()
    with database.transaction(LATER) as uow:
        uow.act(None, "sample", undo=None)
        uow.journal.add_many(Reminder, [reminder(uow, hours=1)])
        assert value_of(uow, select(func.count()).select_from(Reminder)) == 1


def test_letters_that_were_still_to_be_sent_are_held(database: Database, url: str, tmp_path: Path) -> None:
    write(
        database,
        lambda uow: outbox.add(
            uow.connection,
            [letter(1), letter(2, copy_rule="never"), letter(3, hours=5), letter(4, copy_rule="edit"), letter(5)],
        ),
    )
    with database.transaction(NOW) as uow:
        [sent, *_] = outbox.claim(uow.connection, now=NOW, most=1)
        outbox.settle(uow.connection, [outbox.Settled(sent, SendState.SENT, message_id=9)], now=NOW)
        outbox.claim(uow.connection, now=NOW, most=1)  # in somebody's hands
    made = back_up(url, tmp_path / "backups", now=NOW)
    database.close()
    assert restore(url, made.file, now=LATER).held == 3
    with database.transaction(LATER) as uow:
        states = dict(uow.connection.execute(select(Outbox.chat_id, Outbox.state)).all())
        why = set(uow.connection.scalars(select(Outbox.error).where(Outbox.state == SendState.UNCERTAIN)))
        nothing = outbox.claim(uow.connection, now=NEXT_WEEK, most=9)
    uncertain, dropped = SendState.UNCERTAIN, SendState.CANCELLED
    assert states == {1: SendState.SENT, 2: uncertain, 3: uncertain, 4: dropped, 5: uncertain}
    assert why == {HELD} and nothing == []


def reminder(uow: UnitOfWork, *, hours: float, repeat: Repeat | None = None) -> dict[str, Any]:
    people = uow.people.staff()
    return {
        "person_id": people[0].person_id,
        "customer_id": None,
        "words": "交周报",
        "at": NOW + dt.timedelta(hours=hours),
        "repeat": repeat.to_json() if repeat else None,
        "state": "open",
        "created_at": NOW,
    }


def value_of(uow: UnitOfWork, statement: Any) -> Any:
    return uow.connection.execute(statement).scalar()


def test_what_is_long_over_is_settled_and_no_chain_is_broken(database: Database, url: str, tmp_path: Path) -> None:
    with database.transaction(NOW) as uow:
        uow.act(None, "sample", undo=None)
        single, repeating, fresh = uow.journal.add_many(
            Reminder,
            [
                reminder(uow, hours=1),
                reminder(uow, hours=1, repeat=Repeat(Unit.DAY)),
                reminder(uow, hours=24 * 3),
            ],
        )
    made = back_up(url, tmp_path / "backups", now=NOW)
    database.close()
    assert restore(url, made.file, now=NEXT_WEEK + dt.timedelta(hours=2)).settled == 1
    open_due = select(Due.subject_id, Due.useful_until).where(Due.kind == "reminder", Due.state == 0)
    with database.transaction(NEXT_WEEK) as uow:
        due = dict(uow.connection.execute(open_due).all())
        mornings = value_of(uow, select(func.count()).where(Due.kind == "morning", Due.state == 0))
    assert due.keys() == {repeating, fresh} and single not in due
    useful = due[repeating]
    assert useful is not None and useful > NEXT_WEEK
    assert mornings == 5


# What is refused ---------------------------------------------------------------------------------------------------


def untouched(database: Database) -> bool:
    """Whether the database still is the one that was written to after the backup, and nothing lies beside it."""
    if database.dialect == "sqlite":
        beside = list(Path(database.url.database or "").parent.glob("*restor*"))
    else:
        beside = [
            value(
                database, text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'keyuan%'")
            )
        ]
    return not any(beside) and value(database, select(func.count()).where(Setting.name == "later")) == 1


def test_a_file_that_is_no_backup_is_refused(database: Database, url: str, backup: Path, tmp_path: Path) -> None:
    magic = b"SQLite format 3\0" if database.dialect == "sqlite" else b"PGDMP"
    (tmp_path / "words").write_text("a letter to the bank")
    (tmp_path / "torn").write_bytes(magic + b"\xff" * 4000)
    half = tmp_path / "half"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 3])
    for name in ("words", "torn", "half", "nowhere"):
        with pytest.raises(NotABackup):
            restore(url, tmp_path / name, now=LATER)
    assert untouched(database)


def test_a_copy_of_the_other_kind_of_database_is_refused(
    database: Database, url: str, backup: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    other = sqlite_template
    if database.dialect == "sqlite":
        other = tmp_path / "other.dump"
        other.write_bytes(b"PGDMP" + b"\0" * 100)
    with pytest.raises(OtherKind):
        restore(url, other, now=LATER)
    assert untouched(database)


def test_a_backup_of_a_newer_program_is_refused(database: Database, url: str, backup: Path, tmp_path: Path) -> None:
    write(database, lambda uow: uow.connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    newer = back_up(url, tmp_path / "backups", now=LATER).file
    write(database, lambda uow: uow.connection.execute(text(f"UPDATE alembic_version SET version_num = '{head()}'")))
    database.close()
    with pytest.raises(NewerBackup) as refused:
        restore(url, newer, now=LATER)
    assert (refused.value.found, refused.value.known) == ("9999", head())
    assert untouched(database)


def test_a_database_of_another_program_is_no_backup(
    database: Database, url: str, backup: Path, tmp_path: Path, postgres_server: tuple[URL, URL]
) -> None:
    if database.dialect == "sqlite":
        foreign = tmp_path / "foreign.db"
        with sqlite3.connect(foreign) as connection:
            connection.execute("CREATE TABLE payroll (name text)")
        connection.close()
    else:
        foreign = tmp_path / "foreign.dump"
        address = postgres_server[0].set(drivername="postgresql").render_as_string(hide_password=False)
        subprocess.run(["pg_dump", "--format=custom", f"--file={foreign}", address], check=True)
    with pytest.raises(NotABackup):
        restore(url, foreign, now=LATER)
    assert untouched(database)


# An older one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def next_steps(tmp_path: Path) -> Path:
    """The steps, and one more."""
    steps = Path(shutil.copytree(STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__")))
    following = f"{int(head()) + 1:04d}"
    (steps / "versions" / f"{following}_of_a_test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = '{following}'\ndown_revision = '{head()}'\n\n\n"
        "def upgrade() -> None:\n    op.add_column('team', sa.Column('colour', sa.String(8)))\n"
    )
    return steps


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without anything."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old' / 'keyuan.db'}"
        return
    server, _ = request.getfixturevalue("postgres_server")
    with postgres.copy_of(server.set(database="template1"), server) as url:
        yield url


def test_an_older_backup_is_brought_to_this_version(
    database: Database, url: str, backup: Path, next_steps: Path
) -> None:
    done = restore(url, backup, now=LATER, steps=next_steps)
    assert (done.came_from, done.now_at) == (head(), head(next_steps))
    assert value(database, text("SELECT version_num FROM alembic_version")) == head(next_steps)
    assert value(database, text("SELECT count(*) FROM team WHERE colour IS NULL")) == 2


def test_a_lost_database_is_made_from_its_backup(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    migrate(empty_url, backup_dir=tmp_path)
    made = back_up(empty_url, tmp_path / "backups", now=NOW)
    database = open_database(empty_url)
    if database.dialect == "sqlite":
        Path(database.url.database or "").unlink()
    else:
        with database.group() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    done = restore(empty_url, made.file, now=LATER)
    assert done.kept is None and done.rows["setting"] == 1
    database.close()


def test_a_broken_database_gives_way_to_its_backup(tmp_path: Path, sqlite_template: Path) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "keyuan.db"))
    made = back_up(f"sqlite:///{file}", tmp_path / "backups", now=NOW)
    file.write_bytes(b"\0" * 4096)
    Path(f"{file}-wal").write_bytes(b"the log of the broken one")
    done = restore(f"sqlite:///{file}", made.file, now=LATER)
    assert done.rows["setting"] == 1 and done.kept is not None
    assert Path(done.kept).read_bytes() == b"\0" * 4096
    assert not Path(f"{file}-wal").exists() or Path(f"{file}-wal").stat().st_size == 0


# PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(postgres_server: tuple[URL, URL]) -> Iterator[Database]:
    """A database of its own there."""
    address, template = postgres_server
    with postgres.copy_of(template, address) as url:
        opened = open_database(url)
        yield opened
        opened.close()


def test_it_refuses_while_a_worker_is_alive(server: Database, tmp_path: Path) -> None:
    url = server.url.render_as_string(hide_password=False)
    made = back_up(url, tmp_path, now=NOW)
    write(server, lambda uow: uow.settings.store("later", {}))
    with server.group() as connection:
        leases.hold(connection, leases.SENDER, "host:1:abc")
    with pytest.raises(WorkersAlive) as refused:
        restore(url, made.file, now=LATER)
    assert refused.value.owner == "host:1:abc" and untouched(server)


def test_a_restore_that_fails_in_the_middle_puts_everything_back(server: Database, tmp_path: Path) -> None:
    url = server.url.render_as_string(hide_password=False)
    write(server, lambda uow: hire(uow))
    made = back_up(url, tmp_path, now=NOW)
    write(server, lambda uow: uow.settings.store("later", {}))
    with server.group() as connection:  # a view of somebody else's, named like one of our indexes
        connection.execute(text("CREATE VIEW stands_in_the_way AS SELECT 1"))
        connection.execute(text("ALTER INDEX ix_inbox_old RENAME TO ix_inbox_older"))
        connection.execute(text("ALTER VIEW stands_in_the_way RENAME TO ix_inbox_old"))
    with pytest.raises(BackupFailed):
        restore(url, made.file, now=LATER)
    assert untouched(server)
    assert value(server, text("SELECT count(*) FROM member")) == 5


def test_tables_of_others_stay_where_they_are(server: Database, tmp_path: Path) -> None:
    url = server.url.render_as_string(hide_password=False)
    made = back_up(url, tmp_path, now=NOW)
    with server.group() as connection:
        connection.execute(text("CREATE TABLE payroll (name text)"))
    restore(url, made.file, now=LATER)
    assert value(server, text("SELECT count(*) FROM public.payroll")) == 0
