"""Public links: made by a rep and a lead, opened by strangers, counted, withdrawn."""

import pytest

from sandbox.people import Person as Account
from sandbox.server import Sandbox
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import Start
from tests.chat.people import Person
from tests.chat.test_bindings import BAD, payload_of
from views.consents import AnswerLink, AnswerPurpose
from views.customer_links import ChooseWho, ListLinks, MakeLink, NewLink, RevokeLink
from views.history import Undo
from views.links import OpenCustomer

NOBODY = 10_099

pytestmark = pytest.mark.usefixtures("company")


@pytest.mark.both_databases
async def test_a_fair_brings_prospects_with_their_source(
    rep: Person, other_rep: Person, lead: Person, stranger: Person, neighbour: Person
) -> None:
    sources = await rep.follow(await rep.say("/links"), NewLink)
    assert sources.buttons[:5] == ["名片", "官网", "展会", "营销活动", "活动"]
    await rep.follow(sources, "展会")
    assert "最多 40 个字" in (await rep.say("展" * 41)).text
    await rep.say("上海展 2026")
    link, picture = rep.messages[-2:]
    assert "展会：上海展 2026" in link.text and "王娜的潜在客户" in link.text and picture.file_name == "qr.png"
    assert [b.kind for b in link.rows[0]] == ["copy", "url"]

    first = await stranger.start(payload_of(link))
    assert "很高兴" in first.text and "上海展 2026" in first.text and "王娜" in first.text
    home = await stranger.follow(await stranger.follow(first, AnswerLink), AnswerPurpose)
    assert "王娜" in home.text
    told = await rep.expect_push()
    assert "上海展 2026" in told.text
    more = await rep.follow(await rep.follow(told, OpenCustomer), "⋯ 更多")
    assert "来源：展会：上海展 2026" in more.text
    await neighbour.start(payload_of(link))  # reads it and goes away

    listed = await rep.follow(link, ListLinks)
    assert "打开 2 次 · 1 位潜在客户" in listed.text
    assert "没有公开链接" in (await other_rep.say("/links")).text
    assert "上海展 2026" in (await lead.say("/links")).text

    withdrawn = await rep.follow(listed, RevokeLink)
    assert "没有公开链接" in withdrawn.text
    assert "無效或已失效" in (await neighbour.start(payload_of(link))).text
    await rep.follow(withdrawn, Undo)
    assert "Emma Lin" in (await neighbour.start(payload_of(link))).text


async def test_who_shows_no_name_has_one_here(rep: Person, person: Start, sandbox: Sandbox) -> None:
    """By an account's name of a sign that is drawn as nothing, as some have."""
    sandbox.world.chats.add_person(
        Account(NOBODY, "\u3164", username="quiet_one", language_code="zh-hans", started=True)
    )
    await rep.follow(await rep.follow(await rep.say("/links"), NewLink), MakeLink)
    link, _ = rep.messages[-2:]
    await person(NOBODY).follow(await person(NOBODY).start(payload_of(link)), AnswerLink)
    card = await rep.follow(await rep.expect_push(), OpenCustomer)
    assert "quiet_one" in card.text.splitlines()[0]


async def test_a_lead_says_whose_the_prospects_are(rep: Person, lead: Person, stranger: Person) -> None:
    source = await lead.follow(await lead.follow(await lead.say("/links"), NewLink), ChooseWho)  # the business card
    assert {"王娜", "公海"} <= set(source.buttons)
    await lead.follow(source, "王娜")
    made = lead.messages[-2]
    assert "名片" in made.text
    assert "王娜" in (await stranger.start(payload_of(made))).text
    await lead.press(made, Undo)
    assert BAD in (await stranger.start(payload_of(made))).text

    fair = await lead.follow(await lead.follow(await lead.say("/links"), NewLink), "活动")
    await lead.follow(fair, "公海")
    await lead.say("五月开放日")
    await stranger.follow(await stranger.start(payload_of(lead.messages[-2])), AnswerLink)
    assert "五月开放日" in (await lead.expect_push()).text
    await rep.quiet()
