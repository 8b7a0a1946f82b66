"""Spreadsheets in and out: the fields a column can be, the limits of a file, and what a row became."""

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum

from domain.customers import CustomerDraft
from domain.errors import DomainError
from domain.values import frozen

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta

MEBIBYTE = 2**20


class Field(StrEnum):
    """What a column of a customer file can be. The order is that of our own export."""

    NAME = "name"
    KIND = "kind"
    SHORT_NAME = "short_name"
    COMPANY = "company"
    CONTACT_NAME = "contact_name"
    NICKNAME = "nickname"
    TITLE = "title"
    PART = "part"
    PHONE = "phone"
    PHONE2 = "phone2"
    FAX = "fax"
    EMAIL = "email"
    WECHAT = "wechat"
    OTHER_CHANNEL = "other_channel"
    PREFERRED_CHANNEL = "preferred_channel"
    PREFERRED_TIME = "preferred_time"
    GENDER = "gender"
    BIRTHDAY = "birthday"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    NEEDS = "needs"
    PREFERENCES = "preferences"
    INTERESTS = "interests"
    BUDGET = "budget"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    DISTRICT = "district"
    ADDRESS = "address"
    POSTCODE = "postcode"
    LOCATION = "location"
    SOURCE = "source"
    STAGE = "stage"
    GRADE = "grade"
    TAGS = "tags"
    OWNER = "owner"
    NEXT_TOUCH = "next_touch"
    LAST_TOUCH = "last_touch"
    NOTE = "note"
    EXTERNAL_ID = "external_id"
    KEYUAN_ID = "keyuan_id"  # ours, written by the export: an import of that file finds the same customer again
    IGNORE = "ignore"


# Country, region and postcode are kept as parts of the address, a company is the customer's own name.
EXPORTED = tuple(
    f for f in Field if f not in {Field.COMPANY, Field.COUNTRY, Field.REGION, Field.POSTCODE, Field.IGNORE}
)


# A spreadsheet program takes text that starts so for a formula; an apostrophe in front says that it is text.
_FORMULA = re.compile("'*[ ]*[=+\\-@\t\r\n\0＝＋－＠]")


def as_plain_text(text: str) -> str:
    """Text for a CSV file that no program will calculate; ``as_it_was`` is the way back for every text."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """Text of a CSV file without the apostrophe that ``as_plain_text`` put in front."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


class SheetKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"


@frozen
class Limits:
    """How much a file may hold.

    Attributes:
        file_bytes: of the file itself; Telegram hands bots at most 20 MB.
        entries: members of the archive an XLSX is; a workbook of 100 sheets has about 300.
        unpacked_bytes: of all members together, counted while reading, never taken from a header.
        ratio: unpacked to packed; text of a sheet packs 10 to 40 times.
        rows: with content, the header not counted.
        columns: of a row; beyond this a file is no list of customers.
        box: rows times columns of the used area, since a reader holds the empty cells too (32 bytes each).
        longest_cell: characters a spreadsheet program can hold; beyond it the file itself is broken. A row whose
            cell is longer than ``LONGEST_NOTE`` only comes back as bad.
    """

    file_bytes: int
    entries: int = 1_000
    unpacked_bytes: int = 400 * MEBIBYTE
    ratio: int = 100
    rows: int = 200_000
    columns: int = 256
    box: int = 6_000_000
    longest_cell: int = 32_767


CHAT_LIMITS = Limits(file_bytes=20 * MEBIBYTE)
COMMAND_LIMITS = Limits(file_bytes=200 * MEBIBYTE)


class Reason(StrEnum):
    """Why a whole file is refused. The facts that go with each are named beside it."""

    EMPTY = "empty"  # no bytes, or no row with content
    NO_ROWS = "no_rows"  # a heading, and nothing under it
    TOO_BIG = "too_big"  # bytes, limit
    TOO_MANY_ROWS = "too_many_rows"  # limit
    TOO_MANY_COLUMNS = "too_many_columns"  # limit
    TOO_SCATTERED = "too_scattered"  # limit: few cells over a huge area
    TOO_MANY_ENTRIES = "too_many_entries"  # limit
    UNPACKS_TOO_BIG = "unpacks_too_big"  # limit: in bytes
    PACKED_TOO_TIGHT = "packed_too_tight"  # limit
    NESTED_ARCHIVE = "nested_archive"  # entry
    DTD = "dtd"  # entry
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    NOT_A_SHEET = "not_a_sheet"  # found: exe, pdf, zip, png …, or binary
    OTHER_FORMAT = "other_format"  # found: ods, xlsb, numbers, html, xml, json
    DAMAGED = "damaged"
    CELL_TOO_LONG = "cell_too_long"  # row, limit
    UNCLOSED_QUOTE = "unclosed_quote"  # row


@dataclass(eq=False)
class SheetRefused(DomainError):
    """A file that is not read at all."""

    reason: Reason
    facts: dict[str, int | str] = field(default_factory=dict)


@frozen
class Column:
    """A column of a file and the field it was taken for.

    Attributes:
        index: from 0, as the cells of a row are counted.
        heading: as written in the file; the letter of the column where the file has no headings.
        confidence: 1.0 for a heading we know, 0.0 for a column nothing is known about (``Field.IGNORE``).
        samples: up to three values, as text.
    """

    index: int
    heading: str
    field: Field
    confidence: float
    samples: tuple[str, ...] = ()


class ProblemKind(StrEnum):
    """What is wrong with a row; the first six keep it out."""

    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    TOO_MANY_TAGS = "too_many_tags"
    BAD_DATE = "bad_date"  # impossible, or no date at all
    FUTURE_DATE = "future_date"  # a birthday or a last touch still to come
    TOO_MANY_CELLS = "too_many_cells"  # more than the heading has
    JOINED = "joined"  # a value with an unquoted separator, put together again
    UNKNOWN_WORD = "unknown_word"  # no stage, grade, gender, kind or day: kept in the note
    MOVED_TO_NOTE = "moved_to_note"  # longer than its field
    BAD_PHONE = "bad_phone"  # kept as typed
    BAD_EMAIL = "bad_email"  # kept as typed
    BAD_LOCATION = "bad_location"  # kept in the note


BAD = frozenset(
    {
        ProblemKind.NO_NAME,
        ProblemKind.TOO_LONG,
        ProblemKind.TOO_MANY_TAGS,
        ProblemKind.BAD_DATE,
        ProblemKind.FUTURE_DATE,
        ProblemKind.TOO_MANY_CELLS,
    }
)


@frozen
class Problem:
    """One thing about a row. ``text`` is the value as typed, cut short; ``limit`` is in characters or cells."""

    kind: ProblemKind
    field: Field | None = None
    text: str = ""
    limit: int | None = None


@frozen
class ImportRow:
    """A row of a file, understood.

    Attributes:
        number: of the row as a spreadsheet program counts it, from 1.
        draft: the customer to be filed, or ``None`` where the row is bad. Its owner is not decided here.
        keyuan_id, contact_id: our own ids, where our export wrote the file. To be checked against the scope.
        owner: the name of a member, as typed.
        next_touch, last_touch: a local day, or a naive local time where the cell had one.
        duplicate_of: number of the earlier row that holds the same customer (and contact).
        same_customer_as: number of the earlier row of the same customer, this one being a further contact of it.
    """

    number: int
    draft: CustomerDraft | None
    problems: tuple[Problem, ...] = ()
    keyuan_id: int | None = None
    contact_id: int | None = None
    external_id: str | None = None
    owner: str | None = None
    next_touch: dt.date | dt.datetime | None = None
    last_touch: dt.date | dt.datetime | None = None
    duplicate_of: int | None = None
    same_customer_as: int | None = None

    @property
    def is_bad(self) -> bool:
        return any(problem.kind in BAD for problem in self.problems)
