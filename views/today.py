"""My day: what waits, in the order of urgency, each a button; as a screen and as the morning message."""

import datetime as dt

from domain.next_touches import NextTouchLine
from domain.today import Day
from domain.touches import TouchKind
from views.bindings import OpenBinding, account_name, whose
from views.case_words import promise, what
from views.drafts import OpenDraft
from views.enquiries import OpenEnquiry
from views.language import Translator
from views.links import OpenCase, OpenCustomer
from views.me import OpenCorrection, mine_name
from views.pages import turn
from views.reminders import OpenReminder
from views.replies import Button, Reply, clip, escape, payload
from views.start import Place, go
from views.talks import OpenTalk
from views.words import kind_name

SHOWN = 8  # lines of one screen; the rest is a page away
LABEL = 18  # characters of a line's button


@payload("yp1")
class TodayPage:
    number: int


def today(t: Translator, day: Day, number: int = 0) -> Reply:
    """One page of the day."""
    lines = [
        *_drafts(t, day),
        *_talks(t, day),
        *_accounts(t, day),
        *_claims(t, day),
        *_corrections(t, day),
        *_cases(t, day),
        *_reminders(t, day),
        *_next_touches(t, day),
        *_birthdays(t, day),
    ]
    title = t.gettext("📋 <b>{day}</b>").format(day=t.day(day.today))
    if not lines:
        rest = t.gettext("Nothing is waiting for you. A good day to win a new customer.")
        return Reply(f"{title}\n{rest}", rows=[[go(t, Place.NEW)]])
    shown = lines[number * SHOWN : (number + 1) * SHOWN]
    head = f"{title} · " + t.ngettext("{n} thing to do", "{n} things to do", len(lines)).format(n=len(lines))
    text = [head, *(f"{i}. {line}" for i, (line, _) in enumerate(shown, 1))]
    buttons = [Button(f"{i} {button.label}", button.payload) for i, (_, button) in enumerate(shown, 1)]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply("\n".join(text), rows=rows + turn(t, number, (len(lines) - 1) // SHOWN, TodayPage))


Line = tuple[str, Button]


def _drafts(t: Translator, day: Day) -> list[Line]:
    return [
        (
            "📝 " + t.gettext("draft: {text}").format(text=escape(clip(draft.text, 40))),
            Button(clip(draft.text, LABEL), OpenDraft(draft.id)),
        )
        for draft in day.drafts
    ]


def _talks(t: Translator, day: Day) -> list[Line]:
    return [
        (
            f"💬 {_late(t, day, line.said_at)} <b>{escape(clip(line.who, 24))}</b> · {escape(clip(line.text, 30)) or '📎'}",
            Button(clip(line.who, LABEL), OpenTalk(line.id)),
        )
        for line in day.talks
    ]


def _cases(t: Translator, day: Day) -> list[Line]:
    lines = []
    for case in day.cases:
        words = f"📮 <b>{escape(clip(case.customer, 20))}</b> · {what(t, case)}"
        if case.next_due:
            words += " · " + promise(t, case.next_due, now=day.now)
        lines.append((words, Button(clip(case.customer, LABEL), OpenCase(case.id))))
    return lines


def _accounts(t: Translator, day: Day) -> list[Line]:
    lines = []
    for one in day.accounts:
        words = t.gettext("is {account} {whose}?").format(
            account=escape(clip(account_name(one), 24)), whose=whose(t, one)
        )
        lines.append((f"📱 {words}", Button(clip(account_name(one), LABEL), OpenBinding(one.id))))
    return lines


def _claims(t: Translator, day: Day) -> list[Line]:
    return [
        (
            "🙋 " + t.gettext("{account} says they are a customer").format(account=escape(clip(one.account, 24))),
            Button(clip(one.account, LABEL), OpenEnquiry(one.id)),
        )
        for one in day.claims
    ]


def _corrections(t: Translator, day: Day) -> list[Line]:
    return [
        (
            f"✏️ <b>{escape(clip(one.customer, 24))}</b> · {mine_name(t, one.field)} → {escape(clip(one.value, 24))}",
            Button(clip(one.customer, LABEL), OpenCorrection(one.id)),
        )
        for one in day.corrections
    ]


def _reminders(t: Translator, day: Day) -> list[Line]:
    return [
        (
            f"⏰ {_late(t, day, line.at)} {escape(clip(line.words, 40))}",
            Button(clip(line.words, LABEL), OpenReminder(line.id, 0)),
        )
        for line in day.reminders
    ]


def _late(t: Translator, day: Day, at: dt.datetime) -> str:
    local = at.astimezone(t.zone).date()
    return t.time(at) if local == day.today else t.moment(at)


def _next_touches(t: Translator, day: Day) -> list[Line]:
    return [
        (_next_touch(t, day, line), Button(clip(line.customer, LABEL), OpenCustomer(line.customer_id)))
        for line in day.next_touches
    ]


def _next_touch(t: Translator, day: Day, line: NextTouchLine) -> str:
    kind = kind_name(t, TouchKind(line.kind)) if line.kind else t.gettext("touch")
    name = f"<b>{escape(line.customer)}</b>"
    if line.day < day.today:
        days = (day.today - line.day).days
        late = t.ngettext("{n} day late", "{n} days late", days).format(n=days)
        return f"🔴 {name} · {kind} · {late}"
    at = f"{t.time(line.at)} " if line.at else ""
    return f"🟢 {at}{name} · {kind}"


def _birthdays(t: Translator, day: Day) -> list[Line]:
    lines = []
    for one in day.birthdays:
        line = "🎂 " + t.gettext("{name}'s birthday").format(name=escape(one.contact))
        if one.contact != one.customer:
            line += f" · {escape(one.customer)}"
        lines.append((line, Button(clip(one.contact, LABEL), OpenCustomer(one.customer_id))))
    return lines
