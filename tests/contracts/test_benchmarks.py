"""Every benchmark still runs, small and short; its figures are not looked at, as they say nothing on a busy machine."""

import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
SHARED = ("company", "rig", "served")
SCRIPTS = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in SHARED)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_benchmark_runs(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", [name, "--quick"])
    runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    table = capsys.readouterr().out.splitlines()
    assert table[1].endswith("goal") and len(table) > 2, "no table, or one without its head"
    assert all(row.endswith(("met", "MISSED", "-")) for row in table[2:]), table
