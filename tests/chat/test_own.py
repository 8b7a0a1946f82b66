"""Customers see, correct, take along and erase what is kept of them."""

# ruff: noqa: F811 (fixtures come in under their own names)

import json

import pytest
from sqlalchemy import select

from actions.cases import open_case
from actions.web import file_feedback
from bot.app import App
from domain.cases import About, CaseDraft, CaseKind
from sandbox.server import Sandbox
from storage.database import Database
from storage.erasures import read_list
from storage.models import Base, Erasure
from tests.chat.bound import bind, client, pending_client  # noqa: F401 (fixtures)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import NEIGHBOUR, REP, StaffIds
from tests.chat.people import Person
from tests.chat.test_reminders import move
from views.bindings import EndBinding, OpenBinding
from views.history import Undo
from views.links import OpenAccounts, OpenCustomer
from views.me import DecideCorrection, OpenCorrection
from views.privacy import AskErase, Erase, KeepData, TakeFile
from views.wishes import GoOn, SwitchPurpose

pytestmark = pytest.mark.usefixtures("company")
DAY = 86_400


async def test_a_customer_corrects_the_record(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    mine = await client.say("/me")
    assert "13800138001" in mine.text and "张伟" in mine.text
    email = next(label for label in mine.buttons if "邮箱" in label)
    await client.follow(mine, email)
    assert "name@example.com" in (await client.say("不是邮箱")).text
    await client.follow(await client.say("/me"), email)
    await client.say("zw@mingyuan.example")
    assert "zw@mingyuan.example" in client.last.text
    asked = await client.follow(await client.say("/me"), next(one for one in mine.buttons if "电话" in one))
    assert asked.keyboard == ["📱 分享我的号码", "取消"]
    await client.share_contact()
    assert "+8613800000005" in client.last.text.replace(" ", "")
    assert (await rep.say("13800000005")).text.find("张伟") >= 0


async def test_a_number_is_written_as_at_home(client: Person, rep: Person) -> None:
    """Without a country code it is read as in the country of the number that is known, wherever the company is."""
    phone = next(label for label in (await client.say("/me")).buttons if "电话" in label)
    await client.follow(client.last, phone)
    assert "国家代码" in (await client.say("0912 345 678")).text
    assert "确认后生效" in (await client.say("+886 912 000 006")).text
    await rep.follow(await rep.expect_push(), "✓ 采纳")
    await client.follow(await client.say("/me"), phone)
    assert "确认后生效" in (await client.say("0912 345 678")).text
    assert "+886912345678" in (await rep.expect_push()).text


@pytest.mark.both_databases
async def test_a_name_needs_a_yes(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    mine = await client.say("/me")
    await client.follow(mine, next(label for label in mine.buttons if "名" in label))
    assert "确认后生效" in (await client.say("张大伟")).text
    asked = await rep.expect_push()
    assert "张大伟" in asked.text
    taken = await rep.follow(asked, "✓ 采纳")
    assert "张大伟" in (await client.say("/me")).text
    await rep.press(taken, "↩︎ 撤销")
    assert "张大伟" not in (await client.say("/me")).text
    await move(sandbox, bot, 700)
    await client.quiet()  # taken back in time: nothing is said
    again = await rep.follow(await rep.say("/today"), OpenCorrection)
    await rep.follow(again, DecideCorrection)
    await move(sandbox, bot, 700)
    assert "已更新" in (await client.expect_push()).text


async def test_who_is_not_confirmed_sees_nothing(pending_client: Person) -> None:
    shown = await pending_client.say("/me")
    assert "13800138001" not in shown.text and "还没有确认" in shown.text and not shown.buttons


async def test_stop_holds_at_once(client: Person, rep: Person, sandbox: Sandbox, bot: App) -> None:
    stopped = await client.say("/stop")
    assert "已停止" in stopped.text
    settings = await client.say("/settings")
    assert "全部停止" in settings.text
    await client.say("在吗")
    relayed = await rep.expect_push()
    await rep.say("在的", reply_to=relayed)
    await move(sandbox, bot, 6)
    assert "在的" in (await client.expect_push()).text  # an answer to an own message
    on = await client.follow(settings, GoOn)
    assert "全部停止：" not in on.text
    off = await client.follow(on, SwitchPurpose)
    assert "⬜️ 服务消息" in off.text


async def test_the_data_go_along_as_a_file(client: Person, rep: Person) -> None:
    await client.say("我要三台")
    file = await client.follow(await client.say("/privacy"), TakeFile)
    values = json.loads(file.document)
    assert values["records"][0]["name"] == "张伟" and values["messages"][0]["text"] == "我要三台"
    assert {one["purpose"] for one in values["consents"]} == {"service", "offers"}


@pytest.mark.both_databases
async def test_once_a_year_a_customer_is_asked_whether_it_is_still_right(
    client: Person, sandbox: Sandbox, bot: App
) -> None:
    """The rep confirmed the account 20 days before that Wednesday."""
    await move(sandbox, bot, 344 * DAY)
    assert not any("还对吗" in message.text for message in client.messages)
    await move(sandbox, bot, DAY)
    asked = client.last
    assert "每年确认一次" in asked.text and "138" in asked.text
    assert "一年后再向您确认" in (await client.follow(asked, "✓ 都对")).text
    await move(sandbox, bot, 364 * DAY)
    assert client.last.id == asked.id
    await move(sandbox, bot, 2 * DAY)
    again = client.last
    assert again.id != asked.id and "还对吗" in again.text
    assert "张伟" in (await client.follow(again, "✏️ 修改")).text
    await client.say("/stop")
    await move(sandbox, bot, 366 * DAY)
    assert len([message for message in client.messages if "每年确认一次" in message.text]) <= 2


@pytest.mark.both_databases
async def test_a_customer_is_forgotten(
    client: Person, rep: Person, lead: Person, other_rep: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    await rep.say("拜访 张伟 老张说QZMARK要降价 下周三上午10点回访")
    # what belongs to no record of his: a preview, a colleague's words, a case that staff filed
    await lead.share("document", "姓名,手机,备注\n张伟,13800138001,QZMARK\n".encode(), name="customers.csv")
    await other_rep.say("/remind 下个月1号 打给13800138001")
    await other_rep.say("拜访 甄无此人 电话13800138001 问了价格")
    with database.transaction(bot.clock.now()) as uow:
        actor = uow.people.find(rep.id)
        assert actor is not None
        his = uow.customers(actor).search("13800138001").items[0].id
        open_case(uow, actor, CaseDraft(his, CaseKind.QUESTION, About.PRICE, "来电 QZMARK"), now=bot.clock.now())
    await client.say("QZMARK 我的电话是13800138001")
    await rep.say("收到 QZMARK", reply_to=await rep.expect_push())
    await move(sandbox, bot, 6)
    with database.transaction(bot.clock.now()) as uow:  # as from the page, with a photo
        own = uow.people.find(client.id)
        assert own is not None
        visitor = uow.web.contact(uow.bindings(own).mine()[0].contact_id)
        assert visitor is not None
        words, picture = "QZMARK", (b"QZMARK",)
        file_feedback(
            uow, visitor, CaseKind.QUESTION, About.PRICE, words, urgent=False, pictures=picture, now=bot.clock.now()
        )
    ask = await client.follow(await client.say("/privacy"), AskErase)
    await client.follow(ask, Erase)
    assert "要求删除" in (await rep.expect_push()).text
    kept = await client.follow(await client.say("/privacy"), KeepData)
    assert "保持原样" in kept.text
    await client.follow(await client.follow(await client.say("/privacy"), AskErase), Erase)
    await move(sandbox, bot, 6 * DAY + 60)
    assert "最后一次" in client.last.text
    assert left(database, "QZMARK")
    await move(sandbox, bot, DAY - 3600)  # the morning's lists are out
    await bot.idle()
    await move(sandbox, bot, 3600)
    await _searched(sandbox, bot, database)
    for mark in ("QZMARK", "13800138001", "老张", str(client.id)):
        assert not left(database, mark), mark
    found = await rep.say("/find 张伟")
    assert "老张" not in found.text
    assert "打给•••" in (await other_rep.say("/reminders")).text
    await _listed(bot)
    assert "专属链接" in (await client.say("你好")).text or "personal" in client.last.text  # a stranger again


async def test_a_contact_is_forgotten_and_the_company_goes_on(
    neighbour: Person, rep: Person, company: Company, staff: StaffIds, sandbox: Sandbox, bot: App, database: Database
) -> None:
    bind(database, sandbox, NEIGHBOUR, company.ids["明远科技有限公司"], confirmed_by=staff.members[REP])
    await rep.say("拜访 明远科技 李强说年底扩产 KEPT")
    await neighbour.say("我住院了 QZMARK")
    await rep.say("祝早日康复", reply_to=await rep.expect_push())
    await move(sandbox, bot, 6)
    await neighbour.follow(await neighbour.follow(await neighbour.say("/privacy"), AskErase), Erase)
    said = len(neighbour.messages)
    await move(sandbox, bot, 8 * DAY)  # the program was away for all of them
    await _searched(sandbox, bot, database)
    assert len(neighbour.messages) == said  # too late to be told that there is a day left
    assert not left(database, "QZMARK") and not left(database, str(NEIGHBOUR))
    assert left(database, "•••说年底扩产 KEPT")


async def test_an_account_that_nobody_confirmed_erases_itself_and_no_record(
    pending_client: Person, rep: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    """Whoever came by somebody else's link: told to be somebody else, or never looked at."""
    await pending_client.follow(await pending_client.follow(await pending_client.say("/privacy"), AskErase), Erase)
    accounts = await rep.follow(await rep.follow(await rep.expect_push(), OpenCustomer), OpenAccounts)
    ended = await rep.follow(await rep.follow(accounts, OpenBinding), EndBinding)
    assert "已解除" in ended.text
    await rep.follow(ended, Undo)
    await move(sandbox, bot, 8 * DAY)
    await bot.idle()
    card = await rep.say("/find 张伟")
    assert "老张" in card.text and "13800138001" in card.text
    assert not left(database, str(pending_client.id))


async def test_a_confirmed_customer_is_forgotten_whoever_unties_the_account(
    client: Person, rep: Person, sandbox: Sandbox, bot: App, database: Database
) -> None:
    await client.follow(await client.follow(await client.say("/privacy"), AskErase), Erase)
    accounts = await rep.follow(await rep.follow(await rep.expect_push(), OpenCustomer), OpenAccounts)
    await rep.follow(await rep.follow(accounts, OpenBinding), EndBinding)
    await move(sandbox, bot, 8 * DAY)
    await _searched(sandbox, bot, database)
    assert not left(database, "13800138001") and not left(database, "老张")


async def _searched(sandbox: Sandbox, bot: App, database: Database) -> None:
    """Until mentions elsewhere have been looked for, and a while later what was on its way."""
    looking = select(Erasure.id).where(Erasure.sweep.is_not(None) | Erasure.done_at.is_(None))
    while True:
        with database.reading() as connection:
            if connection.execute(looking.where(Erasure.cancelled_at.is_(None))).first() is None:
                return
        await move(sandbox, bot, 301)


async def _listed(bot: App) -> None:
    """The list for copies that are brought back is written as soon as it can be; until then the program goes on."""
    folder = bot.settings.backup_dir
    folder.write_text("in the way")
    await bot.backups.look()
    folder.unlink()
    await bot.backups.look()
    assert len(read_list(folder)) == 1


def left(database: Database, mark: str) -> list[str]:
    """The tables in which a text is found."""
    found = []
    with database.group() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                if mark in str([v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in row]):
                    found.append(f"{table.name}: {row}")
    return found
