"""Surveys from the template to the customer's chat: made, built, read from a file, sent, and kept from whom they must."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest

from actions.cases import open_case
from bot.app import App
from domain.cases import About, CaseDraft, CaseKind
from domain.surveys import InvitationState
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import SurveyInvitation, SurveyResponse
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import StaffIds
from tests.chat.people import Message, Person
from views.history import Undo
from views.links import OpenCustomer, OpenSurvey, SurveyCustomer
from views.survey_builder import DeleteQuestion, MoveQuestion
from views.survey_links import PickCustomer, ShowAudience, ShowQuestions
from views.survey_rules import PickAbout
from views.survey_sending import ChooseCondition, OfferSurvey, SendOne, SendWave
from views.survey_sent import ShowInvitation, Withdraw
from views.survey_triggers import ShowTrigger
from views.surveys import CopySurvey, ExportSurvey, MakeSurvey, NewSurvey, SetOpen, ShowSent

pytestmark = pytest.mark.usefixtures("company")
MINUTE, DAY = 60, 24 * 3600


async def move(sandbox: Sandbox, bot: App, seconds: float) -> None:
    sandbox.world.clock.move(seconds)
    await bot.ticks.tick()
    await bot.idle()


async def open_csat(lead: Person) -> Message:
    """A lead's survey from a template, open: the card."""
    templates = await lead.follow(await lead.say("/survey"), NewSurvey)
    made = await lead.follow(templates, MakeSurvey)
    return await lead.follow(made, SetOpen)


async def test_a_template_goes_to_whom_it_may(
    lead: Person,
    rep: Person,
    client: Person,
    sandbox: Sandbox,
    bot: App,
) -> None:
    assert "还没有问卷" in (await lead.say("/survey")).text
    assert "没有开放中的问卷" in (await rep.say("/survey")).text
    card = await open_csat(lead)
    assert "已开放" in card.text and "4 道题" in card.text and "简体中文、繁體中文、English" in card.text
    count = await lead.follow(card, ShowAudience)
    assert "将发给 1 位客户" in count.text and "不发：未开通 6" in count.text
    narrowed = await lead.follow(await lead.follow(count, ChooseCondition), "C 低价值")
    assert "仅：C 低价值" in narrowed.text and "将发给 0 位客户" in narrowed.text and "📤" not in narrowed.buttons[0]
    back = await lead.follow(await lead.follow(narrowed, ChooseCondition), "A 高价值")
    sent = await lead.follow(back, SendWave)
    assert "10 分钟后发给 1 位客户" in sent.text

    undone = await lead.follow(sent, Undo)
    assert "群发问卷" in undone.text
    await move(sandbox, bot, 11 * MINUTE)
    assert not client.messages  # nothing left

    card = await lead.follow(await lead.say("/survey"), OpenSurvey)
    await lead.follow(await lead.follow(card, ShowAudience), SendWave)
    await move(sandbox, bot, 9 * MINUTE)
    assert not client.messages
    await move(sandbox, bot, 2 * MINUTE)
    assert "评价一下我们的服务" in client.last.text
    follow = await lead.follow(await lead.follow(await lead.say("/survey"), OpenSurvey), ShowSent)
    assert "发给 1 位" in follow.text and "张伟 · 已发出" in follow.text and "未开通 6" in follow.text
    again = await lead.follow(await lead.follow(await lead.say("/survey"), OpenSurvey), ShowAudience)
    assert "将发给 0 位客户" in again.text and "已经问过 1" in again.text
    assert "群发问卷" in (await lead.say("/history")).text

    await move(sandbox, bot, 3 * DAY)
    assert "还想请您花一点时间回答" in client.last.text
    told = len(client.messages)
    await move(sandbox, bot, 20 * DAY)
    assert len(client.messages) == told
    ended = await lead.follow(await lead.follow(await lead.say("/survey"), OpenSurvey), ShowSent)
    assert "到期未答" in ended.text


async def test_a_rep_asks_an_own_customer_from_the_card(
    lead: Person,
    rep: Person,
    other_rep: Person,
    client: Person,
    sandbox: Sandbox,
    bot: App,
    company: Company,
    database: Database,
) -> None:
    await open_csat(lead)
    card = await rep.say("张伟 13800138001")
    card = await rep.follow(card, OpenCustomer) if "📋 问卷…" not in card.buttons else card
    offered = await rep.follow(await rep.follow(card, SurveyCustomer), OfferSurvey)
    assert "满意度（CSAT）" in offered.text
    sent = await rep.follow(offered, SendOne)
    assert "10 分钟后发给张伟" in sent.text.replace("将在 ", "")
    await move(sandbox, bot, 12 * 3600)  # ten in the evening: it waits for the morning
    assert not client.messages
    await move(sandbox, bot, 12 * 3600)
    assert "评价一下我们的服务" in client.last.text

    mine = await rep.follow(await rep.follow(await rep.say("/survey"), OpenSurvey), ShowSent)
    shown = await rep.follow(mine, ShowInvitation)
    theirs = await other_rep.follow(await other_rep.follow(await other_rep.say("/survey"), OpenSurvey), ShowSent)
    assert "还没有发给你的客户" in theirs.text
    nobody = await other_rep.follow(await other_rep.follow(await other_rep.say("/survey"), OpenSurvey), PickCustomer)
    assert "还没有人在这里开通" in nobody.text
    withdrawn = await rep.follow(shown, Withdraw)
    assert "已撤回" in withdrawn.text
    await rep.follow(withdrawn, Undo)
    with database.transaction(bot.clock.now()) as uow:
        states = uow.connection.execute(SurveyInvitation.__table__.select()).all()
    assert [row.state for row in states] == [InvitationState.SENT]

    resting = await rep.follow(await rep.follow(await rep.say("/survey"), OpenSurvey), PickCustomer)
    why = await rep.follow(resting, OfferSurvey)
    assert "已经问过" in why.text and SendOne.TAG not in str(why.data)  # type: ignore[attr-defined]


async def test_a_complaint_and_a_stop_are_respected(
    lead: Person,
    client: Person,
    sandbox: Sandbox,
    bot: App,
    company: Company,
    staff: StaffIds,
    database: Database,
) -> None:
    """Who complains between the tap and the sending is not asked, and a complaint about the rep is told to no rep."""
    card = await open_csat(lead)
    await lead.follow(await lead.follow(card, ShowAudience), SendWave)
    complain(database, company.ids["张伟"], bot)
    await move(sandbox, bot, DAY)
    assert not client.messages
    count = await lead.follow(await lead.follow(await lead.say("/survey"), OpenSurvey), ShowAudience)
    assert "投诉处理中 1" in count.text


def complain(database: Database, customer_id: int, bot: App, about: About = About.PRODUCT) -> None:
    with database.transaction(bot.clock.now()) as uow:
        draft = CaseDraft(customer_id=customer_id, kind=CaseKind.COMPLAINT, about=about, words="坏了")
        open_case(uow, None, draft, now=uow.now)


async def test_a_visit_asks_by_itself_and_its_undo_takes_it_along(
    lead: Person,
    rep: Person,
    client: Person,
    sandbox: Sandbox,
    bot: App,
) -> None:
    card = await open_csat(lead)
    trigger = await lead.follow(card, ShowTrigger)
    assert "只在有人发送时发出" in trigger.text
    after = await lead.follow(trigger, "跟进之后")
    assert "拜访 · 抽 100%" in after.text
    half = await lead.follow(after, "50 %")
    assert "抽 50%" in half.text
    whole = await lead.follow(await lead.follow(half, "100 %"), "售后")
    assert "拜访、售后" in whole.text

    logged = await rep.say("拜访 张伟 谈了新报价")
    await rep.follow(logged, Undo)
    await move(sandbox, bot, 11 * MINUTE)
    assert not client.messages
    await rep.say("电话 张伟 约了下周")  # a call is none of the chosen kinds
    await rep.say("拜访 张伟 送了样品")
    await move(sandbox, bot, 11 * MINUTE)
    assert "评价一下我们的服务" in client.last.text
    told = len(client.messages)
    await rep.say("拜访 张伟 又去了一次")  # within seven days
    await move(sandbox, bot, 11 * MINUTE)
    assert len(client.messages) == told


async def test_an_own_survey_is_built_by_buttons(lead: Person) -> None:
    templates = await lead.follow(await lead.say("/survey"), NewSurvey)
    await lead.follow(templates, "✏️ 自己出题")
    card = await lead.say("展会回访")
    assert "还没有题目" in card.text and "🟢 开放" not in card.buttons
    kinds = await lead.follow(await lead.follow(card, ShowQuestions), "➕ 题目")
    await lead.follow(kinds, "评分 1–5")
    rating = await lead.say("展台怎么样？")
    assert "1 · 评分 1–5" in rating.text
    kinds = await lead.follow(await lead.follow(rating, ShowQuestions), "➕ 题目")
    await lead.follow(kinds, "单选")
    asked = await lead.say("想了解什么？")
    assert "每行一个" in asked.text
    choice = await lead.say("价格\n交期\n样品")
    assert "☰ 价格 · 交期 · 样品" in choice.text

    about = await lead.follow(choice, PickAbout)
    values = await lead.follow(about, "2. 想了解什么？")
    rule = await lead.follow(values, "= 价格")
    assert "若第 2 题 = 价格：结束" in rule.text
    about = await lead.follow(rule, "➕ 条件")
    rule = await lead.follow(await lead.follow(about, "1. 展台怎么样？"), "≤ 2")
    assert "若第 2 题 = 价格 且 第 1 题 ≤ 2：结束" in rule.text
    rule = await lead.follow(rule, "改为满足任一")
    assert " 或 " in rule.text
    question = await lead.follow(rule, "‹ 返回")
    moved = await lead.follow(question, MoveQuestion)
    questions = await lead.follow(moved, ShowQuestions)
    assert questions.text.splitlines()[1].startswith("1. 想了解什么？")
    card = await lead.follow(questions, OpenSurvey)
    assert "第 1 题：规则引用了还没问到的题目：2" in card.text and "🟢 开放" not in card.buttons
    one = await lead.follow(await lead.follow(card, ShowQuestions), "2")
    left = await lead.follow(one, DeleteQuestion)
    assert "展台怎么样" not in left.text
    card = await lead.follow(left, OpenSurvey)
    assert "检查无误" in card.text
    languages = await lead.follow(card, "🌐 语言")
    added = await lead.follow(languages, "English")
    card = await lead.follow(added, OpenSurvey)
    assert "缺少English的文字" in card.text
    one = await lead.follow(await lead.follow(card, ShowQuestions), "1")
    await lead.follow(one, "✏️ 文字")
    assert "行数与语言数不符" in (await lead.say("只有一行")).text
    assert "What would you like" in (await lead.say("想了解什么？\nWhat would you like to know?")).text


async def test_a_survey_comes_from_a_file_and_goes_back_to_one(lead: Person) -> None:
    templates = await lead.follow(await lead.say("/survey"), NewSurvey)
    asked = await lead.follow(templates, "📄 从文件导入")
    assert "问卷：售后回访" in asked.text
    wrong = await lead.share("document", b"survey: A\nlanguages: en\nquestion q: slider\n  en: ?\n", name="a.txt")
    wrong = lead.last if "正在读取" in wrong.text else wrong
    assert "第 3 行：没有这种题型" in wrong.text
    made = await lead.say("问卷：A\n语言：简体中文\n问题 q：评分\n  简体：好吗？")
    assert "A" in made.text and "1 道题" in made.text
    file = await lead.press(made, ExportSurvey)
    assert isinstance(file, Message) and file.file_name == "A.txt"
    copied = await lead.follow(await lead.follow(await lead.say("/survey"), OpenSurvey), CopySurvey)
    assert "这是副本" in copied.text


async def test_an_open_survey_is_not_changed(lead: Person, admin: Person, rep: Person) -> None:
    await open_csat(admin)
    theirs = await lead.follow(await lead.say("/survey"), OpenSurvey)
    assert "⏹ 关闭" not in theirs.buttons and "⧉ 复制" in theirs.buttons  # the company's: the lead sends and copies it
    seen = await rep.follow(await rep.say("/survey"), OpenSurvey)
    assert "👤 发给一位…" in seen.buttons and "📤 发给多位…" not in seen.buttons
    own = await open_csat(lead)
    assert "✏️ 题目" not in own.buttons
    closed = await lead.follow(own, SetOpen)
    assert "已关闭，不再发送" in closed.text and "🟢 重新开放" in closed.buttons


async def test_a_preview_walks_the_real_way_and_stores_nothing(
    lead: Person, client: Person, bot: App, database: Database
) -> None:
    templates = await lead.follow(await lead.say("/survey"), NewSurvey)
    made = await lead.follow(templates, MakeSurvey)
    first = await lead.follow(made, "👁 预览")
    assert "1/4" in first.text and "评价一下我们的服务" in first.text and "预览" in first.text
    why = await lead.follow(first, "2")
    assert "哪些地方让您不满意" in why.text
    done = await lead.follow(await lead.follow(why, "☐ 价格"), "完成")
    assert "还有什么想对我们说的吗" in done.text
    back = await lead.follow(done, "‹ 上一题")
    assert "☑ 价格" in back.buttons
    last = await lead.follow(back, "完成")
    end = await lead.say("没有了")
    assert "感谢您的反馈" in end.text and "没有保存" in end.text and last.id != end.id
    happy = await lead.follow(await lead.follow(end, "↻ 再来一次"), "5")
    assert "哪些地方做得好" in happy.text
    with database.transaction(bot.clock.now()) as uow:
        assert not uow.connection.execute(SurveyInvitation.__table__.select()).all()
        assert not uow.connection.execute(SurveyResponse.__table__.select()).all()
