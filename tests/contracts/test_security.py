"""The page on security names tests that exist, the same in both languages; and what no test of behaviour can show."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [(ROOT / "docs" / language / "security.md").read_text("utf-8") for language in ("en", "zh")]
CODE = ("bot", "handlers", "reminders", "actions", "analytics", "storage", "views", "parsing", "domain", "sandbox")
PIPE = {
    "bot/worker.py",
    "actions/import_filing.py",  # packs a part of what comes over it once more
    "parsing/sheet_customers.py",  # keeps rows that it has just read, in memory
}
UNSAFE = frozenset({"pickle", "cPickle", "dill", "shelve", "marshal"})


def held(page: str) -> dict[str, list[str]]:
    """The tests of each threat."""
    rows = re.findall(r"^\| (T\d+) \|.*\| (`test_.*) \|$", page, re.MULTILINE)
    return {threat: re.findall(r"`(test_\w+)`", tests) for threat, tests in rows}


def test_every_named_test_exists() -> None:
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    named = {name for tests in held(PAGES[0]).values() for name in tests}
    assert len(named) > 40
    assert named - known == set()


def test_both_languages_say_the_same() -> None:
    assert held(PAGES[0]) == held(PAGES[1])


def test_every_threat_is_on_the_page() -> None:
    assert {f"T{number}" for number in range(1, 38)} == set(re.findall(r"\bT\d+\b", PAGES[0]))


def test_nothing_is_unpickled_but_what_our_own_worker_says() -> None:
    """The pipe to the process that the program started itself, and its memory; nothing of a file, a database or a message."""
    found = set()
    for path in (path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            module = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if not UNSAFE.isdisjoint([*names, *module]):
                found.add(str(path.relative_to(ROOT)))
    assert found == PIPE
