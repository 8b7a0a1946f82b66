"""Answering a survey in the chat: forth and back, by taps and by words, today and days later."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest
from sqlalchemy import select

from bot.app import App
from bot.clock import FileClock
from bot.settings import Settings
from domain.surveys import END, Condition, InvitationState, Op, QuestionKind, SkipRule
from handlers import all_jobs, all_routes
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Case, SurveyResponse
from tests.chat.bound import client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import STRANGER
from tests.chat.people import Answer, Message, Person
from tests.chat.surveyed import Ask, ask, asked, define  # noqa: F401 (a fixture)
from tests.chat.test_touches import PICTURE
from views.answers import OpenQuestion, SendAnswers, Skip
from views.history import Undo
from views.links import EnterAnswers

K = QuestionKind
ALL = define(
    asked("score", K.RATING, "您对服务满意吗？", required=True),
    asked("why", K.SINGLE, "最看重什么？", "质量", "价格"),
    asked("used", K.MULTIPLE, "用过哪些产品？", "甲", "乙", "丙"),
    asked("again", K.YES_NO, "会再买吗？"),
    asked("sets", K.NUMBER, "买几套？"),
    asked("day", K.DATE, "哪天收到的？"),
    asked("photo", K.PHOTO, "拍张照片"),
    asked("place", K.LOCATION, "您在哪里？"),
    asked("nps", K.NPS, "会推荐我们吗？"),
    asked("words", K.TEXT, "还想说什么？"),
    closing="谢谢您！下个月我们会告诉您改了什么。",
)
SHORT = define(
    asked("score", K.RATING, "您对服务满意吗？", required=True),
    asked("words", K.TEXT, "还想说什么？"),
)


@pytest.mark.both_databases
async def test_every_kind_in_one_living_message(client: Person, ask: Ask) -> None:
    ask(ALL)
    shown = await client.say("/survey")
    assert "1/10" in shown.text and "满意" in shown.text and shown.buttons[:5] == ["1", "2", "3", "4", "5"]
    second = await client.follow(shown, "5")
    assert second.id == shown.id and "2/10" in second.text
    third = await client.follow(second, "质量")
    ticked = await client.follow(await client.follow(third, "☐ 甲"), "☐ 丙")
    assert "☑ 甲" in ticked.buttons and "☐ 乙" in ticked.buttons
    fourth = await client.follow(ticked, "完成")
    assert "4/10" in fourth.text and fourth.id == shown.id
    back = await client.follow(fourth, "‹ 上一题")
    assert "☑ 丙" in back.buttons
    fourth = await client.follow(back, "下一题 ›")
    fifth = await client.follow(fourth, "是")
    wrong = await client.say("很多")
    assert "数字" in wrong.text and "5/10" in wrong.text
    sixth = await client.say("３套")
    assert "6/10" in sixth.text and sixth.id > fifth.id and not client.latest(fifth).buttons
    seventh = await client.follow(sixth, "昨天")
    assert "7/10" in seventh.text
    eighth = await client.share("photo", PICTURE, name="shop.png")
    assert "8/10" in eighth.text
    ninth = await client.share_location(31.2, 121.5)
    assert "9/10" in ninth.text and ninth.buttons[:6] == ["0", "1", "2", "3", "4", "5"]
    tenth = await client.say("10分")
    assert "10/10" in tenth.text
    end = await client.say("都很好")
    assert "下个月我们会告诉您" in end.text and "15 分钟" in end.text
    assert end.id == client.last.id
    assert "现在没有" in (await client.say("/survey")).text


BRANCHED = define(
    asked("ok", K.YES_NO, "收到货了吗？", skip=(SkipRule((Condition("ok", Op.IS, False),), "late"),)),
    asked("score", K.RATING, "包装怎么样？"),
    asked("late", K.TEXT, "还有什么要说？", skip=(SkipRule((Condition("score", Op.AT_LEAST, 4),), END),)),
    asked("fix", K.TEXT, "该怎么改进？"),
)


async def test_a_changed_answer_drops_what_it_no_longer_leads_to(
    client: Person, ask: Ask, sandbox: Sandbox, database: Database
) -> None:
    ask(BRANCHED)
    first = await client.say("/survey")
    second = await client.follow(first, "是")
    third = await client.follow(second, "4")
    assert "3/" in third.text
    back = await client.follow(await client.follow(third, "‹ 上一题"), "‹ 上一题")
    assert "✓ 是" in back.buttons
    other = await client.follow(back, "否")
    assert "还有什么要说" in other.text and "2/3" in other.text
    assert answers_of(database) == {"ok": False}
    last = await client.say("包装破了")
    assert "该怎么改进" in last.text
    end = await client.follow(last, Skip)
    assert "谢谢您" in end.text
    changed = await client.follow(end, OpenQuestion)
    assert "该怎么改进" in changed.text
    assert "15 分钟" in (await client.say("多包一层")).text
    assert answers_of(database) == {"ok": False, "late": "包装破了", "fix": "多包一层"}
    sandbox.world.clock.move(16 * 60)
    late = await client.follow(client.last, OpenQuestion)
    assert "修改只限" in late.text


async def test_old_screens_and_second_devices_show_how_it_stands(
    client: Person, neighbour: Person, ask: Ask, database: Database
) -> None:
    ask(SHORT)
    first = await client.say("/survey")
    second_device = await client.say("/survey")
    mine = client.latest(first).data
    await client.follow(first, "4")
    stale = await client.follow(second_device, "5")  # the same question on another screen, pressed later
    assert "2/2" in stale.text and answers_of(database) == {"score": 4}
    again = await client.press_data(first.id, mine[1])  # an old tap, sent once more
    assert isinstance(again, Message | Answer) and answers_of(database) == {"score": 4}
    await neighbour.say("/start")
    assert isinstance(await neighbour.press_data(neighbour.last.id, mine[0]), Message | Answer)
    assert answers_of(database) == {"score": 4}


async def test_it_goes_on_days_later_and_ends_kindly(client: Person, ask: Ask, sandbox: Sandbox) -> None:
    ask(SHORT)
    second = await client.follow(await client.say("/survey"), "4")
    sandbox.world.clock.move(5 * 86400)
    reminded = await client.expect_push()  # the one reminder, after three days
    assert "2/2" in (await client.follow(reminded, "▶ 去回答")).text
    assert "谢谢您" in (await client.follow(second, Skip)).text
    ask(SHORT)
    await client.say("/survey")
    old = next(one for one in reversed(client.messages) if "4" in one.buttons)  # the reminder of it may have come, too
    sandbox.world.clock.move(15 * 86400)
    over = await client.follow(old, "4")
    assert "已经结束" in over.text and "写在这里" in over.text


async def test_a_withdrawn_one_says_so(client: Person, ask: Ask, database: Database, clock: FileClock) -> None:
    invitation = ask(SHORT)
    shown = await client.say("/survey")
    with database.transaction(clock.now()) as uow:
        uow.responses.note(invitation, {"state": InvitationState.WITHDRAWN})
    assert "不用再填" in (await client.follow(shown, "4")).text


async def test_it_survives_a_restart_and_a_block(
    client: Person, ask: Ask, bot: App, settings: Settings, clock: FileClock, sandbox: Sandbox, database: Database
) -> None:
    ask(SHORT)
    second = await client.follow(await client.say("/survey"), "4")
    await bot.stop()
    again = App(settings, clock, routes=all_routes(), jobs=all_jobs())
    await again.start()
    alone = Person(sandbox, STRANGER)
    alone.block()
    await again.idle()
    alone.unblock()
    await again.idle()
    await alone.say("都好")
    await again.idle()
    assert "谢谢您" in alone.last.text
    assert answers_of(database) == {"score": 4, "words": "都好"}
    assert second.id != alone.last.id
    await again.stop()


async def test_a_low_score_calls_a_person(client: Person, lead: Person, rep: Person, ask: Ask) -> None:
    ask(SHORT)
    await client.follow(await client.say("/survey"), "2")
    status = await client.say("送货太慢")
    end = next(one for one in client.messages if "很抱歉" in one.text)
    assert "与您联系" in end.text and "C-" in end.text and "C-" in status.text and "送货太慢" in status.text
    for told in (lead, rep):
        alert = await told.expect_push()
        assert "张伟" in alert.text and "送货太慢" in alert.text and "2" in alert.text
    changed = await client.follow(await client.follow(end, OpenQuestion), "‹ 上一题")
    await client.follow(changed, "1")  # a second bad score is the same matter
    await lead.quiet()


@pytest.mark.both_databases
async def test_a_low_score_left_unfinished_calls_a_person_too(
    client: Person, lead: Person, rep: Person, ask: Ask, sandbox: Sandbox
) -> None:
    ask(SHORT)
    home = await client.start()
    second = await client.follow(await client.follow(home, "📋 我们的问卷"), "2")
    left = await client.say("/cancel")
    assert "答过的都已保存" in left.text
    await lead.quiet()  # a slip of the finger can still be corrected
    sandbox.world.clock.move(15 * 60)
    status = await client.expect_push()
    assert "C-" in status.text
    for told in (lead, rep):
        assert "您对服务满意吗？ – 2" in (await told.expect_push()).text
    assert "2/2" in (await client.follow(await client.start(), "📋 继续填写问卷")).text
    end = await client.say("送货太慢")  # the rest is the same matter
    assert "谢谢您" in end.text and second.id != end.id
    await lead.quiet()
    assert "📋" not in "".join((await client.start()).buttons)


async def test_a_slip_of_the_finger_calls_nobody(client: Person, lead: Person, ask: Ask, sandbox: Sandbox) -> None:
    ask(SHORT)
    second = await client.follow(await client.say("/survey"), "1")
    await client.follow(await client.follow(second, "‹ 上一题"), "5")
    sandbox.world.clock.move(15 * 60)
    await lead.quiet()


async def test_about_the_visit_the_rep_hears_nothing(client: Person, lead: Person, rep: Person, ask: Ask) -> None:
    ask(SHORT, template="after_visit")
    await client.follow(await client.say("/survey"), "1")
    assert "C-" in (await client.say("态度标记七七")).text
    assert "态度标记七七" in (await lead.expect_push()).text
    await rep.quiet()
    assert "标记七七" not in (await rep.say("/history 张伟")).text


async def test_who_is_not_confirmed_yet_hears_no_reference(pending_client: Person, ask: Ask) -> None:
    ask(SHORT)
    await pending_client.follow(await pending_client.say("/survey"), "1")
    end = await pending_client.say("不好")
    assert "很抱歉" in end.text and "C-" not in end.text


async def test_a_written_word_is_enough(client: Person, ask: Ask) -> None:
    ask(ALL)
    await client.say("/survey")
    for words in ("4", "2", "1、3", "好的", "两套", "昨天"):
        told = await client.say(words)
    assert "7/10" in told.text and told.id == client.last.id


def answers_of(database: Database) -> dict[str, object]:
    """The answers of the only response there is."""
    with database.reading() as connection:
        found: dict[str, object] = connection.execute(select(SurveyResponse.answers)).scalar_one()
    return found


async def test_a_rep_enters_what_a_customer_said_on_the_phone(
    client: Person, rep: Person, lead: Person, ask: Ask, database: Database
) -> None:
    ask(SHORT)
    card = await rep.follow(await rep.say("/find 张建国"), "⋯ 更多")
    chosen = await rep.follow(card, EnterAnswers)
    first = await rep.follow(chosen, "1 ☎️ 电话")
    assert "张建国" in first.text and "1/2" in first.text
    second = await rep.follow(first, "2")
    review = await rep.say("电话里说太慢")
    assert "2/2" in second.text and "保存回答" in review.buttons[0]
    saved = await rep.follow(review, SendAnswers)
    assert "由你代填" in next(one.text for one in rep.messages if "代填" in one.text)
    assert "电话里说太慢" in (await lead.expect_push()).text
    with database.reading() as connection:
        of = (SurveyResponse.entered_by, SurveyResponse.complete, SurveyResponse.entered_member_id)
        assert connection.execute(select(*of)).one()[:2] == ("phone", True)
    await rep.follow(saved, Undo)
    with database.reading() as connection:
        assert connection.execute(select(SurveyResponse.complete)).scalar_one() is False
        assert connection.execute(select(Case.id)).all() == []
