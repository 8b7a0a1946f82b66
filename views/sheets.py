"""Sheets that leave: the export of customers, and the rows of an import that came back.

Nothing written here is ever calculated by the program that opens it: text is text, however it begins, and only
values that were numbers or days are written as such. What is exported can be imported again without loss.
"""

import csv
import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from domain.customers import Birthday, Channel, ChannelKind, Contact, Customer, CustomerKind, Grade
from domain.sheets import EXPORTED, Cell, Field, Reason, SheetKind, SheetRefused, as_plain_text
from parsing.sheet_phones import read_phones
from views.language import Translator
from views.sheet_words import column_name
from views.words import customer_kind_name, gender_name, grade_name, stage_name

MOST_ROWS = 1_048_576  # of a sheet, by the format
LONGEST_CELL = 32_767  # characters, by the format
_NARROWEST, _WIDEST = 8, 48  # widths of a column, in characters of a narrow script
_MEASURED = 200  # rows from which the widths are taken
_NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}  # XML cannot hold them
_CELL_DAY, _CELL_MOMENT, _CELL_TIME, _CELL_LENGTH = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm"
_FIRST_DAY = dt.date(1900, 3, 1)  # before it, the calendar of spreadsheet programs has a day that never was


class WrittenAs(Protocol):
    """How a file that was read is written: as much of ``parsing.sheets.Sheet`` as its bad rows need."""

    @property
    def kind(self) -> SheetKind: ...
    @property
    def encoding(self) -> str: ...
    @property
    def separator(self) -> str: ...
    @property
    def sheet_name(self) -> str: ...


def export_headings(t: Translator) -> list[str]:
    """The heading of our export, in the reader's language."""
    return [column_name(t, field) for field in EXPORTED]


def export_rows(
    t: Translator,
    customer: Customer,
    *,
    region: str,
    next_touch: dt.date | dt.datetime | None = None,
    last_touch: dt.date | dt.datetime | None = None,
) -> Iterator[list[Cell]]:
    """A customer as rows of our export: one per contact, each with what is the customer's own.

    Args:
        region: country of numbers without a country code; the others get theirs, so that they mean the same again.
        next_touch, last_touch: local days, or naive local times of the reader.
    """
    for contact in customer.contacts or (None,):
        cells = _contact_cells(t, customer, contact, region)
        cells |= _customer_cells(t, customer)
        if next_touch is not None:
            cells[Field.NEXT_TOUCH] = next_touch
        if last_touch is not None:
            cells[Field.LAST_TOUCH] = last_touch
        yield [cells.get(field, "") for field in EXPORTED]


def _customer_cells(t: Translator, customer: Customer) -> dict[Field, Cell]:
    texts = {
        Field.NAME: customer.name,
        Field.KIND: customer_kind_name(t, customer.kind),
        Field.SHORT_NAME: customer.nickname,
        Field.OCCUPATION: customer.occupation,
        Field.INDUSTRY: customer.industry,
        Field.NEEDS: customer.needs,
        Field.PREFERENCES: customer.preferences,
        Field.INTERESTS: customer.interests,
        Field.BUDGET: customer.budget,
        Field.CITY: customer.city,
        Field.DISTRICT: customer.district,
        Field.ADDRESS: customer.address,
        Field.SOURCE: customer.source,
        Field.STAGE: stage_name(t, customer.stage),
        Field.GRADE: None if customer.grade is Grade.UNGRADED else grade_name(t, customer.grade),
        Field.TAGS: " ".join(f"#{tag}" for tag in customer.tags),
        Field.OWNER: customer.owner,
        Field.EXTERNAL_ID: customer.external_id,
        Field.NOTE: customer.note,
    }
    if customer.latitude is not None and customer.longitude is not None:
        texts[Field.LOCATION] = f"{customer.latitude}, {customer.longitude}"
    return {field: text for field, text in texts.items() if text}


def _contact_cells(t: Translator, customer: Customer, contact: Contact | None, region: str) -> dict[Field, Cell]:
    if contact is None:
        return {Field.KEYUAN_ID: f"K{customer.id}"}
    phones = _numbers(contact.channels, ChannelKind.PHONE, region)
    texts = {
        Field.KEYUAN_ID: f"K{customer.id}-{contact.id}",
        Field.CONTACT_NAME: contact.name if customer.kind is CustomerKind.COMPANY else None,
        Field.NICKNAME: contact.nickname,
        Field.TITLE: contact.title,
        Field.PART: contact.part,
        Field.PHONE: phones[0] if phones else None,
        Field.PHONE2: "; ".join(phones[1:]),
        Field.FAX: "; ".join(_numbers(contact.channels, ChannelKind.FAX, region)),
        Field.EMAIL: "; ".join(_values(contact.channels, ChannelKind.EMAIL)),
        Field.WECHAT: "; ".join(_values(contact.channels, ChannelKind.WECHAT)),
        Field.OTHER_CHANNEL: "; ".join(_values(contact.channels, ChannelKind.OTHER)),
        Field.PREFERRED_CHANNEL: contact.preferred_channel,
        Field.PREFERRED_TIME: contact.preferred_time,
        Field.GENDER: gender_name(t, contact.gender) if contact.gender else None,
        Field.BIRTHDAY: _birthday(t, contact.birthday) if contact.birthday else None,
    }
    return {field: text for field, text in texts.items() if text}


def _numbers(channels: Sequence[Channel], kind: ChannelKind, region: str) -> list[str]:
    """Numbers as typed, or in full where they would be read as another country's, or as none."""
    found = []
    for channel in channels:
        if channel.kind is kind:
            again = [one.normal for one in read_phones(channel.value, region=region, kind=kind)]
            found.append(channel.value if channel.normal is None or again == [channel.normal] else channel.normal)
    return found


def _values(channels: Sequence[Channel], kind: ChannelKind) -> list[str]:
    return [channel.value for channel in channels if channel.kind is kind]


def _birthday(t: Translator, birthday: Birthday) -> str:
    """``1990-05-12``, ``05-12`` without the year, ``农历 1990-08-15``."""
    day = f"{birthday.month:02}-{birthday.day:02}"
    if birthday.year:
        day = f"{birthday.year:04}-{day}"
    return t.pgettext("birthday", "lunar {day}").format(day=day) if birthday.lunar else day


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A CSV file that Excel opens with the right characters: UTF-8 with its mark, RFC 4180."""
    _write_text(path, [headings], rows, encoding="utf-8-sig", separator=",")


def write_xlsx(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet_name: str | None = None
) -> None:
    """A workbook of one sheet, written row by row; the heading stays in sight.

    Raises:
        SheetRefused: ``TOO_MANY_ROWS``: more than the format holds.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(sheet_name)
        writer = _SheetWriter(book, sheet)
        if headings:
            writer.heading(headings)
        for cells in rows:
            writer.row(cells)
        writer.finish()


def write_bad_rows(
    path: Path,
    like: WrittenAs,
    headings: Sequence[str],
    rows: Sequence[tuple[Sequence[Cell], str]],
    *,
    reason_heading: str,
) -> None:
    """The rows that were not imported, in a file like the one they came in, each with the reason in front.

    The reason stands first, since a row with too many cells has no last column. A text keeps its encoding and
    separator, as far as that can write the reasons; an XLS comes back as XLSX.

    Args:
        headings: of the file; none where it had none.
        rows: cells as they were read, and the reason in the reader's words.
    """
    top = [reason_heading, *headings] if headings else []
    together = ([reason, *cells] for cells, reason in rows)
    if like.kind is not SheetKind.CSV:
        write_xlsx(path, top, together, sheet_name=like.sheet_name or None)
        return
    try:
        _write_text(path, [top] if top else [], together, encoding=like.encoding, separator=like.separator)
    except UnicodeEncodeError:
        again = ([reason, *cells] for cells, reason in rows)
        _write_text(path, [top] if top else [], again, encoding="utf-8-sig", separator=like.separator)


def _write_text(
    path: Path,
    headings: Sequence[Sequence[str]],
    rows: Iterable[Sequence[Cell]],
    *,
    encoding: str,
    separator: str,
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        for heading in headings:
            writer.writerow([as_plain_text(name) for name in heading])
        for cells in rows:
            writer.writerow([_text(cell) for cell in cells])


def _text(cell: Cell) -> str | int | float:
    match cell:
        case str():
            return as_plain_text(cell)
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        case int() | float():
            return cell
        case dt.datetime():
            return cell.isoformat(" ", "seconds" if cell.second else "minutes")
        case _:
            return str(cell)


class _SheetWriter:
    """Writes one sheet downwards, each cell as the type it has, and remembers how wide the columns are."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._row = 0
        self._widths: list[int] = []
        self._bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self._plain = book.add_format({"num_format": "@"})
        # what a program would calculate after an edit: marked as text the way the program itself marks it
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._formats = {
            kind: book.add_format({"num_format": pattern})
            for kind, pattern in (
                (dt.datetime, _CELL_MOMENT),
                (dt.date, _CELL_DAY),
                (dt.time, _CELL_TIME),
                (dt.timedelta, _CELL_LENGTH),
            )
        }

    def heading(self, names: Sequence[str]) -> None:
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            self._sheet.write_string(self._row, column, name, self._bold)
        self._measure(names)
        self._row += 1

    def row(self, cells: Sequence[Cell]) -> None:
        if self._row >= MOST_ROWS:
            raise SheetRefused(Reason.TOO_MANY_ROWS, {"limit": MOST_ROWS})
        for column, cell in enumerate(cells):
            self._cell(column, cell)
        if self._row < _MEASURED:
            self._measure(cells)
        self._row += 1

    def finish(self) -> None:
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})

    def _cell(self, column: int, cell: Cell) -> None:
        match cell:
            case "":
                return
            case str():
                text = cell.translate(_NO_CHARACTERS)[:LONGEST_CELL]
                style = self._plain if as_plain_text(text) == text else self._quoted
                self._sheet.write_string(self._row, column, text, style)
            case bool():
                self._sheet.write_boolean(self._row, column, cell)
            case int() | float() if abs(cell) < 1e15:
                self._sheet.write_number(self._row, column, cell)
            case dt.time() | dt.timedelta():
                self._sheet.write_datetime(self._row, column, cell, self._formats[type(cell)])
            case dt.date() if cell.timetuple()[:3] >= _FIRST_DAY.timetuple()[:3]:
                self._sheet.write_datetime(self._row, column, cell, self._formats[type(cell)])
            case _:
                self._sheet.write_string(self._row, column, str(cell), self._plain)

    def _measure(self, cells: Sequence[Cell]) -> None:
        self._widths += [0] * (len(cells) - len(self._widths))
        for column, cell in enumerate(cells):
            self._widths[column] = max(self._widths[column], _width(cell))


def _width(cell: Cell) -> int:
    """Characters of a narrow script that the longest line of a cell takes."""
    lines = str(cell)[:LONGEST_CELL].splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line[:_WIDEST]) for line in lines)
