"""A bot that ends by itself says why on the terminal, with a status of its own for the service manager."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.refusals import Status, last_words
from bot.settings import VARIABLES
from sandbox.people import Account
from sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAExampleExampleExampleExample12345"
UNIT = (ROOT / "deploy" / "keyuan.service").read_text()


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(account=Account(TOKEN, "example_bot"))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


async def run(server: Sandbox, home: Path, token: str = TOKEN) -> tuple[int, str]:
    """Run the bot until it ends; status and what a terminal would show of it."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=kept
        | {"KEYUAN_BOT_TOKEN": token, "KEYUAN_API_URL": server.api_url, "KEYUAN_DATA_DIR": str(home)}
        | {"XDG_RUNTIME_DIR": str(home)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 90)
    return process.returncode or 0, said.decode()


@contextlib.asynccontextmanager
async def rival(server: Sandbox) -> AsyncIterator[None]:
    """Another program that polls with the same token, and does not give up."""

    async def poll() -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                url = f"{server.api_url}/bot{TOKEN}/getUpdates"
                async with session.post(url, json={"timeout": 20}) as answer:
                    await answer.read()

    task = asyncio.create_task(poll())
    yield
    task.cancel()


@pytest.mark.long
async def test_a_second_poller_is_told_as_what_it_is(server: Sandbox, tmp_path: Path) -> None:
    async with rival(server):
        status, said = await run(server, tmp_path)
    assert status == Status.SECOND_BOT
    assert said.splitlines()[-1] == last_words(Status.SECOND_BOT)
    assert TOKEN not in said and "Traceback" not in said


@pytest.mark.long
async def test_a_refused_token_is_told_as_what_it_is(server: Sandbox, tmp_path: Path) -> None:
    wrong = TOKEN[:-1] + "9"
    status, said = await run(server, tmp_path, wrong)
    assert status == Status.WRONG_TOKEN
    assert said.splitlines()[-1] == last_words(Status.WRONG_TOKEN)
    assert wrong not in said and "Traceback" not in said


def test_every_ending_has_words_of_its_own_and_says_what_to_do() -> None:
    words = {status: last_words(status) for status in Status}
    assert words[Status.SECOND_BOT].startswith("Another program") and "Stop it" in words[Status.SECOND_BOT]
    assert words[Status.WRONG_TOKEN].startswith("KEYUAN_BOT_TOKEN:") and "@BotFather" in words[Status.WRONG_TOKEN]
    assert "five minutes" in words[Status.SILENCE] and "keyuan check" in words[Status.SILENCE]
    assert len(set(words.values())) == 4


def test_a_service_is_not_started_again_where_that_cannot_help() -> None:
    [line] = [line for line in UNIT.splitlines() if line.startswith("RestartPreventExitStatus=")]
    assert line.partition("=")[2].split() == [str(int(s)) for s in (Status.WRONG_SETTING, Status.WRONG_TOKEN)]
