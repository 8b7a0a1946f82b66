"""From an empty database to a company: the console's link, the set-up in a few taps, and going back on all of it."""

import pytest

from actions.invites import make_owner_link
from bot.clock import FileClock
from storage.database import Database
from tests.chat.conftest import StaffIds
from tests.chat.people import Answer, Person
from tests.chat.test_invites import payload_of
from views.history import Undo
from views.setup import Back, Keep
from views.start import GoAdmin, GoLead


@pytest.fixture
def staff(database: Database) -> StaffIds:
    """Nobody yet."""
    return StaffIds({}, 0)


@pytest.fixture
def owner_link(database: Database, clock: FileClock) -> str:
    """The payload that ``keyuan owner-link`` prints."""
    with database.transaction(clock.now()) as uow:
        return "o" + make_owner_link(uow, now=clock.now())


async def test_whoever_writes_first_is_a_stranger(stranger: Person, owner_link: str) -> None:
    two_lines = (await stranger.say("/start")).text
    assert "专属链接" in two_lines and two_lines.count("\n") == 1
    assert (await stranger.say("/admin")).text == two_lines
    for text in ("/setup", "/team", "/invite"):
        stranger.write(text)
    await stranger.quiet()
    assert "欢迎你" in (await stranger.start(owner_link)).text  # the link is still there for its owner


@pytest.mark.both_databases
async def test_the_first_admin_sets_the_company_up(stranger: Person, neighbour: Person, owner_link: str) -> None:
    boss = stranger
    welcome = await boss.start(owner_link)
    assert "第一位成员" in welcome.text and "管理员" in welcome.text
    language = await boss.follow(welcome, GoAdmin)
    assert language.text.startswith("1/5") and "✓ 简体中文" in language.buttons
    region = await boss.follow(language, Keep)
    assert "✓ 中国大陆" in region.buttons
    worktime = await boss.follow(region, "台湾")
    assert worktime.text.startswith("3/5") and "✓ 周一至周五 09:00-18:00" in worktime.buttons
    strangers = await boss.follow(worktime, "周一至周六 09:00-18:00")
    assert "没有链接的人" in strangers.text and "✓ 可以" in strangers.buttons
    team = await boss.follow(strangers, Keep)
    assert "第一个团队" in team.text
    done = await boss.say("  华东 销售部 ")
    for words in ("设置完成", "简体中文", "台湾", "台北", "周一至周六", "华东 销售部"):
        assert words in done.text
    choice = await boss.follow(done, GoLead)
    made = await boss.follow(await boss.follow(choice, "主管"), "华东 销售部")
    await neighbour.start(payload_of(made))
    assert "team" in neighbour.menu
    listed = await boss.say("/team")
    assert "华东 销售部" in listed.text and "Emma Lin" in listed.text


async def test_a_language_holds_at_once_and_the_way_back_too(stranger: Person, owner_link: str) -> None:
    boss = stranger
    language = await boss.follow(await boss.start(owner_link), GoAdmin)
    region = await boss.follow(language, "English")
    assert region.text.startswith("2/5") and "Where are you?" in region.text
    again = await boss.follow(region, Back)
    assert "✓ English" in again.buttons
    region = await boss.follow(again, "繁體中文")
    assert "公司在哪裡" in region.text
    zone = await boss.follow(region, "美國")
    assert zone.text.startswith("3/6") and "紐約" in zone.buttons
    worktime = await boss.follow(zone, "芝加哥")
    team = await boss.follow(await boss.follow(worktime, Keep), Keep)
    done = await boss.follow(team, Keep)
    assert "設定完成" in done.text and "芝加哥" in done.text
    assert "設定公司資料" in _descriptions(boss)


async def test_leaving_the_team_open_keeps_no_dialog(stranger: Person, owner_link: str) -> None:
    boss = stranger
    question = await boss.follow(await boss.start(owner_link), GoAdmin)
    for _ in range(5):
        question = await boss.follow(question, Keep)
    assert "设置完成" in question.text
    assert "没有需要取消的操作" in (await boss.say("/cancel")).text


@pytest.mark.both_databases
async def test_the_set_up_is_undone_step_by_step(stranger: Person, owner_link: str) -> None:
    boss = stranger
    language = await boss.follow(await boss.start(owner_link), GoAdmin)
    region = await boss.follow(language, "English")
    worktime = await boss.follow(region, "Taiwan")
    await boss.follow(await boss.follow(worktime, Keep), Keep)
    done = await boss.say("Sales")
    undone = await boss.follow(done, Undo)
    assert "Undone" in undone.text and "Sales" not in (await boss.say("/team")).text
    assert "Taiwan" in (await boss.say("/undo")).text
    back = await boss.say("/undo")
    assert "已撤销" in back.text and "English" in back.text
    assert "没有可撤销" in (await boss.say("/undo")).text
    screen = await boss.say("/setup")
    assert "✓ 简体中文" in screen.buttons
    assert "✓ 中国大陆" in (await boss.follow(screen, Keep)).buttons


async def test_it_can_be_run_again_and_asks_for_no_first_team(stranger: Person, owner_link: str) -> None:
    boss = stranger
    question = await boss.follow(await boss.start(owner_link), GoAdmin)
    for _ in range(4):
        question = await boss.follow(question, Keep)
    await boss.say("一部")
    question = await boss.say("/setup")
    assert question.text.startswith("1/4")
    for _ in range(4):
        question = await boss.follow(question, Keep)
    assert "设置完成" in question.text


async def test_a_name_that_does_not_fit_is_asked_again(stranger: Person, owner_link: str) -> None:
    boss = stranger
    question = await boss.follow(await boss.start(owner_link), GoAdmin)
    for _ in range(4):
        question = await boss.follow(question, Keep)
    assert "最多 64 个字" in (await boss.say("长" * 65)).text
    assert "一部" in (await boss.say("一部")).text


async def test_only_admins_set_up(stranger: Person, neighbour: Person, owner_link: str) -> None:
    boss = stranger
    language = await boss.follow(await boss.start(owner_link), GoAdmin)
    made = await boss.follow(await boss.say("/invite"), "销售")
    neighbour.sandbox.world.chats.people[neighbour.id].language_code = "zh-hans"
    await neighbour.start(payload_of(made))
    assert "主管或管理员" in (await neighbour.say("/setup")).text
    forged = await neighbour.press_data(neighbour.last.id, language.data[0])  # signed for somebody else
    assert isinstance(forged, Answer) and forged.show_alert


def _descriptions(somebody: Person) -> list[str]:
    menu = somebody.sandbox.world.profile.menu_of(somebody.sandbox.world.chats.people[somebody.id])
    return [command["description"] for command in menu]


async def test_answers_of_another_region_are_none_here(stranger: Person, owner_link: str) -> None:
    """Two set-ups are open, and one of them has moved on."""
    boss = stranger
    first = await boss.follow(await boss.follow(await boss.start(owner_link), GoAdmin), Keep)
    zones = await boss.follow(first, "美国")
    worktime = await boss.follow(await boss.follow(await boss.follow(await boss.say("/setup"), Keep), Keep), Keep)
    await boss.follow(await boss.follow(await boss.say("/setup"), Keep), "中国大陆")
    await boss.press(zones, next(label for label in zones.buttons if "洛杉矶" in label))
    assert boss.answer is not None and boss.answer.show_alert
    assert (await boss.follow(worktime, Back)).text.startswith("1/")
