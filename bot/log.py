"""What the program says to its operator: plain on a terminal, JSON otherwise, and never a secret.

The guard is double. Every value logged goes through ``redact``, which knows what tokens, links and phone numbers
look like; and every finished line is searched for the secrets of this run, so that one inside a traceback of a library,
a key or an address is caught as well.
"""

import datetime as dt
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO
from urllib.parse import quote

import structlog

HIDDEN = "[hidden]"
NUMBER = "[number]"
LINES_PER_SECOND = 10  # of one event; a loop that fails must not fill the disk
KNOWN_EVENTS = 1_000  # how many events are counted at once before the count starts anew
CHATTY = ("httpx", "httpcore", "aiohttp", "telegram", "apscheduler", "alembic", "sqlalchemy", "asyncio", "urllib3")
SECRET_KEYS = re.compile(r"token|secret|password|phone|payload|invite|link|authorization", re.IGNORECASE)

_SHAPES = (
    (re.compile(r"\b\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE), HIDDEN),  # bot tokens, also in an address
    (re.compile(r"(?<=/bot)\d+(?::|%3A)[A-Za-z0-9_-]+", re.IGNORECASE), HIDDEN),  # short ones of test servers
    (re.compile(r"((?:start|startgroup|startapp)(?:=|%3D))[A-Za-z0-9_-]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(/start(?:@\w+)?\s+)[A-Za-z0-9_-]+"), rf"\1{HIDDEN}"),
    (
        re.compile(r"(X-Telegram-Bot-Api-Secret-Token['\"]?\s*[:=,]\s*['\"]?)[A-Za-z0-9_-]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(\w://[^\s:/@]+:)[^\s/@]+(?=@)"), rf"\1{HIDDEN}"),  # the password of a database address
)
_PHONES = re.compile(
    r"""(?<![A-Za-z0-9_.-])(?:                # not inside a word, a hexadecimal address, a fraction; 电话138… is one
        \+\d[\d\s().-]{6,18}\d                # with a country code
      | \(?0\d{1,3}\)?[\s-]\d{3,4}[\s-]?\d{4} # landline with its area code
      | \d{3,4}[\s-]\d{3,4}[\s-]\d{3,4}       # in groups, as people write them
      | \d{4}[\s-]\d{4}                       # Hong Kong, Singapore
      | \d{7,15}                              # in one piece
    )(?!\d|\.\d)""",
    re.VERBOSE,
)
_secrets: set[str] = set()


def hide(*secrets: str | None) -> None:
    """Remember values that must never be in a line, however they get there."""
    for secret in secrets:
        if secret and len(secret) >= 6:  # a shorter one would be found in ordinary words
            _secrets.update({secret, quote(secret, safe="")})


def redact(text: str) -> str:
    """``text`` without secrets, payloads of links and phone numbers. A bare number of seven digits counts as one."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return _PHONES.sub(NUMBER, hide_secrets(text))


def hide_secrets(text: str) -> str:
    """``text`` without the secrets of this run."""
    for secret in _secrets:
        if secret in text:
            text = text.replace(secret, HIDDEN)
    return text


def redact_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor: whole numbers stay, since ids are what a line is searched by; texts are searched."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key in ("at", "level", "logger") or value is None or isinstance(value, bool | float):
        return value
    if SECRET_KEYS.search(key):
        return HIDDEN
    match value:
        case int():
            return value
        case str():
            return redact(value)
        case Mapping():
            return {str(k): _clean(str(k), v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean("", v) for v in value]
        case _:
            return redact(repr(value))


class RedactingFilter(logging.Filter):
    """For loggers of libraries: the message is put together and cleaned before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "_logger"):  # structlog's own records are cleaned by ``redact_values``
            record.msg, record.args = redact(record.getMessage()), ()
        return True


class Throttle(logging.Filter):
    """At most ``LINES_PER_SECOND`` of one event; the first line after a pause says how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}  # event -> (second, lines in it)

    def filter(self, record: logging.LogRecord) -> bool:
        event = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        key, now = (record.name, str(event)), int(record.created)
        second, lines = self._seen.get(key, (now, 0))
        if second != now:
            record.left_out = max(0, lines - LINES_PER_SECOND)
            lines = 0
        if len(self._seen) > KNOWN_EVENTS:
            self._seen.clear()
        self._seen[key] = (now, lines + 1)
        return lines < LINES_PER_SECOND


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record))


def set_up_log(level: str, *, stream: TextIO | None = None, secrets: tuple[str | None, ...] = ()) -> None:
    """Send every line of ours and of the libraries to ``stream`` (standard error), as its reader needs it.

    Libraries are heard from WARNING on, whatever ``level`` says: at INFO httpx writes the token in every address.
    """
    hide(*secrets)
    _send_to(stream or sys.stderr, level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught


def _send_to(stream: TextIO, level: str) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(plain=stream.isatty()))
    handler.addFilter(Throttle())
    handler.addFilter(RedactingFilter())
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known.formatter, _Formatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    """Python's own last words would go to the terminal unsearched."""
    logging.getLogger("keyuan").critical("uncaught", exc_info=(kind, error, traceback))


def _add_origin(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Time, as UTC with milliseconds, and what the throttle left out; both come from the record."""
    record: logging.LogRecord = event["_record"]
    event["at"] = _instant(record.created)
    if left_out := getattr(record, "left_out", 0):
        event["left_out"] = left_out
    return event


def _instant(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_SHARED: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]


def _formatter(*, plain: bool) -> _Formatter:
    last: Any = (
        structlog.dev.ConsoleRenderer(timestamp_key="at", exception_formatter=structlog.dev.plain_traceback)
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return _Formatter(
        foreign_pre_chain=_SHARED,
        processors=[
            _add_origin,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact_values,
            last,
        ],
    )
