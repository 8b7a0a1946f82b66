"""What somebody who is away would have heard, whoever stands in hears: decided when it is said, and back again after."""

import datetime as dt
from zoneinfo import ZoneInfo

from actions.away import end_away, set_away
from actions.cases import open_case, responsible_above
from actions.history import undo
from actions.next_touches import agree
from actions.reminders import end_reminder, set_reminder
from domain.cases import About, CaseDraft, CaseKind, CaseLine
from domain.next_touches import NextTouch, Origin
from domain.repeats import Repeat, Unit
from reminders.dispatch import dispatch, hearers
from storage import due
from storage.away import keeper_of, leads_at_work
from storage.uow import UnitOfWork
from tests.storage.staff import Company
from views.language import Translator

WORDS = Translator("zh_Hans", ZoneInfo("Asia/Shanghai"))
HOUR = dt.timedelta(hours=1)


def away(company: Company, name: str, stand_in: str, *, by: str = "周芳") -> int:
    today = company.now.date()
    member, other = company.members[name], company.members[stand_in]
    return company.as_(by, lambda u, a: set_away(u, a, member, other, today, today, now=u.now)[1])


def back(company: Company, name: str) -> None:
    def end(uow: UnitOfWork) -> None:
        actor = company.actor(uow, "周芳")
        version = uow.teams(actor).member(company.members[name]).version
        end_away(uow, actor, company.members[name], version=version)

    company.run(end)


def heard(company: Company, *, after: dt.timedelta = HOUR) -> dict[str, list[str]]:
    """What everybody is told of what came due meanwhile, by name, but the morning's message."""
    company.now += after
    names = {person: name for name, person in company.people.items()}

    def work(uow: UnitOfWork) -> dict[str, list[str]]:
        rows = due.take(uow.connection, now=uow.now, most=90)
        rows = [row for row in rows if row.kind not in ("morning", "stand_in", "stand_in_over")]
        told: dict[str, list[str]] = {}
        for notice in dispatch(uow, hearers(uow, rows), lambda _: WORDS, uow.now):
            told.setdefault(names[notice.person_id], []).append(notice.reply.text)
        return told

    return company.run(work)


def remind(company: Company, words: str, customer_id: int | None = None, repeat: Repeat | None = None) -> None:
    at = company.now + HOUR / 2
    company.as_("王娜", lambda u, a: set_reminder(u, a, words, at, repeat, customer_id, now=u.now))


def plan(company: Company, customer_id: int) -> None:
    at = company.now + HOUR / 2
    agreed = NextTouch(at.date(), at, Origin.AGREED)
    company.as_("王娜", lambda u, a: agree(u, a, customer_id, agreed, now=u.now))


def test_appointments_and_reminders_of_customers_go_to_the_stand_in(company: Company) -> None:
    shop = company.customer("天天鲜生", "王娜")
    plan(company, shop)
    remind(company, "寄样品", shop)
    remind(company, "写周报", shop, Repeat(unit=Unit.DAY, at=dt.time(11)))
    remind(company, "接孩子")
    away(company, "王娜", "孙悦")
    told = heard(company)
    assert {*told} == {"王娜", "孙悦"}
    assert len(told["王娜"]) == 1 and "接孩子" in told["王娜"][0]
    assert len(told["孙悦"]) == 3 and all("代王娜处理" in text for text in told["孙悦"])
    mate = [line.words for line in company.as_("孙悦", lambda u, a: u.reminders(a).lent(until=u.now))]
    assert sorted(mate) == ["写周报", "寄样品"]
    sent = company.as_("孙悦", lambda u, a: u.reminders(a).lent(until=u.now))[0]
    assert company.as_("赵涛", lambda u, a: u.reminders(a).find(sent.id)) is None
    ended = company.as_("孙悦", lambda u, a: end_reminder(u, a, sent.id, done=True)[1])
    company.as_("孙悦", lambda u, a: undo(u, a, ended, now=u.now))
    assert company.as_("孙悦", lambda u, a: u.reminders(a).count()) == 0, "lent ones take no room of the own"

    back(company, "王娜")
    assert company.as_("孙悦", lambda u, a: u.reminders(a).find(sent.id)) is None
    again = heard(company, after=24 * HOUR)  # nobody took them up: the next morning they are the owner's again
    assert {*again} == {"王娜"} and "天天鲜生" in again["王娜"][0] and "寄样品" in again["王娜"][0]


def test_an_undone_absence_moves_nothing(company: Company) -> None:
    shop = company.customer("天天鲜生", "王娜")
    plan(company, shop)
    act_id = away(company, "王娜", "孙悦")
    assert company.run(lambda u: keeper_of(u, company.members["王娜"])).name == "孙悦"  # type: ignore[union-attr]
    company.as_("周芳", lambda u, a: undo(u, a, act_id, now=u.now))
    assert company.run(lambda u: keeper_of(u, company.members["王娜"])).name == "王娜"  # type: ignore[union-attr]
    assert {*heard(company)} == {"王娜"}


def test_many_go_out_as_one_message(company: Company) -> None:
    for name in ("甲行", "乙行", "丙行", "丁行"):
        plan(company, company.customer(name, "王娜"))
    remind(company, "接孩子")
    away(company, "王娜", "孙悦")
    told = heard(company)
    assert len(told["孙悦"]) == 1 and "甲行" in told["孙悦"][0] and "丁行" in told["孙悦"][0]
    assert len(told["王娜"]) == 1 and "接孩子" in told["王娜"][0]


def complaint(company: Company, about: About = About.DELIVERY) -> CaseLine:
    shop = company.customer("天天鲜生", "王娜")
    draft = CaseDraft(shop, CaseKind.COMPLAINT, about, "少了一箱", urgent=True)
    return company.run(lambda u: open_case(u, None, draft, now=u.now))


def above(company: Company, case: CaseLine) -> list[str]:
    names = {member: name for name, member in company.members.items()}
    return [names[one] for one in company.run(lambda u: responsible_above(u, case))]


def test_escalations_of_a_lead_who_is_away_go_to_who_answers_for_the_team(company: Company) -> None:
    case = complaint(company)
    assert above(company, case) == ["李强"]
    away(company, "李强", "周芳")
    assert above(company, case) == ["周芳"]
    back(company, "李强")
    away(company, "李强", "孙悦")  # a colleague must not read the team's complaints: one up
    assert above(company, case) == ["周芳"]
    away(company, "周芳", "陈静")  # of another team
    assert above(company, case) == ["李强"], "nobody above is at work"
    back(company, "周芳")
    assert company.run(lambda u: leads_at_work(u, company.members["赵涛"])) == (company.members["陈静"],)


def test_clocks_of_cases_are_told_to_who_is_at_work(company: Company) -> None:
    case = complaint(company)
    away(company, "王娜", "孙悦")
    away(company, "李强", "周芳")
    warned = heard(company, after=4 * HOUR - dt.timedelta(minutes=30))
    assert {*warned} == {"孙悦"} and case.reference in warned["孙悦"][0]
    breached = heard(company)
    assert {*breached} == {"孙悦", "周芳"}


def test_whom_a_case_is_about_hears_nothing_of_it_as_a_stand_in(company: Company) -> None:
    case = complaint(company, About.ADVISER)
    away(company, "李强", "王娜")
    assert case.about_id == company.members["王娜"]
    told = heard(company, after=6 * HOUR)
    assert "王娜" not in told and case.reference in told["李强"][0]
