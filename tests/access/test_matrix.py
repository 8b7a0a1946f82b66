"""Every cell of role x object x action x channel, really executed; see ``pressed``, ``governed``, ``typed`` and ``sights``."""

import pytest

from tests.access import served, sheeted
from tests.access.counted import COMPANY_ALLOWED, COMPANY_REFUSED, RECORD_ALLOWED, RECORD_REFUSED, sizes
from tests.access.governed import cells
from tests.access.house import NOBODY, STARS, Kind, Record, Who
from tests.access.outside import OUTSIDE
from tests.access.pressed import TABLE, applies
from tests.access.served import Served
from tests.access.sights import ACTIVE
from tests.access.watch import Heard, Watch
from views.exports import StartExport
from views.replies import PAYLOADS, Payload

MISSING = Record(Kind.VEGA, *(NOBODY for _ in range(9)))


# Features whose buttons are about nothing but who presses them, or about what a message just said of them: their
# journeys try what others may not do.
APART = frozenset({"advisor", "carriers", "consents", "customer_links", "links", "low_scores", "privacy", "wishes"})


async def test_presses_on_records_that_are_refused(watch: Watch) -> None:
    """Nothing is written, nothing told, and what is a colleague's looks like what does not exist."""
    house = watch.house
    before = house.holdings()
    for thing, row in ((thing, row) for thing, rows in TABLE.items() for row in rows):
        nothing = await watch.press_at_once(_all(watch, row.build(house, MISSING), frozenset(Who)))
        for kind in (kind for kind in Kind if applies(row, kind)):
            outside = frozenset(who for who in Who if not row.rule(kind, who))
            heard = await watch.press_at_once(_all(watch, row.build(house, house.records[kind]), outside))
            for who in outside:
                cell = watch.note(RECORD_REFUSED, who, row.action, thing, kind)
                assert watch.refused(heard[who], who), (cell, heard[who])
                assert not row.alike or _words(heard[who]) == _words(nothing[who]), cell
    watch.complete(RECORD_REFUSED)
    assert house.holdings() == before


async def test_presses_on_records_that_are_allowed(watch: Watch) -> None:
    """Each does what it says, for a record of its own where it writes."""
    house = watch.house
    for thing, row in ((thing, row) for thing, rows in TABLE.items() for row in rows):
        for kind in (kind for kind in Kind if applies(row, kind)):
            inside = [who for who in sorted(ACTIVE) if row.rule(kind, who)]
            records = house.more(kind, len(inside)) if row.writes else [house.records[kind]] * len(inside)
            before = house.last_act()
            pressed = {w: watch.signed(w, row.build(house, r)) for w, r in zip(inside, records, strict=True)}
            readers = frozenset({*inside, *([row.heir] if row.heir else [])})
            with watch.given(readers, Kind.MIZAR if row.claims else kind):
                heard = await watch.press_at_once(pressed)
            wrote = house.wrote_since(before)
            for who in inside:
                cell = watch.note(RECORD_ALLOWED, who, row.action, thing, kind)
                assert not watch.refused(heard[who], who), (cell, heard[who])
                assert who in wrote or not row.writes, (cell, heard[who])
                shown = any(f"Qz{kind}" in one.words or STARS[kind] in one.words for one in heard[who])
                assert shown or not row.shows, (cell, heard[who])
    watch.complete(RECORD_ALLOWED)


async def test_presses_on_the_company_that_are_refused(watch: Watch) -> None:
    house = watch.house
    built = [(cell, cell.press(house)) for cell in cells()]
    before = house.holdings()
    for cell, payload in built:
        outside = frozenset(Who) - cell.allowed
        heard = await watch.press_at_once(_all(watch, payload, outside))
        for who in outside:
            noted = watch.note(COMPANY_REFUSED, who, cell.action, cell.thing, payload)
            assert watch.refused(heard[who], who), (noted, heard[who])
    watch.complete(COMPANY_REFUSED)
    assert house.holdings() == before


async def test_presses_on_the_company_that_are_allowed(watch: Watch) -> None:
    house = watch.house
    for number, cell in enumerate(cell for cell in cells() if not cell.spoils):
        for who in sorted(cell.allowed):
            payload = (cell.fresh or cell.press)(house)
            before = house.last_act()
            heard = await watch.press(who, payload)
            noted = watch.note(COMPANY_ALLOWED, who, cell.action, cell.thing, number)
            assert not watch.refused(heard, who), (noted, heard)
            assert house.last_act() > before or not cell.fresh, (noted, heard)
    watch.complete(COMPANY_ALLOWED)


def test_there_are_enough_cells(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 400; each test of a channel executes as many as its tables hold."""
    with capsys.disabled():
        print(f"\n{sum(sizes().values())} cells of access: {sizes()}")
    assert sum(sizes().values()) >= 400
    assert all(sizes().values())


def test_every_button_is_in_a_table(watch: Watch) -> None:
    """A new kind of button says here who may press it."""
    house = watch.house
    known = {type(row.build(house, MISSING)).__name__ for rows in TABLE.values() for row in rows}
    known |= {type(cell.press(house)).__name__ for cell in cells()}
    known |= {type(sheet.build(1, 1)).__name__ for sheet in sheeted.TABLE} | {StartExport.__name__}
    known |= {kind.__name__ for kind in OUTSIDE} | {type(cell.press(Served())).__name__ for cell in served.cells()}
    elsewhere = {f"views.{name}" for name in APART}
    ours = {
        kind.__name__
        for kind in PAYLOADS.values()
        if kind.__module__.startswith("views.") and kind.__module__ not in elsewhere
    }
    assert ours - known == set()


def _all(watch: Watch, payload: Payload, people: frozenset[Who]) -> dict[Who, str]:
    """A button for each of these people."""
    return {who: watch.signed(who, payload) for who in people}


def _words(heard: list[Heard]) -> list[str]:
    return [one.text for one in heard if one.text]
