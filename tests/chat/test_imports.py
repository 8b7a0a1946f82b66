"""Spreadsheets brought in through the chat: shown, chosen about, imported, sent back, taken back."""

import io

import pytest
import xlsxwriter

from sandbox.server import Sandbox
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Message, Person
from views.import_choices import (
    AskUndo,
    ChooseColumn,
    ChooseOwner,
    DropImport,
    KeepAsFile,
    ListImported,
    ReadAgain,
    ShowImport,
    StartImport,
    UndoImport,
)
from views.import_given import ShowGiven

# The shape of a public sample company's file, with invented rows: English headings, NULL, a comma that lost its quotes.
NORTH = """customerID,companyName,contactName,contactTitle,address,city,region,postalCode,country,phone,fax
NORDL,Nordlicht Feinkost,Meike Brandt,Owner,Hafenstr. 5,Kiel,NULL,24103,Germany,0431-0012345,0431-0012346
BOTIG,Botiga del Port,Marc Puig,Sales Agent,Carrer Nou, 12,Girona,NULL,17001,Spain,(972) 555 01 01,NULL
ALDEA,Mercado Aldeia,Rita Lopes,Owner,Rua Alta 3,Campinas,SP,04876-786,Brazil,(11) 555-0102,
"""
LIST = "姓名,手机,城市,负责人\n刘洋,13700137001,杭州,王娜\n孙丽,13700137002,上海,李强外人\n"
BAD = "姓名,手机,生日\n刘洋,13700137001,1990-05-12\n孙丽,13700137002,1990-13-45\n"

pytestmark = pytest.mark.usefixtures("company")


async def send(who: Person, text: str, name: str = "customers.csv") -> Message:
    """A list sent to the bot, and its preview."""
    return await who.share("document", text.encode(), name=name)


async def bring_in(who: Person, text: str, name: str = "customers.csv") -> Message:
    return await who.follow(await send(who, text, name), StartImport)


def workbook(*rows: tuple[str, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("客户")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def card_of(who: Person) -> Message:
    """The one message of the newest import: the last of the bot that is no file."""
    return next(m for m in reversed(who.messages) if m.view["from"] == "bot" and not m.file_name)


@pytest.mark.both_databases
async def test_a_foreign_customer_file_is_imported_and_taken_back(admin: Person) -> None:
    preview = await send(admin, NORTH)
    assert "3 行" in preview.text and "companyName → 公司" in preview.text
    assert "新增 3 · 更新 0 · 重复 0" in preview.text and "公海" in preview.text
    assert len(preview.text.splitlines()) < 15
    assert "2. Nordlicht Feinkost · Meike Brandt" in preview.text and "— 新增" in preview.text
    done = await admin.follow(preview, StartImport)
    assert "已导入" in done.text and done.id == preview.id  # one message from the reading on
    listed = await admin.follow(done, ListImported)
    assert "Botiga del Port" in listed.text
    assert "Rita Lopes" in (await admin.say("/find Mercado Aldeia")).text
    question = await admin.follow(await admin.follow(listed, ShowImport), AskUndo)
    assert "3 位客户" in question.text
    assert "删除了 3 位客户" in (await admin.follow(question, UndoImport)).text
    assert "没有" in (await admin.say("/find Mercado Aldeia")).text


async def test_the_preview_names_what_it_could_not_check(rep: Person) -> None:
    preview = await send(rep, "姓名,手机,邮箱,分级\n刘洋,12345,liu,特级\n孙丽,13700137002,sl@example.cn,A\n")
    assert "1 位有无法核实的内容，按原样保留：" in preview.text
    assert "第 2 行电话“12345”" in preview.text and "第 2 行邮箱“liu”" in preview.text
    assert "2. 刘洋 · 12345 — 新增" in preview.text and "3. 孙丽" in preview.text


@pytest.mark.parametrize("encoding", ["gb18030"])  # all of them: see unit/test_sheets
async def test_encodings_are_recognised(rep: Person, encoding: str) -> None:
    preview = await rep.share("document", LIST.encode(encoding), name="名单.csv")
    assert "新增 2" in preview.text and "姓名 → " in preview.text


async def test_a_workbook_is_imported(rep: Person) -> None:
    body = workbook(("姓名", "手机", "城市"), ("刘洋", "13700137001", "杭州"))
    preview = await rep.share("document", body, name="名单.xlsx")
    assert "新增 1" in preview.text
    await rep.follow(preview, StartImport)
    assert "刘洋" in (await rep.say("/find 刘洋")).text
    assert "刘洋" in (await rep.say("/find liuyang")).text


# Choices ---------------------------------------------------------------------------------------------------------------


async def test_a_column_is_said_to_be_another(rep: Person) -> None:
    preview = await send(rep, "姓名,手机,甲\n刘洋,13700137001,杭州\n")
    assert "不导入：甲" in preview.text
    columns = await rep.follow(preview, ChooseColumn)
    fields = await rep.follow(columns, "甲 → 不导入")
    changed = await rep.follow(fields, "城市")
    assert "甲 → 城市" in changed.buttons
    again = await rep.follow(changed, ReadAgain)
    assert "甲 → 城市" in again.text and "新增 1" in again.text
    await rep.follow(again, StartImport)
    assert "杭州" in (await rep.say("/find 刘洋")).text


async def test_who_got_customers_hears_of_it_once(lead: Person, admin: Person, rep: Person, sandbox: Sandbox) -> None:
    """Ten minutes later, of all imports together; not of one that was taken back meanwhile, and not in quiet hours."""
    for person, text in ((lead, LIST), (admin, "姓名,手机,负责人\n吴燕,13700137003,王娜\n郑凯,13700137004,王娜\n")):
        await person.follow(await send(person, text), StartImport)
    wrong = await lead.follow(await send(lead, "姓名,手机,负责人\n冯磊,13700137005,王娜\n"), StartImport)
    await lead.follow(await lead.follow(wrong, AskUndo), UndoImport)
    await rep.quiet()
    sandbox.world.clock.move(11 * 60)
    told = await rep.expect_push()
    assert "导入了 3 位客户" in told.text and len(told.buttons) == 3
    shown = await rep.follow(told, lambda data: data.startswith(ShowGiven.TAG))  # type: ignore[attr-defined]
    assert "刘洋" in shown.text and "孙丽" not in shown.text
    await rep.quiet()
    sandbox.world.clock.move(12 * 3600)
    await lead.follow(await send(lead, "姓名,手机,负责人\n蒋文,13700137006,王娜\n"), StartImport)
    sandbox.world.clock.move(11 * 60)
    await rep.quiet()  # it is night


async def test_a_column_of_owners_is_followed(lead: Person, rep: Person) -> None:
    preview = await send(lead, LIST)
    assert "按文件中的负责人（王娜 1）" in preview.text and "不是成员，归入公海：李强外人 1" in preview.text
    done = await lead.follow(preview, StartImport)
    assert "王娜 1" in done.text and "公海 1" in done.text
    assert "13700137001" in (await rep.say("/find 刘洋")).text.replace(" ", "")


async def test_customers_are_given_evenly(admin: Person, rep: Person) -> None:
    preview = await send(admin, "姓名,手机\n" + "".join(f"新客{i},1370013{i:04}\n" for i in range(20)))
    owners = await admin.follow(preview, ChooseOwner)
    even = await admin.follow(owners, "⚖️ 平均分给 2 位销售")
    done = await admin.follow(even, StartImport)
    assert "王娜 10、赵涛 10" in done.text and "每人每天最多 8 位" in done.text


async def test_a_rep_has_no_choice_of_owners(rep: Person) -> None:
    preview = await send(rep, LIST)
    assert "归属：你" in preview.text
    assert not any(data.startswith(f"{ChooseOwner.TAG}.") for data in preview.data)  # type: ignore[attr-defined]
    done = await rep.follow(preview, StartImport)
    assert "王娜 2" in done.text


# What comes back -------------------------------------------------------------------------------------------------------


async def test_bad_rows_come_back_with_the_reason(rep: Person) -> None:
    preview = await send(rep, BAD)
    assert "新增 1" in preview.text and "有误 1" in preview.text
    back = await rep.follow(preview, StartImport)
    assert back.file_name == "customers-未导入.csv"
    lines = back.document.decode("utf-8-sig").splitlines()
    assert lines[0] == "未导入原因,姓名,手机,生日" and "孙丽" in lines[1] and len(lines) == 2
    assert "有误 1" in card_of(rep).text
    corrected = await rep.share("document", back.document.replace(b"1990-13-45", b"1990-12-25"), name=back.file_name)
    assert "新增 1" in corrected.text


async def test_a_rep_hears_of_a_colleagues_customer_that_there_is_one(rep: Person, other_rep: Person) -> None:
    preview = await send(
        rep, "姓名,手机\n赵女士,13800138009\n刘洋,13700137001\n"
    )  # the first one's number is a colleague's
    assert "同事的客户 1" in preview.text and "赵敏" not in preview.text
    back = await rep.follow(preview, StartImport)
    text = back.document.decode("utf-8-sig")
    assert "同事已有这位客户,赵女士" in text and "赵敏" not in text
    await other_rep.quiet()


async def test_the_same_file_again_holds_nothing_new(rep: Person) -> None:
    await bring_in(rep, LIST)
    again = await send(rep, LIST)
    assert "新增 0 · 更新 0 · 重复 2" in again.text and "没有新的内容" in again.text
    assert again.text.count("— 重复") == 2 and "— 更新" not in again.text
    assert not any(data.startswith(f"{StartImport.TAG}.") for data in again.data)  # type: ignore[attr-defined]


# Refused ---------------------------------------------------------------------------------------------------------------


async def test_a_hostile_file_is_refused_while_others_are_answered(rep: Person, other_rep: Person) -> None:
    rep.send_file("document", b"PK\x03\x04" + bytes(4000), name="客户.xlsx")
    answered = await other_rep.say("/find 赵敏")
    assert "赵敏" in answered.text
    refused = card_of(rep)
    assert "⚠️" in refused.text and "正在读取" not in refused.text


async def test_what_is_no_list_may_be_kept_as_a_customers_file(rep: Person) -> None:
    refused = await rep.share("document", b"\x89PNG\r\n" + bytes(300), name="照片.csv")
    assert "⚠️" in refused.text
    kept = await rep.follow(refused, KeepAsFile)
    assert "⚠️" not in kept.text
    assert "草稿：📎 照片.csv" in (await rep.say("/today")).text  # it asks whose it is


async def test_a_file_beyond_twenty_megabytes_is_refused_at_once(rep: Person) -> None:
    said = await rep.share("document", bytes(20 * 2**20 + 1), name="很多.csv")
    assert "20 MB" in said.text


async def test_a_sheet_sent_with_a_log_belongs_to_the_log(rep: Person) -> None:
    body = workbook(("报价",), ("1000",))
    said = await rep.share("document", body, name="报价.xlsx", caption="拜访 张伟 发了报价单")
    assert "张伟" in said.text and "新增" not in said.text


# Stale, foreign, taken back --------------------------------------------------------------------------------------------


async def test_a_stale_button_shows_how_it_stands(rep: Person) -> None:
    preview = await send(rep, LIST)
    old = next(data for data in preview.data if data.startswith(StartImport.TAG))  # type: ignore[attr-defined]
    dropped = await rep.follow(preview, DropImport)
    assert "没有导入任何内容" in dropped.text
    await rep.press_data(preview.id, old)
    assert "没有导入任何内容" in rep.latest(preview).text
    assert "刘洋" not in " ".join((await rep.say("/import")).buttons)


async def test_buttons_of_another_are_no_use(rep: Person, other_rep: Person) -> None:
    preview = await send(rep, LIST)
    own = await send(other_rep, "姓名\n钱七\n")
    data = next(data for data in preview.data if data.startswith(StartImport.TAG))  # type: ignore[attr-defined]
    await other_rep.press_data(own.id, data)
    assert other_rep.answer is not None and other_rep.answer.text
    assert "新增 2" in rep.latest(preview).text


async def test_undo_asks_and_keeps_who_was_worked_with(rep: Person) -> None:
    await bring_in(rep, LIST)
    await rep.say("/visit 拜访 刘洋 谈了新报价")
    card = await rep.say("/import")
    done = await rep.follow(card, lambda data: data.startswith(ShowImport.TAG))  # type: ignore[attr-defined]
    undone = await rep.follow(await rep.follow(done, AskUndo), UndoImport)
    assert "删除了 1 位客户" in undone.text and "刘洋" in undone.text


async def test_the_undo_of_the_last_step_asks_first(rep: Person) -> None:
    await bring_in(rep, LIST)
    question = await rep.say("/undo")
    assert "撤销这次导入？" in question.text
    assert "刘洋" in (await rep.say("/find 刘洋")).text


async def test_a_stranger_sends_a_file_in_vain(stranger: Person) -> None:
    said = await send(stranger, LIST)
    assert "新增" not in said.text


async def test_an_import_sends_nothing_to_any_customer(rep: Person, client: Person) -> None:  # noqa: F811
    """Not even to one who has an account here and of whom the list knows something new."""
    done = await bring_in(rep, "姓名,手机,行业\n张伟,13800138001,餐饮\n")
    assert "更新 1" in done.text
    await client.quiet()


# Languages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button", "preview_says", "done_says"),
    [
        ("zh-hant", "✅ 匯入 2 位客戶", "重複 0", "已匯入"),
        ("en", "✅ Import 2 customers", "2 new", "Imported"),
    ],
)
async def test_other_languages(
    sandbox: Sandbox, rep: Person, language: str, button: str, preview_says: str, done_says: str
) -> None:
    settings = await rep.say("/settings")
    assert settings.buttons
    chosen = {"zh-hant": "繁體中文", "en": "English"}[language]
    await rep.press(await rep.follow(settings, settings.buttons[0]), chosen)
    preview = await send(rep, LIST)
    assert preview_says in preview.text
    assert done_says in (await rep.follow(preview, button)).text
