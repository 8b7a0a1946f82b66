"""Duplicate checks tell that a colleague has a customer, twenty times a day and then nothing, in no way."""

from domain.cards import FOREIGN_ANSWERS_PER_DAY
from tests.access.counted import DUPLICATE
from tests.access.house import TELEGRAM, Kind, Who, content, phone, stem
from tests.access.sights import Sight, sight
from tests.access.watch import Heard, Watch

TAKEN, FREE = phone(Kind.RIGEL, 902), "13700000001"  # a number of MATE's customer, and nobody's


async def test_a_duplicate_is_told_as_far_as_the_reader_sees(watch: Watch) -> None:
    for kind in Kind:
        number = phone(kind, 901 + list(Kind).index(kind))
        name = f"琟{stem(kind)}"
        for who in Who:
            before = watch.house.holdings(drafts=False)
            heard = await watch.say(who, f"/new 王小明 {number}")
            said = _said(heard, who)
            watch.note(DUPLICATE, who, kind)
            match sight(kind, who):
                case Sight.FULL | Sight.MASKED:
                    assert name in said, (who, kind, said)
                case Sight.NONE if who in (Who.LEFT, Who.STRANGER, Who.BUYER):
                    assert name not in said
                case Sight.NONE:
                    assert "同事" in said and name not in said, (who, kind, said)
            assert watch.house.holdings(drafts=False) == before, (who, kind)
    watch.complete(DUPLICATE)


async def test_after_twenty_a_taken_number_looks_like_a_free_one(watch: Watch) -> None:
    for _ in range(FOREIGN_ANSWERS_PER_DAY):
        assert "同事" in _said(await watch.say(Who.FAR, f"/new 王小明 {TAKEN}"), Who.FAR)
    before = watch.house.holdings()
    told = [_said(await watch.say(Who.FAR, f"/new 王小明 {number}"), Who.FAR) for number in (TAKEN, FREE)]
    assert told[0] == told[1]
    told = [_said(await watch.share(Who.FAR, "甲.csv", f"姓名,手机\n小明,{n}\n"), Who.FAR) for n in (TAKEN, FREE)]
    assert told[0] == told[1]
    assert watch.house.holdings() == before
    assert watch.leaks == []


async def test_a_masked_customer_is_found_by_what_is_shown_of_it_or_by_all_of_it(watch: Watch) -> None:
    """A search by a part of what is masked would give the rest away, digit by digit."""
    wechat = str(content(Kind.MIZAR, 5).contacts[0].channels[2].value).lower()
    number = phone(Kind.MIZAR, 5)
    for query, found in (
        (number[-4:], True),
        (number[-5:], False),
        (number[-7:], False),
        (number, True),
        (wechat, True),
        (wechat[:-1], False),
    ):
        said = _said(await watch.say(Who.FAR, f"/find {query}"), Who.FAR)
        assert (f"琟{stem(Kind.MIZAR)}" in said) == found, (query, said)
    assert watch.leaks == []


def _said(heard: list[Heard], who: Who) -> str:
    return "\n".join(one.text for one in heard if one.to == TELEGRAM[who])
