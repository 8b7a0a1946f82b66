"""``/history``, ``/undo`` and the Undo button beneath every write."""

from dataclasses import replace

from actions.history import last_step, undo
from domain.history import IMPORTED, ActLine, Shown
from domain.people import LEADS, STAFF, Actor
from handlers import imports
from handlers.routing import Command, Request, Route
from views import history as view
from views.language import Translator
from views.replies import Notice, Reply

MOST_ROWS = 24  # changed rows of an act that are read: more lines than a phone shows


# Undo --------------------------------------------------------------------------------------------------------------


def take_undo(req: Request) -> Reply:
    line = last_step(req.uow, req.actor, now=req.now)
    return _take_back(req, line) if line else view.nothing_to_undo(req.t)


def press_undo(req: Request) -> Reply:
    return _take_back(req, req.uow.history(req.actor).get(req.press(view.Undo).act_id))


def _take_back(req: Request, line: ActLine) -> Reply:
    """At once; but thousands of imported rows only after a question, as long work."""
    if line.kind == IMPORTED:
        return imports.ask_undo_of_act(req, line)
    return _undone(req, undo(req.uow, req.actor, line.id, now=req.now))


def _undone(req: Request, line: ActLine) -> Reply:
    """In the language that holds again; whoever was told of the act hears that it was taken back."""
    actor = req.uow.people.actor(req.actor.person_id)
    t = Translator.of(actor)
    reply = view.undone(t, line, menus=actor.locale != req.actor.locale)
    told = [req.uow.people.actor(person_id) for person_id in req.uow.history(req.actor).told_of(line)]
    notices = tuple(_notice(person, line, actor.name) for person in told if person.is_staff or line.noun == "member")
    return replace(reply, notices=notices)


def _notice(person: Actor, line: ActLine, by: str) -> Notice:
    words = Translator.of(person)
    return Notice(person.person_id, view.taken_back(words, line, by, menus=line.noun in ("member", "team")))


# The trail ---------------------------------------------------------------------------------------------------------


def take_history(req: Request) -> Reply:
    """``/history`` alone: of all that the reader may see; with a name: of that customer or member."""
    typed = req.text.strip()
    if not typed:
        return _page(req, Shown(), 0)
    customers = req.uow.customers(req.actor).search(typed).items
    members = req.uow.teams(req.actor).everybody(like=typed).items
    match [*(Shown(customer_id=line.id) for line in customers), *(Shown(member_id=m.id) for m in members)]:
        case [only]:
            return _page(req, only, 0)
        case _:
            return view.choose_subject(req.t, typed, customers, members)


def turn_page(req: Request) -> Reply:
    press = req.press(view.HistoryPage)
    return _page(req, Shown(press.customer_id, press.member_id), press.number)


def filter_by_member(req: Request) -> Reply:
    number = req.press(view.FilterByMember).number
    return view.choose_member(req.t, req.uow.teams(req.actor).everybody(number))


def open_act(req: Request) -> Reply:
    press = req.press(view.OpenAct)
    history = req.uow.history(req.actor)
    line = history.get(press.act_id, about=press.customer_id)
    changes, total = history.changes(line, most=MOST_ROWS, about=press.customer_id)
    back = view.HistoryPage(press.customer_id, press.member_id, press.number)
    return view.act(req.t, line, changes, total, back)


def _page(req: Request, shown: Shown, number: int) -> Reply:
    title = None
    if shown.customer_id is not None:
        title = req.uow.customers(req.actor).line(shown.customer_id).name
    elif shown.member_id is not None:
        title = req.uow.teams(req.actor).member(shown.member_id).name
    page = req.uow.history(req.actor).page(shown=shown, number=number)
    return view.trail(req.t, page, shown, title=title, actor=req.actor)


ROUTES = (
    Route(Command("undo"), take_undo, STAFF),
    Route(view.Undo, press_undo, STAFF, once=True),
    Route(Command("history"), take_history, STAFF),
    Route(view.HistoryPage, turn_page, STAFF),
    Route(view.FilterByMember, filter_by_member, LEADS),
    Route(view.OpenAct, open_act, STAFF),
)
