"""The trail of who did what, and the button that takes a write back."""

from collections.abc import Callable, Sequence
from typing import Any

from domain.customers import Page
from domain.history import ActLine, ChangeLine
from views.language import Translator
from views.replies import Button, Reply, clip, escape, payload


@payload("hu1")
class Undo:
    act_id: int


@payload("hp1")
class HistoryPage:
    customer_id: int | None
    number: int


@payload("ha1")
class OpenAct:
    act_id: int
    customer_id: int | None
    number: int


def undo_button(t: Translator, act_id: int) -> Button:
    """The button that stands beneath every confirmation of a write."""
    return Button(t.gettext("↩︎ Undo"), Undo(act_id))


def undone(t: Translator, line: ActLine) -> Reply:
    text = t.gettext("↩︎ Undone: {act}.").format(act=act_name(t, line))
    return Reply(text, toast=t.gettext("Undone"))


def nothing_to_undo(t: Translator) -> Reply:
    return Reply(t.gettext("There is nothing to take back: an act can be undone for 10 minutes."))


def act_name(t: Translator, line: ActLine) -> str:
    """What was done, as a line: ``touch logged · Lin & Sons``."""
    word = ACTS.get(line.kind, lambda t: line.kind)(t)
    subject = line.customer or line.facts.get("name")
    return escape(f"{word} · {subject}" if subject else word)


ACTS: dict[str, Callable[[Translator], str]] = {
    "touch.logged": lambda t: t.gettext("touch logged"),
    "touch.changed": lambda t: t.gettext("touch changed"),
    "draft.dropped": lambda t: t.gettext("draft dropped"),
    "draft.kept": lambda t: t.gettext("draft kept"),
    "media.added": lambda t: t.gettext("file added"),
    "customer.added": lambda t: t.gettext("customer added"),
    "customer.changed": lambda t: t.gettext("customer changed"),
    "customer.assigned": lambda t: t.gettext("owner changed"),
    "customer.claimed": lambda t: t.gettext("claimed from the pool"),
    "customer.released": lambda t: t.gettext("given back to the pool"),
    "contact.added": lambda t: t.gettext("contact added"),
    "contact.changed": lambda t: t.gettext("contact changed"),
    "contact.removed": lambda t: t.gettext("contact removed"),
    "next_touch.agreed": lambda t: t.gettext("next touch set"),
    "next_touch.done": lambda t: t.gettext("next touch done"),
    "reminder.set": lambda t: t.gettext("reminder set"),
    "reminder.changed": lambda t: t.gettext("reminder changed"),
    "reminder.done": lambda t: t.gettext("reminder done"),
    "reminder.deleted": lambda t: t.gettext("reminder deleted"),
    "sheet.imported": lambda t: t.gettext("sheet imported"),
    "sheet.exported": lambda t: t.gettext("sheet exported"),
    "member.joined": lambda t: t.gettext("member joined"),
    "member.changed": lambda t: t.gettext("member changed"),
    "member.deactivated": lambda t: t.gettext("member deactivated"),
    "member.reactivated": lambda t: t.gettext("member reactivated"),
    "team.added": lambda t: t.gettext("team added"),
    "team.changed": lambda t: t.gettext("team changed"),
    "invite.made": lambda t: t.gettext("invite made"),
    "invite.revoked": lambda t: t.gettext("invite revoked"),
    "settings.changed": lambda t: t.gettext("settings changed"),
    "organisation.changed": lambda t: t.gettext("organisation set up"),
    "act.undone": lambda t: t.gettext("undone"),
}


def trail(t: Translator, page: Page[ActLine], *, customer_id: int | None, title: str | None) -> Reply:
    """One page of acts, newest first; each a button that opens its changes."""
    head = (
        t.gettext("<b>History</b>")
        if title is None
        else t.gettext("<b>History of {name}</b>").format(name=escape(title))
    )
    if not page.items:
        return Reply(head + "\n" + t.gettext("Nothing has been recorded yet."))
    lines = [f"{i}. {_line(t, line)}" for i, line in enumerate(page.items, 1)]
    numbers = [Button(str(i), OpenAct(line.id, customer_id, page.number)) for i, line in enumerate(page.items, 1)]
    return Reply("\n".join([head, *lines]), rows=[numbers, *_pages(t, page, customer_id)])


def _line(t: Translator, line: ActLine) -> str:
    who = escape(line.member or t.gettext("Keyuan"))
    struck = act_name(t, line) if not line.undone else f"<s>{act_name(t, line)}</s>"
    return f"{t.moment(line.at)} · {who} · {struck}"


def _pages(t: Translator, page: Page[ActLine], customer_id: int | None) -> list[list[Button]]:
    row = []
    if page.number > 0:
        row.append(Button("‹ " + t.gettext("Newer"), HistoryPage(customer_id, page.number - 1)))
    if page.number < page.last:
        row.append(Button(t.gettext("Older") + " ›", HistoryPage(customer_id, page.number + 1)))
    return [row] if row else []


MOST_CHANGES = 10  # lines of one act on a phone
HIDDEN = frozenset({"version", "id", "customer_id", "contact_id", "touch_id", "created_at", "norm"})


def act(t: Translator, line: ActLine, changes: Sequence[ChangeLine], back: HistoryPage) -> Reply:
    """One act with what it changed, before → after."""
    told = [text for change in changes for text in _change(t, change)]
    more = len(told) - MOST_CHANGES
    if more > 0:
        told = [*told[:MOST_CHANGES], t.ngettext("… and {n} more", "… and {n} more", more).format(n=more)]
    return Reply("\n".join([_line(t, line), *told]), rows=[[Button("‹ " + t.gettext("Back"), back)]])


def _change(t: Translator, change: ChangeLine) -> list[str]:
    if change.before is None:
        return ["＋ " + escape(_table(t, change.table))]
    if change.after is None:
        return ["－ " + escape(clip(f"{_table(t, change.table)} {_summary(change.before)}", 80))]
    shown = [c for c in change.after if c not in HIDDEN]
    return [
        f"{escape(_table(t, change.table))} {escape(c)}: {_value(change.before.get(c))} → {_value(change.after[c])}"
        for c in shown
    ]


def _summary(row: Any) -> str:
    return str(row.get("name") or row.get("value") or row.get("word") or row.get("note") or row.get("words") or "")


def _value(value: Any) -> str:
    return "—" if value in (None, "") else escape(clip(str(value), 60))


def _table(t: Translator, table: str) -> str:
    names = {
        "customer": t.gettext("customer"),
        "contact": t.gettext("contact"),
        "channel": t.gettext("phone or address"),
        "tag": t.gettext("tag"),
        "touch": t.gettext("touch"),
        "touch_amount": t.gettext("amount"),
        "next_touch": t.gettext("next touch"),
        "reminder": t.gettext("reminder"),
        "draft": t.gettext("draft"),
        "media": t.gettext("file"),
        "member": t.gettext("member"),
        "person": t.gettext("own settings"),
        "team": t.gettext("team"),
        "invite": t.gettext("invite"),
    }
    return names.get(table, table)
