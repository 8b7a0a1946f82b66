"""One message is a log: filed at once, asked back, fixed, undone, amended."""

import base64

import pytest

from bot.app import App
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from tests.chat.test_reminders import move
from views.drafts import ClaimAndLog, DropDraft, FileDays, FileEach, NewForDraft, PickCustomer, PickNext
from views.history import Undo
from views.links import MoveNextTouch
from views.replies import tag_of
from views.touches import BackToTouch, FixTouch, RecordOrder

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)  # one pixel

pytestmark = pytest.mark.usefixtures("company")


async def test_a_clear_message_is_filed_at_once_and_undone(rep: Person) -> None:
    logged = await rep.say("/visit 拜访 张伟 谈了新报价 对方要折扣 下周三上午10点回访")
    assert "拜访" in logged.text and "张伟" in logged.text
    assert "11月25日 周三 10:00" in logged.text and "约定" in logged.text
    assert "对方要折扣" in logged.text
    undone = await rep.follow(logged, Undo)
    assert "已撤销" in undone.text
    assert "撤销" in (await rep.say("/history")).text


async def test_a_name_that_two_share_is_asked_and_then_filed(rep: Person) -> None:
    draft = await rep.say("/visit 见了张总 聊得不错")
    assert "哪一位" in draft.text and len(draft.buttons) >= 3
    logged = await rep.follow(draft, PickCustomer)
    assert "张" in logged.text and "聊得不错" in logged.text and "下次跟进" in logged.text


@pytest.mark.both_databases
async def test_a_message_about_two_becomes_an_entry_for_each(rep: Person) -> None:
    draft = await rep.say("上午拜访了张伟和天天鲜生 都要样品 下周三再去")
    assert "每位各记一条" in draft.text and "张伟" in "".join(draft.buttons)
    logged = await rep.follow(draft, FileEach)
    assert "张伟" in logged.text and "天天鲜生" in logged.text and logged.text.count("11月25日") == 2
    undone = await rep.follow(logged, Undo)  # the first of the two
    assert "张伟" in undone.text
    assert "都要样品" not in (await rep.say("/find 张伟")).text
    assert "都要样品" in (await rep.say("/find 天天鲜生")).text
    assert "草稿" not in (await rep.say("/today")).text


async def test_an_unknown_name_becomes_a_customer_with_the_log_kept(rep: Person) -> None:
    draft = await rep.say("/visit 拜访 赵小敏 第一次见面 要样品")
    assert "赵小敏" in draft.text
    logged = await rep.follow(draft, NewForDraft)
    assert "赵小敏" in logged.text and "要样品" in logged.text


async def test_a_colleagues_customer_is_unknown_here(rep: Person) -> None:
    draft = await rep.say("/visit 拜访 赵敏 聊了合作")
    assert "草稿" in draft.text
    assert tag_of(NewForDraft) in "".join(data.split(".")[0] for data in draft.data)


async def test_a_pool_customer_is_claimed_and_logged(rep: Person, other_rep: Person) -> None:
    draft = await rep.say("/visit 电话 曾雨 有兴趣")
    assert "公海" in draft.text
    logged = await rep.follow(draft, ClaimAndLog)
    assert "曾雨" in logged.text and "电话" in logged.text
    late = await other_rep.say("/visit 电话 曾雨 问价格")
    assert "草稿" in late.text and "领取并记录" not in "".join(late.buttons)


async def test_a_date_that_is_over_is_asked_back(rep: Person) -> None:
    draft = await rep.say("/visit 拜访 张伟 谈妥了 昨天回访过 下次2026年11月10日再去")
    assert "草稿" in draft.text and "已经过去了" in draft.text
    logged = await rep.follow(draft, "暂不约时间")
    assert "张伟" in logged.text


async def test_a_date_that_is_over_is_answered_by_words(rep: Person) -> None:
    draft = await rep.say("拜访张伟 上周三再去")
    assert "已经过去了" in draft.text and not any("11月" in label for label in draft.buttons)
    assert "没看出日期" in (await rep.say("看情况")).text
    assert "明远科技" in (await rep.say("明远")).text  # looked up, and the draft waits
    await rep.follow(await rep.say("/today"), "1 拜访张伟 上周三再去")
    logged = await rep.say("下周三上午10点")
    assert "张伟" in logged.text and "11月25日 周三 10:00" in logged.text


async def test_a_date_on_a_button_is_the_date_that_is_kept(rep: Person, bot: App, sandbox: Sandbox) -> None:
    """Whatever is over by the time it is pressed."""
    draft = await rep.say("拜访张伟 上周三再去，今天17点或明天10点")
    assert draft.buttons[:2] == ["11月18日 周三 17:00", "11月19日 周四 10:00"]
    await move(sandbox, bot, 8 * 3600)
    await rep.press(draft, "11月18日 周三 17:00")
    assert rep.answer is not None and "过去" in rep.answer.text
    logged = await rep.follow(draft, "11月19日 周四 10:00")
    assert "下次跟进：11月19日 周四 10:00" in logged.text
    days = await rep.follow(logged, MoveNextTouch)
    assert "11月21日 周六" in days.buttons
    await move(sandbox, bot, 24 * 3600)
    assert "11月21日 周六" in (await rep.follow(days, "11月21日 周六")).text


async def test_a_question_about_other_words_files_nothing(rep: Person) -> None:
    """The message was edited since: what an older screen offers is no answer to what it says now."""
    draft = await rep.say("拜访张伟 上周三再去 SCREEN")
    data = next(one for one in draft.data if one.startswith(tag_of(PickNext)))
    said = next(m.id for m in rep.messages if "SCREEN" in m.text and m.view["from"] == "me")
    await rep.edit(said, "拜访张伟 上周四再去 SCREEN")
    await rep.press_data(draft.id, data)
    assert rep.answer is not None and rep.answer.show_alert
    assert "拜访" not in (await rep.say("/find 张伟")).text


async def test_a_file_alone_is_no_visit(rep: Person) -> None:
    asked = await rep.share("document", b"%PDF-1.4", name="报价单.pdf")
    assert "报价单.pdf" in asked.text
    named = await rep.follow(asked, "选已有客户…")
    kept = await rep.say("张伟")
    assert "没有记为跟进" in kept.text and named.id != kept.id
    assert "报价单" not in (await rep.say("/find 张伟")).text


async def test_a_draft_goes_along_with_its_customer(rep: Person, database: Database) -> None:
    await rep.say("拜访张伟 上周三再去")
    with database.reading() as connection:
        assert connection.exec_driver_sql("select count(customer_id) from draft").scalar_one() == 1


async def test_two_days_become_two_entries(rep: Person) -> None:
    draft = await rep.say("/visit 10号和15号去了天天鲜生 都没见到人")
    assert "每天" in draft.text
    done = await rep.follow(draft, FileDays)
    assert "2 条" in done.text and "11月10日" in done.text and "11月15日" in done.text
    assert "已撤销" in (await rep.follow(done, Undo)).text


async def test_a_visit_still_to_come_may_be_a_plan(rep: Person) -> None:
    draft = await rep.say("/visit 明天下午拜访了张伟 谈了报价")
    planned = await rep.follow(draft, "是计划")
    assert "已计划" in planned.text and "11月19日" in planned.text


async def test_ten_logs_in_a_row_keep_ten_drafts(rep: Person) -> None:
    for n in range(10):
        assert "草稿" in (await rep.say(f"/visit 见了张总 第{n}次")).text
    today = await rep.say("/today")
    assert "16 件待办" in today.text
    assert today.text.count("📝") == 8


async def test_a_draft_is_dropped_and_brought_back(rep: Person) -> None:
    draft = await rep.say("/visit 见了张总")
    dropped = await rep.follow(draft, DropDraft)
    assert "已丢弃" in dropped.text
    await rep.follow(dropped, Undo)
    assert "草稿" in (await rep.say("/today")).text


async def test_a_log_is_fixed_by_taps(rep: Person) -> None:
    logged = await rep.say("/visit 拜访 张伟 看了样品")
    fixing = await rep.follow(logged, FixTouch)
    called = await rep.follow(fixing, "电话")
    assert "电话" in called.text
    fixing = await rep.follow(called, FixTouch)
    tried = await rep.follow(fixing, "没联系上")
    assert "没联系上" in tried.text
    again = await rep.follow(tried, FixTouch)
    assert "看了样品" in (await rep.follow(again, BackToTouch)).text


async def test_tried_moves_a_proposed_day_by_one_working_day(rep: Person) -> None:
    logged = await rep.say("/visit 电话 张伟 没接")
    assert "没联系上" in logged.text and "11月19日" in logged.text and "建议" in logged.text


async def test_a_deal_is_recorded_as_an_order(rep: Person) -> None:
    logged = await rep.say("/visit 昨天下午拜访了张伟,签了合同 5800元")
    assert "11月17日" in logged.text and "记为成交" in "".join(logged.buttons)
    ordered = await rep.follow(logged, RecordOrder)
    assert "成交" in ordered.text and "5,800" in ordered.text


async def test_an_edited_message_amends_its_entry(rep: Person) -> None:
    await rep.say("/visit 拜访 张伟 要报价")
    message = next(m for m in rep.messages if "要报价" in m.text)
    amended = await rep.edit(message.id, "/visit 电话 张伟 要合同 下周五再打")
    assert "要合同" in amended.text and "11月27日" in amended.text
    rep.write("/today")


async def test_tags_and_amounts_are_taken_from_the_words(rep: Person) -> None:
    logged = await rep.say("/visit #大客户 拜访 明远科技 演示了新系统 报价5.8万")
    assert "#大客户" in logged.text and "58,000" in logged.text and "明远科技" in logged.text


async def test_an_agreed_date_asks_whether_it_is_done_too(rep: Person) -> None:
    await rep.say("/visit 拜访 张伟 明天再打电话")
    logged = await rep.say("/visit 电话 张伟 又聊了一次")
    assert "这件也完成了吗" in logged.text
    done = await rep.follow(logged, "✅ 也完成了")
    assert "已完成" in done.text


async def test_the_guided_way_asks_whom_what_and_how(rep: Person) -> None:
    await rep.say("/visit 拜访 张伟 第一次")
    who = await rep.say("/visit")
    assert "张伟" in "".join(who.buttons)
    kind = await rep.say("明远")
    note = await rep.follow(kind, "📞 电话")
    assert "明远科技" in note.text
    logged = await rep.say("想要试用 周五上午再打")
    assert "电话" in logged.text and "11月20日" in logged.text
    note = await rep.follow(await rep.follow(logged, "打开卡片"), "📝 记录")
    note = await rep.follow(note, "📵 打了没接")
    note = await rep.follow(await rep.follow(note, "‹ 返回"), "📵 打了没接")
    bare = await rep.follow(note, "📝 就这样记下")
    assert "没联系上" in bare.text and "明远科技" in bare.text and "11月20日" in bare.text
    assert "张伟" in (await rep.say("拜访 张伟 第二次")).text  # no answer to the question any more
    assert "📞 11月18日 周三 电话（没联系上）" in (await rep.say("/find 明远科技")).text


async def test_a_photo_with_a_log_is_filed_with_it(rep: Person) -> None:
    logged = await rep.share("photo", PICTURE, name="shop.png", caption="拜访 张伟 门店照片")
    assert "张伟" in logged.text and "拜访" in logged.text


async def test_a_photo_alone_asks_which_customer(rep: Person) -> None:
    asked = await rep.share("photo", PICTURE, name="shop.png")
    assert "哪位客户" in asked.text


async def test_in_english(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "English")
    logged = await rep.say("/visit visited Lin & Sons, renewed for a year, call back in 2 weeks")
    assert "Lin & Sons" in logged.text and "Wed, Dec 2" in logged.text and "agreed, call" in logged.text


async def test_in_traditional_chinese(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "繁體中文")
    logged = await rep.say("/visit 拜訪 張偉 談了報價 下週五再去")
    assert "拜訪" in logged.text and "11月27日 週五" in logged.text and "下次跟進" in logged.text
