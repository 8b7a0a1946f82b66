"""``/privacy``: what is kept of a customer and why, to take along, and to have erased."""

import json
from collections.abc import Sequence
from typing import Any

from domain.bindings import Binding
from domain.consents import TEXT_VERSION
from domain.erasures import Erasure
from views.language import Translator
from views.links import OpenCustomer
from views.replies import DONE, Button, File, Reply, Style, clip, escape, payload
from views.wishes import OpenWishes


@payload("za7")
class OpenPrivacy:
    pass


@payload("zb7")
class TakeFile:
    pass


@payload("zc7")
class AskErase:
    pass


@payload("zd7")
class Erase:
    """Yes, after having read what goes."""


@payload("ze7")
class KeepData:
    pass


def privacy(
    t: Translator,
    bound: Sequence[Binding],
    stands: Sequence[Erasure],
    *,
    organisation: str | None,
    parts: frozenset[str],
) -> Reply:
    """What is kept and why, by what is switched on.

    Args:
        parts: what there is in this house: ``cases``, ``surveys``.
    """
    company = escape(clip(organisation, 60)) if organisation else t.gettext("our company")
    lines = [t.gettext("<b>Your data at {company}</b>").format(company=company)]
    lines.append(t.gettext("• Who you are and how you are reached (/me): so that the right person answers you."))
    lines.append(
        t.gettext("• What we write to each other here, and when we were in touch: so that nothing is asked twice.")
    )
    if "cases" in parts:
        lines.append(t.gettext("• Your matters and how they were solved: so that you can follow them."))
    if "surveys" in parts:
        lines.append(t.gettext("• Your answers to our questions. What is called anonymous is kept without you."))
    lines.append(t.gettext("• What you agreed to, when, and to which text (version {n}).").format(n=TEXT_VERSION))
    lines.append(t.gettext("• Copies made for safety: a deletion reaches them within 35 days."))
    lines.append(t.gettext("It stays until you have it erased. Nobody else gets it."))
    rows = [
        [Button(t.gettext("📄 My data as a file"), TakeFile()), Button(t.gettext("⚙️ What I agreed to"), OpenWishes())],
    ]
    if stands:
        lines.append(t.gettext("🗑 Will be erased on {day}.").format(day=_day(t, stands[0])))
        rows.append([Button(t.gettext("Keep my data"), KeepData(), style=Style.SUCCESS)])
    elif bound:
        rows.append([Button(t.gettext("🗑 Erase my data…"), AskErase(), style=Style.DANGER)])
    return Reply("\n".join(lines), rows=rows, ask=DONE)


def _day(t: Translator, erasure: Erasure) -> str:
    return t.moment(erasure.due_at)


def data_file(t: Translator, values: dict[str, Any], *, day: str) -> Reply:
    """The file, readable by people and programs."""
    content = json.dumps(values, ensure_ascii=False, indent=2).encode()
    text = t.gettext("📄 Everything that is kept of you, as a file.")
    return Reply(text, file=File(f"{t.gettext('my-data')}-{day}.json", content))


def ask_erase(t: Translator) -> Reply:
    """The one act that cannot be undone once it is done: what goes, what stays, and until when it can be taken back."""
    text = t.gettext(
        "In 7 days your name, numbers, messages, files and words are erased here, in the history and in copies that are"
        " brought back. Only figures without you stay. What the law makes us keep, such as invoices, is kept elsewhere."
        " Until then you can take it back."
    )
    rows = [
        [Button(t.gettext("🗑 Erase in 7 days"), Erase(), style=Style.DANGER)],
        [Button("‹ " + t.gettext("Back"), OpenPrivacy())],
    ]
    return Reply(text, rows=rows)


def will_erase(t: Translator, erasure: Erasure) -> Reply:
    text = t.gettext("🗑 Your data will be erased on {day}. Until then one tap keeps it.").format(day=_day(t, erasure))
    return Reply(text, rows=[[Button(t.gettext("Keep my data"), KeepData(), style=Style.SUCCESS)]])


def eve(t: Translator, erasure: Erasure) -> Reply:
    """A day before."""
    text = t.gettext("Tomorrow your data will be erased ({day}). This is the last time you can take it back.")
    rows = [[Button(t.gettext("Keep my data"), KeepData(), style=Style.SUCCESS)]]
    return Reply(text.format(day=_day(t, erasure)), rows=rows)


def kept(t: Translator) -> Reply:
    return Reply(
        t.gettext("✓ Nothing is erased; everything stays as it was."),
        rows=[[Button(t.gettext("Your data"), OpenPrivacy())]],
    )


def told(t: Translator, binding: Binding, erasure: Erasure) -> Reply:
    """To the owner: a customer wants to be forgotten."""
    text = t.gettext(
        "🗑 <b>{who}</b> ({customer}) asked to be forgotten. It happens on {day}, and cannot be brought back after that."
    ).format(
        who=escape(clip(binding.contact or binding.name, 30)),
        customer=escape(clip(binding.customer, 40)),
        day=_day(t, erasure),
    )
    return Reply(text, rows=[[Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))]])
