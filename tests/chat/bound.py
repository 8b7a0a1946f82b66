"""Customers with a phone, for journeys: the account of 张伟 is bound to the contact of REP's customer 张伟."""

import datetime as dt

import pytest

from domain.bindings import BindingState
from domain.consents import Purpose
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat.company import WEDNESDAY, Company
from tests.chat.conftest import REP, STRANGER, StaffIds, Start
from tests.chat.people import Person
from views.language import guess_locale

OPENED = dt.timedelta(days=20)  # before that Wednesday


@pytest.fixture
def client(person: Start, database: Database, sandbox: Sandbox, company: Company, staff: StaffIds) -> Person:
    """张伟, confirmed by his rep three weeks ago; he agreed to service messages and to offers."""
    bind(database, sandbox, STRANGER, company.ids["张伟"], confirmed_by=staff.members[REP])
    return person(STRANGER)


@pytest.fixture
def pending_client(person: Start, database: Database, sandbox: Sandbox, company: Company) -> Person:
    """The same account, of which the rep has not said yet that it is he."""
    bind(database, sandbox, STRANGER, company.ids["张伟"])
    return person(STRANGER)


def bind(
    database: Database,
    sandbox: Sandbox,
    telegram_id: int,
    customer_id: int,
    *,
    confirmed_by: int | None = None,
    purposes: frozenset[Purpose] = frozenset(Purpose),
) -> int:
    """Tie an account to the first contact of a customer, agreed to ``purposes``; pending without ``confirmed_by``.

    Returns:
        The id of the binding.
    """
    who = sandbox.world.chats.people[telegram_id]
    who.started = True
    at = dt.datetime.fromisoformat(WEDNESDAY) - OPENED
    with database.transaction(at) as uow:
        locale = guess_locale(who.language_code, "zh_Hans")
        actor = uow.people.identify(telegram_id, name=who.full_name, username=who.username or None, locale=locale)
        contact_id = uow.customers(uow.people.program()).contacts.first(customer_id)
        uow.act(actor, "sample", customer_id=customer_id, undo=None)
        values = {"person_id": actor.person_id, "customer_id": customer_id, "contact_id": contact_id, "opened_at": at}
        state = BindingState.CONFIRMED if confirmed_by is not None else BindingState.PENDING
        values |= {"state": state, "decided_by": confirmed_by, "decided_at": at if confirmed_by is not None else None}
        binding_id = uow.bindings(actor).add(values)
        for purpose in Purpose:
            uow.consents.decide(
                purpose,
                granted=purpose in purposes,
                person_id=actor.person_id,
                contact_id=contact_id,
                locale=actor.locale,
                channel="chat",
            )
    return binding_id
