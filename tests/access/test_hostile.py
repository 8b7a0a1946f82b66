"""Names, notes, searches and cards that want to be more than text; a flood; and what the log says of it all at DEBUG."""

import io
import json
import time
from typing import Any

import pytest

from bot.app import Pace
from bot.throttle import Throttle
from sandbox import acts
from sandbox.people import Person as Account
from tests.access.house import TELEGRAM, Kind, Who, phone, stem
from tests.access.watch import Watch

NAMES = (
    "<b>x",
    '</a><a href="https://example.com">甲',
    "&lt;乙&amp;",
    "[丙](tg://user?id=1)",
    "<3 丁",
    "戊\u202e己\u202d庚",
    "\u200b辛\u200b\ufeff",
    "壬\u2066癸\u2069\u061c",
    "e\u0301" * 40,
    "👩‍👩‍👧‍👦" * 10,
    "שלום עולם",
    "`_*~|{name}%s%(x)s",
    "子" * 120,
)
QUERIES = (
    *("'", '"', "''", '""', "%", "_", "%%%", "\\", "*", "^", ":", "-", "(", ")", "()", "NEAR", "AND", "OR", "NOT"),
    *("NEAR(a b, 5)", "a NEAR/2 b", '"own1"', "own1", "own0 OR own1", "norm:a", "织*", "^织", "{织 女}", "-织女"),
    *("'; DROP TABLE customer; --", "' OR '1'='1", "%织女%", "_女商行", "\x00", "织女\x00", "#%", "#'", "##"),
    *("a" * 4000, "织" * 4000, "女 " * 2000, "%_" * 2000, '"' * 4000, "(" * 4000, "1" * 4000),
)


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_shown_literally_wherever_it_stands(watch: Watch, name: str) -> None:
    """No request is refused as malformed, no link is ours, and nothing turns a line round."""
    await watch.say(Who.FAR, f"/new {name} {phone(Kind.DENEB, 500)}")
    for words in (
        f"/find {phone(Kind.DENEB, 500)}",
        "/find",
        "/visit",
        "/today",
        "/history",
        f"/remind 明天下午3点 {name}",
    ):
        await watch.say(Who.FAR, words)
    await watch.say(Who.FAR, "/reminders")
    sent = [one for one in watch.every if one.to == TELEGRAM[Who.FAR] and one.method.startswith(("send", "edit"))]
    assert watch.sandbox.world.violations == [], watch.sandbox.world.violations
    assert "example.com" not in "".join(entities_of(watch, Who.FAR))
    assert not any(turner in one.words for one in sent for turner in "\u202e\u202d\u2066\u2069"), name


def entities_of(watch: Watch, who: Who) -> list[str]:
    """Addresses of links in what the bot said."""
    entries = watch.sandbox.world.chats.by_id[TELEGRAM[who]].entries
    marks = (mark for e in entries.values() if e.by_bot for mark in e.raw.get("entities", ()))
    return [str(mark.get("url", "")) for mark in marks]


async def test_searches_find_no_more_than_the_own(watch: Watch) -> None:
    before = watch.house.holdings(drafts=False)
    slowest = 0.0
    for query in QUERIES:
        for words in (f"/find {query}", f"/history {query}"):
            begun = time.monotonic()
            await watch.say(Who.FAR, words[:4096])
            slowest = max(slowest, time.monotonic() - begun)
    assert slowest < 1.0
    assert watch.leaks == []
    assert watch.house.holdings(drafts=False) == before
    assert watch.sandbox.world.violations == []


@pytest.mark.parametrize(
    "note",
    ["好" * 4000, "😀" * 2000, "e\u0301" * 2000, "א" * 4000, "<&>" * 1300, "\ud83d坏", "\u200b\ufeff\u2060" * 1300],
)
async def test_a_note_at_the_limit_is_kept_or_refused_in_words(watch: Watch, note: str) -> None:
    text = f"拜访 琟{stem(Kind.DENEB)} {note}"[:4000]
    world, chat = watch.sandbox.world, watch.account(Who.FAR)
    message = acts.say(world, chat, "拜访")
    await watch.settle()
    raw = {"update_id": 900_100, "message": {**message, "message_id": 900_100, "text": text}}
    world.updates.add_raw(json.dumps(raw))
    heard = await watch.settle()
    assert [one for one in heard if one.to == TELEGRAM[Who.FAR] and one.says_something]
    assert watch.sandbox.world.violations == []
    assert "number" not in "".join(one.words for one in heard if "<code>" in one.words)


async def test_cards_of_others_are_customers_and_no_identity(watch: Watch) -> None:
    """A hand-made, foreign or forwarded card makes nobody staff, and nobody's customer readable."""
    house, number = watch.house, "+86" + phone(Kind.VEGA, 1)
    before = house.holdings(drafts=False)
    cards: list[dict[str, Any]] = [
        {"phone_number": number, "first_name": "甲"},
        {"phone_number": number, "first_name": "甲", "user_id": TELEGRAM[Who.OWNER]},
        {"phone_number": number, "first_name": "甲", "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:甲\nEND:VCARD"},
    ]
    origin = acts.forwarded(watch.sandbox.world, TELEGRAM[Who.OWNER])
    for card in cards:
        for who in (Who.STRANGER, Who.BUYER, Who.LEFT, Who.FAR):
            for content in ({"contact": card}, {"contact": card} | origin):
                await watch.send(who, content)
    assert house.holdings(drafts=False) == before
    assert watch.leaks == []


class TestFlood:
    """One person sends a thousand messages while twenty others work."""

    @pytest.fixture
    def pace(self) -> Pace:
        return Pace(per_second=10_000, chat_spacing=0, throttle=Throttle)

    async def test_the_others_are_answered_within_two_seconds(self, watch: Watch) -> None:
        people = []
        for _ in range(20):
            watch.house.member("sub")
            people.append(max(watch.sandbox.world.chats.people))
        calm = await self._waits(watch, people)
        for number in range(1_000):
            acts.say(watch.sandbox.world, watch.account(Who.FAR), f"/find {number}")
        waited = await self._waits(watch, people)
        assert waited[18] < max(2.0, 3 * calm[18]), (calm, waited)  # a busy machine is slow without a flood, too

    @staticmethod
    async def _waits(watch: Watch, people: list[int]) -> list[float]:
        """Seconds until each of these people had an answer, sorted."""
        chats = watch.sandbox.world.chats
        seen = {who: max(chats.by_id[who].entries, default=0) if who in chats.by_id else 0 for who in people}
        for who in people:
            acts.say(watch.sandbox.world, chats.people[who], "/today")
        begun, waited = time.monotonic(), dict[int, float]()
        while len(waited) < len(people):
            assert time.monotonic() - begun < 60
            await chats.next_change()
            for who in set(people) - set(waited):
                entries = chats.by_id[who].entries.items()
                if any(entry.by_bot and number > seen[who] for number, entry in entries):
                    waited[who] = time.monotonic() - begun
        return sorted(waited.values())


async def test_the_log_of_all_this_holds_no_secret(log: io.StringIO, watch: Watch) -> None:
    """Neither token nor invite nor phone number, also where updates are malformed and sends fail."""
    made = await watch.say(Who.LEAD, "/invite")
    assert made
    world, number = watch.sandbox.world, phone(Kind.VEGA, 1)
    token = "iAbCdEfGhIjKlMnOpQrStUv"
    for who in Who:
        for words in (f"/start {token}", f"/find {number}", f"/new 王小明 {number}", f"电话 {number} 没接"):
            await watch.say(who, words)
    world.updates.add_raw(json.dumps({"update_id": 900_200, "message": {"text": f"{number} {token}", "chat": 5}}))
    world.updates.add_raw(json.dumps({"update_id": 900_201, "callback_query": {"id": number, "data": token}}))
    world.chats.add_person(Account(50_000, "谁", phone=number))
    acts.block(world, watch.account(Who.FAR))
    await watch.settle()
    text = log.getvalue()
    assert "update_malformed" in text
    for secret in (
        watch.sandbox.token,
        watch.sandbox.token.partition(":")[2],
        token,
        token[1:],
        number,
        f"+86{number}",
    ):
        assert secret not in text, secret
