"""Rows of a customer file, understood one after the other, and compared with the rows before them.

A row is bad only when it cannot become a customer: no name, an impossible day, a value beyond every limit.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from domain.customers import LONGEST_NOTE
from domain.sheets import Cell, Field, ImportRow, Problem, ProblemKind
from parsing.expressions import expression
from parsing.letters import is_wide
from parsing.sheet_cells import NOTHING, is_no_name, text_of
from parsing.sheet_days import DayOrder, learn_order
from parsing.sheet_drafts import Row, draft_of
from parsing.sheet_headings import SECOND_PARTS, heading_key, read_heading
from parsing.sheet_twins import Twins
from parsing.sheets import RawRow, Sheet

_LEARN = 500  # rows from which the order of day and month is learnt
_LONGEST_NOTHING = max(map(len, NOTHING))

_DAYS = frozenset({Field.BIRTHDAY, Field.NEXT_TOUCH, Field.LAST_TOUCH})
_NAMES = frozenset({Field.NAME, Field.COMPANY, Field.CONTACT_NAME})
_SEVERAL_LINES = frozenset({Field.NOTE, Field.NEEDS, Field.PREFERENCES, Field.INTERESTS, Field.TAGS, Field.PHONE})
_OUR_ID = expression(r"K(\d{1,18})(?:-(\d{1,18}))?")
_ANY_OTHER_CHANNEL = frozenset({"其他联系方式", "其他联络方式", "othercontact", "othercontacts"})


def import_rows(
    sheet: Sheet, fields: Sequence[Field] | None = None, *, region: str, today: dt.date
) -> Iterator[ImportRow]:
    """The rows of a sheet, one after the other, each compared with those before it.

    Args:
        fields: one per column of the sheet, where the guesses were changed.
        region: two-letter country code of the organisation, for phones and for the order of day and month.
        today: local day; birthdays and last touches after it are refused.

    Raises:
        SheetRefused: as ``open_sheet``, should the file have changed since.
    """
    chosen = tuple(fields) if fields is not None else tuple(column.field for column in sheet.columns)
    sample = [row.cells for row in islice(sheet.rows, _LEARN)]
    orders = {
        index: learn_order((row[index] for row in sample if index < len(row)), region)
        for index, field in enumerate(chosen)
        if field in _DAYS
    }
    reader = _Reader(sheet, chosen, orders)
    twins = Twins()
    for row in sheet.rows:
        yield twins.marked(reader.read(row, region=region, today=today))


class _Reader:
    """What was decided about a sheet's columns; reads row by row."""

    def __init__(self, sheet: Sheet, fields: Sequence[Field], orders: dict[int, DayOrder]) -> None:
        self._width = len(sheet.columns)
        self._ours = sheet.ours
        self._orders = orders
        headings = [column.heading for column in sheet.columns]
        self._plan = [
            (index, field, _label(headings[index], field))
            for index, field in enumerate(fields)
            if field is not Field.IGNORE
        ]
        self._seconds = {index for index, heading in enumerate(headings) if heading_key(heading) in SECOND_PARTS}
        self._headings: dict[Field, str] = {field: headings[index] for index, field, _ in reversed(self._plan)}

    def read(self, raw: RawRow, *, region: str, today: dt.date) -> ImportRow:
        if len(raw.cells) > self._width:
            return ImportRow(raw.number, None, (Problem(ProblemKind.TOO_MANY_CELLS, limit=self._width),))
        row = Row({}, self._headings, {}, region, today)
        if raw.joined:
            row.problems.append(Problem(ProblemKind.JOINED))
        self._fill(row, raw.cells)
        texts, draft = row.texts, draft_of(row)
        ids = _OUR_ID.fullmatch(texts[Field.KEYUAN_ID]) if Field.KEYUAN_ID in texts else None
        return ImportRow(
            raw.number,
            draft,
            tuple(row.problems),
            keyuan_id=int(ids[1]) if ids else None,
            contact_id=int(ids[2]) if ids and ids[2] else None,
            external_id=texts.get(Field.EXTERNAL_ID),
            owner=texts.get(Field.OWNER),
            next_touch=row.next_touch,
            last_touch=row.last_touch,
        )

    def _fill(self, row: Row, cells: Sequence[Cell]) -> None:
        """Texts by field, several columns of one field put together; days also as the cells they were."""
        texts = row.texts
        for index, field, label in self._plan:
            cell = cells[index]
            if cell == "":
                continue
            if type(cell) is str and cell.isprintable():
                text = cell.strip()
            else:
                text = text_of(cell)
                if "\n" in text and field not in _SEVERAL_LINES:
                    text = " ".join(text.split())
            if len(text) <= _LONGEST_NOTHING and (
                not text or (text.lower() in NOTHING and self._means_it(field, text))
            ):
                continue
            if len(text) > LONGEST_NOTE:
                row.complain(ProblemKind.TOO_LONG, field, text, limit=LONGEST_NOTE)
                continue
            if label:
                text = f"{label}: {text}"
            texts[field] = self._together(field, texts[field], text, index) if field in texts else text
            if field in _DAYS:
                row.days[field] = cell, self._orders[index]

    def _means_it(self, field: Field, text: str) -> bool:
        """Whether a word for nothing is meant so: not in our own files, and not where it is somebody's name."""
        return not self._ours and (field not in _NAMES or is_no_name(text))

    def _together(self, field: Field, first: str, second: str, index: int) -> str:
        """Two columns of one field as one value."""
        match field:
            case Field.NOTE:
                return f"{first}\n{second}"
            case Field.NAME | Field.CONTACT_NAME:
                surname, given = (first, second) if index in self._seconds else (second, first)
                return f"{surname}{given}" if is_wide(surname[0]) else f"{given} {surname}"
            case Field.LOCATION:
                return f"{first}, {second}" if index in self._seconds else f"{second}, {first}"
            case Field.ADDRESS:
                return first if second in first else f"{first} {second}"
            case _:
                return f"{first}; {second}"


def _label(heading: str, field: Field) -> str:
    """What goes before a value whose heading says more than its field: ``QQ: 10001``."""
    if field is Field.NOTE:
        return "" if read_heading(heading)[0] is Field.NOTE else heading
    return heading if field is Field.OTHER_CHANNEL and heading_key(heading) not in _ANY_OTHER_CHANNEL else ""
