"""``/history``, ``/undo`` and the Undo button beneath every write."""

from actions.history import undo, undo_last
from domain.customers import PAGE
from domain.errors import NotFound
from domain.people import STAFF
from handlers.routing import Command, Request, Route
from views import history as view
from views.replies import Reply


def take_undo(req: Request) -> Reply:
    line = undo_last(req.uow, req.actor, now=req.now)
    return view.undone(req.t, line) if line else view.nothing_to_undo(req.t)


def press_undo(req: Request) -> Reply:
    return view.undone(req.t, undo(req.uow, req.actor, req.press(view.Undo).act_id, now=req.now))


def take_history(req: Request) -> Reply:
    """``/history`` alone: of all that the reader may see; with a name: of that customer."""
    if not req.text.strip():
        return _page(req, None, 0)
    found = req.uow.customers(req.actor).search(req.text.strip()).items
    if not found:
        raise NotFound("customer", req.text.strip())
    return _page(req, found[0].id, 0)


def turn_page(req: Request) -> Reply:
    press = req.press(view.HistoryPage)
    return _page(req, press.customer_id, press.number)


def open_act(req: Request) -> Reply:
    press = req.press(view.OpenAct)
    history = req.uow.history(req.actor)
    line = history.get(press.act_id)
    back = view.HistoryPage(press.customer_id, press.number)
    return view.act(req.t, line, history.changes(line.id, most=PAGE * 3), back)


def _page(req: Request, customer_id: int | None, number: int) -> Reply:
    title = req.uow.customers(req.actor).get(customer_id).name if customer_id is not None else None
    page = req.uow.history(req.actor).page(customer_id=customer_id, number=number)
    return view.trail(req.t, page, customer_id=customer_id, title=title)


ROUTES = (
    Route(Command("undo"), take_undo, STAFF),
    Route(view.Undo, press_undo, STAFF, once=True),
    Route(Command("history"), take_history, STAFF),
    Route(view.HistoryPage, turn_page, STAFF),
    Route(view.OpenAct, open_act, STAFF),
)
