"""What an import would do, before it does it: as the chat shows it, and a terminal too."""

from collections.abc import Iterator, Mapping

from domain.imports import RETURNED, Fate, ImportLine, OwnerRule, Ownership
from domain.sheets import Field
from views.import_choices import fate_name, head
from views.language import Translator
from views.replies import clip, escape, fit
from views.sheet_words import column_name

SURE = 0.6  # below it a guess is marked: two of five are wrong
MOST_NAMED = 8  # columns that the preview names
MOST_OWNERS = 4
NAME = 18  # characters of a name inside a line
ROW = 36  # width of a row on a line of a phone, beside its number and what becomes of it
ROW_VALUE = 20  # characters of one of its values


def preview_lines(t: Translator, line: ImportLine, whose: Ownership) -> Iterator[str]:
    """The preview, line by line; a terminal shows the same."""
    facts = line.facts
    count = t.ngettext("{n} row", "{n} rows", facts["rows"]).format(n=t.number(facts["rows"]))
    sheet = f" · {escape(clip(facts['sheet'], NAME))}" if len(facts["sheets"]) > 1 else ""
    yield f"{head(line)} · {count}{sheet}"
    yield from _columns(t, line)
    if facts.get("reread"):
        yield t.gettext("You changed a column: read the file again to see what becomes of it.")
        return
    yield from _rows(t, line)
    yield counts(t, {fate: line.count(fate) for fate in Fate})
    if back := back_words(t, {fate: line.count(fate) for fate in RETURNED}):
        yield t.gettext("↩︎ back to you with the reason: {counts}").format(counts=back)
    if facts["doubtful"]:
        yield _doubts(t, line)
    if line.count(Fate.NEW):
        yield from _whose(t, line, whose)
    elif not line.taken:
        yield t.gettext("There is nothing in it that I do not know.")


def _rows(t: Translator, line: ImportLine) -> Iterator[str]:
    """The first rows as they were understood, each on a line of a phone."""
    for number, fate, *texts in line.facts["samples"]:
        words = fit(" · ".join(clip(text, ROW_VALUE) for text in texts) or "–", ROW)
        yield f"{number}. {escape(words)} — <i>{fate_name(t, Fate(fate))}</i>"


def _doubts(t: Translator, line: ImportLine) -> str:
    """How many have something that could not be checked, and what it is."""
    n = line.facts["doubtful"]
    text = t.ngettext(
        "💬 {n} has something I could not check; it is kept as typed",
        "💬 {n} have something I could not check; it is kept as typed",
        n,
    ).format(n=t.number(n))
    named = [_doubt(t, number, field, words) for number, _, field, words in line.facts["doubts"] if field and words]
    return t.gettext("{label}: {value}").format(label=text, value=escape(t.list(named))) if named else text


def _doubt(t: Translator, number: int, field: str, words: str) -> str:
    return t.gettext("row {n} {column} “{text}”").format(
        n=t.number(number), column=column_name(t, Field(field)), text=clip(words, ROW_VALUE)
    )


def counts(t: Translator, of: Mapping[Fate, int]) -> str:
    """How many are new, updated, there already."""
    return t.gettext("<b>{new}</b> new · <b>{updated}</b> updated · <b>{same}</b> there already").format(
        new=t.number(of[Fate.NEW]), updated=t.number(of[Fate.UPDATED]), same=t.number(of[Fate.SAME])
    )


def back_words(t: Translator, of: Mapping[Fate, int]) -> str:
    shown = (Fate.BAD, Fate.DOUBLE, Fate.POOL, Fate.FOREIGN)
    return " · ".join(f"{fate_name(t, fate)} {t.number(of[fate])}" for fate in shown if of.get(fate))


def _columns(t: Translator, line: ImportLine) -> Iterator[str]:
    """Which column is taken for what: the sure ones, the doubtful ones, those that are left out."""
    sure, doubtful, out = [], [], []
    for (heading, guess, confidence, _), name in zip(line.facts["columns"], line.facts["fields"], strict=True):
        shown = escape(clip(heading, NAME))
        if name == Field.IGNORE:
            out.append(shown)
        elif name == guess and confidence < SURE:
            doubtful.append(f"{shown} → {column_name(t, Field(name))}")
        else:
            sure.append(f"{shown} → {column_name(t, Field(name))}")
    if _is_ours(line):
        yield "🧩 " + t.gettext("{n} columns, as I write them myself").format(n=t.number(len(sure)))
    elif sure:
        yield "🧩 " + some(t, sure, MOST_NAMED)
    rest = ["❓ " + some(t, doubtful, MOST_NAMED)] if doubtful else []
    if out:
        rest.append("🚫 " + t.gettext("not imported: {columns}").format(columns=some(t, out, MOST_NAMED)))
    if rest:
        yield " ".join(rest)


def _is_ours(line: ImportLine) -> bool:
    """Whether our own export wrote the file, in whichever language."""
    return Field.KEYUAN_ID in line.facts["fields"] and all(sure == 1.0 for _, _, sure, _ in line.facts["columns"])


def some(t: Translator, values: list[str], most: int) -> str:
    more = len(values) - most
    shown = t.list(values[:most])
    return f"{shown} +{t.number(more)}" if more > 0 else shown


def _whose(t: Translator, line: ImportLine, whose: Ownership) -> Iterator[str]:
    yield "👤 " + t.gettext("Owner: {owner}").format(owner=owner_words(t, whose))
    if whose.rule is OwnerRule.COLUMN and whose.unknown:
        names = some(t, [f"{escape(clip(name, NAME))} {t.number(n)}" for name, n in whose.unknown], MOST_OWNERS)
        yield "⚠️ " + t.gettext("no members, so to the public pool: {names}").format(names=names)
    if whose.rule is OwnerRule.POOL and line.facts["dated"]:
        text = t.ngettext(
            "⚠️ The pool has no next touches: {n} date of the file is left out",
            "⚠️ The pool has no next touches: {n} dates of the file are left out",
            line.facts["dated"],
        )
        yield text.format(n=t.number(line.facts["dated"]))


def owner_words(t: Translator, whose: Ownership) -> str:
    """Whose the new customers will be, in a few words of HTML."""
    match whose.rule:
        case OwnerRule.ME:
            return t.gettext("you")
        case OwnerRule.POOL:
            return t.gettext("the public pool")
        case OwnerRule.ONE:
            return escape(whose.owner)
        case OwnerRule.EVEN:
            n = len(whose.reps)
            return t.ngettext("evenly, {n} rep", "evenly, {n} reps", n).format(n=t.number(n))
        case OwnerRule.COLUMN:
            names = [f"{escape(clip(name, NAME))} {t.number(n)}" for name, n in whose.named]
            return t.gettext("as the file says ({names})").format(names=some(t, names, MOST_OWNERS))
