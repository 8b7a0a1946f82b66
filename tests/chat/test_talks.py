"""Customers write in the chat, and are answered there."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest

from bot.app import App
from sandbox import acts
from sandbox.server import Sandbox
from storage.database import Database
from storage.seal_check import verify
from tests.chat.bound import client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from tests.chat.test_reminders import move
from tests.chat.test_touches import PICTURE
from views.talks import AnswerTalk, CloseTalk, Recall, ToManager, WriteTo

pytestmark = pytest.mark.usefixtures("company")
SATURDAY = "2026-11-21T10:00:00+08:00"


async def push(person: Person) -> str:
    return (await person.expect_push()).text


@pytest.mark.both_databases
async def test_a_customer_writes_and_is_answered(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    receipt = await client.say("你们周末上门吗？看 http://evil.example/x")
    assert "已收到" in receipt.text and receipt.buttons == ["🙋 找主管"] and receipt.silent
    relayed = await rep.expect_push()
    assert "张伟" in relayed.text and "周末上门吗" in relayed.text and not relayed.silent
    assert "evil.example" not in relayed.text  # readable, and no link
    assert "💬" in (await rep.say("/today")).text
    await rep.say("/remind 给李总寄样品")  # a question is open; a reply is about what it replies to
    answered = await rep.say("周六上午可以", reply_to=relayed)
    assert answered.text.startswith("→ 张伟") and answered.buttons[0] == "↩︎ 撤回"
    await client.quiet()
    await move(sandbox, bot, 6)
    got = await client.expect_push()
    assert "周六上午可以" in got.text and got.reply_to is not None
    assert "💬 " not in (await rep.say("/today")).text
    card = await rep.say("/find 张伟")
    assert "周末上门吗" in card.text  # the touch it became


async def test_an_answer_is_taken_back_before_and_after_it_left(
    client: Person, rep: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    await client.say("有新报价吗")
    relayed = await rep.expect_push()
    first = await rep.say("没有", reply_to=relayed)
    back = await rep.follow(first, Recall)
    assert "没有看到" in back.text
    await move(sandbox, bot, 10)
    await client.quiet()
    second = await rep.say("有，明天发您", reply_to=relayed)
    await move(sandbox, bot, 6)
    got = await client.expect_push()
    await rep.follow(second, Recall)
    assert got.id not in {message.id for message in client.messages}
    assert "💬" in (await rep.say("/today")).text  # it waits again
    third = await rep.say("有，后天发您", reply_to=relayed)
    await move(sandbox, bot, 200)
    await client.expect_push()
    await rep.press(third, Recall)
    assert rep.answer is not None and "已经过了" in rep.answer.text
    await bot.seals.seal()
    with database.reading() as connection:
        assert verify(connection, now=bot.clock.now()).trouble is None  # nobody takes a recall for tampering


async def test_edits_travel_both_ways(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    await client.say("我要三台")
    relayed = await rep.expect_push()
    own = next(message for message in client.messages if message.text == "我要三台")
    await _edit(client, own.id, "我要五台")
    assert "五台" in rep.latest(relayed).text and "修改过" in rep.latest(relayed).text
    number = rep.write("好的，五台", reply_to=relayed)
    await rep._rest()
    await move(sandbox, bot, 6)
    got = await client.expect_push()
    assert "五台" in got.text
    await _edit(rep, number, "好的，五台，周五送")
    assert "周五送" in client.latest(got).text


async def _edit(person: Person, message_id: int, text: str) -> None:
    acts.edit(person.sandbox.world, person._who, message_id, text)
    await person._rest()


async def test_photos_and_voice_go_both_ways(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    await client.share("photo", PICTURE, caption="门坏了")
    relayed = await rep.expect_push()
    assert "photo" in relayed.view and "门坏了" in relayed.text
    asked = await rep.follow(relayed, AnswerTalk)
    assert "张伟" in asked.text
    done = await rep.share("voice", b"ogg")
    assert "→ 张伟" in done.text
    await move(sandbox, bot, 6)
    assert "voice" in (await client.expect_push()).view
    await client.share_location(31.2, 121.5)
    assert "location" in (await rep.expect_push()).view and "张伟" in rep.last.text


async def test_out_of_hours_the_customer_hears_when(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    sandbox.world.clock.move_to(SATURDAY, zone="Asia/Shanghai")
    receipt = await client.say("在吗")
    assert "11月23日 周一 09:00" in receipt.text
    assert (await rep.expect_push()).silent


async def test_the_manager_is_asked(client: Person, rep: Person, lead: Person) -> None:
    receipt = await client.say("等了三天没人理")
    await rep.expect_push()
    passed = await client.follow(receipt, ToManager)
    assert "主管" in passed.text
    told = await lead.expect_push()
    assert "找主管" in told.text and "等了三天" in told.text
    await rep.quiet()
    assert "找主管" not in (await rep.say("/history 张伟")).text
    assert "找主管" in (await lead.say("/history 张伟")).text


async def test_a_message_is_settled_without_an_answer(client: Person, rep: Person) -> None:
    await client.say("方便打个电话吗")
    relayed = await rep.expect_push()
    settled = await rep.follow(relayed, CloseTalk)
    assert "已处理" in settled.text
    assert "💬" not in (await rep.say("/today")).text
    await rep.press(settled, "↩︎ 撤销")
    assert "💬" in (await rep.say("/today")).text


async def test_the_card_writes(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    card = await rep.say("/find 13800138001")
    page = await rep.follow(await rep.follow(card, "⋯ 更多"), "💬 消息")
    await rep.follow(page, WriteTo)
    await rep.say("新品到了，来看看")
    await move(sandbox, bot, 6)
    assert "新品到了" in await push(client)


async def test_who_is_not_confirmed_learns_no_name(pending_client: Person, rep: Person) -> None:
    receipt = await pending_client.say("你好")
    assert "王娜" not in receipt.text
    assert "待确认" in await push(rep)


async def test_colleagues_get_nothing(client: Person, other_rep: Person, rep: Person) -> None:
    await client.say("只给负责的人看")
    await rep.expect_push()
    await other_rep.quiet()
    assert "只给负责" not in (await other_rep.say("/today")).text
