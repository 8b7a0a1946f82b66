"""The journal: every write is an act with its changes, read through the reader's scope and played backwards."""

import datetime as dt

import pytest
from sqlalchemy import select

from actions.history import last_step
from actions.settings import change_settings
from actions.setup import answer, finish
from domain.customers import CustomerDraft
from domain.errors import Changed, NotAllowed, NotFound, TooLate
from domain.history import ActLine
from domain.people import Actor
from domain.setup import Question
from storage.acts import UNDO_MINUTES
from storage.models import Change, Contact, Customer, Tag, Team
from storage.uow import UnitOfWork
from tests.storage.staff import Company

ADMIN, LEAD, REP, OTHER_REP = "周芳", "李强", "王娜", "赵涛"


def act(uow: UnitOfWork, actor: Actor, kind: str = "customer.changed", customer_id: int | None = None) -> int:
    return uow.act(actor, kind, customer_id=customer_id)


def column(company: Company, customer_id: int, name: str) -> object:
    with company.database.engine.begin() as connection:
        return connection.execute(select(Customer.__table__.c[name]).where(Customer.id == customer_id)).scalar_one()


# The journal -------------------------------------------------------------------------------------------------------


def test_a_write_outside_an_act_is_a_bug(company: Company) -> None:
    with pytest.raises(AssertionError):
        company.run(lambda uow: uow.journal)


def test_a_change_notes_what_it_replaced(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="要样品", name="张伟")  # the name stays, so it is no change
    with company.database.engine.begin() as connection:
        row = connection.execute(select(Change.__table__).where(Change.act_id == act_id)).one()
    assert (row.table_name, row.row_id) == ("customer", key)
    assert row.before == {"note": None, "version": 1} and row.after == {"note": "要样品", "version": 2}


def test_the_same_values_write_nothing(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, name="张伟")
    with company.database.engine.begin() as connection:
        assert connection.execute(select(Change.id).where(Change.act_id == act_id)).all() == []
    assert column(company, key, "version") == 1


def test_a_stale_version_is_refused(company: Company) -> None:
    key = company.filed()
    company.changed(key, note="一")

    def work(uow: UnitOfWork, actor: Actor) -> None:
        act(uow, actor, customer_id=key)
        uow.journal.change(Customer, key, {"note": "二"}, version=1)

    with pytest.raises(Changed):
        company.as_(REP, work)
    assert column(company, key, "note") == "一"


# Undo --------------------------------------------------------------------------------------------------------------


def test_a_change_is_taken_back_to_the_very_values(company: Company) -> None:
    key = company.filed()
    before = {name: column(company, key, name) for name in ("note", "touched_at", "latitude")}
    act_id = company.changed(key, note="要样品", touched_at=company.now, latitude=31.2)
    line = company.undone(act_id)
    assert (line.kind, line.customer) == ("customer.changed", "张伟")
    assert {name: column(company, key, name) for name in before} == before


def test_several_changes_of_one_row_are_taken_back_together(company: Company) -> None:
    key = company.filed()

    def work(uow: UnitOfWork, actor: Actor) -> int:
        act_id = act(uow, actor, customer_id=key)
        for note in ("一", "二", "三"):
            uow.journal.change(Customer, key, {"note": note})
        tag = uow.journal.add(Tag, {"customer_id": key, "word": "新", "norm": "新"})
        uow.journal.change(Tag, tag, {"word": "更新"})
        return act_id

    company.undone(company.as_(REP, work))
    assert column(company, key, "note") is None
    tags = company.as_(REP, lambda uow, actor: uow.customers(actor).get(key).tags)
    assert tags == ("大客户",)


def test_what_was_added_goes_and_what_was_removed_comes_back(company: Company) -> None:
    key = company.filed()

    def work(uow: UnitOfWork, actor: Actor) -> int:
        act_id = act(uow, actor, customer_id=key)
        uow.customers(actor).remove_tags(key, ["大客户"])
        uow.customers(actor).add_tags(key, ["新客户"])
        return act_id

    act_id = company.as_(REP, work)
    company.undone(act_id)
    assert company.as_(REP, lambda uow, actor: uow.customers(actor).get(key).tags) == ("大客户",)
    found = company.as_(REP, lambda uow, actor: [line.id for line in uow.customers(actor).search("#大客户").items])
    assert found == [key]  # the search follows


def test_a_whole_customer_is_taken_back_with_all_that_belongs_to_it(company: Company) -> None:
    def work(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        act_id = act(uow, actor, "customer.added")
        draft = CustomerDraft("新客户", tags=("展会",), owner_id=actor.member_id)
        return act_id, uow.customers(actor).add(draft)

    act_id, key = company.as_(REP, work)
    company.undone(act_id)
    with company.database.engine.begin() as connection:
        assert connection.execute(select(Contact.id).where(Contact.customer_id == key)).first() is None
    assert company.as_(REP, lambda uow, actor: uow.customers(actor).search("新客户").total) == 0


def test_steps_are_taken_back_one_after_the_other(company: Company) -> None:
    def add(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        act_id = act(uow, actor, "customer.added")
        return act_id, uow.customers(actor).add(CustomerDraft("新客户", owner_id=actor.member_id))

    added, key = company.as_(REP, add)
    noted = company.changed(key, note="一")
    again = company.changed(key, note="二")
    for act_id in (again, noted, added):
        company.undone(act_id)
    with company.database.engine.begin() as connection:
        assert connection.execute(select(Customer.id).where(Customer.id == key)).first() is None


def test_undo_leaves_what_others_did_to_other_fields(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="一")
    company.changed(key, by=ADMIN, budget="五万")
    company.undone(act_id)
    assert (column(company, key, "note"), column(company, key, "budget")) == (None, "五万")


def test_what_was_changed_since_stays(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="一")
    company.changed(key, by=ADMIN, note="二")
    with pytest.raises(Changed):
        company.undone(act_id)
    assert column(company, key, "note") == "二"


def test_what_others_hang_on_stays(company: Company) -> None:
    def work(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        act_id = act(uow, actor, "customer.added")
        return act_id, uow.customers(actor).add(CustomerDraft("新客户", owner_id=actor.member_id))

    act_id, key = company.as_(REP, work)

    def tag(uow: UnitOfWork, actor: Actor) -> None:
        act(uow, actor, customer_id=key)
        uow.customers(actor).add_tags(key, ["重要"])

    company.as_(ADMIN, tag)
    with pytest.raises(Changed):
        company.undone(act_id)
    assert column(company, key, "name") == "新客户"


def test_what_cannot_come_back_beside_its_successor_stays_gone(company: Company) -> None:
    key = company.filed()

    def remove(uow: UnitOfWork, actor: Actor) -> int:
        act_id = act(uow, actor, customer_id=key)
        uow.customers(actor).remove_tags(key, ["大客户"])
        return act_id

    def add_again(uow: UnitOfWork, actor: Actor) -> None:
        act(uow, actor, customer_id=key)
        uow.customers(actor).add_tags(key, ["大客户"])

    act_id = company.as_(REP, remove)
    company.as_(REP, add_again)
    with pytest.raises(Changed):
        company.undone(act_id)
    assert company.as_(REP, lambda uow, actor: uow.customers(actor).get(key).tags) == ("大客户",)


def test_a_refused_undo_leaves_nothing_behind(company: Company) -> None:
    key = company.filed()

    def work(uow: UnitOfWork, actor: Actor) -> int:
        act_id = act(uow, actor, customer_id=key)
        uow.customers(actor).add_tags(key, ["一"])
        uow.journal.change(Customer, key, {"note": "一"})
        return act_id

    act_id = company.as_(REP, work)
    company.changed(key, note="二")
    with pytest.raises(Changed):
        company.undone(act_id)
    assert set(company.as_(REP, lambda uow, actor: uow.customers(actor).get(key).tags)) == {"大客户", "一"}
    line = company.as_(REP, lambda uow, actor: uow.history(actor).get(act_id))
    assert not line.undone


def test_undo_has_ten_minutes_and_one_go(company: Company) -> None:
    key = company.filed()
    late, once = company.changed(key, note="一"), company.changed(key, budget="五万")
    company.undone(once)
    with pytest.raises(TooLate):
        company.undone(once)
    company.now += dt.timedelta(minutes=UNDO_MINUTES)
    with pytest.raises(TooLate):
        company.undone(late)


def test_an_undo_is_an_act_that_cannot_be_undone(company: Company) -> None:
    key = company.filed()
    company.undone(company.changed(key, note="一"))
    newest = company.as_(REP, lambda uow, actor: uow.history(actor).page().items[0])
    assert newest.kind == "act.undone" and newest.undo_until is None and newest.facts["of"] == "customer.changed"
    with pytest.raises(TooLate):
        company.undone(newest.id)


def test_only_the_own_act_is_undone(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="一")
    for name, refusal in ((LEAD, NotAllowed), (ADMIN, NotAllowed), (OTHER_REP, NotFound)):
        with pytest.raises(refusal):
            company.undone(act_id, name)


def test_a_customer_who_moved_on_is_out_of_the_buttons_reach(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="一")

    def give(uow: UnitOfWork, actor: Actor) -> None:
        act(uow, actor, "customer.assigned", key)
        uow.journal.change(Tag, 1, {"word": "大客戶"})  # another row, so that the versions still agree
        uow.customers(actor).set_owner(key, company.members[OTHER_REP])

    company.as_(ADMIN, give)
    with pytest.raises(NotFound):
        company.undone(act_id)
    assert column(company, key, "note") == "一"


def test_the_last_step_is_the_own_latest_of_ten_minutes(company: Company) -> None:
    def last(name: str) -> ActLine | None:
        return company.as_(name, lambda uow, actor: last_step(uow, actor, now=uow.now))

    key = company.filed()
    first = company.changed(key, note="一")
    second = company.changed(key, budget="五万")
    company.changed(key, by=ADMIN, city="上海")
    assert last(OTHER_REP) is None
    found = last(REP)
    assert found is not None and found.id == second
    company.undone(second)
    found = last(REP)
    assert found is not None and found.id == first  # the undo itself is no step
    company.now += dt.timedelta(minutes=11)
    assert last(REP) is None


def test_an_import_is_taken_back_from_its_own_message(company: Company) -> None:
    def import_(uow: UnitOfWork, actor: Actor) -> int:
        return uow.act(actor, "sheet.imported", undo=dt.timedelta(days=7), facts={"name": "客户.xlsx"})

    act_id = company.as_(REP, import_)
    with pytest.raises(NotAllowed):
        company.undone(act_id)


# Settings and set-up -----------------------------------------------------------------------------------------------


def test_the_set_up_is_taken_back_answer_by_answer(company: Company) -> None:
    def organisation() -> tuple[str, str, str, bool]:
        found = company.run(lambda uow: uow.organisation())
        return found.locale, found.region, str(found.zone), found.set_up

    before = organisation()
    first = company.as_(ADMIN, lambda uow, actor: answer(uow, actor, Question.LANGUAGE, 1))
    second = company.as_(ADMIN, lambda uow, actor: answer(uow, actor, Question.REGION, 1))
    third = company.as_(ADMIN, lambda uow, actor: finish(uow, actor, "首队"))
    assert organisation() == ("zh_Hant", "TW", "Asia/Taipei", True)
    assert company.run(lambda uow: company.actor(uow, ADMIN)).locale == "zh_Hant"
    for act_id in (third, second, first):
        company.undone(act_id, ADMIN)
    assert organisation() == before
    assert company.run(lambda uow: company.actor(uow, ADMIN)).locale == "zh_Hans"
    names = company.as_(ADMIN, lambda uow, actor: [team.name for team in uow.teams(actor).teams()])
    assert "首队" not in names


def test_an_answer_given_again_since_is_not_taken_back(company: Company) -> None:
    first = company.as_(ADMIN, lambda uow, actor: answer(uow, actor, Question.REGION, 1))
    company.as_(ADMIN, lambda uow, actor: answer(uow, actor, Question.REGION, 2))
    with pytest.raises(Changed):
        company.undone(first, ADMIN)
    assert company.run(lambda uow: uow.organisation()).region == "HK"


def test_what_a_failed_unit_chose_is_forgotten(company: Company) -> None:
    def work(uow: UnitOfWork, actor: Actor) -> None:
        answer(uow, actor, Question.REGION, 1)
        assert uow.organisation().region == "TW"  # seen in its own unit
        raise TooLate("test")

    with pytest.raises(TooLate):
        company.as_(ADMIN, work)
    assert company.run(lambda uow: uow.organisation()).region == "CN"


def test_settings_are_taken_back_with_their_morning(company: Company) -> None:
    values = {"morning_at": dt.time(7, 30), "locale": "en"}
    act_id = company.as_(REP, lambda uow, actor: change_settings(uow, actor, values))
    company.undone(act_id)
    back = company.run(lambda uow: company.actor(uow, REP))
    assert (back.morning_at, back.locale) == (dt.time(8, 30), "zh_Hans")


def test_a_row_is_never_given_the_number_of_one_that_went(company: Company) -> None:
    """Old buttons and the trail name rows by number: a newcomer must not be taken for somebody who was undone."""

    def add(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        act_id = act(uow, actor, "customer.added")
        return act_id, uow.customers(actor).add(CustomerDraft("新客户", owner_id=actor.member_id))

    act_id, gone = company.as_(REP, add)
    company.undone(act_id)
    _, newcomer = company.as_(OTHER_REP, add)
    assert newcomer != gone


def test_teams_too(company: Company) -> None:
    def add(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        act_id = act(uow, actor, "team.added")
        return act_id, uow.journal.add(Team, {"name": "短命", "parent_id": None})

    act_id, gone = company.as_(ADMIN, add)
    company.undone(act_id, ADMIN)
    _, newcomer = company.as_(ADMIN, add)
    assert newcomer != gone
