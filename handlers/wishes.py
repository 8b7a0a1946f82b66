"""A customer's ``/settings`` and ``/stop``."""

from actions import wishes as act
from actions.settings import change_settings
from domain.people import CUSTOMERS
from handlers.routing import Command, Request, Route
from views import wishes as view
from views.language import LOCALES, Translator
from views.replies import Reply
from views.settings import QUIET


def take_wishes(req: Request) -> Reply:
    actor = req.uow.people.actor(req.actor.person_id)  # as it stands after a switch
    t = Translator.of(actor)
    return view.wishes(t, actor, req.uow.consents.of(actor.person_id), now=req.now)


def switch_topic(req: Request) -> Reply:
    act.switch_topic(req.uow, req.actor, req.press(view.SwitchTopic).topic)
    return take_wishes(req)


def switch_purpose(req: Request) -> Reply:
    act.switch_purpose(req.uow, req.actor, req.press(view.SwitchPurpose).purpose)
    return take_wishes(req)


def pause(req: Request) -> Reply:
    act.pause(req.uow, req.actor, now=req.now)
    return take_wishes(req)


def go_on(req: Request) -> Reply:
    act.go_on(req.uow, req.actor)
    return take_wishes(req)


def take_stop(req: Request) -> Reply:
    act.stop(req.uow, req.actor, now=req.now)
    return view.stopped(req.t)


def choose_language(req: Request) -> Reply:
    return view.choose_language(req.t)


def take_language(req: Request) -> Reply:
    change_settings(req.uow, req.actor, {"locale": LOCALES[req.press(view.TakeLanguage).choice]})
    return take_wishes(req)


def choose_quiet(req: Request) -> Reply:
    return view.choose_quiet(req.t)


def take_quiet(req: Request) -> Reply:
    start, end = QUIET[req.press(view.TakeQuiet).choice]
    change_settings(req.uow, req.actor, {"quiet_from": start, "quiet_to": end})
    return take_wishes(req)


ROUTES = (
    Route(Command("settings"), take_wishes, CUSTOMERS),
    Route(view.OpenWishes, take_wishes, CUSTOMERS),
    Route(view.SwitchTopic, switch_topic, CUSTOMERS),
    Route(view.SwitchPurpose, switch_purpose, CUSTOMERS),
    Route(view.Pause, pause, CUSTOMERS),
    Route(view.GoOn, go_on, CUSTOMERS),
    Route(Command("stop"), take_stop, CUSTOMERS),
    Route(view.StopAll, take_stop, CUSTOMERS),
    Route(view.ChooseLanguage, choose_language, CUSTOMERS),
    Route(view.TakeLanguage, take_language, CUSTOMERS),
    Route(view.ChooseQuiet, choose_quiet, CUSTOMERS),
    Route(view.TakeQuiet, take_quiet, CUSTOMERS),
)
