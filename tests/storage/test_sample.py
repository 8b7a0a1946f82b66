"""The sample company: whole, the same on both databases, and with a morning's work on whatever day it is opened."""

import datetime as dt
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from actions.answers import waiting
from actions.drafts import Source, file_log, read_log
from actions.history import undo
from actions.today import day_of
from bot.sample import PEOPLE, STORY, seed
from domain.customers import Stage
from domain.next_touches import Origin
from domain.people import Actor, Role
from domain.surveys import SurveyState
from domain.touches import Missing
from storage.away import keeper_of
from storage.database import Database, open_database
from storage.models import Act, Channel, Customer, Due, Reminder, SurveyResponse, Touch
from storage.uow import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = dt.datetime(2026, 11, 18, 9, 12, tzinfo=ZONE)
OPENED = {
    "a Monday morning": dt.datetime(2026, 11, 23, 9, 0, tzinfo=ZONE),
    "a Sunday": dt.datetime(2026, 11, 22, 10, 30, tzinfo=ZONE),
    "within a long holiday": dt.datetime(2026, 10, 5, 11, 0, tzinfo=ZONE),
    "the morning after it": dt.datetime(2026, 10, 8, 8, 45, tzinfo=ZONE),
    "a leap day": dt.datetime(2028, 2, 29, 15, 0, tzinfo=ZONE),
    "the last minutes of a year": dt.datetime(2026, 12, 31, 23, 40, tzinfo=ZONE),
}
MARKS = dict.fromkeys(("a Sunday", "the morning after it", "a leap day"), pytest.mark.long)
STORY_TOLD = tomllib.loads(STORY.read_text("utf-8"))


def actors(uow: UnitOfWork) -> dict[str, Actor]:
    return {actor.name: actor for actor in uow.people.staff()}


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The company as it is opened on a Wednesday morning; to be read only."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("sample") / "keyuan.db")
    database = open_database(f"sqlite:///{file}")
    seed(database, WEDNESDAY)
    yield database
    database.close()


def test_everything_of_the_story_is_there_on_both_databases(database: Database) -> None:
    assert seed(database, WEDNESDAY) == PEOPLE
    with database.transaction(WEDNESDAY) as uow:
        counted = {model: uow.connection.execute(select(func.count(model.id))).scalar_one() for model in MODELS}
        assert counted[Customer] == len(STORY_TOLD["customer"])
        assert counted[Touch] == sum(len(one.get("touches", ())) for one in STORY_TOLD["customer"])
        assert counted[Reminder] == len(STORY_TOLD["reminder"])
        owners = Counter(uow.connection.execute(select(Customer.owner_id)).scalars())
        members = {actor.member_id: name for name, actor in actors(uow).items()}
    assert owners.pop(None) >= 8
    assert {members[owner]: many > 3 for owner, many in owners.items()} == {"王娜": True, "赵涛": True, "李强": True}


MODELS = (Customer, Touch, Reminder)


@pytest.mark.parametrize("now", [pytest.param(OPENED[day], id=day, marks=MARKS.get(day, ())) for day in OPENED])
def test_work_is_waiting_on_whatever_day_it_is_opened(now: dt.datetime, sqlite_template: Path, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}")
    seed(database, now)
    with database.transaction(now) as uow:
        days = {name: day_of(uow, actor, now=now) for name, actor in actors(uow).items()}
        soon = list(
            uow.connection.execute(
                select(Due.kind).where(Due.due_at.between(now, now + dt.timedelta(hours=1)))
            ).scalars()
        )
        owed = uow.connection.execute(select(func.min(Due.due_at)).where(Due.state == 0)).scalar_one()
    database.close()
    for name in ("王娜", "赵涛"):
        day = days[name]
        assert len(day.drafts) == 1 and any(line.day <= day.today for line in day.next_touches)
        assert 4 <= day.count <= 12
    assert len(days["王娜"].birthdays) == 2
    assert owed > now, "nothing may be pushed at once"
    assert Counter(soon) == {"next_touch": 3, "reminder": 2}, "one hour on, everybody is told something"


def test_everything_was_done_at_its_own_moment(company: Database) -> None:
    with company.transaction(WEDNESDAY) as uow:
        acts = list(uow.connection.execute(select(Act.kind, Act.at, Act.undo_until).order_by(Act.id)))
        first, last = acts[0].at, acts[-1].at
        assert [act.at for act in acts] == sorted(act.at for act in acts)
        assert WEDNESDAY - first > dt.timedelta(days=200) and WEDNESDAY - last < dt.timedelta(hours=3)
        assert all(act.undo_until is None or act.undo_until < WEDNESDAY for act in acts)
        happened = uow.connection.execute(select(Touch.happened_at)).scalars()
        assert all(uow.calendar().is_working(at.astimezone(ZONE).date()) for at in happened)
    assert {"customer.added", "touch.logged", "customer.assigned", "customer.released", "customer.changed"} <= {
        act.kind for act in acts
    }


def test_stages_and_next_touches_follow_from_what_happened(company: Database) -> None:
    with company.transaction(WEDNESDAY) as uow:
        admin = actors(uow)["周芳"]
        stages = {name: uow.customers(admin).search(name).items[0].stage for name in STAGES}
        assert stages == STAGES
        for name, stage in STAGES.items():
            line = uow.next_touches(admin).open_of(uow.customers(admin).search(name).items[0].id)
            assert (line is None) == (stage in (Stage.LOST, Stage.DORMANT)), name
        hotel = uow.next_touches(admin).open_of(uow.customers(admin).search("江畔酒店").items[0].id)
    assert hotel is not None and hotel.at is not None and hotel.origin is Origin.AGREED
    assert hotel.at == dt.datetime(2026, 11, 18, 10, 0, tzinfo=ZONE)


STAGES = {
    "蒋梦瑶": Stage.PROSPECT,
    "明远科技": Stage.INTERESTED,
    "北岸酒业": Stage.WON,
    "绿野生鲜超市": Stage.LOYAL,
    "方圆文创": Stage.DORMANT,
    "拾光影楼": Stage.LOST,
}


@pytest.mark.parametrize(
    "who, text, customers, missing",
    [
        ("王娜", "拜访 张伟 谈了新报价 下周三上午10点回访", ["明远科技"], None),
        ("王娜", "拜訪 張偉 談了新報價 下週三上午10點回訪", ["明远科技"], None),
        ("王娜", "visited 张伟, talked about the new quote, call back next Wednesday 10am", ["明远科技"], None),
        ("王娜", "微信跟小陈说了新价格", ["陈思远"], None),
        ("王娜", "见了周老师", ["知行艺术培训"], None),
        ("王娜", "见了李总", ["江畔酒店", "红梅美容连锁"], Missing.WHICH),
        ("赵涛", "见了张总", ["恒洋餐饮", "晓峰电子商行"], Missing.WHICH),
        ("赵涛", "电话 王姐 没接 明天下午3点再打", ["王秀兰"], None),
        ("赵涛", "刚出来 刘老板嫌贵 要9.5折", ["刘德海"], None),
        ("赵涛", "見了林怡君", ["澄光國際股份有限公司"], None),
        ("赵涛", "拜访 福满楼酒家", ["福满楼酒家"], Missing.CLAIM),
        ("赵涛", "拜访 张伟", [], Missing.CUSTOMER),
    ],
)
def test_people_are_found_as_they_are_called(
    company: Database, who: str, text: str, customers: list[str], missing: Missing | None
) -> None:
    with company.transaction(WEDNESDAY) as uow:
        actor = actors(uow)[who]
        reading = read_log(uow, actor, Source(text, WEDNESDAY, 1, 1), now=WEDNESDAY)
        assert [uow.customers(actor).line(one.customer_id).name for one in reading.named] == customers
    assert reading.missing is missing


@pytest.mark.parametrize(
    "typed, name",
    [("shanlihua", "单丽华"), ("slh", "单丽华"), ("qiuzhiming", "志明机电"), ("ouhuimin", "敏记糖水铺"),
     ("zhayifan", "查一凡"), ("xiexiaodong", "解晓东"), ("zengqingyun", "云上茶业"), ("澄光国际", "澄光國際股份有限公司"),
     ("黄志豪", "澄光國際股份有限公司"), ("8000", "王秀兰"), ("#大客户 明远", "明远科技")],
)  # fmt: skip
def test_hard_names_are_found(company: Database, typed: str, name: str) -> None:
    with company.transaction(WEDNESDAY) as uow:
        found = uow.customers(actors(uow)["周芳"]).search(typed)
        assert [line.name for line in found.items] == [name]


def test_numbers_and_addresses_are_nobody_s(company: Database) -> None:
    with company.transaction(WEDNESDAY) as uow:
        rows = uow.connection.execute(select(Channel.kind, Channel.value, Channel.normal)).all()
    phones = [row.normal for row in rows if row.kind == "phone"]
    assert all(re.fullmatch(r"\+861380000\d{4}|\+886912000\d{3}", phone or "") for phone in phones)
    assert len(set(phones)) == len(phones)
    assert all(row.value.endswith(".example") for row in rows if row.kind == "email")
    assert {person.phone for person in PEOPLE if person.role is None} <= set(phones)


def test_a_log_on_top_of_the_story_is_undone_to_what_was_before(database: Database) -> None:
    seed(database, WEDNESDAY)
    before = state_of(database, "明远科技")
    with database.transaction(WEDNESDAY) as uow:
        rep = actors(uow)["王娜"]
        source = Source("拜访 张伟 谈了新报价 下周三上午10点回访", WEDNESDAY, rep.telegram_id, 1)
        done = file_log(uow, rep, read_log(uow, rep, source, now=WEDNESDAY), now=WEDNESDAY)
    assert state_of(database, "明远科技") != before
    with database.transaction(WEDNESDAY) as uow:
        undo(uow, rep, done[0].act_id, now=WEDNESDAY)
    assert state_of(database, "明远科技") == before


def state_of(database: Database, name: str) -> tuple[object, ...]:
    """What a log moves: when the customer was last reached, its latest touch, its next one."""
    with database.transaction(WEDNESDAY) as uow:
        admin = actors(uow)["周芳"]
        line = uow.customers(admin).search(name).items[0]
        touched_at = uow.touches(admin).reached_at(line.id)
        stored = uow.connection.execute(select(Customer.touched_at).where(Customer.id == line.id)).scalar_one()
        standing = uow.next_touches(admin).open_of(line.id)
        assert standing is not None
        return touched_at, stored, uow.touches(admin).latest_of(line.id), standing.day, standing.at


def test_the_staff_has_a_team_and_every_role() -> None:
    assert Counter(person.role for person in PEOPLE) == {Role.ADMIN: 1, Role.LEAD: 1, Role.REP: 2, None: 3}


def test_a_survey_waits_for_a_customer_and_another_has_answers(company: Database) -> None:
    with company.transaction(WEDNESDAY) as uow:
        lin = next(person for person in PEOPLE if person.name == "林怡君")
        customer = uow.people.find(lin.telegram_id)
        assert customer is not None and customer.bound and customer.locale == "zh_Hant"
        (found,) = waiting(uow, customer, now=WEDNESDAY)
        assert found.survey.name == "满意度回访" and found.open_question == "score" and not found.pending
        surveys = {
            one.name: one for one in uow.surveys(actors(uow)["李强"]).page(states=frozenset({SurveyState.OPEN})).items
        }
        assert set(surveys) == {"满意度回访", "年度推荐意愿"}
        scores = [
            dict(row.answers)["score"]
            for row in uow.connection.execute(
                select(SurveyResponse.answers).where(SurveyResponse.survey_id == surveys["年度推荐意愿"].id)
            )
        ]
        assert sorted(scores) == [7, 8, 9, 9, 10, 10]


def test_somebody_stands_in_after_some_days_and_nobody_yet(company: Database) -> None:
    with company.transaction(WEDNESDAY) as uow:
        people = actors(uow)
        away = uow.away(people["李强"]).of(people["赵涛"].member_id or 0)
        assert away is not None and away.stand_in == "王娜" and away.since > WEDNESDAY + dt.timedelta(days=2)
        assert keeper_of(uow, people["赵涛"].member_id) == people["赵涛"]
