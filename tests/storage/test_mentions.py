"""Mentions of who is forgotten are found wherever they are, bit by bit, whatever is written or dies in between."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from actions.erasures import erase_now
from actions.reminders import set_reminder
from domain.customers import Channel as Number
from domain.customers import ChannelKind, ContactDraft, CustomerDraft
from domain.people import Actor
from domain.surveys import QuestionKind
from storage.database import Database
from storage.mentions import BREATH, ROWS
from storage.models import Base, Contact, Customer, Draft, Erasure, Reminder, SurveyResponse, Touch
from storage.seals import OVERLAP
from storage.uow import UnitOfWork
from tests.chat.surveyed import asked, define
from tests.storage.people import NOW, hire

PHONE, NAME, CLIENT = "13800138001", "Zaphod", 77
MANY = 3 * ROWS  # notes, each hundredth of which names him


class Killed(Exception):
    """In the middle of a unit."""


@pytest.fixture
def erasure(database: Database) -> int:
    """A customer who is to be forgotten, and many notes about another one."""
    with database.transaction(NOW) as uow:
        client, program = uow.people.identify(CLIENT, name=NAME, username=None, locale="en"), uow.people.program()
        uow.act(None, "sample", undo=None)
        phone = (Number(ChannelKind.PHONE, PHONE, f"+86{PHONE}"),)
        customer_id = uow.customers(program).add(CustomerDraft(NAME, contacts=(ContactDraft(channels=phone),)))
        rep = hire(uow)["rep"]
        other = uow.customers(program).add(CustomerDraft("Trillian", owner_id=rep.member_id))
        common = {"customer_id": other, "kind": "visit", "outcome": "reached", "happened_at": NOW, "created_at": NOW}
        notes = [f"she knows {NAME}" if n % 100 == 50 else "nothing new" for n in range(MANY)]
        notes[17] = f"SHE KNOWS {NAME.upper()}"
        uow.connection.execute(insert(Touch), [common | {"note": note} for note in notes])
        write_around(uow, other)
        uow.act(None, "sample", undo=None)
        answer_anonymously(uow)
        contact_id = uow.connection.execute(select(Contact.id).where(Contact.customer_id == customer_id)).scalar_one()
        return uow.erasures(client).ask(customer_id, contact_id, due_at=NOW)


def write_around(uow: UnitOfWork, customer_id: int) -> None:
    """What a rep has about the other one, tied to her: a reminder, a draft, a photo."""
    rep = uow.people.find(1)
    assert rep is not None
    set_reminder(uow, rep, f"tell {NAME}", NOW + dt.timedelta(days=1), None, customer_id, now=NOW)
    uow.act(rep, "draft.kept", customer_id=customer_id)
    choices = {"names": [NAME], "count": 2}
    uow.drafts(rep).add(
        text=f"visited {NAME}", said_at=NOW, chat_id=1, message_id=1, missing="customer", choices=choices
    )
    uow.act(rep, "media.added", customer_id=customer_id)
    photo = {"kind": "photo", "file_id": "f", "unique_id": "u", "said_at": NOW, "caption": f"with {NAME}"}
    uow.media(rep).add(photo | {"customer_id": customer_id})


def answer_anonymously(uow: UnitOfWork) -> None:
    """By somebody else, under a number that is drawn from very many."""
    asked_why = define(asked("why", QuestionKind.TEXT, "Why?"))
    survey_id = uow.surveys(uow.people.program()).add("Why", asked_why, state="open", trigger="by_hand")
    answers = {"id": 2**52, "survey_id": survey_id, "entered_by": "web", "month": NOW.date()}
    uow.connection.execute(insert(SurveyResponse), answers | {"answers": {"why": f"for {NAME}", "score": 2}})


def look_on(database: Database, erasure: int, *, killed: bool = False) -> dt.timedelta | None:
    """A unit of one range of rows."""
    with database.transaction(NOW) as uow:
        wait = uow.erasures(client(uow)).look_on(erasure, seconds=0.0)
        if killed:
            raise Killed
        return wait


def client(uow: UnitOfWork) -> Actor:
    person_id = uow.connection.execute(select(Erasure.person_id)).scalar_one()
    return uow.people.actor(person_id)


def begin(database: Database, erasure: int) -> None:
    with database.transaction(NOW) as uow:
        assert erase_now(uow, client(uow), erasure, now=NOW) == NOW


def left(database: Database) -> list[str]:
    """Rows that name him, but for the one that looks for them."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "erasure"]
    with database.reading() as connection:
        rows = [f"{table.name} {row}" for table in tables for row in connection.execute(table.select())]
    return [row for row in rows if NAME.upper() in row.upper() or PHONE in row]


def test_nothing_is_left_whatever_dies_and_is_written_in_between(database: Database, erasure: int) -> None:
    begin(database, erasure)
    units, wait = 0, BREATH
    while wait == BREATH:
        with pytest.raises(Killed):
            look_on(database, erasure, killed=True)
        found = look_on(database, erasure)
        assert found is not None
        units, wait = units + 1, found
        if units in (4, 8, 10):  # before, among and behind what was looked at
            write_of_him(database, units)
    assert units > 10 and wait == OVERLAP
    assert left(database) == []
    write_of_him(database, 0)
    waits = [look_on(database, erasure) for _ in range(30)]
    assert waits[0] == BREATH and waits[-1] is None
    assert left(database) == []
    with database.reading() as connection:
        assert connection.execute(select(Erasure.sweep)).scalars().all() == [None]
        notes = connection.execute(select(Touch.note)).scalars().all()
        assert "she knows •••" in notes and "SHE KNOWS •••" in notes and "nothing new" in notes
        assert connection.execute(select(SurveyResponse.answers)).scalar_one() == {"why": "for •••", "score": 2}
        assert connection.execute(select(Draft.understood)).scalar_one() == {"names": ["•••"], "count": 2}


def write_of_him(database: Database, number: int) -> None:
    """A new row, and old ones that are written anew."""
    with database.transaction(NOW) as uow:
        uow.act(None, "sample", undo=None)
        for touch_id in (1 + number, MANY - number):
            uow.journal.change(Touch, touch_id, {"note": f"saw {NAME} {number}"})
        values = {"person_id": client(uow).person_id, "words": f"call {PHONE}", "at": NOW, "repeat": None}
        uow.journal.add(Reminder, values | {"state": "open", "created_at": NOW, "customer_id": None})


def test_a_name_that_somebody_else_has_stays(database: Database, erasure: int) -> None:
    """Also of somebody who comes while it is looked for."""
    begin(database, erasure)
    look_on(database, erasure)
    with database.transaction(NOW) as uow:
        uow.act(None, "sample", undo=None)
        uow.customers(uow.people.program()).add(CustomerDraft(NAME))
    while look_on(database, erasure) == BREATH:
        pass
    with database.reading() as connection:
        assert f"she knows {NAME}" in connection.execute(select(Touch.note)).scalars().all()
        assert connection.execute(select(Customer.name).where(Customer.name == NAME)).scalars().all() == [NAME]
