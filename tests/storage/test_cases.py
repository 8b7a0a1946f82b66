"""Whose cases whom concern: the one condition that keeps a case about a rep from that rep."""

from actions.cases import open_case
from domain.cases import About, CaseDraft, CaseKind, CaseLine, CaseState
from domain.people import Actor
from storage.uow import UnitOfWork
from tests.storage.staff import Company

EVERYBODY = ("周芳", "李强", "王娜", "孙悦", "陈静", "赵涛")


def filed(company: Company, about: About, *, owner: str | None = "王娜") -> CaseLine:
    """A complaint that the program files for 张伟."""
    customer_id = company.filed(owner)
    draft = CaseDraft(customer_id, CaseKind.COMPLAINT, about, "货到得太晚")
    return company.run(lambda uow: open_case(uow, None, draft, now=uow.now))


def who_sees(company: Company, line: CaseLine) -> list[str]:
    def sees(uow: UnitOfWork, actor: Actor) -> bool:
        cases = uow.cases(actor)
        found = cases.find(line.id) is not None
        listed = line.id in [one.id for one in cases.page(mine=False).items]
        assert (
            found == listed == (cases.referred(line.reference) is not None) == bool(cases.count_open(line.customer_id))
        )
        return found

    return [name for name in EVERYBODY if company.as_(name, sees)]


def test_a_complaint_goes_to_the_owner_and_is_seen_above(company: Company) -> None:
    line = filed(company, About.DELIVERY)
    assert line.owner == "王娜"
    assert line.state is CaseState.RECEIVED
    assert line.answer_due is not None and line.solve_due is not None
    assert who_sees(company, line) == ["周芳", "李强", "王娜"]


def test_one_about_the_adviser_goes_to_the_lead_and_is_hidden_from_the_rep(company: Company) -> None:
    line = filed(company, About.ADVISER)
    assert line.owner == "李强"
    assert line.about_id == company.members["王娜"]
    assert who_sees(company, line) == ["周芳", "李强"]
    acts = company.as_("王娜", lambda uow, actor: uow.history(actor).page())
    assert "case.opened" not in [act.kind for act in acts.items]
    acts = company.as_("李强", lambda uow, actor: uow.history(actor).page())
    assert "case.opened" in [act.kind for act in acts.items]


def test_one_about_a_lead_goes_above_and_is_hidden_from_the_lead(company: Company) -> None:
    line = filed(company, About.ADVISER, owner="李强")
    assert line.owner == "周芳"
    assert who_sees(company, line) == ["周芳"]


def test_whoever_owns_the_customer_next_does_not_see_a_case_about_the_last(company: Company) -> None:
    line = filed(company, About.ADVISER)
    company.changed(line.customer_id, "李强", owner_id=company.members["孙悦"])
    assert who_sees(company, line) == ["周芳", "李强"]


def test_a_case_of_the_pool_goes_to_an_admin(company: Company) -> None:
    line = filed(company, About.PRODUCT, owner=None)
    assert line.owner == "周芳"
    assert who_sees(company, line) == ["周芳"]
