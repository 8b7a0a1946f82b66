"""A customer's ``/settings`` and ``/stop``: what we may write about, when, and in which language."""

import datetime as dt

from domain.consents import Purpose, Topic, Wishes
from domain.people import Actor
from views.language import LOCALES, NAMES, Translator
from views.replies import DONE, Button, Reply, Style, payload
from views.settings import QUIET


@payload("ja7")
class OpenWishes:
    pass


@payload("jb7")
class SwitchTopic:
    topic: Topic


@payload("jc7")
class SwitchPurpose:
    purpose: Purpose


@payload("jd7")
class Pause:
    pass


@payload("je7")
class GoOn:
    """Take a stop or a pause back."""


@payload("jf7")
class StopAll:
    pass


@payload("jg7")
class ChooseLanguage:
    pass


@payload("jh7")
class TakeLanguage:
    choice: int


@payload("ji7")
class ChooseQuiet:
    pass


@payload("jj7")
class TakeQuiet:
    choice: int


def wishes(t: Translator, actor: Actor, stand: Wishes, *, now: dt.datetime) -> Reply:
    """How it stands, and a button for each switch."""
    lines = [t.gettext("<b>What I may write to you about</b>")]
    for purpose in Purpose:
        lines.append(f"{_mark(purpose in stand.granted)} {purpose_name(t, purpose)}")
    for topic in Topic:
        lines.append(f"{_mark(topic not in stand.off)} {topic_name(t, topic)}")
    lines.append(
        t.gettext("Nothing unasked from {start} to {end}").format(start=_hm(actor.quiet_from), end=_hm(actor.quiet_to))
    )
    paused = stand.paused_until if stand.paused_until and stand.paused_until > now else None
    if stand.stopped:
        lines.append(t.gettext("⏹ All stopped: only answers to your own messages come."))
    elif paused:
        lines.append(t.gettext("⏸ Paused until {day}").format(day=t.day(paused.astimezone(t.zone).date())))
    rows = [
        [Button(f"{_mark(p in stand.granted)} {purpose_name(t, p)}", SwitchPurpose(p)) for p in Purpose],
        [Button(f"{_mark(topic not in stand.off)} {topic_name(t, topic)}", SwitchTopic(topic)) for topic in Topic],
        [Button(t.gettext("Language"), ChooseLanguage()), Button(t.gettext("Quiet hours"), ChooseQuiet())],
    ]
    if stand.stopped or paused:
        rows.append([Button(t.gettext("▶️ Go on"), GoOn(), style=Style.SUCCESS)])
    else:
        rows.append(
            [
                Button(t.gettext("⏸ Pause for 30 days"), Pause()),
                Button(t.gettext("⏹ Stop all"), StopAll(), style=Style.DANGER),
            ]
        )
    return Reply("\n".join(lines), rows=rows, ask=DONE)


def _mark(on: bool) -> str:
    return "✅" if on else "⬜️"


def _hm(time: dt.time) -> str:
    return f"{time:%H:%M}"


def purpose_name(t: Translator, purpose: Purpose) -> str:
    match purpose:
        case Purpose.SERVICE:
            return t.gettext("Service messages")
        case Purpose.OFFERS:
            return t.gettext("Offers")


def topic_name(t: Translator, topic: Topic) -> str:
    match topic:
        case Topic.SURVEYS:
            return t.gettext("Surveys")
        case Topic.CARE:
            return t.gettext("Greetings")
        case Topic.NEWS:
            return t.gettext("News")


def stopped(t: Translator) -> Reply:
    """At once, in the middle of anything."""
    text = t.gettext("⏹ Stopped. Nothing comes any more but answers to what you write yourself. Your matters are kept.")
    return Reply(
        text, rows=[[Button(t.gettext("▶️ Go on"), GoOn()), Button(t.gettext("Settings"), OpenWishes())]], ask=DONE
    )


def choose_language(t: Translator) -> Reply:
    buttons = [Button(NAMES[code], TakeLanguage(i)) for i, code in enumerate(LOCALES)]
    return Reply(t.gettext("Which language do we speak?"), rows=[buttons, [_back(t)]])


def choose_quiet(t: Translator) -> Reply:
    """The hours that customers choose are kept beside those in which nobody is written to."""
    labels = [t.gettext("never") if a == b else f"{_hm(a)}–{_hm(b)}" for a, b in QUIET]
    buttons = [Button(label, TakeQuiet(i)) for i, label in enumerate(labels)]
    text = t.gettext("When shall I keep quiet? Between 20:00 and 09:00 nothing unasked comes anyway.")
    return Reply(text, rows=[buttons[:2], buttons[2:4], buttons[4:], [_back(t)]])


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenWishes())
