"""The first screen, help, leaving a dialog, menus per role, strangers and groups."""

import pytest

from sandbox import acts
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import ADMIN
from tests.chat.people import Message, Person
from views.start import GoAdmin

ADMIN_ONLY = {"setup", "status"}
LEADS_ONLY = {"team", "invite"}


async def test_start_says_who_one_is_and_offers_the_next_step(rep: Person, lead: Person, admin: Person) -> None:
    hello = await rep.say("/start")
    assert "王娜，你好" in hello.text and "销售" in hello.text and len(hello.buttons) == 3
    assert "主管" in (await lead.say("/start")).text
    screen = await admin.say("/start")
    assert "管理员" in screen.text
    assert (await admin.follow(screen, GoAdmin)).text.startswith("1/")  # nobody has set it up yet


async def test_an_unknown_payload_of_staff_is_the_plain_start(rep: Person) -> None:
    assert "王娜，你好" in (await rep.start("nonsense")).text


async def test_every_main_screen_is_one_tap_away(rep: Person) -> None:
    start = await rep.say("/start")
    for button in [data for data in start.data if data.startswith("sg1.")]:
        before = await rep.say("/start")
        screen = await rep.press_data(before.id, button)
        assert isinstance(screen, Message) and screen.text


async def test_help_fits_the_role(rep: Person, lead: Person, admin: Person) -> None:
    for who, sees, not_yet in ((rep, "/undo", "/team"), (lead, "/team", "/setup"), (admin, "/setup", "/nobody")):
        told = await who.say("/help")
        assert sees in told.text and not_yet not in told.text
        assert len(told.text.splitlines()) < 15


async def test_menus_hold_what_the_role_may(rep: Person, lead: Person, admin: Person, stranger: Person) -> None:
    assert not (LEADS_ONLY | ADMIN_ONLY) & set(rep.menu) and {"today", "settings", "help", "undo"} <= set(rep.menu)
    assert set(rep.menu) | LEADS_ONLY == set(lead.menu)
    assert "setup" in admin.menu and set(admin.menu) - set(lead.menu) <= ADMIN_ONLY
    assert stranger.menu == ["start"]
    assert "start" not in rep.menu  # an entry for who is in already would be noise


async def test_every_command_of_a_menu_works(admin: Person) -> None:
    for command in admin.menu:
        said = await admin.say(f"/{command}")
        assert said.text and "没有 /" not in said.text, command


async def test_cancel_leaves_a_dialog_and_says_so(lead: Person) -> None:
    await lead.follow(await lead.say("/team"), "➕ 新建团队")
    assert "已取消" in (await lead.say("/cancel")).text
    assert "没有需要取消的操作" in (await lead.say("/cancel")).text
    assert "二部" not in (await lead.say("/team")).text


async def test_a_command_leaves_a_dialog_too(lead: Person) -> None:
    await lead.follow(await lead.say("/team"), "➕ 新建团队")
    await lead.say("/today")
    await lead.say("华东")
    assert "华东" not in (await lead.say("/team")).text


async def test_buttons_of_leads_are_not_a_reps(rep: Person, lead: Person) -> None:
    screen = await lead.say("/team")
    for data in screen.data:
        await rep.press_data((await rep.say("/start")).id, data)
        assert rep.answer is not None and rep.answer.show_alert  # signed for another person


async def test_a_stranger_gets_two_lines_whatever_they_try(stranger: Person) -> None:
    said = await stranger.say("/start")
    assert len(said.text.splitlines()) == 2 and said.buttons == ["🙋 我是客户", "📨 请联系我"]
    assert (await stranger.say("/help")).text == said.text  # once a day for everything but the start
    for text in ("/today", "/find 张伟", "提醒我明天9点", "拜访 张伟"):
        stranger.write(text)
    await stranger.quiet()


async def test_a_stranger_speaks_the_own_language(stranger: Person) -> None:
    stranger.sandbox.world.chats.people[stranger.id].language_code = "en"
    assert "personal link" in (await stranger.say("/start")).text


@pytest.mark.parametrize("language", ["English", "繁體中文"])
async def test_screens_in_the_other_languages(rep: Person, language: str) -> None:
    await rep.follow(await rep.follow(await rep.say("/settings"), "语言"), language)
    english = language == "English"
    assert ("you are here as sales rep" if english else "你的身分是業務") in (await rep.say("/start")).text
    assert ("What you can write to me" if english else "可以這樣對我說") in (await rep.say("/help")).text
    assert ("There is nothing to stop." if english else "目前沒有需要取消的操作") in (await rep.say("/cancel")).text


@pytest.mark.usefixtures("company")
async def test_in_a_group_nothing_of_anybody_is_told(rep: Person) -> None:
    world = rep.sandbox.world
    who = world.chats.people[rep.id]
    group = acts.make_group(world, "华东客户群", [ADMIN, rep.id])
    for text in ("/today", "/find 张伟", "/team"):
        acts.say(world, who, f"{text}@{world.account.username}", chat=group)
    await rep.quiet()
    said = [entry.raw.get("text", "") for entry in group.entries.values() if entry.by_bot]
    assert len(said) == 1 and "私聊" in said[0] and "张伟" not in said[0]
