"""Spreadsheets taken out through the chat: scoped, limited, written down, and the same when they come back."""

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Message, Person
from views.exports import StartExport

XLSX, CSV = "📗 Excel (XLSX)", "📄 CSV"

pytestmark = pytest.mark.usefixtures("company")


async def take(who: Person, kind: str) -> Message:
    """The file of an export."""
    return await who.follow(await who.say("/export"), kind)


def names(file: Message) -> set[str]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.document)).get_sheet_by_index(0)
    return {str(row[0]) for row in sheet.to_python()[1:]}


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", [XLSX, CSV])
async def test_an_export_comes_back_as_nothing_new(rep: Person, kind: str) -> None:
    file = await take(rep, kind)
    assert file.file_name.startswith("客户-2026-11-18.")
    preview = await rep.share("document", file.document, name=file.file_name)
    assert "新增 0 · 更新 0 · 重复 6" in preview.text and "是我导出的格式" in preview.text


async def test_everybody_gets_the_own_customers_only(rep: Person, lead: Person, admin: Person) -> None:
    mine, team, everybody = [names(await take(who, XLSX)) for who in (rep, lead, admin)]
    assert "张伟" in mine and "赵敏" not in mine and "曾雨" not in mine
    assert team == mine | {"赵敏"}  # the pool is nobody's to take but an admin's
    assert everybody == team | {"曾雨"}


async def test_a_reps_foreign_numbers_are_in_no_file(rep: Person) -> None:
    text = (await take(rep, CSV)).document.decode("utf-8-sig")
    assert "13800138001" in text and "13800138009" not in text and "13800138010" not in text


async def test_a_rep_takes_two_files_a_day_and_the_lead_hears_of_a_third(rep: Person, lead: Person) -> None:
    asked = await rep.say("/export")
    assert "今天还可以导出 2 次" in asked.text
    await rep.follow(asked, XLSX)
    await take(rep, CSV)
    refused = await take(rep, XLSX)
    assert "次数已用完" in refused.text and not refused.file_name
    assert "超过了限额" in (await lead.expect_push()).text
    assert "张伟" in names(await take(lead, XLSX))  # who has no limit


async def test_every_export_is_in_the_history(rep: Person, admin: Person) -> None:
    await take(rep, XLSX)
    assert "导出" in (await rep.say("/history")).text
    assert "客户-2026-11-18.xlsx" in (await admin.say("/history")).text


async def test_a_text_that_looks_like_a_formula_stays_a_text(rep: Person) -> None:
    preview = await rep.share("document", '姓名,备注\n钱七,"=HYPERLINK(""x"")"\n'.encode(), name="公式.csv")
    await rep.follow(preview, preview.buttons[-2])
    assert "'=HYPERLINK" in (await take(rep, CSV)).document.decode("utf-8-sig")


async def test_a_file_leaves_once_however_often_it_is_tapped(rep: Person) -> None:
    asked = await rep.say("/export")
    data = next(data for data in asked.data if data.startswith(StartExport.TAG))  # type: ignore[attr-defined]
    await rep.follow(asked, XLSX)
    await rep.press_data(asked.id, data)
    assert len([message for message in rep.messages if message.file_name]) == 1


async def test_a_stranger_gets_nothing(stranger: Person) -> None:
    told = await stranger.say("/export")
    assert "专属链接" in told.text and not any(data.startswith(StartExport.TAG) for data in told.data)  # type: ignore[attr-defined]
