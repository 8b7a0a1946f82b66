"""Customer files opened: what kind, which columns, and the rows one after the other; ``sheet_rows`` understands them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from domain.sheets import Cell, Column, Field, Limits, Reason, SheetKind, SheetRefused
from domain.values import frozen
from parsing.sheet_books import Book
from parsing.sheet_columns import SAMPLE, find_heading, guess_columns, rate_rows
from parsing.sheet_files import guarded
from parsing.sheet_texts import TextForm, read_text, recognise

_LONGEST_HEADING = 200  # characters that are looked at
_PEEK = SAMPLE + 30  # rows read before anything is known of them


class RawRow(NamedTuple):
    """Cells of a row as they stand in the file.

    ``number`` is the row's in a spreadsheet program, from 1. ``joined``: a value was put together again whose
    separator had lost its quotes. More cells than the sheet has columns: that could not be done.
    """

    number: int
    cells: list[Cell]
    joined: bool = False


@frozen
class Sheet:
    """A customer file that can be read, as often as needed.

    Attributes:
        name: of the file, as it was called by whoever sent it.
        columns: with the guessed field of each.
        rows: those under the heading that have content; iterating reads the file anew.
        count: of ``rows``.
        heading_row: its number, 0 where the file has none.
        encoding, separator: of a text file, as Python names them.
        sheet_name, sheet_names: of a workbook: the one read, and all visible ones.
        ours: written by our own export, so that every cell means what it says.
    """

    name: str
    kind: SheetKind
    columns: tuple[Column, ...]
    rows: "Rows"
    count: int
    heading_row: int
    encoding: str = ""
    separator: str = ""
    sheet_name: str = ""
    sheet_names: tuple[str, ...] = ()
    ours: bool = False


def open_sheet(path: Path, *, name: str, limits: Limits, sheet: str | None = None) -> Sheet:
    """Check a file, find its heading and guess its columns; all rows have been seen once when this returns.

    Args:
        name: what the file was called; its content alone decides what it is.
        sheet: of a workbook; else the one that looks most like a list of customers.

    Raises:
        SheetRefused: with the reason; nothing else, whatever the file holds.
    """
    kind = guarded(path, limits)
    if kind is SheetKind.CSV:
        form = recognise(path)
        return _described(_TextSource(path, form, limits), name, kind, limits, form=form)
    book = Book(path, name=sheet, rate=rate_rows)
    return _described(_BookSource(book, limits), name, kind, limits, book=book)


class _TextSource:
    """Rows of a text file."""

    ragged = True  # a separator inside a value shifts what follows

    def __init__(self, path: Path, form: TextForm, limits: Limits) -> None:
        self._path, self._form, self._limits = path, form, limits
        self.separator = form.separator

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        for number, cells in read_text(self._path, self._form, self._limits):
            yield number, list[Cell](cells)


class _BookSource:
    """Rows of a workbook's sheet."""

    ragged = False
    separator = ""

    def __init__(self, book: Book, limits: Limits) -> None:
        self._book, self._limits = book, limits

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        return self._book.rows(self._limits)


class Rows:
    """The rows under the heading, read anew by each loop."""

    def __init__(
        self, source: _TextSource | _BookSource, *, heading_row: int, width: int, whole: int, limits: Limits
    ) -> None:
        self._source = source
        self._heading_row = heading_row
        self._width = width  # cells that are handed out
        self._whole = whole  # cells a row of the file has, a blank one after the last separator among them
        self._limits = limits

    def __iter__(self) -> Iterator[RawRow]:
        width = self._width
        for number, cells in self._source:
            if number <= self._heading_row or ((not cells or cells[0] == "") and _is_blank(cells)):
                continue
            yield RawRow(number, cells) if len(cells) == width else self._fitted(number, cells)

    def counted(self) -> int:
        """How many there are.

        Raises:
            SheetRefused: ``TOO_MANY_ROWS``, or ``CELL_TOO_LONG`` with the row.
        """
        count, most, longest = 0, self._limits.rows, self._limits.longest_cell
        for number, cells, _ in self:
            count += 1
            if count > most:
                raise SheetRefused(Reason.TOO_MANY_ROWS, {"limit": most})
            for cell in cells:
                if type(cell) is str and len(cell) > longest:
                    raise SheetRefused(Reason.CELL_TOO_LONG, {"row": number, "limit": longest})
        return count

    def _fitted(self, number: int, cells: list[Cell]) -> RawRow:
        missing = self._width - len(cells)
        if missing > 0:
            return RawRow(number, cells + [""] * missing)
        if not self._source.ragged:
            return RawRow(number, cells[: self._width])
        whole = rejoin(cells, self._whole, self._source.separator) if len(cells) > self._whole else None
        fitted = whole or cells
        if _is_blank(fitted[self._width :]):
            fitted = fitted[: self._width]
        return RawRow(number, fitted, joined=whole is not None)


def rejoin(cells: Sequence[Cell], width: int, separator: str) -> list[Cell] | None:
    """A row with too many cells, put together where a separator is followed by a blank, as in ``24, place Kléber``.

    Programs write no blank after a separator, people do. ``None`` where that does not give the right number of cells.
    """
    whole: list[Cell] = []
    for cell in cells:
        if whole and type(cell) is str and cell[:1] == " " and cell.strip():
            whole[-1] = f"{whole[-1]}{separator}{cell}"
        else:
            whole.append(cell)
    return whole if len(whole) == width else None


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(type(cell) is str and not cell.strip() for cell in cells)


def _described(
    source: _TextSource | _BookSource,
    name: str,
    kind: SheetKind,
    limits: Limits,
    *,
    form: TextForm | None = None,
    book: Book | None = None,
) -> Sheet:
    peek = [(number, cells) for number, cells in islice(source, _PEEK) if not _is_blank(cells)]
    if not peek:
        raise SheetRefused(Reason.EMPTY)
    at = find_heading([cells for _, cells in peek])
    heading = [] if at is None else peek[at][1]
    below = [cells for _, cells in peek[0 if at is None else at + 1 :]]
    width = _width(heading, below, ragged=source.ragged)
    headings = _names(heading, width)
    heading_row = 0 if at is None else peek[at][0]
    whole = len(heading) or Counter(len(cells) for cells in below).most_common(1)[0][0]
    rows = Rows(source, heading_row=heading_row, width=width, whole=max(whole, width), limits=limits)
    count = rows.counted()
    if not count:
        raise SheetRefused(Reason.NO_ROWS)
    sample = [row.cells for row in islice(rows, SAMPLE)]
    columns = guess_columns(headings, sample, named=at is not None)
    return Sheet(
        name=name,
        kind=kind,
        columns=columns,
        rows=rows,
        count=count,
        heading_row=heading_row,
        encoding=form.encoding if form else "",
        separator=form.separator if form else "",
        sheet_name=book.name if book else "",
        sheet_names=book.names if book else (),
        ours=any(column.field is Field.KEYUAN_ID and column.confidence == 1.0 for column in columns),
    )


def _width(heading: Sequence[Cell], below: Sequence[Sequence[Cell]], *, ragged: bool) -> int:
    """Columns of the sheet: those with a heading, or with content below; of a text, as many as most rows have."""
    if heading:
        named = _filled(heading)
        if not ragged:
            return max([named, *map(_filled, below)])
        usual = Counter(_filled(row) for row in below).most_common(1)
        return max(named, usual[0][0] if usual and 2 * usual[0][1] > len(below) else 0)
    return Counter(_filled(row) for row in below).most_common(1)[0][0] if ragged else max(map(_filled, below))


def _filled(cells: Sequence[Cell]) -> int:
    """Cells up to the last with content."""
    for index in range(len(cells), 0, -1):
        if not _is_blank(cells[index - 1 : index]):
            return index
    return 0


def _names(heading: Sequence[Cell], width: int) -> list[str]:
    """Headings on one line each; a letter, as spreadsheet programs show it, where there is none."""
    texts = [" ".join(str(cell)[:_LONGEST_HEADING].split()) for cell in heading[:width]]
    texts += [""] * (width - len(texts))
    return [text or _letters(index) for index, text in enumerate(texts)]


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
