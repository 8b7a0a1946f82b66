"""What a text without a command becomes: a reminder, a plan, a log, a search, or a question."""

import pytest

from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Answer, Person
from views.customer_lists import NewFromQuery
from views.customers import SkipPhone
from views.links import MoveNextTouch, OpenCustomer
from views.next_touches import OtherDay
from views.reminders import PickReading

pytestmark = pytest.mark.usefixtures("company")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提醒我明天下午3点给王总打电话", "到时提醒你"),
        ("明天下午3点开会", "到时提醒你"),
        ("明天去拜访张伟", "已计划"),
        ("拜访 张伟 谈了新报价 对方要折扣 下周三上午10点回访", "下次跟进"),
        ("电话 张伟 没接 明天下午3点再打", "11月19日 周四 15:00"),
        ("张伟 要了一份样品", "下次跟进"),
        ("visited Lin & Sons, renewed for a year, call back in 2 weeks", "12月2日"),
        ("微信跟周老师说了新价格 过两天回我", "天天鲜生"),
        ("见了张总", "哪一位"),
        ("zw", "张伟"),
        ("明远", "明远科技有限公司"),
        ("8001", "张伟"),
        ("張偉", "张伟"),
        ("今天天气不错啊大家都在做什么呢", "怎么处理"),
    ],
)
async def test_a_plain_text_is_understood(rep: Person, text: str, expected: str) -> None:
    assert expected in (await rep.say(text)).text


async def test_an_unclear_text_is_logged_by_a_tap(rep: Person) -> None:
    asked = await rep.say("门店那边说下个月重新装修暂时不进货了")
    draft = await rep.follow(asked, "📝 记为跟进")
    assert "门店那边" in draft.text and "哪位客户" in draft.text


async def test_a_button_takes_the_text_that_it_stands_under(rep: Person) -> None:
    first = await rep.say("门店那边说下个月重新装修暂时不进货了")
    second = await rep.say("仓库那边说这个月搬家要晚几天发货呢")
    assert "再发" in (await rep.follow(first, "📝 记为跟进")).text
    draft = await rep.follow(second, "📝 记为跟进")
    assert "仓库那边" in draft.text and "哪位客户" in draft.text

    first, second = await rep.say("每天8点 喝水"), await rep.say("每天8点 发样品")
    assert "样品" not in (await rep.follow(first, PickReading)).text
    assert "样品" in (await rep.follow(second, PickReading)).text
    await rep.say("/new")
    first = await rep.say("甲乙丙商行")
    await rep.say("/new")
    second = await rep.say("丁戊己商行")
    assert "商行" not in (await rep.follow(first, SkipPhone)).text
    assert "丁戊己" in (await rep.follow(second, SkipPhone)).text
    first, second = await rep.say("/find 庚辛壬"), await rep.say("/find 子丑寅")
    assert isinstance(await rep.press(first, NewFromQuery), Answer)
    assert "子丑寅" in (await rep.follow(second, NewFromQuery)).text


async def test_an_unclear_text_becomes_a_reminder_by_a_tap(rep: Person) -> None:
    asked = await rep.say("把合同的最终版本发给财务部审核一下吧")
    when = await rep.follow(asked, "⏰ 提醒我")
    assert "什么时候" in when.text
    assert "审核" in (await rep.say("明天上午10点")).text


async def test_a_plan_for_an_unknown_customer_is_kept(rep: Person) -> None:
    kept = await rep.say("后天下午去拜访钱多多")
    assert "钱多多" in kept.text


async def test_a_colleagues_name_finds_nothing(rep: Person) -> None:
    assert "赵敏" not in "".join((await rep.say("赵敏")).buttons)


async def test_a_pool_customer_is_found_masked(rep: Person) -> None:
    card = await rep.say("曾雨")
    assert "138****8010" in card.text and "13800138010" not in card.text


async def test_staff_in_the_middle_of_a_dialog_can_always_leave(rep: Person) -> None:
    await rep.say("/remind")
    assert "已取消" in (await rep.say("/cancel")).text
    await rep.say("/remind")
    assert "张伟" in (await rep.say("/find 张伟")).text


async def test_no_question_takes_what_comes_after_it_was_left(rep: Person) -> None:
    """By its own way back, by its button, or by the word: what is typed then is a search, not an answer."""
    card = await rep.say("张伟")
    asked = await rep.follow(await rep.follow(card, MoveNextTouch), OtherDay)
    await rep.press(asked, OpenCustomer)
    assert "明远科技" in (await rep.say("明远")).text
    asked = await rep.say("/remind 给李总寄样品")
    assert "什么时候" in asked.text and len(asked.buttons) == 4
    assert "已取消" in (await rep.follow(asked, "取消")).text
    assert "张伟" in (await rep.say("zw")).text
    await rep.say("/new")
    assert "已取消" in (await rep.say("取消")).text
    assert "没有需要取消的操作" in (await rep.say("取消")).text
    assert "张伟" in (await rep.say("zw")).text
    asked = await rep.say("/remind 给李总寄样品")
    assert "到时提醒你" in (await rep.follow(asked, asked.buttons[1])).text
