"""The house stands: who imports whom, who reads the clock, who commits."""

import ast
import configparser
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
PACKAGES = tuple(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
)
CLOCK_READERS = {"bot/clock.py"}
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
# A bug in one update, send, due thing or job must not stop the others; nobody else may swallow one.
GUARDS = {
    f"bot/{name}.py"
    for name in (
        *("core", "pipeline", "sender", "intake", "web", "web_pages", "carrying", "due", "jobs", "worker"),
        "cli",  # whose refusals end in a sentence; the rest is raised again
        "pictures",  # decoders, at bytes of strangers
    )
}

# What a start must not wait for, nor every message carry in memory: jobs, pictures, migrations, other libraries' extras.
RARE = {"PIL", "alembic", "borax", "holidays", "jinja2", "matplotlib", "numpy", "psycopg", "pypinyin", "sandbox"}
RARE |= {"click", "pygments", "python_calamine", "rich", "telegram.ext", "xlsxwriter"}
STARTED = """
import sys
from bot import cli
cli.load_lightly()
from bot import app, log, owner_link, start
from handlers import all_jobs, all_routes
all_jobs(), all_routes()
print(*(name for name, module in sys.modules.items() if module))
"""


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every ``x.y()`` and ``a.x.y()`` as (x, y)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            yield name, node.func.attr


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_import_contracts_are_kept(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=".importlinter", cache_dir=None, no_logo=True)
    assert status == 0, capfd.readouterr().out


def test_every_package_of_the_wheel_is_under_contract() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    assert set(contracts["importlinter"]["root_packages"].split()) == set(PACKAGES)


def test_domain_imports_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"domain"}
    strange = {
        (file, name)
        for file, tree in modules("domain")
        for name in imported(tree)
        if name.partition(".")[0] not in allowed
    }
    assert strange == set()


def test_only_the_clock_reads_the_clock() -> None:
    ours = [package for package in PACKAGES if package != "sandbox"]  # whose clock is a part of what it plays
    readers = {file for file, tree in modules(*ours) if CLOCK_CALLS & set(calls(tree))}
    assert readers == CLOCK_READERS


def test_only_the_database_commits() -> None:
    assert {file for file, tree in modules(*PACKAGES) if any(name == "commit" for _, name in calls(tree))} <= {
        "storage/database.py"
    }


def test_bugs_are_caught_by_the_guards_only() -> None:
    catching = {
        file
        for file, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    assert catching <= GUARDS


def test_a_start_loads_nothing_that_is_rarely_needed() -> None:
    started = subprocess.run([sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(started.stdout.split())
    assert "bot.app" in loaded
    assert loaded & RARE == set()
