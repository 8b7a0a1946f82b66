"""What a text without a command is: a reminder, a plan, a log, a search, or asked back."""

import datetime as dt
from dataclasses import replace

from actions.drafts import Source, read_log
from actions.next_touches import agree
from actions.texts import sort_of
from domain.next_touches import NextTouch, Origin
from domain.people import STAFF
from handlers import customers, reminders, touches
from handlers.routing import Content, Request, Route
from parsing.touches import Sort
from views import next_touches as next_view
from views import texts as view
from views.replies import Reply


def take_text(req: Request) -> Reply:
    """The first meaning that fits, in the order of the product."""
    match sort_of(req.uow, req.actor, req.text, said_at=req.said_at):
        case Sort.REMINDER:
            return reminders.take_reminder(req)
        case Sort.PLAN:
            return take_plan(req)
        case Sort.LOG:
            return touches.take_log(req)
        case Sort.SEARCH:
            return customers.take_search(req)
        case Sort.UNCLEAR:
            facts = {"text": req.text, "said_at": req.said_at.isoformat(), "message_id": req.incoming.message_id}
            return view.unclear(req.t, req.text, req.uow.customers(req.actor).search(req.text).items, facts=facts)


def take_plan(req: Request) -> Reply:
    """A planned visit or call becomes the agreed next touch; where something is missing, a draft asks for it."""
    assert req.incoming.message_id is not None
    source = Source(req.text, req.said_at, req.incoming.chat_id, req.incoming.message_id)
    reading = read_log(req.uow, req.actor, source, now=req.now)
    wanted = reading.plan
    pooled = reading.customer and req.uow.customers(req.actor).line(reading.customer.customer_id).pool
    if reading.customer is None or wanted is None or wanted.ask or wanted.day is None or pooled:
        return touches.take_log(req)
    plan = NextTouch(wanted.day, wanted.at, Origin.AGREED, reading.line.next_kind or reading.kind)
    line, act_id = agree(req.uow, req.actor, reading.customer.customer_id, plan, now=req.now)
    return next_view.planned(req.t, line, act_id=act_id)


def take_as(req: Request) -> Reply:
    """The unclear text, taken as what the button says; it waits in the open dialog, unless another one does by now."""
    press = req.press(view.Take)
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    if dialog is None or dialog.step != view.STEP or dialog.facts["message_id"] != press.message_id:
        return view.gone(req.t)
    req.text = dialog.facts["text"]
    req.said_at = dt.datetime.fromisoformat(dialog.facts["said_at"])
    req.incoming = replace(req.incoming, message_id=dialog.facts["message_id"])
    match press.meaning:
        case view.Meaning.LOG:
            return touches.take_log(req)
        case view.Meaning.NEW:
            return customers.take_new(req)
        case view.Meaning.REMIND:
            return reminders.take_reminder(req)


ROUTES = (
    Route(Content.TEXT, take_text, STAFF),
    Route(view.Take, take_as, STAFF, once=True),
)
