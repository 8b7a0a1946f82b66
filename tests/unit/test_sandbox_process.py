"""The sandbox as a process of its own: what it prints, what it keeps, that it ends when it is told to."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox import snapshot
from sandbox.people import Account
from tests.chat.remote import Remote, opened

TOKEN = "123456:test-token"
LIN = 42


@asynccontextmanager
async def process(folder: Path, *more: str) -> AsyncIterator[Remote]:
    """``python -m sandbox`` with its files in a folder, ended by SIGTERM."""
    people = folder / "people.json"
    people.write_text(json.dumps([{"id": LIN, "first_name": "Lin", "started": True}]), "utf-8")
    files = {"--people": people, "--clock": folder / "clock", "--state": folder / "state.json"}
    options = [str(part) for option in files.items() for part in option]
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--port",
        "0",
        "--token",
        TOKEN,
        *options,
        *more,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    where = json.loads(await asyncio.wait_for(child.stdout.readline(), 20))
    assert where["api"] == f"http://127.0.0.1:{where['port']}"
    async with Remote(where["api"], where["token"]) as remote:
        yield remote
    child.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(child.wait(), 10) == 0


async def test_it_says_where_it_listens_and_keeps_its_chats(tmp_path: Path) -> None:
    async with process(tmp_path, "--first-update", "900", "--username", "keeper_bot") as remote:
        assert (await remote.call("getMe"))["result"]["username"] == "keeper_bot"
        await remote.act("say", person=LIN, text="keep me")
        await remote.act("share", person=LIN, document="YQ==", filename="a.txt")
        await remote.call("sendMessage", chat_id=LIN, text="kept")
        await remote.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
        await remote.act("clock", by=7200)
    assert float((tmp_path / "clock").read_text()) == 7200
    async with process(tmp_path) as remote:
        view = await remote.look(f"chats/{LIN}")
        assert [message["text"] for message in view["messages"]] == ["keep me", "", "kept"]
        assert view["menu"] == [{"command": "a", "description": "b"}]
        updates = (await remote.call("getUpdates"))["result"]
        assert [update["update_id"] for update in updates] == [900, 901]
        file_id = updates[1]["message"]["document"]["file_id"]
        assert (await remote.call("getFile", file_id=file_id))["ok"]
        assert (await remote.call("sendMessage", chat_id=LIN, text="x"))["result"]["message_id"] == 4
        assert (await remote.look("state"))["offset"] == 7200


async def test_a_snapshot_of_another_bot_or_none_at_all_is_not_taken_up(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    async with opened(account=Account("1:a"), state_file=file) as (_, remote):
        await remote.act("start", person=10003)
    async with opened(account=Account("2:b")) as (sandbox, _):
        assert not snapshot.read(sandbox.world, file)
        file.write_text("{")
        assert not snapshot.read(sandbox.world, file)
        assert not snapshot.read(sandbox.world, tmp_path / "missing")
        assert sandbox.world.chats.by_id[10003].entries == {}


async def test_a_snapshot_holds_what_was_there(tmp_path: Path) -> None:
    account = Account("1:a")
    async with opened(account=account) as (sandbox, remote):
        await remote.act("start", person=10003)
        await remote.act("group", members=[10003])
        await remote.call("setMyName", name="New")
        await remote.call("setMessageReaction", chat_id=10003, message_id=1, reaction=[])
        taken = snapshot.taken(sandbox.world)
    async with opened(account=Account("1:a")) as (sandbox, _):
        assert snapshot.restore(sandbox.world, json.loads(json.dumps(taken)))
        assert snapshot.taken(sandbox.world) == taken
