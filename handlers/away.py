"""Somebody stands in: from ``/settings`` for oneself, from the member's screen for a lead."""

import datetime as dt
from dataclasses import replace

from actions import away as act
from domain.away import Absence
from domain.errors import Changed, Invalid
from domain.people import STAFF
from handlers import texts
from handlers.routing import PASS, Request, Route, Step
from parsing.dates import Found, Kind, find_dates
from views import away as view
from views import errors
from views.language import Translator
from views.replies import Notice, Reply


def open_away(req: Request) -> Reply:
    return _screen(req, req.press(view.OpenAway).member_id)


def choose(req: Request) -> Reply:
    press = req.press(view.ChooseStandIn)
    member = act.member_of(req.uow, req.actor, press.member_id)
    return view.choose(
        req.t, member, req.uow.away(req.actor).candidates(member.id, press.number), own=_own(req, member.id)
    )


def take_name(req: Request) -> Reply:
    """A part of a colleague's name; what is nobody's name is a text like any other."""
    member = act.member_of(req.uow, req.actor, req.facts["member"])
    page = req.uow.away(req.actor).candidates(member.id, like=req.text)
    return (
        view.choose(req.t, member, page, own=_own(req, member.id), typed=True) if page.items else texts.take_text(req)
    )


def pick(req: Request) -> Reply:
    press = req.press(view.PickStandIn)
    act.member_of(req.uow, req.actor, press.member_id)
    name = req.uow.away(req.actor).candidate(press.member_id, press.stand_in_id)
    return view.ask_days(req.t, press.member_id, press.stand_in_id, name, req.today)


def set_days(req: Request) -> Reply:
    press = req.press(view.SetAway)
    first, last = dt.date.fromordinal(press.first), dt.date.fromordinal(press.last)
    return _set(req, press.member_id, press.stand_in_id, first, last)


def take_days(req: Request) -> Reply:
    """The days as they were typed: ``8月3日到14日``, ``from tomorrow until Friday``."""
    member_id, stand_in_id = req.facts["member"], req.facts["stand_in"]
    days = _days(req)
    if days is None:
        return (
            PASS if len(req.text) > view.LONGEST_DAYS else view.not_understood(req.t, member_id, stand_in_id, req.text)
        )
    try:
        return _set(req, member_id, stand_in_id, *days)
    except Invalid as refusal:
        return view.refused(req.t, member_id, stand_in_id, refusal)


def end(req: Request) -> Reply:
    press = req.press(view.EndAway)
    try:
        absence, act_id = act.end_away(req.uow, req.actor, press.member_id, version=press.version)
    except Changed as changed:
        return replace(_screen(req, press.member_id), toast=errors.refused(req.t, changed).text, alert=True)
    reply = view.saved(req.t, _screen(req, press.member_id), act_id=act_id)
    return replace(reply, notices=_notices(req, absence, ended=True))


def _days(req: Request) -> tuple[dt.date, dt.date] | None:
    worktime = req.uow.organisation().worktime
    found = find_dates(
        req.text, said_at=req.said_at, zone=req.actor.zone, calendar=req.uow.calendar(), worktime=worktime
    )
    days = [one for one in found if one.kind in (Kind.DAY, Kind.RANGE, Kind.POINT)]
    if not days:
        return None
    first, last = days[0].day, _end(days[-1])
    return (first, last) if first is not None and last is not None else None


def _end(found: Found) -> dt.date | None:
    until = found.until or found.day
    return until.date() if isinstance(until, dt.datetime) else until


def _set(req: Request, member_id: int, stand_in_id: int, first: dt.date, last: dt.date) -> Reply:
    before = req.uow.away(req.actor).of(member_id)
    absence, act_id = act.set_away(req.uow, req.actor, member_id, stand_in_id, first, last, now=req.now)
    reply = view.saved(req.t, _screen(req, member_id), act_id=act_id)
    notices = _notices(req, absence)
    if before is not None and before.stand_in_id != stand_in_id:
        notices += _notices(req, before, ended=True, stand_in_only=True)
    return replace(reply, notices=notices)


def _notices(req: Request, absence: Absence, *, ended: bool = False, stand_in_only: bool = False) -> tuple[Notice, ...]:
    """Words to the stand-in and to whom it is about, unless that is the actor."""
    stand_in = req.uow.people.of_member(absence.stand_in_id)
    away = None if stand_in_only else req.uow.people.of_member(absence.member_id)
    notices = []
    for person, words in ((stand_in, view.needed_no_more if ended else view.you_stand_in), (away, view.is_away)):
        if person is not None and person.person_id != req.actor.person_id:
            notices.append(Notice(person.person_id, words(Translator.of(person), absence, by=req.actor.name)))
    return tuple(notices)


def _own(req: Request, member_id: int) -> bool:
    return member_id == req.actor.member_id


def _screen(req: Request, member_id: int) -> Reply:
    member = act.member_of(req.uow, req.actor, member_id)
    absence = req.uow.away(req.actor).of(member_id)
    if absence is None:
        page = req.uow.away(req.actor).candidates(member_id)
        return view.choose(req.t, member, page, own=_own(req, member_id))
    return view.away(req.t, member, absence, own=_own(req, member_id), now=req.now)


ROUTES = (
    Route(view.OpenAway, open_away, STAFF),
    Route(view.ChooseStandIn, choose, STAFF),
    Route(Step(view.NAME), take_name, STAFF),
    Route(view.PickStandIn, pick, STAFF),
    Route(view.SetAway, set_days, STAFF, once=True),
    Route(Step(view.DAYS), take_days, STAFF),
    Route(view.EndAway, end, STAFF, once=True),
)
