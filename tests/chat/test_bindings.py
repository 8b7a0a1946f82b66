"""A link from the card, opened by the customer, agreed to, confirmed by the rep: and everything that may go another way."""

import re

import pytest

from tests.chat.bound import client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Message, Person
from views.bindings import ConfirmBinding, EndBinding, SetPart
from views.consents import AnswerLink, AnswerPurpose
from views.history import Undo
from views.links import OpenAccounts, OpenCustomer, PersonalLink

pytestmark = pytest.mark.usefixtures("company")
BAD = "这个链接无效或已失效"


def payload_of(message: Message) -> str:
    """What stands behind ``?start=`` in a link."""
    found = re.search(r"\?start=(\S+)", message.text)
    assert found, message.text
    return found[1]


async def linked(rep: Person, name: str = "张伟") -> Message:
    """A personal link from a customer's card; its QR code comes behind it."""
    await rep.follow(await rep.say(f"/find {name}"), PersonalLink)
    link, picture = rep.messages[-2:]
    assert picture.file_name == "qr.png" and "二维码" in picture.text
    return link


async def opened(rep: Person, customer: Person) -> Message:
    """A link made, opened and agreed to; the question that the rep is asked."""
    first = await customer.start(payload_of(await linked(rep)))
    await customer.follow(first, "可以")
    return await rep.expect_push()


@pytest.mark.both_databases
async def test_a_customer_opens_the_link_and_the_rep_says_it_is_he(rep: Person, stranger: Person) -> None:
    stranger.sandbox.world.chats.people[stranger.id].username = "zw"
    link = await linked(rep)
    assert "14 天内有效" in link.text and "<b>张伟</b>" in link.html
    assert [b.kind for b in link.rows[0]] == ["copy", "url"]

    first = await stranger.start(payload_of(link))
    assert "王娜" in first.text and "预约、答复、售后" in first.text and first.text.count("\n") == 1
    again = await stranger.say("你好，我想问一下")  # whoever types before choosing is asked once more
    assert "请先选择" in again.text and "预约、答复、售后" in again.text and "专属链接" not in again.text
    assert "我想问" not in rep.last.text
    offers = await stranger.follow(again, "可以")
    assert "优惠" in offers.text and "单独" in offers.text
    waiting = await stranger.follow(offers, "不用，只要服务消息")
    assert "欢迎您" in waiting.text and "确认是您本人" in waiting.text

    asked = await rep.expect_push()
    assert "张伟 @zw 刚刚打开" in asked.text and "是本人吗" in asked.text
    yes = await rep.follow(asked, ConfirmBinding)
    assert "已确认" in yes.text and "↩︎ 撤销" in yes.buttons
    await stranger.quiet()
    stranger.sandbox.world.clock.move(10 * 60)
    told = await stranger.expect_push()
    assert "已确认是您本人" in told.text and "王娜" in told.text and "欢迎您" in told.text
    assert "💬 聊天：1" in (await rep.say("/find 张伟")).buttons


async def test_no_unties_and_yes_can_be_taken_back(rep: Person, stranger: Person) -> None:
    asked = await opened(rep, stranger)
    assert "张伟 是张伟本人吗" in (await rep.say("/today")).text
    yes = await rep.follow(asked, ConfirmBinding)
    await rep.press(yes, Undo)
    stranger.sandbox.world.clock.move(10 * 60)
    await stranger.quiet()  # what was taken back is not told
    accounts = await rep.follow(await rep.say("/find 张伟"), OpenAccounts)
    assert "等你确认" in accounts.text
    account = await rep.follow(accounts, "张伟")
    no = await rep.follow(account, EndBinding)
    assert "已解除" in no.text
    assert "专属链接" in (await stranger.start()).text  # a stranger again


@pytest.mark.both_databases
async def test_a_link_works_once_and_every_bad_one_says_the_same(
    rep: Person, stranger: Person, neighbour: Person
) -> None:
    neighbour.sandbox.world.chats.people[neighbour.id].language_code = "zh-hans"
    replaced = payload_of(await linked(rep))
    link = await linked(rep)
    used = payload_of(link)
    await stranger.follow(await stranger.start(used), "可以")
    revoked = await linked(rep)
    await rep.press(revoked, Undo)
    said = {(await neighbour.start(bad)).text for bad in (replaced, used, payload_of(revoked), "c" + "A" * 22)}
    assert len(said) == 1 and BAD in said.pop()
    assert "欢迎您" in (await stranger.start(used)).text  # who used it comes in by it again
    neighbour.write(f"/start c{'B' * 22}")
    await neighbour.expect_push()
    neighbour.write(f"/start {payload_of(await linked(rep))}")  # the sixth: even a good one
    await neighbour.quiet()


async def test_two_read_the_question_and_the_first_who_agrees_is_in(
    rep: Person, stranger: Person, neighbour: Person
) -> None:
    payload = payload_of(await linked(rep))
    first, second = await stranger.start(payload), await neighbour.start(payload)
    await neighbour.follow(second, AnswerLink)
    late = await stranger.follow(first, AnswerLink)
    assert BAD in late.text
    asked = await rep.expect_push()
    assert "Emma Lin" in asked.text
    await rep.quiet()


async def test_an_expired_link_is_refused(rep: Person, stranger: Person) -> None:
    payload = payload_of(await linked(rep))
    first = await stranger.start(payload)
    stranger.sandbox.world.clock.move(14 * 86_400)
    assert BAD in (await stranger.follow(first, AnswerLink)).text
    assert BAD in (await stranger.start(payload)).text


async def test_a_no_is_polite_and_has_a_way_back(rep: Person, stranger: Person) -> None:
    first = await stranger.start(payload_of(await linked(rep)))
    no = await stranger.follow(first, "不用了，谢谢")
    assert "不会主动给您发消息" in no.text
    await rep.quiet()
    yes = await stranger.follow(no, "改主意了，可以联系我")
    assert "优惠" in yes.text
    assert "是本人吗" in (await rep.expect_push()).text
    assert "欢迎您" in (await stranger.follow(yes, AnswerPurpose)).text


async def test_a_company_is_asked_whose_and_parts_are_said(rep: Person, stranger: Person) -> None:
    await rep.say("/find 明远")
    card = rep.last
    await rep.follow(await rep.follow(card, "👥 联系人"), "➕ 联系人")
    await rep.say("孙莉 采购经理 13800138077")
    choice = await rep.follow(await rep.say("/find 明远"), PersonalLink)
    assert choice.buttons[:2] == ["李强", "孙莉"]
    await rep.follow(choice, "孙莉")
    await stranger.follow(await stranger.start(payload_of(rep.messages[-2])), AnswerLink)
    asked = await rep.expect_push()
    assert "孙莉（明远科技有限公司）" in asked.text
    await rep.follow(asked, ConfirmBinding)
    accounts = await rep.follow(await rep.follow(asked, OpenCustomer), OpenAccounts)
    assert "孙莉 · 已确认" in accounts.text
    account = await rep.follow(await rep.follow(accounts, "张伟"), SetPart)
    assert "采购人" in account.text and "✓ 采购人" in account.buttons
    await rep.press(account, Undo)
    assert "采购人" not in (await rep.follow(await rep.say("/find 明远"), OpenAccounts)).text


async def test_a_contact_with_an_account_can_be_removed_and_brought_back(rep: Person, stranger: Person) -> None:
    await rep.follow(await rep.say("/find 天天鲜生"), PersonalLink)
    await stranger.follow(await stranger.start(payload_of(rep.messages[-2])), AnswerLink)
    card = await rep.follow(await rep.expect_push(), OpenCustomer)
    removed = await rep.follow(await rep.follow(await rep.follow(card, "👥 联系人"), "周敏"), "🗑 删除")
    assert "专属链接" in (await stranger.start()).text
    await rep.press(removed, Undo)
    assert "欢迎您" in (await stranger.start()).text


async def test_staff_may_be_customers_too(rep: Person, other_rep: Person) -> None:
    first = await other_rep.start(payload_of(await linked(rep)))
    await other_rep.follow(first, AnswerLink)
    assert "赵涛" in (await rep.expect_push()).text
    assert "销售" in (await other_rep.start()).text  # staff words win


async def test_a_confirmed_customer_is_greeted_by_the_full_name(client: Person, rep: Person) -> None:  # noqa: F811
    home = await client.start()
    assert "张伟，欢迎您" in home.text and "王娜" in home.text
    accounts = await rep.follow(await rep.say("/find 张伟"), OpenAccounts)
    assert "张伟 · 已确认" in accounts.text
    ended = await rep.follow(await rep.follow(accounts, "张伟"), EndBinding)
    assert "待发的消息已撤回" in ended.text
    assert "专属链接" in (await client.start()).text


async def test_a_pending_account_reads_nothing_of_the_record(pending_client: Person) -> None:  # noqa: F811
    home = await pending_client.start()
    assert "确认是您本人" in home.text and "王娜" not in home.text
