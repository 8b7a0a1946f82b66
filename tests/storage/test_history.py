"""The trail: who may read which acts, page by page, and how much of what they changed."""

import pytest
from sqlalchemy import insert

from actions.settings import change_settings
from actions.teams import deactivate, hand_over
from domain.customers import PAGE
from domain.errors import NotFound
from domain.history import Shown, Sight
from domain.people import Actor
from storage.models import Act
from storage.uow import UnitOfWork
from tests.storage.staff import Company

ADMIN, LEAD, REP, OTHER_REP = "周芳", "李强", "王娜", "赵涛"


def kinds(company: Company, name: str, shown: Shown | None = None) -> list[str]:
    return company.as_(name, lambda uow, actor: [a.kind for a in uow.history(actor).page(shown=shown).items])


def test_a_trail_shows_what_the_reader_may_see(company: Company) -> None:
    key, foreign = company.filed(), company.filed(OTHER_REP)
    company.changed(key, note="一")
    company.changed(foreign, by=OTHER_REP, note="二")
    company.as_(OTHER_REP, lambda uow, actor: change_settings(uow, actor, {"locale": "en"}))
    company.as_(REP, lambda uow, actor: change_settings(uow, actor, {"locale": "en"}))
    assert kinds(company, ADMIN) == ["settings.changed"] * 2 + ["customer.changed"] * 2
    assert kinds(company, LEAD) == ["customer.changed"]  # own settings are nobody else's to read
    assert kinds(company, REP) == ["settings.changed", "customer.changed"]
    assert kinds(company, OTHER_REP) == ["settings.changed", "customer.changed"]
    assert kinds(company, "林怡君") == []


def test_a_rep_sees_what_others_did_to_the_own_customers(company: Company) -> None:
    key = company.filed()
    company.changed(key, by=ADMIN, note="一")
    assert kinds(company, REP) == ["customer.changed"]
    assert kinds(company, REP, Shown(customer_id=key)) == ["customer.changed"]
    assert kinds(company, OTHER_REP, Shown(customer_id=key)) == []


def test_a_trail_is_filtered_by_member(company: Company) -> None:
    key = company.filed()
    company.changed(key, note="一")
    company.changed(key, by=LEAD, note="二")
    assert kinds(company, LEAD, Shown(member_id=company.members[REP])) == ["customer.changed"]
    assert kinds(company, "陈静", Shown(member_id=company.members[REP])) == []


def test_a_trail_has_pages(company: Company) -> None:
    key = company.filed()
    for n in range(PAGE + 2):
        company.changed(key, note=str(n))

    def pages(uow: UnitOfWork, actor: Actor) -> tuple[list[int], list[int], bool, bool]:
        first, second = (uow.history(actor).page(number=n) for n in (0, 1))
        ids = [[line.id for line in page.items] for page in (first, second)]
        return ids[0], ids[1], first.number < first.last, second.number < second.last

    for name in (ADMIN, LEAD, REP):
        first, second, more, even_more = company.as_(name, pages)
        assert len(first) == PAGE and len(second) == 2 and more and not even_more
        assert sorted([*first, *second], reverse=True) == [*first, *second]


def sights(company: Company, name: str, act_id: int) -> list[tuple[str, Sight]]:
    def work(uow: UnitOfWork, actor: Actor) -> list[tuple[str, Sight]]:
        history = uow.history(actor)
        return [(c.table, c.sight) for c in history.changes(history.get(act_id), most=20)[0]]

    return company.as_(name, work)


def test_changes_are_seen_by_the_rights_of_now(company: Company) -> None:
    key = company.filed()
    act_id = company.changed(key, note="秘密")
    assert sights(company, REP, act_id) == [("customer", Sight.FULL)]
    for owner, sight in ((None, Sight.MASKED), (OTHER_REP, Sight.NONE)):
        with company.database.transaction(company.now) as uow:
            uow.act(None, "sample", undo=None)
            owner_id = company.members[owner] if owner else None
            uow.customers(company.actor(uow, ADMIN)).set_owner(key, owner_id)
        assert sights(company, REP, act_id) == [("customer", sight)]
        assert sights(company, ADMIN, act_id) == [("customer", Sight.FULL)]
    line = company.as_(REP, lambda uow, actor: uow.history(actor).get(act_id))
    assert line.customer is None  # nor by name any more


def test_changes_of_many_customers_are_told_apart(company: Company) -> None:
    company.filed()
    company.customer("陈晓明", REP)
    _, act_id = company.as_(
        ADMIN, lambda uow, actor: hand_over(uow, actor, company.members[REP], company.members[OTHER_REP])
    )

    def work(uow: UnitOfWork, actor: Actor) -> list[tuple[str | None, object, object]]:
        history = uow.history(actor)
        changes, total = history.changes(history.get(act_id), most=20)
        assert total == len(changes)
        return [
            (c.subject, (c.before or {}).get("owner_id"), (c.after or {}).get("owner_id"))
            for c in changes
            if c.table == "customer"
        ]

    assert company.as_(ADMIN, work) == [("张伟", REP, OTHER_REP), ("陈晓明", REP, OTHER_REP)]


def test_the_trail_of_a_customer_holds_what_was_done_to_many(company: Company) -> None:
    key, other = company.filed(), company.customer("陈晓明", REP)
    _, act_id = company.as_(
        ADMIN, lambda uow, actor: hand_over(uow, actor, company.members[REP], company.members[OTHER_REP])
    )
    for name, seen in ((OTHER_REP, True), (ADMIN, True), (LEAD, False), (REP, False)):
        assert ("member.handed_over" in kinds(company, name, Shown(customer_id=key))) is seen

    def about(uow: UnitOfWork, actor: Actor) -> list[tuple[str, int, str | None]]:
        history = uow.history(actor)
        changes, total = history.changes(history.get(act_id, about=other), most=20, about=other)
        assert total == len(changes)
        return [(c.table, c.row_id, c.subject) for c in changes]

    assert company.as_(OTHER_REP, about) == [("customer", other, None)]
    with pytest.raises(NotFound):
        company.as_(REP, about)


def test_a_lead_reads_the_acts_of_a_member_who_is_out(company: Company) -> None:
    key = company.filed()
    company.changed(key, note="一")
    company.as_(LEAD, lambda uow, actor: deactivate(uow, actor, company.members[REP], version=1))
    assert kinds(company, LEAD) == ["member.deactivated", "customer.changed"]


def test_what_the_program_notes_for_itself_is_no_act_of_anybody(company: Company) -> None:
    with company.database.transaction(company.now) as uow:
        uow.connection.execute(
            insert(Act), {"kind": "reminder.pushed", "at": company.now, "facts": {}, "member_id": None}
        )
    assert kinds(company, ADMIN) == []
