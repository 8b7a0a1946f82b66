"""``/today``: my day, whenever I ask for it."""

from actions.today import day_of
from domain.people import STAFF
from handlers.routing import Command, Request, Route
from views import today as view
from views.replies import Reply


def take_today(req: Request) -> Reply:
    return view.today(req.t, day_of(req.uow, req.actor, now=req.now))


def turn_page(req: Request) -> Reply:
    return view.today(req.t, day_of(req.uow, req.actor, now=req.now), req.press(view.TodayPage).number)


ROUTES = (
    Route(Command("today"), take_today, STAFF),
    Route(view.TodayPage, turn_page, STAFF),
)
