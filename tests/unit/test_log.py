"""Nothing secret reaches a log, from our own lines, from libraries, or inside an exception."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import redact, set_up_log

TOKEN = "123456789:AAExampleExampleExampleExample12345"
SECRET = "hook-secret-of-this-run"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    kept = structlog.get_config()
    set_up_log("DEBUG", stream=stream, secrets=(TOKEN, SECRET))
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**kept)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text, cleaned",
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot[hidden]/getMe"),
        (f"GET /bot{TOKEN.replace(':', '%3A')}/getMe", "GET /bot[hidden]/getMe"),
        ("http://127.0.0.1:8081/bot12:short/getMe", "http://127.0.0.1:8081/bot[hidden]/getMe"),
        ("https://t.me/example_bot?start=oAbCdEf-_", "https://t.me/example_bot?start=[hidden]"),
        ("/start oAbCdEf", "/start [hidden]"),
        ("/start@example_bot oAbCdEf", "/start@example_bot [hidden]"),
        ("X-Telegram-Bot-Api-Secret-Token: AbCdEf", "X-Telegram-Bot-Api-Secret-Token: [hidden]"),
        ("{'X-Telegram-Bot-Api-Secret-Token': 'AbCdEf'}", "{'X-Telegram-Bot-Api-Secret-Token': '[hidden]'}"),
        ("postgresql+psycopg://keyuan:AbCdEf@db/keyuan", "postgresql+psycopg://keyuan:[hidden]@db/keyuan"),
        ("电话13800138000谢谢", "电话[number]谢谢"),
        ("tel:138 0013 8000", "tel:[number]"),
        ("+86-138-0013-8000", "[number]"),
        ("+886 912 345 678.", "[number]."),
        ("0912-345-678", "[number]"),
        ("(02) 2712-3456", "[number]"),
        ("021-6288 1234", "[number]"),
        ("+1 (415) 555-2671", "[number]"),
        ("6123 4567", "[number]"),
        ('{"phone_number": "85261234567"}', '{"phone_number": "[number]"}'),
    ],
)
def test_secrets_and_numbers_are_taken_out(text: str, cleaned: str) -> None:
    assert redact(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-18T10:00:00.123456Z",
        "2026-11-18 10:00",
        "took 0.1234567 s",
        "at 0x7f1234567890",
        "127.0.0.1:8080",
        "line 120 of storage/database.py",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_ids_stay_and_everything_else_is_searched(log: io.StringIO) -> None:
    structlog.get_logger("keyuan.test").info(
        "update_taken", update_id=123456789, chat=-1001234567890, raw={"text": ["电话13800138000"]}, token="x", tries=2
    )
    [line] = lines(log)
    assert (line["update_id"], line["chat"], line["tries"]) == (123456789, -1001234567890, 2)
    assert line["raw"] == {"text": ["电话[number]"]} and line["token"] == "[hidden]"
    assert (line["event"], line["level"], line["logger"]) == ("update_taken", "info", "keyuan.test")


def test_exceptions_are_searched_too(log: io.StringIO) -> None:
    try:
        raise ValueError(f"POST /bot{TOKEN}/sendMessage for 13800138000 with {SECRET}")
    except ValueError:
        structlog.get_logger("keyuan.test").exception("send_failed")
        logging.getLogger("some.library").exception("failed for %s", TOKEN)
    text = log.getvalue()
    assert text.count("ValueError") == 4  # its line in the source and its last line, twice
    assert "AAExample" not in text and "13800138000" not in text and SECRET not in text


def test_a_secret_in_the_name_of_a_value_is_found(log: io.StringIO) -> None:
    structlog.get_logger("keyuan.test").warning("odd", **{f"answer of {SECRET}": {"a": SECRET}})
    assert lines(log) and SECRET not in log.getvalue()


def test_libraries_are_heard_from_warning_on(log: io.StringIO) -> None:
    for name in ("httpx", "httpcore.connection", "aiohttp.access", "telegram.Bot", "apscheduler.scheduler"):
        logging.getLogger(name).info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger(name).warning("slow")
    assert [line["event"] for line in lines(log)] == ["slow"] * 5


def test_an_event_that_repeats_is_held_to_ten_lines_a_second(log: io.StringIO) -> None:
    logger = logging.getLogger("keyuan.test")
    for second in (100.0, 100.9, 101.5):
        for count in range(25):
            record = logger.makeRecord(logger.name, logging.WARNING, __file__, 1, "again %d", (count,), None)
            record.created = second
            logger.handle(record)
    assert [line.get("left_out") for line in lines(log)] == [None] * 10 + [40] + [None] * 9


def test_a_terminal_gets_plain_lines() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root = logging.getLogger()
    before, level, kept = list(root.handlers), root.level, structlog.get_config()
    try:
        set_up_log("INFO", stream=(terminal := Terminal()))
        structlog.get_logger("keyuan.test").info("started", people=6)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.configure(**kept)
    assert "started" in terminal.getvalue() and not terminal.getvalue().startswith("{")
