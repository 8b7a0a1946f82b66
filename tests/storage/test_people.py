"""Persons, the members they may be, what they guess, and what must not outlive their access."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from actions.reminders import set_reminder
from actions.settings import change_settings
from actions.teams import deactivate, reactivate
from domain.people import Role
from domain.repeats import Repeat, Unit
from reminders.dispatch import dispatch
from storage import due, outbox
from storage.models import Attachment, Due, Job, Outbox
from storage.outbox import Letter
from storage.uow import UnitOfWork
from tests.storage.staff import Company
from views.language import Translator

CHINA = ZoneInfo("Asia/Shanghai")


def test_a_first_sight_makes_a_stranger(company: Company) -> None:
    made = company.run(lambda uow: uow.people.identify(777, name="新人", username="xinren", locale="en"))
    assert made.role is None and not made.is_staff and made.locale == "en"
    assert str(made.zone) == "Asia/Shanghai"  # the organisation's, until the person chooses
    again = company.run(lambda uow: uow.people.identify(777, name="新名字", username=None, locale="zh_Hans"))
    assert again.person_id == made.person_id and again.locale == "en"
    assert company.run(lambda uow: uow.people.actor(made.person_id)).name == "新名字"


def test_a_member_keeps_the_name_that_is_known_inside(company: Company) -> None:
    known = company.run(lambda uow: company.actor(uow, "王娜"))
    seen = company.run(
        lambda uow: uow.people.identify(known.telegram_id, name="Nana 🌸", username=None, locale="zh_Hans")
    )
    assert seen.name == "王娜"


def test_settings_hold_at_once_and_are_taken_back(company: Company) -> None:
    values = {"locale": "en", "zone": "Europe/Paris", "quiet_from": dt.time(21), "morning_at": dt.time(7, 45)}
    company.as_("王娜", lambda uow, actor: change_settings(uow, actor, values))
    changed = company.run(lambda uow: company.actor(uow, "王娜"))
    assert (changed.locale, str(changed.zone), changed.quiet_from) == ("en", "Europe/Paris", dt.time(21))
    with company.database.engine.begin() as connection:
        owed = connection.execute(select(Due.due_at).where(Due.person_id == changed.person_id, Due.state == 0)).all()
    assert [row.due_at.astimezone(changed.zone).time() for row in owed] == [dt.time(7, 45)]


def test_staff_are_the_active_ones_of_the_roles_asked_for(company: Company) -> None:
    def leave(uow: UnitOfWork) -> None:
        admin = company.actor(uow, "周芳")
        deactivate(uow, admin, company.members["赵涛"], version=1)

    company.run(leave)
    names = company.run(lambda uow: [actor.name for actor in uow.people.staff(frozenset({Role.REP}))])
    assert names == ["王娜", "孙悦"]
    assert company.run(lambda uow: uow.people.of_member(company.members["赵涛"])) is None


def test_guesses_are_counted_per_person_and_kind(company: Company) -> None:
    person = company.people["林怡君"]
    for _ in range(3):
        company.run(lambda uow: uow.people.note_guess(person, "link"))
    company.run(lambda uow: uow.people.note_guess(person, "other"))
    company.run(lambda uow: uow.people.note_guess(company.people["王娜"], "link"))
    latest = company.run(lambda uow: uow.people.last_guesses(person, "link", most=2))
    assert latest == [company.now - dt.timedelta(seconds=n) for n in (3, 4)]


@pytest.fixture
def waiting(company: Company) -> int:
    """Everything that may be open for 王娜: a dialog, letters, bytes, a job; and a letter of 赵涛."""

    def work(uow: UnitOfWork) -> int:
        nana = company.actor(uow, "王娜")
        tao = company.actor(uow, "赵涛")
        uow.dialogs.open(nana.telegram_id, nana.person_id, "teams.name", {})
        letters = [
            Letter(nana.telegram_id, "sendMessage", {"text": "1"}, company.now, person_id=nana.person_id),
            Letter(
                nana.telegram_id,
                "sendDocument",
                {"document": "attach://file"},
                company.now,
                person_id=nana.person_id,
                attachment=("kunden.csv", b"name"),
            ),
            Letter(tao.telegram_id, "sendMessage", {"text": "2"}, company.now, person_id=tao.person_id),
        ]
        outbox.add(uow.connection, letters)
        return uow.jobs.enqueue("export", {}, person_id=nana.person_id)

    return company.run(work)


def test_access_ends_with_everything_that_was_open(company: Company, waiting: int) -> None:
    company.as_("周芳", lambda uow, actor: deactivate(uow, actor, company.members["王娜"], version=1))

    def look(uow: UnitOfWork) -> None:
        nana = company.actor(uow, "王娜")
        assert not nana.is_staff and nana.role is None
        assert uow.dialogs.find(nana.telegram_id, nana.person_id) is None
        letters = uow.connection.execute(select(Outbox.person_id, Outbox.state).order_by(Outbox.id)).all()
        assert [(row.person_id == nana.person_id, row.state) for row in letters] == [(True, 4), (True, 4), (False, 0)]
        assert uow.connection.execute(select(Attachment.id)).first() is None
        assert uow.connection.execute(select(Job.state).where(Job.id == waiting)).scalar_one() == "cancelled"
        assert uow.connection.execute(select(Due).where(Due.person_id == nana.person_id, Due.state == 0)).all() == []

    company.run(look)


def test_access_restored_owes_the_morning_again(company: Company) -> None:
    company.as_("周芳", lambda uow, actor: deactivate(uow, actor, company.members["王娜"], version=1))
    company.as_("周芳", lambda uow, actor: reactivate(uow, actor, company.members["王娜"], version=2))
    with company.database.engine.begin() as connection:
        owed = connection.execute(
            select(Due.kind).where(Due.person_id == company.people["王娜"], Due.state == 0)
        ).scalars()
        assert list(owed) == ["morning"]


@pytest.mark.parametrize("back", ["reactivate", "undo"])
def test_repeating_reminders_go_on_after_an_access_that_was_gone(company: Company, back: str) -> None:
    """Their time came while nobody was to hear it, and no next one was owed."""

    def remind(uow: UnitOfWork) -> None:
        every_day = Repeat(unit=Unit.DAY, at=dt.time(11))
        set_reminder(
            uow, company.actor(uow, "王娜"), "交日报", uow.now + dt.timedelta(minutes=5), every_day, now=uow.now
        )

    company.run(remind)
    act_id = company.as_("周芳", lambda uow, actor: deactivate(uow, actor, company.members["王娜"], version=1))
    company.now += dt.timedelta(minutes=6)
    with company.database.group() as connection:
        fired = due.take(connection, now=company.now, most=10)
        assert [row.kind for row in fired] == ["reminder"]
    with company.database.transaction(company.now) as uow:
        gone = company.actor(uow, "王娜")
        assert dispatch(uow, [(gone, fired)], lambda _: Translator("zh_Hans", CHINA), company.now) == []
    if back == "undo":
        company.undone(act_id, "周芳")
    else:
        company.as_("周芳", lambda uow, actor: reactivate(uow, actor, company.members["王娜"], version=2))
    with company.database.engine.begin() as connection:
        owed = connection.execute(
            select(Due.due_at).where(Due.person_id == company.people["王娜"], Due.state == 0, Due.kind == "reminder")
        ).scalars()
        assert [at.astimezone(CHINA).isoformat() for at in owed] == ["2026-11-18T11:00:00+08:00"]


def test_old_guesses_are_forgotten(company: Company) -> None:
    person = company.people["林怡君"]
    company.run(lambda uow: uow.people.note_guess(person, "link"))
    company.now += dt.timedelta(days=3)
    company.run(lambda uow: uow.people.note_guess(person, "link"))
    assert company.run(lambda uow: uow.people.forget_guesses()) == 1
    assert len(company.run(lambda uow: uow.people.last_guesses(person, "link", most=5))) == 1
