"""How many cells role x object x action x channel the tables hold; every test notes those that it has executed."""

from tests.access import governed, sheeted, typed
from tests.access.house import OWNERS, Kind, Who
from tests.access.pressed import TABLE, applies
from tests.access.sights import ACTIVE

RECORD_REFUSED, RECORD_ALLOWED = "press on a record, refused", "press on a record, allowed"
COMPANY_REFUSED, COMPANY_ALLOWED = "press on the company, refused", "press on the company, allowed"
IMPORT, EXPORT, PREVIEW, DUPLICATE = "press on an import", "export", "import preview", "duplicate check"
TEXT, NAME, SCREEN = "text", "text with a whole name", "screen"
ANSWER_REFUSED, ANSWER_ALLOWED, ANSWER_COMPANY = "answer, refused", "answer, allowed", "answer about the company"
REMINDER, LIST, MORNING, NOTICE = "reminder", "list of reminders", "morning message", "owner notice"


def sizes() -> dict[str, int]:
    """Cells by channel, counted from the tables alone."""
    pressed = [(row, kind) for rows in TABLE.values() for row in rows for kind in Kind if applies(row, kind)]
    allowed = sum(row.rule(kind, who) for row, kind in pressed for who in Who)
    answered = [(answer, kind) for answer in typed.ANSWERS for kind in answer.kinds]
    answers = sum(answer.rule(kind, who) for answer, kind in answered for who in Who)
    cells, everybody = governed.cells(), len(Who)
    return {
        RECORD_REFUSED: len(pressed) * everybody - allowed,
        RECORD_ALLOWED: allowed,
        COMPANY_REFUSED: sum(everybody - len(cell.allowed) for cell in cells),
        COMPANY_ALLOWED: sum(len(cell.allowed) for cell in cells if not cell.spoils),
        IMPORT: sum(len(people) for people in _importing()),
        EXPORT: len(sheeted.EXPORTS),
        PREVIEW: everybody,
        DUPLICATE: len(Kind) * everybody,
        TEXT: len(typed.TEXTS) * len(Kind) * everybody,
        NAME: len(typed.WHOLE) * len(Kind) * len(ACTIVE),
        SCREEN: len(typed.SCREENS) * everybody,
        ANSWER_REFUSED: len(answered) * everybody - answers,
        ANSWER_ALLOWED: answers,
        ANSWER_COMPANY: sum(len(one.outside) for one in typed.governing()),
        REMINDER: len(OWNERS) * everybody,
        LIST: len(Kind) * everybody,
        MORNING: len(OWNERS) * everybody,
        NOTICE: len(Kind) * len(sheeted.HEIRS),
    }


def _importing() -> list[set[Who]]:
    """Per button and import: everybody it is refused to, and the importer where it is allowed."""
    made = []
    for row in sheeted.TABLE:
        for importer in sheeted.IMPORTERS:
            outside = {who for who in Who if not sheeted.may(row, importer, who)}
            own = importer or Who.ADMIN
            made.append(outside | ({own} if sheeted.may(row, importer, own) else set()))
    return made
