"""Customer files opened: encodings, separators, headings and the fields of columns."""

import copy
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from domain.sheets import CHAT_LIMITS, Cell, Field, Reason, SheetKind, SheetRefused
from parsing.sheet_headings import read_heading
from parsing.sheets import Sheet, open_sheet
from views.language import LOCALES, Translator
from views.sheet_words import column_name, reason_heading

Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: bytes) -> Path:
        path = tmp_path / "customers"
        path.write_bytes(content)
        return path

    return to_file


def opened(path: Path) -> Sheet:
    return open_sheet(path, name="customers.csv", limits=CHAT_LIMITS)


def fields(sheet: Sheet) -> dict[str, Field]:
    return {column.heading: column.field for column in sheet.columns}


def workbook(path: Path, sheets: dict[str, list[list[Cell]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(r, c, cell, day)
                    elif cell != "":
                        sheet.write(r, c, cell)
    return path


HANS = "客户名称,联系人,手机,城市,备注\n上海明远科技有限公司,张伟,13800138000,上海,喜欢下午联系\n天天鲜生,刘洋,13900139000,杭州,需要报价\n"
HANT = "客戶名稱,聯絡人,行動電話,縣市,備註\n明遠股份有限公司,王大明,0912345678,台北市,老客戶\n天天鮮生,陳怡君,0987654321,新北市,要報價單\n"
LATIN = "Name,Phone,City\nMüller GmbH,+49 221 1234567,Köln\nJürgen Groß,+49 211 123456,Düsseldorf\n"


@pytest.mark.parametrize(
    "text, codec, encoding",
    [
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8-sig"),
        (HANS, "gbk", "gb18030"),
        (HANS, "gb18030", "gb18030"),
        (HANS, "utf-16", "utf-16"),
        (HANS, "utf-16-le", "utf-16-le"),
        (HANS, "utf-16-be", "utf-16-be"),
        (HANT, "big5", "cp950"),
        (HANT, "utf-8", "utf-8"),
        (LATIN, "latin-1", "cp1252"),
        (LATIN, "utf-8", "utf-8"),
    ],
)
def test_an_encoding_is_told_by_its_bytes(write: Write, text: str, codec: str, encoding: str) -> None:
    sheet = opened(write(text.encode(codec)))
    assert (sheet.kind, sheet.encoding, sheet.count) == (SheetKind.CSV, encoding, 2)
    assert [row.cells for row in sheet.rows] == [line.split(",") for line in text.splitlines()[1:]]


def test_one_damaged_byte_does_not_make_a_file_another_encoding(write: Write) -> None:
    content = ("姓名,电话\n" + "张伟,13800138000\n" * 50).encode() + b"\xe5\xbc,13900139000\n"
    sheet = opened(write(content))
    assert sheet.encoding == "utf-8"
    assert [row.cells[1] for row in sheet.rows][-1] == "13900139000"


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
def test_a_separator_is_the_one_that_makes_rows_alike(write: Write, separator: str) -> None:
    rows = [["姓名", "电话", "备注"], ["张伟", "13800138000", "A. B! C"], ["李娜", "13900139000", "D: E"]]
    sheet = opened(write("\r\n".join(separator.join(row) for row in rows).encode()))
    assert sheet.separator == separator
    assert [row.cells for row in sheet.rows] == rows[1:]


def test_the_separator_line_of_excel_is_obeyed(write: Write) -> None:
    sheet = opened(write(b"sep=;\r\nName;Phone\r\nAnna, Lin;+65 9123 4567\r\n"))
    assert [row.cells for row in sheet.rows] == [["Anna, Lin", "+65 9123 4567"]]


@pytest.mark.parametrize("line", ['sep="', "sep=", "sep=a", "sep=\r"])
def test_a_separator_line_that_names_none_is_a_row(write: Write, line: str) -> None:
    assert opened(write(f"{line}\n姓名,电话\n张伟,13800138000\n".encode())).separator == ","


def test_quoted_line_ends_and_separators_stay_in_their_cell(write: Write) -> None:
    sheet = opened(write('姓名,备注\r\n张伟,"第一行\n第二行, ""引号"""\r\n李娜,好\r\n'.encode()))
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ["张伟", '第一行\n第二行, "引号"']),
        (3, ["李娜", "好"]),
    ]


def test_a_separator_that_lost_its_quotes_is_put_back(write: Write) -> None:
    lines = [
        "id,companyName,address,city,phone",
        "A1,Bon Goût,12, rue Haute,Lyon,1234567",
        "A2,Nordlicht,Allee 5,Kiel,7654321",
    ]
    first, second = opened(write("\n".join(lines).encode())).rows
    assert first.joined and first.cells == ["A1", "Bon Goût", "12, rue Haute", "Lyon", "1234567"]
    assert not second.joined


def test_a_row_with_a_separator_too_many_is_left_as_it_is(write: Write) -> None:
    content = "姓名,地址,电话\n张伟,文一路1号,2楼,13800138000\n李娜,文二路,13900139000\n王芳,文三路,13700137000\n"
    first, *_ = opened(write(content.encode())).rows
    assert not first.joined and len(first.cells) == 4


def test_a_separator_at_the_end_of_every_row_is_no_cell_too_many(write: Write) -> None:
    content = "姓名,地址,电话,\n张伟, 文一路1号,13800138000,\n李娜,文二路, 2楼,,\n王芳,文三路,13700137000,x\n"
    first, second, third = opened(write(content.encode())).rows
    assert (first.cells, first.joined) == (["张伟", " 文一路1号", "13800138000"], False)
    assert (second.cells, second.joined) == (["李娜", "文二路, 2楼", ""], True)
    assert third.cells == ["王芳", "文三路", "13700137000", "x"]


def test_titles_and_blank_rows_above_the_heading_are_skipped(write: Write) -> None:
    content = (
        "客户档案表,,\n制表: 王芳 2025-11-01,,\n,,\n客户名称,联系电话,级别\n\n天天鲜生,13800138000,A\n,,\n明远科技,,B\n"
    )
    sheet = opened(write(content.encode()))
    assert (sheet.heading_row, sheet.count) == (4, 2)
    assert [row.number for row in sheet.rows] == [6, 8]


@pytest.mark.parametrize(
    "content, expected",
    [
        ("张伟,13800138000,上海\n李娜,13900139000,北京\n", {"A": Field.NAME, "B": Field.PHONE, "C": Field.CITY}),
        (
            "上海明远科技有限公司,张伟,zw@example.com\n北京天天食品有限公司,刘洋,ly@example.com\n",
            {"A": Field.COMPANY, "B": Field.NAME, "C": Field.EMAIL},
        ),
        ("张伟\n李娜\n", {"A": Field.NAME}),
    ],
)
def test_a_file_without_headings_loses_no_row(write: Write, content: str, expected: dict[str, Field]) -> None:
    sheet = opened(write(content.encode()))
    assert sheet.heading_row == 0
    assert fields(sheet) == expected
    assert sheet.count == len(content.splitlines())


def test_one_known_heading_is_enough_unless_it_is_a_value(write: Write) -> None:
    assert opened(write("Name;Stadt\nNordlicht;Kiel\nSüdwind;Ulm\n".encode())).heading_row == 1
    assert opened(write("张伟,微信\n李娜,电话\n王芳,微信\n".encode())).heading_row == 0


HEADINGS = [
    ("customerID", Field.EXTERNAL_ID),
    ("companyName", Field.COMPANY),
    ("contactName", Field.CONTACT_NAME),
    ("contactTitle", Field.TITLE),
    ("postalCode", Field.POSTCODE),
    ("fax", Field.FAX),
    ("*客户名称（必填）", Field.NAME),
    ("客户\n名称", Field.NAME),
    ("手機號碼", Field.PHONE),
    ("聯絡人電話", Field.PHONE),
    ("采购负责人电话", Field.PHONE),
    ("手机2", Field.PHONE2),
    ("公司电话", Field.PHONE2),
    ("E-mail 1 - Value", Field.EMAIL),
    ("Phone 1 - Type", Field.IGNORE),
    ("郵遞區號", Field.POSTCODE),
    ("鄉鎮市區", Field.DISTRICT),
    ("業務", Field.OWNER),
    ("最近一次跟进时间", Field.LAST_TOUCH),
    ("计划下次拜访日期", Field.NEXT_TOUCH),
    ("Next follow-up date", Field.NEXT_TOUCH),
    ("生日(农历)", Field.BIRTHDAY),
    ("Customer Phone No.", Field.PHONE),
    ("Owner Name", Field.OWNER),
    ("门店面积", Field.IGNORE),
    ("年龄", Field.IGNORE),
    ("身份证号", Field.IGNORE),
    ("创建时间", Field.IGNORE),
    ("统一编号", Field.EXTERNAL_ID),
]


@pytest.mark.parametrize("heading, field", HEADINGS)
def test_a_heading_names_a_field(heading: str, field: Field) -> None:
    assert read_heading(heading)[0] is field


@pytest.mark.parametrize("locale", LOCALES)
def test_the_headings_of_our_export_are_known_in_every_language(locale: str) -> None:
    t = Translator(locale, ZoneInfo("Asia/Shanghai"))
    for field in set(Field) - {Field.IGNORE}:
        assert read_heading(column_name(t, field)) == (field, 1.0)
    assert read_heading(reason_heading(t)) == (Field.IGNORE, 1.0)


def test_content_decides_where_a_heading_is_unclear(write: Write) -> None:
    content = (
        "姓名,联系方式,称谓,类型,Location,未知,状态\n"
        "张伟,zw@example.com,张总,经销商,上海,13800138000,启用\n"
        "李娜,ln@example.com,李姐,终端,北京,13900139000,启用\n"
    )
    assert fields(opened(write(content.encode()))) == {
        "姓名": Field.NAME,
        "联系方式": Field.EMAIL,
        "称谓": Field.NICKNAME,
        "类型": Field.TAGS,
        "Location": Field.CITY,
        "未知": Field.PHONE,
        "状态": Field.IGNORE,
    }


def test_two_columns_of_one_field_are_told_apart(write: Write) -> None:
    content = "姓名,电话,电话,客户名称,First Name\n张伟,13800138000,021-62345678,明远科技,Wei\n"
    assert [column.field for column in opened(write(content.encode())).columns] == [
        Field.CONTACT_NAME,
        Field.PHONE,
        Field.PHONE2,
        Field.NAME,
        Field.IGNORE,
    ]


def test_a_workbook_is_read_from_the_sheet_that_holds_the_list(tmp_path: Path) -> None:
    list_of_customers: list[list[Cell]] = [
        ["客户名称", "手机", "下次跟进"],
        ["明远科技", 13800138000, dt.date(2026, 1, 5)],
    ]
    path = workbook(tmp_path / "x", {"填写说明": [["请按格式填写"], ["谢谢"]], "客户": list_of_customers})
    sheet = opened(path)
    assert (sheet.kind, sheet.sheet_name, sheet.sheet_names) == (SheetKind.XLSX, "客户", ("填写说明", "客户"))
    assert [row.cells for row in sheet.rows] == [["明远科技", 13800138000.0, dt.date(2026, 1, 5)]]
    assert open_sheet(path, name="x", limits=CHAT_LIMITS, sheet="填写说明").count == 2


def test_a_company_merged_over_its_contacts_stands_in_each_row(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "客户名单")
        sheet.write_row(1, 0, ["公司", "联系人", "手机"])
        sheet.merge_range(2, 0, 3, 0, "明远科技")
        sheet.write_row(2, 1, ["张伟", "13800138000"])
        sheet.write_row(3, 1, ["李娜", "13900139000"])
        sheet.write_row(4, 0, ["天天鲜生", "刘洋", ""])
    rows = [row.cells for row in opened(path).rows]
    assert [row[:2] for row in rows] == [["明远科技", "张伟"], ["明远科技", "李娜"], ["天天鲜生", "刘洋"]]


def test_rows_can_be_read_again_and_carry_the_numbers_of_the_program(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", {"S": [[""], ["", "Name"], ["", "Anna"], [""], ["", "Bob"]]})
    sheet = opened(path)
    assert [row.number for row in sheet.rows] == [row.number for row in sheet.rows] == [3, 5]


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", Reason.EMPTY),
        (b"\n\n , \n", Reason.EMPTY),
        ("姓名,电话\n".encode(), Reason.NO_ROWS),
        ('姓名,备注\n张伟,"没有关\n李娜,好\n'.encode(), Reason.UNCLOSED_QUOTE),
        (b"name\n" + b"x" * 40_000, Reason.CELL_TOO_LONG),
        (b"name" + b",x" * 300 + b"\n", Reason.TOO_MANY_COLUMNS),
    ],
)
def test_a_text_that_is_no_list_is_refused(write: Write, content: bytes, reason: Reason) -> None:
    with pytest.raises(SheetRefused) as refused:
        opened(write(content))
    assert refused.value.reason is reason


def test_a_refusal_survives_the_way_out_of_a_worker_process() -> None:
    refused = copy.copy(SheetRefused(Reason.TOO_MANY_ROWS, {"limit": 5}))  # as a process pool sends it
    assert (refused.reason, refused.facts) == (Reason.TOO_MANY_ROWS, {"limit": 5})


def test_more_rows_than_the_limit_are_refused(write: Write) -> None:
    with pytest.raises(SheetRefused) as refused:
        opened(write(b"name\n" + b"Anna\n" * (CHAT_LIMITS.rows + 1)))
    assert refused.value.reason is Reason.TOO_MANY_ROWS
    assert refused.value.facts == {"limit": CHAT_LIMITS.rows}
