"""A stand-in sees exactly the customers of whom is away, and only then."""

import datetime as dt

from actions.cases import open_case
from domain.cases import About, CaseDraft, CaseKind
from domain.exports import Format
from tests.access.house import OWNERS, STARS, Kind, Who, stem
from tests.access.watch import Watch
from views import cards
from views.away import EndAway, OpenAway, PickStandIn, SetAway
from views.exports import StartExport
from views.history import HistoryPage
from views.links import OpenCase, OpenCustomer
from views.replies import Payload

FIRST = dt.date(2026, 11, 18).toordinal()
TO_OTHERS = (Who.LEFT, Who.STRANGER, Who.BUYER, Who.FAR, Who.OTHER_LEAD, Who.MATE)


async def test_nobody_sets_it_for_whom_they_may_not(watch: Watch) -> None:
    house = watch.house
    owner, mate, far, left = (house.members[who] for who in (Who.OWNER, Who.MATE, Who.FAR, Who.LEFT))
    before = house.holdings()
    presses: list[tuple[Who, Payload]] = [
        (who, payload)
        for who in TO_OTHERS
        for payload in (
            OpenAway(owner),
            PickStandIn(owner, mate),
            SetAway(owner, mate, FIRST, FIRST),
            EndAway(owner, 1),
        )
    ]
    presses += [(who, SetAway(owner, one, FIRST, FIRST)) for who in (Who.OWNER, Who.LEAD) for one in (far, left, owner)]
    for who, payload in presses:
        assert watch.refused(await watch.press(who, payload), who), (who, payload)
    assert house.holdings() == before and watch.leaks == []


async def test_a_stand_in_sees_exactly_that_and_only_then(watch: Watch) -> None:
    house = watch.house
    owner, mate, vega = house.members[Who.OWNER], house.members[Who.MATE], house.records[Kind.VEGA]
    with house.database.transaction(house.now) as uow:
        draft = CaseDraft(vega.customer, CaseKind.COMPLAINT, About.ADVISER, "Qzvegahcomplaint", contact_id=vega.contact)
        about_owner = open_case(uow, None, draft, now=house.now).id
    own: tuple[Payload, ...] = (
        OpenCustomer(vega.customer),
        cards.ShowTouches(vega.customer, 0),
        HistoryPage(vega.customer, None, 0),
    )
    never: tuple[Payload, ...] = (
        OpenCase(about_owner),
        HistoryPage(None, owner, 0),
        cards.Release(vega.customer, house.version("customer", vega.customer)),
    )

    async def hidden() -> None:
        for payload in (*own, *never):
            assert watch.refused(await watch.press(Who.MATE, payload), Who.MATE), payload
        assert not any("Qzvega" in one.words for one in await watch.say(Who.MATE, f"/find {stem(Kind.VEGA)}"))

    await hidden()
    await watch.press(Who.OWNER, SetAway(owner, mate, FIRST, FIRST))
    await watch.press(Who.MATE, StartExport(Format.CSV))  # takes nothing of it along: a leak otherwise
    with watch.given(frozenset({Who.MATE}), Kind.VEGA):
        for payload in own:
            heard = await watch.press(Who.MATE, payload)
            assert any(STARS[Kind.VEGA] in one.words for one in heard), payload
            assert not any("complaint" in one.words for one in heard), payload
        assert any("Qzvega" in one.words for one in await watch.say(Who.MATE, f"/find {stem(Kind.VEGA)}"))
        assert not any("📮" in one.words for one in await watch.say(Who.MATE, "/cases"))
        for payload in never:
            assert watch.refused(await watch.press(Who.MATE, payload), Who.MATE), payload
    assert OWNERS[Kind.DENEB] is Who.FAR
    assert watch.refused(await watch.press(Who.FAR, OpenCustomer(vega.customer)), Who.FAR)
    await watch.moved_to("2026-11-19T09:00:00+08:00")
    await hidden()
    assert watch.leaks == []
