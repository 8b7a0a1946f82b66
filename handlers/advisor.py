"""``/advisor``: who looks after me, and the call back."""

from dataclasses import replace

from actions import advisor as act
from actions.talks import recipients
from domain.advisor import windows
from domain.case_clocks import WorkClock
from domain.people import CUSTOMERS, STAFF
from handlers import welcome
from handlers.routing import Command, Request, Route
from storage.away import keeper_of
from views import advisor as view
from views.language import Translator
from views.links import OpenAdvisor
from views.replies import Notice, Reply


def take_advisor(req: Request) -> Reply:
    """An account that nobody has confirmed reads no name."""
    binding = welcome.main(req)
    keeper = keeper_of(req.uow, binding.owner_id)
    name = keeper.name if keeper and binding.confirmed else None
    return view.advisor(req.t, name, windows(req.now, _clock(req)), opens=welcome.opens_at(req))


def ask_call(req: Request) -> Reply:
    """Within a window that is still to come; a past one shows those that are."""
    minute = req.press(view.AskCall).minute
    window = next((one for one in windows(req.now, _clock(req)) if one.minute == minute), None)
    if window is None:
        return take_advisor(req)
    if not act.may_ask(req.uow, req.actor, now=req.now):
        return view.enough(req.t)
    binding = welcome.main(req)
    keeper = keeper_of(req.uow, binding.owner_id)
    words = view.call_words(Translator.of(keeper) if keeper else req.t, binding, window)
    act.ask_call(req.uow, req.actor, binding, keeper, window, words, now=req.now)
    quiet = welcome.opens_at(req) is not None
    notices = tuple(
        Notice(one.person_id, view.call_wanted(Translator.of(one), binding, window, quiet=quiet))
        for one in recipients(req.uow, binding.owner_id)
    )
    name = keeper.name if keeper and binding.confirmed else None
    return replace(view.will_call(req.t, name, window), notices=notices)


def _clock(req: Request) -> WorkClock:
    organisation = req.uow.organisation()
    return WorkClock(req.uow.calendar(), organisation.worktime, organisation.zone)


ROUTES = (
    Route(Command("advisor"), take_advisor, CUSTOMERS),
    Route(OpenAdvisor, take_advisor, CUSTOMERS | STAFF),
    Route(view.AskCall, ask_call, CUSTOMERS | STAFF, once=True),
)
