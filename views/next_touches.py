"""The next touch: choosing its day, and what became of it."""

import datetime as dt
from dataclasses import replace

from domain.customers import CustomerLine
from domain.next_touches import NextTouchLine, Origin
from domain.touches import TouchKind
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, MoveNextTouch, OpenCustomer
from views.replies import Ask, Button, Reply, Style, capital, escape, payload
from views.words import kind_name


@payload("na1")
class AgreeIn:
    """So many days from today, the day only."""

    customer_id: int
    days: int


@payload("nd1")
class AgreeOn:
    """``day`` is the ordinal of the date that the label names, whenever it is pressed."""

    customer_id: int
    day: int


@payload("no1")
class OtherDay:
    customer_id: int


@payload("nc1")
class CloseNextTouch:
    next_touch_id: int
    version: int


@payload("nk1")
class KeepNextTouch:
    next_touch_id: int


@payload("nh1")
class SnoozeHour:
    next_touch_id: int
    version: int


@payload("ns1")
class Snooze:
    """So many days on, at the same clock time."""

    next_touch_id: int
    days: int
    version: int


STEP_DAY = "next_touches.day"


def choose_day(t: Translator, line: CustomerLine, stands: NextTouchLine | None, *, today: dt.date) -> Reply:
    """Days as buttons, each with its weekday; any other one is typed."""
    text = t.gettext("When is the next touch with <b>{name}</b>?").format(name=escape(line.name))
    if stands:
        text += "\n" + stands_line(t, stands)
    other = [Button(t.gettext("Other day…"), OtherDay(line.id))]
    return Reply(text, rows=[*_soon(t, line, today), other, [_card(t, line)]])


def _soon(t: Translator, line: CustomerLine, today: dt.date) -> list[list[Button]]:
    named = [today + dt.timedelta(days=n) for n in (3, 7, 14, 30)]
    dated = [Button(capital(t.day(day, today=today)), AgreeOn(line.id, day.toordinal())) for day in named]
    soon = (t.gettext("tomorrow"), t.gettext("in 2 days"))
    return [[Button(capital(label), AgreeIn(line.id, n)) for n, label in enumerate(soon, 1)], dated[:2], dated[2:]]


def _card(t: Translator, line: CustomerLine) -> Button:
    return Button("‹ " + t.gettext("Card"), OpenCustomer(line.id))


def stands_line(t: Translator, line: NextTouchLine) -> str:
    """``Next touch: Wed, Nov 25 (proposed)``."""
    how = t.gettext("agreed") if line.origin is Origin.AGREED else t.gettext("proposed")
    words = [how, kind_name(t, TouchKind(line.kind))] if line.kind else [how]
    return t.gettext("➡️ Next touch: <b>{when}</b> ({how})").format(when=t.when(line.day, line.at), how=t.list(words))


def ask_day(t: Translator, line: CustomerLine, *, today: dt.date) -> Reply:
    """Any day, typed; the likely ones as buttons."""
    text = t.gettext(
        "When is the next touch with <b>{name}</b>? Type it as you would say it, for example <i>next Wednesday 10am</i>."
    )
    rows = [*_soon(t, line, today), [_card(t, line)]]
    return Reply(text.format(name=escape(line.name)), rows=rows, ask=Ask(STEP_DAY, {"customer": line.id}), fresh=True)


def not_a_day(t: Translator, line: CustomerLine, *, today: dt.date) -> Reply:
    """The same question again, with what would be an answer."""
    text = t.gettext("I found no date in that. Try <i>tomorrow</i>, <i>Dec 5</i> or <i>next Wednesday 10am</i>.")
    return replace(ask_day(t, line, today=today), text=text)


def agreed(t: Translator, line: NextTouchLine, *, act_id: int) -> Reply:
    text = t.gettext("📅 <b>{name}</b>: next touch {when}.").format(
        name=escape(line.customer), when=t.when(line.day, line.at)
    )
    return Reply(text, rows=_after(t, line, act_id))


def planned(t: Translator, line: NextTouchLine, *, act_id: int) -> Reply:
    """A planned visit or call, filed as the next touch."""
    kind = kind_name(t, TouchKind(line.kind)) if line.kind else t.gettext("touch")
    text = t.gettext("📅 Planned: {kind} · <b>{name}</b> · {when}.").format(
        kind=kind, name=escape(line.customer), when=t.when(line.day, line.at)
    )
    return Reply(text, rows=_after(t, line, act_id))


def _after(t: Translator, line: NextTouchLine, act_id: int) -> list[list[Button]]:
    change = Button(t.gettext("Change"), MoveNextTouch(line.customer_id))
    return [[undo_button(t, act_id), change], [Button(t.gettext("Open card"), OpenCustomer(line.customer_id))]]


def closed(t: Translator, line: NextTouchLine, proposed: NextTouchLine | None, *, act_id: int) -> Reply:
    """Done or not needed; what the cadence proposes instead."""
    text = t.gettext("✅ <b>{name}</b>: {when} is done.").format(
        name=escape(line.customer), when=t.when(line.day, line.at)
    )
    if proposed:
        text += "\n" + stands_line(t, proposed)
    return Reply(text, rows=_after(t, line, act_id))


def kept(t: Translator, line: NextTouchLine) -> Reply:
    text = t.gettext("Kept: <b>{name}</b>, {when}.").format(name=escape(line.customer), when=t.when(line.day, line.at))
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(line.customer_id))]])


def due(t: Translator, line: NextTouchLine, now: dt.datetime) -> Reply:
    """The push of a next touch agreed to the minute; with the day where that was another one."""
    kind = kind_name(t, TouchKind(line.kind)) if line.kind else t.gettext("next touch")
    text = t.gettext("⏰ {time} · {kind} · <b>{name}</b>").format(
        time=t.clock(line.at, now=now) if line.at else "", kind=kind, name=escape(line.customer)
    )
    rows = [
        [Button(t.gettext("✅ Done → log"), LogTouch(line.customer_id), style=Style.PRIMARY)],
        [
            Button(t.gettext("+1 h"), SnoozeHour(line.id, line.version)),
            Button(capital(t.gettext("tomorrow")), Snooze(line.id, 1, line.version)),
        ],
        [
            Button(capital(t.gettext("next week")), Snooze(line.id, 7, line.version)),
            Button(capital(t.gettext("other…")), OtherDay(line.customer_id)),
        ],
        [
            Button(capital(t.gettext("not needed")), CloseNextTouch(line.id, line.version)),
            Button(t.gettext("Open card"), OpenCustomer(line.customer_id)),
        ],
    ]
    return Reply(text, rows=rows)
