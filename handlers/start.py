"""``/start``, ``/help``, ``/cancel``, and the buttons that lead to the main screens."""

from domain.people import ADMINS, ANYONE, LEADS, STAFF
from handlers import customers, invites, reminders, settings, setup, surveys, teams, today, welcome
from handlers.routing import Command, Request, Route
from views import start as view
from views.links import Leave
from views.replies import Reply
from views.start import Place


def take_start(req: Request) -> Reply:
    """The first screen of staff, of a customer, or of nobody. A payload that nothing knows is one more bad link, like any
    other."""
    if req.actor.role is not None:
        return view.welcome(req.t, req.actor, set_up=req.uow.organisation().set_up)
    if req.text:
        return invites.take_link(req)
    return welcome.show(req)


def take_help(req: Request) -> Reply:
    assert req.actor.role is not None
    return view.help_for(req.t, req.actor.role)


def take_cancel(req: Request) -> Reply:
    was_open = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id) is not None
    return view.cancelled(req.t, was_open=was_open)


def go(req: Request) -> Reply:
    """Open the screen that the pressed button names, as its command would."""
    req.text = ""
    match req.press(view.Go).place:
        case Place.TODAY:
            return today.take_today(req)
        case Place.NEW:
            return customers.take_new(req)
        case Place.REMIND:
            return reminders.take_remind(req)
        case Place.SETTINGS:
            return settings.take_settings(req)
        case Place.SURVEYS:
            return surveys.take_survey(req)
        case Place.HELP:
            return take_help(req)
        case _:
            return take_start(req)


def go_lead(req: Request) -> Reply:
    """The screens of leads: the team, or a new link."""
    if req.press(view.GoLead).place is Place.INVITE:
        return invites.take_invite(req)
    return teams.take_team(req)


def go_admin(req: Request) -> Reply:
    """The screen of admins: the set-up."""
    return setup.take_setup(req)


ROUTES = (
    Route(Command("start"), take_start, ANYONE),
    Route(Command("help"), take_help, STAFF),
    Route(Command("cancel"), take_cancel, STAFF),
    Route(Leave, take_cancel, STAFF),
    Route(view.Go, go, STAFF),
    Route(view.GoLead, go_lead, LEADS),
    Route(view.GoAdmin, go_admin, ADMINS),
)
