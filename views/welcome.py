"""What a customer sees of us: the first screen, help, and who looks after me.

``OFFERS`` are the buttons of the first screen, in order: a feature of the customers' side adds its own, with a payload
that is declared in ``views/links.py``.
"""

from collections.abc import Callable, Sequence

from domain.answers import Filling
from domain.bindings import Binding
from domain.consents import Purpose
from views.answers import HERE, OpenQuestion
from views.consents import AnswerPurpose, Said
from views.language import Translator
from views.links import OpenAdvisor, OpenWelcome, StartFeedback
from views.me import OpenMe
from views.replies import DONE, Button, Reply, clip, escape

Offer = Callable[[Translator], Button]


def _feedback(t: Translator) -> Button:
    return Button(t.gettext("✍️ Feedback"), StartFeedback())


def _mine(t: Translator) -> Button:
    return Button(t.gettext("🪪 My details"), OpenMe(0))


def _advisor(t: Translator) -> Button:
    return Button(t.gettext("👤 My adviser"), OpenAdvisor())


OFFERS: tuple[Offer, ...] = (_feedback, _advisor, _mine)


def home(t: Translator) -> Button:
    """The way back to the first screen, for every screen of a customer."""
    return Button("‹ " + t.gettext("Back"), OpenWelcome())


def greeting_name(binding: Binding) -> str:
    """How a customer is addressed: by the full name once it is sure who it is, else as the account calls itself."""
    return (binding.contact or binding.customer) if binding.confirmed else binding.name


def welcome(
    t: Translator,
    binding: Binding,
    *,
    owner: str | None,
    organisation: str | None,
    may_write: bool,
    asked: Sequence[Filling] = (),
    news: bool = False,
) -> Reply:
    """The first screen; an account that nobody has confirmed yet reads nothing that it did not type itself.

    Args:
        asked: a survey that waits for an answer, to go on with.
        news: the account was confirmed just now.
    """
    company = escape(clip(organisation, 60)) if organisation else t.gettext("our company")
    name = escape(clip(greeting_name(binding), 40))
    if not binding.confirmed:
        text = t.gettext(
            "Welcome {name}. You can write to me at any time. As soon as your contact at {organisation} has confirmed"
            " that it is you, your matters stand here too."
        ).format(name=name, organisation=company)
    elif owner:
        text = t.gettext("Welcome {name}. <b>{owner}</b> looks after you at {organisation}.").format(
            name=name, owner=escape(clip(owner, 40)), organisation=company
        )
    else:
        text = t.gettext("Welcome {name}. You are in good hands at {organisation}.").format(
            name=name, organisation=company
        )
    if news:
        text = t.gettext("✅ It is confirmed that it is you.") + "\n" + text
    buttons = [offer(t) for offer in OFFERS]
    rows = [*_go_on(t, asked), *(buttons[i : i + 2] for i in range(0, len(buttons), 2))]
    if not may_write:
        rows.append([Button(t.gettext("Yes, you may write to me"), AnswerPurpose(Purpose.SERVICE, Said.YES))])
    return Reply(text, rows=rows, menus=True, ask=DONE)


def _go_on(t: Translator, asked: Sequence[Filling]) -> list[list[Button]]:
    """To the survey that waits, where it was left."""
    labels = [t.gettext("📋 Go on with the survey") if one.answers else t.gettext("📋 Our questions") for one in asked]
    return [[Button(label, OpenQuestion(one.subject, HERE))] for label, one in zip(labels, asked, strict=True)]


def survey_left(t: Translator, asked: Sequence[Filling]) -> Reply:
    """A customer left a survey: what was answered stays."""
    text = t.gettext("Stopped. What you have answered is kept; you can go on at any time.")
    return Reply(text, rows=[*_go_on(t, asked), [home(t)]])


def help_for(t: Translator, *, confirmed: bool) -> Reply:
    """What a customer can do here."""
    lines = [
        t.gettext("<b>What you can do here</b>"),
        t.gettext("• just write: it reaches whoever looks after you, and the answer comes back here"),
        t.gettext("• /feedback complain, ask, suggest or praise · /cases how it stands"),
        t.gettext("• /advisor who looks after me, call me back · /survey open questions"),
        t.gettext("• /me my details · /privacy my data: see, take along, erase"),
        t.gettext("• /settings what we may write about, and when · /stop no more messages"),
    ]
    if not confirmed:
        lines.append(t.gettext("Your matters are shown as soon as your contact has confirmed that it is you."))
    return Reply("\n".join(lines), rows=[[home(t)]])


def cancelled(t: Translator, *, was_open: bool, bound: bool) -> Reply:
    """A customer left a question; nothing of the staff's screens is offered."""
    text = t.gettext("Stopped. Nothing was changed.") if was_open else t.gettext("There is nothing to stop.")
    return Reply(text, rows=[[home(t)]] if bound else (), keys=None if bound else (), ask=DONE)
