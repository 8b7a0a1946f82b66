"""Reminders: filed, listed, pushed, and turned into their result when tapped."""

import datetime as dt
from collections.abc import Sequence

from domain.customers import Page
from domain.reminders import LONGEST_WORDS, ReminderLine
from domain.repeats import Repeat
from domain.repeats import Unit as Every
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, leave
from views.pages import turn
from views.replies import Ask, Button, Reply, Style, capital, clip, escape, fit, mark_of, payload
from views.start import Place, go


@payload("rd1")
class ReminderDone:
    """``log`` 1: and open a log for its customer."""

    reminder_id: int
    version: int


@payload("rx1")
class DeleteReminder:
    reminder_id: int
    version: int


@payload("rh1")
class SnoozeHour:
    reminder_id: int
    version: int


@payload("rs1")
class Snooze:
    reminder_id: int
    days: int
    version: int


@payload("rm1")
class ChangeTime:
    reminder_id: int


@payload("ro1")
class OpenReminder:
    reminder_id: int
    number: int


@payload("rp1")
class ReminderPage:
    number: int


@payload("rt1")
class OtherReading:
    """The other reading of a time that can be meant two ways, as minutes from the one taken."""

    reminder_id: int
    minutes: int
    version: int


STEP_TIME = "reminders.time"
STEP_NEW = "reminders.new"


def set_(t: Translator, line: ReminderLine, *, act_id: int, other: dt.datetime | None = None) -> Reply:
    """Filed: the understood time in words and weekday, and the other reading where there is one."""
    text = "⏰ " + t.gettext("I will remind you: <b>{when}</b>").format(when=when(t, line)) + "\n" + subject(line)
    row = [Button(t.gettext("Change"), ChangeTime(line.id)), undo_button(t, act_id)]
    rows = [row]
    if other is not None:
        minutes = int((other - line.at).total_seconds() // 60)
        rows.insert(
            0,
            [
                Button(
                    t.gettext("No: {when}").format(when=t.moment(other)), OtherReading(line.id, minutes, line.version)
                )
            ],
        )
    return Reply(text, rows=rows)


def when(t: Translator, line: ReminderLine) -> str:
    """The next time; with the rule of a repeating one before it."""
    if line.repeat is None:
        return t.moment(line.at)
    return t.gettext("{rule}; next {when}").format(rule=rule(t, line.repeat), when=t.moment(line.at))


def rule(t: Translator, repeat: Repeat) -> str:
    """A rule of repetition in words: ``every Mon, Wed 09:00``, ``every month on day 5 09:00``."""
    if repeat.unit in (Every.MINUTE, Every.HOUR):
        return _every(t, repeat)
    if repeat.unit is Every.WEEK and repeat.interval == 1 and repeat.weekdays:
        days = t.list([weekday_name(t, day) for day in repeat.weekdays])
        return f"{t.gettext('every {days}').format(days=days)} {repeat.at:%H:%M}"
    return " ".join(part for part in (_every(t, repeat), _which(t, repeat), f"{repeat.at:%H:%M}") if part)


def _every(t: Translator, repeat: Repeat) -> str:
    one = repeat.interval == 1
    match repeat.unit:
        case Every.MINUTE:
            text = t.gettext("every minute") if one else t.gettext("every {n} minutes")
        case Every.HOUR:
            text = t.gettext("every hour") if one else t.gettext("every {n} hours")
        case Every.WORKDAY:
            text = t.gettext("every working day") if one else t.gettext("every {n} working days")
        case Every.DAY:
            text = t.gettext("every day") if one else t.gettext("every {n} days")
        case Every.WEEK:
            text = t.gettext("every week") if one else t.gettext("every {n} weeks")
        case Every.MONTH:
            text = t.gettext("every month") if one else t.gettext("every {n} months")
        case Every.YEAR:
            text = t.gettext("every year") if one else t.gettext("every {n} years")
    return text.format(n=repeat.interval)


def _which(t: Translator, repeat: Repeat) -> str:
    """The days within the period."""
    month = t.month(repeat.month) if repeat.month else ""
    if repeat.nth is not None:
        return f"{month} {_nth(t, *repeat.nth)}".strip()
    if repeat.weekdays:
        return t.list([weekday_name(t, day) for day in repeat.weekdays])
    if repeat.month and repeat.month_day and repeat.month_day > 0:
        return t.gettext("on {day}").format(day=t.month_day(repeat.month, repeat.month_day))
    if repeat.month_day is not None:
        day = (
            t.gettext("on the last day") if repeat.month_day < 0 else t.gettext("on day {n}").format(n=repeat.month_day)
        )
        return f"{month} {day}".strip()
    return month


def _nth(t: Translator, which: int, weekday: int) -> str:
    texts = {
        1: t.gettext("on the first {weekday}"),
        2: t.gettext("on the second {weekday}"),
        3: t.gettext("on the third {weekday}"),
        4: t.gettext("on the fourth {weekday}"),
        5: t.gettext("on the fifth {weekday}"),
        -1: t.gettext("on the last {weekday}"),
    }
    return texts[which].format(weekday=weekday_name(t, weekday))


def weekday_name(t: Translator, weekday: int) -> str:
    names = (
        t.gettext("Mon"),
        t.gettext("Tue"),
        t.gettext("Wed"),
        t.gettext("Thu"),
        t.gettext("Fri"),
        t.gettext("Sat"),
        t.gettext("Sun"),
        t.gettext("working day"),  # of a month: the last working day
    )
    return names[weekday]


def subject(line: ReminderLine, *, most: int = LONGEST_WORDS) -> str:
    """The words, cut to ``most`` characters, with the customer where they do not name it themselves."""
    words = escape(clip(line.words, most))
    if line.customer and line.customer not in line.words:
        return f"{words} · <b>{escape(line.customer)}</b>"
    return words


def push(t: Translator, line: ReminderLine, now: dt.datetime) -> Reply:
    """What goes out at the time; with the day where that was another one."""
    return Reply(f"⏰ <b>{t.clock(line.at, now=now)}</b> {subject(line)}", rows=push_rows(t, line))


def push_rows(t: Translator, line: ReminderLine) -> list[list[Button]]:
    """Done, later, not at all."""
    rows = [[Button(t.gettext("✅ Done"), ReminderDone(line.id, line.version), style=Style.PRIMARY)]]
    if line.customer_id is not None:
        rows[0].append(Button(t.gettext("📝 Log"), LogTouch(line.customer_id)))
    rows.append(_later(t, line))
    rows.append(
        [
            Button(capital(t.gettext("other…")), ChangeTime(line.id)),
            Button(capital(t.gettext("not needed")), DeleteReminder(line.id, line.version)),
        ]
    )
    return rows


def _later(t: Translator, line: ReminderLine) -> list[Button]:
    return [
        Button(t.gettext("+1 h"), SnoozeHour(line.id, line.version)),
        Button(capital(t.gettext("tomorrow")), Snooze(line.id, 1, line.version)),
        Button(capital(t.gettext("next week")), Snooze(line.id, 7, line.version)),
    ]


def moved(t: Translator, line: ReminderLine, *, act_id: int) -> Reply:
    text = t.gettext("⏰ Moved to <b>{when}</b>").format(when=when(t, line)) + "\n" + subject(line)
    return Reply(text, rows=[[Button(t.gettext("Change"), ChangeTime(line.id)), undo_button(t, act_id)]])


def ended(t: Translator, line: ReminderLine, *, done: bool, act_id: int) -> Reply:
    """The push turned into its result."""
    text = "✅ " + t.gettext("Done: {what}") if done else "🗑 " + t.gettext("Deleted: {what}")
    rows = [[undo_button(t, act_id)]]
    if done and line.customer_id is not None:
        rows[0].append(Button(t.gettext("📝 Log"), LogTouch(line.customer_id)))
    return Reply(text.format(what=subject(line)), rows=rows)


def ask_new(t: Translator) -> Reply:
    text = t.gettext(
        "What should I remind you of, and when? For example: <i>tomorrow 3pm call Lin</i> or <i>every Monday 9am report</i>."
    )
    return Reply(text, rows=[[leave(t)]], ask=Ask(STEP_NEW))


def ask_when(t: Translator, words: str, times: Sequence[dt.datetime]) -> Reply:
    """The words are kept; only the time is missing. The likely ones are ``times``."""
    text = t.gettext("When should I remind you of “{words}”?").format(words=escape(clip(words, 80)))
    return _choose(t, text, words, [(at, None) for at in times])


def ask_time(t: Translator, line: ReminderLine) -> Reply:
    """Another time, typed or tapped; the reminder stands until then."""
    text = t.gettext("What time instead? {what}").format(what=subject(line))
    rows = [_later(t, line), [Button("‹ " + t.gettext("Back"), OpenReminder(line.id, 0))]]
    return Reply(text, rows=rows, ask=Ask(STEP_TIME, {"reminder": line.id}), fresh=True)


def ask_reading(t: Translator, words: str, readings: Sequence[tuple[dt.datetime, Repeat | None]]) -> Reply:
    """A clock time that can be read two ways, neither of them the likelier."""
    return _choose(t, t.gettext("Which time do you mean? Tap one."), words, readings)


def _choose(t: Translator, text: str, words: str, readings: Sequence[tuple[dt.datetime, Repeat | None]]) -> Reply:
    """A question after a time, with the likely answers as buttons; any other one is typed."""
    kept = [{"at": at.isoformat(), "repeat": repeat.to_json() if repeat else None} for at, repeat in readings]
    facts = {"words": words, "readings": kept}
    rows = [
        [Button(_reading(t, at, repeat), PickReading(i, mark_of(words)))] for i, (at, repeat) in enumerate(readings)
    ]
    return Reply(text, rows=[*rows, [leave(t)]], ask=Ask(STEP_NEW, facts))


def _reading(t: Translator, at: dt.datetime, repeat: Repeat | None) -> str:
    """A reading as a label: the whole rule where a phone shows it, else the hour, which is what differs."""
    if repeat is None:
        return t.moment(at)
    whole = rule(t, repeat)
    return whole if fit(whole, most=32) == whole else f"{repeat.at:%H:%M}"


@payload("ra2")
class PickReading:
    """One of the readings that the open dialog holds."""

    choice: int
    mark: int


def page(t: Translator, page: Page[ReminderLine]) -> Reply:
    """The standing reminders, each a button."""
    ways = [go(t, Place.REMIND), go(t, Place.TODAY)]
    if not page.items:
        return Reply(t.gettext("No reminders yet. Try <i>remind me tomorrow 3pm to call Lin</i>."), rows=[ways])
    text = [t.gettext("<b>Reminders</b>")]
    text += [f"{i}. {when(t, line)} · {subject(line, most=60)}" for i, line in enumerate(page.items, 1)]
    rows = [[Button(str(i), OpenReminder(line.id, page.number)) for i, line in enumerate(page.items, 1)]]
    return Reply("\n".join(text), rows=[*rows, *turn(t, page.number, page.last, ReminderPage), ways])


def one(t: Translator, line: ReminderLine, number: int) -> Reply:
    """One reminder with what can be done to it."""
    rows = [
        [
            Button(t.gettext("✅ Done"), ReminderDone(line.id, line.version)),
            Button(t.gettext("Change"), ChangeTime(line.id)),
            Button(t.gettext("Delete"), DeleteReminder(line.id, line.version), style=Style.DANGER),
        ],
        [Button("‹ " + t.gettext("Back"), ReminderPage(number))],
    ]
    return Reply(f"⏰ {when(t, line)}\n{subject(line)}", rows=rows)


def past(t: Translator, words: str, at: dt.datetime, times: Sequence[dt.datetime]) -> Reply:
    """A time that is over is asked back; the words are kept."""
    text = t.gettext("{when} has already passed. When should I remind you of “{words}”?")
    text = text.format(when=t.moment(at), words=escape(clip(words, 80)))
    return _choose(t, text, words, [(one, None) for one in times])
