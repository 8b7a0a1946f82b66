"""What comes due for many people at one moment is read and noted in a few statements, and each hears only their own."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select, update

from actions.reminders import end_reminder, move_reminder, set_reminder
from actions.teams import deactivate
from domain.next_touches import NextTouch, Origin
from domain.repeats import Repeat, Unit
from reminders.dispatch import dispatch, hearers
from storage import due
from storage.models import Act, Change, Customer, Due, Reminder
from storage.seal_check import verify
from storage.seals import OVERLAP, seal
from storage.uow import UnitOfWork
from tests.storage.staff import Company
from views.language import Translator

WORDS = Translator("zh_Hans", ZoneInfo("Asia/Shanghai"))
LATER = dt.timedelta(hours=1)


def remind(company: Company, name: str, words: str, repeat: Repeat | None = None) -> int:
    at = company.now + LATER
    return company.as_(name, lambda uow, actor: set_reminder(uow, actor, words, at, repeat, now=uow.now)[0].id)


def said(company: Company) -> dict[str, list[str]]:
    """What everybody is told two hours on, by name, and how many statements that took."""
    company.now += 2 * LATER
    names = {person: name for name, person in company.people.items()}

    def work(uow: UnitOfWork) -> dict[str, list[str]]:
        rows = [row for row in due.take(uow.connection, now=uow.now, most=50) if row.kind != "morning"]
        told: dict[str, list[str]] = {}
        for notice in dispatch(uow, hearers(uow, rows), lambda _: WORDS, uow.now):
            told.setdefault(names[notice.person_id], []).append(notice.reply.text)
        return told

    return company.run(work)


def test_each_hears_what_is_still_true(company: Company) -> None:
    done, moved = remind(company, "王娜", "已完成的"), remind(company, "孙悦", "改期的")
    remind(company, "王娜", "寄样品")
    remind(company, "孙悦", "送合同")
    remind(company, "赵涛", "没人听的")
    remind(company, "陈静", "写周报", Repeat(unit=Unit.DAY, at=dt.time(11)))
    customer, other = company.customer("天天鲜生", "王娜"), company.customer("金桥贸易", "王娜")
    for key in (customer, other):
        agreed = NextTouch((company.now + LATER).date(), company.now + LATER, Origin.AGREED)

        def plan(uow: UnitOfWork, key: int = key, agreed: NextTouch = agreed) -> None:
            uow.act(None, "sample", undo=None)
            uow.next_touches(company.actor(uow, "王娜")).set(key, agreed)

        company.run(plan)
    company.as_("王娜", lambda uow, actor: end_reminder(uow, actor, done, done=True))
    company.as_("孙悦", lambda uow, actor: move_reminder(uow, actor, moved, uow.now + 9 * LATER, now=uow.now))
    company.as_("周芳", lambda uow, actor: deactivate(uow, actor, company.members["赵涛"], version=1))
    with company.database.group() as connection:  # past the program: the due row still names the old owner
        values = {"owner_id": company.members["孙悦"]}
        connection.execute(update(Customer).where(Customer.id == other).values(values))
    told = said(company)
    assert set(told) == {"王娜", "孙悦", "陈静"}
    assert len(told["王娜"]) == 2 and "寄样品" in told["王娜"][0] and "天天鲜生" in told["王娜"][1]
    assert len(told["孙悦"]) == 1 and "送合同" in told["孙悦"][0]
    assert len(told["陈静"]) == 1 and "写周报" in told["陈静"][0]
    assert not said(company)
    with company.database.group() as connection:
        pushes = select(Act.id, func.count(Change.id)).join(Change, Change.act_id == Act.id).group_by(Act.id)
        found = connection.execute(pushes.where(Act.kind == "reminder.pushed")).all()
        assert [count for _, count in found] == [1, 1, 2]  # the repeating one moved on and left one behind
        states = dict(
            connection.execute(select(Reminder.words, Reminder.state).where(Reminder.words != "写周报")).all()
        )
        assert states["寄样品"] == states["送合同"] == "pushed" and states["已完成的"] == "done"
        again = connection.execute(select(Due.kind).where(Due.state == 0, Due.kind.like("%again"))).scalars()
        assert sorted(again) == ["next_touch_again", "reminder_again", "reminder_again"]
    company.now += 2 * OVERLAP
    assert company.run(seal)
    with company.database.reading(one_state=True) as connection:
        assert verify(connection, now=company.now + 2 * OVERLAP).trouble is None


def test_more_people_take_no_more_statements(company: Company) -> None:
    ran: list[str] = []
    counted = []
    event.listen(company.database.engine, "before_cursor_execute", lambda *given: ran.append(given[2]))
    for names in (["王娜"], ["王娜", "孙悦", "陈静", "李强", "周芳", "赵涛"]):
        for name in names:
            remind(company, name, f"给{name}的")
        ran.clear()
        assert said(company).keys() == set(names)
        counted.append(len(ran))
    assert counted[0] == counted[1]
