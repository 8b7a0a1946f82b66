"""Choosing the day of a next touch, closing it, and plans typed as plain text."""

import datetime as dt

from actions.next_touches import agree, close, postpone_to
from actions.texts import looks_somebody_up, stands_alone
from domain.calendar import localize
from domain.errors import NotFound
from domain.next_touches import NextTouch, NextTouchLine, Origin
from domain.people import STAFF
from handlers.routing import PASS, Request, Route, Step
from parsing.dates import find_dates
from views import next_touches as view
from views.links import MoveNextTouch
from views.replies import Reply


def choose_day(req: Request) -> Reply:
    customer = req.uow.customers(req.actor).line(req.press(MoveNextTouch).customer_id)
    stands = req.uow.next_touches(req.actor).open_of(customer.id)
    return view.choose_day(req.t, customer, stands, today=req.today)


def agree_in(req: Request) -> Reply:
    press = req.press(view.AgreeIn)
    return _agree(req, press.customer_id, req.today + dt.timedelta(days=press.days))


def agree_on(req: Request) -> Reply:
    press = req.press(view.AgreeOn)
    return _agree(req, press.customer_id, dt.date.fromordinal(press.day))


def _agree(req: Request, customer_id: int, day: dt.date) -> Reply:
    line, act_id = agree(req.uow, req.actor, customer_id, NextTouch(day, None, Origin.AGREED), now=req.now)
    return view.agreed(req.t, line, act_id=act_id)


def ask_day(req: Request) -> Reply:
    customer = req.uow.customers(req.actor).line(req.press(view.OtherDay).customer_id)
    return view.ask_day(req.t, customer, today=req.today)


def take_day(req: Request) -> Reply:
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    customer = req.uow.customers(req.actor).line(req.facts["customer"])
    found = next_touch_in(req)
    if found is None:
        if looks_somebody_up(req.uow, req.actor, req.text):
            return PASS
        return view.not_a_day(req.t, customer, today=req.today)
    line, act_id = agree(req.uow, req.actor, customer.id, found, now=req.now)
    return view.agreed(req.t, line, act_id=act_id)


def next_touch_in(req: Request) -> NextTouch | None:
    """The last date of a typed text as an agreed next touch, or ``None``."""
    worktime = req.uow.organisation().worktime
    zone = req.actor.zone
    found = find_dates(req.text, said_at=req.said_at, zone=zone, calendar=req.uow.calendar(), worktime=worktime)
    dated = [one for one in found if one.day is not None]
    if not dated:
        return None
    one = dated[-1]
    assert one.day is not None
    return NextTouch(one.day, one.at, Origin.AGREED)


def at_stamp(req: Request, stamp: int) -> NextTouch:
    """The agreed next touch of a button with a date, see ``views.touches.stamp``."""
    if stamp < 0:
        return NextTouch(dt.date.fromordinal(-stamp), None, Origin.AGREED)
    at = dt.datetime.fromtimestamp(stamp * 60, dt.UTC)
    return NextTouch(at.astimezone(req.actor.zone).date(), at, Origin.AGREED)


def close_it(req: Request) -> Reply:
    press = req.press(view.CloseNextTouch)
    line = _open(req, press.next_touch_id)
    proposed, act_id = close(req.uow, req.actor, line, version=press.version, now=req.now)
    return view.closed(req.t, line, proposed, act_id=act_id)


def keep_it(req: Request) -> Reply:
    return view.kept(req.t, _open(req, req.press(view.KeepNextTouch).next_touch_id))


def snooze_hour(req: Request) -> Reply:
    press = req.press(view.SnoozeHour)
    at = req.now + dt.timedelta(hours=1)
    return _postpone(req, press.next_touch_id, at.astimezone(req.actor.zone).date(), at, press.version)


def snooze(req: Request) -> Reply:
    press = req.press(view.Snooze)
    line = _open(req, press.next_touch_id)
    day = req.today + dt.timedelta(days=press.days)
    at = localize(day, line.at.astimezone(req.actor.zone).time(), req.actor.zone) if line.at else None
    return _postpone(req, line.id, day, at, press.version)


def _postpone(req: Request, next_touch_id: int, day: dt.date, at: dt.datetime | None, version: int) -> Reply:
    line = _open(req, next_touch_id)
    moved, act_id = postpone_to(req.uow, req.actor, line, day, at, version=version, now=req.now)
    return view.agreed(req.t, moved, act_id=act_id)


def _open(req: Request, next_touch_id: int) -> NextTouchLine:
    line = req.uow.next_touches(req.actor).find(next_touch_id)
    if line is None:
        raise NotFound("next_touch", next_touch_id)
    return line


ROUTES = (
    Route(MoveNextTouch, choose_day, STAFF),
    Route(view.AgreeIn, agree_in, STAFF, once=True),
    Route(view.AgreeOn, agree_on, STAFF, once=True),
    Route(view.OtherDay, ask_day, STAFF),
    Route(Step(view.STEP_DAY), take_day, STAFF),
    Route(view.CloseNextTouch, close_it, STAFF, once=True),
    Route(view.KeepNextTouch, keep_it, STAFF),
    Route(view.SnoozeHour, snooze_hour, STAFF, once=True),
    Route(view.Snooze, snooze, STAFF, once=True),
)
