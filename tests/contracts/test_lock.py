"""A second bot stays out, and the lock ends with its process, however that ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.lock import AlreadyRunning, held, holder_of, lock_beside, lock_of_token
from bot.settings import VARIABLES

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAExampleExampleExampleExample12345"
HOLD = """
import sys
from pathlib import Path
from bot.lock import held
with held(Path(sys.argv[1]), "database"):
    print("held", flush=True)
    sys.stdin.read()
"""
FORK = """
import os, sys
from pathlib import Path
from bot.lock import held
with held(Path(sys.argv[1]), "database"):
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        sys.stdin.read()
        os._exit(0)
    os._exit(0)
"""


@contextmanager
def another_process(file: Path, script: str = HOLD) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", script, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        yield process
        process.kill()


def keyuan(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in VARIABLES} | variables
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, cwd=ROOT, env=environ, timeout=60
    )


def test_who_holds_it_is_said_and_nobody_else_gets_it(tmp_path: Path) -> None:
    file = lock_beside(tmp_path / "keyuan.db")
    with another_process(file) as process:
        with pytest.raises(AlreadyRunning) as refused, held(file, "database"):
            pass
        assert (refused.value.what, refused.value.pid) == ("database", process.pid)
        running = holder_of(file)
        assert running is not None and running.pid == process.pid
    assert holder_of(file) is None


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    file = lock_beside(tmp_path / "keyuan.db")
    with another_process(file) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with held(file, "database"):
            assert file.read_text() == f"{os.getpid()}\n"


def test_a_worker_that_outlives_the_bot_holds_nothing(tmp_path: Path) -> None:
    file = lock_beside(tmp_path / "keyuan.db")
    with another_process(file, FORK) as bot:
        bot.wait()  # its forked worker reads what we do not write, and lives
        with held(file, "database"):
            assert file.read_text() == f"{os.getpid()}\n"


def test_a_token_has_one_lock_that_does_not_name_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    file = lock_of_token(TOKEN, "https://api.telegram.org")
    assert file == lock_of_token(TOKEN, "https://api.telegram.org")
    assert file != lock_of_token(TOKEN, "http://127.0.0.1:8081")
    assert file.is_relative_to(tmp_path) and TOKEN not in str(file) and "AAExample" not in str(file)


def test_migrate_refuses_while_a_bot_runs(tmp_path: Path) -> None:
    assert keyuan("migrate", KEYUAN_DATA_DIR=str(tmp_path)).returncode == 0
    with another_process(tmp_path / "keyuan.db.lock") as process:
        refused = keyuan("migrate", KEYUAN_DATA_DIR=str(tmp_path))
        assert refused.returncode == 1
        assert f"process {process.pid}" in refused.stderr and "Traceback" not in refused.stderr


@pytest.fixture
def bot_variables(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "data").mkdir()
    return {
        "KEYUAN_BOT_TOKEN": TOKEN,
        "KEYUAN_API_URL": "http://127.0.0.1:1",
        "KEYUAN_DATA_DIR": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }


def test_a_second_bot_on_the_same_database_is_refused(bot_variables: dict[str, str], tmp_path: Path) -> None:
    with another_process(tmp_path / "data" / "keyuan.db.lock"):
        refused = keyuan("run", **bot_variables)
    assert refused.returncode == 1 and "this database" in refused.stderr


def test_a_second_poller_with_the_same_token_is_refused(
    bot_variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with another_process(lock_of_token(TOKEN, "http://127.0.0.1:1")):
        refused = keyuan("run", **bot_variables)
    assert refused.returncode == 1 and "this token" in refused.stderr
    assert TOKEN not in refused.stderr + refused.stdout
