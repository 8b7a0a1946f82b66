"""The sandbox as ``keyuan sandbox`` opens it: a company of its own, begun anew from the page, kept over a restart."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.cli import build_sandbox
from bot.rehearsal import open_stage
from sandbox.server import Sandbox
from tests.chat.people import Message, Person

REP = 10003
PATIENCE = 30.0  # seconds; the first answer waits for the database to be made


@asynccontextmanager
async def playing(data_dir: Path, *, reset: bool = False) -> AsyncIterator[tuple[Sandbox, "asyncio.Task[int]"]]:
    """A sandbox with its bot, and the task that plays it."""
    with open_stage(data_dir, reset=reset) as stage:
        server, rehearsal = build_sandbox(stage, log_level="WARNING")
        play = asyncio.create_task(rehearsal.play(server, None))
        try:
            yield server, play
        finally:
            play.cancel()
            with suppress(asyncio.CancelledError):
                await play


async def ask(server: Sandbox) -> Message:
    """What the bot answers a rep; whoever is not staff has no history and would be told so by quoting the command."""
    answer = await Person(server, REP, patience=PATIENCE).say("/history")
    assert "/history" not in answer.text
    return answer


async def test_the_staff_of_the_sample_company_are_known(tmp_path: Path) -> None:
    async with playing(tmp_path) as (server, _):
        await ask(server)
        assert server.world.violations == []


@pytest.mark.long
async def test_a_reset_begins_anew_at_the_machine_s_time(tmp_path: Path) -> None:
    async with playing(tmp_path) as (server, _):
        await ask(server)
        server.world.clock.move(3600)
        await server.reset()
        assert server.world.clock.offset == 0
        assert [message.text for message in Person(server, REP).messages][:1] == ["/start"]
        await ask(server)


async def test_a_restart_keeps_the_company_and_never_uses_a_number_twice(tmp_path: Path) -> None:
    said: list[Message] = []
    for reset in (False, False, True):
        async with playing(tmp_path, reset=reset) as (server, _):
            said.append(await ask(server))
    assert len({message.id // 1_000_000 for message in said}) == 3


async def test_a_restart_keeps_the_chats_and_a_reset_does_not(tmp_path: Path) -> None:
    async with playing(tmp_path) as (server, _):
        rep = Person(server, REP, patience=PATIENCE)
        first = await rep.say("拜访 张伟 谈了新报价")
        said = [message.text for message in rep.messages]
    async with playing(tmp_path) as (server, _):
        rep = Person(server, REP, patience=PATIENCE)
        assert [message.text for message in rep.messages] == said  # and nobody says hello again
        undone = await rep.press(first, "↩︎ 撤销")  # a button of yesterday's message still works
        assert isinstance(undone, Message) and "已撤销" in undone.text
    async with playing(tmp_path, reset=True) as (server, _):
        await ask(server)
        assert "拜访 张伟 谈了新报价" not in [message.text for message in Person(server, REP).messages]


async def test_the_language_of_a_phone_is_the_bot_s_too(tmp_path: Path) -> None:
    async with playing(tmp_path) as (server, _):
        await ask(server)
        await server.speak(server.world.chats.people[REP], "en")
        assert "History" in (await Person(server, REP, patience=PATIENCE).say("/history")).text
        scope = f"chat:{REP}"
        menu = next(commands for (where, _), commands in server.world.profile.commands.items() if where == scope)
        assert "my day" in menu[0]["description"].lower()


async def test_the_signal_of_a_terminal_ends_bot_and_page(tmp_path: Path) -> None:
    async with playing(tmp_path) as (server, play):
        await ask(server)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await play == 0
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", server.port)
