"""``/setup`` for admins: each answer is in force at once, so leaving in the middle loses nothing."""

from actions import setup as act
from domain.people import ADMINS
from domain.setup import Chosen, Question, asked, beside
from handlers.routing import Command, Request, Route, Step
from views import setup as view
from views.language import Translator
from views.replies import Reply


def take_setup(req: Request) -> Reply:
    return _ask(req, Question.LANGUAGE)


def answer(req: Request) -> Reply:
    press = req.press(view.Answer)
    act.answer(req.uow, req.actor, press.question, press.choice)
    return _next(req, press.question)


def keep(req: Request) -> Reply:
    return _next(req, req.press(view.Keep).question)


def go_back(req: Request) -> Reply:
    question = req.press(view.Back).question
    return _ask(req, question if question in _run(req) else Question.LANGUAGE)


def take_team_name(req: Request) -> Reply:
    return _finish(req, req.text)


def _next(req: Request, question: Question) -> Reply:
    run = _run(req)
    following = beside(question, run)[1] if question in run else None
    return _ask(req, following) if following else _finish(req, None)


def _ask(req: Request, question: Question) -> Reply:
    return view.question(_words(req), question, _chosen(req), _run(req))


def _finish(req: Request, team: str | None) -> Reply:
    act_id = act.finish(req.uow, req.actor, team)
    return view.finished(_words(req), _chosen(req), team, act_id=act_id)


def _run(req: Request) -> tuple[Question, ...]:
    has_teams = bool(req.uow.teams(req.actor).teams())
    return asked(req.uow.organisation().region, has_teams=has_teams)


def _chosen(req: Request) -> Chosen:
    now = req.uow.organisation()
    return Chosen(now.locale, now.region, str(now.zone), now.worktime_text, now.strangers)


def _words(req: Request) -> Translator:
    """In the language and zone that the last answer chose."""
    return Translator.of(req.uow.people.actor(req.actor.person_id))


ROUTES = (
    Route(Command("setup"), take_setup, ADMINS),
    Route(view.Answer, answer, ADMINS),
    Route(view.Keep, keep, ADMINS),
    Route(view.Back, go_back, ADMINS),
    Route(Step(view.ASK_TEAM), take_team_name, ADMINS),
)
