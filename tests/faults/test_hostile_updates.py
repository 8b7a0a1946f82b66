"""Updates that no server of today sends: out of order, huge, of the future, broken anywhere. Each blocks nobody else."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from bot.app import App
from sandbox import acts
from sandbox.server import Sandbox
from storage.database import Database
from tests.faults.conftest import Crowd

BROKEN: tuple[Any, ...] = (
    *(None, True, -1, 0, 1.5, 10**30, -(10**30), 2**63, 1e308),
    *("", "x" * 5_000, "\ud83d", "\u0000", "\u202e<b>&lt;", "😀" * 3_000),
    *([], [[]], {}, {"id": 10**30}, {"id": None}, [None] * 200),
)
SEED = 11  # of what is broken where: the same in every run


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value below its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def broken_at(update: dict[str, Any], path: tuple[Any, ...], instead: Any) -> dict[str, Any]:
    made = deepcopy(update)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = instead
    return made


def states(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.exec_driver_sql("SELECT state FROM inbox ORDER BY seq").scalars())


def samples(sandbox: Sandbox, crowd: Crowd) -> list[dict[str, Any]]:
    """One real update of each kind, as the server sent them."""
    person = sandbox.world.chats.people[5]
    crowd.press(5, crowd.message_of(5, "noted press me"), "again")
    acts.send(sandbox.world, person, {"contact": acts.own_contact(person)})
    acts.block(sandbox.world, person)
    acts.unblock(sandbox.world, person)
    return [json.loads(item.text) for item in list(sandbox.world.updates.sent)]


@pytest.mark.both_databases
async def test_an_update_broken_anywhere_harms_nobody_else(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    """A value of another kind at any place of any update: quarantined or ignored, and the next one is served."""
    crowd.say(5, "press me")
    await crowd.answered()
    updates, dice = sandbox.world.updates, random.Random(SEED)
    crowd.said.clear()
    for update in samples(sandbox, crowd):
        for path in paths(update):
            if path != ("update_id",):
                made = broken_at(update, path, dice.choice(BROKEN)) | {"update_id": updates.next_id}
                updates.add_raw(json.dumps(made), lane=5)
    crowd.say(1, "still served")
    await crowd.until(lambda: "noted still served" in crowd.heard(1))
    await bot.idle()
    assert 0 not in states(database)
    assert len(states(database)) > 90
    assert not sandbox.world.violations


async def test_an_update_without_a_number_of_use_is_passed_over(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    body = {"message": {"chat": {"id": 1}}}
    numbers: tuple[Any, ...] = (-1, 1.5, True, "7", None, [])
    for made in (body, *(body | {"update_id": number} for number in numbers)):
        sandbox.world.updates.add_raw(json.dumps(made))
        crowd.say(1, f"after {made}")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)


async def test_updates_out_of_order_have_their_effects(
    bot: App, crowd: Crowd, sandbox: Sandbox, database: Database
) -> None:
    """Numbers may come lower than before; what decides is whether one is known, never whether it is the newest."""
    crowd.say(1, "first")
    await crowd.answered()
    updates = sandbox.world.updates
    form = json.loads(updates.sent[-1].text)
    for person, number in enumerate((900, 30, 700, 2_000_000_000, 5), start=1):
        message = form["message"] | {"chat": {"id": person, "type": "private"}, "text": f"number {number}"}
        message["from"] = message["from"] | {"id": person}
        sandbox.world.chats.people[person].started = True
        crowd.said[person].append(f"number {number}")
        for _ in range(2):
            updates.add_raw(json.dumps({"update_id": number, "message": message}), lane=person)
    await crowd.answered()
    await bot.idle()
    crowd.check(database)


async def test_a_monster_is_taken_in(bot: App, crowd: Crowd, sandbox: Sandbox, database: Database) -> None:
    """Telegram's largest update has 512 KiB, its largest answer 4 MiB: twelve of them at once are three answers."""
    crowd.say(1, "before")
    await crowd.answered()
    updates, chat = sandbox.world.updates, {"id": 1, "type": "private"}
    form = json.loads(updates.sent[-1].text)["message"]
    quoted = form | {"chat": chat, "text": "🦣" * 120_000}
    for number in range(12):
        message = form | {"chat": chat, "text": f"monster {number}", "reply_to_message": quoted}
        crowd.said[1].append(f"monster {number}")
        updates.add_raw(json.dumps({"update_id": updates.next_id, "message": message}, ensure_ascii=False), lane=1)
    crowd.say(2, "other")
    await crowd.answered()
    await bot.idle()
    crowd.check(database)
