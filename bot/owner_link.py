"""The one-time link that makes the first person an admin: for a terminal, never for a log."""

import sys

from actions.invites import make_owner_link
from bot.account import ApiRefused, ApiUnreachable, account_of, call
from bot.clock import Clock
from bot.settings import Settings
from bot.start import say, warn
from domain.people import ADMINS, OWNER_LINK_HOURS
from storage.database import open_database


async def print_owner_link(settings: Settings, clock: Clock) -> None:
    """Make a link and print it. Adds one row in one short transaction, so a bot may be running.

    Raises:
        SettingsError, ApiUnreachable, ApiRefused: the bot's name is not known, so there is no link.
        Unavailable: the database.
    """
    username = account_of((await call(settings, "getMe")).result).username
    database, now = open_database(settings.database_url), clock.now()
    try:
        with database.transaction(now) as uow:
            token = make_owner_link(uow, now=now)
    finally:
        database.close()
    say(f"Open this link within {OWNER_LINK_HOURS} h, on the phone of whoever shall be the first admin; it works once:")
    say(f"  https://t.me/{username}?start=o{token}")


async def greet_first_admin(settings: Settings, clock: Clock) -> None:
    """While nobody is an admin, print a link on a terminal; anywhere else only say how to get one."""
    if settings.admin_ids or has_admin(settings, clock):
        return
    if not sys.stdout.isatty():
        say("Nobody is an admin yet: run “keyuan owner-link” on a terminal for a one-time link.")
        return
    try:
        await print_owner_link(settings, clock)
    except (ApiUnreachable, ApiRefused) as error:
        warn(f"No link for the first admin ({error}). When that is mended, run: keyuan owner-link")


def has_admin(settings: Settings, clock: Clock) -> bool:
    """Whether somebody can make links in the chat."""
    database = open_database(settings.database_url)
    try:
        with database.transaction(clock.now()) as uow:
            return bool(uow.people.staff(ADMINS))
    finally:
        database.close()
