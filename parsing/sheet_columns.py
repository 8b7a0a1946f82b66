"""Which row of a sheet is the heading, and which field each column is: by its heading, checked against its content."""

import re
from collections.abc import Callable, Sequence

from domain.sheets import Cell, Column, Field
from domain.values import frozen
from parsing.companies import CITIES, LEGAL, PROVINCES
from parsing.expressions import expression
from parsing.letters import fold
from parsing.sheet_cells import is_nothing, read_gender, read_grade, read_kind, read_place, read_stage, text_of
from parsing.sheet_headings import PARTS, heading_key, read_heading
from parsing.surnames import split_name

SAMPLE = 300  # rows looked at: what a column holds shows in fewer
_HEADING_WITHIN = 30  # rows: titles, an address, a date of printing stand above it, not a page
_LOOKED_AT = 200  # characters of a cell: what it is shows in fewer
_LONGEST_HEADING = 40  # characters
_ENOUGH = 1.5  # sum of sureness of the known headings in a row that is one
_MOSTLY = 0.8  # of the filled cells of a column

_EMAIL = expression(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE = expression(r"\+?[\d()][\d\s().\-/]{6,18}\d")
_MOBILE = expression(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:\+?886[- ]?|0)9\d{2}[- ]?\d{3}[- ]?\d{3}")
_DIALLED = expression(r"[+(0](?=.*[\s\-/)].*)[\d\s().\-/]{6,18}\d|0\d{9,10}|\+\d{8,15}")  # written to be dialled, no id
_DAY = expression(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?.*")
_NUMBER = expression(r"[-+]?[\d,]+(?:\.\d+)?%?")
_STREET = expression(
    r"[路街巷弄道村镇鎮號号樓楼室座]|\b(?:street|st|road|rd|avenue|ave|lane|blvd|str|rue|via|calle)\b", re.I
)
_PLACES = PROVINCES | CITIES


@frozen
class _Content:
    """What the filled cells of a column are, as shares of them."""

    texts: tuple[str, ...]

    def share(self, test: Callable[[str], object]) -> float:
        return sum(1 for text in self.texts if test(text)) / len(self.texts) if self.texts else 0.0

    def mostly(self, test: Callable[[str], object]) -> bool:
        return self.share(test) >= _MOSTLY

    @property
    def unique(self) -> float:
        return len(set(self.texts)) / len(self.texts) if self.texts else 0.0


def find_heading(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Index of the heading among the first rows of a sheet, ``None`` where it has none.

    The row with the most known headings; failing that the first row, where it holds a known heading that is no value
    of its column, or where what stands below it is of another kind (a word over phone numbers).
    """
    best, best_score = None, 0.0
    first = next((i for i, row in enumerate(rows) if any(text_of(cell) for cell in row)), None)
    if first is None:
        return None
    for index, row in enumerate(rows[:_HEADING_WITHIN]):
        score, share = _rate(row)
        if score > best_score and (score >= _ENOUGH or share > 0.5):
            best, best_score = index, score
    if best is not None:
        return best
    return first if _names_something(rows, first) or _differs_from_below(rows, first) else None


def rate_rows(rows: Sequence[Sequence[Cell]]) -> float:
    """How much the first rows of a sheet look like a list of customers, for choosing among the sheets of a workbook."""
    return max((_rate(row)[0] for row in rows[:_HEADING_WITHIN]), default=0.0)


def guess_columns(headings: Sequence[str], rows: Sequence[Sequence[Cell]], *, named: bool) -> tuple[Column, ...]:
    """The field of each column and how sure that is.

    Args:
        headings: as written; letters where ``named`` is false, since the sheet has none.
        rows: a sample of those below the heading.
    """
    contents = [_content(rows, index) for index in range(len(headings))]
    guesses = [_by_heading(h, c) if named else (Field.IGNORE, 0.0) for h, c in zip(headings, contents, strict=True)]
    guesses = _settle(guesses, headings, contents)
    guesses = _fill(guesses, contents, named=named)
    return tuple(
        Column(index, heading, field, round(sure, 2), content.texts[:3])
        for index, (heading, (field, sure), content) in enumerate(zip(headings, guesses, contents, strict=True))
    )


def _rate(row: Sequence[Cell]) -> tuple[float, float]:
    """Sum of sureness of the distinct fields a row names, and their share of its cells; nothing for a row of data."""
    texts = [text_of(cell) for cell in row]
    filled = [text for text in texts if text]
    if not filled or any(_is_data(cell) for cell in row):
        return 0.0, 0.0
    fields: dict[Field, float] = {}
    unknown = 0
    for text in filled:
        field, sure = read_heading(text) if len(text) <= _LONGEST_HEADING else (Field.IGNORE, 0.0)
        unknown += sure == 0
        fields[field] = max(fields.get(field, 0.0), sure / 2 if field is Field.IGNORE else sure)
    return sum(fields.values()), 1 - unknown / len(filled)


def _is_data(cell: Cell) -> bool:
    """Whether a cell can be no heading: a number, a day, a phone, an e-mail address."""
    if type(cell) is not str:
        return True
    text = cell.strip()
    return bool(_EMAIL.fullmatch(text) or _PHONE.fullmatch(text) or _DAY.fullmatch(text) or _NUMBER.fullmatch(text))


def _names_something(rows: Sequence[Sequence[Cell]], first: int) -> bool:
    """Whether a row holds a known heading, and not as 微信 stands in a column of preferred channels."""
    if any(_is_data(cell) for cell in rows[first]):
        return False
    known = [index for index, cell in enumerate(rows[first]) if read_heading(text_of(cell))[1] >= 0.9]
    values = {text_of(row[index]) for row in rows[first + 1 :] for index in known if index < len(row)}
    return bool(known) and not any(text_of(rows[first][index]) in values for index in known)


def _differs_from_below(rows: Sequence[Sequence[Cell]], first: int) -> bool:
    top = [cell for cell in rows[first] if text_of(cell)]
    if len(top) < 2 or any(_is_data(cell) for cell in top):
        return False
    below = rows[first + 1 : first + 1 + SAMPLE]
    for index, cell in enumerate(rows[first]):
        filled = [row[index] for row in below if index < len(row) and text_of(row[index])]
        if text_of(cell) and filled and sum(map(_is_data, filled)) >= _MOSTLY * len(filled):
            return True
    return False


def _content(rows: Sequence[Sequence[Cell]], index: int) -> _Content:
    cells = [row[index] for row in rows[:SAMPLE] if index < len(row)]
    texts = (text_of(cell)[:_LOOKED_AT] for cell in cells)
    return _Content(tuple(text for text in texts if text and not is_nothing(text)))


def _by_heading(heading: str, content: _Content) -> tuple[Field, float]:
    """What the heading says, unless what stands below says otherwise."""
    field, sure = read_heading(heading)
    if not content.texts:
        return field, sure
    match field:
        case Field.PHONE | Field.PHONE2 | Field.OTHER_CHANNEL if content.mostly(_EMAIL.fullmatch):
            return Field.EMAIL, 0.8
        case Field.TITLE if content.mostly(read_gender):
            return Field.GENDER, 0.8
        case Field.GENDER if content.share(read_gender) < 0.3:
            return Field.NICKNAME, 0.5
        case Field.KIND if content.share(read_kind) < 0.3:
            return Field.TAGS, 0.4
        case Field.GRADE if content.share(read_grade) < 0.2:
            return Field.TAGS, 0.5
        case Field.STAGE if content.share(read_stage) < 0.2 and heading_key(heading) in {"状态", "status", "进度"}:
            return Field.IGNORE, 0.3
        case Field.LOCATION if heading_key(heading) not in PARTS and content.share(read_place) < 0.5:
            return (Field.CITY, 0.6) if content.share(_is_town) >= 0.5 else (Field.ADDRESS, 0.6)
        case _:
            return field, sure


_REPEATABLE = frozenset(
    {Field.PHONE2, Field.FAX, Field.EMAIL, Field.WECHAT, Field.OTHER_CHANNEL, Field.NOTE, Field.TAGS, Field.ADDRESS}
    | {Field.NEEDS, Field.INTERESTS, Field.PREFERENCES, Field.IGNORE}
)


def _settle(
    guesses: Sequence[tuple[Field, float]], headings: Sequence[str], contents: Sequence[_Content]
) -> list[tuple[Field, float]]:
    """One column per field where there can be only one: the surest, the first of equals."""
    settled = list(guesses)
    for field in Field:
        claims = [i for i, (claimed, _) in enumerate(settled) if claimed is field]
        if len(claims) < 2 or field in _REPEATABLE:
            continue
        parts = [i for i in claims if heading_key(headings[i]) in PARTS]
        if parts == claims:
            continue  # first and last name, latitude and longitude: both are the field
        for i in parts:
            settled[i] = Field.IGNORE, 0.2  # the whole stands in a column of its own
        claims = [i for i in claims if i not in parts]
        winner = max(claims, key=lambda i: (settled[i][1], _fitness(field, headings[i], contents[i])))
        for i in claims:
            if i != winner:
                settled[i] = _second_best(field, contents[i])
    if all(field is not Field.PHONE for field, _ in settled):
        second = next((i for i, (field, _) in enumerate(settled) if field is Field.PHONE2), None)
        if second is not None:
            settled[second] = (Field.PHONE, settled[second][1])
    return settled


def _fitness(field: Field, heading: str, content: _Content) -> float:
    """Between two columns of customers' names, the one that is not a person's is the customer."""
    if field is Field.NAME:
        return content.share(lambda text: not is_person(text)) + (0.5 if heading_key(heading) != "姓名" else 0)
    return 0.0


def _second_best(field: Field, content: _Content) -> tuple[Field, float]:
    match field:
        case Field.PHONE:
            return Field.PHONE2, 0.7
        case Field.NAME if content.share(is_person) >= 0.5:
            return Field.CONTACT_NAME, 0.6
        case Field.COMPANY | Field.CONTACT_NAME | Field.NAME:
            return Field.IGNORE, 0.2
        case _:
            return Field.NOTE, 0.2  # nothing is lost: the note says under which heading it stood


def _fill(
    guesses: Sequence[tuple[Field, float]], contents: Sequence[_Content], *, named: bool
) -> list[tuple[Field, float]]:
    """Guess by content where no heading was known; in a sheet without headings, all columns."""
    filled = list(guesses)
    for index, content in enumerate(contents):
        if filled[index][1] > 0 or not content.texts:
            continue
        taken = {field for field, _ in filled}
        field, sure = _by_content(content, taken, named=named)
        filled[index] = (field, sure)
    if not {field for field, _ in filled} & {Field.NAME, Field.COMPANY, Field.CONTACT_NAME}:
        free = [i for i, (field, _) in enumerate(filled) if field is Field.IGNORE and contents[i].texts]
        named_best = max(free, key=lambda i: (_looks_named(contents[i]), -i), default=None)
        if named_best is not None and _looks_named(contents[named_best]) > 0:
            filled[named_best] = (Field.NAME, 0.3)
    return filled


def _by_content(content: _Content, taken: set[Field], *, named: bool) -> tuple[Field, float]:
    if content.mostly(_EMAIL.fullmatch):
        return Field.EMAIL, 0.9
    if content.mostly(_MOBILE.fullmatch):
        return (Field.PHONE2 if Field.PHONE in taken else Field.PHONE), 0.8
    if content.mostly(_DIALLED.fullmatch):
        return (Field.PHONE2 if Field.PHONE in taken else Field.PHONE), 0.6
    if named:
        return Field.IGNORE, 0.0  # somebody named it; what we do not know is left alone
    for field, test, share, sure in _SIGHTS:
        if field not in taken and content.share(test) >= share:
            return field, sure
    return Field.IGNORE, 0.0


def is_person(text: str) -> bool:
    """Whether a text is a Chinese person's full name: a surname and one or two characters."""
    return 2 <= len(text) <= 4 and split_name(fold(text)) is not None and not _is_town(text)


def _is_town(text: str) -> bool:
    return fold(text).rstrip("省市区县") in _PLACES


def _looks_named(content: _Content) -> float:
    if content.share(_NUMBER.fullmatch) > 0.2 or content.share(_PHONE.fullmatch) > 0.2:
        return 0.0
    return content.unique * content.share(lambda text: 2 <= len(text) <= 60)


_SIGHTS: tuple[tuple[Field, Callable[[str], object], float, float], ...] = (
    (Field.COMPANY, lambda text: LEGAL.search(fold(text)), 0.5, 0.7),
    (Field.NAME, is_person, _MOSTLY, 0.6),
    (Field.PHONE, _PHONE.fullmatch, _MOSTLY, 0.5),
    (Field.GENDER, read_gender, 0.9, 0.6),
    (Field.CITY, _is_town, _MOSTLY, 0.6),
    (Field.GRADE, read_grade, 0.9, 0.4),
    (Field.STAGE, read_stage, 0.9, 0.4),
    (Field.LOCATION, read_place, _MOSTLY, 0.6),
    (Field.ADDRESS, _STREET.search, 0.6, 0.5),
    (Field.NOTE, lambda text: len(text) > 12, 0.6, 0.3),
)
