"""What a log became: the card that confirms it, fixing it, and the guided way in."""

import datetime as dt
from collections.abc import Sequence

from domain.amounts import Amount, AmountRole
from domain.customers import CustomerLine
from domain.next_touches import NextTouchLine
from domain.touches import LoggedTouch, Outcome, TouchKind, TouchLine
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, MoveNextTouch, OpenCustomer, leave
from views.next_touches import CloseNextTouch, KeepNextTouch, stands_line
from views.replies import Ask, Button, Reply, Style, capital, clip, escape, fit, payload
from views.words import KIND_SIGNS, kind_name, outcome_name

RECENT = 6  # customers offered by the guided way
NOTE_SHOWN = 220  # characters of the note on a card; the whole note stands in the history of the customer


@payload("tf1")
class FixTouch:
    touch_id: int


@payload("tk1")
class SetKind:
    touch_id: int
    kind: TouchKind
    version: int


@payload("tc1")
class SetOutcome:
    touch_id: int
    outcome: Outcome
    version: int


@payload("td1")
class SetDay:
    """``days`` before today."""

    touch_id: int
    days: int
    version: int


@payload("tb1")
class BackToTouch:
    touch_id: int


@payload("tr1")
class RecordOrder:
    touch_id: int
    version: int


@payload("tn1")
class SetNext:
    """Another date of the message as the next touch.

    ``stamp``: minutes since 1970 of an instant, or minus the day's ordinal where no clock time was named.
    """

    customer_id: int
    stamp: int


def stamp(day: dt.date, at: dt.datetime | None) -> int:
    return int(at.timestamp()) // 60 if at else -day.toordinal()


@payload("ts1")
class StartKind:
    """Guided: the kind of the touch that is about to be written."""

    customer_id: int
    kind: TouchKind
    outcome: Outcome


@payload("te1")
class LogBare:
    """Guided: there is nothing to add to the kind."""

    customer_id: int
    kind: TouchKind
    outcome: Outcome


@payload("tg1")
class BackToKinds:
    customer_id: int


MOST_EACH = 8  # customers of one message with a button each; the others stand in the history
STEP_NOTE = "touches.note"
STEP_WHO = "touches.who"


def logged(
    t: Translator,
    done: LoggedTouch,
    *,
    readings: Sequence[tuple[dt.date, dt.datetime | None]] = (),
    order_hint: bool = False,
) -> Reply:
    """The card of a touch just filed.

    Args:
        readings: other dates that the message names, offered as the next touch instead.
        order_hint: the words sound like a deal.
    """
    touch = done.touch
    text = [head(t, touch), when_line(t, touch), "📝 " + escape(clip(touch.note, NOTE_SHOWN))]
    text += facts(t, done.tags, done.amounts)
    if done.next_touch:
        text.append(stands_line(t, done.next_touch))
    rows = [[undo_button(t, done.act_id), Button(t.gettext("✏️ Fix"), FixTouch(touch.id))]]
    for line in done.also_due[:1]:
        text.append(t.gettext("Also done: {what}?").format(what=_agreed(t, line)))
        rows.append(
            [
                Button(t.gettext("✅ Done too"), CloseNextTouch(line.id, line.version)),
                Button(t.gettext("Keep it"), KeepNextTouch(line.id)),
            ]
        )
    if readings:
        rows.insert(
            1, [Button(t.when(day, at), SetNext(touch.customer_id, stamp(day, at))) for day, at in readings[:3]]
        )
    if order_hint and touch.kind is not TouchKind.ORDER:
        rows.append([Button(t.gettext("🧾 Record as order"), RecordOrder(touch.id, touch.version))])
    return Reply("\n".join(text), rows=[*rows, _ways_on(t, touch.customer_id)])


def _ways_on(t: Translator, customer_id: int) -> list[Button]:
    return [
        Button(t.gettext("📅 Next touch…"), MoveNextTouch(customer_id)),
        Button(t.gettext("Open card"), OpenCustomer(customer_id)),
    ]


def logged_days(t: Translator, done: Sequence[LoggedTouch]) -> Reply:
    """Several touches from one message, one act."""
    text = [t.ngettext("{n} entry filed:", "{n} entries filed:", len(done)).format(n=len(done))]
    text += [f"{head(t, one.touch)} · {t.moment(one.touch.happened_at)}" for one in done]
    if done[-1].next_touch:
        text.append(stands_line(t, done[-1].next_touch))
    customer = done[-1].touch.customer_id
    return Reply("\n".join(text), rows=[[undo_button(t, done[0].act_id)], _ways_on(t, customer)])


def logged_each(t: Translator, done: Sequence[LoggedTouch]) -> Reply:
    """One message about several customers: an entry and an act for each, each with its own way back."""
    text = [t.ngettext("{n} entry filed:", "{n} entries filed:", len(done)).format(n=len(done))]
    rows = []
    for one in done:
        text.append(head(t, one.touch))
        if one.next_touch:
            text.append(stands_line(t, one.next_touch))
    if len(done) > MOST_EACH:
        text = text[: 1 + MOST_EACH]
    for one in list({log.act_id: log for log in done}.values())[:MOST_EACH]:
        name = Button(fit(one.touch.customer, 22), OpenCustomer(one.touch.customer_id))
        rows.append([undo_button(t, one.act_id), name])
    return Reply("\n".join(text), rows=rows)


def shown(t: Translator, touch: TouchLine, stands: NextTouchLine | None) -> Reply:
    """A touch as it stands, with what can be done to it."""
    text = [head(t, touch), when_line(t, touch), "📝 " + escape(clip(touch.note, NOTE_SHOWN))]
    if stands:
        text.append(stands_line(t, stands))
    fix_it = [Button(t.gettext("✏️ Fix"), FixTouch(touch.id))]
    return Reply("\n".join(text), rows=[fix_it, _ways_on(t, touch.customer_id)])


def amended(t: Translator, done: LoggedTouch) -> Reply:
    card = logged(t, done)
    return Reply(t.gettext("Updated from your edited message.") + "\n" + card.text, rows=card.rows)


def head(t: Translator, touch: TouchLine) -> str:
    """``🚶 Visit · 张伟 (明远科技)`` with what marks an attempt."""
    who = f"<b>{escape(touch.customer)}</b>"
    if touch.contact and touch.contact != touch.customer:
        who = t.gettext("{contact} ({customer})").format(
            contact=f"<b>{escape(touch.contact)}</b>", customer=escape(touch.customer)
        )
    tried = f" · {outcome_name(t, touch.outcome)}" if touch.outcome is Outcome.TRIED else ""
    return f"{KIND_SIGNS[touch.kind]} {capital(kind_name(t, touch.kind))} · {who}{tried}"


def when_line(t: Translator, touch: TouchLine) -> str:
    return "🕘 " + t.moment(touch.happened_at)


def facts(t: Translator, tags: Sequence[str], amounts: Sequence[Amount]) -> list[str]:
    """Tags and amounts that were understood, a line each."""
    lines = []
    if tags:
        lines.append("🏷 " + " ".join("#" + escape(tag) for tag in tags))
    if amounts:
        lines.append("💰 " + t.list([f"{amount_role(t, a.role)} {t.money(a.minor, a.currency)}" for a in amounts]))
    return lines


def amount_role(t: Translator, role: AmountRole) -> str:
    match role:
        case AmountRole.BUDGET:
            return t.gettext("budget")
        case AmountRole.QUOTE:
            return t.gettext("quote")
        case AmountRole.ORDER:
            return t.gettext("order value")
        case AmountRole.PAYMENT:
            return t.gettext("payment")
        case AmountRole.MENTIONED:
            return t.gettext("mentioned")


def _agreed(t: Translator, line: NextTouchLine) -> str:
    kind = kind_name(t, TouchKind(line.kind)) if line.kind else t.gettext("next touch")
    return f"{t.when(line.day, line.at)} {kind}"


def fix(t: Translator, touch: TouchLine) -> Reply:
    """What can be put right by a tap; words are changed by editing the message."""
    kinds = [
        Button(
            ("✓ " if kind is touch.kind else "") + capital(kind_name(t, kind)), SetKind(touch.id, kind, touch.version)
        )
        for kind in TouchKind
    ]
    outcomes = [
        Button(
            ("✓ " if o is touch.outcome else "") + capital(outcome_name(t, o)), SetOutcome(touch.id, o, touch.version)
        )
        for o in Outcome
    ]
    days = [
        Button(capital(label), SetDay(touch.id, n, touch.version))
        for n, label in enumerate((t.gettext("today"), t.gettext("yesterday"), t.gettext("2 days ago")))
    ]
    text = [head(t, touch), when_line(t, touch), t.gettext("What was it? To change the words, edit your message.")]
    back = [Button("‹ " + t.gettext("Back"), BackToTouch(touch.id))]
    return Reply("\n".join(text), rows=[kinds[:4], kinds[4:], outcomes, days, back])


def choose_customer(t: Translator, lines: Sequence[CustomerLine]) -> Reply:
    """The guided way in: whom? The ones last in touch with as buttons, any other by name."""
    rows = [[Button(fit(line.name), LogTouch(line.id))] for line in lines]
    text = t.gettext("Who were you in touch with? Choose, or type the name. Or write it all in one message.")
    return Reply(text, rows=[*rows, [leave(t)]], ask=Ask(STEP_WHO))


def choose_kind(t: Translator, line: CustomerLine) -> Reply:
    """The guided way in: what was it? Or simply the words."""
    kinds = [
        Button(f"{KIND_SIGNS[k]} {capital(kind_name(t, k))}", StartKind(line.id, k, Outcome.REACHED)) for k in TouchKind
    ]
    tried = Button(t.gettext("📵 Called, no answer"), StartKind(line.id, TouchKind.CALL, Outcome.TRIED))
    text = t.gettext("What happened with <b>{name}</b>? Tap, or just write it.").format(name=escape(line.name))
    rows = [kinds[:2], kinds[2:4], kinds[4:6], kinds[6:], [tried, leave(t)]]
    return Reply(text, rows=rows, ask=Ask(STEP_NOTE, {"customer": line.id}), fresh=True)


def ask_note(t: Translator, line: CustomerLine, kind: TouchKind, outcome: Outcome) -> Reply:
    text = t.gettext("{kind} · <b>{name}</b>: how did it go, and when is the next touch?").format(
        kind=capital(kind_name(t, kind)), name=escape(line.name)
    )
    facts = {"customer": line.id, "kind": kind, "outcome": outcome}
    rows = [
        [Button(t.gettext("📝 File it without a note"), LogBare(line.id, kind, outcome), style=Style.PRIMARY)],
        [Button("‹ " + t.gettext("Back"), BackToKinds(line.id))],
    ]
    return Reply(text, rows=rows, ask=Ask(STEP_NOTE, facts))


def ordered(t: Translator, done: LoggedTouch) -> Reply:
    card = logged(t, done)
    return Reply(card.text, rows=card.rows, toast=t.gettext("Recorded as order"))
