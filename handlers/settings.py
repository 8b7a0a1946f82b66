"""``/settings``: language, time zone, quiet hours, hour of my day."""

from typing import Any

from actions.settings import change_settings, known_zone
from domain.people import STAFF
from handlers.routing import Command, Request, Route, Step
from views import settings as view
from views.language import LOCALES, Translator
from views.replies import Reply
from views.settings import MORNINGS, QUIET, ZONES, Topic


def take_settings(req: Request) -> Reply:
    return view.settings(req.t, req.actor)


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


def take_zone(req: Request) -> Reply:
    zone = known_zone(req.text)
    return _save(req, {"zone": zone}) if zone else view.zone_unknown(req.t, req.text)


def _save(req: Request, values: dict[str, Any]) -> Reply:
    act_id = change_settings(req.uow, req.actor, values)
    actor = req.uow.people.actor(req.actor.person_id)
    t = Translator(actor.locale, actor.zone)  # in the new language at once
    return view.saved(t, actor, act_id=act_id, language_changed=actor.locale != req.actor.locale)


ROUTES = (
    Route(Command("settings"), take_settings, STAFF),
    Route(view.OpenSettings, take_settings, STAFF),
    Route(view.OpenTopic, open_topic, STAFF),
    Route(view.Choose, choose, STAFF),
    Route(Step(view.ASK_ZONE), take_zone, STAFF),
)
