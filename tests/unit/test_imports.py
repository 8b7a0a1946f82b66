"""Customers of a file: put together from its rows, told from those that are there, and what the latter gain."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    Contact,
    ContactDraft,
    Customer,
    CustomerDraft,
    CustomerKind,
    Grade,
    Stage,
)
from domain.gains import Gain, gain_of
from domain.imports import (
    Candidates,
    Fate,
    Incoming,
    Known,
    Match,
    Rejected,
    Stored,
    agreed_of,
    find_same,
    names_agree,
    touched_of,
)
from domain.next_touches import NextTouch, Origin
from domain.sheets import CHAT_LIMITS, ProblemKind
from parsing.names import norm_of
from parsing.sheet_customers import gather
from parsing.sheets import open_sheet

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)  # a Wednesday, ten in the morning in Shanghai
TODAY = dt.date(2026, 11, 18)
ME, COLLEAGUE = 1, 2


def gathered(tmp_path: Path, text: str) -> list[Incoming | Rejected]:
    path = tmp_path / "customers.csv"
    path.write_text(text, encoding="utf-8")
    sheet = open_sheet(path, name=path.name, limits=CHAT_LIMITS)
    return list(gather(sheet, region="CN", today=TODAY))


def customers(rows: list[Incoming | Rejected]) -> Iterator[Incoming]:
    return (row for row in rows if isinstance(row, Incoming))


# Rows together ---------------------------------------------------------------------------------------------------------


def test_contacts_of_one_company_may_stand_anywhere(tmp_path: Path) -> None:
    text = (
        "公司,联系人,手机,地址\n"
        "明远科技有限公司,李强,13800138002,文一路1号\n"
        "天天鲜生,周敏,13800138003,\n"
        "明远科技有限公司,陈静,13800138004,文二路2号\n"
    )
    second, first = customers(gathered(tmp_path, text))
    assert (second.draft.name, second.numbers) == ("天天鲜生", (3,))  # whole as soon as its last row was read
    assert (first.draft.name, first.numbers) == ("明远科技有限公司", (2, 4))
    assert [contact.name for contact in first.draft.contacts] == ["李强", "陈静"]
    assert first.draft.values["address"] == "文一路1号"
    assert first.draft.values["note"] == "文二路2号"  # a second address is not lost


def test_a_row_that_says_it_again_adds_what_it_knows(tmp_path: Path) -> None:
    text = "姓名,手机,微信,城市,标签\n张伟,13800138001,,杭州,老客户\n张伟先生,13800138001,zw88,,爱喝茶\n"
    (one,) = customers(gathered(tmp_path, text))
    assert (one.draft.name, one.repeats, one.draft.tags) == ("张伟", 1, ("老客户", "爱喝茶"))
    (contact,) = one.draft.contacts
    assert [channel.kind for channel in contact.channels] == [ChannelKind.PHONE, ChannelKind.WECHAT]


def test_another_name_with_the_same_number_comes_back(tmp_path: Path) -> None:
    text = "客户名称,手机\n天天鲜生一店,13800138003\n好邻居超市,13800138003\n"
    back, kept = gathered(tmp_path, text)
    assert isinstance(kept, Incoming) and kept.draft.name == "天天鲜生一店"
    assert isinstance(back, Rejected) and (back.number, back.same_as) == (3, 2)


def test_bad_rows_come_back_with_their_cells(tmp_path: Path) -> None:
    (_, bad) = gathered(tmp_path, "姓名,手机,生日\n张伟,13800138001,1990-01-01\n李娜,13800138002,1990-13-45\n")
    assert isinstance(bad, Rejected)
    assert bad.cells == ("李娜", "13800138002", "1990-13-45")
    assert {problem.kind for problem in bad.problems} == {ProblemKind.BAD_DATE}


def test_the_same_file_gives_the_same_customers_again(tmp_path: Path) -> None:
    text = "公司,联系人,手机\n" + "".join(f"公司{i % 7}有限公司,联系人{i},1380013{i:04}\n" for i in range(60))
    assert gathered(tmp_path, text) == gathered(tmp_path, text)
    assert sum(len(one.numbers) for one in customers(gathered(tmp_path, text))) == 60


@pytest.mark.parametrize(
    ("some", "others", "agree"),
    [
        ("张伟", "张伟", True),
        ("张伟先生", "张伟", True),
        ("上海明远科技有限公司", "明远科技", True),
        ("张伟", "张建国", False),
        ("伟", "张伟", False),  # one character is a part of too many names
        ("Lin & Sons", "LIN AND SONS", True),
    ],
)
def test_names_agree_as_a_whole_or_in_part(some: str, others: str, agree: bool) -> None:
    assert names_agree((norm_of(some),), (norm_of(others),)) is agree


# Who is who ------------------------------------------------------------------------------------------------------------


def one(name: str, phone: str | None = None, *, company: bool = False, **more: object) -> Incoming:
    """A customer of a file."""
    channels = (Channel(ChannelKind.PHONE, phone, "+86" + phone),) if phone else ()
    kind = CustomerKind.COMPANY if company else CustomerKind.PERSON
    draft = CustomerDraft(name, kind, contacts=(ContactDraft(None if company else name, channels=channels),))
    norm = norm_of(name)
    return replace(Incoming((2,), (), draft, (norm,), (norm,)), **more)  # type: ignore[arg-type]


def known(
    key: int, name: str, owner: int | None = ME, *, company: bool = False, numbered: bool = True, **more: object
) -> Known:
    kind = CustomerKind.COMPANY if company else CustomerKind.PERSON
    return replace(Known(key, name, (norm_of(name),), kind, owner, None, None, numbered), **more)  # type: ignore[arg-type]


def among(*stored: tuple[Known, str | None]) -> Candidates:
    """Stored customers with their numbers."""
    marks: dict[tuple[str, str], tuple[int, ...]] = {}
    for customer, phone in stored:
        if phone:
            marks[ChannelKind.PHONE, "+86" + phone] = (customer.id,)
    return Candidates(
        {customer.id: customer for customer, _ in stored},
        marks,
        {customer.external_id: (customer.id,) for customer, _ in stored if customer.external_id},
        {customer.norms[0]: (customer.id,) for customer, _ in stored},
    )


def fate(customer: Incoming, *stored: tuple[Known, str | None]) -> Match:
    return find_same(customer, among(*stored), readable=lambda owner: owner == ME)


ZHANG, MING = "13800138001", "13800138002"


@pytest.mark.parametrize(
    ("incoming", "stored", "expected"),
    [
        # by number
        (one("张伟", ZHANG), known(1, "张伟"), Fate.UPDATED),
        (one("张伟先生", ZHANG), known(1, "张伟"), Fate.UPDATED),
        (one("李娜", ZHANG), known(1, "张伟"), Fate.DOUBLE),
        (one("李娜", ZHANG), known(1, "张伟", COLLEAGUE), Fate.FOREIGN),
        (one("张伟", ZHANG), known(1, "张伟", None), Fate.POOL),
        (one("张伟工作室", ZHANG, company=True), known(1, "张伟"), Fate.DOUBLE),  # a company is no person
        # by a company's name
        (one("明远科技", company=True), known(1, "明远科技", company=True), Fate.UPDATED),
        (one("明远科技", MING, company=True), known(1, "明远科技", company=True), Fate.UPDATED),
        (one("明远科技", company=True), known(1, "明远科技", COLLEAGUE, company=True), Fate.FOREIGN),
        # a person's name alone tells only where no number could
        (one("李娜"), known(1, "李娜", numbered=False), Fate.UPDATED),
        (one("李娜", MING), known(1, "李娜", numbered=True), Fate.NEW),
        (one("李娜"), known(1, "李娜", COLLEAGUE, numbered=False), Fate.NEW),
        # our own id counts where the rest agrees
        (one("张伟", keyuan_id=1), known(1, "张伟"), Fate.UPDATED),
        (one("王芳", keyuan_id=1), known(1, "张伟"), Fate.NEW),
        (one("张伟", ZHANG, keyuan_id=1), known(1, "张伟", COLLEAGUE), Fate.FOREIGN),  # by the number
        (one("张伟", keyuan_id=1), known(1, "张伟", COLLEAGUE), Fate.NEW),  # the id of a colleague's tells nothing
        (one("张伟", keyuan_id=1), known(1, "张伟", None), Fate.POOL),
        (one("王芳", keyuan_id=1), known(1, "张伟", COLLEAGUE), Fate.NEW),
        # so does another program's
        (one("张伟", external_id="C1"), known(1, "张伟", external_id="C1"), Fate.UPDATED),
        (one("王芳", external_id="C1"), known(1, "张伟", external_id="C1"), Fate.NEW),
        (one("张伟", external_id="C1"), known(1, "张伟", COLLEAGUE, external_id="C1"), Fate.NEW),
        (one("张伟", external_id="C2"), known(1, "张伟", external_id="C1", numbered=False), Fate.NEW),
    ],
)
def test_who_is_there_already(incoming: Incoming, stored: Known, expected: Fate) -> None:
    phone = ZHANG if stored.name == "张伟" else None
    assert fate(incoming, (stored, phone)).fate is expected


def test_only_our_own_export_overwrites() -> None:
    stored = (known(1, "张伟"), ZHANG)
    assert fate(one("张伟", ZHANG, keyuan_id=1), stored).wins
    assert fate(one("张玮", ZHANG, keyuan_id=1), stored).wins  # the name was corrected, the number is the same
    assert not fate(one("张伟", ZHANG), stored).wins


def test_two_of_one_name_are_nobody_in_particular() -> None:
    namesakes = ((known(1, "李娜", numbered=False), None), (known(2, "李娜", numbered=False), None))
    found = Candidates({1: namesakes[0][0], 2: namesakes[1][0]}, {}, {}, {norm_of("李娜"): (1, 2)})
    assert find_same(one("李娜"), found, readable=lambda owner: owner == ME).fate is Fate.NEW


# What they gain --------------------------------------------------------------------------------------------------------


def stored(**more: object) -> Stored:
    contact = Contact(5, 1, 1, "张伟", channels=(Channel(ChannelKind.PHONE, ZHANG, "+86" + ZHANG, 7),))
    customer = Customer(1, 1, CustomerKind.PERSON, "张伟", Stage.WON, Grade.UNGRADED, ME, "王娜", NOW, city="杭州")
    return Stored(replace(customer, **{"contacts": (contact,), "tags": ("老客户",)} | more))  # type: ignore[arg-type]


def gains(current: Stored, incoming: Incoming, *, wins: bool = False) -> Gain:
    return gain_of(current, incoming, wins=wins, zone=SHANGHAI, now=NOW)


def test_gaps_are_filled_and_nothing_is_overwritten() -> None:
    wechat = Channel(ChannelKind.WECHAT, "zw88", "zw88")
    draft = CustomerDraft(
        "张伟先生",
        values={"city": "上海", "industry": "餐饮", "note": ""},
        contacts=(ContactDraft("张伟先生", {"title": "店长"}, birthday=Birthday(5, 12), channels=(wechat,)),),
        tags=("老客户", "新标签"),
        stage=Stage.INTERESTED,
        grade=Grade.A,
    )
    gain = gains(stored(), replace(one("张伟"), draft=draft))
    assert gain.values == {"industry": "餐饮", "grade": Grade.A}
    assert (gain.tags, gain.channels) == (("新标签",), ((5, wechat),))
    assert gain.contact_values == ((5, {"title": "店长", "birthday": Birthday(5, 12)}),)


def test_our_own_export_takes_what_differs_and_an_empty_cell_takes_nothing() -> None:
    draft = replace(one("张玮").draft, values={"city": "上海", "note": None}, stage=Stage.PROSPECT)
    gain = gains(stored(note="老客户"), replace(one("张玮"), draft=draft, stage_said=True), wins=True)
    assert gain.values == {"name": "张玮", "city": "上海", "stage": Stage.PROSPECT}
    assert "stage" not in gains(stored(), replace(one("张伟"), draft=draft), wins=True).values  # no column of stages


def test_the_same_file_again_gives_nothing() -> None:
    again = replace(
        one("张伟", ZHANG), draft=replace(one("张伟", ZHANG).draft, values={"city": "杭州"}, tags=("老客户",))
    )
    assert not gains(stored(), again)
    assert not gains(stored(), again, wins=True)


def test_a_number_typed_alike_is_not_added_twice() -> None:
    """It was normal in a file that named the country, and is none in one that does not."""
    german = Channel(ChannelKind.PHONE, "030-0074321", "+49300074321", 8)
    current = stored(contacts=(Contact(5, 1, 1, "张伟", channels=(german,)),))
    typed = ContactDraft("张伟", channels=(Channel(ChannelKind.PHONE, "030-0074321"),))
    assert not gains(current, replace(one("张伟"), draft=replace(one("张伟").draft, contacts=(typed,))))


def test_a_contact_is_renamed_by_its_id_only_in_our_own_export() -> None:
    company = Customer(1, 1, CustomerKind.COMPANY, "明远科技", Stage.WON, Grade.A, ME, "王娜", NOW)
    current = Stored(replace(company, contacts=(Contact(5, 1, 1, "李强"), Contact(6, 1, 1, None))))
    draft = CustomerDraft("明远科技", CustomerKind.COMPANY, contacts=(ContactDraft("李强生"),))
    incoming = replace(one("明远科技", company=True), draft=draft, contact_ids=(5,))
    assert gains(current, incoming, wins=True).contact_values == ((5, {"name": "李强生"}),)
    assert gains(current, replace(incoming, contact_ids=(None,))).contacts == (ContactDraft("李强生"),)
    nameless = ContactDraft(None, channels=(Channel(ChannelKind.PHONE, "0571-1"),))
    whole = replace(incoming, draft=replace(draft, contacts=(nameless,)), contact_ids=(None,))
    assert gains(current, whole).channels == ((6, nameless.channels[0]),)  # the company's own numbers


FRIDAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("standing", "said", "wins", "taken"),
    [
        (None, FRIDAY, False, True),
        (NextTouch(dt.date(2026, 11, 25), None, Origin.PROPOSED), FRIDAY, False, True),
        (NextTouch(dt.date(2026, 11, 25), None, Origin.AGREED), FRIDAY, False, False),
        (NextTouch(dt.date(2026, 11, 25), None, Origin.AGREED), FRIDAY, True, True),
        (NextTouch(FRIDAY, None, Origin.PROPOSED), FRIDAY, True, False),
        (None, dt.date(2026, 11, 17), False, False),  # past: no agreement any more
        (None, None, True, False),
    ],
)
def test_a_date_of_the_file_counts_as_agreed(
    standing: NextTouch | None, said: dt.date | None, wins: bool, taken: bool
) -> None:
    gain = gains(replace(stored(), next_touch=standing), replace(one("张伟"), next_touch=said), wins=wins)
    assert (gain.next_touch == NextTouch(FRIDAY, None, Origin.AGREED)) is taken


def test_the_pool_has_no_next_touches() -> None:
    assert gains(stored(owner_id=None), replace(one("张伟"), next_touch=FRIDAY)).next_touch is None


def test_times_of_a_file_are_local() -> None:
    at = dt.datetime(2026, 11, 18, 15)  # noqa: DTZ001 (as a cell holds it)
    agreed = agreed_of(at, zone=SHANGHAI, now=NOW)
    assert agreed == NextTouch(TODAY, dt.datetime(2026, 11, 18, 7, tzinfo=dt.UTC), Origin.AGREED)
    assert agreed_of(dt.datetime(2026, 11, 18, 9), zone=SHANGHAI, now=NOW) is None  # noqa: DTZ001 (an hour ago)
    assert touched_of(dt.date(2026, 11, 1), zone=SHANGHAI, now=NOW) == dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC)
    assert touched_of(TODAY, zone=SHANGHAI, now=NOW) == NOW  # noon is still to come
