"""Rows of customer files, understood: values, names, days, doubts and twins."""

import datetime as dt
from pathlib import Path

import pytest

from domain.customers import Birthday, ChannelKind, CustomerKind, Gender, Grade, Stage
from domain.sheets import CHAT_LIMITS, Cell, Field, ImportRow, ProblemKind
from parsing.sheet_cells import read_gender, read_grade, read_kind, read_place, read_stage, read_tags
from parsing.sheet_days import DayOrder, ImpossibleDay, learn_order, read_birthday, read_day
from parsing.sheet_phones import mobile_of, read_phones
from parsing.sheet_rows import import_rows
from parsing.sheets import open_sheet

TODAY = dt.date(2026, 11, 25)
NORTH = """customerID,companyName,contactName,contactTitle,address,city,region,postalCode,country,phone,fax
NORDL,Nordlicht Feinkost,Meike Brandt,Owner,Hafenstr. 5,Kiel,NULL,24103,Germany,0431-0012345,0431-0012346
BOTIG,Botiga del Port,Marc Puig,Sales Agent,Carrer Nou, 12,Girona,NULL,17001,Spain,(972) 555 01 01,NULL
ALDEA,Mercado Aldeia,Rita Lopes,Owner,Rua Alta, 3,Campinas,SP,04876-786,Brazil,(11) 555-0102,
"""


def rows_of(tmp_path: Path, text: str, *, region: str = "CN", fields: list[Field] | None = None) -> list[ImportRow]:
    path = tmp_path / "customers.csv"
    path.write_text(text, encoding="utf-8")
    sheet = open_sheet(path, name=path.name, limits=CHAT_LIMITS)
    return list(import_rows(sheet, fields, region=region, today=TODAY))


def test_a_foreign_customer_file_becomes_companies_with_contacts(tmp_path: Path) -> None:
    first, second, third = rows_of(tmp_path, NORTH)
    assert first.draft is not None and first.external_id == "NORDL" and not first.problems
    assert (first.draft.name, first.draft.kind) == ("Nordlicht Feinkost", CustomerKind.COMPANY)
    assert first.draft.values == {"external_id": "NORDL", "city": "Kiel", "address": "Hafenstr. 5, 24103, Germany"}
    (contact,) = first.draft.contacts
    assert (contact.name, contact.values) == ("Meike Brandt", {"title": "Owner"})
    assert [(c.kind, c.value, c.normal) for c in contact.channels] == [
        (ChannelKind.PHONE, "0431-0012345", "+494310012345"),
        (ChannelKind.FAX, "0431-0012346", "+494310012346"),
    ]
    assert second.draft is not None and second.draft.values["address"] == "Carrer Nou, 12, 17001, Spain"
    assert ProblemKind.JOINED in {problem.kind for problem in second.problems}
    assert third.draft is not None and third.draft.values["address"] == "Rua Alta, 3, SP, 04876-786, Brazil"
    (phone,) = third.draft.contacts[0].channels
    assert (phone.value, phone.normal, third.is_bad) == ("(11) 555-0102", None, False)


def test_a_full_row_lands_in_its_fields(tmp_path: Path) -> None:
    text = (
        "姓名,手机,微信,邮箱,生日,性别,省份,城市,地址,坐标,来源,标签,客户状态,分级,负责人,下次跟进,最近跟进,预算,备注,QQ\n"
        '张伟,138 0013 8000,zw_88,ZW@example.com,农历八月十五,男,浙江省,杭州,文一路1号,"30.2, 120.1",转介绍,#老客户 #爱喝茶,'
        "已成交,A级,李娜,2026-12-01 15:30,2026/11/1,20万,价格敏感,10001\n"
    )
    (row,) = rows_of(tmp_path, text)
    draft = row.draft
    assert draft is not None and not row.problems
    assert (draft.name, draft.kind, draft.stage, draft.grade) == ("张伟", CustomerKind.PERSON, Stage.WON, Grade.A)
    assert draft.tags == ("老客户", "爱喝茶")
    assert draft.values == {
        "city": "杭州",
        "address": "浙江省 文一路1号",
        "latitude": 30.2,
        "longitude": 120.1,
        "source": "转介绍",
        "budget": "20万",
        "note": "价格敏感",
    }
    (contact,) = draft.contacts
    assert (contact.name, contact.gender, contact.birthday) == ("张伟", Gender.MALE, Birthday(8, 15, None, lunar=True))
    assert [(c.kind, c.value, c.normal) for c in contact.channels] == [
        (ChannelKind.PHONE, "138 0013 8000", "+8613800138000"),
        (ChannelKind.WECHAT, "zw_88", "zw_88"),
        (ChannelKind.EMAIL, "ZW@example.com", "zw@example.com"),
        (ChannelKind.OTHER, "QQ: 10001", None),
    ]
    assert row.owner == "李娜"
    assert (row.next_touch, row.last_touch) == (dt.datetime(2026, 12, 1, 15, 30), dt.date(2026, 11, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "heading, line, name, kind, contact, short",
    [
        ("姓名", "张伟", "张伟", CustomerKind.PERSON, "张伟", None),
        ("姓名", "天天鲜生超市", "天天鲜生超市", CustomerKind.COMPANY, None, None),
        ("姓名,公司", "张伟,明远科技", "明远科技", CustomerKind.COMPANY, "张伟", None),
        ("姓名,公司", "张伟,", "张伟", CustomerKind.PERSON, "张伟", None),
        ("姓名,公司", "张伟,个体", "张伟", CustomerKind.PERSON, "张伟", None),
        (
            "客户名称,公司名称",
            "明远科技,上海明远科技有限公司",
            "上海明远科技有限公司",
            CustomerKind.COMPANY,
            None,
            "明远科技",
        ),
        ("客户名称,联系人", "老街茶铺,刘洋", "老街茶铺", CustomerKind.COMPANY, "刘洋", None),
        ("客户名称,联系人", "刘洋,刘洋", "刘洋", CustomerKind.PERSON, "刘洋", None),
        ("联系人,手机", "刘洋,13800138000", "刘洋", CustomerKind.PERSON, "刘洋", None),
        ("客户名称,客户类型", "老王,公司", "老王", CustomerKind.COMPANY, None, None),
        ("First Name,Last Name,Company", "Anna,Lin,Lin & Sons", "Lin & Sons", CustomerKind.COMPANY, "Anna Lin", None),
        ("姓,名", "欧阳,娜娜", "欧阳娜娜", CustomerKind.PERSON, "欧阳娜娜", None),
        ("Name,Phone", "Nan,+65 9123 4567", "Nan", CustomerKind.PERSON, "Nan", None),
    ],
)
def test_who_a_row_is_about(
    tmp_path: Path, heading: str, line: str, name: str, kind: CustomerKind, contact: str | None, short: str | None
) -> None:
    (row,) = rows_of(tmp_path, f"{heading}\n{line}\n")
    assert row.draft is not None
    assert (row.draft.name, row.draft.kind, row.draft.values.get("nickname")) == (name, kind, short)
    assert row.draft.contacts[0].name == contact


@pytest.mark.parametrize(
    "heading, line, kind",
    [
        ("姓名,电话", ",13800138000", ProblemKind.NO_NAME),
        ("姓名,电话", "NULL,13800138000", ProblemKind.NO_NAME),
        ("姓名,生日", "张伟,1990-02-30", ProblemKind.BAD_DATE),
        ("姓名,生日", "张伟,农历13月1日", ProblemKind.BAD_DATE),
        ("姓名,生日", "张伟,2027-01-01", ProblemKind.FUTURE_DATE),
        ("姓名,最近跟进", "张伟,2026-11-26", ProblemKind.FUTURE_DATE),
        ("姓名,下次跟进", "张伟,2062-11-26", ProblemKind.BAD_DATE),
        ("姓名,下次跟进", "张伟,2026-12-01 25:00", ProblemKind.BAD_DATE),
        ("姓名,电话", f"{'张' * 121},13800138000", ProblemKind.TOO_LONG),
        ("姓名,备注", f"张伟,{'好' * 4001}", ProblemKind.TOO_LONG),
        ("姓名,标签", f"张伟,{' '.join(f't{n}' for n in range(21))}", ProblemKind.TOO_MANY_TAGS),
        ("姓名,地址,电话", "张伟,文一路,2楼,13800138000,5", ProblemKind.TOO_MANY_CELLS),
    ],
)
def test_a_row_that_cannot_become_a_customer_is_bad(tmp_path: Path, heading: str, line: str, kind: ProblemKind) -> None:
    row, good = rows_of(tmp_path, f"{heading}\n{line}\n李娜{',' * heading.count(',')}\n")
    assert row.is_bad and row.draft is None
    assert kind in {problem.kind for problem in row.problems}
    assert not good.is_bad


@pytest.mark.parametrize(
    "heading, value, kind, note",
    [
        ("阶段", "冷静期", ProblemKind.UNKNOWN_WORD, "阶段: 冷静期"),
        ("性别", "保密", ProblemKind.UNKNOWN_WORD, "性别: 保密"),
        ("生日", "属龙", ProblemKind.UNKNOWN_WORD, "生日: 属龙"),
        ("下次跟进", "春节以后", ProblemKind.UNKNOWN_WORD, "下次跟进: 春节以后"),
        ("经纬度", "火星", ProblemKind.BAD_LOCATION, "经纬度: 火星"),
        ("需求", "多" * 301, ProblemKind.MOVED_TO_NOTE, "需求: " + "多" * 301),
        ("电话", "12345", ProblemKind.BAD_PHONE, None),
        ("邮箱", "zw在example", ProblemKind.BAD_EMAIL, None),
    ],
)
def test_what_is_not_understood_is_kept_and_said(
    tmp_path: Path, heading: str, value: str, kind: ProblemKind, note: str | None
) -> None:
    known = {"阶段": Field.STAGE, "性别": Field.GENDER, "经纬度": Field.LOCATION}
    guessed = known.get(heading)
    fields = [Field.NAME, guessed] if guessed else None
    (row,) = rows_of(tmp_path, f"姓名,{heading}\n张伟,{value}\n", fields=fields)
    assert [problem.kind for problem in row.problems] == [kind]
    assert row.draft is not None and row.draft.values.get("note") == note
    if note is None:
        (channel,) = row.draft.contacts[0].channels
        assert (channel.value, channel.normal) == (value, None)


def test_a_column_put_into_the_note_keeps_its_heading(tmp_path: Path) -> None:
    fields = [Field.NAME, Field.NOTE, Field.NOTE]
    (row,) = rows_of(tmp_path, "姓名,备注,门店面积\n张伟,老客户,50平\n", fields=fields)
    assert row.draft is not None and row.draft.values["note"] == "老客户\n门店面积: 50平"


def test_twins_and_further_contacts_of_a_file_are_marked(tmp_path: Path) -> None:
    text = (
        "姓名,公司,电话\n"
        "张伟,明远科技,13800138000\n"  # 2
        "李娜,明远科技,13900139000\n"  # 3: a further contact
        "张伟,明远 科技,021-62345678\n"  # 4: the same contact once more
        "王芳,,13700137000\n"  # 5
        "王芳,,13700137001\n"  # 6: another person of that name
        "王小芳,,13700137000\n"  # 7: the number of 5
        "王芳,,\n"  # 8: nothing tells her from 5
        "刘洋,天天鲜生,13800138000\n"  # 9: the number of 2
    )
    marks = {row.number: (row.duplicate_of, row.same_customer_as) for row in rows_of(tmp_path, text)}
    assert marks == {
        2: (None, None),
        3: (None, 2),
        4: (2, None),
        5: (None, None),
        6: (None, None),
        7: (5, None),
        8: (5, None),
        9: (2, None),
    }


DAYS: list[tuple[Cell, object]] = [
    (dt.date(2025, 1, 2), dt.date(2025, 1, 2)),
    ("2025-01-02", dt.date(2025, 1, 2)),
    ("2025/1/2", dt.date(2025, 1, 2)),
    ("2025.1.2", dt.date(2025, 1, 2)),
    ("20250102", dt.date(2025, 1, 2)),
    (20250102.0, dt.date(2025, 1, 2)),
    ("２０２５年１月２日", dt.date(2025, 1, 2)),
    ("2025年1月2日 星期四 下午3点", dt.datetime(2025, 1, 2, 15)),  # noqa: DTZ001
    ("1996-07-04 00:00:00.000", dt.date(1996, 7, 4)),
    ("1996-07-04T08:30:00Z", dt.datetime(1996, 7, 4, 8, 30)),  # noqa: DTZ001
    ("Jan 2, 2025", dt.date(2025, 1, 2)),
    ("2-Jan-25", dt.date(2025, 1, 2)),
    ("1/2/2025", dt.date(2025, 1, 2)),
    ("13/2/2025", dt.date(2025, 2, 13)),
    ("98/5/3", dt.date(1998, 5, 3)),
    ("112/05/03", dt.date(2023, 5, 3)),
    ("民國75年3月4日", dt.date(1986, 3, 4)),
    (45321, dt.date(2024, 1, 30)),
    ("45321", dt.date(2024, 1, 30)),
    (45321.5, dt.datetime(2024, 1, 30, 12)),  # noqa: DTZ001
    ("下周", None),
    ("2025-01", None),
    (1e300, None),
    (5.5, None),
    (True, None),
    (dt.time(8), None),
]


@pytest.mark.parametrize("cell, day", DAYS)
def test_a_day_is_read_however_a_sheet_writes_it(cell: Cell, day: object) -> None:
    assert read_day(cell, DayOrder.MONTH_FIRST) == day


@pytest.mark.parametrize("text", ["2025-02-30", "2025-13-01", "20250230", "31/4/2025", "2025年2月30日"])
def test_a_day_no_calendar_has_is_impossible(text: str) -> None:
    with pytest.raises(ImpossibleDay):
        read_day(text, DayOrder.DAY_FIRST)


@pytest.mark.parametrize(
    "cells, region, order",
    [
        (["1/2/2025", "25/12/2024"], "US", DayOrder.DAY_FIRST),
        (["1/2/2025", "12/25/2024"], "GB", DayOrder.MONTH_FIRST),
        (["1/2/2025"], "US", DayOrder.MONTH_FIRST),
        (["1/2/2025"], "SG", DayOrder.DAY_FIRST),
        ([dt.date(2025, 1, 2), ""], "CN", DayOrder.MONTH_FIRST),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_column(cells: list[Cell], region: str, order: DayOrder) -> None:
    assert learn_order(cells, region) is order


@pytest.mark.parametrize(
    "text, birthday",
    [
        ("1990-05-12", Birthday(5, 12, 1990)),
        ("5月12日", Birthday(5, 12)),
        ("0512", Birthday(5, 12)),
        ("02-29", Birthday(2, 29)),
        ("May 12", Birthday(5, 12)),
        ("12-May", Birthday(5, 12)),
        ("公历1990年5月12日", Birthday(5, 12, 1990)),
        ("农历八月十五", Birthday(8, 15, lunar=True)),
        ("八月十五", Birthday(8, 15, lunar=True)),
        ("八月十五日", Birthday(8, 15)),
        ("農曆臘月廿三", Birthday(12, 23, lunar=True)),
        ("正月初五", Birthday(1, 5, lunar=True)),
        ("冬月三十", Birthday(11, 30, lunar=True)),
        ("阴历1988年8月15", Birthday(8, 15, 1988, lunar=True)),
        ("农历 1990-08-15", Birthday(8, 15, 1990, lunar=True)),
        ("lunar 08-15", Birthday(8, 15, lunar=True)),
        ("1998-05", None),
        ("属龙", None),
    ],
)
def test_a_birthday_is_solar_or_lunar_with_or_without_its_year(text: str, birthday: Birthday | None) -> None:
    assert read_birthday(text, DayOrder.MONTH_FIRST) == birthday


@pytest.mark.parametrize(
    "text, tags",
    [
        ("大客户,VIP、老;新", ("大客户", "VIP", "老", "新")),
        ("大客户 VIP 大客户", ("大客户", "VIP")),
        ("#大客户#VIP", ("大客户", "VIP")),
        ("#key account #vip", ("key account", "vip")),
        ("key account, vip", ("key account", "vip")),
        ("＃大客户，＃爱喝茶", ("大客户", "爱喝茶")),
        ("* 重要", ("重要",)),
        ("、 ,", ()),
    ],
)
def test_tags_are_told_apart(text: str, tags: tuple[str, ...]) -> None:
    assert read_tags(text) == tags


def test_words_of_three_languages_are_understood() -> None:
    assert {read_stage(word) for word in ("已成交", "成交客戶", "Won", "初购")} == {Stage.WON}
    assert {read_stage(word) for word in ("潜在客户", "潛在", "lead")} == {Stage.PROSPECT}
    assert {read_grade(word) for word in ("A", "a級", "高價值", "High", "重点客户", "A 高价值")} == {Grade.A}
    assert {read_gender(word) for word in ("女士", "女", "F", "Mrs.")} == {Gender.FEMALE}
    assert {read_kind(word) for word in ("企業", "公司", "Company")} == {CustomerKind.COMPANY}
    nothing = (read_stage("冷静期"), read_grade("S"), read_gender("保密"), read_kind("终端"))
    assert nothing == (None, None, None, None)


@pytest.mark.parametrize(
    "text, place",
    [
        ("31.23, 121.47", (31.23, 121.47)),
        ("121.47，31.23", (31.23, 121.47)),
        ("(25.04 121.56)", (25.04, 121.56)),
        ("200, 300", None),
        ("上海", None),
    ],
)
def test_coordinates_are_latitude_first_where_both_could_be(text: str, place: tuple[float, float] | None) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("13800138000/13900139000", ["+8613800138000", "+8613900139000"]),
        ("13800138000 13900139000", ["+8613800138000", "+8613900139000"]),
        ("'13800138000", ["+8613800138000"]),
        ("138-0013-8000；021-62345678", ["+8613800138000", "+862162345678"]),
        ("+852 6123 4567", ["+85261234567"]),
        ("030/1234567", [None]),
    ],
)
def test_a_cell_may_hold_several_numbers(text: str, numbers: list[str | None]) -> None:
    assert [channel.normal for channel in read_phones(text, region="CN", kind=ChannelKind.PHONE)] == numbers


@pytest.mark.parametrize(
    "typed, region, normal",
    [
        ("13800138000", "CN", "+8613800138000"),
        ("+86 138-0013-8000", "CN", "+8613800138000"),
        ("0912-345-678", "TW", "+886912345678"),
        ("6123 4567", "HK", "+85261234567"),
        ("021-62345678", "CN", None),  # no mobile: the slow way knows it
        ("+852 6123 4567", "CN", None),
        ("10000000000", "CN", None),
        ("１３８００１３８０００", "CN", None),
        ("13800138000", "XX", None),
    ],
)
def test_mobiles_of_the_own_region_are_told_fast(typed: str, region: str, normal: str | None) -> None:
    assert mobile_of(typed, region) == normal
