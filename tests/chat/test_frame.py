"""The frame as people meet it: dialogs, refusals, buttons, strangers, groups, floods."""

from collections.abc import Callable, Sequence

import pytest

from bot.app import App, Pace
from bot.clock import FileClock
from bot.settings import Settings
from bot.throttle import Throttle
from handlers.routing import Route
from sandbox import acts
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat import playing
from tests.chat.conftest import ADMIN, LEAD, REP, StaffIds
from tests.chat.people import Answer, Person


@pytest.fixture
def routes() -> Sequence[Route]:
    return playing.ROUTES


# Dialogs


@pytest.mark.both_databases
async def test_a_dialog_goes_on_until_it_is_answered(rep: Person) -> None:
    asked = await rep.say("/ask")
    assert asked.text == "Your name?"
    assert "换个写法" in (await rep.say("12")).text  # refused: the question is still open
    assert (await rep.say("王五")).text == "Hello 王五, after 1"
    assert (await rep.say("王五")).text == "plain 王五"


async def test_any_command_leaves_a_dialog(rep: Person) -> None:
    await rep.say("/ask")
    await rep.say("/today")
    assert (await rep.say("王五")).text == "plain 王五"


async def test_a_dialog_survives_a_restart(
    rep: Person, bot: App, settings: Settings, clock: FileClock, sandbox: Sandbox
) -> None:
    await rep.say("/ask")
    await bot.stop()
    again = App(settings, clock, routes=playing.ROUTES, jobs={})
    await again.start()
    assert (await Person(sandbox, REP).say("王五")).text == "Hello 王五, after 1"
    await again.stop()


async def test_a_dialog_of_yesterday_is_over(rep: Person, sandbox: Sandbox) -> None:
    await rep.say("/ask")
    sandbox.world.clock.move(25 * 3600)
    assert (await rep.say("王五")).text == "plain 王五"


async def test_dialogs_are_each_persons_own(rep: Person, other_rep: Person) -> None:
    await rep.say("/ask")
    assert (await other_rep.say("王五")).text == "plain 王五"


# Replies


async def test_a_contact_key_gives_the_own_number(rep: Person) -> None:
    assert (await rep.say("/keys")).keyboard == ["my number"]
    assert (await rep.share_contact()).text == "own True"
    assert rep.last.keyboard == []


async def test_notices_go_to_others_with_buttons_of_their_own(rep: Person, lead: Person, admin: Person) -> None:
    assert (await rep.say("/tell")).text == "told"
    news = await lead.expect_push()
    assert news.text == "news for 李强" and news.silent
    mine = (await admin.expect_push()).data[0]
    assert isinstance(await lead.press(news, "refuse"), Answer)
    assert lead.answer is not None and "抢先" in lead.answer.text
    stolen = await lead.press_data(news.id, mine)
    assert isinstance(stolen, Answer) and "失效" in stolen.text


async def test_a_conflict_is_run_again(rep: Person) -> None:
    playing.TRIES["conflicts"] = 0
    assert (await rep.say("/conflict")).text == "at the third try"


# Refusals


async def test_a_refusal_is_a_sentence_and_leaves_nothing_behind(rep: Person, database: Database, bot: App) -> None:
    assert (await rep.say("/refuse")).text == "李强抢先了一步。没有任何改动。"
    with database.transaction(bot.clock.now()) as uow:
        assert uow.settings.value("refused") is None


async def test_what_is_for_leads_is_refused_to_a_rep(rep: Person, lead: Person) -> None:
    assert "主管或管理员" in (await rep.say("/leads")).text
    assert (await lead.say("/leads x")).text == "plain x"


async def test_staff_learn_that_a_command_does_not_exist(rep: Person) -> None:
    assert "/nonsense" in (await rep.say("/nonsense")).text


async def test_what_nobody_reads_is_said_so(rep: Person) -> None:
    assert "用文字" in (await rep.share("voice", b"sound")).text


async def test_a_forged_button_is_no_longer_open(rep: Person) -> None:
    shown = await rep.say("/buttons")
    for data in ("zzp2.1~AAAAAAAAAAA", "zzp2.1", "~", "x" * 64):
        answer = await rep.press_data(shown.id, data)
        assert isinstance(answer, Answer) and answer.show_alert and "失效" in answer.text


async def test_a_press_that_takes_too_long_is_answered_emptily_and_its_words_follow(
    rep: Person, sandbox: Sandbox, bot: App
) -> None:
    shown = await rep.say("/buttons")
    playing.GATE.clear()
    try:
        opened = rep.tap(shown, "slow")
        given = await opened.answer
        assert not given.get("text")
    finally:
        playing.GATE.set()
    assert (await rep.expect_push()).text == "at last"


async def test_a_press_in_time_is_answered_with_its_words(rep: Person) -> None:
    shown = await rep.say("/buttons")
    answer = await rep.press(shown, "slow")
    assert isinstance(answer, Answer) and answer.text == "at last"


# Strangers and groups


async def test_a_stranger_is_told_once_how_it_opens(stranger: Person) -> None:
    assert "专属链接" in (await stranger.say("你好")).text
    stranger.write("在吗")
    await stranger.quiet()


async def test_a_flood_of_a_stranger_is_acknowledged_and_counted_only(
    stranger: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    for number in range(30):
        stranger.write(f"{number}")
    await sandbox.idle()
    await bot.idle()
    with database.reading() as connection:
        states = connection.exec_driver_sql("SELECT state, count(*) FROM inbox GROUP BY state ORDER BY state").all()
    assert [tuple(row) for row in states] == [(1, 10), (3, 20)]


async def test_a_group_gets_a_link_once_an_hour_and_nothing_of_anybody(sandbox: Sandbox, bot: App, rep: Person) -> None:
    group = acts.make_group(sandbox.world, "客户群", [ADMIN, REP, LEAD])
    who = sandbox.world.chats.people[REP]

    async def said() -> list[str]:
        await sandbox.idle()
        await bot.idle()
        return [entry.raw.get("text", "") for entry in group.entries.values() if entry.by_bot]

    for text in ("/today", "/help", "/today@sandbox_bot"):
        acts.say(sandbox.world, who, text, chat=group)
    assert len(await said()) == 1 and group.bot_status == "member"
    assert "https://t.me/sandbox_bot" in (await said())[0]
    sandbox.world.clock.move(3601)
    acts.say(sandbox.world, who, "/today", chat=group)
    assert len(await said()) == 2


async def test_only_an_admin_puts_the_bot_into_a_group(sandbox: Sandbox, bot: App, staff: StaffIds) -> None:
    """Elsewhere it says why, and leaves: at once, and again when it is added again."""
    group = acts.make_group(sandbox.world, "客户群", [LEAD, REP])
    admin = sandbox.world.chats.people[ADMIN]
    await sandbox.idle()
    await bot.idle()
    said = [entry.raw.get("text", "") for entry in group.entries.values() if entry.by_bot]
    assert len(said) == 1 and "https://t.me/sandbox_bot" in said[0] and group.bot_status == "left"
    acts.set_bot_status(sandbox.world, group, admin, "member")
    await sandbox.idle()
    await bot.idle()
    assert group.bot_status == "member"
    acts.set_bot_status(sandbox.world, group, admin, "left")
    acts.set_bot_status(sandbox.world, group, sandbox.world.chats.people[REP], "member")
    await sandbox.idle()
    await bot.idle()
    assert group.bot_status == "left"


# Menus


async def test_menus_hold_what_works_for_the_role(rep: Person, stranger: Person) -> None:
    assert rep.menu == ["today", "help"]
    assert stranger.menu == ["help"]


class TestFlood:
    """More than a person types."""

    @pytest.fixture
    def pace(self) -> Pace:
        return Pace(per_second=10_000, chat_spacing=0, throttle=lambda: Throttle(staff=5))

    async def test_what_is_over_waits_and_nothing_is_lost(
        self, sandbox: Sandbox, bot: App, staff: StaffIds, lead: Person
    ) -> None:
        flooding = Person(sandbox, ADMIN)
        for number in range(9):
            flooding.write(f"{number}")
        heard: Callable[[], list[str]] = lambda: [m.text for m in flooding.messages if m.view["from"] == "bot"]  # noqa: E731
        while len(heard()) < 6:
            await sandbox.world.chats.next_change()
        assert heard()[:5] == [f"plain {number}" for number in range(5)]
        assert "一条都不会丢" in heard()[5]
        assert (await Person(sandbox, LEAD).say("others go on")).text == "plain others go on"
        sandbox.world.clock.move(61)
        while len(heard()) < 10:
            await sandbox.world.chats.next_change()
        assert heard()[6:] == [f"plain {number}" for number in range(5, 9)]
