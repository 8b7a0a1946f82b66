"""``/status`` for admins: how the bot is doing, and what becomes of messages that were held."""

from domain.customers import Page
from domain.errors import Changed
from domain.people import ADMINS
from domain.status import ErrorLine
from handlers.routing import Command, Request, Route
from storage.backup import state_of
from storage.status import StatusRepository
from views import status as view
from views.replies import Reply
from views.status import Tab


def take_status(req: Request) -> Reply:
    status = StatusRepository(req.uow, req.actor)
    return view.overview(
        req.t,
        status.queues(),
        req.vitals(),
        state_of(req.uow),
        size=status.size(),
        workers=status.workers(),
        errors=_errors(req),
        now=req.now,
    )


def open_tab(req: Request) -> Reply:
    press = req.press(view.OpenStatus)
    match press.tab:
        case Tab.OVERVIEW:
            return take_status(req)
        case Tab.ERRORS:
            return _error_page(req, press.number)
        case Tab.HELD:
            return _held(req, press.number)


def send_again(req: Request) -> Reply:
    press = req.press(view.SendAgain)
    try:
        StatusRepository(req.uow, req.actor).send_again(press.letter_id)
    except Changed:
        return _held(req, press.number, toast=view.decided_before(req.t))
    return _held(req, press.number, toast=view.sent_again(req.t))


def drop(req: Request) -> Reply:
    press = req.press(view.Drop)
    try:
        StatusRepository(req.uow, req.actor).drop(press.letter_id)
    except Changed:
        return _held(req, press.number, toast=view.decided_before(req.t))
    return _held(req, press.number, dropped=press.letter_id, toast=view.was_dropped(req.t))


def put_back(req: Request) -> Reply:
    press = req.press(view.PutBack)
    try:
        StatusRepository(req.uow, req.actor).put_back(press.letter_id)
    except Changed:
        return _held(req, press.number, toast=view.decided_before(req.t))
    return _held(req, press.number, toast=view.was_put_back(req.t))


def ask_drop_all(req: Request) -> Reply:
    number = req.press(view.AskDropAll).number
    status = StatusRepository(req.uow, req.actor)
    until = status.last_held()
    if until is None:
        return _held(req, number, toast=view.decided_before(req.t))
    return view.ask_drop_all(req.t, status.held().total, until, number)


def drop_all(req: Request) -> Reply:
    StatusRepository(req.uow, req.actor).drop_all(req.press(view.DropAll).until)
    return _held(req, 0, toast=view.was_dropped(req.t))


def _held(req: Request, number: int, *, dropped: int | None = None, toast: str | None = None) -> Reply:
    page = StatusRepository(req.uow, req.actor).held(number)
    return view.held(req.t, page, dropped=dropped, toast=toast)


def _errors(req: Request) -> list[ErrorLine]:
    """What left a row, and what only this process remembers; what people were told a number of stands once."""
    stored = StatusRepository(req.uow, req.actor).errors()
    known = {line.reference for line in stored if line.reference}
    remembered = [line for line in req.vitals().errors if line.reference not in known]
    return sorted([*stored, *remembered], key=lambda line: line.at, reverse=True)


def _error_page(req: Request, number: int) -> Reply:
    return view.errors(req.t, Page.of(_errors(req), number))


ROUTES = (
    Route(Command("status"), take_status, ADMINS),
    Route(view.OpenStatus, open_tab, ADMINS),
    Route(view.SendAgain, send_again, ADMINS),
    Route(view.Drop, drop, ADMINS),
    Route(view.PutBack, put_back, ADMINS),
    Route(view.AskDropAll, ask_drop_all, ADMINS),
    Route(view.DropAll, drop_all, ADMINS),
)
