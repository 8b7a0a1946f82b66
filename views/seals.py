"""The head of the trail, told to those who keep it outside the database."""

from domain.seals import Head
from views.language import Translator
from views.replies import Button, Reply
from views.status import OpenStatus, Tab


def head(t: Translator, head: Head) -> Reply:
    """To every admin, once a day; what it is for, and nothing to be done now."""
    text = t.gettext(
        "🔏 Check value of the record of who did what, after {count} entries:\n<code>{head}</code>\nKeep this message. On the"
        " bot's machine, <code>keyuan verify</code> with this value says whether anything before it was changed later."
    ).format(count=t.number(head.number), head=head)
    ways = [
        Button(t.gettext("📋 Copy"), copy=f"keyuan verify {head}"),
        Button(t.gettext("🩺 Status"), OpenStatus(Tab.OVERVIEW, 0)),
    ]
    return Reply(text, rows=[ways], quiet=True)
