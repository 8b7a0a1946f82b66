"""Every knob of the program: a ``KEYUAN_`` variable, typed, checked at the start, refused by its name."""

import difflib
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from domain.calendar import WorkTime
from domain.values import frozen

PREFIX = "KEYUAN_"
TELEGRAM = "https://api.telegram.org"
LOCALES = ("zh_Hans", "zh_Hant", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TELEGRAM_PORTS = frozenset({80, 88, 443, 8443})  # the ports to which Telegram delivers
OWN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})  # answered by the program itself
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+(/test)?")  # /test: Telegram's test environment
MAILBOX = re.compile(r"[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+|[^<>@]* <[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+>")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what setWebhook accepts
LISTEN = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>\d{1,5})")


class SettingsError(Exception):
    """Settings that cannot be used: one sentence per variable, each beginning with its name, none with a secret."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@frozen
class Listen:
    """Where the program itself answers HTTP."""

    host: str
    port: int


WEBHOOK_LISTEN = Listen("127.0.0.1", 8080)  # behind a proxy on the same machine


def _checked(check: Callable[[str], Any]) -> PlainValidator:
    """A field read by ``check`` from text; a value that is no text was made by ourselves."""
    return PlainValidator(lambda value: check(value.strip()) if isinstance(value, str) else value)


def _one_of(choices: tuple[str, ...], *, fold: Callable[[str], str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        known = {fold(choice): choice for choice in choices}
        if fold(text) not in known:
            raise ValueError(f"“{text}” is not one of {', '.join(choices)}.")
        return known[fold(text)]

    return check


def _token(text: str) -> SecretStr:
    if not TOKEN.fullmatch(text):
        raise ValueError("this is no bot token; @BotFather gives one like 123456789:AAE… (digits, a colon, letters).")
    return SecretStr(text)


def _secret(text: str) -> SecretStr:
    if not SECRET.fullmatch(text):
        raise ValueError("use 1 to 256 of the characters A–Z a–z 0–9 _ - and nothing else.")
    return SecretStr(text)


def _database_url(text: str) -> str:
    kind, _, rest = text.partition("://")
    if kind == "sqlite":
        if not rest.startswith("/") or rest in ("/", "/:memory:"):
            raise ValueError("name a file: sqlite:///relative/path or sqlite:////absolute/path.")
        return text
    if kind == "postgresql+psycopg":
        return text
    raise ValueError(f"“{kind}” is neither sqlite:///FILE nor postgresql+psycopg://USER:PASSWORD@HOST/NAME.")


def _api_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("this is no address of a Bot API server; write it like http://127.0.0.1:8081.")
    _port(text)
    return text.rstrip("/")


def _webhook_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or parts.username:
        raise ValueError("this is no web address; write it like https://bot.example.com/telegram.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("Telegram delivers to https only; http is accepted on this machine's own address, for tests.")
    if parts.path in OWN_PATHS:
        raise ValueError(f"{parts.path} is taken by the program itself; choose another path.")
    _port(text)
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("this is no web address; write it like https://crm.example.com.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("use https: what customers write must not be read on the way; http is for this machine only.")
    _port(text)
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("this is no mail server; write it like smtp://user@mail.example.com:587 or smtps://….")
    if parts.password is not None:
        raise ValueError("the password does not belong here; put it into KEYUAN_SMTP_PASSWORD.")
    _port(text)
    return text


def _smtp_from(text: str) -> str:
    if "\n" in text or not MAILBOX.fullmatch(text):
        raise ValueError("this is no sender; write it like Mingyuan <service@example.com>.")
    return text


def _sms_url(text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or parts.fragment or not (parts.scheme == "https" or local):
        raise ValueError("this is no address of an SMS service; write it like https://sms.example.com/send.")
    _port(text)
    return text


def _sms_body(text: str) -> str:
    try:
        whole = json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        whole = ""
    if "{phone}" not in whole or "{text}" not in whole:
        raise ValueError('write JSON with {phone} and {text} in it: {"to": "{phone}", "message": "{text}"}.')
    return text


def _words_of_secret(text: str) -> SecretStr:
    if "\n" in text or "\r" in text:
        raise ValueError("this must be one line.")
    return SecretStr(text)


def _listen(text: str) -> Listen:
    hit = LISTEN.fullmatch(text)
    if hit is None or not 0 < int(hit["port"]) < 65536:
        raise ValueError(f"“{text}” is not HOST:PORT; write it like 127.0.0.1:8080 or [::1]:8080.")
    return Listen(hit["v6"] or hit["host"], int(hit["port"]))


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError) as error:  # a missing name is a LookupError, a folder's name an OSError
        raise ValueError(f"“{text}” is no time zone; write it like Asia/Shanghai or Europe/Berlin.") from error


def _region(text: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # 60 ms; whoever only asks for the version need not wait

    if text.upper() not in SUPPORTED_REGIONS:
        raise ValueError(f"“{text}” is no country in two letters; write it like CN, TW, HK, SG or US.")
    return text.upper()


def _worktime(text: str) -> WorkTime:
    return WorkTime.parse(text)  # its refusal says which part, and gives an example


def _admin_ids(text: str) -> frozenset[int]:
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if not all(re.fullmatch(r"[1-9]\d{0,15}", word) for word in words):
        raise ValueError("write Telegram ids, which are whole numbers, with commas between them: 12345678,87654321.")
    return frozenset(map(int, words))


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _expanded(text: str) -> Path:
    return Path(text).expanduser()


def default_data_dir(environ: Mapping[str, str] | None = None) -> Path:
    """``/data`` where a container offers it, else the user's data folder of the XDG rules."""
    environ = os.environ if environ is None else environ
    if base := environ.get("XDG_DATA_HOME"):
        return Path(base).absolute() / "keyuan"
    if environ.get("container") and Path("/data").is_dir():  # set by our container file, podman and systemd-nspawn
        return Path("/data")
    return Path("~/.local/share/keyuan").expanduser().absolute()


class Settings(BaseSettings):
    """The settings of a run. The description of a field is what ``docs/en/operators.md`` says of its variable."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", arbitrary_types_allowed=True
    )

    bot_token: Annotated[SecretStr | None, _checked(_token)] = None
    bot_token_file: Annotated[Path | None, _checked(_expanded)] = None
    data_dir: Annotated[Path, _checked(_folder)] = Field(default_factory=default_data_dir)
    database_url: Annotated[str, _checked(_database_url)] = Field(default="", repr=False)
    api_url: Annotated[str, _checked(_api_url)] = TELEGRAM
    webhook_url: Annotated[str | None, _checked(_webhook_url)] = None
    webhook_secret: Annotated[SecretStr | None, _checked(_secret)] = None
    public_url: Annotated[str | None, _checked(_public_url)] = None
    smtp_url: Annotated[str | None, _checked(_smtp_url)] = None
    smtp_password: Annotated[SecretStr | None, _checked(_words_of_secret)] = None
    smtp_from: Annotated[str | None, _checked(_smtp_from)] = None
    sms_url: Annotated[str | None, _checked(_sms_url)] = None
    sms_body: Annotated[str | None, NoDecode, _checked(_sms_body)] = None
    sms_authorization: Annotated[SecretStr | None, _checked(_words_of_secret)] = None
    listen: Annotated[Listen | None, NoDecode, _checked(_listen)] = None
    timezone: Annotated[ZoneInfo, NoDecode, _checked(_zone)] = ZoneInfo("Asia/Shanghai")
    locale: Annotated[str, _checked(_one_of(LOCALES, fold=lambda text: text.lower().replace("-", "_")))] = "zh_Hans"
    region: Annotated[str, _checked(_region)] = Field(default="CN", validate_default=False)  # which loads all regions
    worktime: Annotated[WorkTime, NoDecode, _checked(_worktime)] = WorkTime.parse("Mon-Fri 09:00-18:00")
    admin_ids: Annotated[frozenset[int], NoDecode, _checked(_admin_ids)] = frozenset()
    log_level: Annotated[str, _checked(_one_of(LOG_LEVELS, fold=str.upper))] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Put in place what follows from other variables: the token of a file, the database of the data folder."""
        found = dict(given)
        if file := found.get("bot_token_file"):
            if found.get("bot_token"):
                raise ValueError("KEYUAN_BOT_TOKEN and KEYUAN_BOT_TOKEN_FILE are both set; keep one of them.")
            found["bot_token"] = _first_line(_expanded(str(file)))
        if not found.get("database_url"):
            folder = _folder(str(found.get("data_dir") or default_data_dir()))
            found["database_url"] = f"sqlite:///{folder / 'keyuan.db'}"
        return found

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "Settings":
        if self.webhook_url is None:
            return self
        if self.webhook_secret is None:
            raise ValueError(
                "KEYUAN_WEBHOOK_SECRET is missing: without it anybody could write to the bot at KEYUAN_WEBHOOK_URL."
            )
        port = _port(self.webhook_url)
        if self.api_url == TELEGRAM and urlsplit(self.webhook_url).scheme == "https" and port not in TELEGRAM_PORTS:
            raise ValueError(f"KEYUAN_WEBHOOK_URL: Telegram delivers to the ports 80, 88, 443, 8443, not to {port}.")
        return self

    @model_validator(mode="after")
    def _carriers_are_whole(self) -> "Settings":
        if self.smtp_url and not self.smtp_from:
            raise ValueError("KEYUAN_SMTP_FROM is missing: whom is the mail from? Like Mingyuan <service@example.com>.")
        if self.sms_url and not self.sms_body:
            raise ValueError("KEYUAN_SMS_BODY is missing: what shall be posted to KEYUAN_SMS_URL?")
        for name, given in (("SMTP", self.smtp_url), ("SMS", self.sms_url)):
            if given and not self.public_url:
                raise ValueError(f"KEYUAN_{name}_URL needs KEYUAN_PUBLIC_URL: what is sent leads to a page there.")
        return self

    @property
    def token(self) -> str:
        """The bot token; only for what talks to the Bot API.

        Raises:
            SettingsError: there is none.
        """
        if self.bot_token is None:
            raise SettingsError(
                "KEYUAN_BOT_TOKEN is not set: put the token of @BotFather there, or its file's name into"
                " KEYUAN_BOT_TOKEN_FILE. To look around without a token, run: keyuan sandbox"
            )
        return self.bot_token.get_secret_value()

    @property
    def secrets(self) -> tuple[str | None, ...]:
        """What must never be in a line of the log."""
        secret = (self.bot_token, self.webhook_secret, self.smtp_password, self.sms_authorization)
        hidden = (value.get_secret_value() for value in secret if value is not None)
        return (*hidden, urlsplit(self.database_url).password)

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database, else ``None``."""
        if not self.database_url.startswith("sqlite:///"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0]).absolute()

    @property
    def backup_dir(self) -> Path:
        return self.data_dir / "backups"

    @property
    def webhook_path(self) -> str:
        """The path that is served for the webhook: that of its address."""
        return urlsplit(self.webhook_url or "").path or "/"

    @property
    def listen_on(self) -> Listen | None:
        """Where to answer HTTP: always with a webhook or pages, else only when it was asked for."""
        return self.listen or (WEBHOOK_LISTEN if self.webhook_url or self.public_url else None)


class SandboxSettings(Settings):
    """Settings that come from the sandbox alone: no variable of a real bot reaches it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


VARIABLES = tuple(PREFIX + name.upper() for name in Settings.model_fields)


def read_settings() -> Settings:
    """The settings of the environment.

    Raises:
        SettingsError: at least one variable cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(*(_sentence(problem["loc"], problem["msg"]) for problem in error.errors())) from None


def is_configured(environ: Mapping[str, str]) -> bool:
    """Whether any variable of ours is set, so that a sandbox is not what is wanted."""
    return any(environ.get(name) for name in VARIABLES)


def unknown_variables(environ: Mapping[str, str]) -> dict[str, str | None]:
    """Variables that look like ours and are not, each with the name that was probably meant."""
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in VARIABLES)
    return {name: next(iter(difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0.8)), None) for name in unknown}


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(place[0]).upper()}: {text}" if place else text


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(f"KEYUAN_BOT_TOKEN_FILE: {file} cannot be read ({reason}).") from error
    if len(lines) != 1:
        raise ValueError(f"KEYUAN_BOT_TOKEN_FILE: {file} must hold the token and nothing else.")
    return lines[0]


def _port(url: str) -> int:
    """The port of an address; one that cannot be is a ``ValueError``."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
