"""A company of any size for benchmarks: invented names, three reps' worth of scope, and a pool."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from domain.people import Actor, Role
from storage.database import Database, open_database
from storage.models import Base, Channel, Contact, Customer, Member, NextTouch, Person, Tag, Touch
from storage.search import merge_index, reindex
from storage.uow import UnitOfWork

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
OWN = 1_000  # customers of the rep who asks
REPS = 100
POOLED = 10  # of a hundred customers
BATCH = 500
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红玲梅鑫龙波斌宇浩凯健俊帆雪荣建文辉力慧"
BRANDS = "远天成恒通鼎盛金桥中茂瑞丰博雅新锐宏嘉禾永信志泰和航启安康"
CITIES = ("", "", "北京", "上海", "广州", "深圳", "成都", "杭州", "武汉")
TRADES = ("科技", "贸易", "餐饮", "食品", "建材", "物流", "广告", "教育")
LEGAL = ("有限公司", "公司", "")


@dataclass(frozen=True, slots=True)
class Sample:
    """A filled database, who asks, and names to ask for."""

    database: Database
    rep: Actor
    admin: Actor
    own: list[int]
    own_names: list[str]
    names: list[str]


def build(url: str, *, customers: int) -> Sample:
    """Fill a migrated database with this many customers, the first ``OWN`` of them the rep's."""
    database = open_database(url)
    dice = random.Random(1)
    with database.transaction(NOW) as uow:
        rep, admin, reps = _hire(uow)
    names = []
    own = min(OWN, customers)
    for first in range(0, customers, BATCH):
        rows = [_customer(dice, n, reps, own) for n in range(first, min(first + BATCH, customers))]
        names += [str(row["name"]) for row in rows]
        with database.transaction(NOW) as uow:
            _file(uow, dice, rows)
            reindex(uow, [row["id"] for row in rows])
    with database.group() as connection:
        begin = True
        while merge_index(connection, begin=begin):  # as the program does every day
            begin = False
        connection.exec_driver_sql("ANALYZE")
    return Sample(database, rep, admin, list(range(1, own + 1)), names[:own], names)


def _hire(uow: UnitOfWork) -> tuple[Actor, Actor, list[int]]:
    uow.act(None, "sample", undo=None)
    people = [uow.people.identify(n, name=f"member {n}", username=None, locale="zh_Hans") for n in range(1, REPS + 2)]
    members = [
        uow.teams(people[0]).add_member(person.person_id, person.name, Role.REP if n else Role.ADMIN, None)
        for n, person in enumerate(people)
    ]
    return uow.people.actor(people[1].person_id), uow.people.actor(people[0].person_id), members[1:]


def _customer(dice: random.Random, number: int, reps: list[int], own: int) -> dict[str, Any]:
    person = dice.random() < 0.55
    owner = reps[0] if number < own else None if dice.randrange(100) < POOLED else dice.choice(reps[1:])
    return {
        "id": number + 1,
        "kind": "person" if person else "company",
        "name": _person(dice) if person else _company(dice),
        "stage": "prospect",
        "grade": "-",
        "owner_id": owner,
        "touched_at": NOW,
        "created_at": NOW,
    }


def _person(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))


def _company(dice: random.Random) -> str:
    return dice.choice(CITIES) + "".join(dice.choices(BRANDS, k=2)) + dice.choice(TRADES) + dice.choice(LEGAL)


def _file(uow: UnitOfWork, dice: random.Random, rows: list[dict[str, Any]]) -> None:
    run = uow.connection.execute
    run(insert(Customer), rows)
    contacts = [
        {"id": row["id"], "customer_id": row["id"], "name": row["name"] if row["kind"] == "person" else _person(dice)}
        for row in rows
    ]
    run(insert(Contact), contacts)
    phones = [f"1{dice.choice('358')}{dice.randrange(10**9):09d}" for _ in rows]
    run(
        insert(Channel),
        [
            {"contact_id": row["id"], "kind": "phone", "value": phone, "normal": f"+86{phone}"}
            for row, phone in zip(rows, phones, strict=True)
        ],
    )
    run(insert(Tag), [{"customer_id": row["id"], "word": "大客户", "norm": "大客户"} for row in rows[::5]])
    touches = [
        {"kind": "visit", "outcome": "reached", "note": "谈了新报价 对方要折扣 下周三上午10点回访", "created_at": NOW}
        | {"customer_id": row["id"], "member_id": row["owner_id"], "happened_at": NOW - dt.timedelta(days=days)}
        for row in rows
        for days in (1, 8, 15)
    ]
    run(insert(Touch), touches)
    day = (NOW + dt.timedelta(days=7)).date()
    planned = {"day": day, "origin": "proposed", "state": "open", "created_at": NOW}
    owned = [row for row in rows if row["owner_id"]]
    run(insert(NextTouch), [planned | {"customer_id": row["id"], "owner_id": row["owner_id"]} for row in owned])


def staff(database: Database, people: int) -> range:
    """Members without a team, in an empty database; their ids on Telegram, which are those of their rows too."""
    ids = range(1, people + 1)
    hours = {"quiet_from": dt.time(22), "quiet_to": dt.time(8, 30), "morning_at": dt.time(8, 30)}
    plain = {"locale": "en", "created_at": NOW} | hours
    with database.group() as connection:
        connection.execute(insert(Person), [plain | {"id": n, "telegram_id": n, "name": f"member {n}"} for n in ids])
        rows = [{"id": n, "person_id": n, "role": Role.REP, "name": f"member {n}", "created_at": NOW} for n in ids]
        connection.execute(insert(Member), rows)
    free_keys(database, Person, Member)
    return ids


def free_keys(database: Database, *tables: type[Base]) -> None:
    """Let PostgreSQL count on from the keys that were given by hand."""
    if database.dialect == "sqlite":
        return
    with database.group() as connection:
        for name in (table.__tablename__ for table in tables):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
