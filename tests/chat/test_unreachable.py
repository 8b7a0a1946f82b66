"""Who blocks the bot is no longer written to, and whoever is responsible hears of it once."""

import pytest

from sandbox import acts
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import OTHER_REP, StaffIds
from tests.chat.people import Person
from views.links import OpenCustomer
from views.owners import Assign
from views.replies import pack
from views.teams import OpenMember

pytestmark = pytest.mark.usefixtures("company")


def block(who: Person) -> None:
    acts.block(who.sandbox.world, who.sandbox.world.chats.people[who.id])


@pytest.mark.both_databases
async def test_the_lead_of_a_rep_is_told_once(
    lead: Person,
    other_rep: Person,
    staff: StaffIds,
    company: Company,  # noqa: F811
) -> None:
    # Without the event that Telegram sends: only the refused message says it.
    other_rep.sandbox.world.chats.people[other_rep.id].blocked = True
    for name in ("张伟", "张建国"):
        card = await lead.say(f"/find {name}")
        choice = await lead.follow(card, data_startswith="cw1.")
        heir = pack(Assign(company.ids[name], staff.members[OTHER_REP], 0))
        await lead.follow(choice, data_startswith=heir[:-1])
    (told,) = (message for message in lead.messages if "联系不上赵涛了" in message.text)
    assert "赵涛" in (await lead.follow(told, OpenMember)).text


async def test_the_owner_of_a_customer_is_told(rep: Person, client: Person) -> None:  # noqa: F811
    block(client)
    told = await rep.expect_push()
    assert "联系不上张伟（张伟）了" in told.text
    assert "张伟" in (await rep.follow(told, OpenCustomer)).text


async def test_who_comes_back_at_once_is_not_talked_about(lead: Person, rep: Person) -> None:
    world = rep.sandbox.world
    world.clock.move_to("2026-11-18T23:00:00+08:00", zone="Asia/Shanghai")  # the lead's quiet hours
    block(rep)
    await lead.quiet()
    acts.unblock(world, world.chats.people[rep.id])
    await rep.say("/today")
    world.clock.move_to("2026-11-19T08:05:00+08:00", zone="Asia/Shanghai")
    await lead.quiet()
