"""Every variable is checked at the start, and a refusal names it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import (
    VARIABLES,
    Listen,
    SandboxSettings,
    SettingsError,
    default_data_dir,
    is_configured,
    read_settings,
    unknown_variables,
)

TOKEN = "123456789:AAExampleExampleExampleExample12345"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("container", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return str(caught.value)


def test_defaults_are_those_of_the_manual(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.data_dir == tmp_path / "keyuan"
    assert settings.database_url == f"sqlite:///{tmp_path}/keyuan/keyuan.db"
    assert settings.database_file == tmp_path / "keyuan" / "keyuan.db"
    assert (settings.timezone.key, settings.locale, settings.region) == ("Asia/Shanghai", "zh_Hans", "CN")
    assert settings.api_url == "https://api.telegram.org"
    assert settings.listen_on is None and settings.log_level == "INFO" and settings.admin_ids == frozenset()


@pytest.mark.parametrize(
    "name, value",
    [
        ("KEYUAN_BOT_TOKEN", "not a token"),
        ("KEYUAN_BOT_TOKEN", "12345"),
        ("KEYUAN_BOT_TOKEN_FILE", "/nowhere/token"),
        ("KEYUAN_DATABASE_URL", "keyuan.db"),
        ("KEYUAN_DATABASE_URL", "sqlite://"),
        ("KEYUAN_DATABASE_URL", "sqlite:///:memory:"),
        ("KEYUAN_DATABASE_URL", "mysql://localhost/keyuan"),
        ("KEYUAN_DATABASE_URL", "postgresql://localhost/keyuan"),
        ("KEYUAN_API_URL", "api.example.com"),
        ("KEYUAN_API_URL", "http://127.0.0.1:99999"),
        ("KEYUAN_WEBHOOK_URL", "bot.example.com/hook"),
        ("KEYUAN_WEBHOOK_URL", "http://bot.example.com/hook"),
        ("KEYUAN_WEBHOOK_URL", "https://bot.example.com/healthz"),
        ("KEYUAN_WEBHOOK_SECRET", "no spaces"),
        ("KEYUAN_WEBHOOK_SECRET", "a" * 257),
        ("KEYUAN_PUBLIC_URL", "http://crm.example.com"),
        ("KEYUAN_PUBLIC_URL", "crm.example.com"),
        ("KEYUAN_PUBLIC_URL", "https://crm.example.com/?a=b"),
        ("KEYUAN_SMTP_URL", "mail.example.com"),
        ("KEYUAN_SMTP_URL", "smtp://user:password@mail.example.com"),
        ("KEYUAN_SMTP_FROM", "nobody"),
        ("KEYUAN_SMS_URL", "http://sms.example.com"),
        ("KEYUAN_SMS_BODY", '{"to": "{phone}"}'),
        ("KEYUAN_SMS_BODY", "{phone} {text}"),
        ("KEYUAN_LISTEN", "8080"),
        ("KEYUAN_LISTEN", "localhost:0"),
        ("KEYUAN_LISTEN", "localhost:65536"),
        ("KEYUAN_LISTEN", "::1:8080"),
        ("KEYUAN_TIMEZONE", "Asia/Beijing"),
        ("KEYUAN_TIMEZONE", "../etc/passwd"),
        ("KEYUAN_TIMEZONE", "Asia"),
        ("KEYUAN_LOCALE", "fr"),
        ("KEYUAN_REGION", "China"),
        ("KEYUAN_REGION", "XX"),
        ("KEYUAN_WORKTIME", "nine to five"),
        ("KEYUAN_ADMIN_IDS", "@someone"),
        ("KEYUAN_ADMIN_IDS", "-5"),
        ("KEYUAN_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_refusal_begins_with_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    text = refusal(monkeypatch, **{name: value})
    assert text.startswith(f"{name}: ")
    assert "Value error" not in text and "\n" not in text


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = refusal(monkeypatch, KEYUAN_TIMEZONE="Mars", KEYUAN_LISTEN="here", KEYUAN_LOCALE="fr")
    assert [line.partition(":")[0] for line in text.splitlines()] == [
        "KEYUAN_LISTEN",
        "KEYUAN_TIMEZONE",
        "KEYUAN_LOCALE",
    ]


def test_no_secret_is_in_a_refusal_or_in_the_settings_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "se cret" not in refusal(monkeypatch, KEYUAN_BOT_TOKEN="123:se cret", KEYUAN_WEBHOOK_SECRET="se cret")
    monkeypatch.setenv("KEYUAN_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KEYUAN_WEBHOOK_SECRET", "hook-secret")
    monkeypatch.setenv("KEYUAN_DATABASE_URL", "postgresql+psycopg://keyuan:opensesame@db/keyuan")
    text = repr(read_settings()) + str(read_settings())
    assert TOKEN not in text and "hook-secret" not in text and "opensesame" not in text


def test_token_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    monkeypatch.setenv("KEYUAN_BOT_TOKEN_FILE", str(file))
    assert read_settings().token == TOKEN


@pytest.mark.parametrize("content", ["", "two words", "\x00"])
def test_a_file_that_holds_no_token_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content)
    assert "KEYUAN_BOT_TOKEN" in refusal(monkeypatch, KEYUAN_BOT_TOKEN_FILE=str(tmp_path / "token"))


def test_token_and_token_file_together_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = refusal(monkeypatch, KEYUAN_BOT_TOKEN=TOKEN, KEYUAN_BOT_TOKEN_FILE=str(tmp_path / "token"))
    assert "KEYUAN_BOT_TOKEN " in text and "KEYUAN_BOT_TOKEN_FILE" in text


def test_without_a_token_both_ways_on_are_said() -> None:
    with pytest.raises(SettingsError, match=r"KEYUAN_BOT_TOKEN.*keyuan sandbox"):
        _ = read_settings().token


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "KEYUAN_WEBHOOK_SECRET" in refusal(monkeypatch, KEYUAN_WEBHOOK_URL="https://bot.example.com/hook")


def test_webhook_settings_say_where_to_listen_and_what_to_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYUAN_WEBHOOK_URL", "https://bot.example.com/hook/a?b=c")
    monkeypatch.setenv("KEYUAN_WEBHOOK_SECRET", "s3cret")
    assert read_settings().webhook_path == "/hook/a"
    assert read_settings().listen_on == Listen("127.0.0.1", 8080)
    monkeypatch.setenv("KEYUAN_LISTEN", "[::]:9000")
    assert read_settings().listen_on == Listen("::", 9000)


def test_telegram_delivers_to_four_ports_another_server_to_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYUAN_WEBHOOK_SECRET", "s3cret")
    text = refusal(monkeypatch, KEYUAN_WEBHOOK_URL="https://bot.example.com:8081/hook")
    assert text.startswith("KEYUAN_WEBHOOK_URL: ") and "8443" in text
    monkeypatch.setenv("KEYUAN_API_URL", "http://127.0.0.1:8081/")
    assert read_settings().api_url == "http://127.0.0.1:8081"


def test_a_webhook_on_this_machine_may_be_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYUAN_WEBHOOK_URL", "http://127.0.0.1:8080")
    monkeypatch.setenv("KEYUAN_WEBHOOK_SECRET", "s3cret")
    assert read_settings().webhook_path == "/"


@pytest.mark.parametrize(
    "name, value, field, expected",
    [
        ("KEYUAN_LOCALE", "zh-hant", "locale", "zh_Hant"),
        ("KEYUAN_REGION", "tw", "region", "TW"),
        ("KEYUAN_LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("KEYUAN_ADMIN_IDS", "12, 345;6", "admin_ids", frozenset({12, 345, 6})),
        ("KEYUAN_TIMEZONE", " Asia/Taipei ", "timezone", ZoneInfo("Asia/Taipei")),
        ("KEYUAN_TIMEZONE", "", "timezone", ZoneInfo("Asia/Shanghai")),
    ],
)
def test_values_are_read_kindly(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), field) == expected


def test_a_container_that_offers_a_data_folder_uses_it(tmp_path: Path) -> None:
    assert default_data_dir({"XDG_DATA_HOME": str(tmp_path), "container": "oci"}) == tmp_path / "keyuan"
    expected = Path("/data") if Path("/data").is_dir() else Path("~/.local/share/keyuan").expanduser()
    assert default_data_dir({"container": "oci"}) == expected
    assert default_data_dir({}) == Path("~/.local/share/keyuan").expanduser()


def test_no_variable_of_a_real_bot_reaches_the_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KEYUAN_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KEYUAN_DATABASE_URL", "postgresql+psycopg://db/keyuan")
    monkeypatch.setenv("KEYUAN_REGION", "US")
    settings = SandboxSettings(data_dir=tmp_path / "sandbox")
    assert settings.bot_token is None and settings.region == "CN"
    assert settings.database_file == tmp_path / "sandbox" / "keyuan.db"


def test_a_variable_with_a_slip_is_noticed() -> None:
    environ = {"KEYUAN_BOT_TOKN": "x", "KEYUAN_COLOUR": "blue", "KEYUAN_LOCALE": "en", "PATH": "/bin"}
    assert unknown_variables(environ) == {"KEYUAN_BOT_TOKN": "KEYUAN_BOT_TOKEN", "KEYUAN_COLOUR": None}


def test_only_known_variables_with_a_value_count_as_settings() -> None:
    assert is_configured({"KEYUAN_LOCALE": "en"})
    assert not is_configured({"KEYUAN_LOCALE": "", "KEYUAN_COLOUR": "blue"})
