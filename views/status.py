"""How the bot is doing, and what an admin decides about messages that were held."""

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum
from html import unescape

from domain.backups import BackupState, Trouble, is_overdue
from domain.customers import Page
from domain.status import HELD_PAGE, Concern, ErrorLine, HeldLine, Queues, Trace, Vitals, Worker, concerns
from views.language import Translator
from views.pages import turn
from views.replies import Button, Reply, Style, clip, escape, payload

WORDS = 60  # characters of an error, or of a message that is held


class Tab(StrEnum):
    OVERVIEW = "o"
    ERRORS = "e"
    HELD = "h"


@payload("qs1")
class OpenStatus:
    tab: Tab
    number: int


@payload("qa1")
class SendAgain:
    """One held message; ``number`` is the page that it stands on."""

    letter_id: int
    number: int


@payload("qd1")
class Drop:
    letter_id: int
    number: int


@payload("qb1")
class PutBack:
    letter_id: int
    number: int


@payload("qk1")
class AskDropAll:
    number: int


@payload("qx1")
class DropAll:
    """All up to this one: what came later was not on the screen."""

    until: int


# How it is ---------------------------------------------------------------------------------------------------------


def overview(
    t: Translator,
    queues: Queues,
    vitals: Vitals,
    backups: BackupState,
    *,
    size: int,
    workers: Sequence[Worker],
    errors: Sequence[ErrorLine],
    now: dt.datetime,
) -> Reply:
    """Everything on one screen; ``size`` is the database's, in bytes."""
    overdue = is_overdue(backups, now=now)
    lines = [
        _head(t, vitals, now),
        _verdict(t, concerns(queues, vitals, backup_overdue=overdue, now=now)),
        t.gettext("📥 Coming in: {waiting} waiting, {aside} put aside").format(
            waiting=t.number(queues.updates), aside=t.number(queues.aside)
        ),
        t.gettext("📤 Going out: {due} due, {sending} on the way, {later} later, {held} held").format(
            due=t.number(queues.due_letters),
            sending=t.number(queues.sending),
            later=t.number(queues.later_letters),
            held=t.number(queues.held),
        ),
        t.gettext("📬 In 24 h: {sent} sent, {failed} failed").format(
            sent=t.number(queues.sent), failed=t.number(queues.failed)
        ),
        t.gettext("⏰ Timed things due: {due} · long work: {jobs}").format(
            due=t.number(queues.due), jobs=t.number(queues.jobs)
        ),
        _limits(t, queues, vitals),
        _heard(t, queues, vitals, now),
        _space(t, size, vitals),
        _backup(t, backups, now),
    ]
    if workers:
        lines.append("👷 " + _workers(t, workers))
    if errors:
        lines.append(t.gettext("❗ Last error: {error}").format(error=_error(t, errors[0])))
    ways = [Button(t.gettext("🔄 Refresh"), OpenStatus(Tab.OVERVIEW, 0))]
    if errors:
        ways.append(Button(f"{t.gettext('❗ Errors')} ({t.number(len(errors))})", OpenStatus(Tab.ERRORS, 0)))
    if queues.held:
        ways.append(Button(f"{t.gettext('✋ Held')} ({t.number(queues.held)})", OpenStatus(Tab.HELD, 0)))
    return Reply("\n".join(lines), rows=[ways])


def _head(t: Translator, vitals: Vitals, now: dt.datetime) -> str:
    head = t.gettext("<b>Status</b> at {time}").format(time=t.time(now))
    if vitals.version:
        head += f" · Keyuan {escape(vitals.version)}"
    if vitals.started_at is not None:
        head += " · " + t.gettext("running for {span}").format(span=_span(t, now - vitals.started_at))
    return head


def _verdict(t: Translator, found: Sequence[Concern]) -> str:
    if not found:
        return t.gettext("✅ All is well.")
    return t.gettext("⚠️ Needs a look: {concerns}.").format(concerns=t.list([_concern(t, one) for one in found]))


def _concern(t: Translator, concern: Concern) -> str:
    match concern:
        case Concern.SILENT:
            return t.gettext("Telegram is silent")
        case Concern.STUCK:
            return t.gettext("messages wait too long")
        case Concern.SPACE:
            return t.gettext("the disk is nearly full")
        case Concern.BACKUP:
            return t.gettext("no fresh backup")
        case Concern.ASIDE:
            return t.gettext("messages were put aside")
        case Concern.HELD:
            return t.gettext("messages are held")


def _limits(t: Translator, queues: Queues, vitals: Vitals) -> str:
    people = t.ngettext("{n} person", "{n} people", queues.slowed).format(n=t.number(queues.slowed))
    return t.gettext("🚦 Limits: Telegram slowed us {limited}×, we slowed {people} in 24 h").format(
        limited=t.number(vitals.limited), people=people
    )


def _heard(t: Translator, queues: Queues, vitals: Vitals, now: dt.datetime) -> str:
    if vitals.heard_at is not None:
        return t.gettext("📡 Telegram answered {span} ago (polling)").format(span=_span(t, now - vitals.heard_at))
    if queues.received_at is not None:
        return t.gettext("📡 Last message {span} ago (webhook)").format(span=_span(t, now - queues.received_at))
    return t.gettext("📡 No message yet")


def _space(t: Translator, size: int, vitals: Vitals) -> str:
    line = t.gettext("💾 Database: {size}").format(size=_size(t, size))
    if vitals.free_bytes is not None:
        line += " · " + t.gettext("{size} free").format(size=_size(t, vitals.free_bytes))
    return line


def _backup(t: Translator, state: BackupState, now: dt.datetime) -> str:
    if state.made_at is None:
        line = t.gettext("🗄 Backup: none yet; one is made every night at 3")
    else:
        made = t.gettext("🗄 Backup: {span} ago, {size}, tried out")
        line = made.format(span=_span(t, now - state.made_at), size=_size(t, state.size))
    if state.trouble is not None:
        line += "\n⚠️ " + _trouble(t, state)
    return line


def _trouble(t: Translator, state: BackupState) -> str:
    match state.trouble:
        case Trouble.SPACE:
            text = t.gettext("The disk has too little room for a backup.")
        case Trouble.NO_TOOL:
            text = t.gettext("pg_dump and pg_restore are missing on the bot's machine.")
        case Trouble.OLD_TOOL:
            text = t.gettext("pg_dump on the bot's machine is older than the server.")
        case Trouble.DAMAGED:
            text = t.gettext("The copy was not what the database is; the disk may be failing.")
        case Trouble.STOPPED:
            text = t.gettext("It was stopped before it was done.")
        case Trouble.OTHER:
            text = t.gettext("The last attempt failed.")
        case None:
            return t.gettext("None was tried; was the bot off at night?")
    return f"{text} <i>{escape(clip(state.detail, WORDS))}</i>" if state.detail else text


def _workers(t: Translator, workers: Sequence[Worker]) -> str:
    """``host:process`` of each role; the rest of an owner's name tells its starts apart and is of no use here."""
    shown = []
    for worker in workers:
        who = ":".join(worker.owner.split(":")[:2]) if worker.alive else t.gettext("nobody")
        shown.append(_role(t, worker.role).format(who=escape(who)))
    return " · ".join(shown)


def _role(t: Translator, role: str) -> str:
    match role:
        case "sender":
            return t.gettext("sends: {who}")
        case "poller":
            return t.gettext("fetches: {who}")
        case _:
            return t.gettext("keeps time: {who}")


# Errors ------------------------------------------------------------------------------------------------------------


def errors(t: Translator, page: Page[ErrorLine]) -> Reply:
    """What went wrong, newest first. The numbers are what people were told and what the log has."""
    lines = [t.gettext("<b>What went wrong</b> in 7 days. The log has more under the same number.")]
    lines += [f"• {_error(t, line)}" for line in page.items] or [t.gettext("Nothing.")]
    pages = turn(t, page.number, page.last, lambda number: OpenStatus(Tab.ERRORS, number))
    return Reply("\n".join(lines), rows=[*pages, [_back(t)]])


def _error(t: Translator, line: ErrorLine) -> str:
    who = escape(clip(line.who, 12)) if line.who else ""
    match line.trace:
        case Trace.UPDATE:
            what = t.gettext("a message of {name} was put aside") if who else t.gettext("a message was put aside")
        case Trace.SEND:
            what = t.gettext("not sent to {name}") if who else t.gettext("not sent")
        case Trace.JOB:
            what = t.gettext("long work of {name} failed") if who else t.gettext("long work failed")
        case Trace.LOG:
            what = ""
    words = f"<i>{escape(clip(line.words, WORDS))}</i>" if line.words else ""
    reference = f"<code>{escape(line.reference)}</code>" if line.reference else ""
    return " · ".join(part for part in (t.moment(line.at), what.format(name=who), words, reference) if part)


# Held messages -----------------------------------------------------------------------------------------------------


def held(t: Translator, page: Page[HeldLine], *, dropped: int | None = None, toast: str | None = None) -> Reply:
    """Messages to decide about; ``dropped`` is one that just was, and can be put back."""
    lines = [t.gettext("<b>Held messages</b>: {n}").format(n=t.number(page.total))]
    if page.items:
        lines.append(t.gettext("They may have arrived, or were old when a backup was restored."))
    else:
        lines.append(t.gettext("There are none."))
    rows = []
    for number, line in enumerate(page.items, page.number * HELD_PAGE + 1):
        lines.append(f"{number}. {t.moment(line.at)} → {escape(clip(line.who, 20))}")
        lines.append(f"    {_said(t, line)}")
        rows.append(
            [
                Button(f"{t.gettext('📨 Send again')} {number}", SendAgain(line.id, page.number)),
                Button(f"{t.gettext('🗑 Drop')} {number}", Drop(line.id, page.number)),
            ]
        )
    last = max(0, (page.total - 1) // HELD_PAGE)
    rows += turn(t, page.number, last, lambda number: OpenStatus(Tab.HELD, number))
    if dropped is not None:
        rows.append([Button(t.gettext("↩︎ Put back"), PutBack(dropped, page.number))])
    if page.total > 1:
        rows.append([Button(t.gettext("🗑 Drop all"), AskDropAll(page.number), style=Style.DANGER)])
    return Reply("\n".join(lines), rows=[*rows, [_back(t)]], toast=toast)


def _said(t: Translator, line: HeldLine) -> str:
    """The first words of a message, without its formatting."""
    words = " ".join(unescape(re.sub(r"<[^>]*>", "", line.words)).split())
    return escape(clip(words, WORDS)) if words else t.gettext("(a file)")


def sent_again(t: Translator) -> str:
    return t.gettext("On its way.")


def was_dropped(t: Translator) -> str:
    return t.gettext("Dropped.")


def was_put_back(t: Translator) -> str:
    return t.gettext("Held again.")


def decided_before(t: Translator) -> str:
    """Somebody else was faster, or it was resent by hand."""
    return t.gettext("That is decided already. This is how it stands now.")


def ask_drop_all(t: Translator, count: int, until: int, number: int) -> Reply:
    """What cannot be taken back asks first, with the count."""
    text = t.ngettext(
        "Drop {n} held message? It will never be sent, and this cannot be undone.",
        "Drop {n} held messages? They will never be sent, and this cannot be undone.",
        count,
    ).format(n=t.number(count))
    drop = Button(f"{t.gettext('🗑 Drop all')} ({t.number(count)})", DropAll(until), style=Style.DANGER)
    return Reply(text, rows=[[drop], [Button("‹ " + t.gettext("Back"), OpenStatus(Tab.HELD, number))]])


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Status"), OpenStatus(Tab.OVERVIEW, 0))


# The alarm ---------------------------------------------------------------------------------------------------------


def no_backup(t: Translator, state: BackupState, *, now: dt.datetime) -> Reply:
    """To every admin, once a day, as long as there is no fresh backup."""
    if state.made_at is None:
        text = t.gettext("⚠️ There is no backup of the customers' data yet.")
    else:
        text = t.gettext("⚠️ The last good backup of the customers' data is {span} old.")
        text = text.format(span=_span(t, now - state.made_at))
    hint = t.gettext("On the bot's machine, <code>keyuan backup</code> tries it at once and says what is wrong.")
    status = Button(t.gettext("🩺 Status"), OpenStatus(Tab.OVERVIEW, 0))
    return Reply("\n".join([text, _trouble(t, state), hint]), rows=[[status]])


# Figures -----------------------------------------------------------------------------------------------------------


def _span(t: Translator, span: dt.timedelta) -> str:
    """A length of time in its biggest sensible unit."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return t.gettext("{n} s").format(n=t.number(seconds))
    if seconds < 3600:
        return t.gettext("{n} min").format(n=t.number(seconds // 60))
    if seconds < 48 * 3600:
        return t.gettext("{n} h").format(n=t.number(seconds // 3600))
    return t.ngettext("{n} day", "{n} days", seconds // 86400).format(n=t.number(seconds // 86400))


def _size(t: Translator, size: int) -> str:
    mega = size / 1024**2
    return f"{t.number(round(mega, 1))} MB" if mega < 1024 else f"{t.number(round(mega / 1024, 1))} GB"
