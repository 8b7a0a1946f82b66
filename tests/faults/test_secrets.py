"""A bot behind a webhook at DEBUG, on a bad day: what its log, its database, its files and its messages may not hold."""

import asyncio
import json
from collections.abc import Callable

import aiohttp

from actions.invites import make_invite
from domain.people import Role
from sandbox.faults import Fault
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Base
from tests.faults.conftest import Crowd, Program
from tests.faults.journey import REP, open_office
from tests.faults.program import SECRET
from tests.faults.workers import free_port

NUMBER = "13912345678"
OTHER_SECRET = "not-the-one-of-the-suite"
STRANGER = 2


async def test_no_secret_leaves_by_any_way(
    program: Program, crowd: Crowd, sandbox: Sandbox, database: Database, strike: Callable[..., Fault]
) -> None:
    open_office(database, sandbox.world.clock.now(), Role.ADMIN)
    with database.transaction(sandbox.world.clock.now()) as uow:
        admin = uow.people.find(REP)
        assert admin is not None
        token, _ = make_invite(uow, admin, Role.REP, None, now=uow.now)
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    program.more += ["--product", "--webhook", url, "--listen", f"127.0.0.1:{port}"]
    await program.start()

    strike("reset", method="sendMessage", times=2)
    crowd.say(REP, f"/new 王小明 {NUMBER}")
    crowd.say(REP, f"/visit 王小明 {NUMBER} 没接, token {token}")
    await crowd.until(lambda: any("王小明" in text for text in crowd.heard(REP)))
    raw = {"message": {"text": f"{NUMBER} {token}", "chat": 5}}
    sandbox.world.updates.add_raw(json.dumps({"update_id": 900_001} | raw))
    await send_as_somebody_else(url)
    crowd.say(STRANGER, f"/start i{token}")
    await crowd.until(lambda: crowd.heard(STRANGER) != [])
    crowd.say(REP, "/export")
    await crowd.until(lambda: any(labels(crowd, "📄 CSV")))
    crowd.press(REP, labels(crowd, "📄 CSV")[-1], "📄 CSV")
    await crowd.until(lambda: any(file.name.endswith(".csv") for file in sandbox.world.files.by_id.values()))
    await program.at_rest()
    assert await program.stop() == 0

    own = sandbox.token.partition(":")[2]
    log = program.log.read_text()
    assert "update_malformed" in log and "send_ambiguous" in log
    assert [secret for secret in (own, SECRET, OTHER_SECRET, token, NUMBER) if secret in log] == []
    files = b"".join(file.body for file in sandbox.world.files.by_id.values()).decode()
    said = json.dumps([call.params for call in sandbox.world.calls if call.method.startswith(("send", "edit"))])
    for place in (dumped(database), files, said):
        assert own not in place and SECRET not in place
    assert NUMBER in files  # it is an export of the company's own customers


def labels(crowd: Crowd, label: str) -> list[int]:
    """The messages to the rep with such a button."""
    entries = crowd.sandbox.world.chats.by_id[REP].entries
    return [n for n in sorted(entries) if label in json.dumps(entries[n].raw, ensure_ascii=False)]


async def send_as_somebody_else(url: str) -> None:
    """A delivery with another secret."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        headers = {"X-Telegram-Bot-Api-Secret-Token": OTHER_SECRET}
        async with session.post(url, json={"update_id": 5, "message": {"text": NUMBER}}, headers=headers) as answer:
            assert answer.status == 401


def dumped(database: Database) -> str:
    """Every row of every table."""
    with database.reading() as connection:
        return "\n".join(
            str(tuple(row)) for table in Base.metadata.sorted_tables for row in connection.execute(table.select())
        )
