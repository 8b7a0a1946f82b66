"""My day on demand and every morning; next touches moved, agreed and pushed."""

import pytest

from bot.app import App
from sandbox.server import Sandbox
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from tests.chat.test_reminders import HOUR, move
from views.history import Undo
from views.links import LogTouch, MoveNextTouch
from views.next_touches import AgreeIn, CloseNextTouch, OtherDay, Snooze

pytestmark = pytest.mark.usefixtures("company")


async def test_the_day_lists_what_is_overdue(rep: Person) -> None:
    today = await rep.say("/today")
    assert "11月18日 周三" in today.text and "逾期" in today.text and "张伟" in today.text


async def test_the_morning_message_comes_once_at_the_persons_hour(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/today")
    await move(sandbox, bot, 22.5 * HOUR + 30)
    mornings = [m for m in rep.messages if "11月19日 周四" in m.text and "待办" in m.text]
    assert len(mornings) == 1
    await move(sandbox, bot, 2 * HOUR)
    assert len([m for m in rep.messages if "11月19日 周四" in m.text and "待办" in m.text]) == 1


async def test_no_morning_message_on_a_day_off(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/today")
    await move(sandbox, bot, 3 * 24 * HOUR)  # Saturday
    assert not [m for m in rep.messages if "11月21日" in m.text]
    await move(sandbox, bot, 2 * 24 * HOUR)  # Monday
    assert [m for m in rep.messages if "11月23日 周一" in m.text and "待办" in m.text]


async def test_days_slept_through_are_not_made_up_for(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/today")
    before = len(rep.messages)
    await move(sandbox, bot, 8 * 24 * HOUR)
    assert len(rep.messages) - before <= 1


async def test_a_next_touch_is_moved_by_buttons_and_by_words(rep: Person) -> None:
    logged = await rep.say("/visit 拜访 张伟 看样品")
    days = await rep.follow(logged, MoveNextTouch)
    agreed = await rep.follow(days, AgreeIn)
    assert "11月19日 周四" in agreed.text
    assert "已撤销" in (await rep.follow(agreed, Undo)).text
    logged = await rep.say("/visit 电话 张伟 再约")
    asked = await rep.follow(await rep.follow(logged, MoveNextTouch), OtherDay)
    assert "张伟" in asked.text
    agreed = await rep.say("下下周一上午10点")
    assert "11月30日 周一 10:00" in agreed.text


async def test_a_next_touch_to_the_minute_is_pushed(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/visit 拜访 张伟 看了样品 今天下午4点给他打电话")
    await move(sandbox, bot, 6 * HOUR + 30)
    push = rep.last
    assert "16:00" in push.text and "张伟" in push.text and "电话" in push.text
    moved = await rep.follow(push, Snooze)
    assert "11月19日 周四 16:00" in moved.text
    await move(sandbox, bot, 24 * HOUR)
    push = rep.last
    log = await rep.follow(push, LogTouch)
    assert "张伟" in log.text


async def test_a_next_touch_that_is_not_needed_ends(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/visit 拜访 张伟 看了样品 今天下午4点给他打电话")
    await move(sandbox, bot, 6 * HOUR + 30)
    closed = await rep.follow(rep.last, CloseNextTouch)
    assert "已完成" in closed.text and "建议" in closed.text


async def test_the_colleagues_day_is_not_mine(rep: Person, other_rep: Person) -> None:
    assert "赵敏" not in (await rep.say("/today")).text
    assert "赵敏" in (await other_rep.say("/today")).text
