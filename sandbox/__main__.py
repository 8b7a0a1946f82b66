"""``python -m sandbox``: the sandbox as a process of its own. The first line it prints is JSON: where it listens."""

import argparse
import asyncio
import contextlib
import json
import signal
from pathlib import Path

from sandbox.limits import Pacing
from sandbox.people import Account, Person, person_from
from sandbox.server import Sandbox, new_token


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default="", help="of the bot; made up when not given")
    parser.add_argument("--username", default="sandbox_bot")
    parser.add_argument("--clock", type=Path, help="file that holds the offset of the clock in seconds")
    parser.add_argument("--state", type=Path, help="file that keeps the chats over a restart")
    parser.add_argument("--people", type=Path, help="JSON array of people")
    parser.add_argument("--first-update", type=int, default=1, help="number of the first update")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429 by itself")
    parser.add_argument("--lenient", action="store_true", help="report unknown parameters without refusing them")
    return parser.parse_args()


def people_of(file: Path | None) -> tuple[Person, ...] | None:
    return None if file is None else tuple(person_from(one) for one in json.loads(file.read_text("utf-8")))


async def run(given: argparse.Namespace) -> None:
    sandbox = Sandbox(
        account=Account(given.token or new_token(), given.username),
        people=people_of(given.people),
        clock_file=given.clock,
        state_file=given.state,
        pacing=Pacing.off() if given.no_limits else Pacing(),
        strict=not given.lenient,
        first_update_id=given.first_update,
    )
    await sandbox.start(given.port)
    where = {"port": sandbox.port, "api": sandbox.api_url, "page": sandbox.page_url, "token": sandbox.token}
    print(json.dumps(where), flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await sandbox.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments()))
