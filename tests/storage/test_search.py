"""Finding customers: by any part of a name and any way to say it, inside the scope, never by a scan."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import column, text

from actions.customers import add_customer
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft, CustomerKind
from domain.people import Actor
from parsing.spots import How
from storage import finding, lookups, spots
from storage.customers import LINES
from storage.database import Database
from storage.lookups import KeyIs, KeyStarts, LookUp, NameHolds, NameIs, NameStarts, Where
from storage.reads import Read
from storage.search import PIECES, merge_index
from storage.uow import UnitOfWork
from tests.storage.people import NOW, hire

COMPANY = CustomerKind.COMPANY


def phone(number: str) -> tuple[Channel, ...]:
    return (Channel(ChannelKind.PHONE, number, f"+86{number}"),)


OWN = (
    CustomerDraft("张伟", contacts=(ContactDraft(channels=phone("13812345678")),), tags=("大客户",)),
    CustomerDraft("曾小明", contacts=(ContactDraft(values={"nickname": "小曾"}),)),
    CustomerDraft("單芳"),
    CustomerDraft(
        "北京明远科技有限公司",
        COMPANY,
        contacts=(ContactDraft("李强", {"nickname": "李总"}, channels=phone("13900001111")), ContactDraft("王芳")),
    ),
    CustomerDraft("Lin & Sons Ltd", COMPANY, contacts=(ContactDraft("Maria Anders"),)),
    CustomerDraft(
        "Alfreds Futterkiste",
        COMPANY,
        {"external_id": "ALFKI"},
        (ContactDraft(None, channels=(Channel(ChannelKind.EMAIL, "Info@Alfreds.example", "info@alfreds.example"),)),),
    ),
    CustomerDraft("😀"),
)
FOREIGN = CustomerDraft("王建国", contacts=(ContactDraft(channels=phone("13600000000")),), tags=("大客户",))
POOLED = CustomerDraft("公海张三", contacts=(ContactDraft(channels=phone("13712340000")),))


@pytest.fixture
def staff(database: Database) -> dict[str, Actor]:
    """The staff, with customers of ``rep``, one of ``stranger`` and one in the pool."""
    with database.transaction(NOW) as uow:
        actors = hire(uow)
    with database.transaction(NOW) as uow:
        for draft in OWN:
            add_customer(uow, actors["rep"], draft, now=NOW)
        add_customer(uow, actors["stranger"], FOREIGN, now=NOW)
        pooled = add_customer(uow, actors["stranger"], POOLED, now=NOW)
        uow.act(None, "customer.released", undo=None)
        uow.customers(actors["stranger"]).set_owner(pooled.customer.id, None)
    return actors


@pytest.fixture
def uow(database: Database, staff: dict[str, Actor]) -> Iterator[UnitOfWork]:
    with database.transaction(NOW) as unit:
        yield unit


def names(uow: UnitOfWork, actor: Actor, text: str) -> list[str]:
    return [line.name for line in uow.customers(actor).search(text).items]


FOUND = [
    ("张", "张伟"),  # one character
    ("小明", "曾小明"),  # the given name
    ("明远", "北京明远科技有限公司"),
    ("明远科技有限公司", "北京明远科技有限公司"),
    ("張偉", "张伟"),  # Traditional finds Simplified
    ("单芳", "單芳"),  # and the reverse
    ("李强", "北京明远科技有限公司"),  # a contact
    ("李总", "北京明远科技有限公司"),  # a contact's nickname
    ("小曾", "曾小明"),  # the nickname
    ("zhangwei", "张伟"),
    ("zhang wei", "张伟"),
    ("zengxiaoming", "曾小明"),  # as a surname
    ("cengxm", None),
    ("cengxiaoming", "曾小明"),  # as the dictionary reads it
    ("xiaoming", "曾小明"),
    ("shanfang", "單芳"),
    ("danfang", "單芳"),
    ("zxm", "曾小明"),
    ("mykj", "北京明远科技有限公司"),
    ("5678", "张伟"),
    ("678", "张伟"),
    ("12345678", "张伟"),
    ("138 1234 5678", "张伟"),
    ("+8613812345678", "张伟"),
    ("#大客户", "张伟"),
    ("大客户", "张伟"),
    ("#大客户 张", "张伟"),
    ("#大客户 李", None),
    ("明远 李强", "北京明远科技有限公司"),  # the company, and whom there
    ("lin and sons", "Lin & Sons Ltd"),
    ("LIN", "Lin & Sons Ltd"),
    ("anders", "Lin & Sons Ltd"),
    ("futter", "Alfreds Futterkiste"),
    ("alfki", "Alfreds Futterkiste"),  # the customer number
    ("info@alfreds", "Alfreds Futterkiste"),
    ("😀", "😀"),
    ("建国", None),  # another rep's
    ("6000", None),
    ("", None),
    ("%", None),
    ('" OR grams:"', None),
]


def test_a_rep_finds_by_any_part(uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests) -> None:
    for typed, first in FOUND:
        with subtests.test(typed=typed):
            found = names(uow, staff["rep"], typed)
            assert found[:1] == ([first] if first else [])


def test_the_contact_that_matched_is_named_once(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    (line,) = uow.customers(staff["rep"]).search("李").items
    assert (line.name, line.contact) == ("北京明远科技有限公司", "李强")
    (own,) = uow.customers(staff["rep"]).search("5678").items
    assert (own.name, own.contact) == ("张伟", None)


def test_own_customers_come_before_the_pool(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    lines = uow.customers(staff["rep"]).search("张").items
    assert [(line.name, line.pool) for line in lines] == [("张伟", False), ("公海张三", True)]


DIGITS = [("0000", True), ("13712340000", True), ("40000", False), ("712340000", False), ("3712340000", False)]


def test_a_masked_number_is_no_riddle(uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests) -> None:
    """The pool's numbers are found by the digits that are shown, or by all of them."""
    for typed, found in DIGITS:
        with subtests.test(typed=typed):
            assert ("公海张三" in names(uow, staff["rep"], typed)) is found


def test_everybody_searches_the_own_scope(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    assert names(uow, staff["stranger"], "张伟") == []
    assert names(uow, staff["colleague"], "张伟") == []
    assert names(uow, staff["lead"], "张伟") == ["张伟"]
    assert names(uow, staff["lead"], "王建国") == []
    assert names(uow, staff["admin"], "王建国") == ["王建国"]
    assert set(names(uow, staff["admin"], "#大客户")) == {"张伟", "王建国"}


SLIPS = [
    ("张玮", "张伟"),  # the same sound
    ("曾晓明", "曾小明"),
    ("明远科枝", "北京明远科技有限公司"),
    ("明远技科", "北京明远科技有限公司"),
    ("Futerkiste", "Alfreds Futterkiste"),
    ("alfred futterkiste", "Alfreds Futterkiste"),
    ("完全无关", None),
    ("xyzxyz", None),
]


def test_slips_are_forgiven(uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests) -> None:
    for typed, found in SLIPS:
        with subtests.test(typed=typed):
            lines = uow.customers(staff["rep"]).similar(typed)
            assert [line.name for line in lines][:1] == ([found] if found else [])


def test_what_was_renamed_is_found_by_the_new_name_only(database: Database, staff: dict[str, Actor]) -> None:
    with database.transaction(NOW) as uow:
        (line,) = uow.customers(staff["rep"]).search("张伟").items
        uow.act(staff["rep"], "customer.changed", customer_id=line.id)
        uow.customers(staff["rep"]).change(line.id, {"name": "欧阳春"})
    with database.transaction(NOW) as uow:
        assert names(uow, staff["rep"], "张伟") == []
        assert names(uow, staff["rep"], "ouyangchun") == ["欧阳春"]
        assert names(uow, staff["rep"], "5678") == ["欧阳春"]


def test_whoever_gets_a_customer_finds_it_and_the_giver_no_longer(database: Database, staff: dict[str, Actor]) -> None:
    with database.transaction(NOW) as uow:
        (line,) = uow.customers(staff["rep"]).search("张伟").items
        uow.act(staff["lead"], "customer.assigned", customer_id=line.id)
        uow.customers(staff["lead"]).set_owner(line.id, staff["colleague"].member_id)
    with database.transaction(NOW) as uow:
        for typed in ("张伟", "zhangwei", "5678", "#大客户"):
            assert names(uow, staff["rep"], typed) == []
            assert names(uow, staff["colleague"], typed) == ["张伟"]


def test_a_customers_owner_is_in_no_name(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    """A name that spells out the owner's token gives nobody else access."""
    member = staff["stranger"].member_id
    add_customer(uow, staff["rep"], CustomerDraft(f"own{member} own{member}", COMPANY), now=NOW)
    uow.flush()
    assert names(uow, staff["rep"], f"own{member}") == [f"own{member} own{member}"]
    assert names(uow, staff["stranger"], "own") == []
    assert names(uow, staff["stranger"], f"own{member}") == []


MESSAGES = [
    ("拜访 张伟 谈了新报价 对方要折扣 下周三上午10点回访", ("张伟", How.NAME)),
    ("電話 張偉 沒接", ("張偉", How.NAME)),
    ("刚见了李总 聊得不错", ("李总", How.NICKNAME)),
    ("昨天去了明远 谈合同", ("明远", How.PART)),
    ("visited Lin & Sons, renewed for a year", ("Lin & Sons", How.NAME)),
    ("called maria anders about the price", ("maria anders", How.NAME)),
    ("zhangwei来电 问价格", ("zhangwei", How.PINYIN)),
    ("尾号5678 来电话了", ("5678", How.PHONE)),
    ("微信跟公海张三聊了", ("公海张三", How.NAME)),  # the pool's, named outright
    ("见了张哥 要样品", ("张哥", How.TITLE)),
]


def test_names_are_found_inside_a_message(uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests) -> None:
    for words, named in MESSAGES:
        with subtests.test(words=words):
            found = uow.customers(staff["rep"]).spots(words)
            assert [(words[spot.start : spot.end], spot.how) for spot in found] == [named]


NOBODY_NAMED = ["明天上午开会 讨论方案", "见了王建国", "the weather was fine today", ""]


def test_nobody_is_found_where_nobody_is_named(
    uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests
) -> None:
    for words in NOBODY_NAMED:
        with subtests.test(words=words):
            assert uow.customers(staff["rep"]).spots(words) == ()


def _each_look_up(where: Where) -> list[LookUp]:
    return [
        NameStarts(where, "张"),
        NameIs(where, ("张伟", "明远")),
        NameHolds(where, [("张伟",), ("明远", "远科")]),
        KeyStarts(where, "pinyin", "zhang"),
        KeyIs(where, "tag", ("大客户",)),
    ]


def test_no_look_up_scans_a_table(uow: UnitOfWork, subtests: pytest.Subtests) -> None:
    for where in (Where((1,)), Where((0,), masked=True), Where((0, 1, 2), anywhere=True)):
        for one in _each_look_up(where):
            with subtests.test(where=where, look_up=type(one).__name__):
                plan = explained(uow, one)
                assert any("INDEX" in step or "Index" in step for step in plan), plan
                scans = [step for step in plan if "SCAN search_" in step and "VIRTUAL" not in step]
                assert not [*scans, *(step for step in plan if "Seq Scan" in step)], plan


def test_a_page_of_customers_is_found_by_their_keys(uow: UnitOfWork) -> None:
    named: Any = type(uow.connection.dialect)(paramstyle="named")  # type: ignore[call-arg]
    steps = _plan(uow, str(LINES.statement.compile(dialect=named)), {"keys": [1, 2]})
    assert not [step for step in steps if "SCAN customer" in step or "Seq Scan on customer" in step], steps


def explained(uow: UnitOfWork, one: LookUp) -> list[str]:
    return _plan(uow, *lookups.prepared([one], uow.connection.dialect.name))


def _plan(uow: UnitOfWork, statement: str, bound: dict[str, Any]) -> list[str]:
    """The steps of the database's plan; PostgreSQL is told that a scan is the last resort, whatever the size."""
    is_sqlite = uow.connection.dialect.name == "sqlite"
    if not is_sqlite:
        uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
    explain = text(f"{'EXPLAIN QUERY PLAN' if is_sqlite else 'EXPLAIN'} {statement}")
    steps = Read(explain.columns(column("plan")), lambda *row: row[-1]).all(uow.connection, **bound)
    return [str(step) for step in steps]


HOSTILE = ["长" * 4000, "a" * 4000, "9" * 4000, "张 " * 2000, "#" * 400, "'\"%_*()[]{}^~:\\ AND OR NOT NEAR"]


def test_nothing_that_is_typed_breaks_the_search(
    uow: UnitOfWork, staff: dict[str, Actor], subtests: pytest.Subtests
) -> None:
    for typed in HOSTILE:
        with subtests.test(typed=typed):
            customers = uow.customers(staff["rep"])
            assert customers.search(typed).total in (0, 2)  # 张 over and over finds both
            assert len(customers.similar(typed)) <= 7
            assert customers.spots(typed) == () or "张" in typed


def test_candidates_are_bounded(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    """However many share a name, a search ranks no more than it says."""
    for i in range(lookups.MOST + 20):
        uow.act(staff["rep"], "customer.added")
        uow.customers(staff["rep"]).add(CustomerDraft(f"同名商店{i}", COMPANY, owner_id=staff["rep"].member_id))
    uow.flush()
    assert uow.customers(staff["rep"]).search("同名").total <= 2 * lookups.MOST
    spotted = spots.spots(uow, staff["rep"], uow.customers(staff["rep"]).scope, "去了同名商店7 谈价格")
    assert len(spotted) <= 1  # PostgreSQL gives the first that it meets, and a hundred and more share four characters
    assert names(uow, staff["rep"], "同名商店7")[0] == "同名商店7"
    assert finding.with_a_slip(("ab", "bc", "cd")) == [("cd",), ("ab",)]


def test_merging_the_index_step_by_step_loses_nobody(database: Database, staff: dict[str, Actor]) -> None:
    """On SQLite every unit leaves a piece of its own; PostgreSQL has nothing to merge."""
    names = [f"合并商店{number}" for number in range(30)]
    for name in names:
        with database.transaction(NOW) as uow:
            uow.act(staff["rep"], "customer.added")
            uow.customers(staff["rep"]).add(CustomerDraft(name, COMPANY, owner_id=staff["rep"].member_id))
    steps = 0
    with database.group() as connection:
        while merge_index(connection, begin=steps == 0):
            steps += 1
        pieces = connection.execute(PIECES).scalar_one() if database.dialect == "sqlite" else 1
        assert pieces == 1
        assert not merge_index(connection, begin=True)
    with database.transaction(NOW) as uow:
        assert uow.customers(staff["rep"]).search("合并商店").total == len(names)
