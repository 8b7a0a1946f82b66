"""``/settings``: a person's own language, time zone, quiet hours and hour of the day."""

import datetime as dt
from enum import StrEnum

from domain.people import Actor
from views.history import undo_button
from views.language import LOCALES, NAMES, Translator
from views.replies import Ask, Button, Reply, escape, payload
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
    """The choice's number among those that the topic offers."""

    topic: Topic
    choice: int


@payload("so1")
class OpenSettings:
    pass


ASK_ZONE = "settings.zone"
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
QUIET = (
    (dt.time(22), dt.time(8)),
    (dt.time(21), dt.time(8)),
    (dt.time(23), dt.time(7)),
    (dt.time(20), dt.time(9)),
)
MORNINGS = (dt.time(7, 30), dt.time(8), dt.time(8, 30), dt.time(9), dt.time(9, 30), dt.time(10))


def settings(t: Translator, actor: Actor) -> Reply:
    quiet = t.gettext("Quiet from {start} to {end}")
    text = [
        t.gettext("<b>Settings</b>"),
        t.gettext("Language: {name}").format(name=NAMES[t.locale]),
        t.gettext("Time zone: {zone}").format(zone=zone_name(t, str(actor.zone))),
        quiet.format(start=f"{actor.quiet_from:%H:%M}", end=f"{actor.quiet_to:%H:%M}"),
        t.gettext("My day comes at {time}").format(time=f"{actor.morning_at:%H:%M}"),
    ]
    topics = [
        Button(t.gettext("Language"), OpenTopic(Topic.LANGUAGE)),
        Button(t.gettext("Time zone"), OpenTopic(Topic.ZONE)),
        Button(t.gettext("Quiet hours"), OpenTopic(Topic.QUIET)),
        Button(t.gettext("Hour of my day"), OpenTopic(Topic.MORNING)),
    ]
    return Reply("\n".join(text), rows=[topics[:2], topics[2:], [go(t, Place.START)]])


def topic(t: Translator, which: Topic) -> Reply:
    """The choices of one topic; a time zone may be typed as well."""
    match which:
        case Topic.LANGUAGE:
            text, labels, width = t.gettext("Which language do we speak?"), [NAMES[code] for code in LOCALES], 3
        case Topic.ZONE:
            text = t.gettext("Where are you? Choose, or type a zone such as <code>Europe/Paris</code>.")
            labels, width = [zone_name(t, name) for name in ZONES], 2
        case Topic.QUIET:
            text = t.gettext("When shall I keep quiet? What you set to the minute still comes.")
            labels, width = [f"{a:%H:%M}–{b:%H:%M}" for a, b in QUIET], 2
        case Topic.MORNING:
            text, labels, width = t.gettext("When shall your day come?"), [f"{at:%H:%M}" for at in MORNINGS], 3
    buttons = [Button(label, Choose(which, i)) for i, label in enumerate(labels)]
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    ask = Ask(ASK_ZONE) if which is Topic.ZONE else None
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenSettings())]], ask=ask)


def zone_name(t: Translator, zone: str) -> str:
    """A zone by its city, in words where they are known."""
    cities = {
        "Asia/Shanghai": t.gettext("Beijing, Shanghai"),
        "Asia/Taipei": t.gettext("Taipei"),
        "Asia/Hong_Kong": t.gettext("Hong Kong"),
        "Asia/Singapore": t.gettext("Singapore"),
        "Asia/Kuala_Lumpur": t.gettext("Kuala Lumpur"),
        "Asia/Tokyo": t.gettext("Tokyo"),
        "Europe/London": t.gettext("London"),
        "Europe/Berlin": t.gettext("Berlin"),
        "America/New_York": t.gettext("New York"),
        "America/Los_Angeles": t.gettext("Los Angeles"),
    }
    return cities.get(zone, escape(zone))


def saved(t: Translator, actor: Actor, *, act_id: int, language_changed: bool = False) -> Reply:
    screen = settings(t, actor)
    rows = [*screen.rows[:-1], [undo_button(t, act_id), *screen.rows[-1]]]
    return Reply(screen.text, rows=rows, toast=t.gettext("Saved"), menus=language_changed)


def zone_unknown(t: Translator, typed: str) -> Reply:
    text = t.gettext("I do not know the zone “{typed}”. Try <code>Europe/Paris</code>, or choose above.")
    return Reply(text.format(typed=escape(typed)), ask=Ask(ASK_ZONE))
