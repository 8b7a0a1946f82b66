"""The customers' first screen, their help, and who looks after them."""

import datetime as dt

from actions.answers import waiting
from domain.bindings import Binding
from domain.case_clocks import WorkClock
from domain.consents import Purpose
from domain.errors import NotFound
from domain.people import ANYONE, CUSTOMERS, OUTSIDE
from handlers.routing import Command, Request, Route
from storage.away import keeper_of
from views import answers, enquiries
from views import welcome as view
from views.links import Leave, OpenWelcome
from views.replies import Reply


def show(req: Request) -> Reply:
    """``/start`` of a customer: of the confirmed binding where there is one."""
    if not req.actor.bound and not req.uow.bindings(req.actor).mine():
        organisation = req.uow.organisation()
        return enquiries.hello(req.t, organisation.name, open_door=organisation.asks_strangers)
    binding = main(req)
    keeper = keeper_of(req.uow, binding.owner_id)
    return view.welcome(
        req.t,
        binding,
        owner=keeper.name if keeper else None,
        organisation=req.uow.organisation().name,
        may_write=Purpose.SERVICE in req.uow.consents.of(req.actor.person_id).granted,
        asked=waiting(req.uow, req.actor, now=req.now)[:1],
    )


def main(req: Request) -> Binding:
    """The binding that a customer's screens are about: the first confirmed one, else the first.

    Raises:
        NotFound: the account is nobody's any more.
    """
    bindings = req.uow.bindings(req.actor).mine()
    if not bindings:
        raise NotFound("binding", req.actor.person_id)
    return next((binding for binding in bindings if binding.confirmed), bindings[0])


def opens_at(req: Request) -> dt.datetime | None:
    """When work begins again; ``None`` while it goes on."""
    organisation = req.uow.organisation()
    opens = WorkClock(req.uow.calendar(), organisation.worktime, organisation.zone).after(req.now, 0)
    return opens if opens > req.now else None


def take_help(req: Request) -> Reply:
    return view.help_for(req.t, confirmed=main(req).confirmed)


def take_cancel(req: Request) -> Reply:
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    if dialog is not None and dialog.step == answers.STEP and req.actor.bound:
        return view.survey_left(req.t, waiting(req.uow, req.actor, now=req.now)[:1])
    return view.cancelled(req.t, was_open=dialog is not None, bound=req.actor.bound)


ROUTES = (
    Route(OpenWelcome, show, ANYONE),
    Route(Command("help"), take_help, CUSTOMERS),
    Route(Command("cancel"), take_cancel, OUTSIDE),
    Route(Leave, take_cancel, OUTSIDE),
)
