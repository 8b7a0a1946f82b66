"""A customer complains, follows, is answered, confirms; and the staff see and do their part."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest

from bot.app import App, Pace
from bot.clock import FileClock
from bot.settings import Settings
from domain.cases import About
from handlers import all_jobs, all_routes
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat.bound import bind, client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import NEIGHBOUR, OTHER_REP, REP, StaffIds
from tests.chat.people import Message, Person
from tests.chat.test_reminders import move
from tests.chat.test_touches import PICTURE
from views import case_work as work
from views import cases as view
from views import feedback as mine
from views import reply_templates as templates
from views.history import Undo
from views.links import AskManager, OpenCase

pytestmark = pytest.mark.usefixtures("company")


async def complain(person: Person, words: str, about: About = About.DELIVERY) -> Message:
    """Three taps and some words; the status message."""
    asked = await person.say("/feedback")
    asked = await person.follow(asked, lambda data: data.startswith("yk1.") and ".complaint" in data)
    asked = await person.follow(asked, lambda data: f".{about}" in data)
    collected = await person.say(words)
    return await person.follow(collected, mine.SendFeedback)


def reference(message: Message) -> str:
    start = message.text.index("C-")
    return message.text[start : start + 8]


@pytest.mark.both_databases
async def test_a_complaint_from_the_first_tap_to_the_last_word(
    client: Person, rep: Person, lead: Person, sandbox: Sandbox, bot: App
) -> None:
    asked = await client.say("/complain")
    assert "您想告诉我们什么" in asked.text
    asked = await client.follow(asked, lambda data: data.startswith("yk1.") and ".complaint" in data)
    asked = await client.follow(asked, lambda data: ".delivery" in data)
    assert "我的顾问" not in asked.buttons and "照片" in asked.text
    collected = await client.say("货晚到了三天 见 http://evil.example/x")
    collected = await client.share("photo", PICTURE, caption="外箱破了")
    assert "2 条留言" in collected.text and "1 个文件" in collected.text
    urgent = await client.follow(collected, mine.ToggleUrgent)
    status = await client.follow(await client.follow(urgent, mine.ToggleUrgent), mine.SendFeedback)
    ref = reference(status)
    assert "投诉" in status.text and "已收到" in status.text and "11月18日 周三 14:00" in status.text
    assert "提交" not in status.buttons

    new = await rep.expect_push()
    assert "张伟" in new.text and "货晚到了三天" in new.text and ref in new.text and "14:00" in new.text
    assert "http://" not in new.text, "an address of a customer is no link"
    copy = await lead.expect_push()
    assert "抄送给你" in copy.text

    page = await rep.follow(new, OpenCase)
    taken = await rep.follow(await rep.say("/today"), OpenCase)
    assert (ref in taken.text and "3 小时 59 分钟" in taken.text) or "4 小时（" in taken.text
    files = await rep.follow(page, view.ShowFiles)
    assert files.view.get("photo") or any("photo" in message.view for message in rep.messages)

    sent = await rep.say("您好，我们马上查，今天给您消息", reply_to=new)
    assert "5 秒" in sent.text
    await move(sandbox, bot, 6)
    answer = await client.expect_push()
    assert "我们马上查" in answer.text and answer.reply_to == status.id
    await move(sandbox, bot, 600)
    assert "处理中" in client.latest(status).text

    asked = await rep.follow(await rep.say(f"/cases {ref}"), work.PromiseCase)
    done = await rep.say("明天下午3点")
    assert "改了承诺时间" in done.text and "15:00" in done.text
    await move(sandbox, bot, 601)
    told = await client.expect_push()
    assert "11月19日 周四 15:00" in told.text and told.reply_to == status.id

    page = await rep.say(f"/cases {ref}")
    solved = await rep.follow(page, view.SolveCase)
    assert "已解决" in solved.text
    assert "已经解决了" not in client.last.text, "it can still be undone"
    await move(sandbox, bot, 601)
    asked = await client.expect_push()
    assert "已经解决了" in asked.text
    missing = await client.follow(asked, mine.SayNotYet)
    assert "还有什么没有解决" in missing.text
    assert "还没解决" in (await rep.expect_push()).text
    more = await client.say("还差一箱")
    await client.follow(more, mine.SendFeedback)
    assert "还差一箱" in (await rep.expect_push()).text

    await rep.follow(await rep.say(f"/cases {ref}"), view.SolveCase)
    await move(sandbox, bot, 601)
    asked = await client.expect_push()
    thanks = await client.follow(asked, mine.SaySolved)
    assert "已确认解决" in thanks.text and thanks.id == status.id and "谢谢" in client.latest(asked).text
    assert "确认：已解决" in (await rep.expect_push()).text
    assert ref in (await client.say("/cases")).text
    assert "没有未了的工单" in (await rep.say("/cases")).text


async def test_a_case_about_the_adviser_leaves_no_trace_with_the_rep(
    client: Person, rep: Person, lead: Person, sandbox: Sandbox, bot: App
) -> None:
    """A marker in its words and its reference are looked for on every screen of the rep, and in every message."""
    status = await complain(client, "琟琟顾问态度很差", About.ADVISER)
    ref = reference(status)
    new = await lead.expect_push()
    assert "琟琟" in new.text and "抄送" not in new.text
    card = await rep.say("张伟")
    more = await rep.follow(card, lambda data: data.startswith("cb1.") and data.split("~")[0].endswith(".m"))
    await rep.follow(more, lambda data: data.startswith("kk1."))
    for words in (
        "/today",
        "/cases",
        f"/cases {ref}",
        f"/find {ref[2:]}",
        "顾问态度很差",
        "/history",
        "/history 张伟",
        "/digest",
    ):
        await rep.say(words)
    await lead.say("我来了解情况", reply_to=new)
    page = await lead.follow(await lead.say(f"/cases {ref}"), view.SolveCase)
    await move(sandbox, bot, 601)
    await client.follow(client.last, mine.SayNotYet)
    await client.follow(await client.say("琟琟还是一样"), mine.SendFeedback)
    await move(sandbox, bot, 7 * 86400)
    assert "超时" in "".join(message.text for message in lead.messages)
    heard = "".join(
        message.text + "".join(message.buttons) for message in rep.messages if message.view["from"] == "bot"
    )
    assert "琟琟" not in heard and ref not in heard
    assert "📮" not in "".join(label for label in card.buttons)
    assert "还没有工单" in "".join(message.text for message in rep.messages)
    assert "📮 1" in (await lead.say("张伟")).buttons
    assert page


async def test_an_answer_is_recalled_before_and_after_it_left(
    client: Person, rep: Person, sandbox: Sandbox, bot: App
) -> None:
    status = await complain(client, "少了一箱")
    new = await rep.expect_push()
    sent = await rep.say("写错了", reply_to=new)
    back = await rep.follow(sent, work.RecallAnswer)
    assert "已撤回" in back.text
    await move(sandbox, bot, 30)
    assert "写错了" not in client.transcript()
    page = await rep.follow(new, OpenCase)
    assert "已收到" in page.text, "it is as if nothing had been answered"
    sent = await rep.say("又写错了", reply_to=new)
    await move(sandbox, bot, 20)
    assert "又写错了" in (await client.expect_push()).text
    await rep.follow(sent, work.RecallAnswer)
    assert "又写错了" not in client.transcript()
    sent = await rep.say("这次对了", reply_to=new)
    await move(sandbox, bot, 130)
    late = await rep.press(sent, work.RecallAnswer)
    assert "已经过了" in str(getattr(late, "text", ""))
    assert "这次对了" in client.transcript()
    await move(sandbox, bot, 600)
    assert "处理中" in client.latest(status).text


async def test_what_is_undone_is_never_said(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    status = await complain(client, "少了一箱")
    new = await rep.expect_push()
    solved = await rep.follow(await rep.follow(new, OpenCase), view.SolveCase)
    undone = await rep.follow(solved, Undo)
    assert "已撤销" in undone.text
    await move(sandbox, bot, 3600)
    assert "已经解决了" not in client.transcript() and "✔️ 已解决" not in client.latest(status).text


async def test_who_is_not_confirmed_sees_only_the_own_words(
    pending_client: Person, rep: Person, sandbox: Sandbox, bot: App
) -> None:
    status = await complain(pending_client, "少了一箱")
    assert "少了一箱" in status.text and "王娜" not in status.text
    new = await rep.expect_push()
    refused = await rep.say("马上处理", reply_to=new)
    assert "确认" in refused.text
    await move(sandbox, bot, 700)
    assert "马上处理" not in pending_client.transcript()


async def test_references_cannot_be_guessed(
    client: Person, neighbour: Person, database: Database, sandbox: Sandbox, bot: App, company: Company, staff: StaffIds
) -> None:
    """Foreign and missing ones are answered alike; after twenty even the own one is refused."""
    bind(database, sandbox, NEIGHBOUR, company.ids["赵敏"], confirmed_by=staff.members[OTHER_REP])
    foreign = reference(await complain(client, "少了一箱"))
    own = reference(await complain(neighbour, "颜色不对"))
    assert own in (await neighbour.say(f"/cases {own.lower()}")).text
    answers = set()
    for sign in "23456789ABCDEFGHJKL":
        answers.add((await neighbour.say(f"/cases C-222{sign * 3}")).html)
        sandbox.world.clock.move(10)
    answers.add((await neighbour.say(f"/cases {foreign}")).html)
    assert len(answers) == 1
    assert own not in (await neighbour.say(f"/cases {own}")).text
    sandbox.world.clock.move(3600)
    assert own in (await neighbour.say(f"/cases {own}")).text


async def test_three_new_matters_an_hour(client: Person, sandbox: Sandbox) -> None:
    for words in ("一", "二", "三"):
        await complain(client, words)
        sandbox.world.clock.move(120)
    assert "上限" in (await client.say("/feedback")).text


async def test_the_manager_is_asked_and_told_at_once(client: Person, rep: Person, lead: Person) -> None:
    status = await complain(client, "少了一箱")
    await rep.expect_push()
    await lead.expect_push()
    await client.press(status, AskManager)
    assert client.answer is not None and "主管" in client.answer.text
    asked = await lead.expect_push()
    assert "要求找主管" in asked.text and "🔴" in asked.text and not asked.silent
    page = await lead.follow(asked, OpenCase)
    taken = await lead.follow(page, view.TakeCase)
    assert "李强" in taken.text and "接手了工单" in taken.text
    await client.press(status, AskManager)
    assert client.answer is not None and "已经知道" in client.answer.text


async def test_silence_closes_a_case_and_says_so(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    status = await complain(client, "少了一箱")
    await rep.follow(await rep.follow(await rep.expect_push(), OpenCase), view.SolveCase)
    await move(sandbox, bot, 601)
    await client.expect_push()
    await move(sandbox, bot, 7 * 86400 + 36000)
    told = client.last
    assert "先按已解决处理" in told.text
    assert "未再收到消息" in client.latest(status).text
    again = await client.follow(told, mine.SayNotYet)
    assert "还有什么没有解决" in again.text and "处理中" in client.latest(status).text


async def test_clocks_warn_the_rep_then_the_lead(
    client: Person, rep: Person, lead: Person, admin: Person, sandbox: Sandbox, bot: App
) -> None:
    """Half of four hours, four fifths, all of them; then half a day on which nobody acted."""
    await complain(client, "少了一箱")
    await rep.expect_push()
    await lead.expect_push()
    await move(sandbox, bot, 2 * 3600 + 60)
    assert "已过半" in (await rep.expect_push()).text
    await move(sandbox, bot, 3600 + 900)
    assert "快到时限" in (await rep.expect_push()).text
    assert "时限" not in lead.last.text
    await move(sandbox, bot, 3600)
    assert "已超时" in (await rep.expect_push()).text
    assert "已超时" in (await lead.expect_push()).text
    await move(sandbox, bot, 86400)
    assert "超时已久" in admin.transcript()


async def test_staff_files_for_a_customer_who_phoned(rep: Person, sandbox: Sandbox, bot: App) -> None:
    card = await rep.say("明远科技")
    more = await rep.follow(card, lambda data: data.startswith("cb1.") and data.split("~")[0].endswith(".m"))
    page = await rep.follow(more, lambda data: data.startswith("kk1."))
    assert "还没有工单" in page.text
    step = await rep.follow(page, work.FileFor)
    step = await rep.follow(step, lambda data: ".complaint" in data)
    step = await rep.follow(step, lambda data: ".product" in data)
    filed = await rep.say("机器三天坏两次")
    assert "机器三天坏两次" in filed.text and "不在聊天中" in filed.text
    ref = reference(filed)
    await rep.follow(filed, work.AnswerCase)
    told = await rep.say("明天派人上门")
    assert "聊天之外" in told.text
    page = await rep.follow(await rep.say(f"/cases {ref}"), view.WaitForCustomer)
    assert "等客户回复" in page.text
    noted = await rep.follow(page, work.NoteCase)
    noted = await rep.say("型号 X200")
    assert "型号 X200" in noted.text
    more = await rep.follow(noted, view.MoreOfCase)
    cause = await rep.follow(await rep.follow(more, view.ChooseCause), lambda data: ".defect" in data)
    assert "产品缺陷" in cause.text
    reason = await rep.follow(await rep.follow(cause, view.MoreOfCase), view.ChooseReason)
    closed = await rep.follow(reason, lambda data: ".by_phone" in data)
    assert "已关闭" in closed.text and "已电话解决" in closed.text
    assert "已撤销" in (await rep.follow(closed, Undo)).text
    assert "等客户回复" in (await rep.say(f"/cases {ref}")).text


async def test_a_restart_between_answer_and_recall_loses_neither(
    client: Person, rep: Person, sandbox: Sandbox, bot: App, settings: Settings, clock: FileClock, pace: Pace
) -> None:
    """The letter waits as a row: a new process sends it at its time, and can still take it back."""
    await complain(client, "少了一箱")
    new = await rep.expect_push()
    await rep.say("先写错的", reply_to=new)
    await rep.say("留着的", reply_to=new)
    wrong = rep.messages[-3]
    assert "撤回" in "".join(wrong.buttons)
    await bot.stop()
    again = App(settings, clock, routes=all_routes(), jobs=all_jobs(), pace=pace)
    await again.start()
    try:
        rep_again = Person(sandbox, REP, settled=again.idle, patience=30)
        assert "已撤回" in (await rep_again.follow(wrong, work.RecallAnswer)).text
        await rep_again.say("这次对了", reply_to=new)
        sandbox.world.clock.move(30)
        await again.ticks.tick()
        await again.idle()
        assert "留着的" in client.transcript() and "这次对了" in client.transcript()
        assert "先写错的" not in client.transcript()
    finally:
        await again.stop()


async def test_a_customer_who_blocked_the_bot_is_called_instead(
    client: Person, rep: Person, sandbox: Sandbox, bot: App
) -> None:
    await complain(client, "少了一箱")
    new = await rep.expect_push()
    client.block()
    await bot.idle()
    assert "请打电话" in (await rep.follow(new, OpenCase)).text
    told = await rep.say("电话里说好了", reply_to=new)
    assert "聊天之外" in told.text
    await move(sandbox, bot, 700)
    client.unblock()
    await bot.idle()
    assert "电话里说好了" not in client.transcript()


async def test_a_press_that_is_resent_acts_once(client: Person, rep: Person) -> None:
    status = await complain(client, "少了一箱")
    page = await rep.follow(await rep.expect_push(), OpenCase)
    solve = next(data for data in page.data if data.startswith("ks1"))
    await rep.press_data(page.id, solve)
    await rep.press_data(page.id, solve)
    assert rep.answer is not None and "已经" in rep.answer.text
    assert status.text.count("C-") == 1
    story = await rep.follow(await rep.follow(rep.last, view.MoreOfCase), view.ShowStory)
    assert story.text.count("已解决") == 1


async def test_a_template_is_written_filled_in_and_sent(
    client: Person, rep: Person, sandbox: Sandbox, bot: App
) -> None:
    await complain(client, "少了一箱")
    asked = await rep.follow(await rep.follow(await rep.expect_push(), OpenCase), work.AnswerCase)
    listed = await rep.follow(asked, templates.ListTemplates)
    assert "还没有模板" in listed.text and "➕ 团队模板" not in listed.buttons
    await rep.follow(listed, templates.NewTemplate)
    wrong = await rep.say("致歉\n{nme}您好")
    assert "没看懂" in wrong.text
    kept = await rep.say("致歉\n{name}您好，{promised}前给您消息。{adviser}")
    assert "致歉" in kept.text
    page = await rep.follow(await rep.say("/today"), OpenCase)
    asked = await rep.follow(page, work.AnswerCase)
    shown = await rep.follow(asked, work.UseTemplate)
    assert "张伟您好，11月18日 周三 14:00前给您消息。王娜" in shown.text
    await rep.follow(shown, work.SendTemplate)
    await move(sandbox, bot, 20)
    assert "张伟您好" in client.last.text
    await client.say("好的", reply_to=client.last)
    listed = await rep.follow(kept, templates.ListTemplates)
    assert "用过 1 次" in listed.text and "100%" in listed.text
