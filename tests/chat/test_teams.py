"""The team in the chat: names, leads, roles, handing over, and an access that ends."""

import pytest

from storage.database import Database
from storage.models import Member
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import LEAD, OTHER_REP, REP, StaffIds
from tests.chat.people import Answer, Message, Person
from tests.chat.test_invites import invited, payload_of
from views.history import Undo
from views.replies import pack
from views.teams import (
    AgreeAdmin,
    AppointLead,
    ChooseHeir,
    ChooseLead,
    ChooseTeam,
    Deactivate,
    HandOver,
    MoveMember,
    OpenMember,
    OpenTeam,
    Reactivate,
    RemoveTeam,
    RenameMember,
    RenameTeam,
    SetRole,
)


async def card_of(somebody: Person, staff: StaffIds, telegram_id: int) -> Message:
    """The screen of a member, opened from the team."""
    team = await somebody.follow(await somebody.say("/team"), data_startswith=pack(OpenTeam(staff.team_id, 0)))
    return await somebody.follow(team, data_startswith=pack(OpenMember(staff.members[telegram_id])))


# Looking -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("company")
async def test_a_lead_sees_the_own_team_with_its_load(lead: Person, staff: StaffIds) -> None:
    screen = await lead.say("/team")
    assert "一部" in screen.text and "主管 李强" in screen.text and "3 人" in screen.text
    team = await lead.follow(screen, OpenTeam)
    assert "王娜 · 销售 · 6" in team.buttons and "指定主管" not in team.buttons
    card = await lead.follow(team, "王娜 · 销售 · 6")
    assert "6 位客户" in card.text and "下次跟进：逾期 6 项" in card.text and "团队：一部" in card.text
    assert "→ 主管" not in card.buttons and "停用" in card.buttons
    own = await card_of(lead, staff, LEAD)
    assert "停用" not in own.buttons and "改名" in own.buttons


async def test_a_rep_has_no_team_to_run(rep: Person, lead: Person, staff: StaffIds) -> None:
    assert "主管或管理员" in (await rep.say("/team")).text
    screen = await card_of(lead, staff, OTHER_REP)
    answer = await rep.press_data((await rep.say("/start")).id, screen.data[0])
    assert isinstance(answer, Answer) and answer.show_alert


async def test_a_big_team_has_pages(lead: Person, staff: StaffIds, database: Database) -> None:
    with database.transaction(lead.sandbox.world.clock.now()) as uow:
        uow.act(None, "sample", undo=None)
        for n in range(12):
            actor = uow.people.identify(40_000 + n, name=f"新人{n:02}", username=None, locale="zh_Hans")
            uow.journal.add(
                Member,
                {
                    "person_id": actor.person_id,
                    "name": actor.name,
                    "role": "rep",
                    "team_id": staff.team_id,
                    "active": True,
                    "created_at": uow.now,
                },
            )
    team = await lead.follow(await lead.say("/team"), OpenTeam)
    assert "新人00 · 销售 · 0" in team.buttons and "下一页 ›" in team.buttons and len(team.text.splitlines()) < 15
    second = await lead.follow(team, "下一页 ›")
    assert "新人00 · 销售 · 0" not in second.buttons and "‹ 上一页" in second.buttons
    await lead.say("/new 张伟 13800138000")
    own = await lead.follow(await lead.say("/team"), OpenTeam)
    own = await lead.follow(await lead.follow(own, "下一页 ›"), data_startswith=pack(OpenMember(staff.members[LEAD])))
    heirs = await lead.follow(await lead.follow(own, ChooseHeir), "下一页 ›")
    assert len([label for label in heirs.buttons if "销售" in label]) == 7
    found = await lead.say("人07")
    assert [label for label in found.buttons if "销售" in label] == ["新人07 · 销售 · 0"]


# Teams -------------------------------------------------------------------------------------------------------------


async def test_teams_are_added_renamed_removed_and_undone(admin: Person, staff: StaffIds) -> None:
    asked = await admin.follow(await admin.say("/team"), "➕ 新建团队")
    assert "团队叫什么名字" in asked.text
    made = await admin.say("华南 <二部>")
    assert "华南 <二部>" in made.text
    team = await admin.follow(made, "华南 <二部>")
    assert "0 人" in team.text
    await admin.follow(team, RenameTeam)
    renamed = await admin.say("华南部")
    assert "华南部" in renamed.text
    undone = await admin.follow(renamed, Undo)
    assert "团队改名" in undone.text
    team = await admin.follow(await admin.say("/team"), "华南 <二部>")
    gone = await admin.follow(team, RemoveTeam)
    assert "华南" not in gone.text
    back = await admin.follow(gone, Undo)
    assert "删除团队" in back.text and "华南 <二部>" in (await admin.say("/team")).text


async def test_a_name_that_does_not_fit_is_asked_again(admin: Person) -> None:
    await admin.follow(await admin.say("/team"), "➕ 新建团队")
    assert "最多 64 个字" in (await admin.say("长" * 65)).text
    assert "二部" in (await admin.say("二部")).text


@pytest.mark.both_databases
async def test_an_appointed_lead_hears_of_it_and_gets_the_menu(admin: Person, rep: Person, staff: StaffIds) -> None:
    team = await admin.follow(await admin.say("/team"), "一部")
    choice = await admin.follow(team, ChooseLead)
    stale = await admin.follow(await admin.follow(await admin.say("/team"), "一部"), ChooseLead)
    done = await admin.follow(choice, data_startswith=f"mp2.{_36(staff.team_id)}.{_36(staff.members[REP])}.")
    assert "主管：王娜" in done.text
    told = await rep.expect_push()
    assert "你为一部的主管" in told.text and {"team", "invite"} <= set(rep.menu)
    fresh = await admin.follow(stale, AppointLead)
    assert "主管：王娜" in fresh.text and admin.answer is not None and admin.answer.show_alert
    await admin.follow(done, Undo)
    taken = await rep.expect_push()
    assert "周芳撤销了：指定主管" in taken.text and "team" not in rep.menu


def _36(number: int) -> str:
    return pack(OpenMember(number)).partition(".")[2]


# Roles -------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
async def test_an_admin_is_made_by_two_and_all_admins_hear_of_it(
    admin: Person, rep: Person, lead: Person, stranger: Person, staff: StaffIds
) -> None:
    """The only admin makes the second one alone; from then on another one must agree."""
    card = await admin.follow(await card_of(admin, staff, REP), "→ 管理员")
    assert "王娜 · 管理员" in card.text
    assert "身份设为管理员" in (await rep.expect_push()).text and "setup" in rep.menu
    asked = await rep.press(await card_of(rep, staff, LEAD), "→ 管理员")
    assert isinstance(asked, Answer) and asked.show_alert and "已询问其他管理员" in asked.text
    wanted = await admin.expect_push()
    assert "王娜想让李强做管理员" in wanted.text
    await lead.quiet()
    other = await admin.follow(wanted, AgreeAdmin)
    assert "李强 · 管理员" in other.text and "身份设为管理员" in (await lead.expect_push()).text
    assert "周芳将李强设为了管理员" in (await rep.expect_push()).text
    await admin.follow(other, Undo)
    assert "撤销了" in (await lead.expect_push()).text and "setup" not in lead.menu
    stale = await admin.press_data(wanted.id, wanted.data[0])
    assert isinstance(stale, Message) and "李强 · 主管" in stale.text

    made = await admin.follow(await admin.say("/invite"), "管理员")
    welcome = await stranger.start(payload_of(made))
    assert "销售" in welcome.text and "另一位管理员同意后" in welcome.text and "setup" not in stranger.menu
    assert "已作为销售加入" in (await admin.expect_push()).text
    await rep.follow(await rep.expect_push(), AgreeAdmin)
    assert "身份设为管理员" in (await stranger.expect_push()).text and "setup" in stranger.menu
    assert "王娜将张伟设为了管理员" in (await admin.expect_push()).text


async def test_nobody_lifts_the_own_self(admin: Person, staff: StaffIds) -> None:
    loose = await admin.follow(await admin.say("/team"), data_startswith=pack(OpenTeam(None, 0)))
    own = await admin.follow(loose, OpenMember)
    assert not [data for data in own.data if data.split(".")[0] in ("mr1", "md1", "mw2")]


async def test_a_stale_button_shows_the_member_as_it_is(admin: Person, staff: StaffIds) -> None:
    first = await card_of(admin, staff, REP)
    second = await card_of(admin, staff, REP)
    await admin.follow(first, "→ 主管")
    fresh = await admin.follow(second, "→ 管理员")
    assert "王娜 · 主管" in fresh.text
    assert admin.answer is not None and admin.answer.show_alert and "刚刚有人改过" in admin.answer.text


async def test_a_member_is_moved_and_told(admin: Person, rep: Person, staff: StaffIds) -> None:
    await admin.follow(await admin.say("/team"), "➕ 新建团队")
    await admin.say("二部")
    choice = await admin.follow(await card_of(admin, staff, REP), ChooseTeam)
    assert "一部" not in choice.buttons
    moved = await admin.follow(choice, MoveMember)
    assert "团队：二部" in moved.text
    assert "已将你调到二部" in (await rep.expect_push()).text


async def test_a_member_is_renamed(lead: Person, rep: Person, staff: StaffIds) -> None:
    await lead.follow(await card_of(lead, staff, REP), RenameMember)
    renamed = await lead.say("王 小娜")
    assert "王 小娜 · 销售" in renamed.text
    assert "王 小娜" in (await rep.say("/start")).text
    await lead.follow(renamed, Undo)
    assert "王娜，你好" in (await rep.say("/start")).text


# An access that ends -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("company")
@pytest.mark.both_databases
async def test_access_ends_at_once_and_comes_back(lead: Person, rep: Person, staff: StaffIds) -> None:
    open_screen = await rep.say("/today")
    await rep.say("/remind 今天12点 给张伟打电话")
    await rep.say("/visit")  # in the middle of a dialog
    ended = await lead.follow(await card_of(lead, staff, REP), Deactivate)
    assert "已停用" in ended.text and "名下还有 6 位客户" in ended.text
    assert "使用权限已停用" in (await rep.expect_push()).text
    assert rep.menu == ["start"]
    said = (await rep.say("张伟 谈了新报价")).text
    assert "专属链接" in said
    for text in ("/today", "/find 张伟", "/history", "/undo", "/export", "/team", "拜访 张伟"):
        rep.write(text)
    await rep.quiet()
    rep.sandbox.world.clock.move(61)  # a stranger is heard ten times a minute
    for data in open_screen.data[:8]:
        answer = await rep.press_data(open_screen.id, data)
        assert isinstance(answer, Answer) and answer.show_alert
    rep.sandbox.world.clock.move(2 * 3600)  # the reminder's time
    await rep.quiet()
    rep.sandbox.world.clock.move(24 * 3600)  # a morning
    await rep.quiet()
    card = await lead.follow(await card_of(lead, staff, REP), Reactivate)
    assert "停用" in card.buttons
    assert "身份设为销售" in (await rep.expect_push()).text and "today" in rep.menu
    assert "张伟" in (await rep.say("/find 张伟")).text


async def test_ending_an_access_is_undone_within_minutes(lead: Person, rep: Person, staff: StaffIds) -> None:
    ended = await lead.follow(await card_of(lead, staff, REP), Deactivate)
    await rep.expect_push()
    await lead.follow(ended, Undo)
    assert "李强撤销了：停用成员" in (await rep.expect_push()).text
    assert "today" in rep.menu and "王娜，你好" in (await rep.say("/start")).text


async def test_a_leavers_links_let_nobody_in(admin: Person, lead: Person, stranger: Person, staff: StaffIds) -> None:
    payload = payload_of(await invited(lead))
    await admin.follow(await card_of(admin, staff, LEAD), Deactivate)
    assert "这个链接无效" in (await stranger.start(payload)).text
    assert "未使用的链接" not in "".join((await admin.say("/invite")).buttons)


# Handing over ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("company")
@pytest.mark.both_databases
async def test_a_leavers_customers_go_to_a_colleague(
    lead: Person, rep: Person, other_rep: Person, staff: StaffIds
) -> None:
    ended = await lead.follow(await card_of(lead, staff, REP), Deactivate)
    choice = await lead.follow(ended, ChooseHeir)
    assert "6 位客户全部交给谁" in choice.text
    done = await lead.follow(choice, "赵涛 · 销售 · 1")
    assert "6 位客户交给赵涛" in done.text
    assert "李强把王娜的 6 位客户交给了你" in (await other_rep.expect_push()).text
    assert "张建国" in (await other_rep.say("张建国")).text
    undone = await lead.follow(done, Undo)
    assert "移交客户" in undone.text
    assert "撤销了：移交客户" in (await other_rep.expect_push()).text
    assert "没有" in (await other_rep.say("/find 张建国")).text


@pytest.mark.usefixtures("company")
async def test_customers_go_to_the_pool_and_their_owner_is_told(lead: Person, rep: Person, staff: StaffIds) -> None:
    choice = await lead.follow(await card_of(lead, staff, REP), ChooseHeir)
    done = await lead.follow(choice, "公海")
    assert "交给公海" in done.text
    told = await rep.expect_push()
    assert "把你的 6 位客户交给了公海" in told.text
    await lead.follow(done, Undo)
    assert "撤销了" in (await rep.expect_push()).text


@pytest.mark.usefixtures("company")
async def test_a_lead_takes_the_customers_over_alone(lead: Person, rep: Person, staff: StaffIds) -> None:
    choice = await lead.follow(await card_of(lead, staff, REP), ChooseHeir)
    await lead.follow(choice, data_startswith=pack(HandOver(staff.members[REP], staff.members[LEAD])))
    assert "把你的 6 位客户交给了李强" in (await rep.expect_push()).text
    await lead.quiet()


@pytest.mark.usefixtures("company")
async def test_a_log_typed_while_choosing_an_heir_is_a_log(lead: Person, staff: StaffIds) -> None:
    await lead.follow(await card_of(lead, staff, REP), ChooseHeir)
    logged = await lead.say("拜访 张伟 谈了新报价")
    assert "谈了新报价" in logged.text and "张伟" in logged.text
    assert "没有需要取消的操作" in (await lead.say("/cancel")).text


@pytest.mark.usefixtures("company")
async def test_back_from_choosing_leaves_it(lead: Person, staff: StaffIds) -> None:
    choice = await lead.follow(await card_of(lead, staff, REP), ChooseHeir)
    await lead.follow(choice, OpenMember)
    assert "没有需要取消的操作" in (await lead.say("/cancel")).text


# Languages ---------------------------------------------------------------------------------------------------------


async def speak(somebody: Person, language: str) -> None:
    await somebody.follow(await somebody.follow(await somebody.say("/settings"), "语言"), language)


@pytest.mark.usefixtures("company")
async def test_in_english(lead: Person, rep: Person, staff: StaffIds) -> None:
    await speak(lead, "English")
    await speak(rep, "English")
    card = await card_of(lead, staff, REP)
    assert "6 customers" in card.text and "Next touches: 6 overdue" in card.text
    done = await lead.follow(await lead.follow(card, ChooseHeir), "the public pool")
    assert "6 customers of 王娜 are now with the public pool." in done.text
    assert "All your 6 customers are now with the public pool, by 李强." in (await rep.expect_push()).text


async def test_in_traditional_chinese(admin: Person, rep: Person, staff: StaffIds) -> None:
    await speak(admin, "繁體中文")
    await speak(rep, "繁體中文")
    ended = await admin.follow(await card_of(admin, staff, REP), Deactivate)
    assert "已停用，不能再使用" in ended.text
    assert "你的使用權限已停用" in (await rep.expect_push()).text


async def test_who_blocked_the_bot_is_told_nothing(admin: Person, rep: Person, staff: StaffIds) -> None:
    rep.block()
    await rep.quiet()
    card = await admin.follow(await card_of(admin, staff, REP), SetRole)
    assert "王娜" in card.text
    await rep.quiet()


async def test_a_demoted_lead_has_no_way_into_the_team(admin: Person, lead: Person, staff: StaffIds) -> None:
    screen = await lead.say("/team")
    card = await admin.follow(await card_of(admin, staff, LEAD), data_startswith=f"mr1.{_36(staff.members[LEAD])}.rep.")
    await lead.expect_push()
    assert "team" not in lead.menu
    for data in screen.data:
        answer = await lead.press_data(screen.id, data)
        if data.partition(".")[0] not in ("sg1",):
            assert isinstance(answer, Answer) and answer.show_alert
    await admin.follow(card, Undo)
    await lead.expect_push()
    assert "team" in lead.menu
