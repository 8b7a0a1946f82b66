"""Strangers: the own number, tied by a lead; a request to be contacted; the door that an admin closes."""

import pytest

from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from views.consents import AnswerPurpose
from views.enquiries import AskContact, ClaimCustomer, FileEnquiry, LinkEnquiry, OpenEnquiry, RefuseEnquiry, UseName
from views.history import Undo
from views.links import OpenCustomer
from views.setup import Keep

pytestmark = pytest.mark.usefixtures("company")


async def claimed(somebody: Person, phone: str) -> list[str]:
    """**I am a customer** with this number as the account's own: what is said to it."""
    somebody.sandbox.world.chats.people[somebody.id].phone = phone
    await somebody.follow(await somebody.start(), ClaimCustomer)
    before = len(somebody.messages)
    await somebody.share_contact()
    return [message.text for message in somebody.messages[before:]]


@pytest.mark.both_databases
async def test_a_customer_without_a_link_is_tied_by_a_lead(
    stranger: Person, neighbour: Person, lead: Person, admin: Person, rep: Person
) -> None:
    neighbour.sandbox.world.chats.people[neighbour.id].language_code = "zh-hans"
    first = await stranger.start()
    assert "专属链接" in first.text and first.buttons == ["🙋 我是客户", "📨 请联系我"]
    asked = await stranger.follow(first, ClaimCustomer)
    assert asked.keyboard == ["📱 分享我的号码", "取消"]
    assert "只认您本人的号码" in (await stranger.say("13800138001")).text
    other = {"phone_number": "+8613800138001", "first_name": "张伟"}
    assert "只认您本人的号码" in (await stranger.share_contact(other)).text

    known = await claimed(stranger, "+8613800138001")
    question = await lead.expect_push()
    assert "+8613800138001" in question.text and "张伟 · 王娜" in question.text
    await admin.quiet()  # the rep's own lead is the one who is asked
    unknown = await claimed(neighbour, "+8613999999999")
    assert known == unknown and "核对后会在这里回复您" in known[-1]  # nobody learns whether a number is known
    await stranger.quiet()

    tied = await lead.follow(question, LinkEnquiry)
    assert "已确认" in tied.text
    await lead.press(tied, Undo)
    stranger.sandbox.world.clock.move(10 * 60)
    await stranger.quiet()
    day = await lead.say("/today")
    assert "🙋 张伟 说自己是客户" in day.text
    again = await lead.follow(await lead.follow(day, OpenEnquiry), "是：张伟")
    assert "已确认" in again.text
    stranger.sandbox.world.clock.move(10 * 60)
    asks = await stranger.expect_push()
    assert "王娜" in asks.text  # who will write, and why
    assert "优惠" in (await stranger.follow(asks, AnswerPurpose)).text
    assert "张伟，欢迎您" in (await stranger.start()).text
    assert "💬 聊天：1" in (await rep.say("/find 张伟")).buttons


async def test_a_number_of_nobody_makes_a_prospect_or_nothing(
    stranger: Person, neighbour: Person, lead: Person
) -> None:
    await claimed(stranger, "+8613999999999")
    question = await lead.expect_push()
    assert "没有客户是这个号码" in question.text
    card = await lead.follow(await lead.follow(question, FileEnquiry), OpenCustomer)
    assert "张伟" in card.text and "李强" in card.text and "13999999999" in card.text.replace(" ", "")
    await claimed(neighbour, "+8613888888888")
    second = await lead.expect_push()
    refused = await lead.follow(second, RefuseEnquiry)
    assert "也不会收到通知" in refused.text
    await lead.press(refused, Undo)
    again = await lead.follow(await lead.follow(await lead.say("/today"), OpenEnquiry), RefuseEnquiry)
    assert "也不会收到通知" in again.text and "说自己是客户" not in (await lead.say("/today")).text
    neighbour.sandbox.world.clock.move(10 * 60)
    await neighbour.quiet()


async def test_two_with_one_number_are_shown_to_the_lead(
    rep: Person, stranger: Person, neighbour: Person, lead: Person
) -> None:
    await claimed(stranger, "+8613800138001")
    await lead.follow(await lead.expect_push(), LinkEnquiry)
    await claimed(neighbour, "+8613800138001")
    question = await lead.expect_push()
    assert "⚠️ 张伟 已绑定这一位" in question.text  # a recycled number: the lead decides
    await rep.quiet()


async def test_contact_me_is_a_prospect_of_the_pool_and_gets_an_answer(
    neighbour: Person, lead: Person, admin: Person
) -> None:
    name = await neighbour.follow(await neighbour.start(), AskContact)
    words = await neighbour.follow(name, UseName)
    assert "Emma Lin" in words.text
    await neighbour.say("想了解盤點槍，數量大概 50 把")
    thanks, consent = neighbour.messages[-2:]
    assert "我們會在這裡回覆您" in thanks.text
    assert "優惠" in (await neighbour.follow(consent, AnswerPurpose)).text
    wanted = await lead.expect_push()
    assert "Emma Lin" in wanted.text and "50 把" in wanted.text
    assert "50 把" in (await admin.expect_push()).text
    claimed = await lead.follow(wanted, "🙋 领取")
    more = await lead.follow(claimed, "⋯ 更多")
    assert "来源：在聊天里请求联系" in more.text
    await lead.say("您好，明天給您報價", reply_to=wanted)
    neighbour.sandbox.world.clock.move(6)
    assert "明天給您報價" in (await neighbour.expect_push()).text


async def test_three_a_day_and_a_door_that_can_be_closed(stranger: Person, admin: Person) -> None:
    stale = await stranger.start()
    for _ in range(3):
        stranger.sandbox.world.clock.move(60)  # no more than ten messages a minute of a stranger
        await claimed(stranger, "+8613999999999")
    assert "今天的请求我们都收到了" in (await stranger.follow(await stranger.start(), ClaimCustomer)).text
    stranger.sandbox.world.clock.move(86_400)
    assert "分享您本人的号码" in (await stranger.follow(await stranger.start(), ClaimCustomer)).text

    screen = await admin.say("/setup")
    for _ in range(3):
        screen = await admin.follow(screen, Keep)
    await admin.follow(screen, "不可以，只凭链接")
    closed = await stranger.start()
    assert "专属链接" in closed.text and not closed.buttons
    assert not (await stranger.follow(stale, AskContact)).buttons
    assert "专属链接" in (await stranger.share_contact()).text
