"""Whoever left is refused in twenty ways at once, and hears one notice and nothing else."""

import time

from domain.cards import Tab
from domain.exports import Format
from domain.people import Role
from tests.access.house import RINGS_AT, TELEGRAM, Kind, Who, stem
from tests.access.watch import Watch
from views import cards, drafts, invites, next_touches, reminders, teams, today
from views.exports import StartExport
from views.history import HistoryPage, Undo
from views.links import LogTouch, OpenCustomer
from views.start import Go, Place

WITHIN = 1.0  # seconds for each access, as a person waits


async def test_twenty_kinds_of_access_end_with_the_commit(watch: Watch) -> None:
    house, vega = watch.house, watch.house.records[Kind.VEGA]
    member = house.members[Who.OWNER]
    first = await watch.say(Who.OWNER, "拜访 琟织女商行 谈了样品")
    own = max(watch.sandbox.world.chats.by_id[TELEGRAM[Who.OWNER]].entries)
    assert first and own
    mine = [n for n, e in watch.sandbox.world.chats.by_id[TELEGRAM[Who.OWNER]].entries.items() if not e.by_bot][-1]
    left = await watch.press(Who.LEAD, teams.Deactivate(member, house.version("member", member)))
    assert left
    notice = [one for one in watch.every if one.to == TELEGRAM[Who.OWNER] and one.method == "sendMessage"][-1]
    assert "Qz" not in notice.text.replace("Qzmember", "")
    before, mark = house.holdings(), len(watch.every)
    presses = (
        OpenCustomer(vega.customer),
        cards.ShowTab(vega.customer, Tab.HISTORY),
        LogTouch(vega.customer),
        cards.Claim(house.spare),
        next_touches.AgreeIn(vega.customer, 3),
        reminders.OpenReminder(vega.reminder, 0),
        drafts.OpenDraft(vega.draft),
        today.TodayPage(0),
        HistoryPage(None, member, 0),
        Undo(vega.act),
        Go(Place.TODAY),
        StartExport(Format.CSV),
        invites.MakeInvite(Role.REP, house.teams["sub"]),
    )
    texts = (
        f"/find {stem(Kind.VEGA)}",
        "/today",
        "/history",
        "/export",
        "/reminders",
        f"拜访 琟{stem(Kind.VEGA)} 谈了",
    )
    took = []
    for payload in presses:
        begun = time.monotonic()
        heard = await watch.press(Who.OWNER, payload)
        took.append(time.monotonic() - begun)
        assert watch.refused(heard, Who.OWNER), (payload, heard)
    for text in texts:
        begun = time.monotonic()
        heard = await watch.say(Who.OWNER, text)
        took.append(time.monotonic() - begun)
        assert watch.refused(heard, Who.OWNER), (text, heard)
    assert watch.refused(await watch.edit(Who.OWNER, mine, "拜访 改了"), Who.OWNER)
    assert watch.refused(await watch.share(Who.OWNER, "甲.csv", "姓名\n王小明\n"), Who.OWNER)
    assert len(took) + 2 >= 20 and max(took) < WITHIN, took
    assert house.holdings() == before
    await watch.moved_to((RINGS_AT).isoformat())
    await watch.moved_to("2026-11-19T08:31:00+08:00")
    said = [one for one in watch.every[mark:] if one.to == TELEGRAM[Who.OWNER] and one.method == "sendMessage"]
    assert all("Qz" not in one.text and "琟" not in one.text for one in said), said


async def test_what_waited_to_be_sent_is_withdrawn(watch: Watch) -> None:
    """Reminders and the morning message of who left fall silent, in their own time."""
    house = watch.house
    for kind in Kind:
        house.remind(Who.LEFT, kind)
    heard = await watch.moved_to("2026-11-18T15:00:30+08:00")
    heard += await watch.moved_to("2026-11-19T08:31:00+08:00")
    assert [one for one in heard if one.to == TELEGRAM[Who.LEFT]] == []
