"""What the program says on a terminal: refusals in a sentence, findings in plain words, a link that is kept as a hash."""

import asyncio
import datetime as dt
import hashlib
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.account import Account
from bot.check import Level, bot_father, clock_beside
from bot.lock import held
from bot.settings import VARIABLES
from bot.verify import words
from domain.seals import Flaw, Trouble
from sandbox.people import Account as BotAccount
from sandbox.server import Sandbox
from storage.database import open_database
from storage.seals import seal
from tests import postgres

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAExampleExampleExampleExample12345"


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    err: str


class Terminal:
    """Runs commands in an environment that holds nothing but what it is given."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        self.variables = kept | {"XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PYTHONPATH": str(ROOT)}

    async def keyuan(self, *arguments: str, **variables: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=self.variables | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        ended = Ended(process.returncode or 0, out.decode(), err.decode())
        assert TOKEN not in ended.out + ended.err and "Traceback" not in ended.err
        return ended


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(account=BotAccount(TOKEN, "example_bot"))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.mark.parametrize(
    "command, unneeded",
    [
        ("--help", {"bot.settings", "bot.refusals", "sqlalchemy", "pydantic"}),
        ("migrate", {"handlers", "views", "parsing", "telegram", "aiohttp", "phonenumbers"}),
        ("backup", {"handlers", "views", "parsing", "telegram", "aiohttp", "phonenumbers"}),
    ],
)
async def test_a_command_loads_only_what_it_needs(terminal: Terminal, command: str, unneeded: set[str]) -> None:
    ended = await terminal.keyuan(command, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in ended.err.splitlines() if line.startswith("import time:")}
    assert "bot.cli" in loaded and loaded.isdisjoint(unneeded)


async def test_run_without_a_token_names_the_variable_and_makes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    ended = await terminal.keyuan("run")
    assert ended.status == 2 and ended.err.startswith("KEYUAN_BOT_TOKEN is not set")
    assert not (tmp_path / "keyuan").exists()


async def test_settings_without_a_token_say_both_ways_on(terminal: Terminal, tmp_path: Path) -> None:
    ended = await terminal.keyuan(KEYUAN_LOCALE="en")
    assert ended.status == 2
    assert "KEYUAN_BOT_TOKEN" in ended.err and "keyuan sandbox" in ended.err
    assert not (tmp_path / "keyuan").exists()


async def test_every_wrong_setting_is_told_at_once(terminal: Terminal) -> None:
    ended = await terminal.keyuan("run", KEYUAN_TIMEZONE="Mars", KEYUAN_LISTEN="here", KEYUAN_BOT_TOKEN=TOKEN)
    assert ended.status == 2
    assert [line.partition(":")[0] for line in ended.err.splitlines()] == ["KEYUAN_LISTEN", "KEYUAN_TIMEZONE"]


async def test_a_slip_in_a_name_is_told(terminal: Terminal) -> None:
    ended = await terminal.keyuan("migrate", KEYUAN_LOCAL="en")
    assert "KEYUAN_LOCAL is not a variable of this program; is KEYUAN_LOCALE meant?" in ended.err


async def test_the_first_line_says_where_the_data_is(terminal: Terminal, tmp_path: Path) -> None:
    first, second = [await terminal.keyuan("migrate") for _ in range(2)]
    assert first.out.splitlines()[0] == f"Data folder: {tmp_path / 'keyuan'} (new)"
    assert second.out.splitlines()[0] == f"Data folder: {tmp_path / 'keyuan'}"
    assert (tmp_path / "keyuan").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keyuan" / "keyuan.db").stat().st_mode & 0o777 == 0o600


async def test_a_folder_that_cannot_be_made_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = await terminal.keyuan("migrate", KEYUAN_DATA_DIR=str(tmp_path / "file" / "data"))
    assert ended.status == 2 and ended.err.startswith("KEYUAN_DATA_DIR: ")


async def test_a_newer_database_is_refused_in_plain_words(terminal: Terminal, tmp_path: Path) -> None:
    await terminal.keyuan("migrate")
    with sqlite3.connect(tmp_path / "keyuan" / "keyuan.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = await terminal.keyuan("migrate")
    assert ended.status == 1 and "newer Keyuan" in ended.err and "Nothing was changed" in ended.err


async def test_an_owner_link_is_made_beside_a_running_bot_and_kept_as_a_hash(
    terminal: Terminal, server: Sandbox, tmp_path: Path
) -> None:
    await terminal.keyuan("migrate")
    database = tmp_path / "keyuan" / "keyuan.db"
    with held(Path(f"{database}.lock"), "database"):
        ended = await terminal.keyuan("owner-link", KEYUAN_BOT_TOKEN=TOKEN, KEYUAN_API_URL=server.api_url)
    assert ended.status == 0, ended.err
    hit = re.search(r"https://t\.me/example_bot\?start=o([A-Za-z0-9_-]{22})\n", ended.out)
    assert hit is not None
    with sqlite3.connect(database) as connection:
        stored = connection.execute("SELECT token_hash, role, issued_by, used_at FROM invite").fetchall()
    assert stored == [(hashlib.sha256(hit[1].encode()).hexdigest(), "admin", None, None)]
    assert hit[1].encode() not in database.read_bytes() + Path(f"{database}-wal").read_bytes()


async def test_a_token_that_the_server_does_not_know_is_refused(terminal: Terminal, server: Sandbox) -> None:
    wrong = TOKEN[:-1] + "9"
    ended = await terminal.keyuan("owner-link", KEYUAN_BOT_TOKEN=wrong, KEYUAN_API_URL=server.api_url)
    assert ended.status == 1 and "does not know this token" in ended.err and wrong not in ended.err
    checked = await terminal.keyuan("check", KEYUAN_BOT_TOKEN=wrong, KEYUAN_API_URL=server.api_url)
    assert checked.status == 1 and "WRONG token:" in checked.out and wrong not in checked.out


async def test_check_finds_nothing_wrong_and_changes_nothing(
    terminal: Terminal, server: Sandbox, tmp_path: Path
) -> None:
    settings = {"KEYUAN_BOT_TOKEN": TOKEN, "KEYUAN_API_URL": server.api_url}
    before = await terminal.keyuan("check", **settings)
    assert before.status == 0 and "first start makes it" in before.out
    assert not (tmp_path / "keyuan").exists()
    await terminal.keyuan("migrate")
    after = await terminal.keyuan("check", **settings)
    assert after.status == 0, after.out
    assert all(line.startswith(Level.FINE) for line in after.out.splitlines()), after.out
    assert "@example_bot" in after.out and "clock: agrees" in after.out and "can be written" in after.out


async def test_check_without_a_server_says_what_to_look_at(terminal: Terminal) -> None:
    ended = await terminal.keyuan("check", KEYUAN_BOT_TOKEN=TOKEN, KEYUAN_API_URL="http://127.0.0.1:1")
    assert ended.status == 1 and "http://127.0.0.1:1 cannot be reached" in ended.out


@pytest.mark.parametrize(
    "seconds, told", [(0, "agrees"), (-29, "agrees"), (45, "45 s ahead of"), (-3600, "3600 s behind")]
)
def test_a_clock_that_is_off_is_told(seconds: int, told: str) -> None:
    server = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
    finding = clock_beside(server, now=server + dt.timedelta(seconds=seconds))
    assert told in finding.text and (finding.level is Level.FINE) == ("agrees" in told)


@pytest.mark.parametrize(
    "account, wrong, told",
    [
        (Account("b", joins_groups=True, reads_all_in_groups=False, is_inline=False), False, "knows all it must"),
        (Account("b", joins_groups=False, reads_all_in_groups=True, is_inline=False), False, "knows all it must"),
        (Account("b", joins_groups=True, reads_all_in_groups=True, is_inline=False), True, "/setprivacy"),
        (Account("b", joins_groups=False, reads_all_in_groups=False, is_inline=True), False, "/setinline"),
    ],
)
def test_what_bot_father_must_still_be_told(account: Account, wrong: bool, told: str) -> None:
    findings = list(bot_father(account))
    assert [finding.level is Level.WRONG for finding in findings] == [wrong]
    assert told in findings[0].text


# Backups -----------------------------------------------------------------------------------------------------------


def set_value(database: Path, name: str) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("INSERT INTO setting (name, value) VALUES (?, '{}')", (name,))
    connection.close()


def values_of(database: Path) -> set[str]:
    connection = sqlite3.connect(database)
    names = {name for (name,) in connection.execute("SELECT name FROM setting")}
    connection.close()
    return names


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Path:
    """The database of a bot that was started before."""
    (tmp_path / "keyuan").mkdir(mode=0o700)
    return Path(shutil.copy(sqlite_template, tmp_path / "keyuan" / "keyuan.db"))


async def test_a_backup_is_made_beside_a_running_bot_and_restored_when_it_has_stopped(
    terminal: Terminal, database: Path
) -> None:
    folder = database.parent
    set_value(database, "before")
    with held(Path(f"{database}.lock"), "database"):
        made = await terminal.keyuan("backup")
        [backup] = (folder / "backups").iterdir()
        refused = await terminal.keyuan("restore", str(backup))
    assert made.status == 0 and str(backup) in made.out and "0 customers" in made.out and "3 rows in all" in made.out
    assert backup.stat().st_mode & 0o777 == 0o600
    assert refused.status == 1 and "is running already" in refused.err
    set_value(database, "after")
    done = await terminal.keyuan("restore", str(backup))
    assert done.status == 0 and "Start the bot now" in done.out
    assert values_of(database) == {"button_keys", "before"}
    [kept] = folder.glob("keyuan-before-restore-*.db")
    assert str(kept) in done.out and "after" in values_of(kept)


async def test_what_is_no_backup_is_refused_in_plain_words(terminal: Terminal, database: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a letter to the bank")
    refused = await terminal.keyuan("restore", str(tmp_path / "notes.txt"))
    assert refused.status == 1 and "cannot be restored" in refused.err and "Nothing was changed" in refused.err


async def test_without_postgresql_s_programs_it_says_what_is_missing(
    terminal: Terminal, postgres_server: tuple[URL, URL], tmp_path: Path
) -> None:
    server, template = postgres_server
    with postgres.copy_of(template, server) as url:
        refused = await terminal.keyuan("backup", KEYUAN_DATABASE_URL=url, PATH=str(tmp_path))
    assert refused.status == 1 and "pg_dump is not on PATH" in refused.err


# The record of who did what ----------------------------------------------------------------------------------------


async def test_the_record_is_looked_through_and_a_changed_row_is_named(terminal: Terminal, tmp_path: Path) -> None:
    refused = await terminal.keyuan("verify")
    assert refused.status == 1 and "keyuan migrate" in refused.err
    await terminal.keyuan("migrate")
    file = tmp_path / "keyuan" / "keyuan.db"
    database = open_database(f"sqlite:///{file}")
    now = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
    with database.transaction(now) as uow:
        for name in ("甲", "乙", "丙"):
            uow.act(None, "sample", facts={"name": name})
        assert seal(uow) == 3
    database.close()
    fine = await terminal.keyuan("verify")
    assert fine.status == 0 and "3 entries over 3 rows" in fine.out
    [value] = re.findall(r"Check value: (\S+)", fine.out)
    assert (await terminal.keyuan("verify", value)).out.endswith("The values given are those of this record.\n")
    wrong = await terminal.keyuan("verify", "3-abc")
    assert wrong.status == 2 and "3-abc is no check value" in wrong.err
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER act_kept_4")
        connection.execute("UPDATE act SET facts = '{}' WHERE id = 2")
    broken = await terminal.keyuan("verify", value)
    assert broken.status == 1 and broken.err.startswith(
        "Entry 2: act 2, or a change under it, is not as it was written"
    )
    cut = await terminal.keyuan("verify", "9" + value)
    assert cut.status == 1


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_has_words(flaw: Flaw) -> None:
    said = words(Trouble(flaw, 1_234, 77))
    assert said.endswith(".") and ("1,234" in said or "77" in said)
