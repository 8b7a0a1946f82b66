"""Each fault strikes the calls it was set for, as often as it was set for, and is honest about what was accepted."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA = 10003


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Remote]]:
    async with opened() as (sandbox, remote):
        await remote.act("start", person=NA)
        yield sandbox, remote


async def send(remote: Remote, text: str = "x") -> dict[str, Any]:
    return await remote.call("sendMessage", chat_id=NA, text=text)


def said(sandbox: Sandbox) -> list[str]:
    """What of the bot stands in the chat."""
    return [entry.raw["text"] for entry in sandbox.world.chats.by_id[NA].entries.values() if entry.by_bot]


@pytest.mark.parametrize(
    "kind, accepted",
    [("refuse", False), ("reset", True), ("kill_before", False), ("kill_after", True)],
)
async def test_a_connection_breaks(both: tuple[Sandbox, Remote], kind: str, accepted: bool) -> None:
    sandbox, remote = both
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    await remote.act("faults", kind=kind, method="sendMessage", pid=child.pid)
    with pytest.raises(aiohttp.ClientError):
        await send(remote, "struck")
    assert said(sandbox) == ["struck"] * accepted
    assert [call.accepted for call in sandbox.world.calls if call.method == "sendMessage"] == [accepted]
    assert (await send(remote, "after"))["ok"], "the fault struck once"
    if kind.startswith("kill"):
        assert await asyncio.wait_for(child.wait(), 5) == -9
    else:
        child.kill()
        await child.wait()


@pytest.mark.parametrize("kind, accepted", [("error", False), ("lost", True)])
async def test_a_proxy_answers_in_place_of_the_server(both: tuple[Sandbox, Remote], kind: str, accepted: bool) -> None:
    sandbox, remote = both
    await remote.act("faults", kind=kind, method="send*", status=503, body='{"ok":false,"error_code":503}')
    assert await send(remote) == {"ok": False, "error_code": 503}
    assert said(sandbox) == ["x"] * accepted


async def test_a_call_is_accepted_and_never_answered(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    await remote.act("faults", kind="hang", method="sendMessage", seconds=60)
    call = asyncio.create_task(send(remote))
    while not said(sandbox):
        await sandbox.world.chats.next_change()
    assert not call.done()
    call.cancel()


async def test_a_slow_call_is_accepted_late(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    await remote.act("faults", kind="slow", method="sendMessage", seconds=0.03)
    call = asyncio.create_task(send(remote))
    await remote.call("getMe")
    assert said(sandbox) == []
    assert (await call)["ok"]
    assert said(sandbox) == ["x"]


@pytest.mark.parametrize(
    "retry_after, told",
    [(0, {"retry_after": 0}), (2.5, {"retry_after": 2.5}), ("soon", {"retry_after": "soon"}), ("missing", None)],
)
async def test_a_flood_wait_of_any_kind(both: tuple[Sandbox, Remote], retry_after: Any, told: Any) -> None:
    _, remote = both
    await remote.act("faults", kind="flood", retry_after=retry_after)
    answer = await send(remote)
    assert answer["error_code"] == 429
    assert answer.get("parameters") == told


async def test_polling_meets_garbage_and_wrong_codes(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    await remote.act("faults", kind="garbage", method="getUpdates", body="<html>")
    await remote.act("faults", kind="error", method="getUpdates", status=401, body='{"ok":false,"error_code":401}')
    with pytest.raises(ValueError):
        await remote.call("getUpdates")
    assert (await remote.call("getUpdates"))["error_code"] == 401
    assert len((await remote.call("getUpdates"))["result"]) == 1, "nothing was lost by it"
    assert sandbox.faults.waiting == []


async def test_a_fault_waits_for_the_nth_call_of_its_chat(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    await remote.act("start", person=10001)
    await remote.act("faults", kind="error", method="sendMessage", chat_id=NA, skip=1, times=2, body='{"ok":false}')
    oks = [(await remote.call("sendMessage", chat_id=who, text="x"))["ok"] for who in (NA, 10001, NA, NA, NA)]
    assert oks == [True, True, False, False, True]


async def test_a_fault_lasts_until_it_is_taken_away(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    fault = await remote.act("faults", kind="error", times=0, body='{"ok":false}')
    assert [(await send(remote))["ok"] for _ in range(3)] == [False] * 3
    assert (await remote.look("faults"))["faults"][0]["struck"] == 3
    await remote.forget(f"faults?id={fault['id']}")
    assert (await send(remote))["ok"]
    await remote.act("faults", kind="error", seconds_on=60, body='{"ok":false}')
    assert not (await send(remote))["ok"]
    await remote.forget("faults")
    assert (await send(remote))["ok"]


async def test_a_fault_for_a_while_ends_by_itself(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    await remote.act("faults", kind="error", seconds_on=0.01, body='{"ok":false}')
    await asyncio.sleep(0.02)
    assert (await send(remote))["ok"]


async def test_the_port_can_be_closed_for_a_while(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    async with Remote(sandbox.api_url, sandbox.token) as bot:
        assert (await bot.call("getMe"))["ok"]
        await remote.act("faults", kind="unreachable", seconds=60)
        with pytest.raises(aiohttp.ClientError):
            await bot.call("getMe")
        with pytest.raises(aiohttp.ClientConnectorError):
            await bot.call("getMe")
        await sandbox.open_port()
        assert (await bot.call("getMe"))["ok"]


@pytest.mark.parametrize("given", [{"kind": "rain"}, {"kind": "slow", "secs": 1}, {"kind": "kill_before"}])
async def test_a_misspelt_fault_is_refused(both: tuple[Sandbox, Remote], given: dict[str, Any]) -> None:
    _, remote = both
    with pytest.raises(ValueError):
        await remote.act("faults", **given)


async def test_a_file_cannot_be_fetched(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    await remote.act("share", person=NA, document="YQ==", filename="a.txt")
    (stored,) = sandbox.world.files.by_id.values()
    url = f"{sandbox.api_url}/file/bot{sandbox.token}/{stored.path}"
    await remote.act("faults", kind="error", method="file", status=502)
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.get(url)).status for _ in range(2)]
        assert statuses == [502, 200]
        assert (await session.get(url.replace(sandbox.token, "1:x"))).status == 401
        assert (await session.get(f"{url}x")).status == 404
