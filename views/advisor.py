"""Who looks after a customer, and the call back: the customer's screens, and the word to staff."""

import datetime as dt
from collections.abc import Sequence

from domain.advisor import Window
from domain.bindings import Binding
from views.bindings import account_name, whose
from views.language import Translator
from views.links import OpenCustomer, OpenWelcome
from views.replies import Button, Reply, clip, escape, payload


@payload("ba9")
class AskCall:
    """Call me back within this window, named by its first minute."""

    minute: int


def advisor(t: Translator, owner: str | None, windows: Sequence[Window], *, opens: dt.datetime | None) -> Reply:
    """Who it is, when people are at work, and the windows for a call."""
    if owner:
        text = t.gettext("<b>{owner}</b> looks after you. Just write here, or choose when we may call you.").format(
            owner=escape(clip(owner, 40))
        )
    else:
        text = t.gettext("We look after you together. Just write here, or choose when we may call you.")
    if opens is not None:
        text += "\n" + t.gettext("We are back at work on {time}.").format(time=t.moment(opens))
    rows = [[Button("📞 " + window_words(t, window), AskCall(window.minute))] for window in windows]
    return Reply(text, rows=[*rows, [_back(t)]])


def will_call(t: Translator, owner: str | None, window: Window) -> Reply:
    when = window_words(t, window)
    if owner:
        text = t.gettext("Thank you. {owner} will call you: {when}.").format(owner=escape(clip(owner, 40)), when=when)
    else:
        text = t.gettext("Thank you. We will call you: {when}.").format(when=when)
    return Reply(text, rows=[[_back(t)]], toast=t.gettext("Noted"))


def enough(t: Translator) -> Reply:
    """The day's wishes are used up."""
    text = t.gettext("Your wish to be called has reached us. If it is urgent, just write here.")
    return Reply(text, rows=[[_back(t)]])


def call_wanted(t: Translator, binding: Binding, window: Window, *, quiet: bool) -> Reply:
    """To whoever looks after the customer."""
    text = t.gettext("📞 {whose} would like to be called: {when}. It stands in your day.").format(
        whose=whose(t, binding), when=window_words(t, window)
    )
    if not binding.confirmed:
        text += "\n" + t.gettext("The account {account} still waits for your yes.").format(
            account=escape(clip(account_name(binding), 60))
        )
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]], quiet=quiet)


def call_words(t: Translator, binding: Binding, window: Window) -> str:
    """The reminder's words, plain."""
    return t.gettext("Call {name} back ({when})").format(
        name=clip(binding.contact or binding.customer, 40), when=window_words(t, window)
    )


def window_words(t: Translator, window: Window) -> str:
    """``11月18日 周三 13:00–18:00``."""
    return f"{t.moment(window.start)}–{t.time(window.end)}"


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenWelcome())
