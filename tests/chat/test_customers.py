"""Finding customers, the card and its fields, new ones and their duplicates, and whose they are."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from domain.cards import ContactField, Field, Tab
from domain.customers import Grade, Stage
from storage.database import Database
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import REP, StaffIds
from tests.chat.people import Answer, Message, Person
from views.cards import AddContact, ChooseOwner, Claim, EditCustomer, Release, ShowTab
from views.contacts import RemoveContact
from views.customer_lists import FindPage, NewFromQuery
from views.customers import AskLead, CreateAnyway, SkipPhone
from views.fields import (
    ClearField,
    EditContact,
    EditField,
    EditOwnContact,
    RemoveChannel,
    SetGender,
    SetGrade,
    SetStage,
)
from views.history import Undo
from views.links import LogTouch, MoveNextTouch, OpenCustomer
from views.owners import Assign

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)

pytestmark = pytest.mark.usefixtures("company")


def tag(kind: type) -> str:
    """What the data of a payload type's buttons begins with."""
    return f"{kind.TAG}."  # type: ignore[attr-defined]


def carrying(kind: type, value: str) -> Callable[[str], bool]:
    """The data of a button of a payload type with this value in one of its fields."""
    return lambda data: value in re.split(r"[.~]", data) and data.startswith(tag(kind))


def with_words(message: Message, words: str) -> str:
    """The whole label of the first button with these words."""
    return next(label for label in message.buttons if words in label)


def copies(message: Message) -> list[str]:
    return [button.label for row in message.rows for button in row if button.kind == "copy"]


async def card(person: Person, query: str) -> Message:
    """The card of the one customer that a query finds."""
    return await person.say(f"/find {query}")


async def tab(person: Person, shown: Message, which: Tab) -> Message:
    got = await person.press(shown, carrying(ShowTab, which))
    assert isinstance(got, Message)
    return got


async def field(person: Person, shown: Message, which: Field) -> Message:
    """The question for one field of the customer, from its card."""
    got = await person.press(shown, EditCustomer)
    assert isinstance(got, Message)
    wanted = carrying(EditField, which)
    if not any(map(wanted, got.data)):
        got = await person.press(got, carrying(EditCustomer, "1"))
        assert isinstance(got, Message)
    asked = await person.press(got, wanted)
    assert isinstance(asked, Message)
    return asked


async def own_contact_field(person: Person, shown: Message, which: ContactField) -> Message:
    got = await person.press(shown, EditCustomer)
    assert isinstance(got, Message)
    wanted = carrying(EditOwnContact, which)
    if not any(map(wanted, got.data)):
        got = await person.press(got, carrying(EditCustomer, "1"))
        assert isinstance(got, Message)
    asked = await person.press(got, wanted)
    assert isinstance(asked, Message)
    return asked


# Finding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["张伟", "老张", "zhangwei", "8001", "張偉"])
async def test_one_hit_opens_the_card(rep: Person, query: str) -> None:
    shown = await card(rep, query)
    assert "张伟" in shown.text and "老张" in shown.text and "A 高价值" in shown.text
    assert "13800138001" in shown.text
    assert copies(shown) == ["📋 13800138001"]
    assert len(shown.text.splitlines()) < 15


@pytest.mark.parametrize("query", ["老张", "8001", "zhangwei"])
async def test_plain_text_is_a_search(rep: Person, query: str) -> None:
    assert "13800138001" in (await rep.say(query)).text


async def test_several_hits_are_numbered_and_open_a_card_that_cannot_be_passed_on(rep: Person) -> None:
    """A card is protected when it is sent, which no edit can make up for: the first one comes beneath the list."""
    shown = await rep.say("/find 张")
    assert "找到 3 位" in shown.text and not shown.protected
    opened = await rep.follow(shown, "1")
    assert opened.id != shown.id and opened.protected
    assert "公司" not in opened.text and "个人" in opened.text
    turned = await rep.follow(opened, ShowTab)
    assert turned.id == opened.id and turned.edited and turned.protected


@pytest.mark.both_databases
async def test_many_hits_come_in_pages_of_seven(rep: Person) -> None:
    for i in range(9):
        await rep.say(f"/new 和顺超市{i}店")
    first = await rep.say("/find 和顺")
    assert "找到 9 位" in first.text and len([b for b in first.buttons if b.isdigit()]) == 7
    second = await rep.press(first, FindPage)
    assert isinstance(second, Message) and second.id == first.id
    assert len([b for b in second.buttons if b.isdigit()]) == 2
    back = await rep.press(second, FindPage)
    assert isinstance(back, Message) and back.text == first.text


async def test_pages_of_old_results_say_how_to_go_on(rep: Person) -> None:
    for i in range(9):
        await rep.say(f"/new 和顺超市{i}店")
    first = await rep.say("/find 和顺")
    await rep.say("/find 张伟")
    await rep.say("/cancel")
    answer = await rep.press(first, FindPage)
    assert isinstance(answer, Answer) and "重新搜索" in answer.text


async def test_a_slip_shows_what_is_alike(rep: Person) -> None:
    shown = await rep.say("/find 张苇")
    assert "没有叫" in shown.text and "张伟" in shown.text
    opened = await rep.press(shown, "1")
    assert isinstance(opened, Message) and "13800138001" in opened.text


async def test_nobody_found_becomes_a_new_customer(rep: Person) -> None:
    shown = await rep.say("/find 欧阳娜")
    assert "没有找到" in shown.text
    filed = await rep.press(shown, NewFromQuery)
    assert isinstance(filed, Message) and "新客户：欧阳娜" in filed.text


async def test_find_alone_asks_and_the_answer_searches(rep: Person) -> None:
    asked = await rep.say("/find")
    assert "找谁" in asked.text and any("张海燕" in label for label in asked.buttons)
    assert "13800138001" in (await rep.say("老张")).text


async def test_a_colleagues_customer_is_not_found(rep: Person, other_rep: Person, lead: Person) -> None:
    for query in ("赵敏", "8009", "zhaomin"):
        assert "没有" in (await rep.say(f"/find {query}")).text
    assert "13800138009" in (await card(other_rep, "赵敏")).text
    assert "13800138009" in (await card(lead, "赵敏")).text


async def test_a_foreign_card_cannot_be_opened_by_a_copied_button(rep: Person, other_rep: Person) -> None:
    shown = await card(other_rep, "赵敏")
    stolen = next(button.data for row in shown.rows for button in row if button.data.startswith(tag(LogTouch)))
    own = await card(rep, "张伟")
    answer = await rep.press_data(own.id, stolen)
    assert isinstance(answer, Answer) and answer.show_alert


async def test_strangers_find_nothing(stranger: Person) -> None:
    assert "专属链接" in (await stranger.say("/find 张伟")).text


# The card ----------------------------------------------------------------------------------------------------------


async def test_the_tabs_turn_in_place(rep: Person) -> None:
    shown = await card(rep, "明远")
    assert "李强" in shown.text and "下次跟进" in shown.text
    for which, words in ((Tab.CONTACTS, "李强"), (Tab.HISTORY, "还没有跟进记录"), (Tab.MORE, "建档日期")):
        turned = await tab(rep, shown, which)
        assert turned.id == shown.id and words in turned.text
    back = await rep.press(shown, OpenCustomer)
    assert isinstance(back, Message) and back.text == shown.text


async def test_the_card_leads_to_log_and_next_touch(rep: Person) -> None:
    shown = await card(rep, "张伟")
    assert "13800138001" in shown.text
    asked = await rep.press(shown, LogTouch)
    assert isinstance(asked, Message) and "张伟" in asked.text
    logged = await rep.say("谈了新报价 对方要折扣")
    assert "张伟" in logged.text
    again = await card(rep, "张伟")
    assert "谈了新报价" in again.text and "意向" in again.text
    assert "谈了新报价" in (await tab(rep, again, Tab.HISTORY)).text
    days = await rep.press(await card(rep, "张伟"), MoveNextTouch)
    assert isinstance(days, Message) and "张伟" in days.text


@pytest.mark.parametrize(
    "which, typed, shown_as",
    [
        (Field.NAME, "张炜", "张炜"),
        (Field.NICKNAME, "张哥", "张哥"),
        (Field.NEEDS, "换收银系统", "换收银系统"),
        (Field.BUDGET, "一年5万", "一年5万"),
        (Field.NOTE, "喜欢下午来电", "喜欢下午来电"),
        (Field.TAGS, "大客户 #母婴", "#大客户 #母婴"),
        (Field.CITY, "成都", "成都"),
        (Field.DISTRICT, "武侯区", "武侯区"),
    ],
)
async def test_a_typed_field_is_saved_and_undone(rep: Person, which: Field, typed: str, shown_as: str) -> None:
    before = await card(rep, "8001")
    asked = await field(rep, before, which)
    assert "张伟" in asked.text
    saved = await rep.say(typed)
    assert "已保存" in saved.text and shown_as in saved.text
    undone = await rep.press(saved, Undo)
    assert isinstance(undone, Message) and "已撤销" in undone.text
    assert shown_as not in (await card(rep, "8001")).text


@pytest.mark.parametrize(
    "which, typed, shown_as",
    [
        (Field.INDUSTRY, "餐饮", "行业：餐饮"),
        (Field.OCCUPATION, "店长", "职业：店长"),
        (Field.PREFERENCES, "少打电话", "偏好：少打电话"),
        (Field.INTERESTS, "钓鱼", "兴趣爱好：钓鱼"),
        (Field.SOURCE, "展会", "来源：展会"),
        (Field.ADDRESS, "人民南路四段1号", "地址：人民南路四段1号"),
        (Field.EXTERNAL_ID, "K-0815", "客户编号：K-0815"),
    ],
)
async def test_what_is_seldom_needed_stands_under_more(rep: Person, which: Field, typed: str, shown_as: str) -> None:
    await field(rep, await card(rep, "张伟"), which)
    saved = await rep.say(typed)
    shown = await tab(rep, saved, Tab.MORE)
    assert shown_as in shown.text
    if which is Field.ADDRESS:
        assert "📋 复制地址" in copies(shown)


@pytest.mark.parametrize(
    "which, typed, shown_as",
    [
        (ContactField.BIRTHDAY, "农历八月十五", "农历八月十五"),
        (ContactField.BIRTHDAY, "1985-03-12", "1985年3月12日"),
        (ContactField.TITLE, "店长", "职务：店长"),
        (ContactField.PART, "拍板", "决策角色：拍板"),
        (ContactField.PREFERRED_CHANNEL, "微信", "偏好联系方式：微信"),
        (ContactField.PREFERRED_TIME, "下午3点后", "方便联系时间：下午3点后"),
        (ContactField.WECHAT, "zhang_wei85", "zhang_wei85"),
        (ContactField.EMAIL, "zhang@example.com", "zhang@example.com"),
        (ContactField.PHONE, "139 0000 0001", "139 0000 0001"),
    ],
)
async def test_personal_fields_are_saved(rep: Person, which: ContactField, typed: str, shown_as: str) -> None:
    await own_contact_field(rep, await card(rep, "张伟"), which)
    saved = await rep.say(typed)
    assert "已保存" in saved.text
    assert shown_as in (await tab(rep, saved, Tab.CONTACTS)).text


async def test_gender_stage_and_grade_are_chosen(rep: Person) -> None:
    asked = await own_contact_field(rep, await card(rep, "张伟"), ContactField.GENDER)
    saved = await rep.press(asked, SetGender)
    assert isinstance(saved, Message) and "已保存" in saved.text
    assert "性别：女" in (await tab(rep, saved, Tab.CONTACTS)).text
    stages = await field(rep, await card(rep, "张伟"), Field.STAGE)
    lost = await rep.press(stages, carrying(SetStage, Stage.LOST))
    assert isinstance(lost, Message) and "流失" in lost.text and "下次跟进" not in lost.text
    undone = await rep.press(lost, Undo)
    assert isinstance(undone, Message) and "已撤销" in undone.text
    grades = await field(rep, await card(rep, "张伟"), Field.GRADE)
    graded = await rep.press(grades, carrying(SetGrade, Grade.C))
    assert isinstance(graded, Message) and "C 低价值" in graded.text and "潜在" in graded.text


async def test_what_cannot_be_read_is_asked_again(rep: Person) -> None:
    await own_contact_field(rep, await card(rep, "张伟"), ContactField.PHONE)
    again = await rep.say("不知道")
    assert "没看懂" in again.text
    assert "已保存" in (await rep.say("13900000002")).text
    await field(rep, await card(rep, "张伟"), Field.NEEDS)
    assert "太长" in (await rep.say("长" * 301)).text
    assert "已保存" in (await rep.say("短的")).text


async def test_a_number_is_removed_and_comes_back(rep: Person) -> None:
    asked = await own_contact_field(rep, await card(rep, "张伟"), ContactField.PHONE)
    removed = await rep.press(asked, RemoveChannel)
    assert isinstance(removed, Message) and "13800138001" not in removed.text
    assert "没有" in (await rep.say("/find 8001")).text
    await rep.press(removed, Undo)
    assert "13800138001" in (await card(rep, "8001")).text


async def test_a_place_is_shared(rep: Person) -> None:
    await field(rep, await card(rep, "张伟"), Field.LOCATION)
    saved = await rep.share_location(30.65, 104.06)
    assert "已保存" in saved.text
    assert "📋 复制位置" in copies(await tab(rep, saved, Tab.MORE))


async def test_a_cleared_field_is_gone(rep: Person) -> None:
    await field(rep, await card(rep, "张伟"), Field.NEEDS)
    saved = await rep.say("换收银系统")
    asked = await field(rep, saved, Field.NEEDS)
    cleared = await rep.press(asked, ClearField)
    assert isinstance(cleared, Message) and "换收银系统" not in cleared.text


async def test_leaving_the_question_leaves_the_dialog(rep: Person) -> None:
    asked = await field(rep, await card(rep, "张伟"), Field.NEEDS)
    left = await rep.press(asked, EditCustomer)
    assert isinstance(left, Message)
    await rep.say("/find 明远")
    assert "明远科技" not in (await card(rep, "张伟")).text


async def test_an_old_screen_shows_the_fresh_one(rep: Person) -> None:
    grades = await field(rep, await card(rep, "张伟"), Field.GRADE)
    await rep.say("/find 张伟")
    await field(rep, rep.last, Field.NEEDS)
    await rep.say("别的需求")
    pressed = await rep.press(grades, carrying(SetGrade, Grade.D))
    assert isinstance(pressed, Message) and "A 高价值" in pressed.text and "别的需求" in pressed.text
    assert rep.answer is not None and "期间有改动" in rep.answer.text


async def test_typed_words_are_not_lost_when_the_card_changed(rep: Person, lead: Person) -> None:
    await field(rep, await card(rep, "张伟"), Field.NEEDS)
    await field(lead, await card(lead, "张伟"), Field.BUDGET)
    await lead.say("10万")
    kept = await rep.say("换收银系统")
    assert "期间有改动" in kept.text and "换收银系统" in kept.text
    assert "已保存" in (await rep.say("换收银系统")).text


# Contacts ----------------------------------------------------------------------------------------------------------


async def test_contacts_of_a_company_come_change_and_go(rep: Person) -> None:
    people = await tab(rep, await card(rep, "明远"), Tab.CONTACTS)
    asked = await rep.press(people, AddContact)
    assert isinstance(asked, Message) and "明远科技" in asked.text
    added = await rep.say("赵红 财务 13700000001")
    assert "赵红" in added.text and "财务" in added.text and "13700000001" in added.text
    assert "明远科技" in (await card(rep, "赵红")).text
    opened = await rep.press(await tab(rep, rep.last, Tab.CONTACTS), "赵红")
    assert isinstance(opened, Message)
    title = await rep.press(opened, carrying(EditContact, ContactField.TITLE))
    assert isinstance(title, Message)
    saved = await rep.say("财务总监")
    assert "已保存" in saved.text
    opened = await rep.press(await tab(rep, saved, Tab.CONTACTS), "赵红")
    assert isinstance(opened, Message) and "财务总监" in opened.text
    removed = await rep.press(opened, RemoveContact)
    assert isinstance(removed, Message) and "已从" in removed.text
    assert "没有" in (await rep.say("/find 赵红")).text
    await rep.press(removed, Undo)
    assert "赵红" in (await card(rep, "赵红")).text


async def test_a_contact_is_shared_into_a_company(rep: Person) -> None:
    people = await tab(rep, await card(rep, "明远"), Tab.CONTACTS)
    await rep.press(people, AddContact)
    added = await rep.share_contact(
        {"phone_number": "+8613700000002", "first_name": "红", "last_name": "钱", "user_id": 77}
    )
    assert "钱红" in added.text and "13700000002" in added.text


# New ---------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_one_line_is_filed_at_once_and_undone(rep: Person) -> None:
    filed = await rep.say("/new 李四 13800000000 火锅店 武侯区")
    assert "新客户：李四" in filed.text and "13800000000" in filed.text
    assert "火锅店" in filed.text and "武侯区" in filed.text
    assert "11月23日 周一" in filed.text and "建议" in filed.text
    assert "13800000000" in (await card(rep, "李四")).text
    undone = await rep.press(filed, Undo)
    assert isinstance(undone, Message) and "已撤销" in undone.text
    assert "没有" in (await rep.say("/find 李四")).text


async def test_a_company_is_known_by_its_name(rep: Person) -> None:
    assert "公司" in (await rep.say("/new 春天花店")).text
    assert "公司" in (await rep.say("/new Noodle Bar Ltd")).text
    alone = await rep.say("/new 钱多多 喜欢喝茶")
    assert "个人" in alone.text and not any("喝茶" in label for label in alone.buttons)
    person = await rep.say("/new 林美惠 鼎泰丰 13900001234")
    assert "林美惠" in person.text.splitlines()[0] and "🗒 鼎泰丰" in person.text
    shown = await rep.follow(person, "🏢 公司是鼎泰丰")
    assert "🏢 鼎泰丰" in shown.text and "👥 林美惠 13900001234" in shown.text
    assert "鼎泰丰" in (await card(rep, "dingtaifeng")).text
    undone = await rep.press(shown, Undo)
    assert isinstance(undone, Message)
    assert "鼎泰丰" not in (await card(rep, "林美惠")).text.splitlines()[0]


async def test_a_name_in_latin_letters_may_end_in_a_company(rep: Person) -> None:
    person = await rep.say("/new Tom Baker Acme +86 139 0000 1234")
    shown = await rep.follow(person, "🏢 公司是Acme")
    assert "🏢 Acme" in shown.text and "👥 Tom Baker +86 139 0000 1234" in shown.text
    for name in ("Mary Ann Smith", "Wang Xiao Ming", "Ludwig van Beethoven", "Tom Baker Jr."):
        assert not [label for label in (await rep.say(f"/new {name}")).buttons if "公司是" in label]


async def test_a_whole_log_is_no_name(rep: Person) -> None:
    """It is kept as a draft, which is a tap from the new customer with its log; or it was the name after all."""
    said = "Visited Tom Baker at Acme, wants a quote by Friday"
    await rep.say("/new")
    draft = await rep.say(said)
    assert "Visited Tom Baker at Acme" in draft.text
    filed = await rep.follow(draft, "➕ 新建：Tom Baker")
    assert "Tom Baker" in filed.text and "拜访" in filed.text
    assert said in (await rep.follow(await card(rep, "Tom Baker"), "🕘 跟进记录")).text
    for asked in ("/new", "/new 拜访 钱多多 谈了新报价 下周三再去"):
        draft = await rep.say(asked)
        draft = await rep.say("拜访 钱多多 谈了新报价 下周三再去") if asked == "/new" else draft
        named = await rep.follow(draft, "这是名称")
        assert "电话" in named.text and "钱多多" in named.text
        await rep.say("取消")
    for name in ("来电科技有限公司", "王芳 微信 wf8888", "李四 火锅店", "Meeting Point GmbH"):
        await rep.say("/new")
        assert "这是名称" not in (await rep.say(name)).buttons


async def test_a_log_instead_of_the_phone_loses_neither(rep: Person) -> None:
    await rep.say("/new")
    await rep.say("孙小美")
    await rep.say("拜访 张伟 谈了新报价 下周三再去")
    assert "孙小美" in (await card(rep, "孙小美")).text
    assert "谈了新报价" in (await card(rep, "张伟")).text


async def test_step_by_step(rep: Person) -> None:
    assert "叫什么" in (await rep.say("/new")).text
    asked = await rep.say("孙小美")
    assert "孙小美" in asked.text and "电话" in asked.text
    assert "没看出电话号码" in (await rep.say("没有")).text
    filed = await rep.say("139 1111 2222")
    assert "新客户：孙小美" in filed.text and "139 1111 2222" in filed.text
    graded = await rep.press(filed, with_words(filed, "分级"))
    assert isinstance(graded, Message)
    assert "A 高价值" in str(graded.buttons)


async def test_the_phone_can_be_left_out(rep: Person) -> None:
    await rep.say("/new")
    asked = await rep.say("孙小美")
    filed = await rep.press(asked, SkipPhone)
    assert isinstance(filed, Message) and "新客户：孙小美" in filed.text
    phone = await rep.press(filed, EditOwnContact)
    assert isinstance(phone, Message)
    assert "13911112222" in (await rep.say("13911112222")).text


async def test_the_phone_can_be_shared(rep: Person) -> None:
    await rep.say("/new")
    await rep.say("孙小美")
    filed = await rep.share_contact({"phone_number": "13911113333", "first_name": "小美"})
    assert "新客户：孙小美" in filed.text and "13911113333" in filed.text


async def test_a_shared_contact_is_a_customer(rep: Person) -> None:
    vcard = "BEGIN:VCARD\nVERSION:3.0\nFN:钱进\nORG:东方贸易有限公司\nTITLE:采购\nEMAIL:qian@example.com\nEND:VCARD"
    filed = await rep.share_contact(
        {"phone_number": "+8613911114444", "first_name": "进", "last_name": "钱", "vcard": vcard}
    )
    assert "东方贸易有限公司" in filed.text and "钱进" in filed.text and "qian@example.com" in filed.text
    assert "13911114444" in (await card(rep, "钱进")).text


async def test_leaving_by_cancel_files_nothing(rep: Person) -> None:
    await rep.say("/new")
    await rep.say("孙小美")
    await rep.say("/cancel")
    assert "没有" in (await rep.say("/find 孙小美")).text


# Duplicates --------------------------------------------------------------------------------------------------------


async def test_an_own_duplicate_is_opened_or_filed_all_the_same(rep: Person) -> None:
    asked = await rep.say("/new 张先生 13800138001 茶馆")
    assert "你的客户张伟有相同的电话号码" in asked.text
    opened = await rep.press(asked, OpenCustomer)
    assert isinstance(opened, Message) and "老张" in opened.text
    again = await rep.say("/new 张先生 13800138001 茶馆")
    filed = await rep.press(again, CreateAnyway)
    assert isinstance(filed, Message) and "新客户：张先生" in filed.text and "茶馆" in filed.text


async def test_a_duplicate_in_the_pool_is_claimed(rep: Person) -> None:
    asked = await rep.say("/new 小曾 13800138010")
    assert "公海客户曾雨有相同的电话号码" in asked.text
    claimed = await rep.press(asked, Claim)
    assert isinstance(claimed, Message) and "领取成功" in claimed.text and "13800138010" in claimed.text


async def test_a_colleagues_duplicate_is_only_hinted_at_and_the_lead_asked(rep: Person, lead: Person) -> None:
    asked = await rep.say("/new 小赵 13800138009")
    assert "同事的客户中有相同的电话号码" in asked.text and "赵敏" not in asked.text
    told = await rep.press(asked, AskLead)
    assert isinstance(told, Message) and "主管" in told.text
    question = await lead.expect_push()
    assert "小赵" in question.text and "赵敏" in question.text
    opened = await lead.press(question, OpenCustomer)
    assert isinstance(opened, Message) and "13800138009" in opened.text


async def test_a_leads_duplicate_names_the_owner(lead: Person) -> None:
    asked = await lead.say("/new 小张 13800138001")
    assert "张伟" in asked.text and "的客户" in asked.text


async def test_a_companys_name_is_a_duplicate_without_its_legal_form(rep: Person) -> None:
    assert "相同的公司名称" in (await rep.say("/new 明远科技")).text


async def test_a_forgotten_duplicate_says_how_to_go_on(rep: Person) -> None:
    asked = await rep.say("/new 张先生 13800138001")
    await rep.say("/cancel")
    gone = await rep.press(asked, CreateAnyway)
    assert isinstance(gone, Message) and "/new" in gone.text


async def test_two_possible_duplicates_wait_side_by_side(rep: Person) -> None:
    first = await rep.say("/new 张先生 13800138001 茶馆")
    second = await rep.say("/new 李先生 13800138002 书店")
    filed = await rep.press(first, CreateAnyway)
    assert isinstance(filed, Message) and "张先生" in filed.text
    other = await rep.press(second, CreateAnyway)
    assert isinstance(other, Message) and "李先生" in other.text


async def test_guessing_at_colleagues_numbers_ends_after_twenty(rep: Person) -> None:
    for _ in range(20):
        await rep.say("/new 小赵 13800138009")
    refused = await rep.say("/new 小赵 13800138009")
    assert "同事" not in refused.text and "11月19日" in refused.text


# Owners ------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_the_pool_is_masked_until_it_is_claimed(rep: Person, other_rep: Person) -> None:
    shown = await card(rep, "曾雨")
    assert "138****8010" in shown.text and "13800138010" not in shown.text and "公海" in shown.text
    assert not copies(shown)
    late = await card(other_rep, "曾雨")
    claimed = await rep.press(shown, Claim)
    assert isinstance(claimed, Message) and "13800138010" in claimed.text
    refused = await other_rep.press(late, Claim)
    assert isinstance(refused, Answer) and "王娜" in refused.text
    undone = await rep.press(claimed, Undo)
    assert isinstance(undone, Message)
    assert "138****8010" in (await card(other_rep, "曾雨")).text


@pytest.mark.both_databases
async def test_a_lead_sets_the_owner_and_both_are_told(rep: Person, other_rep: Person, lead: Person) -> None:
    shown = await card(lead, "张伟")
    chosen = await lead.press(shown, ChooseOwner)
    assert isinstance(chosen, Message) and "王娜" in chosen.text
    given = await lead.press(chosen, with_words(chosen, "赵涛"))
    assert isinstance(given, Message) and "负责人已改为赵涛" in given.text
    assert "张伟" in (await rep.expect_push()).text
    received = await other_rep.expect_push()
    assert "张伟" in received.text and "李强" in received.text
    assert "没有" in (await rep.say("/find 张伟")).text
    opened = await other_rep.press(received, OpenCustomer)
    assert isinstance(opened, Message) and "13800138001" in opened.text and "下次跟进" in opened.text
    await lead.press(given, Undo)
    assert "13800138001" in (await card(rep, "张伟")).text


async def test_whoever_lost_a_customer_gets_no_further(rep: Person, lead: Person) -> None:
    """Open cards, dialogs and Undo of before are worth nothing afterwards."""
    shown = await card(rep, "张伟")
    await field(rep, await card(rep, "张伟"), Field.NEEDS)
    chosen = await lead.press(await card(lead, "张伟"), ChooseOwner)
    assert isinstance(chosen, Message)
    await lead.press(chosen, with_words(chosen, "赵涛"))
    await rep.expect_push()
    assert "换收银系统" not in (await rep.say("换收银系统")).text
    for what in (LogTouch, EditCustomer, carrying(ShowTab, Tab.HISTORY)):
        answer = await rep.press(shown, what)
        assert isinstance(answer, Answer) and answer.show_alert
    assert "换收银系统" not in (await card(lead, "张伟")).text


async def test_reps_have_no_owner_button(rep: Person, lead: Person) -> None:
    assert not [data for data in (await card(rep, "张伟")).data if data.startswith(tag(ChooseOwner))]
    chosen = await lead.press(await card(lead, "张伟"), ChooseOwner)
    assert isinstance(chosen, Message)
    stolen = next(b.data for row in chosen.rows for b in row if b.data.startswith(tag(Assign)))
    answer = await rep.press_data(rep.last.id, stolen)
    assert isinstance(answer, Answer) and answer.show_alert


async def test_an_old_owner_screen_gives_nothing_away(lead: Person) -> None:
    chosen = await lead.press(await card(lead, "张伟"), ChooseOwner)
    assert isinstance(chosen, Message)
    await field(lead, await card(lead, "张伟"), Field.NEEDS)
    await lead.say("别的")
    pressed = await lead.press(chosen, with_words(chosen, "赵涛"))
    assert isinstance(pressed, Message) and "王娜" in pressed.text
    assert lead.answer is not None and "期间有改动" in lead.answer.text


async def test_a_rep_gives_back_and_takes_it_back(rep: Person, lead: Person) -> None:
    more = await tab(rep, await card(rep, "张伟"), Tab.MORE)
    released = await rep.press(more, Release)
    assert isinstance(released, Message) and "退回公海" in released.text
    assert "138****8001" in (await card(rep, "张伟")).text
    undone = await rep.press(released, Undo)
    assert isinstance(undone, Message)
    assert "13800138001" in (await card(rep, "张伟")).text


async def test_an_admin_sees_and_gives_everything(admin: Person, other_rep: Person) -> None:
    shown = await card(admin, "曾雨")
    assert "13800138010" in shown.text
    chosen = await admin.press(shown, ChooseOwner)
    assert isinstance(chosen, Message)
    given = await admin.press(chosen, with_words(chosen, "赵涛"))
    assert isinstance(given, Message) and "赵涛" in given.text
    assert "曾雨" in (await other_rep.expect_push()).text


# Other languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "locale, filed, nobody, stage, people",
    [
        ("zh_Hant", "新客戶：林怡君", "找不到", "潛在", "聯絡人"),
        ("en", "New customer: 林怡君", "Nobody found", "prospect", "Contacts"),
    ],
)
async def test_the_same_journey_in_other_languages(
    rep: Person, database: Database, staff: StaffIds, locale: str, filed: str, nobody: str, stage: str, people: str
) -> None:
    with database.transaction(NOW) as uow:
        actor = uow.people.of_member(staff.members[REP])
        assert actor is not None
        uow.act(actor, "settings.changed")
        uow.people.save(actor.person_id, locale=locale)
    assert filed in (await rep.say("/new 林怡君 0912345678")).text
    assert stage in (await card(rep, "林怡君")).text
    assert nobody in (await rep.say("/find 完全没有")).text
    firm = await card(rep, "明遠科技")
    assert any(people in label for label in firm.buttons)
    await field(rep, firm, Field.BUDGET)
    assert "50,000" in (await rep.say("50,000")).text
