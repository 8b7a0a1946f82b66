"""``/status``: an admin sees how the bot is doing, and decides about messages that were held."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.app import App
from bot.chores import Backlog
from domain.backups import BackupState, Trouble
from domain.people import STAFF
from domain.seals import Head
from domain.status import MANY_WAITING
from handlers.routing import Command, Request, Route
from sandbox.faults import Fault, Kind
from sandbox.server import Sandbox
from storage import outbox
from storage.backup import keep_state
from storage.outbox import Letter
from storage.restore import settle_old
from storage.seal_check import verify
from storage.uow import UnitOfWork
from tests.chat.conftest import ADMIN, REP
from tests.chat.people import Answer, Message, Person
from views.language import NAMES
from views.replies import Reply
from views.settings import OpenTopic
from views.status import AskDropAll, Drop, DropAll, OpenStatus, PutBack, SendAgain

WEDNESDAY = "2026-11-18T10:00:00+08:00"
LINES = 15  # of a screen on a phone


def break_down(_req: Request) -> Reply:
    raise RuntimeError("a bug")


@pytest.fixture
def routes(routes: Sequence[Route]) -> Sequence[Route]:
    """All that the program has, and one that is broken."""
    return (*routes, Route(Command("break"), break_down, STAFF))


async def test_admins_hear_of_messages_that_pile_up_at_telegram(admin: Person, bot: App, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(Kind.ERROR, "getUpdates", times=0))
    for _ in range(MANY_WAITING + 1):
        sandbox.world.updates.add_raw("{}")
    backlog = Backlog(bot.bot, bot.core, bot.pipeline.composer)
    await backlog.look()
    assert "1,001 条消息还压在 Telegram 那边" in (await admin.expect_push()).text
    await backlog.look()
    sandbox.world.updates.drop()
    sandbox.faults.clear()
    await backlog.look()
    await admin.quiet()  # once an hour


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    """Wednesday, ten in the morning in Shanghai."""
    sandbox.world.clock.move_to(WEDNESDAY, zone="Asia/Shanghai")
    return sandbox


@pytest.fixture
async def held(bot: App) -> list[str]:
    """Six messages to a rep that were still to be sent when a backup was made, and a restore of it."""
    words = [f"提醒：第 {n} 件 &lt;事&gt;" for n in range(1, 7)]

    def hold(uow: UnitOfWork, now: dt.datetime) -> tuple[int, int]:
        rep = uow.people.find(REP)
        assert rep is not None
        at = now + dt.timedelta(hours=1)
        texts = [{"chat_id": REP, "text": f"<b>{text}</b>", "parse_mode": "HTML"} for text in words]
        outbox.add(uow.connection, [Letter(REP, "sendMessage", text, at, rep.person_id) for text in texts])
        return settle_old(uow, now)

    assert await bot.core.write(hold) == (len(words), 0)
    return words


def tab(kind: str) -> Callable[[str], bool]:
    """A button to one of the tabs."""
    return lambda data: data.startswith(f"qs1.{kind}.")


def fits(message: Message) -> bool:
    return len(message.text.splitlines()) <= LINES and all(len(label) <= 20 for label in message.buttons)


def said_to(person: Person) -> list[str]:
    return [message.text for message in person.messages if message.view["from"] == "bot"]


# How it is ---------------------------------------------------------------------------------------------------------


async def test_all_is_well(admin: Person) -> None:
    said = await admin.say("/status")
    assert "✅ 一切正常。" in said.text and fits(said)
    for part in (
        "收到：0 条待处理，0 条搁置",
        "0 条待决定",
        "Telegram 限了",  # how often: counted since the process began, so over tests as well
        "收到 Telegram 回应（轮询）",
        "MB",
        "备份：还没有",
    ):
        assert part in said.text
    assert said.buttons == ["🔄 刷新"]
    assert "status" in admin.menu


async def test_it_is_shown_anew_in_place(admin: Person, sandbox: Sandbox) -> None:
    said = await admin.say("/status")
    assert said.text.startswith("运行状态 10:00")
    sandbox.world.clock.move(3600)
    again = await admin.follow(said, OpenStatus)
    assert again.id == said.id and again.text.startswith("运行状态 11:00") and "已运行 1 小时" in again.text


async def test_nobody_else_sees_it(lead: Person, rep: Person, stranger: Person) -> None:
    for person in (lead, rep):
        assert "管理员来做" in (await person.say("/status")).text
        assert "status" not in person.menu
    assert "专属链接" in (await stranger.say("/status")).text


async def test_a_button_of_it_opens_for_nobody_who_is_no_admin_any_more(
    admin: Person, bot: App, held: list[str]
) -> None:
    page = await admin.follow(await admin.say("/status"), tab("h"))

    def demote(uow: UnitOfWork, now: dt.datetime) -> None:
        actor = uow.people.staff()[0]
        assert actor.telegram_id == ADMIN and actor.member_id is not None
        uow.act(None, "sample", undo=None)
        uow.teams(actor).change_member(actor.member_id, role="rep")

    await bot.core.write(demote)
    answer = await admin.press(page, SendAgain)
    assert isinstance(answer, Answer) and answer.show_alert


async def test_a_bug_is_found_by_the_number_that_its_person_was_told(admin: Person, rep: Person) -> None:
    told = (await rep.say("/break")).text
    reference = told.rsplit("：", 1)[1]
    said = await admin.say("/status")
    assert "有消息处理失败被搁置" in said.text and reference in said.text and fits(said)
    errors = await admin.follow(said, tab("e"))
    assert f"王娜的消息处理失败 · {reference}" in errors.text
    assert (await admin.follow(errors, OpenStatus)).text.startswith("运行状态")


async def test_people_who_were_slowed_down_are_counted(admin: Person, bot: App) -> None:
    def slow(uow: UnitOfWork, now: dt.datetime) -> None:
        rep = uow.people.find(REP)
        assert rep is not None
        for minute in range(3):
            words = {"chat_id": REP, "text": "慢一点"}
            key = f"waiting:{rep.person_id}:{minute}"
            outbox.add(uow.connection, [Letter(REP, "sendMessage", words, now, rep.person_id, dedupe_key=key)])

    await bot.core.write(slow)
    await bot.idle()
    assert "24 小时内有 1 人被限速" in (await admin.say("/status")).text


async def test_in_english_and_in_traditional_chinese(admin: Person, held: list[str]) -> None:
    for locale, head, verdict in (
        ("en", "Status at 10:00", "Needs a look: messages are held."),
        ("zh_Hant", "執行狀態 10:00", "需要看一下：有待傳訊息要決定。"),
    ):
        await admin.press(await admin.follow(await admin.say("/settings"), OpenTopic), NAMES[locale])
        said = await admin.say("/status")
        assert said.text.startswith(head) and verdict in said.text and fits(said)
        page = await admin.follow(said, tab("h"))
        assert fits(page) and "王娜" in page.text


@pytest.mark.both_databases
async def test_workers_are_named_where_there_can_be_several(admin: Person, bot: App) -> None:
    said = (await admin.say("/status")).text
    assert ("👷" in said) == (bot.database.dialect == "postgresql")
    if bot.database.dialect == "postgresql":
        assert f"发送：{':'.join(bot.roles.me.split(':')[:2])}" in said


# Held messages -----------------------------------------------------------------------------------------------------


async def test_held_messages_are_sent_or_dropped_one_by_one(admin: Person, rep: Person, held: list[str]) -> None:
    page = await admin.follow(await admin.say("/status"), tab("h"))
    assert "待决定的消息：6 条" in page.text and "王娜" in page.text and fits(page)
    assert "第 1 件 <事>" in page.text  # as it was meant, not as it is marked up
    page = await admin.follow(page, SendAgain)
    assert admin.answer is not None and admin.answer.text == "正在发送。"
    assert "待决定的消息：5 条" in page.text and "第 1 件" not in page.text
    assert said_to(rep) == ["提醒：第 1 件 <事>"]
    page = await admin.follow(page, Drop)
    assert "待决定的消息：4 条" in page.text and "↩︎ 放回" in page.buttons
    page = await admin.follow(page, PutBack)
    assert "待决定的消息：5 条" in page.text and "第 2 件" in page.text
    assert said_to(rep) == ["提醒：第 1 件 <事>"]


async def test_what_is_decided_stays_decided(admin: Person, rep: Person, held: list[str]) -> None:
    first = await admin.follow(await admin.say("/status"), tab("h"))
    second = await admin.follow(await admin.say("/status"), tab("h"))
    await admin.press(first, SendAgain)
    stale = next(data for data in second.data if data.startswith("qa1."))
    answer = await admin.press_data(second.id, stale)
    assert isinstance(answer, Message) and "待决定的消息：5 条" in answer.text
    assert admin.answer is not None and "已经处理过" in admin.answer.text
    assert said_to(rep) == ["提醒：第 1 件 <事>"]


async def test_pages_of_held_messages(admin: Person, held: list[str]) -> None:
    page = await admin.follow(await admin.say("/status"), tab("h"))
    last = await admin.follow(page, lambda data: data.startswith("qs1.h.1"))
    assert "5. " in last.text and "第 6 件" in last.text and "第 4 件" not in last.text
    for _ in range(2):
        last = await admin.follow(last, Drop)
    assert "第 4 件" in last.text  # the page that is left


async def test_dropping_all_asks_with_the_count_and_takes_those_that_were_there(
    admin: Person, rep: Person, bot: App, held: list[str]
) -> None:
    page = await admin.follow(await admin.say("/status"), tab("h"))
    asked = await admin.follow(page, AskDropAll)
    assert "要丢弃 6 条消息吗" in asked.text

    def hold_another(uow: UnitOfWork, now: dt.datetime) -> None:
        rep = uow.people.find(REP)
        assert rep is not None
        words = {"chat_id": REP, "text": "后来的一条"}
        outbox.add(uow.connection, [Letter(REP, "sendMessage", words, now + dt.timedelta(hours=1), rep.person_id)])
        settle_old(uow, now)

    await bot.core.write(hold_another)
    left = await admin.follow(asked, DropAll)
    assert "待决定的消息：1 条" in left.text and "后来的一条" in left.text
    assert said_to(rep) == []


async def test_decisions_are_in_the_history(admin: Person, held: list[str]) -> None:
    page = await admin.follow(await admin.say("/status"), tab("h"))
    page = await admin.follow(page, SendAgain)
    await admin.press(page, Drop)
    trail = (await admin.say("/history")).text
    assert "重发待决定的消息 · 王娜" in trail and "丢弃待决定的消息 · 王娜" in trail and "恢复了备份" in trail


# Backups -----------------------------------------------------------------------------------------------------------


async def test_the_night_makes_a_backup_and_a_second_look_none(
    admin: Person, bot: App, sandbox: Sandbox, tmp_path: Path
) -> None:
    await bot.backups.look()
    assert not (tmp_path / "backups").exists()  # the first night is still to come
    sandbox.world.clock.move(18 * 3600)
    for _ in range(2):
        await bot.backups.look()
    [made] = (tmp_path / "backups").iterdir()
    assert made.name == "keyuan-20261118T200000Z.db"
    said = (await admin.say("/status")).text
    assert "备份：" in said and "已验证可恢复" in said and "一切正常" in said


async def test_every_admin_hears_once_a_day_that_there_is_none(
    admin: Person, bot: App, sandbox: Sandbox, tmp_path: Path
) -> None:
    await bot.backups.look()
    (tmp_path / "backups").write_text("in the way")
    sandbox.world.clock.move(20 * 3600)
    await bot.backups.look()
    await admin.quiet()
    sandbox.world.clock.move(7 * 3600)
    for _ in range(3):
        await bot.backups.look()
    told = await admin.expect_push()
    assert "客户数据还没有备份" in told.text and "最近一次备份失败了" in told.text and "keyuan backup" in told.text
    await admin.quiet()
    status = await admin.follow(told, OpenStatus)
    assert "没有新的备份" in status.text and fits(status)
    (tmp_path / "backups").unlink()
    sandbox.world.clock.move(3600)
    await bot.backups.look()
    assert "没有新的备份" not in (await admin.say("/status")).text


@pytest.mark.parametrize("trouble", [*Trouble, None])
async def test_every_trouble_has_words(admin: Person, bot: App, trouble: Trouble | None) -> None:
    def note(uow: UnitOfWork, now: dt.datetime) -> None:
        since = now - dt.timedelta(days=3)
        keep_state(uow, BackupState(since, made_at=since, tried_at=now, trouble=trouble, detail="<why>"))

    await bot.core.write(note)
    said = await admin.say("/status")
    assert "3 天前" in said.text and fits(said)
    assert ("<why>" in said.text) == (trouble is not None)


# The record of who did what ----------------------------------------------------------------------------------------


async def test_every_admin_is_told_the_head_of_the_trail_once_a_day(
    admin: Person, rep: Person, bot: App, sandbox: Sandbox
) -> None:
    """Quietly, after nine, from the second day on, and only when something was added."""
    await bot.seals.look()
    sandbox.world.clock.move_to("2026-11-19T08:00:00+08:00", zone="Asia/Shanghai")
    await rep.say("/new 张伟 13800138000")
    await bot.seals.look()
    await admin.quiet()
    sandbox.world.clock.move_to("2026-11-19T09:01:00+08:00", zone="Asia/Shanghai")
    for _ in range(2):
        await bot.seals.look()
    told = await admin.expect_push()
    [value] = re.findall(r"\d+-[0-9a-f]{32}", told.text)
    assert "校验值" in told.text and fits(told)
    await admin.quiet()
    sandbox.world.clock.move_to("2026-11-20T09:01:00+08:00", zone="Asia/Shanghai")
    await bot.seals.look()
    await admin.quiet()
    with bot.database.reading(one_state=True) as connection:
        found = verify(connection, now=bot.clock.now(), told=[Head.parse(value)])
    assert found.trouble is None and str(found.head) == value
