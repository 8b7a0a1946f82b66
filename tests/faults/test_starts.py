"""A start that cannot be: the program says in a sentence what is wrong, leaves everything as it was, and ends."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import VARIABLES
from sandbox import acts
from sandbox.server import Sandbox
from tests.faults.conftest import ROOT, Crowd
from tests.faults.disks import without_rights

REFUSED = 1


class Installation:
    """``keyuan`` on a data folder, as an operator runs it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "keyuan.db"
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        self._variables = kept | {
            "KEYUAN_BOT_TOKEN": sandbox.token,
            "KEYUAN_API_URL": sandbox.api_url,
            "KEYUAN_DATA_DIR": str(folder),
            "XDG_RUNTIME_DIR": str(folder.parent),
        }

    async def keyuan(self, *arguments: str, before: tuple[str, ...] = ()) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (*before, sys.executable, "-m", "bot", *arguments)
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._variables, stdout=pipe, stderr=pipe)

    async def refused(self, *arguments: str, before: tuple[str, ...] = ()) -> str:
        """What it says on its way out; it must be a sentence, and the status that of a refusal."""
        process = await self.keyuan(*arguments, before=before)
        _, words = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == REFUSED, words
        assert b"Traceback" not in words
        return words.decode()


@pytest.fixture
def installed(sandbox: Sandbox, tmp_path: Path, sqlite_template: Path) -> Installation:
    """A database of this version in a folder of its own."""
    made = Installation(sandbox, tmp_path / "data")
    made.folder.mkdir(mode=0o700)
    shutil.copy(sqlite_template, made.file)
    return made


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def scratched(file: Path) -> None:
    """Pages in the middle are of somebody else."""
    with file.open("r+b") as opened:
        for page in range(1, file.stat().st_size // 4096):
            opened.seek(page * 4096)
            opened.write(b"\xa5" * 4096)


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def beheaded(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"PK\x03\x04 no database")


@pytest.mark.parametrize(
    "harm, words",
    [
        (newer, "used by a newer Keyuan (step 9999"),
        (scratched, "database disk image is malformed"),
        (cut_short, "database disk image is malformed"),
        (beheaded, "file is not a database"),
    ],
)
async def test_a_database_that_cannot_be_used_is_left_alone(
    installed: Installation, harm: Callable[[Path], None], words: str
) -> None:
    harm(installed.file)
    before = installed.file.read_bytes()
    said = await installed.refused("run")
    assert words in said
    assert installed.file.read_bytes() == before


async def test_a_folder_or_a_file_that_cannot_be_written_is_named(installed: Installation) -> None:
    before = without_rights()
    installed.file.chmod(0o400)
    assert "readonly database" in await installed.refused("run", before=before)
    installed.file.chmod(0o600)
    installed.folder.chmod(0o500)
    said = await installed.refused("run", before=before)
    assert f"The folder {installed.folder} cannot be written" in said
    installed.folder.chmod(0o700)


async def test_after_a_restore_it_goes_on_with_what_waits(
    installed: Installation, crowd: Crowd, sandbox: Sandbox
) -> None:
    """From a database that broke at night to the next answer: Telegram keeps what is said meanwhile."""
    process = await installed.keyuan("backup")
    await asyncio.wait_for(process.communicate(), 60)
    [backup] = (installed.folder / "backups").glob("keyuan-*.db")
    beheaded(installed.file)
    acts.say(sandbox.world, sandbox.world.chats.people[1], "/help")
    await installed.refused("run")
    process = await installed.keyuan("restore", str(backup))
    _, words = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, words
    process = await installed.keyuan("run")
    await crowd.until(lambda: bool(crowd.heard(1)))
    process.terminate()
    await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
