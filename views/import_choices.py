"""What can be chosen about a spreadsheet before it is imported: columns, owners, the sheet; and the buttons of an import."""

from collections.abc import Sequence

from domain.customers import PAGE
from domain.imports import Fate, ImportLine, OwnerRule, Ownership
from domain.sheets import Field
from views.language import Translator
from views.pages import turn
from views.replies import Button, Reply, clip, escape, fit, payload
from views.sheet_words import column_name

FIELDS_SHOWN = 14  # two in a row fit a phone
HEADING = 12  # characters of a column's heading on a button
MOST_SHEETS = 12


@payload("xb1")
class ShowImport:
    """The card of an import as it stands."""

    import_id: int


@payload("xc1")
class ChooseColumn:
    """The columns, page by page."""

    import_id: int
    number: int


@payload("xf1")
class ChooseField:
    """What a column may be, page by page."""

    import_id: int
    column: int
    number: int


@payload("xp1")
class PickField:
    import_id: int
    version: int
    column: int
    field: Field


@payload("xg1")
class ReadAgain:
    """Read the file with the columns as they were chosen."""

    import_id: int
    version: int


@payload("xh1")
class ChooseSheet:
    """The sheets of a workbook."""

    import_id: int


@payload("xk1")
class PickSheet:
    import_id: int
    version: int
    place: int


@payload("xo1")
class ChooseOwner:
    """Whose the new customers may be; the members page by page."""

    import_id: int
    number: int


@payload("xw1")
class PickOwner:
    import_id: int
    version: int
    rule: OwnerRule
    owner_id: int | None


@payload("xi1")
class StartImport:
    import_id: int
    version: int


@payload("xd1")
class DropImport:
    """Leave the file alone."""

    import_id: int
    version: int


@payload("xs1")
class StopImport:
    """Stop what is under way, whatever it is."""

    import_id: int


@payload("xl1")
class ListImported:
    """What the import filed, page by page."""

    import_id: int
    number: int


@payload("xu1")
class AskUndo:
    import_id: int


@payload("xv1")
class UndoImport:
    import_id: int
    version: int


@payload("xt1")
class KeepAsFile:
    """The file is none to import, but one of a customer."""

    import_id: int


def living_name(import_id: int) -> str:
    """What the one message of an import is kept under."""
    return f"import:{import_id}"


def head(line: ImportLine) -> str:
    """The file's name, as every screen of it begins."""
    return f"📄 <b>{escape(clip(line.name, 40))}</b>"


def fate_name(t: Translator, fate: Fate) -> str:
    """What becomes of a row, in a word or two."""
    match fate:
        case Fate.NEW:
            return t.pgettext("row", "new")
        case Fate.UPDATED:
            return t.pgettext("row", "updated")
        case Fate.SAME:
            return t.pgettext("row", "there already")
        case Fate.DOUBLE:
            return t.pgettext("row", "somebody else's number")
        case Fate.POOL:
            return t.pgettext("row", "in the public pool")
        case Fate.FOREIGN:
            return t.pgettext("row", "a colleague's")
        case Fate.BAD:
            return t.pgettext("row", "faulty")


def columns(t: Translator, line: ImportLine, number: int) -> Reply:
    """Each column with what it is taken for."""
    pairs = list(zip(line.facts["columns"], line.facts["fields"], strict=True))
    start = number * PAGE
    buttons = [
        [Button(f"{clip(heading, HEADING)} → {column_name(t, Field(name))}", ChooseField(line.id, start + i, 0))]
        for i, ((heading, *_), name) in enumerate(pairs[start : start + PAGE])
    ]
    buttons += turn(t, number, (len(pairs) - 1) // PAGE, lambda n: ChooseColumn(line.id, n))
    if line.facts.get("reread"):
        buttons.append([Button(t.gettext("🔄 Read again"), ReadAgain(line.id, line.version))])
    return _screen(t, line, t.gettext("Tap a column to say what it holds."), buttons)


FIRST = (
    *(Field.IGNORE, Field.NAME, Field.COMPANY, Field.CONTACT_NAME, Field.PHONE, Field.WECHAT, Field.EMAIL),
    *(Field.CITY, Field.ADDRESS, Field.GRADE, Field.STAGE, Field.TAGS, Field.OWNER, Field.NOTE),
)
CHOICES = (*FIRST, *(name for name in Field if name not in FIRST))


def fields(t: Translator, line: ImportLine, column: int, number: int) -> Reply:
    """What one column may be; the usual ones first."""
    heading, _, _, sample = line.facts["columns"][column]
    current = line.facts["fields"][column]
    start = number * FIELDS_SHOWN
    shown = [
        Button(("✓ " if name == current else "") + column_name(t, name), PickField(line.id, line.version, column, name))
        for name in CHOICES[start : start + FIELDS_SHOWN]
    ]
    buttons = [shown[i : i + 2] for i in range(0, len(shown), 2)]
    buttons += turn(t, number, (len(CHOICES) - 1) // FIELDS_SHOWN, lambda n: ChooseField(line.id, column, n))
    buttons.append([Button("‹ " + t.gettext("Back"), ChooseColumn(line.id, column // PAGE))])
    text = t.gettext("What does the column <b>{heading}</b> hold?").format(heading=escape(heading))
    example = [t.gettext("For example: {sample}").format(sample=escape(clip(sample, 60)))] if sample else []
    hint = t.gettext("Columns of the same kind are put together.")
    return Reply("\n".join([head(line), text, *example, hint]), rows=buttons, living=living_name(line.id))


def sheets(t: Translator, line: ImportLine) -> Reply:
    """Which sheet of the workbook holds the customers."""
    names: Sequence[str] = line.facts["sheets"][:MOST_SHEETS]
    buttons = [
        [Button(("✓ " if name == line.facts["sheet"] else "") + fit(name, 36), PickSheet(line.id, line.version, i))]
        for i, name in enumerate(names)
    ]
    return _screen(t, line, t.gettext("Which sheet holds the customers?"), buttons)


def owners(t: Translator, line: ImportLine, whose: Ownership, *, own_id: int | None, number: int) -> Reply:
    """Whose the new customers will be: the rules first, then one member after the other."""

    def pick(label: str, rule: OwnerRule, owner_id: int | None = None) -> Button:
        chosen = whose.rule is rule and (rule is not OwnerRule.ONE or owner_id == whose.owner_id)
        return Button(("✓ " if chosen else "") + label, PickOwner(line.id, line.version, rule, owner_id))

    buttons = []
    if whose.named:
        buttons.append([pick(t.gettext("As the file says"), OwnerRule.COLUMN)])
    first = [pick(t.gettext("🌊 Public pool"), OwnerRule.POOL)]
    if own_id is not None:
        first.append(pick(t.gettext("🙋 Me"), OwnerRule.ME))
    buttons.append(first)
    if len(whose.reps) > 1:
        n = len(whose.reps)
        label = t.ngettext("⚖️ Evenly to {n} rep", "⚖️ Evenly to {n} reps", n).format(n=t.number(n))
        buttons.append([pick(label, OwnerRule.EVEN)])
    others = [member for member in whose.members if member[0] != own_id]
    shown = others[number * PAGE : (number + 1) * PAGE]
    buttons += [[pick(clip(name, 24), OwnerRule.ONE, key)] for key, name in shown]
    buttons += turn(t, number, max(0, len(others) - 1) // PAGE, lambda n: ChooseOwner(line.id, n))
    text = t.gettext("Whose shall the new customers be? Those who are there already keep their owner.")
    return _screen(t, line, text, buttons)


def _screen(
    t: Translator, line: ImportLine, text: str, buttons: list[list[Button]], *, more: Sequence[str] = ()
) -> Reply:
    back = Button("‹ " + t.gettext("Back"), ShowImport(line.id))
    return Reply("\n".join([head(line), text, *more]), rows=[*buttons, [back]], living=living_name(line.id))
