"""Buttons that nobody was given: forged, cut, foreign, stale, resent, pressed in groups. No effect, one friendly line."""

import asyncio
import base64
import hmac
import json
import random
from hashlib import sha256

from actions.presses import MOST_NOTED
from bot.signing import Signer, button_keys
from domain.cards import Field
from domain.customers import Grade
from domain.people import Role
from sandbox import acts
from tests.access.house import TELEGRAM, Kind, Who, stem
from tests.access.watch import PATIENCE, Watch
from views import cards, fields, invites
from views.links import OpenCustomer
from views.replies import pack

SEED = 20_261_118
STALE = "已经失效"


async def test_forged_data_does_nothing_and_says_one_thing(watch: Watch) -> None:
    house = watch.house
    before, last = house.holdings(), house.last_act()
    for number, data in enumerate(forged(watch), 1):
        heard = await watch.press_data(Who.OWNER, data)
        own = [one for one in heard if one.text]
        assert len(own) == 1 and own[0].alert and STALE in own[0].text, (data, heard)
        assert house.last_act() == last + min(number, MOST_NOTED), data  # a line each, as far as that tells anything
    assert house.holdings() == before
    assert "伪造的按钮" in "".join(one.text for one in await watch.say(Who.ADMIN, "/history"))
    assert watch.leaks == []
    assert watch.sandbox.world.violations == []


def forged(watch: Watch) -> list[str]:
    """Data that a modified client may send to OWNER's chat."""
    chance, house = random.Random(SEED), watch.house
    mine, person = house.records[Kind.VEGA].customer, house.persons[Who.OWNER]
    good = watch.signed(Who.OWNER, OpenCustomer(mine))
    packed, _, mac = good.rpartition("~")
    noise = bytes(chance.randrange(256) for _ in range(64)).decode("latin-1")
    raw = base64.urlsafe_b64encode(bytes(chance.randrange(256) for _ in range(48))).decode()
    others = [watch.signed(who, OpenCustomer(mine)) for who in Who if who is not Who.OWNER]
    with house.database.transaction(house.now) as uow:
        elsewhere = Signer(button_keys(uow)).sign(OpenCustomer(mine), person_id=person, chat_id=TELEGRAM[Who.FAR])
    other_key = Signer([b"x" * 32]).sign(OpenCustomer(mine), person_id=person, chat_id=TELEGRAM[Who.OWNER])
    altered = [
        f"{pack(OpenCustomer(house.records[Kind.RIGEL].customer))}~{mac}",
        f"{pack(cards.Claim(mine))}~{mac}",
        *(f"{packed}.1~{mac}", f" {good}", f"{good} ", f"{packed}~~{mac}", good.upper(), good.replace("~", "")),
        *(f"{packed}~{mac[:-1]}", f"{packed}~{mac}=", f"{packed}~", f"~{mac}"),
    ]
    cut = [good[:length] for length in range(1, len(good))]
    flipped = [good[:at] + chr(ord(good[at]) ^ 1) + good[at + 1 :] for at in range(len(good))]
    unknown = ["zz9.1~AAAAAAAAAAA", "co0.1~AAAAAAAAAAA", "null", "0", "~", ".", "co1", "'; DROP TABLE act; --"]
    return [noise, raw, "\x00" * 64, "😀" * 16, *others, elsewhere, other_key, *altered, *cut, *unknown, *flipped]


async def test_what_is_signed_but_unknown_to_this_version(watch: Watch) -> None:
    """As after an update of the program: the signature is right, the fields are not."""
    house = watch.house
    with house.database.transaction(house.now) as uow:
        key = button_keys(uow)[0]
    before = house.holdings()
    for packed in ("co1", "co1.zz.1", "co1.", "co1.é", "cb1.1.nosuchtab", "ca1.1.x!.1", "old9.1", "cg1.1.A.", ""):
        signed = hmac.digest(key, f"{house.persons[Who.OWNER]}:{TELEGRAM[Who.OWNER]}:{packed}".encode(), sha256)
        mac = base64.urlsafe_b64encode(signed[:8]).rstrip(b"=").decode()
        heard = await watch.press_data(Who.OWNER, f"{packed}~{mac}")
        assert [one.text for one in heard if STALE in one.text], (packed, heard)
    assert house.holdings() == before


async def test_one_press_under_many_numbers_has_one_effect(watch: Watch) -> None:
    """A client that lost its connection sends a press again under a new number; a double tap is two presses."""
    house, updates = watch.house, watch.sandbox.world.updates
    for payload in (cards.Claim(house.spare), invites.MakeInvite(Role.REP, house.teams["sub"])):
        last = house.last_act()
        with watch.given(frozenset({Who.LEAD}), Kind.MIZAR):
            watch.tap(Who.LEAD, watch.signed(Who.LEAD, payload))
            number = updates.next_id - 1
            await watch.settle()
            assert house.last_act() == last + 1
            for new in (True, True, False):
                updates.resend(number, new_id=new)
            await watch.settle()
            taps = [watch.tap(Who.LEAD, watch.signed(Who.LEAD, payload)) for _ in range(3)]
            async with asyncio.timeout(PATIENCE):
                answers = await asyncio.gather(*(asyncio.shield(tap.answer) for tap in taps))
            await watch.settle()
        assert house.last_act() == last + 1, payload
        assert all(answer.get("text") for answer in answers), answers
    assert watch.leaks == []


async def test_of_three_who_claim_at_once_one_wins(watch: Watch) -> None:
    house, free, reps = watch.house, watch.house.spare, (Who.OWNER, Who.MATE, Who.FAR)
    last = house.last_act()
    heard = await watch.press_at_once({who: watch.signed(who, cards.Claim(free)) for who in reps})
    winners = [who for who in reps if not watch.refused(heard[who], who)]
    assert len(winners) == 1 and house.last_act() == last + 1, heard
    assert all("抢先" in "".join(one.text for one in heard[who]) for who in set(reps) - set(winners)), heard


async def test_a_screen_of_yesterday_changes_nothing(watch: Watch) -> None:
    house, vega = watch.house, watch.house.records[Kind.VEGA]
    version = house.version("customer", vega.customer)
    stale = [
        fields.SetGrade(vega.customer, Grade.D, version),
        fields.ClearField(vega.customer, Field.NOTE, version),
        cards.Release(vega.customer, version),
    ]
    await watch.press(Who.OWNER, fields.SetGrade(vega.customer, Grade.A, version))
    before, last = house.holdings(), house.last_act()
    for payload in stale:
        heard = await watch.press(Who.OWNER, payload)
        assert any(one.text for one in heard if one.method == "answerCallbackQuery"), (payload, heard)
    assert (house.holdings(), house.last_act()) == (before, last)


async def test_presses_in_groups_belong_to_nobody(watch: Watch) -> None:
    """The own button, and a colleague's, pressed where all can read: no effect, and nothing of anybody is shown."""
    world, house = watch.sandbox.world, watch.house
    group = acts.make_group(world, "群", [TELEGRAM[Who.OWNER], TELEGRAM[Who.FAR]])
    acts.say(world, watch.account(Who.OWNER), f"/find 琟{stem(Kind.VEGA)}", chat=group)
    await watch.settle()
    said = [n for n, entry in group.entries.items() if entry.by_bot]
    assert said, "a group is told where to go"
    before, opened = house.holdings(), []
    for who, whose in ((who, whose) for who in (Who.OWNER, Who.FAR) for whose in (Who.OWNER, Who.FAR)):
        data = watch.signed(whose, OpenCustomer(house.records[Kind.VEGA].customer))
        opened.append(acts.press(world, watch.account(who), said[-1], data, chat=group))
        watch.expect(opened[-1].id, who)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(asyncio.shield(one.answer) for one in opened))
    heard = await watch.settle()
    assert not any(one.text for one in heard if one.method == "answerCallbackQuery")
    there = "".join(str(entry.raw.get("text", "")) for entry in group.entries.values() if entry.by_bot)
    assert "Qz" not in there and "琟" not in there
    assert house.holdings() == before
    assert watch.leaks == []


async def test_a_press_of_somebody_else_in_a_private_chat(watch: Watch) -> None:
    """No client can do this; an update that says so is refused all the same."""
    house = watch.house
    entry = next(iter(watch.sandbox.world.chats.by_id[TELEGRAM[Who.OWNER]].entries.values()))
    data = watch.signed(Who.OWNER, cards.Claim(house.spare))
    query = {"id": "77", "from": watch.account(Who.FAR).as_user(), "message": entry.raw}
    before = house.holdings()
    watch.expect("77", Who.FAR)
    update = {"update_id": 900_001, "callback_query": query | {"chat_instance": "1", "data": data}}
    watch.sandbox.world.updates.add_raw(json.dumps(update))
    await watch.settle()
    assert house.holdings() == before
    assert watch.leaks == []
