"""History, notices and transfers: what was the own yesterday is a colleague's today."""

import datetime as dt

from actions.drafts import Source
from actions.reminders import set_reminder
from domain.customers import Grade
from tests.access.counted import NOTICE
from tests.access.house import OWNERS, RINGS_AT, STARS, TELEGRAM, House, Kind, Who, stem
from tests.access.sheeted import HEIRS
from tests.access.sights import ACTIVE, Sight, sight
from tests.access.watch import Watch
from views import cards, drafts, fields, next_touches, reminders
from views.history import OpenAct, Undo
from views.links import LogTouch, OpenCustomer
from views.owners import Assign
from views.teams import HandOver


def acts_of(house: House) -> list[int]:
    with house.database.transaction(house.now) as uow:
        return [int(row[0]) for row in uow.connection.exec_driver_sql("SELECT id FROM act ORDER BY id")]


async def test_every_act_is_read_by_whom_it_concerns(watch: Watch) -> None:
    """Also what somebody above noted for himself about a customer: the owner reads the customer's history, not that."""
    house = watch.house
    with house.database.transaction(house.now) as uow:
        lead = house.actor(uow, Who.LEAD)
        vega = house.records[Kind.VEGA].customer
        set_reminder(uow, lead, "Qzaltairhprivate", RINGS_AT, None, vega, now=house.now)
        uow.act(lead, "draft.kept", customer_id=vega)
        uow.drafts(lead).add(
            text=f"拜访 琟{stem(Kind.VEGA)} Qzaltairhprivate",
            said_at=house.now,
            chat_id=lead.telegram_id,
            message_id=1,
            missing="next",
        )
    for act_id in acts_of(house):
        data = {who: watch.signed(who, OpenAct(act_id, None, None, 0)) for who in Who}
        heard = await watch.press_at_once(data)
        assert not watch.refused(heard[Who.ADMIN], Who.ADMIN)
        for who in frozenset(Who) - ACTIVE:
            assert watch.refused(heard[who], who)
    assert watch.leaks == []


async def test_a_transfer_ends_everything_that_was_open(watch: Watch) -> None:
    """Buttons, dialogs, drafts and reminders of the old owner, from the commit on; the new owner has all of it."""
    house, vega = watch.house, watch.house.records[Kind.VEGA]
    key, version = vega.customer, watch.house.version("customer", vega.customer)
    watch.ask(Who.OWNER, "fields.customer", {"customer": key, "field": "note", "version": version})
    with watch.given(frozenset({Who.FAR}), Kind.VEGA):
        await watch.press(Who.ADMIN, Assign(key, house.members[Who.FAR], version))
        before = house.holdings(drafts=False)
        said = await watch.say(Who.OWNER, "新的备注")
        assert watch.refused(said, Who.OWNER), said
        for payload in (
            OpenCustomer(key),
            LogTouch(key),
            cards.EditCustomer(key, 0),
            fields.SetGrade(key, Grade.D, house.version("customer", key)),
            next_touches.AgreeIn(key, 3),
            next_touches.SnoozeHour(vega.next_touch, house.version("next_touch", vega.next_touch)),
            reminders.ReminderDone(vega.reminder, house.version("reminder", vega.reminder)),
            Undo(vega.act),
        ):
            heard = await watch.press(Who.OWNER, payload)
            assert watch.refused(heard, Who.OWNER), (payload, heard)
        assert house.holdings(drafts=False) == before
        heard = await watch.moved_to("2026-11-18T15:00:30+08:00")
        readers = {one.to for one in heard if f"琟{STARS[Kind.VEGA]}" in one.words or "Qzvegahreminder" in one.words}
        assert readers == {TELEGRAM[Who.FAR]}
    assert watch.leaks == []


async def test_a_draft_about_a_customer_who_went_can_still_be_decided(watch: Watch) -> None:
    """Its own words stay; what it was about is asked again, and it can be dropped."""
    house, vega = watch.house, watch.house.records[Kind.VEGA]
    free = house.spare
    with house.database.transaction(house.now) as uow:
        owner = house.actor(uow, Who.OWNER)
        for number, (text, choices) in enumerate(
            ((f"拜访 琟{stem(Kind.MIZAR)} 谈了", {"customer": free}), ("拜访 他们 谈了", {"customer": vega.customer}))
        ):
            said = Source(text, house.now, owner.telegram_id, 900_000 + number, choices)
            uow.act(owner, "draft.kept")
            uow.drafts(owner).add(
                text=text,
                said_at=house.now,
                chat_id=said.chat_id,
                message_id=said.message_id,
                missing="claim" if number == 0 else "next",
                choices=choices,
            )
        open_drafts = [one.id for one in uow.drafts(owner).open()]
    with watch.given(frozenset({Who.FAR}), Kind.VEGA):
        for key in (free, house.records[Kind.MIZAR].customer, vega.customer):
            await watch.press(Who.ADMIN, Assign(key, house.members[Who.MATE], house.version("customer", key)))
    watch.leaks.clear()  # what the new owner was told
    for key in open_drafts:
        heard = await watch.press(Who.OWNER, drafts.OpenDraft(key))
        assert not watch.refused(heard, Who.OWNER), heard
        heard = await watch.press(Who.OWNER, drafts.DropDraft(key, house.version("draft", key)))
        assert not watch.refused(heard, Who.OWNER), heard
    assert watch.leaks == []
    assert "Something" not in "".join(one.words for one in watch.every)


async def test_notices_of_a_change_of_owner_reach_the_two_it_concerns(watch: Watch) -> None:
    house = watch.house
    for kind in Kind:
        for heir in HEIRS:
            watch.note(NOTICE, heir, kind)
            record = house.record(kind)
            assign = Assign(record.customer, house.members[heir], house.version("customer", record.customer))
            with watch.given(frozenset({heir}), kind):
                heard = await watch.press(Who.ADMIN, assign)
                heard += await watch.settle()
            readers = {one.to for one in heard if f"琟{STARS[kind]}" in one.words}
            giver = OWNERS.get(kind)
            told = {Who.ADMIN, heir, *({giver} if giver in ACTIVE and giver is not heir else set())}
            if giver is heir:
                told = {Who.ADMIN, heir}
            assert readers <= {TELEGRAM[who] for who in told}, (kind, heir, heard)
    watch.complete(NOTICE)


async def test_a_hand_over_names_no_customer(watch: Watch) -> None:
    house = watch.house
    heard = await watch.press(Who.LEAD, HandOver(house.members[Who.OWNER], house.members[Who.MATE]))
    for one in heard:
        assert f"琟{STARS[Kind.VEGA]}" not in one.words
    assert {TELEGRAM[Who.OWNER], TELEGRAM[Who.MATE]} <= {one.to for one in watch.every if one.says_something}
    assert watch.leaks == []


async def test_single_pushes_name_no_customer_of_a_colleague(watch: Watch) -> None:
    """One reminder at a time, each tied to a record that may be a colleague's by now."""
    house = watch.house
    for number, kind in enumerate(Kind, 1):
        for who in (who for who in Who if who in house.members):
            house.remind(who, kind, at=RINGS_AT + dt.timedelta(minutes=30 * number))
    for number, kind in enumerate(Kind, 1):
        at = RINGS_AT + dt.timedelta(minutes=30 * number, seconds=20)
        heard = await watch.moved_to(at.isoformat())
        for who in Who:
            named = any(stem(kind) in one.words for one in heard if one.to == TELEGRAM[who])
            assert not named or sight(kind, who) is not Sight.NONE, (who, kind, heard)
    assert watch.leaks == []
