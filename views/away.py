"""Away and standing in: who, from when to when, and what those concerned are told."""

import datetime as dt
from dataclasses import replace

from domain.away import Absence, spans
from domain.customers import Page
from domain.errors import Invalid
from domain.people import MemberLine
from views import errors
from views.history import undo_button
from views.language import Translator
from views.pages import turn
from views.replies import DONE, Ask, Button, Reply, clip, escape, payload
from views.settings import OpenSettings
from views.start import Place, go
from views.teams import OpenMember

NAME = "away.name"  # facts: the member
DAYS = "away.days"  # facts: the member and the stand-in
LONGEST_DAYS = 60  # characters; what is longer is no answer to "from when to when?"
LABEL = 20


@payload("ua1")
class OpenAway:
    member_id: int


@payload("uc1")
class ChooseStandIn:
    member_id: int
    number: int


@payload("up1")
class PickStandIn:
    member_id: int
    stand_in_id: int


@payload("us1")
class SetAway:
    """``first`` and ``last`` are ordinals of days."""

    member_id: int
    stand_in_id: int
    first: int
    last: int


@payload("ue1")
class EndAway:
    member_id: int
    version: int


def open_away(t: Translator, member_id: int) -> Button:
    return Button(t.gettext("🏖 Away, stand-in"), OpenAway(member_id))


def away(t: Translator, member: MemberLine, absence: Absence, *, own: bool, now: dt.datetime) -> Reply:
    """An absence that stands or is to come."""
    text = [line_of(t, absence, now=now), _what(t, absence)]
    rows = [
        [
            Button(t.gettext("Change"), ChooseStandIn(member.id, 0)),
            Button(t.gettext("End it now"), EndAway(member.id, member.version)),
        ],
        [_back(t, member.id, own=own)],
    ]
    return Reply("\n".join(text), rows=rows, ask=DONE)


def line_of(t: Translator, absence: Absence, *, now: dt.datetime) -> str:
    """One line, for the screens that lead here too."""
    today = now.astimezone(t.zone).date()
    text = t.gettext("🏖 Away {days}; <b>{stand_in}</b> stands in.")
    return text.format(stand_in=escape(clip(absence.stand_in, LABEL)), days=_days(t, absence, today))


def _days(t: Translator, absence: Absence, today: dt.date) -> str:
    return _span(t, absence.first(t.zone), absence.last(t.zone), today)


def _span(t: Translator, first: dt.date, last: dt.date, today: dt.date) -> str:
    begin, end = t.day(first, today=today), t.day(last, today=today)
    return begin if first == last else t.gettext("{first} – {last}").format(first=begin, last=end)


def _what(t: Translator, absence: Absence) -> str:
    return t.gettext(
        "Meanwhile messages, cases and what is due of these customers go to {stand_in}, who sees and works these "
        "customers. It ends by itself."
    ).format(stand_in=escape(clip(absence.stand_in, LABEL)))


def choose(t: Translator, member: MemberLine, page: Page[tuple[int, str]], *, own: bool, typed: bool = False) -> Reply:
    """Who stands in; a part of a name can be typed."""
    rows = [[Button(clip(name, LABEL), PickStandIn(member.id, key))] for key, name in page.items]
    rows += [] if typed else turn(t, page.number, page.last, lambda number: ChooseStandIn(member.id, number))
    rows.append([_back(t, member.id, own=own)])
    if not page.items:
        text = t.gettext("Nobody can stand in: there is no colleague in the team yet. A lead can invite one.")
        return Reply(text, rows=rows, ask=DONE)
    if own:
        text = t.gettext("🏖 Who stands in while you are away? Choose, or type a name.")
    else:
        text = t.gettext("🏖 Who stands in while {name} is away? Choose, or type a name.").format(
            name=escape(member.name)
        )
    return Reply(text, rows=rows, ask=Ask(NAME, {"member": member.id}))


def ask_days(t: Translator, member_id: int, stand_in_id: int, name: str, today: dt.date) -> Reply:
    """From when to when: the usual spans, or typed."""
    text = t.gettext(
        "<b>{stand_in}</b> stands in. From which day to which? Choose, or type days such as <code>3 Aug – 14 Aug</code>."
    ).format(stand_in=escape(clip(name, LABEL)))
    rows = [
        [Button(_span(t, first, last, today), SetAway(member_id, stand_in_id, first.toordinal(), last.toordinal()))]
        for first, last in spans(today)
    ]
    rows.append([Button("‹ " + t.gettext("Back"), OpenAway(member_id))])
    return Reply(text, rows=rows, ask=Ask(DAYS, {"member": member_id, "stand_in": stand_in_id}))


def not_understood(t: Translator, member_id: int, stand_in_id: int, typed: str) -> Reply:
    text = t.gettext(
        "I cannot read “{typed}”. Try <code>3 Aug – 14 Aug</code> or <code>tomorrow until Friday</code>, or choose above."
    ).format(typed=escape(clip(typed, 30)))
    return _asked_again(t, text, member_id, stand_in_id)


def refused(t: Translator, member_id: int, stand_in_id: int, refusal: Invalid) -> Reply:
    """Days that cannot be: passed, too far, the wrong way round; the question stays open."""
    return _asked_again(t, errors.refused(t, refusal).text, member_id, stand_in_id)


def _asked_again(t: Translator, text: str, member_id: int, stand_in_id: int) -> Reply:
    rows = [[Button("‹ " + t.gettext("Back"), OpenAway(member_id))]]
    return Reply(text, rows=rows, ask=Ask(DAYS, {"member": member_id, "stand_in": stand_in_id}))


def saved(t: Translator, screen: Reply, *, act_id: int) -> Reply:
    rows = [*screen.rows[:-1], [undo_button(t, act_id), *screen.rows[-1]]]
    return replace(screen, rows=rows, toast=t.gettext("Saved"), ask=DONE)


def _back(t: Translator, member_id: int, *, own: bool) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenSettings() if own else OpenMember(member_id))


# To those concerned ------------------------------------------------------------------------------------------------


def you_stand_in(t: Translator, absence: Absence, *, by: str | None = None) -> Reply:
    """To the stand-in: at once, by ``by``, and again on the first day."""
    text = t.gettext(
        "🏖 You stand in for <b>{name}</b>, {days}. Meanwhile what these customers write and what is due comes to you, "
        "and you find them with /find, /today and /cases."
    ).format(name=escape(absence.member), days=_days(t, absence, absence.first(t.zone)))
    if by is not None and by != absence.member:
        text += "\n" + t.gettext("Set by {name}.").format(name=escape(by))
    return Reply(text, rows=[[go(t, Place.TODAY)]])


def in_place(t: Translator, push: Reply, name: str) -> Reply:
    """What the stand-in hears and the one who is away would have heard."""
    line = t.gettext("🏖 In place of {name}.").format(name=escape(clip(name, LABEL)))
    return replace(push, text=f"{push.text}\n{line}")


def needed_no_more(t: Translator, absence: Absence, *, by: str) -> Reply:
    """To the stand-in: it ended early, or somebody else does it."""
    text = t.gettext("🏖 You need not stand in for <b>{name}</b> any more; {by} changed it.").format(
        name=escape(absence.member), by=escape(by)
    )
    return Reply(text, rows=[[go(t, Place.TODAY)]])


def is_away(t: Translator, absence: Absence, *, by: str) -> Reply:
    """To the one who is away, when a lead changed it."""
    text = t.gettext("🏖 {by} changed when you are away and who stands in.").format(by=escape(by))
    return Reply(text, rows=[[Button(t.gettext("Show"), OpenAway(absence.member_id))]])


def is_back(t: Translator, absence: Absence) -> Reply:
    """To the stand-in when it ended by itself."""
    text = t.gettext("🏖 <b>{name}</b> is back. Thank you for standing in; the customers are no longer in your lists.")
    return Reply(text.format(name=escape(absence.member)), rows=[[go(t, Place.TODAY)]])
