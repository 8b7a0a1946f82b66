"""Links and what they tie: used once, by one, within their time; and what an account takes along from the page."""

import datetime as dt

import pytest

from actions.bindings import accept, confirm, end, take_along
from actions.customer_links import make_personal_link, make_public_link, revoke_link
from actions.history import undo
from actions.surveys import invitation_row
from actions.web import make_page_link
from domain.bindings import LINK_DAYS, BindingState
from domain.customer_links import Source
from domain.errors import Changed, NotFound
from domain.people import Actor
from domain.surveys import InvitationState
from domain.tokens import hash_token
from storage.customer_links import CustomerLinkRepository
from storage.models import SurveyInvitation
from storage.uow import UnitOfWork
from tests.storage.staff import Company
from tests.storage.test_surveys import Sender


def contact_of(company: Company, customer_id: int) -> int:
    return company.as_("周芳", lambda uow, actor: uow.customers(actor).contacts.first(customer_id))


def opened(company: Company, token: str, by: str = "林怡君") -> int | None:
    """Who opens a link and agrees: the binding, ``None`` for a bad link or one that somebody else used."""

    def work(uow: UnitOfWork, actor: Actor) -> int | None:
        link = CustomerLinkRepository(uow, actor).find(hash_token(token))
        binding = accept(uow, actor, link, source="card", now=uow.now) if link is not None else None
        return binding.id if binding is not None else None

    return company.as_(by, work)


def personal(company: Company, contact_id: int, by: str = "王娜") -> str:
    return company.as_(by, lambda uow, actor: make_personal_link(uow, actor, contact_id, now=uow.now)[0])


def test_a_personal_link_works_once_for_one_and_for_a_while(company: Company) -> None:
    contact_id = contact_of(company, company.filed())
    first = personal(company, contact_id)
    second = personal(company, contact_id)
    company.join("周敏", None)
    assert opened(company, first) is None  # a new one revokes the one before
    assert opened(company, second) is not None
    assert opened(company, second, by="周敏") is None
    late = personal(company, contact_id)
    company.now += dt.timedelta(days=LINK_DAYS, seconds=1)
    assert opened(company, late, by="周敏") is None
    with pytest.raises(NotFound):  # 赵涛 is of another branch
        personal(company, contact_id, by="赵涛")


def test_a_public_link_makes_a_prospect_of_each_until_it_is_revoked(company: Company) -> None:
    def make(uow: UnitOfWork, actor: Actor) -> tuple[str, int, int]:
        return make_public_link(uow, actor, Source.CARD, None, actor.member_id)

    token, link_id, _ = company.as_("王娜", make)
    company.join("周敏", None)
    bindings = {opened(company, token), opened(company, token, by="周敏")}
    assert len(bindings) == 2 and None not in bindings
    company.as_("王娜", lambda uow, actor: revoke_link(uow, actor, link_id, version=1))
    company.join("吴强", None)
    assert opened(company, token, by="吴强") is None


def test_a_binding_is_decided_once_and_undone(company: Company) -> None:
    token = personal(company, contact_of(company, company.filed()))
    binding_id = opened(company, token)
    assert binding_id is not None

    def state(uow: UnitOfWork, actor: Actor) -> tuple[BindingState, int]:
        found = uow.bindings(actor).get(binding_id)
        return found.state, found.version

    _, act_id = company.as_("王娜", lambda uow, actor: confirm(uow, actor, binding_id, version=1))
    with pytest.raises(Changed):
        company.as_("李强", lambda uow, actor: confirm(uow, actor, binding_id, version=1))
    assert company.as_("王娜", state)[0] is BindingState.CONFIRMED
    company.as_("王娜", lambda uow, actor: undo(uow, actor, act_id, now=uow.now))
    assert company.as_("王娜", state) == (BindingState.PENDING, 3)
    company.as_("王娜", lambda uow, actor: end(uow, actor, binding_id, version=3))
    assert company.as_("林怡君", lambda uow, actor: uow.bindings(actor).mine()) == []
    with pytest.raises(NotFound):
        company.as_("赵涛", state)


def test_a_page_lasts_as_long_as_its_link(company: Company) -> None:
    customer_id = company.filed()
    contact_id = contact_of(company, customer_id)

    def make(uow: UnitOfWork, actor: Actor) -> str:
        uow.act(actor, "link.made", customer_id=customer_id)
        return make_page_link(uow, actor, contact_id, customer_id, now=uow.now)

    token = company.as_("王娜", make)

    def visitor(uow: UnitOfWork) -> int | None:
        found = uow.web.visitor(hash_token(token))
        return found.contact_id if found else None

    assert company.run(visitor) == contact_id
    assert opened(company, token) is None  # it is no link into the chat
    company.now += dt.timedelta(days=LINK_DAYS, seconds=1)
    assert company.run(visitor) is None


def test_what_was_asked_on_the_page_goes_along_but_not_what_others_were_asked(company: Company) -> None:
    survey = Sender(company).survey()
    customer_id, other_id = company.filed(), company.customer("乙", "王娜")
    contact_id, other = contact_of(company, customer_id), contact_of(company, other_id)

    def ask(uow: UnitOfWork, actor: Actor) -> None:
        uow.act(actor, "survey.sent", customer_id=customer_id)
        row = invitation_row(survey.id, now=uow.now) | {"state": InvitationState.SENT, "sent_at": uow.now}
        for customer, contact in ((customer_id, contact_id), (other_id, other)):
            uow.invitations(actor).add(row | {"customer_id": customer, "contact_id": contact})

    company.as_("王娜", ask)
    binding_id = opened(company, personal(company, contact_id))
    assert binding_id is not None

    def take(uow: UnitOfWork, actor: Actor) -> None:
        uow.act(actor, "binding.confirmed", customer_id=customer_id)
        take_along(uow, actor, uow.bindings(actor).get(binding_id))

    company.as_("王娜", take)
    rows = company.run(lambda uow: uow.connection.execute(SurveyInvitation.__table__.select()).all())
    assert {row.contact_id: row.person_id for row in rows} == {contact_id: company.people["林怡君"], other: None}
    assert all(row.reminded_at is None for row in rows)  # it is called to mind later, in the chat
