"""Sheets that leave: never calculated by whoever opens them, and the same when they come back."""

import csv
import datetime as dt
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    Contact,
    ContactDraft,
    Customer,
    CustomerDraft,
    CustomerKind,
    Gender,
    Grade,
    Stage,
)
from domain.sheets import (
    BAD,
    CHAT_LIMITS,
    Cell,
    Field,
    ImportRow,
    Problem,
    ProblemKind,
    Reason,
    SheetRefused,
    as_it_was,
    as_plain_text,
)
from parsing.sheet_rows import import_rows
from parsing.sheets import Sheet, open_sheet
from views.language import LOCALES, Translator
from views.sheet_words import column_name, problem_text, reason_heading, reasons, refused_file
from views.sheets import export_headings, export_rows, write_bad_rows, write_csv, write_xlsx

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = dt.date(2026, 11, 25)
PAYLOADS = [
    "=1+1",
    "+8613800138000",
    "-5",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "\0x",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1+1",
    "'=1+1",
    "''=1+1",
    '=HYPERLINK("http://example.com","x")',
    "=cmd|' /C calc'!A0",
]
PLAIN = [
    "张伟",
    "'",
    "'x",
    "007",
    "13800138000",
    "110101199003078515",
    "1e5",
    "3-4",
    "NULL",
    "无",
    "TRUE",
    "a,b;c\td|e",
    '"',
    "好\n坏",
]

# what XML and the escapes of the format cannot hold is nobody's text: half a pair, no characters, escapes in a row
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=30).filter(
    lambda text: not re.search("_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_", text)
)


@contextmanager
def a_file(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / name


def opened(path: Path) -> Sheet:
    return open_sheet(path, name=path.name, limits=CHAT_LIMITS)


def translator(locale: str) -> Translator:
    return Translator(locale, ZONE)


@given(texts)
def test_the_apostrophe_can_always_be_taken_off_again(text: str) -> None:
    assert as_it_was(as_plain_text(text)) == text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_is_text_in_every_program(tmp_path: Path, payload: str) -> None:
    write_csv(tmp_path / "x.csv", ["姓名", "备注"], [["张伟", payload]])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        ((_, cell),) = list(csv.reader(file))[1:]
    assert cell == "'" + payload
    write_xlsx(tmp_path / "x.xlsx", ["姓名", "备注"], [["张伟", payload]])
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet, styles = (archive.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert set(re.findall(r'<c r="\w+"[^>]*? t="(\w+)"', sheet)) == {"inlineStr"}
    assert 'quotePrefix="1"' in styles
    for name in ("x.csv", "x.xlsx"):
        (row,) = opened(tmp_path / name).rows
        assert row.cells == ["张伟", payload]


@pytest.mark.parametrize("write, name", [(write_csv, "x.csv"), (write_xlsx, "x.xlsx")])
def test_text_comes_back_as_it_was(tmp_path: Path, write: type, name: str) -> None:
    rows = [["张伟", text] for text in [*PAYLOADS, *PLAIN]]
    write(tmp_path / name, ["姓名", "备注"], rows)
    assert [row.cells for row in opened(tmp_path / name).rows] == rows


@settings(max_examples=60)
@given(st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=8))
@pytest.mark.parametrize("write, name", [(write_csv, "x.csv"), (write_xlsx, "x.xlsx")])
def test_any_text_comes_back_as_it_was(write: type, name: str, rows: list[list[str]]) -> None:
    rows = [["客户", *row, "末"] for row in rows]
    with a_file(name) as path:
        write(path, ["客户名称", "备注", "需求", "来源"], rows)
        assert [row.cells for row in opened(path).rows] == rows


def test_numbers_and_days_stay_what_they_are_and_numbers_of_phones_are_text(tmp_path: Path) -> None:
    row: list[Cell] = ["+8613800138000", 42, 2.5, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 9, 30), True]  # noqa: DTZ001
    write_xlsx(tmp_path / "x.xlsx", ["电话", "预算", "n", "下次跟进", "最近跟进", "b"], [row])
    (back,) = opened(tmp_path / "x.xlsx").rows
    assert back.cells == ["+8613800138000", 42.0, 2.5, dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 9, 30), True]  # noqa: DTZ001
    write_csv(tmp_path / "x.csv", ["电话", "预算", "n", "下次跟进", "最近跟进", "b"], [row])
    assert (tmp_path / "x.csv").read_bytes().split(b"\r\n")[1].decode() == (
        "'+8613800138000,42,2.5,2026-01-05,2026-01-05 09:30,TRUE"
    )


def test_a_csv_opens_in_excel_with_the_right_characters(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", ["姓名"], [["张伟"]])
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbf" + "姓名\r\n张伟\r\n".encode()


def test_odd_values_are_written_rather_than_lost(tmp_path: Path) -> None:
    odd: list[Cell] = [float("inf"), 10**20, dt.date(1899, 1, 1), dt.time(8, 30), dt.timedelta(hours=30), "x" * 40_000]
    write_xlsx(tmp_path / "x.xlsx", [f"h{n}" for n in range(6)], [odd])
    (row,) = opened(tmp_path / "x.xlsx").rows
    assert row.cells == ["inf", str(10**20), "1899-01-01", dt.time(8, 30), dt.timedelta(hours=30), "x" * 32_767]


def company() -> Customer:
    anna = Contact(
        id=7,
        customer_id=3,
        version=1,
        name="张伟",
        nickname="张总",
        title="采购经理",
        part="拍板",
        gender=Gender.MALE,
        birthday=Birthday(8, 15, 1985, lunar=True),
        preferred_channel="微信",
        preferred_time="下午",
        channels=(
            Channel(ChannelKind.PHONE, "138 0013 8000", "+8613800138000"),
            Channel(ChannelKind.PHONE, "021-62345678", "+862162345678"),
            Channel(ChannelKind.FAX, "021-62345679", "+862162345679"),
            Channel(ChannelKind.EMAIL, "zw@example.com", "zw@example.com"),
            Channel(ChannelKind.WECHAT, "zw_88", "zw_88"),
            Channel(ChannelKind.OTHER, "QQ: 10001"),
        ),
    )
    other = Contact(id=8, customer_id=3, version=1, name="李娜", birthday=Birthday(2, 29))
    return Customer(
        id=3,
        version=1,
        kind=CustomerKind.COMPANY,
        name="明远",
        stage=Stage.LOYAL,
        grade=Grade.B,
        owner_id=5,
        owner="王芳",
        created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        nickname="小明远",
        industry="科技",
        needs="无",
        interests="=茶",
        budget="20万",
        city="上海",
        district="静安区",
        address="南京西路1号",
        latitude=31.23,
        longitude=121.47,
        source="转介绍",
        note="- 第一条\n- 第二条",
        external_id="C-001",
        tags=("老客户", "key account"),
        contacts=(anna, other),
    )


def person() -> Customer:
    himself = Contact(id=9, customer_id=4, version=1, name="天天鲜生超市")
    return Customer(
        id=4,
        version=1,
        kind=CustomerKind.PERSON,
        name="天天鲜生超市",
        stage=Stage.PROSPECT,
        grade=Grade.UNGRADED,
        owner_id=None,
        owner=None,
        created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        contacts=(himself,),
    )


def as_drafts(customer: Customer) -> list[CustomerDraft]:
    names = (
        "nickname",
        "industry",
        "needs",
        "interests",
        "budget",
        "city",
        "district",
        "address",
        "latitude",
        "longitude",
    )
    values = {name: getattr(customer, name) for name in (*names, "source", "note", "external_id")}
    return [
        CustomerDraft(
            customer.name,
            customer.kind,
            {name: value for name, value in values.items() if value is not None},
            (as_draft(contact),),
            customer.tags,
            customer.stage,
            customer.grade,
        )
        for contact in customer.contacts
    ]


def as_draft(contact: Contact) -> ContactDraft:
    names = ("nickname", "title", "part", "preferred_channel", "preferred_time")
    values = {name: value for name in names if (value := getattr(contact, name)) is not None}
    return ContactDraft(contact.name, values, contact.gender, contact.birthday, contact.channels)


def rows_of(sheet: Sheet) -> list[ImportRow]:
    return list(import_rows(sheet, region="CN", today=TODAY))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("write, name", [(write_csv, "x.csv"), (write_xlsx, "x.xlsx")])
def test_what_is_exported_is_imported_without_loss(tmp_path: Path, locale: str, write: type, name: str) -> None:
    t = translator(locale)
    next_touch, last_touch = dt.datetime(2026, 12, 1, 15, 30), dt.date(2026, 11, 1)  # noqa: DTZ001
    rows = [
        *export_rows(t, company(), region="CN", next_touch=next_touch, last_touch=last_touch),
        *export_rows(t, person(), region="CN"),
    ]
    write(tmp_path / name, export_headings(t), rows)
    sheet = opened(tmp_path / name)
    assert sheet.ours and all(column.confidence == 1.0 for column in sheet.columns)
    first, second, third = rows_of(sheet)
    assert [row.draft for row in (first, second, third)] == [*as_drafts(company()), *as_drafts(person())]
    assert [(row.keyuan_id, row.contact_id) for row in (first, second, third)] == [(3, 7), (3, 8), (4, 9)]
    assert (first.owner, first.external_id, third.owner) == ("王芳", "C-001", None)
    assert (first.next_touch, first.last_touch, third.next_touch) == (next_touch, last_touch, None)
    assert [(row.duplicate_of, row.same_customer_as) for row in (first, second, third)] == [
        (None, None),
        (None, 2),
        (None, None),
    ]
    assert not any(row.problems for row in (first, second, third))


def test_an_edited_export_marks_the_same_contact_twice(tmp_path: Path) -> None:
    t = translator("en")
    first, second = export_rows(t, company(), region="CN")
    write_csv(tmp_path / "x.csv", export_headings(t), [first, second, first])
    assert [row.duplicate_of for row in rows_of(opened(tmp_path / "x.csv"))] == [None, None, 2]


BAD_FILE = "姓名;生日;电话\r\n张伟;1990-02-30;13800138000\r\n李娜;;=1+1\r\n;;'+86 139\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_bad_rows_come_back_as_the_file_they_came_in(tmp_path: Path, codec: str) -> None:
    (tmp_path / "in").write_bytes(BAD_FILE.encode(codec))
    sheet = opened(tmp_path / "in")
    t = translator("zh_Hans")
    cells = {row.number: row.cells for row in sheet.rows}
    bad = [(cells[row.number], reasons(t, row)) for row in rows_of(sheet) if row.is_bad]
    headings = [column.heading for column in sheet.columns]
    write_bad_rows(tmp_path / "out", sheet, headings, bad, reason_heading=reason_heading(t))
    text = (tmp_path / "out").read_bytes().decode(codec)
    assert text.splitlines() == [
        "未导入原因;姓名;生日;电话",
        "生日：没有“1990-02-30”这一天;张伟;1990-02-30;13800138000",
        "没有客户名称;;;'+86 139",
    ]
    again = opened(tmp_path / "out")
    assert again.encoding == sheet.encoding
    assert [column.field for column in again.columns] == [Field.IGNORE, Field.NAME, Field.BIRTHDAY, Field.PHONE]
    assert [row.cells[1:] for row in again.rows] == [cells for cells, _ in bad]


def test_a_reason_the_encoding_cannot_hold_makes_the_file_utf8(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes("Name;Straße\r\nMüller GmbH;Köln\r\n".encode("latin-1"))
    sheet = opened(tmp_path / "in")
    write_bad_rows(tmp_path / "out", sheet, [], [(["Müller", "Köln"], "没有客户名称")], reason_heading="")
    assert (tmp_path / "out").read_bytes().decode("utf-8-sig") == "没有客户名称;Müller;Köln\r\n"


def test_bad_rows_of_a_workbook_come_back_as_one(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["", dt.date(2026, 1, 5), 42], ["张伟", dt.date(2026, 1, 6), 43]]
    write_xlsx(tmp_path / "in.xlsx", ["姓名", "下次跟进", "预算"], rows, sheet_name="客户")
    sheet = opened(tmp_path / "in.xlsx")
    (raw, _) = sheet.rows
    write_bad_rows(
        tmp_path / "out.xlsx",
        sheet,
        ["姓名", "下次跟进", "预算"],
        [(raw.cells, "没有客户名称")],
        reason_heading="未导入原因",
    )
    again = opened(tmp_path / "out.xlsx")
    assert again.sheet_name == "客户"
    assert [row.cells for row in again.rows] == [["没有客户名称", "", dt.date(2026, 1, 5), 42.0]]


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_has_its_words_in_every_language(locale: str) -> None:
    t = translator(locale)
    names = [column_name(t, field) for field in Field]
    assert len(set(names)) == len(Field) and all(names)
    refused = [refused_file(t, SheetRefused(reason, FACTS)) for reason in Reason]
    problems = [problem_text(t, Problem(kind, Field.BIRTHDAY, "x", 3)) for kind in ProblemKind]
    for words in (*refused, *problems):
        assert words and "{" not in words
    if locale != "en":
        assert not any(re.search("[a-z]{3}", words) for words in (*names, *refused, *problems))


FACTS: dict[str, int | str] = {"limit": 20 * 2**20, "bytes": 1, "row": 7, "found": "exe", "entry": "y"}


def test_a_reason_tells_what_keeps_a_row_out_and_nothing_else() -> None:
    problems = (
        Problem(ProblemKind.BAD_PHONE, Field.PHONE, "12"),
        Problem(ProblemKind.NO_NAME, Field.NAME),
        Problem(ProblemKind.BAD_DATE, Field.BIRTHDAY, "{x}"),
    )
    assert sum(problem.kind in BAD for problem in problems) == 2
    text = reasons(translator("en"), ImportRow(2, None, problems))
    assert text == "There is no name of a customer; Birthday: there is no such day as “{x}”"
