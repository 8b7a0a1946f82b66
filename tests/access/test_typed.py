"""What is typed, and what fires by the clock: shown to whom it concerns and to nobody else."""

from collections import defaultdict

from tests.access.counted import (
    ANSWER_ALLOWED,
    ANSWER_COMPANY,
    ANSWER_REFUSED,
    LIST,
    MORNING,
    NAME,
    REMINDER,
    SCREEN,
    TEXT,
)
from tests.access.house import OWNERS, STARS, TELEGRAM, Kind, Who, stem
from tests.access.sights import ACTIVE, Sight, sight
from tests.access.typed import ANSWERS, NOBODYS, SCREENS, TEXTS, WHOLE, Text, governing
from tests.access.watch import Heard, Watch

UNTOUCHED = ("customer", "contact", "channel", "tag", "touch", "next_touch", "member", "team", "invite")


async def test_texts_about_every_record(watch: Watch) -> None:
    """A colleague's customer is nobody to the reader, and is never written to."""
    for text, kind in ((text, kind) for text in TEXTS for kind in Kind):
        before = watch.house.holdings(drafts=False)
        for who in (who for who in Who if sight(kind, who) is not Sight.FULL):
            _check(watch, text, kind, who, await watch.say(who, text.words(kind)))
        after = watch.house.holdings(drafts=False)
        assert all(after[name] == before[name] for name in UNTOUCHED), (text.action, kind)
        for who in (who for who in Who if sight(kind, who) is Sight.FULL):
            _check(watch, text, kind, who, await watch.say(who, text.words(kind)))
    watch.complete(TEXT)


def _check(watch: Watch, text: Text, kind: Kind, who: Who, heard: list[Heard]) -> None:
    shown = any(f"琟{STARS[kind]}" in one.words for one in heard if one.to == TELEGRAM[who])
    cell = watch.note(TEXT, who, text.channel, text.action, kind)
    assert not shown if sight(kind, who) is Sight.NONE else shown or not text.finds, (cell, heard)


async def test_whole_names_of_colleagues_customers_are_nobodys(watch: Watch) -> None:
    """Who may read the record writes to it; to all others its name is one like any other."""
    house = watch.house
    for words in WHOLE:
        for kind in Kind:
            name = f"琟{stem(kind)}"
            for who in sorted(ACTIVE):
                before, last = house.holdings(drafts=False), house.last_act()
                heard = await watch.say(who, words.format(name))
                after, cell = house.holdings(drafts=False), watch.note(NAME, who, words, kind)
                if sight(kind, who) is Sight.FULL and kind in OWNERS:  # what is in the pool is claimed first
                    assert house.last_act() > last and not watch.refused(heard, who), (cell, heard)
                    continue
                assert all(after[name] == before[name] for name in UNTOUCHED), cell
                if sight(kind, who) is Sight.NONE:
                    other = await watch.say(who, words.format(NOBODYS))
                    assert _unnamed(heard, name) == _unnamed(other, NOBODYS), cell
    watch.complete(NAME)


def _unnamed(heard: list[Heard], name: str) -> list[str]:
    """What was said, but for the name and the ids within buttons."""
    texts = [one.text for one in heard if one.text]
    return [text.replace(name, "…") for text in texts]


async def test_screens_hold_what_is_the_own(watch: Watch) -> None:
    for words in SCREENS:
        for who in Who:
            heard = await watch.say(who, words)
            watch.note(SCREEN, who, words)
            assert watch.refused(heard, who) or who in ACTIVE, (who, words, heard)
    watch.complete(SCREEN)


async def test_answers_to_dialogs_about_what_was_once_the_own(watch: Watch) -> None:
    """The rights of the moment of the answer count, not those of the question."""
    house = watch.house
    for answer in ANSWERS:
        for kind in answer.kinds:
            outside = [who for who in Who if not answer.rule(kind, who)]
            before = house.holdings(drafts=False)
            for who in outside:
                watch.ask(who, answer.step, answer.facts(house, house.records[kind]))
                heard = await watch.say(who, answer.words)
                cell = watch.note(ANSWER_REFUSED, who, answer.step, answer.words, kind)
                shown = any(f"琟{STARS[kind]}" in one.words for one in heard)
                assert not shown or sight(kind, who) is not Sight.NONE, (cell, heard)
                watch.hush(who)
            assert house.holdings(drafts=False) == before, (answer.step, kind)
    watch.complete(ANSWER_REFUSED)


async def test_answers_to_dialogs_about_the_own(watch: Watch) -> None:
    house = watch.house
    for answer in ANSWERS:
        for kind in answer.kinds:
            for who in (who for who in sorted(ACTIVE) if answer.rule(kind, who)):
                watch.ask(who, answer.step, answer.facts(house, house.record(kind)))
                before = house.last_act()
                heard = await watch.say(who, answer.words)
                cell = watch.note(ANSWER_ALLOWED, who, answer.step, answer.words, kind)
                assert house.last_act() > before, (cell, heard)
                watch.hush(who)
    watch.complete(ANSWER_ALLOWED)


async def test_answers_to_dialogs_about_the_company(watch: Watch) -> None:
    house = watch.house
    before = house.holdings(drafts=False)
    for number, one in enumerate(governing()):
        for who in one.outside:
            watch.note(ANSWER_COMPANY, who, one.step, number)
            watch.ask(who, one.step, one.facts(house))
            await watch.say(who, one.words)
            watch.hush(who)
    after = house.holdings(drafts=False)
    assert all(after[name] == before[name] for name in UNTOUCHED)
    watch.complete(ANSWER_COMPANY)


async def test_reminders_and_next_touches_reach_their_own_people(watch: Watch) -> None:
    """Also those of people who lost the customer since: their words are theirs, the customer's name is not."""
    planted = remind_of_everything(watch)
    by_reader = _by_reader(await watch.moved_to("2026-11-18T15:00:30+08:00"))
    for kind, owner in OWNERS.items():
        for who in Who:
            told, cell = f"琟{STARS[kind]}" in by_reader[who], watch.note(REMINDER, who, kind)
            assert told == (who is owner and who in ACTIVE), (cell, by_reader[who])
    for who, words in planted.items():
        assert all(word in by_reader[who] for word in words) == (who in ACTIVE), (who, by_reader[who])
    watch.complete(REMINDER)


async def test_the_list_of_reminders_names_no_customer_of_a_colleague(watch: Watch) -> None:
    remind_of_everything(watch)
    for who in Who:
        heard = await watch.say(who, "/reminders")
        for kind in Kind:
            cell = watch.note(LIST, who, kind)
            named = any(stem(kind) in one.words for one in heard)
            assert not named or sight(kind, who) is not Sight.NONE, (cell, heard)
    watch.complete(LIST)


async def test_the_morning_message_is_about_the_own_day(watch: Watch) -> None:
    await watch.moved_to("2026-11-18T15:00:30+08:00")
    by_reader = _by_reader(await watch.moved_to("2026-11-19T08:30:30+08:00"))
    for kind, owner in OWNERS.items():
        for who in Who:
            told, cell = f"琟{STARS[kind]}" in by_reader[who], watch.note(MORNING, who, kind)
            assert told == (who is owner and who in ACTIVE), (cell, by_reader[who])
    watch.complete(MORNING)


def remind_of_everything(watch: Watch) -> dict[Who, list[str]]:
    """Reminders of everybody on staff about everybody's customers, as a transfer leaves them behind."""
    house = watch.house
    return {who: [house.remind(who, kind) for kind in Kind] for who in Who if who in house.members}


def _by_reader(heard: list[Heard]) -> dict[Who, str]:
    """All words that each person was sent."""
    found: dict[Who, str] = defaultdict(str)
    for who in Who:
        found[who] = "\n".join(one.words for one in heard if one.to == TELEGRAM[who])
    return found
