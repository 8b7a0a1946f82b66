"""Open drafts: the card that asks the one missing thing."""

import datetime as dt
from collections.abc import Sequence

from domain.customers import CustomerLine
from domain.touches import DraftLine, Missing
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, OpenCustomer
from views.replies import Ask, Button, Reply, Style, clip, escape, fit, payload
from views.touches import stamp

Question = tuple[str, list[list[Button]]]  # and its answers

MOST_CHOICES = 6  # customers of one name as buttons; beyond them the name is typed more fully
NOTE_SHOWN = 160  # characters of the kept message on the card


@payload("dc1")
class PickCustomer:
    draft_id: int
    customer_id: int
    contact_id: int | None
    version: int


@payload("dm1")
class ClaimAndLog:
    draft_id: int
    customer_id: int
    contact_id: int | None
    version: int


@payload("dn1")
class NewForDraft:
    draft_id: int
    version: int


@payload("dw1")
class NameCustomer:
    """Ask for the name of the customer that the draft is about."""

    draft_id: int


@payload("dx2")
class PickNext:
    """One of the dates that the card shows, as ``views.touches.stamp`` has it; 0: no agreed date.

    Not its number among them: what is over meanwhile is none of them any more.
    """

    draft_id: int
    stamp: int
    version: int


@payload("dh1")
class PickHappened:
    """``choice`` 0: now; 1: it is a plan for that day, not a touch."""

    draft_id: int
    choice: int
    version: int


@payload("dy1")
class FileDays:
    """``both`` 1: an entry per day; 0: one entry, of the last day."""

    draft_id: int
    both: int
    version: int


@payload("db1")
class FileEach:
    """An entry for each customer that the message names."""

    draft_id: int
    version: int


@payload("dd1")
class DropDraft:
    draft_id: int
    version: int


@payload("do1")
class OpenDraft:
    draft_id: int


STEP_NAME = "drafts.name"
STEP_DATE = "drafts.date"


def open_draft(
    t: Translator,
    draft: DraftLine,
    *,
    found: Sequence[tuple[CustomerLine, int | None]] = (),
    each: bool = False,
    unknown: str | None = None,
    readings: Sequence[tuple[dt.date, dt.datetime | None]] = (),
    over: tuple[dt.date, dt.datetime | None] | None = None,
    happened: dt.datetime | None = None,
    days: Sequence[dt.date] = (),
) -> Reply:
    """The kept message and the one question about it.

    Args:
        found: customers that may be meant, with the contact that matched.
        each: they are named one beside the other, so that all may be meant.
        unknown: the name as it was typed, where nobody fits.
        readings: dates that the next touch may have.
        over: the date as it was said, where it has passed.
        happened: a touch in the future, asked back.
        days: of a message about several days.
    """
    ask = None
    match Missing(draft.missing):
        case Missing.CUSTOMER:
            question, rows = _customer(t, draft, unknown)
        case Missing.WHICH:
            question, rows = _which_or_each(t, draft, found) if each else _which(t, draft, found)
        case Missing.CLAIM:
            question, rows = _claim(t, draft, *found[0])
        case Missing.NEXT:
            question, rows = _next(t, draft, readings, over)
            ask = Ask(STEP_DATE, {"draft": draft.id})
        case Missing.HAPPENED:
            assert happened is not None
            question, rows = _happened(t, draft, happened)
        case Missing.DAYS:
            question, rows = _days(t, draft, days)
    rows.append([Button(t.gettext("🗑 Drop"), DropDraft(draft.id, draft.version), style=Style.DANGER)])
    kept = t.gettext("📝 Kept as a draft: <i>{text}</i>").format(text=escape(clip(draft.text, NOTE_SHOWN)))
    return Reply(f"{kept}\n{question}", rows=rows, ask=ask)


def _customer(t: Translator, draft: DraftLine, unknown: str | None) -> Question:
    find = Button(t.gettext("Existing customer…"), NameCustomer(draft.id))
    if not unknown:
        return t.gettext("Who is it about?"), [[find]]
    label = t.gettext("➕ New: {name}").format(name=clip(unknown, 16))
    question = t.gettext("“{name}” is not on file yet.").format(name=escape(clip(unknown, 40)))
    return question, [[Button(label, NewForDraft(draft.id, draft.version))], [find]]


def _which(t: Translator, draft: DraftLine, found: Sequence[tuple[CustomerLine, int | None]]) -> Question:
    rows = [[Button(_who(line), PickCustomer(draft.id, line.id, contact, draft.version))] for line, contact in found]
    return t.gettext("Which one do you mean?"), [*rows, [Button(t.gettext("Someone else…"), NameCustomer(draft.id))]]


def _which_or_each(t: Translator, draft: DraftLine, found: Sequence[tuple[CustomerLine, int | None]]) -> Question:
    n = len(found)
    label = t.ngettext("📝 All {n}", "📝 All {n}", n).format(n=t.number(n))
    every = [Button(label, FileEach(draft.id, draft.version), style=Style.PRIMARY)]
    return t.gettext("An entry for each of them, or for one?"), [every, *_which(t, draft, found)[1]]


def _claim(t: Translator, draft: DraftLine, line: CustomerLine, contact_id: int | None) -> Question:
    claim = ClaimAndLog(draft.id, line.id, contact_id, draft.version)
    return t.gettext("<b>{name}</b> is in the public pool.").format(name=escape(line.name)), [
        [Button(t.gettext("Claim and log"), claim, style=Style.PRIMARY)],
        [Button(t.gettext("Someone else…"), NameCustomer(draft.id))],
    ]


def _happened(t: Translator, draft: DraftLine, happened: dt.datetime) -> Question:
    question = t.gettext("{when} is still to come. Was it today, or is it a plan?").format(when=t.moment(happened))
    today = Button(t.gettext("It was today"), PickHappened(draft.id, 0, draft.version))
    return question, [[today, Button(t.gettext("It is a plan"), PickHappened(draft.id, 1, draft.version))]]


def _days(t: Translator, draft: DraftLine, days: Sequence[dt.date]) -> Question:
    question = t.gettext("{days}: an entry for each day?").format(days=t.list([t.day(day) for day in days]))
    each = Button(t.gettext("One per day"), FileDays(draft.id, 1, draft.version))
    return question, [[each, Button(t.gettext("One entry"), FileDays(draft.id, 0, draft.version))]]


def which(t: Translator, draft: DraftLine, found: Sequence[tuple[CustomerLine, int | None]]) -> Reply:
    """Several fit the name that was typed for a draft."""
    question, rows = _which(t, draft, found)
    return Reply(question, rows=rows)


def _next(
    t: Translator,
    draft: DraftLine,
    readings: Sequence[tuple[dt.date, dt.datetime | None]],
    over: tuple[dt.date, dt.datetime | None] | None,
) -> Question:
    rows = [[Button(t.when(day, at), PickNext(draft.id, stamp(day, at), draft.version))] for day, at in readings]
    rows.append([Button(t.gettext("No date for now"), PickNext(draft.id, 0, draft.version))])
    if over is not None:
        return t.gettext("{when} is over. When instead? Tap, or type it.").format(when=t.when(*over)), rows
    return t.gettext("When is the next touch? Tap, or type it."), rows


def not_a_date(t: Translator, draft: DraftLine) -> Reply:
    """No date in the answer; the question stays open, and so does the draft."""
    text = t.gettext("I found no date in that. Try <i>tomorrow</i>, <i>Dec 5</i> or <i>next Wednesday 10am</i>.")
    return Reply(
        text, rows=[[Button(t.gettext("Open draft"), OpenDraft(draft.id))]], ask=Ask(STEP_DATE, {"draft": draft.id})
    )


def _who(line: CustomerLine) -> str:
    """Enough to tell two of one name apart."""
    more = [part for part in (line.contact, line.city, line.owner if line.pool else None) if part and part != line.name]
    return fit(" · ".join([fit(line.name, 26), *more]))


def ask_name(t: Translator, draft: DraftLine, recent: Sequence[CustomerLine]) -> Reply:
    """Whose log it is, by name; the ones last in touch with as buttons."""
    text = t.gettext("Type the customer's name, part of it, or the end of the phone number.")
    rows = [
        [Button(_who(line), PickCustomer(draft.id, line.id, None, draft.version))] for line in recent[:MOST_CHOICES]
    ]
    rows.append([Button("‹ " + t.gettext("Back"), OpenDraft(draft.id))])
    return Reply(text, rows=rows, ask=Ask(STEP_NAME, {"draft": draft.id}))


def nobody(t: Translator, draft: DraftLine, name: str) -> Reply:
    """Still nobody of that name; the draft is kept."""
    label = t.gettext("➕ New: {name}").format(name=clip(name, 16))
    rows = [
        [Button(label, NewForDraft(draft.id, draft.version))],
        [Button(t.gettext("Try again"), NameCustomer(draft.id))],
    ]
    return Reply(
        t.gettext("No customer matches “{name}”. The draft is kept.").format(name=escape(clip(name, 40))), rows=rows
    )


def dropped(t: Translator, *, act_id: int) -> Reply:
    return Reply(t.gettext("Draft dropped."), rows=[[undo_button(t, act_id)]])


def attached(t: Translator, draft: DraftLine) -> Reply:
    text = t.gettext("📎 Added to the draft: <i>{text}</i>").format(text=escape(clip(draft.text, 60)))
    return Reply(text, rows=[[Button(t.gettext("Open draft"), OpenDraft(draft.id))]])


def kept(t: Translator, line: CustomerLine, *, act_id: int) -> Reply:
    """What came without words stands with its customer; a touch is logged by words only."""
    text = t.gettext("📎 Kept with <b>{name}</b>, not logged as a touch.").format(name=escape(line.name))
    ways = [Button(t.gettext("📝 Log"), LogTouch(line.id)), Button(t.gettext("Open card"), OpenCustomer(line.id))]
    return Reply(text, rows=[[undo_button(t, act_id)], ways])


def media_words(t: Translator, kind: str, name: str = "") -> str:
    """What stands as the words of a draft that is only a photo, a voice note, a file or a place."""
    if name:
        return f"📎 {clip(name, 80)}"
    match kind:
        case "photo":
            return t.gettext("[photo]")
        case "voice":
            return t.gettext("[voice note]")
        case "document":
            return t.gettext("[file]")
        case _:
            return t.gettext("[location]")
