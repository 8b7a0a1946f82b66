"""The operator's manual names every variable and command that exists, and no other."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.settings import VARIABLES, Settings
from domain.calendar import WorkTime

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "en" / "operators.md").read_text("utf-8")
SHOWN_DEFAULTS = ("timezone", "locale", "region", "worktime", "log_level")


def rows_of(heading: str) -> dict[str, list[str]]:
    """The table below a heading, by what stands in backquotes in its first column."""
    section = MANUAL.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in rows}


def test_every_variable_is_in_the_table_and_no_other() -> None:
    assert set(rows_of("Settings")) == set(VARIABLES)


def test_no_variable_is_named_anywhere_that_does_not_exist() -> None:
    places = [MANUAL, *((ROOT / "deploy" / name).read_text() for name in ("keyuan.service", "Containerfile"))]
    named = {name for text in places for name in re.findall(r"KEYUAN_[A-Z_]*[A-Z]", text)}
    assert named <= set(VARIABLES)


@pytest.mark.parametrize("field", SHOWN_DEFAULTS)
def test_the_table_tells_the_defaults(field: str) -> None:
    default = Settings.model_fields[field].default
    told = rows_of("Settings")[f"KEYUAN_{field.upper()}"][-1].strip("`")
    assert told == str(default) or (field == "worktime" and WorkTime.parse(told) == default)


def test_every_command_is_in_the_table_and_no_other() -> None:
    known = {f"keyuan {command.name}" for command in cli.registered_commands} | {"keyuan"}
    assert set(rows_of("Commands")) == known


def test_every_command_says_what_it_does() -> None:
    told = CliRunner().invoke(cli, ["--help"], prog_name="keyuan")
    assert told.exit_code == 0
    for command in cli.registered_commands:
        assert command.name is not None and command.name in told.output
        assert command.callback is not None and command.callback.__doc__
