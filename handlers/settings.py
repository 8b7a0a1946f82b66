"""``/settings``: language, time zone, quiet hours, hour of my day."""

from typing import Any

from actions.settings import change_settings
from domain.people import STAFF, Actor
from handlers.routing import Command, Request, Route, Step
from parsing.settings import clock_time, hours_span, zone_named
from views import away as away_view
from views import settings as view
from views.language import LOCALES, Translator
from views.replies import Reply
from views.settings import MORNINGS, QUIET, ZONES, Topic


def take_settings(req: Request) -> Reply:
    return _screen(req, req.actor, req.t)


def open_topic(req: Request) -> Reply:
    return view.topic(req.t, req.press(view.OpenTopic).topic)


def choose(req: Request) -> Reply:
    press = req.press(view.Choose)
    match press.topic:
        case Topic.LANGUAGE:
            values: dict[str, Any] = {"locale": LOCALES[press.choice]}
        case Topic.ZONE:
            values = {"zone": ZONES[press.choice]}
        case Topic.QUIET:
            start, end = QUIET[press.choice]
            values = {"quiet_from": start, "quiet_to": end}
        case Topic.MORNING:
            values = {"morning_at": MORNINGS[press.choice]}
    return _save(req, values)


def take_value(req: Request) -> Reply:
    """A zone, a time or hours as they were typed."""
    topic = Topic(req.facts["topic"])
    values: dict[str, Any] | None = None
    if topic is Topic.ZONE and (zone := zone_named(req.text)):
        values = {"zone": zone}
    elif topic is Topic.MORNING and (at := clock_time(req.text)):
        values = {"morning_at": at}
    elif topic is Topic.QUIET and (span := hours_span(req.text)):
        values = {"quiet_from": span[0], "quiet_to": span[1]}
    return _save(req, values) if values else view.not_understood(req.t, topic, req.text)


def _save(req: Request, values: dict[str, Any]) -> Reply:
    act_id = change_settings(req.uow, req.actor, values)
    actor = req.uow.people.actor(req.actor.person_id)
    t = Translator.of(actor)  # in the new language at once
    screen = _screen(req, actor, t)
    return view.saved(t, screen, act_id=act_id, language_changed=actor.locale != req.actor.locale)


def _screen(req: Request, actor: Actor, t: Translator) -> Reply:
    assert actor.member_id is not None
    absence = req.uow.away(actor).of(actor.member_id)
    more = away_view.line_of(t, absence, now=req.now) if absence else ""
    return view.settings(t, actor, more, away=away_view.open_away(t, actor.member_id))


ROUTES = (
    Route(Command("settings"), take_settings, STAFF),
    Route(view.OpenSettings, take_settings, STAFF),
    Route(view.OpenTopic, open_topic, STAFF),
    Route(view.Choose, choose, STAFF),
    Route(Step(view.ASK), take_value, STAFF),
)
