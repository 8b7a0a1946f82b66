"""What a member hears and sees of customers that somebody else imported."""

from collections.abc import Sequence

from domain.customers import CustomerLine, Page
from domain.imports import Given
from domain.people import Actor
from views.customer_lists import customer_line
from views.language import Translator
from views.links import OpenCustomer
from views.pages import turn
from views.replies import Button, Reply, clip, escape, fit, payload
from views.start import Place, go

MOST_IMPORTS = 4  # buttons of one message; with more, the day's list has them all


@payload("ii8")
class ShowGiven:
    """A page of the own customers that came with an import."""

    import_id: int
    number: int


def received(t: Translator, found: Sequence[Given]) -> Reply:
    """To a new owner, once: how many, from whom, and where they are."""
    count = sum(one.count for one in found)
    by = t.list(list(dict.fromkeys(escape(clip(one.by, 30)) for one in found if one.by)))
    if by:
        text = t.ngettext(
            "📥 {by} imported {n} customer for you. When to be in touch stands in your days.",
            "📥 {by} imported {n} customers for you. When to be in touch stands in your days, a few a day.",
            count,
        )
    else:
        text = t.ngettext(
            "📥 {n} customer was imported for you. When to be in touch stands in your days.",
            "📥 {n} customers were imported for you. When to be in touch stands in your days, a few a day.",
            count,
        )
    shown = found[:MOST_IMPORTS]
    label = t.gettext("👥 Show them")
    rows = [
        [Button(label if len(found) == 1 else fit(f"{label} · {t.number(one.count)}", 30), ShowGiven(one.import_id, 0))]
        for one in shown
    ]
    return Reply(text.format(by=by, n=t.number(count)), rows=[*rows, [go(t, Place.TODAY)]])


def listed(t: Translator, import_id: int, page: Page[CustomerLine], *, actor: Actor) -> Reply:
    """Those of an import that are still the reader's, page by page."""
    lines = [f"{i}. {customer_line(t, one, actor=actor)}" for i, one in enumerate(page.items, 1)]
    numbers = [Button(str(i), OpenCustomer(one.id)) for i, one in enumerate(page.items, 1)]
    head = "<b>" + t.gettext("Imported for you") + f"</b> · {t.number(page.total)}"
    text = "\n".join([head, *(lines or [t.gettext("None of them is there any more.")])])
    rows = [*([numbers] if numbers else []), *turn(t, page.number, page.last, lambda n: ShowGiven(import_id, n))]
    return Reply(text, rows=[*rows, [go(t, Place.TODAY)]])
