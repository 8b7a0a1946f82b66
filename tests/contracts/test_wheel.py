"""What is installed from the wheel runs by itself, from any folder: every package, catalogue, step and page is in it."""

import json
import os
import shutil
import signal
import subprocess
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from bot.settings import VARIABLES

ROOT = Path(__file__).parents[2]
TELL_PLACES = """
import importlib, sys
for name in sys.argv[1:]:
    print(importlib.import_module(name).__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv is not None, "the wheel is built with uv"
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True)
    return next(folder.glob("keyuan-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an empty environment with the wheel in it; what it depends on is lent by ours."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--no-deps", "--python", python, wheel], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")  # its own .pth files are not followed
    return folder / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """An environment without settings, at home in an empty folder."""
    kept = {name: value for name, value in os.environ.items() if name not in (*VARIABLES, "PYTHONPATH")}
    return kept | {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    packages = sorted({name.partition("/")[0] for name in packed if "/" in name and ".dist-info/" not in name})
    assert {"bot", "storage", "views", "sandbox"} < set(packages)
    tracked = subprocess.run(["git", "ls-files", "-z", *packages], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.split("\0")) - {""} <= packed


def test_all_packages_come_from_the_wheel(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    names = [
        "bot.app",
        "handlers",
        "reminders",
        "actions",
        "analytics.charts",
        "storage.migrate",
        "views",
        "parsing",
        "domain",
        "sandbox",
    ]
    told = subprocess.run(
        [installed / "python", "-c", TELL_PLACES, *names],
        cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(Path(place).is_relative_to(installed.parent) for place in told.stdout.split())


def test_it_tells_its_version_and_what_is_missing(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    def keyuan(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed / "keyuan", *arguments], cwd=tmp_path, env=elsewhere, capture_output=True, text=True, timeout=60
        )

    told = keyuan("--version")
    assert told.returncode == 0 and told.stdout.startswith("keyuan ") and told.stderr == ""
    checked = keyuan("check")
    assert checked.returncode == 1 and "KEYUAN_BOT_TOKEN is not set" in checked.stdout
    migrated = keyuan("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert migrated.stdout.splitlines()[0] == f"Data folder: {tmp_path / 'data' / 'keyuan'} (new)"


def test_without_any_setting_the_sandbox_opens(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [installed / "keyuan"], cwd=tmp_path, env=elsewhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None and program.stderr is not None
        try:
            lines = iter(program.stdout.readline, "")
            address = next((line.split()[1] for line in lines if line.startswith("Sandbox: ")), "")
            assert address, program.stderr.read()
            with urllib.request.urlopen(address, timeout=10) as page:
                assert "<html" in page.read().decode()
            answered = f"{address}sandbox/calls?method=sendMessage"  # the sample's people have greeted the bot
            until = time.monotonic() + 60
            while not json.load(urllib.request.urlopen(answered, timeout=10))["calls"]:
                assert time.monotonic() < until and program.poll() is None
                time.sleep(0.1)
        finally:
            program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=25) == 0, program.stderr.read()
    assert (tmp_path / "data" / "keyuan" / "sandbox" / "keyuan.db").exists()
    assert not (tmp_path / "data" / "keyuan" / "keyuan.db").exists()
