"""The program as a process for the fault suite: the real ``bot.app.run`` with the suite's routes and a movable clock.

``--kill-at-commit N before|after`` makes it kill itself around its n-th commit of something, as hard as ``kill -9`` does.
"""

import argparse
import asyncio
import faulthandler
import os
import signal
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, event

from bot import app
from bot.app import Pace
from bot.clock import FileClock
from bot.log import set_up_log
from bot.settings import SandboxSettings
from bot.throttle import Throttle
from tests.faults import echo

PACE = Pace(per_second=1_000, chat_spacing=0, throttle=lambda: Throttle(staff=10_000, strangers=10_000))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--token", required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--webhook", default=None)
    parser.add_argument("--listen", default=None)
    parser.add_argument("--kill-at-commit", nargs=2, metavar=("N", "WHEN"))
    return parser.parse_args()


def kill_at_commit(number: int, when: str) -> None:
    """Count the transactions that wrote something; die before or after the commit of the n-th."""
    state = {"wrote": False, "count": 0}

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        state["wrote"] |= statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))

    @event.listens_for(Engine, "commit")
    def committing(connection: Any) -> None:
        wrote, state["wrote"] = state["wrote"], False
        state["count"] += wrote
        if wrote and state["count"] == number:
            if when == "after":
                connection.connection.driver_connection.execute("COMMIT")
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    faulthandler.enable()  # a hanging program tells where when it is aborted
    given = arguments()
    settings = SandboxSettings(
        bot_token=SecretStr(given.token),
        api_url=given.api,
        database_url=given.database,
        data_dir=given.folder,
        webhook_url=given.webhook,
        webhook_secret=SecretStr("a-secret-of-the-suite") if given.webhook else None,
        listen=given.listen,
    )
    set_up_log("DEBUG", secrets=(given.token,))
    if given.kill_at_commit:
        kill_at_commit(int(given.kill_at_commit[0]), given.kill_at_commit[1])
    return asyncio.run(
        app.run(settings, FileClock(given.folder / "clock"), routes=echo.ROUTES, jobs=echo.JOBS, pace=PACE)
    )


if __name__ == "__main__":
    sys.exit(main())
