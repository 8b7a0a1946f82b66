"""A spreadsheet on its way in, as its person sees it: one message from the reading to the undoing, and what comes back."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.customers import CustomerLine, Page
from domain.imports import RETURNED, Fate, ImportLine, ImportState, Match, Ownership, Rejected
from domain.people import Actor
from domain.sheets import ImportRow, SheetRefused
from views.customer_lists import customer_line
from views.import_choices import (
    AskUndo,
    ChooseColumn,
    ChooseOwner,
    ChooseSheet,
    DropImport,
    KeepAsFile,
    ListImported,
    ReadAgain,
    ShowImport,
    StartImport,
    StopImport,
    UndoImport,
    head,
    living_name,
)
from views.import_preview import MOST_OWNERS, NAME, back_words, counts, preview_lines, some
from views.language import Translator
from views.links import OpenCustomer
from views.pages import turn
from views.replies import Button, File, Reply, Rows, Style, clip, escape, fit
from views.sheet_words import reasons, refused_file
from views.start import Place, go


def living(reply: Reply, line: ImportLine) -> Reply:
    """Let a reply of a job replace the one message of its import."""
    return replace(reply, living=living_name(line.id), edit_living=True)


def title(t: Translator, facts: Mapping[str, Any]) -> str:
    """What the long work is called where it has no words of its own."""
    return t.gettext("Import of {name}").format(name=clip(facts["name"], NAME))


# On its way ------------------------------------------------------------------------------------------------------------


def explain(t: Translator, latest: Sequence[ImportLine]) -> Reply:
    """``/import``: what to send, and what was sent last."""
    text = t.gettext(
        "<b>Bring customers in</b>\n"
        "Send me your list as an XLSX or CSV file, up to 20 MB.\n"
        "• headings in Chinese or English, columns in any order\n"
        "• before anything is stored you see what I understood, and can change it\n"
        "• customers who are there already only get what is missing\n"
        "• the whole import can be taken back for 7 days"
    )
    rows = [[Button(_label(t, line), ShowImport(line.id))] for line in latest]
    return Reply(text, rows=[*rows, [go(t, Place.TODAY)]])


def _label(t: Translator, line: ImportLine) -> str:
    count = line.taken if line.state is ImportState.PREVIEW else line.done(Fate.NEW) + line.done(Fate.UPDATED)
    day = t.day(line.created_at.astimezone(t.zone).date())
    return f"{fit(line.name, 16)} · {day} · {t.number(count)}"


def reading(t: Translator, line: ImportLine) -> Reply:
    """The file has arrived and is being read."""
    stop = Button(t.gettext("Cancel"), StopImport(line.id))
    return Reply(f"{head(line)}\n⏳ {t.gettext('Reading rows')} …", rows=[[stop]], living=living_name(line.id))


def refused(t: Translator, line: ImportLine, refusal: SheetRefused) -> Reply:
    """The file is not read; it may still be a file of a customer."""
    rows = [[Button(t.gettext("📎 Keep as a customer's file"), KeepAsFile(line.id))]] if line.facts.get("media") else []
    return Reply(f"{head(line)}\n⚠️ {escape(refused_file(t, refusal))}", rows=rows, living=living_name(line.id))


def too_many_foreign(t: Translator, line: ImportLine) -> Reply:
    """A list must not tell whom colleagues look after."""
    text = t.gettext(
        "⚠️ Many of these customers are colleagues' already. Nothing was imported; "
        "please let your lead or an admin import this file."
    )
    return living(Reply(f"{head(line)}\n{text}"), line)


def tell_reading(t: Translator, facts: Mapping[str, Any], progress: Any) -> Reply:
    return _telling(t, facts, t.gettext("Reading rows"), progress, stop=True)


def tell_filing(t: Translator, facts: Mapping[str, Any], progress: Any) -> Reply:
    return _telling(t, facts, t.gettext("Importing customers"), progress, stop=True)


def tell_planning(t: Translator, facts: Mapping[str, Any], progress: Any) -> Reply:
    return _telling(t, facts, t.gettext("Planning next touches"), progress, stop=False)


def tell_undoing(t: Translator, facts: Mapping[str, Any], progress: Any) -> Reply:
    return _telling(t, facts, t.gettext("Taking the import back"), progress, stop=False)


def _telling(t: Translator, facts: Mapping[str, Any], doing: str, progress: Any, *, stop: bool) -> Reply:
    """How far it is: ``progress`` has ``done`` and ``total``."""
    done, total = progress.done, progress.total
    share = min(100, done * 100 // total) if total else 0
    bar = "▓" * (share // 10) + "░" * (10 - share // 10)
    count = t.gettext("{done} of {total}").format(done=t.number(done), total=t.number(total or 0))
    text = f"📄 <b>{escape(clip(facts['name'], 40))}</b>\n⏳ {escape(doing)}\n{bar} {count}"
    rows = [[Button(t.gettext("Stop"), StopImport(facts["import_id"]))]] if stop else []
    return Reply(text, rows=rows, living=living_name(facts["import_id"]), edit_living=True, quiet=True)


# The card --------------------------------------------------------------------------------------------------------------


def card(t: Translator, line: ImportLine, whose: Ownership) -> Reply:
    """An import as it stands."""
    match line.state:
        case ImportState.READING:
            return reading(t, line)
        case ImportState.PREVIEW:
            return preview(t, line, whose)
        case ImportState.RUNNING:
            return _under_way(t, line, t.gettext("Importing customers"), stop=True)
        case ImportState.PLANNING:
            return _under_way(t, line, t.gettext("Planning next touches"), stop=False)
        case ImportState.UNDOING:
            return _under_way(t, line, t.gettext("Taking the import back"), stop=False)
        case ImportState.DONE:
            return _done(t, line, whose)
        case ImportState.UNDONE:
            return _undone(t, line)
        case ImportState.DROPPED | ImportState.REFUSED:
            text = t.gettext("Nothing was imported. Send the file again whenever you like.")
            return Reply(f"{head(line)}\n{text}", rows=[[go(t, Place.TODAY)]], living=living_name(line.id))


def preview(t: Translator, line: ImportLine, whose: Ownership) -> Reply:
    """What was understood and what an import would do; nothing is stored yet."""
    text = "\n".join([*preview_lines(t, line, whose)])
    choices = [
        Button(t.gettext("🧩 Columns …"), ChooseColumn(line.id, 0)),
    ]
    if not whose.fixed:
        choices.append(Button(t.gettext("👤 Owner …"), ChooseOwner(line.id, 0)))
    if len(line.facts.get("sheets", ())) > 1:
        choices.append(Button(t.gettext("📑 Sheet …"), ChooseSheet(line.id)))
    rows: list[list[Button]] = [choices]
    if line.facts.get("reread"):
        rows.append([Button(t.gettext("🔄 Read again"), ReadAgain(line.id, line.version), style=Style.PRIMARY)])
    elif line.taken:
        label = t.ngettext("✅ Import {n} customer", "✅ Import {n} customers", line.taken).format(
            n=t.number(line.taken)
        )
        rows.append([Button(label, StartImport(line.id, line.version), style=Style.SUCCESS)])
    rows.append([Button(t.gettext("Cancel"), DropImport(line.id, line.version))])
    return Reply(text, rows=rows, living=living_name(line.id))


def _under_way(t: Translator, line: ImportLine, doing: str, *, stop: bool) -> Reply:
    rows: Rows = [[Button(t.gettext("Stop"), StopImport(line.id))]] if stop else []
    return Reply(f"{head(line)}\n⏳ {doing} …", rows=rows, living=living_name(line.id))


def done_lines(t: Translator, line: ImportLine, whose: Ownership) -> Iterator[str]:
    """What an import did, line by line; a terminal shows the same."""
    sign = t.gettext("⏹ Stopped; what was imported stays") if line.facts.get("stopped") else t.gettext("✅ Imported")
    yield f"{head(line)} · {sign}"
    yield counts(t, {fate: line.done(fate) for fate in Fate})
    if back := back_words(t, {fate: line.done(fate) for fate in RETURNED}):
        yield t.gettext("↩︎ back to you with the reason: {counts}").format(counts=back)
    if owners := _owners(t, line, whose):
        yield "👤 " + t.gettext("Owner: {owner}").format(owner=owners)
    if line.facts.get("planned"):
        first, last = (dt.date.fromisoformat(day) for day in line.facts["days"])
        text = t.gettext("📅 Next touches from {first} to {last}, at most 8 a day for each")
        yield text.format(first=t.day(first), last=t.day(last))
    if line.done(Fate.NEW) or line.done(Fate.UPDATED):
        until = dt.datetime.fromisoformat(line.facts["undo_until"])
        yield t.gettext("It can be taken back until {moment}.").format(moment=t.moment(until))


def _done(t: Translator, line: ImportLine, whose: Ownership) -> Reply:
    ways = [Button(t.gettext("📋 List"), ListImported(line.id, 0))] if line.done(Fate.NEW) else []
    if line.done(Fate.NEW) or line.done(Fate.UPDATED):
        ways.append(Button(t.gettext("↩︎ Undo the import"), AskUndo(line.id)))
    rows: Rows = [ways] if ways else [[go(t, Place.TODAY)]]
    return Reply("\n".join(done_lines(t, line, whose)), rows=rows, living=living_name(line.id))


def _owners(t: Translator, line: ImportLine, whose: Ownership) -> str:
    """Who got how many of the new ones."""
    names = {str(key): name for key, name in whose.members}
    given = sorted(line.facts["given"].items(), key=lambda pair: -pair[1])
    shown = [f"{escape(clip(names[key], NAME))} {t.number(count)}" for key, count in given if key in names]
    pooled = line.done(Fate.NEW) - sum(line.facts["given"].values())
    if pooled:
        shown.append(t.gettext("public pool {n}").format(n=t.number(pooled)))
    return some(t, shown, MOST_OWNERS) if shown else ""


# Back again ------------------------------------------------------------------------------------------------------------


def returned(t: Translator, name: str, content: bytes) -> Reply:
    """The rows that were not imported, as a file like theirs."""
    text = t.gettext("↩︎ These rows were not imported; the first column says why. Correct them and send me the file.")
    return Reply(text, file=File(name, content))


def returned_name(t: Translator, stem: str, suffix: str) -> str:
    return f"{stem}-{t.pgettext('file', 'not imported')}{suffix}"


def reason_of_row(t: Translator, row: Rejected) -> str:
    """Why a row became no customer, for the column of reasons; plain text."""
    if row.same_as is not None:
        text = t.gettext("Row {n} has the same phone number, WeChat id or Keyuan ID under another name")
        return text.format(n=row.same_as)
    return reasons(t, ImportRow(row.number, None, row.problems))


def reason_of_match(t: Translator, match: Match) -> str:
    """Why a customer was not filed, for the column of reasons; plain text."""
    match match.fate:
        case Fate.POOL:
            return t.gettext("Already in the public pool; claim the customer there")
        case Fate.FOREIGN:
            return t.gettext("A colleague has this customer already")
        case _:
            name = match.known.name if match.known else ""
            return t.gettext("{name} has the same phone number or WeChat id already").format(name=name)


def listed(t: Translator, line: ImportLine, page: Page[CustomerLine], *, actor: Actor) -> Reply:
    """What the import filed, page by page."""
    lines = [f"{i}. {customer_line(t, one, actor=actor)}" for i, one in enumerate(page.items, 1)]
    numbers = [Button(str(i), OpenCustomer(one.id)) for i, one in enumerate(page.items, 1)]
    text = "\n".join(
        [f"{head(line)} · {t.number(page.total)}", *(lines or [t.gettext("None of them is there any more.")])]
    )
    rows = [*([numbers] if numbers else []), *turn(t, page.number, page.last, lambda n: ListImported(line.id, n))]
    return Reply(
        text, rows=[*rows, [Button("‹ " + t.gettext("Back"), ShowImport(line.id))]], living=living_name(line.id)
    )


# Taking it back --------------------------------------------------------------------------------------------------------


def ask_undo(t: Translator, line: ImportLine, filed: int) -> Reply:
    """It takes a while and cannot be undone in turn: the only question, with the count."""
    text = t.ngettext(
        "Take this import back? {n} customer goes; what it changed of others is put back.",
        "Take this import back? {n} customers go; what it changed of others is put back.",
        filed,
    ).format(n=t.number(filed))
    kept = t.gettext("Whoever was worked with since stays. This cannot be undone.")
    yes = Button(t.gettext("🗑 Take it back"), UndoImport(line.id, line.version), style=Style.DANGER)
    back = Button("‹ " + t.gettext("Back"), ShowImport(line.id))
    return Reply(f"{head(line)}\n{text}\n{kept}", rows=[[yes], [back]], living=living_name(line.id))


def _undone(t: Translator, line: ImportLine) -> Reply:
    n = line.facts["removed"]
    text = t.ngettext("↩︎ Taken back: {n} customer is gone.", "↩︎ Taken back: {n} customers are gone.", n)
    lines = [head(line), text.format(n=t.number(n))]
    if kept := line.facts["kept"]:
        names = some(t, [escape(clip(name, NAME)) for name in line.facts["names"]], len(line.facts["names"]))
        more = kept - len(line.facts["names"])
        lines.append(t.gettext("Kept, since somebody worked with them: {names}").format(names=names))
        if more > 0:
            lines.append(t.ngettext("… and {n} more", "… and {n} more", more).format(n=t.number(more)))
    return Reply("\n".join(lines), rows=[[go(t, Place.TODAY)]], living=living_name(line.id))
