"""Invitations as people meet them: the link, who comes in by it, every bad one alike, and guessing that leads nowhere."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from actions.invites import ALARM_AT, make_owner_link
from bot.clock import FileClock
from bot.settings import Settings
from sandbox.people import Person as Account
from storage.database import Database
from storage.models import Outbox
from tests.chat.conftest import ADMIN, STRANGER, Start
from tests.chat.people import Answer, Message, Person
from views.history import Undo
from views.invites import ChooseRole, ListInvites, MakeInvite, RevokeInvite
from views.replies import pack
from views.start import GoLead
from views.teams import Deactivate, OpenMember, OpenTeam

BAD = "这个链接无效或已失效"


def payload_of(message: Message) -> str:
    """What stands behind ``?start=`` in the link of an invitation."""
    found = re.search(r"\?start=(\S+)", message.text)
    assert found, message.text
    return found[1]


async def invited(lead: Person) -> Message:
    """A link for a rep, made by a lead with one team."""
    screen = await lead.say("/invite")
    assert "邀请对方担任什么角色" in screen.text
    return await lead.follow(screen, MakeInvite)


@pytest.mark.both_databases
async def test_a_stranger_comes_in_by_a_link_and_the_lead_is_told(lead: Person, stranger: Person) -> None:
    made = await invited(lead)
    assert "销售" in made.text and "一部" in made.text and "72" in made.text
    assert [b.kind for row in made.rows for b in row] == ["copy", "url", "callback", "callback"]
    welcome = await stranger.start(payload_of(made))
    assert "欢迎你" in welcome.text and "销售" in welcome.text
    assert "today" in stranger.menu and "team" not in stranger.menu
    told = await lead.expect_push()
    assert "张伟" in told.text and "已作为销售加入" in told.text
    card = await lead.follow(told, OpenMember)
    assert "张伟" in card.text and "一部" in card.text


@pytest.mark.both_databases
async def test_a_link_is_forgotten_here_as_soon_as_it_was_sent(lead: Person, database: Database) -> None:
    token = payload_of(await invited(lead))[1:]
    with database.transaction(dt.datetime.now(dt.UTC)) as uow:
        kept = [str(payload) for payload in uow.connection.execute(select(Outbox.payload)).scalars() if payload]
    assert kept and token not in "".join(kept)  # the others are there for 72 hours


@pytest.mark.both_databases
async def test_a_link_works_once_and_every_bad_one_says_the_same(
    lead: Person, stranger: Person, neighbour: Person
) -> None:
    payload = payload_of(await invited(lead))
    await stranger.start(payload)
    neighbour.sandbox.world.chats.people[neighbour.id].language_code = "zh-hans"
    used = await neighbour.start(payload)
    revoked = await invited(lead)
    await lead.press(revoked, Undo)
    said = {used.text}
    for bad in (payload_of(revoked), "i" + "A" * 22, "nonsense"):
        said.add((await neighbour.start(bad)).text)
    assert len(said) == 1 and BAD in said.pop()


async def test_who_guesses_five_times_hears_nothing_for_an_hour(lead: Person, stranger: Person) -> None:
    payload = payload_of(await invited(lead))
    for n in range(5):
        assert BAD in (await stranger.start(f"i{n:022}")).text
    stranger.write(f"/start {payload}")  # even a good one: an answer would tell the guesser something
    await stranger.quiet()
    stranger.sandbox.world.clock.move(3600)
    assert "欢迎你" in (await stranger.start(payload)).text


async def test_many_wrong_links_alarm_the_admins_once(admin: Person, person: Start) -> None:
    for n in range(ALARM_AT + 5):
        if n % 5 == 0:
            admin.sandbox.world.chats.add_person(Account(30_000 + n // 5, f"试探者{n // 5}"))
        await person(30_000 + n // 5).start(f"i{n:022}")
    told = await admin.expect_push()
    assert "100 次无效的邀请链接" in told.text
    await admin.quiet()


async def test_an_expired_link_lets_nobody_in(lead: Person, stranger: Person) -> None:
    payload = payload_of(await invited(lead))
    stranger.sandbox.world.clock.move(72 * 3600)
    assert BAD in (await stranger.start(payload)).text


async def test_staff_leave_the_link_for_somebody_else(lead: Person, other_rep: Person, stranger: Person) -> None:
    payload = payload_of(await invited(lead))
    assert "已经是成员" in (await other_rep.start(payload)).text
    assert "欢迎你" in (await stranger.start(payload)).text


async def test_open_links_are_listed_and_revoked_and_brought_back(lead: Person, stranger: Person) -> None:
    payload = payload_of(await invited(lead))
    screen = await lead.say("/invite")
    listed = await lead.follow(screen, ListInvites)
    assert "李强" in listed.text and "有效至" in listed.text
    revoked = await lead.follow(listed, RevokeInvite)
    assert "没有未使用的链接" in revoked.text
    assert BAD in (await stranger.start(payload)).text
    await lead.press(revoked, Undo)
    assert "欢迎你" in (await stranger.start(payload)).text


async def test_an_admin_chooses_role_and_team(admin: Person, stranger: Person) -> None:
    screen = await admin.say("/invite")
    assert screen.buttons[:3] == ["销售", "主管", "管理员"]
    teams = await admin.follow(screen, "主管")
    assert teams.buttons[:2] == ["一部", "不分团队"]
    back = await admin.follow(teams, GoLead)
    assert back.buttons == screen.buttons
    made = await admin.follow(await admin.follow(back, ChooseRole), "一部")
    assert "销售" in made.text and "一部" in made.text
    made = await admin.follow(await admin.follow(await admin.say("/invite"), "主管"), "一部")
    assert "主管" in (await stranger.start(payload_of(made))).text
    assert "team" in stranger.menu


async def test_a_link_is_made_once_however_often_it_is_tapped(lead: Person) -> None:
    screen = await lead.say("/invite")
    await lead.follow(screen, MakeInvite)
    again = await lead.press(screen, MakeInvite)
    assert isinstance(again, Answer) and "已经办好" in again.text
    assert "1 个未使用的链接" in (await lead.say("/invite")).buttons


async def test_a_new_admin_does_not_come_unseen(admin: Person, stranger: Person, neighbour: Person) -> None:
    made = await admin.follow(await admin.say("/invite"), "管理员")
    await stranger.start(payload_of(made))
    assert "已作为管理员加入" in (await admin.expect_push()).text
    second = await stranger.follow(await stranger.say("/invite"), "管理员")
    await neighbour.start(payload_of(second))
    assert "张伟想让Emma Lin做管理员" in (await admin.expect_push()).text  # who is a rep until then


async def test_reps_invite_nobody(rep: Person) -> None:
    said = await rep.say("/invite")
    assert "主管或管理员" in said.text
    assert "invite" not in rep.menu


async def test_the_consoles_link_brings_staff_back_to_the_top(
    rep: Person, admin: Person, database: Database, clock: FileClock
) -> None:
    with database.transaction(clock.now()) as uow:
        token = make_owner_link(uow, now=clock.now())
    listed = await admin.follow(await admin.say("/invite"), ListInvites)
    assert "管理员 · 控制台" in listed.text
    assert "管理员" in (await rep.start(f"o{token}")).text
    assert "setup" in rep.menu
    assert "控制台" in (await admin.expect_push()).text
    assert "已经是成员" in (await admin.start(f"o{token}")).text


class TestEnvironment:
    """``KEYUAN_ADMIN_IDS``."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"admin_ids": frozenset({STRANGER, ADMIN})})

    async def test_an_admin_of_the_environment_is_one_at_first_sight(self, stranger: Person) -> None:
        assert "管理员" in (await stranger.start()).text
        assert {"setup", "team"} <= set(stranger.menu)

    async def test_whatever_they_say_first(self, stranger: Person) -> None:
        assert "可以这样对我说" in (await stranger.say("/help")).text
        assert {"setup", "team"} <= set(stranger.menu)

    async def test_but_not_again_after_the_access_ended(self, stranger: Person, admin: Person) -> None:
        await stranger.start()
        loose = await admin.follow(await admin.say("/team"), data_startswith=pack(OpenTeam(None, 0)))
        card = await admin.follow(loose, "张伟 · 管理员 · 0")
        await admin.follow(card, Deactivate)
        assert "已停用" in (await stranger.expect_push()).text
        assert "专属链接" in (await stranger.start()).text


async def test_in_english(admin: Person, neighbour: Person) -> None:
    await _speak(admin, "English")
    teams = await admin.follow(await admin.say("/invite"), "Sales rep")
    assert "Into which team?" in teams.text
    made = await admin.follow(teams, "no team")
    assert "It works once, within 72 hours" in made.text
    neighbour.sandbox.world.chats.people[neighbour.id].language_code = "en-GB"
    assert "Welcome" in (await neighbour.start(payload_of(made))).text
    assert "opened your link and is in as sales rep" in (await admin.expect_push()).text


async def test_in_traditional_chinese(lead: Person, neighbour: Person) -> None:
    await _speak(lead, "繁體中文")
    made = await lead.follow(await lead.say("/invite"), "業務")
    assert "連結" in made.text and "小時內有效" in made.text
    assert "你已以業務身分加入" in (await neighbour.start(payload_of(made))).text


async def _speak(somebody: Person, language: str) -> None:
    await somebody.follow(await somebody.follow(await somebody.say("/settings"), "语言"), language)
