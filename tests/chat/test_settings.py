"""A person's own language, zone, quiet hours and hour of the day: chosen, typed, undone."""

import pytest

from tests.chat.people import Person
from views.history import Undo
from views.replies import pack
from views.settings import OpenSettings, OpenTopic, Topic
from views.start import Go


@pytest.mark.both_databases
async def test_a_language_holds_at_once_with_its_menu(rep: Person) -> None:
    screen = await rep.say("/settings")
    assert "语言：简体中文" in screen.text and "北京、上海" in screen.text and "22:00–08:00" in screen.text
    topic = await rep.follow(screen, "语言")
    saved = await rep.follow(topic, "English")
    assert "Language: English" in saved.text and "My day comes at 08:30" in saved.text
    assert rep.answer is not None and rep.answer.text == "Saved"
    assert "My day: due, overdue, drafts" in _descriptions(rep)
    back = await rep.follow(saved, Undo)
    assert "已撤销" in back.text
    assert "今日待办：到期、逾期、草稿" in _descriptions(rep)
    again = await rep.follow(back, Go)
    assert "语言：简体中文" in again.text


async def test_in_traditional_chinese(rep: Person) -> None:
    saved = await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), "繁體中文")
    assert "勿擾時段：22:00–08:00" in saved.text
    morning = await rep.follow(saved, "待辦傳送時間")
    assert "工作日 07:30 傳送" in (await rep.follow(morning, "07:30")).text


@pytest.mark.parametrize(("typed", "shown"), [("巴黎", "巴黎"), ("new york", "纽约"), ("Asia/Tokyo", "东京")])
async def test_a_zone_may_be_typed(rep: Person, typed: str, shown: str) -> None:
    await rep.follow(await rep.say("/settings"), "时区")
    saved = await rep.say(typed)
    assert f"时区：{shown}" in saved.text
    assert "没有需要取消的操作" in (await rep.say("/cancel")).text


async def test_what_is_no_zone_is_asked_again(rep: Person) -> None:
    await rep.follow(await rep.say("/settings"), "时区")
    asked = await rep.say("<亚特兰蒂斯>")
    assert "没有找到“<亚特兰蒂斯>”" in asked.text
    assert "时区：台北" in (await rep.say("台北")).text


async def test_times_may_be_typed(rep: Person) -> None:
    await rep.follow(await rep.say("/settings"), "免打扰时段")
    assert "看不懂" in (await rep.say("晚上")).text
    assert "免打扰：21:30–07:00" in (await rep.say("21:30-7:00")).text
    await rep.follow(await rep.say("/settings"), "待办发送时间")
    assert "工作日 09:15 发送" in (await rep.say("9:15")).text


async def test_no_quiet_hours_at_all(rep: Person) -> None:
    topic = await rep.follow(await rep.say("/settings"), "免打扰时段")
    assert "不设免打扰" in (await rep.follow(topic, "不设")).text


async def test_back_leaves_what_could_be_typed(rep: Person) -> None:
    topic = await rep.follow(await rep.say("/settings"), "时区")
    screen = await rep.follow(topic, OpenSettings)
    assert "时区：北京、上海" in screen.text
    assert "没有需要取消的操作" in (await rep.say("/cancel")).text


async def test_the_hour_of_the_day_moves_the_morning(rep: Person) -> None:
    rep.sandbox.world.clock.move_to("2026-11-18T10:00:00+08:00", zone="Asia/Shanghai")
    await rep.say("/remind 11月19日 9点 交周报")
    topic = await rep.follow(await rep.say("/settings"), data_startswith=pack(OpenTopic(Topic.MORNING)))
    await rep.follow(topic, "07:30")
    rep.sandbox.world.clock.move_to("2026-11-19T07:30:30+08:00", zone="Asia/Shanghai")
    assert "交周报" in (await rep.expect_push()).text
    rep.sandbox.world.clock.move_to("2026-11-19T08:30:30+08:00", zone="Asia/Shanghai")
    await rep.quiet()


async def test_undo_after_a_second_choice_takes_the_second(rep: Person) -> None:
    first = await rep.follow(await rep.follow(await rep.say("/settings"), "待办发送时间"), "09:00")
    await rep.follow(await rep.follow(await rep.say("/settings"), "待办发送时间"), "10:00")
    await rep.press(first, Undo)
    assert rep.answer is not None and rep.answer.show_alert and "刚刚有人改过" in rep.answer.text
    assert "10:00" in (await rep.say("/settings")).text
    assert "已撤销" in (await rep.say("/undo")).text
    assert "09:00" in (await rep.say("/settings")).text


def _descriptions(somebody: Person) -> list[str]:
    menu = somebody.sandbox.world.profile.menu_of(somebody.sandbox.world.chats.people[somebody.id])
    return [command["description"] for command in menu]
