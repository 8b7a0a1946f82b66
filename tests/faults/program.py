"""The program as a process for the fault suite: the real ``bot.app.run`` with a movable clock, and with the suite's
routes unless ``--product`` asks for all that the program has.
"""

import argparse
import asyncio
import faulthandler
import sys
from pathlib import Path

from pydantic import SecretStr

from bot import app
from bot.app import Pace
from bot.clock import FileClock
from bot.log import set_up_log
from bot.settings import SandboxSettings
from bot.throttle import Throttle
from tests.faults import echo

SECRET = "a-secret-of-the-suite"  # of the webhook
PACE = Pace(per_second=1_000, chat_spacing=0, throttle=lambda: Throttle(staff=10_000, strangers=10_000))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--token", required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--webhook", default=None)
    parser.add_argument("--listen", default=None)
    parser.add_argument("--product", action="store_true")
    return parser.parse_args()


def main() -> int:
    faulthandler.enable()  # a hanging program tells where when it is aborted
    given = arguments()
    settings = SandboxSettings(
        bot_token=SecretStr(given.token),
        api_url=given.api,
        database_url=given.database,
        data_dir=given.folder,
        webhook_url=given.webhook,
        webhook_secret=SecretStr(SECRET) if given.webhook else None,
        listen=given.listen,
    )
    set_up_log("DEBUG", secrets=settings.secrets)
    routes, jobs = (None, None) if given.product else (echo.ROUTES, echo.JOBS)
    return asyncio.run(app.run(settings, FileClock(given.folder / "clock"), routes=routes, jobs=jobs, pace=PACE))


if __name__ == "__main__":
    sys.exit(main())
