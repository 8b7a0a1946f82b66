"""The company that the sandbox opens on: invented people with their phones, and what they have done so far."""

import datetime as dt
from dataclasses import dataclass

from domain.people import Actor, Role
from storage.database import Database
from storage.uow import UnitOfWork

TEAM = "华东一部"


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody with a phone in the sandbox; ``role`` None: a stranger to the bot."""

    telegram_id: int
    name: str
    role: Role | None
    title: str
    username: str = ""
    phone: str = ""
    language: str = "zh-hans"


PEOPLE = (
    SamplePerson(10001, "周芳", Role.ADMIN, "管理员 · 周芳", "zhou_fang", "+8613800000001"),
    SamplePerson(10002, "李强", Role.LEAD, "主管 · 李强", "li_qiang", "+8613800000002"),
    SamplePerson(10003, "王娜", Role.REP, "销售 · 王娜", "wang_na", "+8613800000003"),
    SamplePerson(10004, "赵涛", Role.REP, "销售 · 赵涛", "zhao_tao", "+8613800000004"),
    SamplePerson(10005, "张伟", None, "客户 · 张伟", "", "+8613800000005"),
    SamplePerson(10006, "林怡君", None, "客戶 · 林怡君", "lin_yijun", "+886912000006", "zh-hant"),
)


def seed(database: Database, now: dt.datetime) -> tuple[SamplePerson, ...]:
    """Fill an empty database with the sample company, in one transaction; returns who plays."""
    with database.transaction(now) as uow:
        uow.act(None, "sample", undo=None)
        uow.settings.save(set_up=True)
        _staff(uow)
    return PEOPLE


def _staff(uow: UnitOfWork) -> dict[str, Actor]:
    """The staff by name, in one team that its lead leads."""
    actors = {person.name: _person(uow, person) for person in PEOPLE if person.role is not None}
    teams = uow.teams(next(iter(actors.values())))
    team = teams.add_team(TEAM, None)
    members = {
        person.name: teams.add_member(
            actors[person.name].person_id, person.name, person.role, None if person.role is Role.ADMIN else team
        )
        for person in PEOPLE
        if person.role is not None
    }
    lead = next(person.name for person in PEOPLE if person.role is Role.LEAD)
    teams.change_team(team, lead_id=members[lead])
    return {name: uow.people.actor(actor.person_id) for name, actor in actors.items()}


def _person(uow: UnitOfWork, person: SamplePerson) -> Actor:
    return uow.people.identify(person.telegram_id, name=person.name, username=person.username or None, locale="zh_Hans")
