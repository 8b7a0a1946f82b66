"""What happens to cases, in the database: clocks that are owed, undone and handed on, templates that are counted."""

import datetime as dt

import pytest
from sqlalchemy import select

from actions import case_work, feedback
from actions.cases import open_case
from actions.history import undo
from actions.reply_templates import add_template
from domain.bindings import BindingState
from domain.cases import About, CaseDraft, CaseKind, CaseLine, CaseState, EntryKind
from domain.errors import Changed, NotFound, TooLate
from domain.people import Actor
from storage.models import Due
from storage.uow import UnitOfWork
from tests.storage.staff import Company
from tests.storage.test_seals import looked_at, sealed


@pytest.fixture
def case(company: Company) -> CaseLine:
    """A complaint of 张伟, whose account is 林怡君's phone, with 王娜."""
    customer_id = company.filed()

    def bound(uow: UnitOfWork, actor: Actor) -> CaseLine:
        contact_id = uow.customers(uow.people.program()).contacts.first(customer_id)
        uow.act(actor, "sample", customer_id=customer_id, undo=None)
        values = {"person_id": actor.person_id, "customer_id": customer_id, "contact_id": contact_id}
        binding_id = uow.bindings(actor).add(values | {"state": BindingState.CONFIRMED, "opened_at": uow.now})
        draft = CaseDraft(0, CaseKind.COMPLAINT, About.DELIVERY, "少了一箱")
        return feedback.file_feedback(uow, actor, binding_id, draft, [], now=uow.now)

    return company.as_("林怡君", bound)


def owed(company: Company, case: CaseLine) -> dict[str, int]:
    """Open clocks by kind, with how many people each tells."""

    def count(uow: UnitOfWork) -> dict[str, int]:
        rows = uow.connection.execute(select(Due.kind).where(Due.subject_id == case.id, Due.state == 0)).scalars()
        kinds = [kind for kind in rows if kind.startswith(("case_answer_", "case_update_", "case_solve_"))]
        return {kind: kinds.count(kind) for kind in kinds}

    return company.run(count)


def test_clocks_are_owed_to_the_owner_then_to_those_above(company: Company, case: CaseLine) -> None:
    kinds = owed(company, case)
    assert kinds["case_answer_half"] == kinds["case_answer_most"] == 1
    assert kinds["case_answer_breach"] == 2, "the owner and the lead"
    assert kinds["case_answer_long"] == 1
    assert "case_update_half" not in kinds


def test_clocks_stand_still_while_waiting_and_go_on_when_the_customer_writes(company: Company, case: CaseLine) -> None:
    done = company.as_("王娜", lambda u, a: case_work.answer(u, a, case.id, "哪一箱？", now=u.now))
    assert set(owed(company, case)) == {
        f"case_{clock}_{level}" for clock in ("update", "solve") for level in ("half", "most", "breach", "long")
    }
    company.as_("王娜", lambda u, a: case_work.wait(u, a, case.id, version=done.case.version, now=u.now))
    assert not owed(company, case)
    before = company.as_("王娜", lambda u, a: u.cases(a).get(case.id))
    company.now += dt.timedelta(days=2)
    company.as_("林怡君", lambda u, a: feedback.add_words(u, a, case.id, "蓝色的", [], now=u.now))
    after = company.as_("王娜", lambda u, a: u.cases(a).get(case.id))
    assert after.state is CaseState.IN_WORK
    assert after.solve_due is not None and before.solve_due is not None
    assert dt.timedelta(days=2) <= after.solve_due - before.solve_due < dt.timedelta(days=5)
    assert after.waited_seconds == pytest.approx(18 * 3600, abs=60)
    assert "case_update_most" in owed(company, case), "half of the longer time is over already"


def test_every_act_is_undone_with_its_clocks(company: Company, case: CaseLine) -> None:
    before, clocks = company.as_("王娜", lambda u, a: u.cases(a).get(case.id)), owed(company, case)
    acts = [
        lambda u, a: case_work.take(u, a, case.id, version=before_version(u, a), now=u.now),
        lambda u, a: case_work.note(u, a, case.id, "打过电话", now=u.now),
        lambda u, a: case_work.promise(u, a, case.id, u.now + dt.timedelta(days=1), now=u.now),
        lambda u, a: case_work.wait(u, a, case.id, version=before_version(u, a), now=u.now),
        lambda u, a: case_work.solve(u, a, case.id, version=before_version(u, a), now=u.now),
        lambda u, a: case_work.close(u, a, case.id, "by_phone", version=before_version(u, a), now=u.now),
        lambda u, a: case_work.press_on(u, a, case.id, now=u.now),
        lambda u, a: case_work.learn(u, a, case.id, "cause", "defect", now=u.now),
    ]

    def before_version(uow: UnitOfWork, actor: Actor) -> int:
        return uow.cases(actor).get(case.id).version

    for act in acts:
        done = company.as_("王娜", act)
        company.undone(done.act_id)
        after = company.as_("王娜", lambda u, a: u.cases(a).get(case.id))
        assert (after.state, after.owner, after.answer_due, after.urgent, after.cause, after.ended_at) == (
            *(before.state, before.owner, before.answer_due, False, None, None),
        )
        story = company.as_("王娜", lambda u, a: u.cases(a).story(case.id))
        assert [entry.kind for entry in story] == [EntryKind.STATE]
        assert owed(company, case) == clocks


def test_a_transferred_case_is_the_heirs_to_see_and_undo(company: Company, case: CaseLine) -> None:
    """The heir does not know the customer, and may act and take back all the same."""
    given = company.as_(
        "李强",
        lambda u, a: case_work.transfer(
            u, a, case.id, company.members["孙悦"], version=u.cases(a).get(case.id).version, now=u.now
        ),
    )
    assert given.case.owner == "孙悦"
    noted = company.as_("孙悦", lambda u, a: case_work.note(u, a, case.id, "我来", now=u.now))
    company.as_("孙悦", lambda u, a: undo(u, a, noted.act_id, now=u.now))
    with pytest.raises(NotFound):
        company.as_("孙悦", lambda u, a: u.customers(a).get(case.customer_id))
    company.undone(given.act_id, "李强")
    with pytest.raises(NotFound):
        company.as_("孙悦", lambda u, a: u.cases(a).get(case.id))


def test_a_case_is_given_to_nobody_out_of_sight_nor_to_whom_it_is_about(company: Company) -> None:
    customer_id = company.filed()
    draft = CaseDraft(customer_id, CaseKind.COMPLAINT, About.ADVISER, "态度差")
    case = company.run(lambda uow: open_case(uow, None, draft, now=uow.now))

    def give(heir: str) -> None:
        member_id, version = company.members[heir], case.version
        company.as_("李强", lambda u, a: case_work.transfer(u, a, case.id, member_id, version=version, now=u.now))

    for heir in ("赵涛", "王娜"):
        with pytest.raises(NotFound):
            give(heir)


def test_open_cases_go_along_when_a_customer_changes_hands(company: Company, case: CaseLine) -> None:
    from actions.customers import assign

    company.as_("李强", lambda u, a: assign(u, a, case.customer_id, company.members["孙悦"], now=u.now))
    assert company.as_("孙悦", lambda u, a: u.cases(a).get(case.id)).owner == "孙悦"
    with pytest.raises(NotFound):
        company.as_("王娜", lambda u, a: u.cases(a).get(case.id))


def test_an_answer_is_recalled_once_and_in_time_only(company: Company, case: CaseLine) -> None:
    done = company.as_("王娜", lambda u, a: case_work.answer(u, a, case.id, "马上", now=u.now))
    back = company.as_("王娜", lambda u, a: case_work.recall(u, a, done.act_id, now=u.now))
    assert (back.state, back.answered_at) == (CaseState.RECEIVED, None)
    with pytest.raises(TooLate):
        company.as_("王娜", lambda u, a: case_work.recall(u, a, done.act_id, now=u.now))
    again = company.as_("王娜", lambda u, a: case_work.answer(u, a, case.id, "马上", now=u.now))
    company.now += dt.timedelta(minutes=3)
    with pytest.raises(TooLate):
        company.as_("王娜", lambda u, a: case_work.recall(u, a, again.act_id, now=u.now))
    sealed(company)
    assert looked_at(company).trouble is None  # nobody takes a recall for tampering


def test_who_pressed_an_old_button_changes_nothing(company: Company, case: CaseLine) -> None:
    company.as_("王娜", lambda u, a: case_work.solve(u, a, case.id, version=case.version, now=u.now))
    company.as_("林怡君", lambda u, a: feedback.reopen(u, a, case.id, now=u.now))
    with pytest.raises(Changed):
        company.as_("李强", lambda u, a: case_work.wait(u, a, case.id, version=case.version, now=u.now))


def test_templates_are_counted_by_what_was_answered(company: Company, case: CaseLine) -> None:
    def write(name: str, by: str, *, shared: bool) -> int:
        text = "{name}您好，{promised}前给您消息"
        return company.as_(by, lambda u, a: add_template(u, a, name, text, shared=shared))[0].id

    own, team, other = (
        write("我的", "王娜", shared=False),
        write("一部的", "李强", shared=True),
        write("二部的", "陈静", shared=True),
    )
    usable = company.as_("王娜", lambda u, a: {one.id for one in u.templates(a).all()})
    assert usable == {own, team} and other not in usable
    assert not company.as_("王娜", lambda u, a: u.templates(a).may_change(team))
    assert company.as_("李强", lambda u, a: u.templates(a).may_change(team))
    company.as_("王娜", lambda u, a: case_work.answer(u, a, case.id, "您好", template_id=team, now=u.now))
    line = company.as_("王娜", lambda u, a: u.templates(a).get(team))
    assert (line.used, line.answered) == (1, 0)
    company.as_("林怡君", lambda u, a: feedback.add_words(u, a, case.id, "好的", [], now=u.now))
    line = company.as_("王娜", lambda u, a: u.templates(a).get(team))
    assert (line.used, line.answered) == (1, 1)


def test_a_customers_account_that_was_unbound_sees_nothing_more(company: Company, case: CaseLine) -> None:
    assert company.as_("林怡君", lambda u, a: u.feedback(a).find(case.id)) is not None

    def unbind(uow: UnitOfWork, actor: Actor) -> None:
        (binding,) = uow.bindings(actor).of_customer(case.customer_id)
        uow.act(actor, "sample", undo=None)
        uow.bindings(actor).change(binding.id, {"state": BindingState.ENDED})

    company.as_("王娜", unbind)
    assert company.as_("林怡君", lambda u, a: u.feedback(a).find(case.id)) is None
    assert company.as_("林怡君", lambda u, a: u.feedback(a).page()).total == 0
