"""Somebody is away and a colleague stands in: set by oneself or a lead, undone, begun and ended by the clock."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest

from bot.app import App
from sandbox.server import Sandbox
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import LEAD, OTHER_REP, REP
from tests.chat.people import Person
from tests.chat.test_reminders import move
from views.advisor import AskCall
from views.away import ChooseStandIn, EndAway, OpenAway, SetAway
from views.history import Undo
from views.reminders import DeleteReminder
from views.teams import OpenMember, OpenTeam

pytestmark = pytest.mark.usefixtures("company")
HOUR = 3600
DAY = 24 * HOUR


def name_of(sandbox: Sandbox, telegram_id: int) -> str:
    return sandbox.world.chats.people[telegram_id].full_name


@pytest.mark.both_databases
async def test_a_colleague_stands_in(
    client: Person, rep: Person, other_rep: Person, lead: Person, sandbox: Sandbox, bot: App
) -> None:
    me, mate, boss = (name_of(sandbox, number) for number in (REP, OTHER_REP, LEAD))
    asked = await rep.follow(await rep.say("/settings"), OpenAway)
    assert "由谁代班" in asked.text and mate in asked.buttons
    by_name = await rep.say(mate[:1])
    days = await rep.follow(by_name, mate)
    assert "从哪天到哪天" in days.text and "11月18日 周三至11月22日 周日" in days.buttons
    assert "看不懂" in (await rep.say("再说吧")).text
    assert "太远" in (await rep.say("明天到2027年6月1日")).text
    saved = await rep.say("明天到周五")
    assert f"11月19日 周四至11月20日 周五不在，由{mate}代班" in saved.text
    assert f"由你为{me}代班" in (await other_rep.expect_push()).text
    assert "已撤销" in (await rep.follow(saved, Undo)).text
    assert "已安排代班" in (await other_rep.expect_push()).text

    team = await lead.follow(await lead.say("/team"), OpenTeam)
    card = await lead.follow(team, next(label for label in team.buttons if label.startswith(me)))
    picked = await lead.follow(await lead.follow(card, OpenAway), mate)
    set_ = await lead.follow(picked, "11月19日 周四")
    assert "更改了你的请假与代班" in (await rep.expect_push()).text
    assert f"由{boss}设置" in (await other_rep.expect_push()).text
    assert "🏖" in (await lead.follow(set_, OpenMember)).text
    assert "张伟" not in (await other_rep.say("/find 老张")).text  # tomorrow, not today
    assert "10:30" in (await rep.say("明天上午10点半去拜访张伟")).text
    assert "11:00" in (await rep.say("/remind 明天上午11点 给张伟发合同")).text
    assert "11:00" in (await rep.say("/remind 明天上午11点 接孩子")).text

    await move(sandbox, bot, DAY)
    assert "11月19日 周四由你为" in (await other_rep.expect_push()).text
    assert "张伟" in (await other_rep.expect_push()).text  # the morning's list
    await client.say("周六上门吗")
    relayed = await other_rep.expect_push()
    assert "周六上门吗" in relayed.text
    today = await other_rep.say("/today")
    assert "💬" in today.text and "张伟" in today.text
    assert "给张伟发合同" in today.text and "接孩子" not in today.text
    assert "13800138001" in (await other_rep.say("/find 老张")).text.replace(" ", "")
    await other_rep.say("可以上门", reply_to=relayed)
    await move(sandbox, bot, 6)
    assert "可以上门" in (await client.expect_push()).text
    welcome = await client.say("/start")
    assert mate in welcome.text and me not in welcome.text
    assert mate in (await client.say("/me")).text
    advisor = await client.say("/advisor")
    assert mate in advisor.text
    assert f"{mate}会给您回电" in (await client.follow(advisor, AskCall)).text
    assert "回电" in (await other_rep.expect_push()).text
    assert "给张伟回电" in (await other_rep.say("/reminders")).text
    assert "给张伟回电" not in (await rep.say("/reminders")).text

    await move(sandbox, bot, HOUR)
    visit, _, contract = [await other_rep.expect_push() for _ in range(3)]
    assert "10:30" in visit.text and "拜访" in visit.text and f"代{me}处理" in visit.text
    assert "给张伟发合同" in contract.text and f"代{me}处理" in contract.text
    own = await rep.expect_push()
    assert "接孩子" in own.text
    await other_rep.follow(contract, DeleteReminder)
    assert "发合同" not in (await rep.say("/reminders")).text

    await move(sandbox, bot, DAY)
    assert "回来了" in (await other_rep.expect_push()).text
    await client.say("谢谢你们")
    assert "谢谢你们" in rep.last.text
    assert "张伟" not in (await other_rep.say("/find 老张")).text


async def test_it_is_changed_and_ended_early(rep: Person, other_rep: Person, lead: Person, sandbox: Sandbox) -> None:
    mate, boss = name_of(sandbox, OTHER_REP), name_of(sandbox, LEAD)
    picked = await rep.follow(await rep.follow(await rep.say("/settings"), OpenAway), mate)
    saved = await rep.follow(picked, SetAway)
    assert "由你为" in (await other_rep.expect_push()).text
    other = await rep.follow(await rep.follow(saved, ChooseStandIn), boss)
    changed = await rep.follow(other, SetAway)
    assert "不用再" in (await other_rep.expect_push()).text and "由你为" in (await lead.expect_push()).text
    ended = await rep.follow(changed, EndAway)
    assert "由谁代班" in ended.text and "不用再" in (await lead.expect_push()).text
    await rep.follow(ended, Undo)
    assert f"由{boss}代班" in (await rep.say("/settings")).text
