"""Reminders: set in plain words, pushed at their time, and turned into their result by a tap."""

import pytest
from sqlalchemy import update

from bot.app import App
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Reminder
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import UNLIMITED
from tests.chat.people import Person
from views.history import Undo
from views.reminders import DeleteReminder, OpenReminder, OtherReading, ReminderDone, Snooze, SnoozeHour

pytestmark = pytest.mark.usefixtures("company")
HOUR = 3600


async def move(sandbox: Sandbox, bot: App, seconds: float) -> None:
    """Let the clock of both sides go on, as the sandbox's buttons do."""
    sandbox.world.clock.move(seconds)
    await bot.ticks.tick()
    await bot.idle()


async def test_a_reminder_is_filed_pushed_and_done(rep: Person, sandbox: Sandbox, bot: App) -> None:
    filed = await rep.say("/remind 明天下午3点 给张伟打电话")
    assert "11月19日 周四 15:00" in filed.text and "给张伟打电话" in filed.text
    await move(sandbox, bot, 29 * HOUR + 60)
    push = rep.last
    assert "15:00" in push.text and "给张伟打电话" in push.text and "📝 记录" in push.buttons
    done = await rep.follow(push, ReminderDone)
    assert "完成：给张伟打电话" in done.text and done.id == push.id
    await rep.follow(done, Undo)
    assert "给张伟打电话" in (await rep.say("/reminders")).text


async def test_a_push_is_put_off(rep: Person, sandbox: Sandbox, bot: App) -> None:
    await rep.say("/remind 半小时后 发合同")
    await move(sandbox, bot, HOUR)
    later = await rep.follow(rep.last, SnoozeHour)
    assert "已改到" in later.text and "12:00" in later.text
    await move(sandbox, bot, HOUR + 60)
    tomorrow = await rep.follow(rep.last, Snooze)
    assert "11月19日 周四" in tomorrow.text


async def test_a_repeating_one_comes_again_after_a_deletion_of_one_push(
    rep: Person, sandbox: Sandbox, bot: App
) -> None:
    filed = await rep.say("/remind 每周一早上9点 交周报")
    assert "每周一 09:00" in filed.text and "11月23日 周一" in filed.text
    await move(sandbox, bot, 5 * 24 * HOUR)
    push = next(m for m in rep.messages if m.text.startswith("⏰ 09:00"))
    await rep.follow(push, DeleteReminder)
    await move(sandbox, bot, 7 * 24 * HOUR)
    pushes = [m for m in rep.messages if "交周报" in m.text and m.text.startswith("⏰ 09:00")]
    assert len(pushes) == 1
    assert "12月7日 周一" in (await rep.say("/reminders")).text


@pytest.mark.both_databases
async def test_what_nobody_took_up_comes_once_more_the_next_working_morning(
    rep: Person, sandbox: Sandbox, bot: App
) -> None:
    await rep.say("/remind 周五下午3点 给张伟发合同")
    await rep.say("拜访 天天鲜生 谈了新报价 周五下午4点回访")
    await rep.say("/remind 周五下午5点 浇花")
    await move(sandbox, bot, 2 * 24 * HOUR + 8 * HOUR)  # Friday 18:00
    await rep.follow(next(m for m in rep.messages if "浇花" in m.text and "✅ 完成" in m.buttons), ReminderDone)
    said = len(rep.messages)
    await move(sandbox, bot, 2 * 24 * HOUR)  # Sunday
    assert len(rep.messages) == said
    await move(sandbox, bot, 15 * HOUR)  # Monday 09:00
    again = [m for m in rep.messages if "再提醒一次" in m.text]
    assert ["给张伟发合同" in m.text for m in again] == [True, False] and "天天鲜生" in again[1].text
    assert "11月20日 周五 15:00" in again[0].text and "✅ 完成" in again[0].buttons
    await move(sandbox, bot, 24 * HOUR)
    assert len([m for m in rep.messages if "再提醒一次" in m.text]) == 2
    assert "给张伟发合同" in (await rep.say("/today")).text


async def test_what_repeats_leaves_one_line_and_goes_on_after_weeks_of_silence(
    rep: Person, sandbox: Sandbox, bot: App
) -> None:
    await rep.say("/remind 每天早上9点 浇花")
    for _ in range(3):
        await move(sandbox, bot, 24 * HOUR)
    assert (await rep.say("/today")).text.count("浇花") == 1
    assert not [m for m in rep.messages if "再提醒一次" in m.text]
    await bot.stop()
    sandbox.world.clock.move(20 * 24 * HOUR)
    restarted = App(bot.settings, bot.clock, pace=UNLIMITED)
    await restarted.start()
    try:
        await move(sandbox, restarted, 0)
        await move(sandbox, restarted, 24 * HOUR)
        assert len([m for m in rep.messages if m.text.startswith("⏰ 09:00") and "浇花" in m.text]) == 4
    finally:
        await restarted.stop()


async def test_one_that_cannot_be_read_holds_up_nobody_elses(
    rep: Person, other_rep: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    await rep.say("/remind 半小时后 读不出来")
    await rep.say("/remind 半小时后 发合同")
    await other_rep.say("/remind 半小时后 寄样品")
    broken = update(Reminder).where(Reminder.words == "读不出来")
    with database.group() as connection:
        connection.execute(broken.values(repeat={"unit": "century"}))
    await move(sandbox, bot, HOUR)
    assert "发合同" in rep.last.text and "寄样品" in other_rep.last.text
    with database.group() as connection:
        connection.execute(broken.values(repeat=None))
    await move(sandbox, bot, 600)
    assert "读不出来" in rep.last.text


async def test_words_without_a_time_are_kept_and_the_time_is_asked(rep: Person) -> None:
    asked = await rep.say("/remind 给李总寄样品")
    assert "给李总寄样品" in asked.text
    filed = await rep.say("下周三上午10点")
    assert "11月25日 周三 10:00" in filed.text and "给李总寄样品" in filed.text


async def test_a_time_that_is_over_is_asked_back(rep: Person) -> None:
    asked = await rep.say("/remind 今天上午9点 开会")
    assert "已经过了" in asked.text
    assert "开会" in (await rep.say("今天下午4点")).text


async def test_a_bare_weekday_that_is_today_offers_the_other_reading(rep: Person) -> None:
    filed = await rep.say("/remind 周三下午3点 送合同")
    assert "11月18日 周三 15:00" in filed.text
    other = await rep.follow(filed, OtherReading)
    assert "11月25日 周三 15:00" in other.text


async def test_many_at_once_are_one_message(rep: Person, sandbox: Sandbox, bot: App) -> None:
    for n in range(5):
        await rep.say(f"/remind 今天下午2点0{n}分 第{n}件事")
    await move(sandbox, bot, 4 * HOUR + 30)
    bundle = rep.last
    assert "5 件事" in bundle.text and "第4件事" in bundle.text
    opened = await rep.follow(bundle, OpenReminder)
    assert "第0件事" in opened.text
    await rep.quiet()


async def test_reminders_are_listed_changed_and_deleted(rep: Person) -> None:
    assert "没有提醒" in (await rep.say("/reminders")).text
    await rep.say("/remind 月底 催款")
    listed = await rep.say("/reminders")
    assert "11月30日 周一 09:00" in listed.text
    opened = await rep.follow(listed, "1")
    asked = await rep.follow(opened, "修改")
    assert "催款" in asked.text
    moved = await rep.say("12月1日下午2点")
    assert "12月1日 周二 14:00" in moved.text
    listed = await rep.say("/reminders")
    deleted = await rep.follow(await rep.follow(listed, "1"), DeleteReminder)
    assert "已删除" in deleted.text


async def test_a_colleague_sees_nothing_of_it(rep: Person, other_rep: Person) -> None:
    await rep.say("/remind 明天下午3点 秘密事项")
    assert "没有提醒" in (await other_rep.say("/reminders")).text


async def test_in_english_and_traditional_chinese(rep: Person) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "English")
    filed = await rep.say("/remind in 30 minutes call Lin")
    assert "Wed, Nov 18 10:3" in filed.text and "call Lin" in filed.text
    every = await rep.say("/remind every Monday at 9am send the report")
    assert "every Mon 09:00" in every.text
    await rep.follow(await rep.follow(await rep.say("/settings"), "Language"), "繁體中文")
    filed = await rep.say("/remind 後天下午3點 打給林總")
    assert "11月20日 週五 15:00" in filed.text and "打給林總" in filed.text


async def test_a_repeating_one_whose_hour_is_asked_stays_repeating(rep: Person) -> None:
    asked = await rep.say("每天8点 喝水")
    assert len(asked.buttons) == 3  # the two readings, and the way out
    filed = await rep.follow(asked, "每天 20:00")
    assert "每天 20:00" in filed.text and "喝水" in filed.text


async def test_a_whole_log_is_no_answer_to_an_open_question(rep: Person) -> None:
    await rep.say("/remind 给李总寄样品")
    logged = await rep.say("拜访 天天鲜生 谈了新报价 下周三上午10点回访")
    assert "天天鲜生" in logged.text and "11月25日 周三 10:00" in logged.text and "📝" in logged.text


async def test_another_reminder_is_no_answer_either(rep: Person) -> None:
    await rep.say("/remind 给李总寄样品")
    filed = await rep.say("每周一三五上午9点 健身")
    assert "健身" in filed.text and "寄样品" not in filed.text


async def test_a_late_push_says_its_day(rep: Person, sandbox: Sandbox, bot: App) -> None:
    set_for = await rep.say("/remind 今天下午3点 催款")
    await move(sandbox, bot, 2 * 24 * HOUR)
    pushed = next(m for m in rep.messages if "催款" in m.text and m.id > set_for.id)
    assert "11月18日 周三 15:00" in pushed.text


async def test_at_ten_is_ten_whatever_follows(rep: Person) -> None:
    assert "11月19日 周四 10:00" in (await rep.say("/remind tomorrow at 10 call Bob")).text
