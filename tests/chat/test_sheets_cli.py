"""``keyuan import`` and ``keyuan export`` on a terminal, alone and beside a running bot."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.lock import held, lock_beside
from bot.settings import VARIABLES
from storage.database import Database
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person

ROOT = Path(__file__).parents[2]
LIST = "姓名,手机,城市\n刘洋,13700137001,杭州\n孙丽,13700137002,上海\n"


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    err: str


Keyuan = Callable[..., Coroutine[Any, Any, Ended]]


@pytest.fixture
def keyuan(database_url: str, tmp_path: Path) -> Keyuan:
    """The program in a process of its own, on the test's database."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    own = {"KEYUAN_DATABASE_URL": database_url, "KEYUAN_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}

    async def run(*arguments: str | Path, answer: str = "") -> Ended:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *map(str, arguments)),
            env=kept | own,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(answer.encode()), 60)
        assert b"Traceback" not in err
        return Ended(process.returncode or 0, out.decode(), err.decode())

    return run


def file(folder: Path, text: str, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def customers(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM customer").scalar_one())


async def test_a_file_is_shown_asked_about_and_imported(keyuan: Keyuan, database: Database, tmp_path: Path) -> None:
    path = file(tmp_path, LIST)
    refused = await keyuan("import", path, answer="n\n")
    assert "2 new" in refused.out and "Import 2 customers?" in refused.out and refused.status == 1
    assert customers(database) == 0
    ended = await keyuan("import", path, answer="y\n")
    assert (ended.status, customers(database)) == (0, 2)
    again = await keyuan("import", path, "--yes")
    assert "2 there already" in again.out and (again.status, customers(database)) == (0, 2)


@pytest.mark.long
async def test_bad_rows_lie_beside_the_file(keyuan: Keyuan, tmp_path: Path) -> None:
    path = file(tmp_path, "姓名,生日\n刘洋,1990-05-12\n孙丽,1990-13-45\n")
    ended = await keyuan("import", path, "--yes")
    assert ended.status == 0 and "faulty 1" in ended.out
    back = (tmp_path / "customers-未导入.csv").read_text("utf-8-sig")
    assert "孙丽" in back and "刘洋" not in back


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("import", "missing.csv"), 2, "is no file"),
        (("import", "customers.csv", "--owner", "Nobody"), 2, "no member is called Nobody"),
        (("import", "picture.csv"), 1, "This is no list of customers"),
        (("export", "customers.csv"), 2, "is there already"),
        (("export", "customers.pdf"), 2, "must end in .csv or .xlsx"),
    ],
)
async def test_refusals_say_why(
    keyuan: Keyuan, tmp_path: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    file(tmp_path, LIST)
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    command, name, *more = arguments
    ended = await keyuan(command, tmp_path / name, *more)
    assert ended.status == status and says in ended.err


@pytest.mark.long
@pytest.mark.parametrize("ending", ["csv"])  # workbooks: see test_exports
async def test_what_was_exported_holds_nothing_new(keyuan: Keyuan, tmp_path: Path, ending: str) -> None:
    await keyuan("import", file(tmp_path, LIST), "--yes")
    ended = await keyuan("export", target := tmp_path / f"out.{ending}")
    assert ended.status == 0 and "2 customers" in ended.out and target.stat().st_mode & 0o077 == 0
    assert "2 there already" in (await keyuan("import", target)).out


@pytest.fixture
async def beside(database_url: str) -> AsyncIterator[None]:
    """The lock that a bot holds as long as it runs on a file."""
    with held(lock_beside(Path(database_url.removeprefix("sqlite:///"))), "database"):
        yield


@pytest.mark.usefixtures("company", "beside", "bot")
async def test_a_running_bot_does_the_work(keyuan: Keyuan, admin: Person, tmp_path: Path) -> None:
    ended = await keyuan("import", file(tmp_path, LIST), "--owner", "王娜", "--yes")
    assert ended.status == 0 and "Owner: 王娜 2" in ended.out
    assert "刘洋" in (await admin.say("/find 刘洋")).text
    assert "customers.csv" in " ".join((await admin.say("/import")).buttons)  # an admin can take it back
