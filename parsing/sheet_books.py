"""Workbooks (XLSX, XLS) through calamine: which sheet, and the cells of each row. ``guarded`` comes before."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import python_calamine as calamine

from domain.sheets import Cell, Limits, Reason, SheetRefused

MOST_SHEETS = 20  # looked into for the one that holds the list; the rest of a workbook is attachments
_TALLEST_MERGE = 1_000  # rows; more is a format painted over a column, not one company with its contacts
_MOST_MERGED = 200_000  # cells filled from the one above


class Book:
    """The sheet of a workbook that holds the customers, and the names of all visible ones."""

    def __init__(self, path: Path, *, name: str | None, rate: Callable[[Sequence[Sequence[Cell]]], float]) -> None:
        """Open the sheet called ``name``, or the one whose first rows are rated best: the first of equals.

        Raises:
            SheetRefused: ``ENCRYPTED``, ``DAMAGED``, or ``EMPTY`` where no visible sheet has a cell.
        """
        with _in_our_words():
            self._book = calamine.load_workbook(path)
            self.names = tuple(
                sheet.name
                for sheet in self._book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
            )
            wanted = [name] if name in self.names else self.names[:MOST_SHEETS]
            best = -1.0
            for candidate in wanted:
                sheet = self._book.get_sheet_by_name(candidate)
                if sheet.start is None:
                    continue
                rating = rate(sheet.to_python(nrows=40)) if len(wanted) > 1 else 0.0
                if rating > best:
                    best, self._sheet = rating, sheet
            if best < 0:
                raise SheetRefused(Reason.EMPTY)
        self.name = self._sheet.name

    def width(self) -> int:
        return self._sheet.width

    def rows(self, limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
        """Rows with their number as the program shows it; a value merged over several rows stands in each.

        Raises:
            SheetRefused: ``TOO_MANY_COLUMNS``, or ``DAMAGED`` by a cell that is no value.
        """
        if self._sheet.width > limits.columns:
            raise SheetRefused(Reason.TOO_MANY_COLUMNS, {"limit": limits.columns})
        merged = self._merged()
        values: dict[tuple[int, int], Cell] = {}
        with _in_our_words():
            for index, cells in enumerate(self._sheet.iter_rows()):
                for column, top in merged.get(index, ()):
                    if top == index:
                        values[top, column] = cells[column]
                    else:
                        cells[column] = values[top, column]
                yield index + 1, cells

    def _merged(self) -> dict[int, list[tuple[int, int]]]:
        """Row -> columns whose value stands in an earlier row of a merged cell, with that row."""
        assert self._sheet.start is not None
        first = self._sheet.start[1]
        with _in_our_words():
            ranges = self._sheet.merged_cell_ranges or ()
        found: dict[int, list[tuple[int, int]]] = {}
        filled = 0
        for (top, left), (bottom, _) in ranges:
            tall = bottom - top
            if not 0 < tall <= _TALLEST_MERGE or not 0 <= left - first < self._sheet.width:
                continue
            filled += tall
            if filled > _MOST_MERGED:
                break
            for row in range(top, bottom + 1):
                found.setdefault(row, []).append((left - first, top))
        return found


@contextmanager
def _in_our_words() -> Iterator[None]:
    """calamine's errors, and the panics of the Rust below it, as one word: the file is not what it says it is."""
    try:
        yield
    except calamine.PasswordError as error:
        raise SheetRefused(Reason.ENCRYPTED) from error
    except (calamine.CalamineError, OverflowError, ValueError, MemoryError, OSError) as error:
        raise SheetRefused(Reason.DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # it cannot be imported, and is no ``Exception``
            raise
        raise SheetRefused(Reason.DAMAGED) from error
