"""``/settings``: a person's own language, time zone, quiet hours and hour of the day."""

import datetime as dt
from dataclasses import replace
from enum import StrEnum

from domain.people import Actor
from views.history import undo_button
from views.language import LOCALES, NAMES, Translator
from views.places import zone_name
from views.replies import DONE, Ask, Button, Reply, clip, escape, payload
from views.start import Place, go


class Topic(StrEnum):
    LANGUAGE = "l"
    ZONE = "z"
    QUIET = "q"
    MORNING = "m"


@payload("st1")
class OpenTopic:
    topic: Topic


@payload("sc1")
class Choose:
    """The choice's number among those that the topic offers: a changed list needs a new tag."""

    topic: Topic
    choice: int


@payload("so1")
class OpenSettings:
    pass


ASK = "settings.value"  # facts: the topic
ZONES = (
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
NEVER = (dt.time(0), dt.time(0))  # equal ends: no quiet hours
QUIET = (
    (dt.time(22), dt.time(8)),
    (dt.time(21), dt.time(8)),
    (dt.time(23), dt.time(7)),
    (dt.time(20), dt.time(9)),
    NEVER,
)
MORNINGS = (dt.time(7, 30), dt.time(8), dt.time(8, 30), dt.time(9), dt.time(9, 30), dt.time(10))


def settings(t: Translator, actor: Actor, more: str = "", *, away: Button) -> Reply:
    """What holds for the reader, ``more`` beneath; it leaves a topic whose value could be typed."""
    text = [
        t.gettext("<b>Settings</b>"),
        t.gettext("Language: {name}").format(name=NAMES[t.locale]),
        t.gettext("Time zone: {zone}").format(zone=escape(zone_name(t, str(actor.zone)))),
        _quiet(t, actor.quiet_from, actor.quiet_to),
        t.gettext("My day comes at {time}").format(time=f"{actor.morning_at:%H:%M}"),
        *filter(None, [more]),
    ]
    topics = [
        Button(t.gettext("Language"), OpenTopic(Topic.LANGUAGE)),
        Button(t.gettext("Time zone"), OpenTopic(Topic.ZONE)),
        Button(t.gettext("Quiet hours"), OpenTopic(Topic.QUIET)),
        Button(t.gettext("Hour of my day"), OpenTopic(Topic.MORNING)),
    ]
    return Reply("\n".join(text), rows=[topics[:2], topics[2:], [away], [go(t, Place.START)]], ask=DONE)


def _quiet(t: Translator, start: dt.time, end: dt.time) -> str:
    if start == end:
        return t.gettext("No quiet hours")
    return t.gettext("Quiet from {start} to {end}").format(start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def topic(t: Translator, which: Topic) -> Reply:
    """The choices of one topic; all but the language may be typed as well."""
    match which:
        case Topic.LANGUAGE:
            text, labels, width = t.gettext("Which language do we speak?"), [NAMES[code] for code in LOCALES], 3
        case Topic.ZONE:
            text = t.gettext("Where are you? Choose, or type a city such as <code>Paris</code>.")
            labels, width = [zone_name(t, name) for name in ZONES], 2
        case Topic.QUIET:
            text = t.gettext(
                "When shall I keep quiet? What you set to the minute still comes. "
                "Choose, or type hours such as <code>22:30-07:00</code>."
            )
            labels = [t.gettext("never") if hours == NEVER else f"{hours[0]:%H:%M}–{hours[1]:%H:%M}" for hours in QUIET]
            width = 2
        case Topic.MORNING:
            text = t.gettext("When shall your day come? Choose, or type a time such as <code>7:45</code>.")
            labels, width = [f"{at:%H:%M}" for at in MORNINGS], 3
    buttons = [Button(label, Choose(which, i)) for i, label in enumerate(labels)]
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    ask = DONE if which is Topic.LANGUAGE else Ask(ASK, {"topic": which})
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenSettings())]], ask=ask)


def saved(t: Translator, screen: Reply, *, act_id: int, language_changed: bool = False) -> Reply:
    rows = [*screen.rows[:-1], [undo_button(t, act_id), *screen.rows[-1]]]
    return replace(screen, rows=rows, toast=t.gettext("Saved"), menus=language_changed)


def not_understood(t: Translator, which: Topic, typed: str) -> Reply:
    """The typed value cannot be read; the topic stays open."""
    shown = escape(clip(typed, 30))
    if which is Topic.ZONE:
        text = t.gettext("I do not know “{typed}”. Try a city such as <code>Paris</code>, or choose above.")
    elif which is Topic.QUIET:
        text = t.gettext("I cannot read “{typed}”. Try <code>22:30-07:00</code>, or choose above.")
    else:
        text = t.gettext("I cannot read “{typed}”. Try <code>7:45</code>, or choose above.")
    rows = [[Button("‹ " + t.gettext("Back"), OpenSettings())]]
    return Reply(text.format(typed=shown), rows=rows, ask=Ask(ASK, {"topic": which}))
