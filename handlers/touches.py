"""Logging by ``/visit``, guided or in one message, and putting a log right."""

import datetime as dt
from dataclasses import replace
from typing import Any

from actions.drafts import Source, file_log, keep_draft, read_log
from actions.next_touches import agree
from actions.touches import amend_touch, log_touch, record_order
from domain.people import STAFF
from domain.touches import LoggedTouch, TouchDraft, TouchLine
from handlers import drafts, next_touches, talks
from handlers.routing import Command, Content, Request, Route, Step
from views import next_touches as next_view
from views import touches as view
from views.links import LogTouch
from views.replies import DONE, Reply
from views.words import touch_name

AMENDABLE = dt.timedelta(hours=48)  # as long as Telegram lets a person edit a message


def take_visit(req: Request) -> Reply:
    """``/visit`` with words is a log; alone it is the guided way."""
    if req.text.strip():
        return take_log(req)
    return view.choose_customer(req.t, req.uow.customers(req.actor).recent()[: view.RECENT])


def take_log(req: Request) -> Reply:
    """File the message at once, or keep it as a draft that asks the one missing thing."""
    return file_or_ask(req, _source(req))


def file_or_ask(req: Request, source: Source) -> Reply:
    reading = read_log(req.uow, req.actor, source, now=req.now)
    if reading.missing is None:
        return drafts.filed(req, file_log(req.uow, req.actor, reading, now=req.now), reading)
    return drafts.question(req, keep_draft(req.uow, req.actor, reading), reading)


def take_who(req: Request) -> Reply:
    """The guided way: the typed name, or a whole log after all."""
    found = req.uow.customers(req.actor).search(req.text)
    if found.total == 1 and not found.items[0].pool:
        return view.choose_kind(req.t, found.items[0])
    if found.total > 1:
        return view.choose_customer(req.t, [line for line in found.items if not line.pool])
    return take_log(req)


def start_log(req: Request) -> Reply:
    line = req.uow.customers(req.actor).line(req.press(LogTouch).customer_id)
    req.uow.customers(req.actor).require_readable(line.id)
    return view.choose_kind(req.t, line)


def choose_kind(req: Request) -> Reply:
    press = req.press(view.StartKind)
    line = req.uow.customers(req.actor).line(press.customer_id)
    return view.ask_note(req.t, line, press.kind, press.outcome)


def back_to_kinds(req: Request) -> Reply:
    line = req.uow.customers(req.actor).line(req.press(view.BackToKinds).customer_id)
    return replace(view.choose_kind(req.t, line), fresh=False)


def log_bare(req: Request) -> Reply:
    """The guided way without words: the kind says it all, and the cadence proposes the next touch."""
    press = req.press(view.LogBare)
    note = touch_name(req.t, press.kind, press.outcome)
    draft = TouchDraft(press.customer_id, press.kind, press.outcome, happened_at=req.now, note=note)
    return replace(view.logged(req.t, log_touch(req.uow, req.actor, draft, now=req.now)), ask=DONE)


def take_note(req: Request) -> Reply:
    """The guided way's last step: the words, for the customer (and kind) chosen before."""
    chosen: dict[str, Any] = {name: req.facts[name] for name in ("customer", "kind", "outcome") if name in req.facts}
    req.uow.customers(req.actor).line(chosen["customer"])  # not a colleague's by now
    return file_or_ask(req, replace(_source(req), choices=chosen))


def take_edit(req: Request) -> Reply:
    """An edited message amends what it became; any other edit means nothing."""
    message_id = req.incoming.message_id
    assert message_id is not None
    if (answer := talks.edited(req)) is not None:
        return answer
    draft = req.uow.drafts(req.actor).of_message(req.incoming.chat_id, message_id)
    if draft is not None:
        return drafts.reread(req, draft)
    touches = req.uow.touches(req.actor).of_message(req.incoming.chat_id, message_id)
    if len(touches) != 1 or req.now - req.said_at > AMENDABLE or touches[0].note == req.text:
        return Reply()
    source = replace(_source(req), choices={"customer": touches[0].customer_id, "days": "one"})
    reading = read_log(req.uow, req.actor, source, now=req.now)
    draft_now = TouchDraft(
        customer_id=touches[0].customer_id,
        kind=reading.kind if reading.line.kind else touches[0].kind,
        outcome=reading.outcome,
        happened_at=min(reading.happened_at, req.now),
        note=req.text,
        next_touch=None if reading.missing else reading.next_touch,
        tags=tuple(reading.line.tags),
        amounts=tuple(reading.line.amounts),
    )
    return view.amended(req.t, amend_touch(req.uow, req.actor, touches[0].id, draft_now, now=req.now))


def fix(req: Request) -> Reply:
    return view.fix(req.t, req.uow.touches(req.actor).get(req.press(view.FixTouch).touch_id))


def set_kind(req: Request) -> Reply:
    press = req.press(view.SetKind)
    touch = req.uow.touches(req.actor).get(press.touch_id)
    return _amend(req, touch, press.version, replace(_as_draft(req, touch), kind=press.kind))


def set_outcome(req: Request) -> Reply:
    press = req.press(view.SetOutcome)
    touch = req.uow.touches(req.actor).get(press.touch_id)
    return _amend(req, touch, press.version, replace(_as_draft(req, touch), outcome=press.outcome))


def set_day(req: Request) -> Reply:
    press = req.press(view.SetDay)
    touch = req.uow.touches(req.actor).get(press.touch_id)
    local = touch.happened_at.astimezone(req.actor.zone)
    moved = dt.datetime.combine(req.today - dt.timedelta(days=press.days), local.time(), req.actor.zone)
    at = min(moved.astimezone(dt.UTC), req.now)
    return _amend(req, touch, press.version, replace(_as_draft(req, touch), happened_at=at))


def back_to_touch(req: Request) -> Reply:
    touch = req.uow.touches(req.actor).get(req.press(view.BackToTouch).touch_id)
    return view.shown(req.t, touch, req.uow.next_touches(req.actor).open_of(touch.customer_id))


def set_next(req: Request) -> Reply:
    """Another date of the message as the agreed next touch."""
    press = req.press(view.SetNext)
    wanted = next_touches.at_stamp(req, press.stamp)
    line, act_id = agree(req.uow, req.actor, press.customer_id, wanted, now=req.now)
    return next_view.agreed(req.t, line, act_id=act_id)


def take_order(req: Request) -> Reply:
    press = req.press(view.RecordOrder)
    done = record_order(req.uow, req.actor, press.touch_id, version=press.version, now=req.now)
    return view.ordered(req.t, done)


def _amend(req: Request, touch: TouchLine, version: int, draft: TouchDraft) -> Reply:
    done: LoggedTouch = amend_touch(req.uow, req.actor, touch.id, draft, version=version, now=req.now)
    return view.logged(req.t, done)


def _as_draft(req: Request, touch: TouchLine) -> TouchDraft:
    return TouchDraft(
        customer_id=touch.customer_id,
        kind=touch.kind,
        outcome=touch.outcome,
        happened_at=touch.happened_at,
        note=touch.note,
        amounts=req.uow.touches(req.actor).amounts(touch.id),
    )


def _source(req: Request) -> Source:
    assert req.incoming.message_id is not None
    return Source(req.text, req.said_at, req.incoming.chat_id, req.incoming.message_id)


ROUTES = (
    Route(Command("visit", "log"), take_visit, STAFF),
    Route(Step(view.STEP_WHO), take_who, STAFF),
    Route(LogTouch, start_log, STAFF),
    Route(view.StartKind, choose_kind, STAFF),
    Route(view.BackToKinds, back_to_kinds, STAFF),
    Route(view.LogBare, log_bare, STAFF, once=True),
    Route(Step(view.STEP_NOTE), take_note, STAFF),
    Route(Content.EDIT, take_edit, STAFF),
    Route(view.FixTouch, fix, STAFF),
    Route(view.SetKind, set_kind, STAFF),
    Route(view.SetOutcome, set_outcome, STAFF),
    Route(view.SetDay, set_day, STAFF),
    Route(view.BackToTouch, back_to_touch, STAFF),
    Route(view.SetNext, set_next, STAFF, once=True),
    Route(view.RecordOrder, take_order, STAFF, once=True),
)
