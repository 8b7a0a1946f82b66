"""``/remind``, ``/reminders``, reminders typed as plain text, and the buttons of a push."""

import datetime as dt

from actions import reminders as act
from actions.texts import stands_alone
from domain.calendar import localize
from domain.people import STAFF
from domain.reminders import USUAL_TIME, likely_times
from domain.repeats import Repeat, next_after
from handlers.routing import PASS, Command, Request, Route, Step
from parsing.dates import Found, Kind, find_dates
from parsing.reminders import is_mere_answer, words_of
from views import reminders as view
from views import texts as text_view
from views.replies import Reply, mark_of


def take_remind(req: Request) -> Reply:
    return take_reminder(req) if req.text.strip() else view.ask_new(req.t)


def take_reminder(req: Request) -> Reply:
    """A reminder from one text; what is missing is asked, and the words are kept."""
    dates = _dates(req)
    words = words_of(req.text, dates)
    kept = req.facts.get("words")
    if kept and (not dates or is_mere_answer(req.text, dates)):
        words = kept
    chosen = _chosen(dates)
    if chosen is None:
        return view.ask_when(req.t, words, likely_times(req.now, req.actor.zone))
    if chosen.ask and chosen.other:
        readings = [(moment_of(req, one), one.repeat) for one in (chosen, chosen.other)]
        return view.ask_reading(req.t, words, readings)
    return _set(req, words, chosen)


def take_answer(req: Request) -> Reply:
    """The words or the time that was asked for, or something else altogether."""
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    return take_reminder(req)


def pick_reading(req: Request) -> Reply:
    """The reading of an ambiguous clock time; words and readings wait in the open dialog."""
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    readings = dialog.facts.get("readings") if dialog else None
    press = req.press(view.PickReading)
    if dialog is None or not readings:
        return view.ask_new(req.t)
    if mark_of(dialog.facts["words"]) != press.mark:  # another question is open by now, and stays so
        return text_view.gone(req.t)
    words, reading = dialog.facts["words"], readings[press.choice]
    at = dt.datetime.fromisoformat(reading["at"])
    repeat = Repeat.from_json(reading["repeat"]) if reading["repeat"] else None
    customer_id = _customer_in(req, words)
    line, act_id = act.set_reminder(req.uow, req.actor, words, at, repeat, customer_id, now=req.now)
    return view.set_(req.t, line, act_id=act_id)


def _set(req: Request, words: str, chosen: Found) -> Reply:
    at = moment_of(req, chosen)
    if at <= req.now:
        return view.past(req.t, words, at, likely_times(req.now, req.actor.zone))
    customer_id = _customer_in(req, words)
    line, act_id = act.set_reminder(req.uow, req.actor, words, at, chosen.repeat, customer_id, now=req.now)
    other = moment_of(req, chosen.other) if chosen.other else None
    return view.set_(req.t, line, act_id=act_id, other=other if other and other > req.now else None)


def moment_of(req: Request, found: Found) -> dt.datetime:
    """When a found date is due: a day without a clock time at the usual one, a rule at its first time from now."""
    if found.repeat is not None:
        return next_after(found.repeat, req.now, zone=req.actor.zone, calendar=req.uow.calendar())
    if found.at is not None:
        return found.at
    assert found.day is not None
    return localize(found.day, USUAL_TIME, req.actor.zone)


def _dates(req: Request) -> list[Found]:
    zone, worktime = req.actor.zone, req.uow.organisation().worktime
    found = find_dates(req.text, said_at=req.said_at, zone=zone, calendar=req.uow.calendar(), worktime=worktime)
    return [one for one in found if one.kind is not Kind.LENGTH]


def _chosen(dates: list[Found]) -> Found | None:
    """A rule before a clock time before a day; of several the first."""
    order = sorted(dates, key=lambda one: (one.repeat is None, one.at is None))
    return order[0] if order else None


def _customer_in(req: Request, words: str) -> int | None:
    """The customer that the words name, where it is exactly one of the own."""
    found = {spot.customer_id for spot in req.uow.customers(req.actor).spots(words)}
    readable = [key for key in found if not req.uow.customers(req.actor).line(key).pool]
    return readable[0] if len(readable) == 1 else None


def take_list(req: Request) -> Reply:
    return view.page(req.t, req.uow.reminders(req.actor).page())


def turn_page(req: Request) -> Reply:
    return view.page(req.t, req.uow.reminders(req.actor).page(req.press(view.ReminderPage).number))


def open_one(req: Request) -> Reply:
    press = req.press(view.OpenReminder)
    return view.one(req.t, req.uow.reminders(req.actor).get(press.reminder_id), press.number)


def ask_time(req: Request) -> Reply:
    return view.ask_time(req.t, req.uow.reminders(req.actor).get(req.press(view.ChangeTime).reminder_id))


def take_time(req: Request) -> Reply:
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    line = req.uow.reminders(req.actor).get(req.facts["reminder"])
    chosen = _chosen(_dates(req))
    if chosen is None:
        return view.ask_time(req.t, line)
    moved, act_id = act.move_reminder(
        req.uow, req.actor, line.id, moment_of(req, chosen), repeat=chosen.repeat, now=req.now
    )
    return view.moved(req.t, moved, act_id=act_id)


def take_other_reading(req: Request) -> Reply:
    press = req.press(view.OtherReading)
    at = req.uow.reminders(req.actor).get(press.reminder_id).at + dt.timedelta(minutes=press.minutes)
    moved, act_id = act.move_reminder(req.uow, req.actor, press.reminder_id, at, version=press.version, now=req.now)
    return view.moved(req.t, moved, act_id=act_id)


def snooze_hour(req: Request) -> Reply:
    press = req.press(view.SnoozeHour)
    at = req.now + dt.timedelta(hours=1)
    moved, act_id = act.move_reminder(req.uow, req.actor, press.reminder_id, at, version=press.version, now=req.now)
    return view.moved(req.t, moved, act_id=act_id)


def snooze(req: Request) -> Reply:
    press = req.press(view.Snooze)
    moved, act_id = act.snooze_days(
        req.uow, req.actor, press.reminder_id, press.days, version=press.version, now=req.now
    )
    return view.moved(req.t, moved, act_id=act_id)


def finish(req: Request) -> Reply:
    press = req.press(view.ReminderDone)
    line, act_id = act.end_reminder(req.uow, req.actor, press.reminder_id, done=True, version=press.version)
    return view.ended(req.t, line, done=True, act_id=act_id)


def delete(req: Request) -> Reply:
    press = req.press(view.DeleteReminder)
    line, act_id = act.end_reminder(req.uow, req.actor, press.reminder_id, done=False, version=press.version)
    return view.ended(req.t, line, done=False, act_id=act_id)


ROUTES = (
    Route(Command("remind"), take_remind, STAFF),
    Route(Step(view.STEP_NEW), take_answer, STAFF),
    Route(view.PickReading, pick_reading, STAFF, once=True),
    Route(view.OtherReading, take_other_reading, STAFF, once=True),
    Route(Command("reminders"), take_list, STAFF),
    Route(view.ReminderPage, turn_page, STAFF),
    Route(view.OpenReminder, open_one, STAFF),
    Route(view.ChangeTime, ask_time, STAFF),
    Route(Step(view.STEP_TIME), take_time, STAFF),
    Route(view.SnoozeHour, snooze_hour, STAFF, once=True),
    Route(view.Snooze, snooze, STAFF, once=True),
    Route(view.ReminderDone, finish, STAFF, once=True),
    Route(view.DeleteReminder, delete, STAFF, once=True),
)
