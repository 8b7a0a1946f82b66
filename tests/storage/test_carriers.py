"""What e-mail and text messages are owed: taken once, put off by a bug, told apart when late, held after a restore."""

import datetime as dt

import pytest

from actions.carriers import PUT_OFF, Leaving, carry, put_off, settle, take
from actions.survey_sending import choose
from domain.carriers import AGAIN_AFTER, Carried, Carrier, Fate
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft
from domain.errors import Changed
from domain.people import Actor
from domain.surveys import InvitationState
from storage.models import SurveyInvitation
from storage.restore import settle_old
from storage.uow import UNDO, UnitOfWork
from tests.storage.staff import Company
from tests.storage.test_surveys import Sender


@pytest.fixture
def owed(company: Company) -> int:
    """A survey that 王娜 sends to 甲, who has an e-mail and no account; its contact."""
    survey = Sender(company).survey()

    def file(uow: UnitOfWork, actor: Actor) -> int:
        uow.act(actor, "sample", undo=None)
        mail = Channel(ChannelKind.EMAIL, "jia@example.com", "jia@example.com")
        draft = CustomerDraft("甲", contacts=(ContactDraft(channels=(mail,)),), owner_id=actor.member_id)
        customer_id = uow.customers(actor).add(draft)
        contact_id = uow.customers(actor).contacts.first(customer_id)
        assert choose(uow, actor, survey.id, customer_id, now=uow.now).by_page
        carry(uow, actor, survey.id, contact_id, Carrier.MAIL, agreed=True, now=uow.now)
        with pytest.raises(Changed):  # one is on its way
            carry(uow, actor, survey.id, contact_id, Carrier.MAIL, agreed=True, now=uow.now)
        return contact_id

    contact_id = company.as_("王娜", file)
    company.now += UNDO
    return contact_id


def row(company: Company) -> SurveyInvitation:
    return company.run(lambda uow: uow.connection.execute(SurveyInvitation.__table__.select()).one())  # type: ignore[return-value]


def test_what_cannot_be_made_ready_lets_others_pass(company: Company, owed: int) -> None:
    before = row(company).send_at
    assert company.run(lambda uow: put_off(uow, now=uow.now))
    assert row(company).send_at > before + PUT_OFF - UNDO and row(company).carried == Carried.DUE
    assert company.run(lambda uow: take(uow, now=uow.now)) is False
    company.now += PUT_OFF
    assert isinstance(company.run(lambda uow: take(uow, now=uow.now)), Leaving)
    assert not company.run(lambda uow: put_off(uow, now=uow.now))  # it is in somebody's hands


def test_a_call_is_settled_once_and_tried_again_where_nobody_took_it(company: Company, owed: int) -> None:
    leaving = company.run(lambda uow: take(uow, now=uow.now))
    assert isinstance(leaving, Leaving) and leaving.contact_id == owed and leaving.to == "jia@example.com"
    assert company.run(lambda uow: take(uow, now=uow.now)) is False
    number = leaving.row.id
    company.run(lambda uow: settle(uow, number, 1, Fate.NOT_SENT, now=uow.now))
    assert row(company).carried == Carried.DUE
    company.now += AGAIN_AFTER[0]
    again = company.run(lambda uow: take(uow, now=uow.now))
    assert isinstance(again, Leaving) and again.attempt == 2 and again.token != leaving.token
    assert company.run(lambda uow: settle(uow, number, 1, Fate.REFUSED, now=uow.now)) is None  # of the call before
    assert row(company).carried == Carried.SENDING
    ended = company.run(lambda uow: settle(uow, number, 2, Fate.REFUSED, now=uow.now))
    assert ended is not None and ended.invitation.customer == "甲"
    assert (row(company).carried, row(company).state) == (Carried.FAILED, InvitationState.WITHDRAWN)


@pytest.mark.parametrize("in_hands", [False, True])
def test_a_restore_holds_what_was_on_the_way(company: Company, owed: int, in_hands: bool) -> None:
    if in_hands:
        company.run(lambda uow: take(uow, now=uow.now))
    held, _ = company.run(lambda uow: settle_old(uow, uow.now))
    assert held == 1 and row(company).carried == Carried.UNCERTAIN
    company.now += dt.timedelta(days=2)
    assert company.run(lambda uow: take(uow, now=uow.now)) is False
