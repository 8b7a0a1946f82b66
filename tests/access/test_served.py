"""What customers bring: every button on it, pressed by everybody who may not, and read by everybody who may."""

from tests.access.house import Who
from tests.access.served import MARKERS, Served, cells, serve
from tests.access.watch import Heard, Watch

TABLES = (
    "customer_case",
    "case_entry",
    "talk",
    "correction",
    "enquiry",
    "survey",
    "survey_invitation",
    "reply_template",
)


def rows(watch: Watch) -> dict[str, list[tuple[object, ...]]]:
    with watch.house.database.transaction(watch.house.now) as uow:
        return {name: watch.house._rows(uow, name) for name in TABLES}


def words(heard: list[Heard]) -> list[str]:
    return [one.text for one in heard if one.text]


async def test_presses_on_what_customers_bring_that_are_refused(watch: Watch) -> None:
    """Nothing is written, nothing told, and what is not for somebody looks like what does not exist."""
    served = serve(watch.house)
    await watch.settle()
    before, holdings = rows(watch), watch.house.holdings()
    wrong = []
    for cell in cells():
        outside = [who for who in Who if who not in cell.allowed]
        nothing = await watch.press_at_once({who: watch.signed(who, cell.press(Served())) for who in outside})
        heard = await watch.press_at_once({who: watch.signed(who, cell.press(served)) for who in outside})
        for who in outside:
            if not watch.refused(heard[who], who) or words(heard[who]) != words(nothing[who]):
                wrong.append((cell.thing, cell.press(served), who, words(heard[who]), words(nothing[who])))
    assert not wrong, "\n".join(map(str, wrong))
    assert rows(watch) == before
    assert watch.house.holdings() == holdings
    clean(watch)


async def test_screens_of_what_customers_bring_that_are_allowed(watch: Watch) -> None:
    served = serve(watch.house)
    await watch.settle()
    before = rows(watch)
    wrong = []
    for cell in (cell for cell in cells() if cell.reads):
        heard = await watch.press_at_once({who: watch.signed(who, cell.press(served)) for who in sorted(cell.allowed)})
        wrong += [(cell.press(served), who, heard[who]) for who in cell.allowed if watch.refused(heard[who], who)]
    assert not wrong, "\n".join(map(str, wrong))
    assert rows(watch) == before
    clean(watch)


def clean(watch: Watch) -> None:
    """Nobody has read what is not theirs, and a case about somebody has left no trace with that one."""
    assert watch.leaks == []
    for marker, people in MARKERS.items():
        assert {one.to for one in watch.every if marker in one.words} <= {watch.account(who).id for who in people}
    assert watch.sandbox.world.violations == []
