"""Imports filed in batches: whose they become, what existing customers gain, what a crash does, and taking them back."""

import datetime as dt
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from actions import import_undo
from actions.customers import add_customer
from actions.imports import choose_owner
from actions.touches import log_touch
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft, CustomerKind, Grade
from domain.errors import NotFound, Throttled, TooLate
from domain.imports import BATCH, Fate, ImportState, OwnerRule
from domain.next_touches import SPREAD
from domain.people import Actor
from domain.touches import Outcome, TouchDraft, TouchKind
from handlers.exports import rows_of
from storage.database import Database
from storage.models import Act, Change, Contact, Customer, NextTouch, SearchKey, SearchName, Tag
from tests.storage.people import NOW, hire
from tests.storage.sheets import Desk
from views.language import Translator
from views.sheets import export_headings, write_csv

TODAY = dt.date(2026, 11, 18)  # a Wednesday
DAY = dt.timedelta(days=1)
LIST = """姓名,手机,微信,城市,分级,标签,下次跟进,最近跟进,客户状态
张伟,13800138001,zw88,杭州,A,#老客户,2026-11-20,2026-11-01,意向
李娜,13800138002,,上海,B,,,,潜在
王芳,13800138003,,上海,,,,,流失
"""


@pytest.fixture
def staff(database: Database) -> dict[str, Actor]:
    with database.transaction(NOW) as uow:
        return hire(uow)


@pytest.fixture
def desk(database: Database, tmp_path: Path, staff: dict[str, Actor]) -> Desk:
    return Desk(database, tmp_path, NOW)


def rows(desk: Desk, model: Any, *columns: str) -> list[Any]:
    """Columns of all rows of a table, in the order they were written."""
    with desk.database.reading() as connection:
        wanted = select(*(getattr(model, name) for name in columns)).order_by(model.id)
        return [tuple(row) if len(columns) > 1 else row[0] for row in connection.execute(wanted)]


def count(desk: Desk, model: Any) -> int:
    with desk.database.reading() as connection:
        found: int = connection.execute(select(func.count()).select_from(model)).scalar_one()
        return found


def many(number: int, *, company: str = "", grade: str = "") -> str:
    """A list of so many persons; with ``company`` of companies."""
    head = "公司,联系人,手机,分级\n" if company else "姓名,手机,分级\n"
    lines = (
        f"{company}{i}号店有限公司,店长{i},1390000{i:04},{grade}" if company else f"客户{i},1380000{i:04},{grade}"
        for i in range(number)
    )
    return head + "\n".join(lines)


# New customers ---------------------------------------------------------------------------------------------------------


def test_a_list_becomes_customers_with_everything_that_hangs_on_them(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    line = desk.bring_in(rep, LIST)
    assert (line.state, line.done(Fate.NEW)) == (ImportState.DONE, 3)
    with desk.unit() as uow:
        (found,) = uow.customers(rep).search("zhangwei").items
        customer = uow.customers(rep).get(found.id)
        assert (customer.name, customer.owner_id, customer.city, customer.tags) == (
            "张伟",
            rep.member_id,
            "杭州",
            ("老客户",),
        )
        assert [channel.normal for channel in customer.contacts[0].channels] == ["+8613800138001", "zw88"]
        assert uow.customers(rep).search("8002").items[0].name == "李娜"
        assert uow.customers(rep).search("#老客户").items[0].name == "张伟"
        agreed = uow.next_touches(rep).open_of(customer.id)
        assert agreed is not None and (agreed.day, agreed.origin) == (dt.date(2026, 11, 20), "agreed")
    touched = dict(rows(desk, Customer, "name", "touched_at"))
    assert touched["张伟"] == dt.datetime(2026, 11, 1, 4, tzinfo=dt.UTC) and touched["李娜"] is None
    assert count(desk, NextTouch) == 2  # who is lost is left in peace


def test_a_company_gets_only_contacts_of_whom_the_file_says_anything(desk: Desk, staff: dict[str, Actor]) -> None:
    desk.bring_in(staff["rep"], "公司,联系人,手机\n明远科技有限公司,李强,13800138002\n天天鲜生有限公司,,\n")
    assert rows(desk, Contact, "name") == ["李强"]


def test_a_rep_brings_in_own_customers_whatever_the_file_says(desk: Desk, staff: dict[str, Actor]) -> None:
    line = desk.read(staff["rep"], "姓名,手机,负责人\n张伟,13800138001,colleague\n")
    with desk.unit() as uow, pytest.raises(Exception, match="owner"):
        choose_owner(uow, staff["rep"], line, OwnerRule.POOL)
    desk.finish(staff["rep"], desk.start(staff["rep"], line))
    assert rows(desk, Customer, "owner_id") == [staff["rep"].member_id]


def test_a_column_of_owners_is_followed_and_strangers_go_to_the_pool(desk: Desk, staff: dict[str, Actor]) -> None:
    text = "姓名,手机,负责人\n张伟,13800138001,Rep\n李娜,13800138002,colleague\n王芳,13800138003,stranger\n刘洋,13800138004,\n"
    desk.bring_in(staff["lead"], text)  # whose tree ``stranger`` is not in
    expected = [staff["rep"].member_id, staff["colleague"].member_id, None, None]
    assert rows(desk, Customer, "owner_id") == expected


def test_evenly_means_evenly(desk: Desk, staff: dict[str, Actor]) -> None:
    line = desk.bring_in(staff["admin"], many(100), rule=OwnerRule.EVEN)
    owners = Counter(rows(desk, Customer, "owner_id"))
    assert sorted(owners.values()) == [33, 33, 34]
    assert sum(line.facts["given"].values()) == 100


def test_one_member_of_the_own_tree_can_be_chosen(desk: Desk, staff: dict[str, Actor]) -> None:
    line = desk.read(staff["lead"], LIST)
    with desk.unit() as uow, pytest.raises(NotFound):
        choose_owner(uow, staff["lead"], line, OwnerRule.ONE, staff["stranger"].member_id)
    with desk.unit() as uow:
        line = choose_owner(uow, staff["lead"], line, OwnerRule.ONE, staff["colleague"].member_id)
    desk.finish(staff["lead"], desk.start(staff["lead"], line))
    assert set(rows(desk, Customer, "owner_id")) == {staff["colleague"].member_id}


# Next touches ----------------------------------------------------------------------------------------------------------


def test_next_touches_are_spread_a_few_a_day_better_grades_first(desk: Desk, staff: dict[str, Actor]) -> None:
    text = many(60) + "\n" + "\n".join(f"贵客{i},1370000{i:04},A" for i in range(31))
    line = desk.bring_in(staff["rep"], text)
    days = rows(desk, NextTouch, "day")
    assert len(days) == 91 and max(Counter(days).values()) == SPREAD
    assert all(day.weekday() < 5 and day > TODAY for day in days)
    with desk.unit() as uow:
        graded = uow.connection.execute(select(NextTouch.day, Customer.grade).join(Customer)).all()
    best = [day for day, grade in graded if grade == Grade.A]
    assert max(best) <= TODAY + 8 * DAY  # within their cadence of a week
    assert line.facts["days"] == [min(days).isoformat(), max(days).isoformat()] and line.facts["planned"] == 91


def test_days_that_are_full_already_are_left_alone(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    desk.bring_in(rep, many(40))
    desk.bring_in(rep, many(40, company="分"))
    assert max(Counter(rows(desk, NextTouch, "day")).values()) == SPREAD


def test_the_pool_gets_no_next_touches(desk: Desk, staff: dict[str, Actor]) -> None:
    desk.bring_in(staff["admin"], LIST)
    assert count(desk, NextTouch) == 0


# Those who are there ---------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(desk: Desk, staff: dict[str, Actor]) -> None:
    desk.bring_in(staff["rep"], LIST)
    before = count(desk, Change)
    line = desk.read(staff["rep"], LIST)
    assert (line.count(Fate.SAME), line.taken) == (3, 0)
    desk.finish(staff["rep"], desk.start(staff["rep"], line))
    assert count(desk, Change) == before


def filed(desk: Desk, actor: Actor, name: str, phone: str | None = None, **more: Any) -> int:
    """A customer who was there before."""
    channels = (Channel(ChannelKind.PHONE, phone, "+86" + phone),) if phone else ()
    draft = CustomerDraft(name, contacts=(ContactDraft(name, channels=channels),))
    with desk.unit() as uow:
        return add_customer(uow, actor, replace(draft, **more), now=desk.now).customer.id


def release(desk: Desk, actor: Actor, customer_id: int) -> None:
    with desk.unit() as uow:
        uow.act(actor, "customer.released")
        uow.customers(actor).set_owner(customer_id, None)


def test_existing_customers_only_gain_what_is_missing(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    key = filed(desk, rep, "张伟", "13800138001", values={"city": "苏州"}, grade=Grade.C)
    line = desk.bring_in(rep, LIST)
    assert (line.done(Fate.NEW), line.done(Fate.UPDATED)) == (2, 1)
    with desk.unit() as uow:
        customer = uow.customers(rep).get(key)
    assert (customer.city, customer.grade, customer.tags) == ("苏州", Grade.C, ("老客户",))
    assert [channel.value for channel in customer.contacts[0].channels] == ["13800138001", "zw88"]
    assert count(desk, Customer) == 3


def test_nobody_is_taken_from_a_colleague_or_out_of_the_pool(desk: Desk, staff: dict[str, Actor]) -> None:
    rep, colleague = staff["rep"], staff["colleague"]
    foreign = filed(desk, colleague, "张伟", "13800138001")
    release(desk, colleague, pooled := filed(desk, colleague, "李娜", "13800138002"))
    line = desk.read(rep, LIST + "张伟改,13800138001,,,,,,,\n")
    assert (line.count(Fate.FOREIGN), line.count(Fate.POOL), line.count(Fate.NEW)) == (1, 1, 1)
    started = desk.start(rep, line)
    (*_, last) = desk.work(started.facts["job_id"])
    assert last.reply is not None and last.reply.also[0].file is not None
    back = last.reply.also[0].file.content.decode("utf-8-sig")
    assert "同事已有这位客户,张伟" in back and "公海里已有这位客户，请到公海领取,李娜" in back and "王芳" not in back
    owners = dict(rows(desk, Customer, "id", "owner_id"))
    assert (owners[foreign], owners[pooled]) == (colleague.member_id, None)


def test_a_list_does_not_tell_whom_colleagues_look_after(desk: Desk, staff: dict[str, Actor]) -> None:
    desk.bring_in(staff["colleague"], many(30))
    refused = desk.read(staff["rep"], many(30))
    assert refused.state is ImportState.REFUSED and "counts" not in refused.facts
    with pytest.raises(Throttled):
        desk.read(staff["rep"], many(30))
    assert desk.read(staff["lead"], many(30)).count(Fate.SAME) == 30  # whose team both are in


def test_an_id_of_our_own_export_neither_takes_nor_overwrites_what_is_foreign(
    desk: Desk, staff: dict[str, Actor]
) -> None:
    """T18: a file with ids of others and the own name in the column of owners."""
    foreign = filed(desk, staff["colleague"], "张伟", "13800138001")
    head, own = "姓名,手机,城市,负责人,客源编号\n", f"赵敏,13800138009,深圳,rep,K{foreign}\n"
    line = desk.bring_in(staff["rep"], f"{head}张伟,13800138001,深圳,rep,K{foreign}\n{own}")
    assert (line.done(Fate.FOREIGN), line.done(Fate.DOUBLE), line.done(Fate.NEW)) == (1, 1, 0)  # one id, two names
    assert desk.bring_in(staff["rep"], head + own).done(Fate.NEW) == 1  # elsewhere that id is somebody else
    with desk.unit() as uow:
        untouched = uow.customers(staff["colleague"]).get(foreign)
    assert (untouched.name, untouched.city) == ("张伟", None)


@pytest.mark.parametrize("ahead", [False, True])
def test_two_imports_of_one_file_side_by_side_file_nobody_twice(
    desk: Desk, staff: dict[str, Actor], ahead: bool
) -> None:
    admin, text = staff["admin"], many(120)
    first, second = (desk.start(admin, desk.read(admin, text)) for _ in range(2))
    jobs = [desk.work(line.facts["job_id"], ahead=ahead) for line in (first, second)]
    with closing(jobs[0]) as one, closing(jobs[1]) as other:
        for _ in zip(one, other, strict=True):  # the frame does two jobs at once
            pass
    assert count(desk, Customer) == 120
    assert [desk.line(admin, line.id).done(Fate.NEW) for line in (first, second)] == [120, 0]


def test_who_comes_while_the_file_is_read_is_told_from_the_others(desk: Desk, staff: dict[str, Actor]) -> None:
    rep, rows_of_file = staff["rep"], many(BATCH + 10).split("\n")
    line = desk.start(rep, desk.read(rep, "\n".join(rows_of_file)))
    with closing(desk.work(line.facts["job_id"], ahead=True)) as work:
        next(work)
        desk.bring_in(rep, "\n".join([rows_of_file[0], *rows_of_file[-5:-2]]))
        next(work)
    assert count(desk, Customer) == BATCH + 10 and desk.line(rep, line.id).done(Fate.NEW) == BATCH + 7
    with desk.unit() as uow:
        assert [found.name for found in uow.customers(rep).search(f"{BATCH + 9:04}").items] == [f"客户{BATCH + 9}"]


# Our own export --------------------------------------------------------------------------------------------------------


def exported(desk: Desk, actor: Actor, path: Path) -> Path:
    t = Translator(actor.locale, actor.zone)
    with desk.unit() as uow:
        stored = uow.exports(actor).stored(uow.exports(actor).ids())
        write_csv(path, export_headings(t), [row for one in stored for row in rows_of(t, one, "CN")])
    return path


def test_the_own_export_comes_back_as_nothing_new(desk: Desk, staff: dict[str, Actor], tmp_path: Path) -> None:
    rep = staff["rep"]
    desk.bring_in(rep, LIST)
    company = ContactDraft("李强", {"title": "采购"}), ContactDraft("陈静")
    filed(desk, rep, "明远科技有限公司", kind=CustomerKind.COMPANY, contacts=company)
    line = desk.read(rep, exported(desk, rep, tmp_path / "own.csv"))
    assert (line.count(Fate.SAME), line.taken, line.facts["customers"]) == (4, 0, 4)


def test_what_is_changed_in_the_own_export_is_taken_over(desk: Desk, staff: dict[str, Actor], tmp_path: Path) -> None:
    rep = staff["rep"]
    desk.bring_in(rep, LIST)
    path = exported(desk, rep, tmp_path / "own.csv")
    text = (
        path.read_text("utf-8-sig").replace("张伟", "张玮").replace("杭州", "宁波").replace("2026-11-20", "2026-11-24")
    )
    desk.bring_in(rep, desk.file(text))
    with desk.unit() as uow:
        (found,) = uow.customers(rep).search("张玮").items
        customer, standing = uow.customers(rep).get(found.id), uow.next_touches(rep).open_of(found.id)
    assert (customer.city, customer.contacts[0].name) == ("宁波", "张玮")
    assert standing is not None and standing.day == dt.date(2026, 11, 24)
    assert count(desk, Customer) == 3


# Crashes ---------------------------------------------------------------------------------------------------------------


def test_a_crash_between_two_batches_loses_and_doubles_nothing(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    line = desk.start(rep, desk.read(rep, many(170)))
    desk.crash(line.facts["job_id"], after=2)
    line = desk.line(rep, line.id)
    assert line.done(Fate.NEW) == 100
    desk.finish(rep, line)
    planning = rows(desk, NextTouch, "customer_id")
    assert count(desk, Customer) == 170 and len(set(planning)) == len(planning) == 170
    assert desk.line(rep, line.id).done(Fate.NEW) == 170
    assert [kind for kind in rows(desk, Act, "kind") if kind == "sheet.imported"] == ["sheet.imported"]


def test_a_crash_while_next_touches_are_planned(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    line = desk.start(rep, desk.read(rep, many(250)))
    list(desk.work(line.facts["job_id"]))
    desk.crash(desk.line(rep, line.id).facts["job_id"], after=1)
    assert count(desk, NextTouch) == 100
    desk.finish(rep, line)
    assert max(Counter(rows(desk, NextTouch, "day")).values()) == SPREAD and count(desk, NextTouch) == 250


# Taking back -----------------------------------------------------------------------------------------------------------


def take_back(desk: Desk, actor: Actor, import_id: int) -> Any:
    with desk.unit() as uow:
        line = import_undo.begin_undo(uow, actor, uow.imports(actor).get(import_id), now=desk.now)
    return desk.finish(actor, line)


def test_an_import_is_taken_back_with_all_that_followed(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    line = desk.bring_in(rep, LIST)
    undone = take_back(desk, rep, line.id)
    assert (undone.state, undone.facts["removed"], undone.facts["kept"]) == (ImportState.UNDONE, 3, 0)
    for model in (Customer, Contact, Tag, NextTouch, SearchName, SearchKey):
        assert count(desk, model) == 0
    with desk.unit() as uow:
        assert line.act_id is not None and uow.history(rep).get(line.act_id).undone
        with pytest.raises(TooLate):
            import_undo.check_undo(uow, rep, undone, now=NOW)
    assert desk.bring_in(rep, LIST).done(Fate.NEW) == 3  # and can be brought in anew


def test_whoever_was_worked_with_stays_and_is_named(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    line = desk.bring_in(rep, LIST)
    desk.now = NOW + DAY
    ids = {name: key for key, name in rows(desk, Customer, "id", "name")}
    with desk.unit() as uow:
        touch = TouchDraft(ids["张伟"], TouchKind.VISIT, Outcome.REACHED, desk.now, "谈了新报价")
        log_touch(uow, rep, touch, now=desk.now)
    undone = take_back(desk, rep, line.id)
    assert (undone.facts["removed"], undone.facts["kept"], undone.facts["names"]) == (2, 1, ["张伟"])
    assert rows(desk, Customer, "name") == ["张伟"] and rows(desk, Contact, "name") == ["张伟"]


def test_what_it_wrote_to_others_is_reversed_where_nobody_wrote_over_it(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    gained, changed = filed(desk, rep, "张伟", "13800138001"), filed(desk, rep, "李娜", "13800138002")
    line = desk.bring_in(rep, LIST)
    with desk.unit() as uow:
        assert uow.customers(rep).get(gained).city == "杭州"
        uow.act(rep, "customer.changed", customer_id=changed)
        uow.customers(rep).change(changed, {"city": "北京"})
    undone = take_back(desk, rep, line.id)
    with desk.unit() as uow:
        back, kept = uow.customers(rep).get(gained), uow.customers(rep).get(changed)
    assert (back.city, back.grade, back.tags, len(back.contacts[0].channels)) == (None, Grade.UNGRADED, (), 1)
    assert kept.city == "北京"
    assert (undone.facts["removed"], undone.facts["kept"]) == (1, 1)


def test_a_crash_while_it_is_taken_back(desk: Desk, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    filed(desk, rep, "客户0", "13800000000")
    line = desk.bring_in(rep, many(160, grade="B"))
    with desk.unit() as uow:
        line = import_undo.begin_undo(uow, rep, uow.imports(rep).get(line.id), now=NOW)
    desk.crash(line.facts["job_id"], after=3)
    undone = desk.finish(rep, line)
    assert undone.facts["removed"] == 159 and rows(desk, Customer, "name", "grade") == [("客户0", Grade.UNGRADED)]


def test_after_seven_days_it_stays(desk: Desk, staff: dict[str, Actor]) -> None:
    line = desk.bring_in(staff["rep"], LIST)
    desk.now = NOW + 7 * DAY
    with pytest.raises(TooLate):
        take_back(desk, staff["rep"], line.id)


def test_nobody_else_takes_it_back_but_an_admin_what_the_terminal_brought_in(
    desk: Desk, staff: dict[str, Actor]
) -> None:
    line = desk.bring_in(staff["rep"], LIST)
    for other in ("colleague", "lead", "admin"):
        with pytest.raises(NotFound):
            take_back(desk, staff[other], line.id)
    with desk.unit() as uow:
        program = uow.people.program()
    brought = desk.bring_in(program, many(3))
    assert take_back(desk, staff["admin"], brought.id).facts["removed"] == 3


# Out -------------------------------------------------------------------------------------------------------------------


def test_an_export_reads_the_own_scope_only(desk: Desk, staff: dict[str, Actor]) -> None:
    mine, theirs = filed(desk, staff["rep"], "张伟"), filed(desk, staff["stranger"], "赵敏")
    release(desk, staff["rep"], pooled := filed(desk, staff["rep"], "曾雨"))
    with desk.unit() as uow:
        seen = {name: set(uow.exports(actor).ids()) for name, actor in staff.items()}
        assert seen == {
            "rep": {mine},
            "colleague": set(),
            "stranger": {theirs},
            "lead": {mine},
            "admin": {mine, theirs, pooled},
        }
        everybody = [mine, theirs, pooled]
        assert [one.customer.id for one in uow.exports(staff["rep"]).stored(everybody)] == [mine]
        assert uow.exports(staff["admin"]).count() == 3


def test_a_limited_export_takes_those_last_in_touch_with(desk: Desk, staff: dict[str, Actor]) -> None:
    text = "姓名,手机,最近跟进\n" + "".join(f"客户{i},1380000{i:04},2026-11-{i + 1:02}\n" for i in range(9))
    desk.bring_in(staff["rep"], text)
    with desk.unit() as uow:
        exports = uow.exports(staff["rep"])
        assert [one.customer.name for one in exports.stored(exports.ids(most=2))] == ["客户8", "客户7"]
