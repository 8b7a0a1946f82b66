"""``keyuan check``: what is wrong, and what BotFather must still be told, in plain words."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bot.account import Account, ApiRefused, ApiUnreachable, account_of, call
from bot.carriers import carriers_of
from bot.clock import Clock
from bot.lock import holder_of, lock_beside
from bot.log import hide, hide_secrets
from bot.refusals import REFUSALS, little_space, words
from bot.settings import Settings, SettingsError, read_settings, unknown_variables
from domain.backups import ALARM_AFTER
from domain.carriers import Carrier
from domain.status import MANY_WAITING
from domain.values import frozen
from storage.backup import BackupFailed, backups_in
from storage.database import Unavailable
from storage.disk import LITTLE_SPACE, free_bytes, network_kind, why_not_writable
from storage.migrate import OnNetworkDisk, head, look

USES_INLINE = False  # whether the bot answers “@bot something” in other chats
SKEW = dt.timedelta(seconds=30)  # more than the way of a request can explain; reminders would be noticed as late


def run_check(clock: Clock, environ: Mapping[str, str]) -> int:
    """Print every finding as it is found; returns the exit status: 1 when something is wrong."""
    status = 0
    try:
        settings = read_settings()
    except SettingsError as error:
        for problem in error.problems:
            print(f"{Level.WRONG:6}{problem}")
        return 1
    hide(*settings.secrets)
    for finding in check(settings, clock, environ):
        print(hide_secrets(f"{finding.level:6}{finding.about}: {finding.text}"), flush=True)
        status = 1 if finding.level is Level.WRONG else status
    return status


class Level(StrEnum):
    """How a line begins."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@frozen
class Finding:
    level: Level
    about: str
    text: str


def check(settings: Settings, clock: Clock, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at everything once, slow things last; nothing is changed."""
    yield from _settings(settings, environ)
    yield from _folder(settings)
    yield from _database(settings)
    yield from _backups(settings, now=clock.now())
    yield from asyncio.run(_telegram(settings, clock))
    yield from asyncio.run(look_at_carriers(settings))


def _settings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    way = "webhook" if settings.webhook_url else "polling"
    place = f"{settings.timezone.key}, {settings.locale}, {settings.region}"
    yield Finding(Level.FINE, "settings", f"{way}; {place}")
    for name, meant in unknown_variables(environ).items():
        hint = f"; is {meant} meant?" if meant else "."
        yield Finding(Level.NOTE, "settings", f"{name} is not a variable of this program{hint}")
    file = settings.bot_token_file
    if file is not None and file.stat().st_mode & 0o077:
        yield Finding(Level.NOTE, "settings", f"{file} can be read by others on this machine: chmod 600 {file}")


async def look_at_carriers(settings: Settings) -> list[Finding]:
    """Whether pages have an address, and whether mail and text messages would be taken; nothing is sent."""
    if settings.public_url is None:
        return [Finding(Level.FINE, "pages", "off; KEYUAN_PUBLIC_URL gives customers without Telegram one")]
    found = [Finding(Level.FINE, "pages", f"{settings.public_url}/c/…")]
    names = {Carrier.MAIL: "e-mail", Carrier.SMS: "SMS"}
    fine = {
        Carrier.MAIL: "the server takes our name and password",
        Carrier.SMS: "the service can be reached; not tried",
    }
    carriers = carriers_of(settings)
    for carrier, name in names.items():
        if carrier not in carriers:
            found.append(Finding(Level.FINE, name, "off"))
            continue
        try:
            await carriers[carrier].try_out()
        except OSError as error:  # also every error of SMTP
            found.append(Finding(Level.WRONG, name, f"does not work: {error or type(error).__name__}"))
        else:
            found.append(Finding(Level.FINE, name, fine[carrier]))
    return found


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding(Level.NOTE, "data folder", f"{folder} is not there yet; the first start makes it.")
        return
    if reason := why_not_writable(folder):
        yield Finding(Level.WRONG, "data folder", f"{folder} cannot be written ({reason}).")
    else:
        yield Finding(Level.FINE, "data folder", str(folder))
    if folder.stat().st_mode & 0o077:
        yield Finding(Level.NOTE, "data folder", f"others on this machine can look into it: chmod 700 {folder}")
    free = free_bytes(folder)
    if free < LITTLE_SPACE:
        yield Finding(Level.WRONG, "disk", little_space(folder, free))
    else:
        yield Finding(Level.FINE, "disk", f"{free // 1024**2:,} MB free")


def _database(settings: Settings) -> Iterator[Finding]:
    file = settings.database_file
    if file is not None and (kind := network_kind(file.parent)):
        yield Finding(Level.WRONG, "database", words(OnNetworkDisk(file.parent, kind)))
    if file is not None and not file.exists():
        yield Finding(Level.NOTE, "database", f"{file} is not there yet; the first start makes it.")
        return
    try:
        step = look(settings.database_url)
    except REFUSALS as error:
        yield Finding(Level.WRONG, "database", words(error))
        return
    where = f"{file}, {file.stat().st_size / 1024**2:,.1f} MB" if file else "PostgreSQL"
    if step == head():
        yield Finding(Level.FINE, "database", f"{where}, step {step}, can be written")
    else:
        yield Finding(
            Level.NOTE, "database", f"{where}: at step {step or 'none'}; the next start brings it to {head()}."
        )
    if file is not None and (running := holder_of(lock_beside(file))):
        yield Finding(Level.FINE, "bot", f"is running (process {running.pid})")


def _backups(settings: Settings, *, now: dt.datetime) -> Iterator[Finding]:
    """How old the newest one in the folder is, and whether PostgreSQL's programs are there to make the next."""
    made = backups_in(settings.backup_dir)
    if settings.database_file is None:
        from storage.dumps import require_tools

        try:
            require_tools(settings.database_url)
        except BackupFailed as error:
            yield Finding(Level.WRONG, "backup", words(error))
            return
        except Unavailable:  # told already
            return
    if not made:
        yield Finding(Level.FINE, "backup", "none yet; the bot makes one every night at 3")
        return
    age = now - made[-1].made_at
    level = Level.NOTE if age > ALARM_AFTER else Level.FINE
    yield Finding(level, "backup", f"{made[-1].file.name}, {age.total_seconds() / 3600:.0f} h old")


async def _telegram(settings: Settings, clock: Clock) -> list[Finding]:
    if settings.bot_token is None:
        return [Finding(Level.WRONG, "token", "KEYUAN_BOT_TOKEN is not set; @BotFather gives one, with /newbot.")]
    try:
        me, hook = await call(settings, "getMe"), await call(settings, "getWebhookInfo")
    except ApiUnreachable as error:
        return [Finding(Level.WRONG, "Telegram", f"{error}. Network, proxy, or KEYUAN_API_URL?")]
    except ApiRefused as error:
        if error.code in (401, 404):
            text = f"{settings.api_url} does not know it. Compare KEYUAN_BOT_TOKEN with what @BotFather shows (/token)."
            return [Finding(Level.WRONG, "token", text)]
        return [Finding(Level.WRONG, "Telegram", f"refused: {error} ({error.code})")]
    account = account_of(me.result)
    return [
        Finding(Level.FINE, "token", f"belongs to @{account.username}"),
        *([clock_beside(me.server_time, now=clock.now())] if me.server_time else []),
        *bot_father(account),
        *_webhook(settings, hook.result),
    ]


def clock_beside(server: dt.datetime, *, now: dt.datetime) -> Finding:
    """Whether this machine's clock can be trusted, by the server's."""
    off = now - server
    if abs(off) <= SKEW:
        return Finding(Level.FINE, "clock", "agrees with Telegram's")
    way = "ahead of" if off > dt.timedelta() else "behind"
    text = f"this machine is {abs(off).total_seconds():.0f} s {way} Telegram; reminders would be off by as much."
    return Finding(Level.WRONG, "clock", text + " Turn time synchronisation on.")


def bot_father(account: Account) -> Iterator[Finding]:
    """What @BotFather must still be told, by what the bot needs. Groups are fine while it hears only what is for it."""
    told = True
    if account.joins_groups and account.reads_all_in_groups:
        told = False
        text = "tell @BotFather /setprivacy → Enable, or /setjoingroups → Disable."
        yield Finding(Level.WRONG, "BotFather", f"the bot would read everything in its groups: {text}")
    if account.is_inline and not USES_INLINE:
        told = False
        text = "inline mode is on, and nothing answers there: tell @BotFather /setinline → Turn off."
        yield Finding(Level.NOTE, "BotFather", text)
    if USES_INLINE and not account.is_inline:
        told = False
        yield Finding(Level.WRONG, "BotFather", "inline mode is off: tell @BotFather /setinline and a few words.")
    if told:
        yield Finding(Level.FINE, "BotFather", "knows all it must: inline mode, groups, privacy")


def _webhook(settings: Settings, hook: Mapping[str, Any]) -> Iterator[Finding]:
    there, wanted = str(hook.get("url", "")), settings.webhook_url or ""
    if there == wanted:
        yield Finding(Level.FINE, "webhook", "is set as it should be" if wanted else "none, as polling needs it")
    elif wanted:
        yield Finding(Level.NOTE, "webhook", "is not set at Telegram yet; the next start sets it.")
    else:
        host = urlsplit(there).hostname
        yield Finding(
            Level.NOTE, "webhook", f"{host} is set at Telegram; a start with polling takes it away from there."
        )
    if there and there == wanted and (error := hook.get("last_error_message")):
        yield Finding(Level.WRONG, "webhook", f"Telegram's last delivery failed: {error}")
    if (waiting := int(hook.get("pending_update_count", 0))) > MANY_WAITING:
        yield Finding(Level.WRONG, "Telegram", f"{waiting:,} messages wait there; it keeps them for one day.")
