"""A text that may mean several things: what was found for it, and what else it could become."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from domain.customers import CustomerLine
from views.language import Translator
from views.links import OpenCustomer
from views.replies import Ask, Button, Reply, clip, escape, fit, payload
from views.start import Place, go

SHOWN = 4  # results beside the other offers
STEP = "texts.unclear"


class Meaning(StrEnum):
    LOG = "l"
    NEW = "n"
    REMIND = "r"


@payload("ux2")
class Take:
    """Take the unclear text, which waits in the open dialog, as this; ``message_id`` is the text's own."""

    meaning: Meaning
    message_id: int


def unclear(t: Translator, text: str, found: Sequence[CustomerLine], *, facts: dict[str, Any]) -> Reply:
    """Results, if any, and **Log this**, **New customer**, **Remind**."""
    shown = escape(clip(text, 60))
    words = (
        t.gettext("“{text}”: one of these, or should I do something with it?").format(text=shown)
        if found
        else t.gettext("I found no customer for “{text}”. What should I do with it?").format(text=shown)
    )
    rows = [[Button(fit(line.name), OpenCustomer(line.id))] for line in found[:SHOWN]]
    message_id = facts["message_id"]
    offers = [
        Button(t.gettext("📝 Log this"), Take(Meaning.LOG, message_id)),
        Button(t.gettext("➕ New customer"), Take(Meaning.NEW, message_id)),
        Button(t.gettext("⏰ Remind"), Take(Meaning.REMIND, message_id)),
    ]
    return Reply(words, rows=[*rows, offers], ask=Ask(STEP, facts))


def gone(t: Translator) -> Reply:
    """The text that the buttons belonged to is no longer at hand."""
    ways = [go(t, Place.TODAY), go(t, Place.HELP)]
    return Reply(t.gettext("That was a while ago. Please send the text again."), rows=[ways], fresh=True)
