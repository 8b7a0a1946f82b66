"""What the staff is told about cases: new ones, further words, and clocks that run out."""

import datetime as dt

from domain.case_clocks import Clock, Level
from domain.cases import CaseLine
from views.case_words import clock_name, what, whose
from views.language import Translator
from views.links import OpenCase
from views.quotes import quoted
from views.replies import Button, Reply, escape

QUOTE = 600  # characters of a customer's words in a message; the case has all of them


def filed(t: Translator, case: CaseLine, *, copied: bool) -> Reply:
    lines = [t.gettext("📮 New: {what} · <b>{customer}</b>").format(what=what(t, case), customer=whose(t, case))]
    lines.append(quoted(case.words, QUOTE))
    if copied and case.owner:
        lines.append(t.gettext("For your information; {name} takes care of it.").format(name=escape(case.owner)))
    lines += _promise(t, case)
    lines.append(_reference(t, case, hint=not copied))
    return Reply("\n".join(lines), rows=_open(t, case))


def words(t: Translator, case: CaseLine, said: str, files: int) -> Reply:
    """Further words of the customer."""
    lines = [f"💬 <b>{whose(t, case)}</b> · {what(t, case)}", quoted(said, QUOTE)]
    if files:
        lines.append("📎 " + t.ngettext("{n} file", "{n} files", files).format(n=files))
    return Reply("\n".join([*lines, *_promise(t, case), _reference(t, case, hint=True)]), rows=_open(t, case))


def escalated(t: Translator, case: CaseLine, *, to_lead: bool) -> Reply:
    """The customer asked for the manager."""
    head = t.gettext("🙋 <b>{customer}</b> wants to speak to the manager.").format(customer=whose(t, case))
    lines = [head, what(t, case), quoted(case.words, QUOTE)]
    if case.owner and to_lead:
        lines.append(t.gettext("With {name} so far.").format(name=escape(case.owner)))
    return Reply("\n".join([*lines, *_promise(t, case), _reference(t, case)]), rows=_open(t, case))


def confirmed(t: Translator, case: CaseLine) -> Reply:
    text = t.gettext("✅ <b>{customer}</b> says: solved.").format(customer=whose(t, case))
    return Reply(f"{text}\n{_reference(t, case)}", rows=_open(t, case))


def reopened(t: Translator, case: CaseLine) -> Reply:
    text = t.gettext("❌ <b>{customer}</b> says: not solved yet. It is open again.").format(customer=whose(t, case))
    return Reply("\n".join([text, *_promise(t, case), _reference(t, case)]), rows=_open(t, case))


def given(t: Translator, case: CaseLine, *, by: str) -> Reply:
    """To whom a case was handed."""
    head = t.gettext("📮 {name} hands you this: {what} · <b>{customer}</b>").format(
        name=escape(by), what=what(t, case), customer=whose(t, case)
    )
    lines = [head, quoted(case.words, QUOTE), *_promise(t, case), _reference(t, case, hint=True)]
    return Reply("\n".join(lines), rows=_open(t, case))


def running_out(t: Translator, case: CaseLine, clock: Clock, level: Level, due: dt.datetime) -> Reply:
    """A clock of a case is half over, nearly over, or over."""
    name = clock_name(t, clock)
    match level:
        case Level.HALF:
            head = t.gettext("🕐 Half the time for the {clock} is over.").format(clock=name)
        case Level.MOST:
            head = t.gettext("🕓 The time for the {clock} is nearly over.").format(clock=name)
        case Level.BREACH:
            head = t.gettext("🔴 The time for the {clock} is over.").format(clock=name)
        case Level.LONG:
            head = t.gettext("🔴 The {clock} is long overdue, and nobody acted.").format(clock=name)
    who = t.gettext("with {name}").format(name=escape(case.owner)) if case.owner else t.gettext("with nobody")
    lines = [head, f"<b>{whose(t, case)}</b> · {what(t, case)} · {who}", quoted(case.words, 120)]
    lines.append(t.gettext("Promised: {time}").format(time=t.moment(due)))
    return Reply("\n".join([*lines, _reference(t, case)]), rows=_open(t, case))


def silent(t: Translator, case: CaseLine) -> Reply:
    """To the owner of a case that no account hears of: it is over."""
    text = t.gettext("✅ Nothing more was heard of this for a week: closed.")
    return Reply(f"{text}\n<b>{whose(t, case)}</b> · {what(t, case)}\n{_reference(t, case)}", rows=_open(t, case))


def _promise(t: Translator, case: CaseLine) -> list[str]:
    if case.promised is None:
        return []
    return [t.gettext("Promised: {time}").format(time=t.moment(case.promised))]


def _reference(t: Translator, case: CaseLine, *, hint: bool = False) -> str:
    reference = f"<code>{case.reference}</code>"
    return reference + " · " + t.gettext("reply to this message to answer") if hint else reference


def _open(t: Translator, case: CaseLine) -> list[list[Button]]:
    return [[Button(t.gettext("📮 Open"), OpenCase(case.id))]]
