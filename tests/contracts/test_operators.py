"""The operator's manual names every variable and command that exists, and no other."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import cli
from bot.settings import VARIABLES, Listen, Settings, read_settings
from domain.calendar import WorkTime

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "en" / "operators.md").read_text("utf-8")
DEPLOYED = ("keyuan.service", "keyuan@.service", "Containerfile", "compose.yaml")
COMPOSED: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
WORKERS = {name: service for name, service in COMPOSED["services"].items() if name.startswith("worker")}
GIVEN = {  # what deploy/.env of a company holds
    "POSTGRES_PASSWORD": "secret9",
    "KEYUAN_BOT_TOKEN": "123456789:AAE-x",
    "KEYUAN_WEBHOOK_URL": "https://bot.example.com/telegram",
    "KEYUAN_WEBHOOK_SECRET": "0123abc",
    "KEYUAN_REGION": "TW",
}
SHOWN_DEFAULTS = ("timezone", "locale", "region", "worktime", "log_level")


def rows_of(heading: str) -> dict[str, list[str]]:
    """The table below a heading, by what stands in backquotes in its first column."""
    section = MANUAL.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in rows}


def test_every_variable_is_in_the_table_and_no_other() -> None:
    assert set(rows_of("Settings")) == set(VARIABLES)


def test_no_variable_is_named_anywhere_that_does_not_exist() -> None:
    places = [MANUAL, *((ROOT / "deploy" / name).read_text() for name in DEPLOYED)]
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


# The containers ----------------------------------------------------------------------------------------------------


def filled(text: str) -> str:
    """``${NAME:?why}`` as compose fills it in."""
    return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda hit: GIVEN[hit[1]], text)


@pytest.mark.parametrize("name", ["migrate", *WORKERS])
def test_a_container_has_settings_that_the_program_takes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    service = COMPOSED["services"][name]
    assert service["env_file"] == ".env"
    for variable, value in (GIVEN | service["environment"]).items():
        monkeypatch.setenv(variable, filled(value))
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://keyuan:secret9@db/keyuan"
    assert (settings.webhook_path, settings.listen_on) == ("/telegram", Listen("0.0.0.0", 8080))
    assert (settings.region, settings.locale, settings.admin_ids) == ("TW", "zh_Hans", frozenset())


def test_containers_start_in_order_and_are_given_the_time_they_need_to_end() -> None:
    assert len(WORKERS) == 3
    known = {f"keyuan {command.name}" for command in cli.registered_commands}
    for worker in WORKERS.values():
        assert worker["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        assert f"keyuan {worker['command'][0]}" in known
        assert int(worker["stop_grace_period"].rstrip("s")) > 25
        assert "/healthz" in worker["healthcheck"]["test"][-1]
    migrate = COMPOSED["services"]["migrate"]
    assert migrate["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert f"keyuan {migrate['command'][0]}" in known
    version = COMPOSED["services"]["db"]["image"].rpartition(":")[2]
    assert migrate["build"]["args"]["PACKAGES"].endswith(f"-{version}")  # pg_dump must not be older than the server


def test_each_worker_has_a_port_of_its_own_on_this_machine_only() -> None:
    ports = [port for worker in WORKERS.values() for port in worker["ports"]]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:8080", port) for port in ports)
    assert len(set(ports)) == len(WORKERS)
    assert all(f"127.0.0.1:{port.split(':')[1]};" in MANUAL for port in ports)  # the proxy's list
    assert "ports" not in COMPOSED["services"]["db"]
