"""Accounts of customers: what a pending one sees, links of others, buttons of others, two who open one link at once."""

import pytest

from actions.customer_links import make_personal_link
from domain.bindings import BindingState
from domain.consents import Purpose
from domain.customer_links import Source
from sandbox import acts
from storage.customer_links import CustomerLinkRepository
from tests.access.house import TELEGRAM, House, Kind, Who
from tests.access.watch import Watch
from views.consents import AnswerLink, AnswerPurpose, Said
from views.links import OpenWelcome

SCREENS = ("/start", "/help", "/me", "/cases", "/advisor", "/feedback", "/settings", "/privacy", "/today", "/find")
TEXTS = ("您好", "琟织女商行", "/find 织女", "/history 织女", "/undo", "13901")


def personal(house: House, kind: Kind = Kind.VEGA, by: Who = Who.OWNER) -> tuple[str, int]:
    """An open personal link to a record's contact: its token and id."""
    with house.database.transaction(house.now) as uow:
        actor = house.actor(uow, by)
        token, _, _ = make_personal_link(uow, actor, house.records[kind].contact, now=house.now)
        found = uow.connection.exec_driver_sql("SELECT max(id) FROM customer_link")
        return token, int(found.scalar_one())


def bound(house: House) -> list[tuple[int, str]]:
    """Persons of open bindings beside those that every record has."""
    with house.database.transaction(house.now) as uow:
        rows = uow.connection.exec_driver_sql(
            "SELECT p.telegram_id, b.state FROM binding b JOIN person p ON p.id = b.person_id"
            " WHERE b.state <> 'ended' AND p.telegram_id < 60000 ORDER BY b.id"
        )
        return [(int(row[0]), str(row[1])) for row in rows]


async def test_a_pending_account_sees_nothing_that_it_did_not_type(watch: Watch) -> None:
    """Not even the name of its own record; ``secrets_from`` a buyer are all markers of all records."""
    house = watch.house
    token, _ = personal(house)
    with house.database.transaction(house.now) as uow:  # the two lines name who will write: no marker here
        uow.connection.exec_driver_sql(f"UPDATE member SET name = '小王' WHERE id = {house.members[Who.OWNER]}")
    await watch.say(Who.BUYER, f"/start c{token}")
    await watch.press(Who.BUYER, AnswerLink(_last_link(house), Said.YES))
    await watch.press(Who.BUYER, AnswerPurpose(Purpose.OFFERS, Said.YES))
    assert bound(house) == [(TELEGRAM[Who.BUYER], BindingState.PENDING)]
    for words in (*SCREENS, *TEXTS):
        await watch.say(Who.BUYER, words)
    await watch.press(Who.BUYER, OpenWelcome())
    assert watch.leaks == []


@pytest.mark.both_databases
async def test_of_two_who_agree_at_once_one_is_in(watch: Watch) -> None:
    house, world = watch.house, watch.sandbox.world
    token, link_id = personal(house)
    two = (Who.STRANGER, Who.BUYER)
    for who in two:
        acts.start(world, watch.account(who), f"c{token}")
    await watch.settle()
    await watch.press_at_once({who: watch.signed(who, AnswerLink(link_id, Said.YES)) for who in two})
    watch.leaks.clear()  # the two lines name the owner
    assert len(bound(house)) == 1


async def test_a_button_of_another_account_binds_nobody(watch: Watch) -> None:
    house = watch.house
    _, link_id = personal(house)
    button = watch.signed(Who.BUYER, AnswerLink(link_id, Said.YES))
    before = house.holdings()
    await watch.press_data(Who.STRANGER, button)
    await watch.press_data(Who.STRANGER, button.replace("bb8", "bc8"))
    await watch.press(Who.STRANGER, AnswerPurpose(Purpose.OFFERS, Said.YES))  # of nobody
    await watch.press(Who.STRANGER, AnswerLink(link_id + 1_000, Said.YES))
    assert bound(house) == [] and house.holdings() == before
    assert watch.leaks == []


async def test_links_of_others_are_not_listed(watch: Watch) -> None:
    house = watch.house
    with house.database.transaction(house.now) as uow:
        uow.act(None, "sample", undo=None)
        links = CustomerLinkRepository(uow, house.actor(uow, Who.MATE))
        values = {"kind": "public", "member_id": house.members[Who.MATE], "source": Source.CARD, "label": None}
        links.add("0" * 64, values)
        seen = {who: len(CustomerLinkRepository(uow, house.actor(uow, who)).public()) for who in Who}
    assert {who for who, count in seen.items() if count} == {Who.ADMIN, Who.LEAD, Who.MATE}


def _last_link(house: House) -> int:
    with house.database.transaction(house.now) as uow:
        return int(uow.connection.exec_driver_sql("SELECT max(id) FROM customer_link").scalar_one())
