"""A small company for journeys: a Wednesday morning in Shanghai, and customers of the two reps and of the pool."""

import datetime as dt
from dataclasses import dataclass

import pytest

from actions.customers import add_customer
from domain.customers import (
    Channel,
    ChannelKind,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    Grade,
)
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat.conftest import OTHER_REP, REP, StaffIds

WEDNESDAY = "2026-11-18T10:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Company:
    """Customer ids by name."""

    ids: dict[str, int]


def person(name: str, *, nickname: str | None = None, phone: str | None = None) -> ContactDraft:
    """A contact of a customer, with a Chinese mobile number."""
    channels = (Channel(ChannelKind.PHONE, phone, "+86" + phone),) if phone else ()
    return ContactDraft(name, {"nickname": nickname}, channels=channels)


CUSTOMERS = (
    (REP, CustomerDraft("张伟", contacts=(person("张伟", nickname="老张", phone="13800138001"),), grade=Grade.A)),
    (
        REP,
        CustomerDraft(
            "明远科技有限公司", CustomerKind.COMPANY, contacts=(person("李强", phone="13800138002"),), grade=Grade.B
        ),
    ),
    (REP, CustomerDraft("天天鲜生", CustomerKind.COMPANY, contacts=(person("周敏", nickname="周老师"),))),
    (REP, CustomerDraft("张建国", contacts=(person("张建国", nickname="张总"),))),
    (REP, CustomerDraft("张海燕", contacts=(person("张海燕", nickname="张总"),))),
    (REP, CustomerDraft("Lin & Sons", CustomerKind.COMPANY, contacts=(person("Mary Lin"),))),
    (OTHER_REP, CustomerDraft("赵敏", contacts=(person("赵敏", phone="13800138009"),))),
    (None, CustomerDraft("曾雨", contacts=(person("曾雨", phone="13800138010"),))),
)


@pytest.fixture
def wednesday(sandbox: Sandbox) -> None:
    """Wednesday, the 18th of November 2026, ten in the morning in Shanghai."""
    sandbox.world.clock.move_to(WEDNESDAY, zone="Asia/Shanghai")


@pytest.fixture
def company(wednesday: None, database: Database, staff: StaffIds) -> Company:
    """The customers, filed a month ago by those who own them."""
    filed_at = dt.datetime.fromisoformat(WEDNESDAY) - dt.timedelta(days=30)
    ids = {}
    for owner, draft in CUSTOMERS:
        with database.transaction(filed_at) as uow:
            member = staff.members[owner if owner is not None else REP]
            actor = uow.people.of_member(member)
            assert actor is not None
            filed = add_customer(uow, actor, draft, now=filed_at)
            if owner is None:
                uow.act(None, "customer.released", undo=None)
                uow.customers(actor).set_owner(filed.customer.id, None)
            ids[draft.name] = filed.customer.id
    return Company(ids)
