"""How far apart the cells of an XLSX sheet lie, counted on its XML as it goes by.

A reader allocates the whole box between the first and the last cell: a file of 1 kB with two cells at opposite
corners takes 77 GB, and ends the process. So the box is known before a reader sees the file.
"""

import re

from domain.sheets import Limits, Reason, SheetRefused
from parsing.expressions import expression

_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*"""
_USUAL_CELL = expression(rb'<c r="[A-Z](\d{1,7})"')
_ANY_TAG = expression(rb"<(?:\w+:)?(?:row|c)[\s/>]")
_TAG = expression(rb"<(?:\w+:)?(row|c)" + _ATTRIBUTES + rb"(/?)>")
_REF = expression(rb"""\sr\s*=\s*["']([^"']*)""")
_CELL_REF = expression(rb"([A-Za-z]{1,3})(\d{1,7})")
_ROW_REF = expression(rb"\d{1,7}")


class UsedBox:
    """Rows and columns that hold content so far; refuses the sheet as soon as the box is beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows = self._columns = 0
        self._row = self._column = 0  # where a cell without a reference of its own would stand
        self._commented = False

    def see(self, xml: bytes) -> None:
        """Count whole tags of the sheet, in order.

        The form in which every program writes cells, ``A1`` to ``Z9999999``, is counted with two simple expressions.
        Anything else, or a box beyond the limits, is taken apart tag by tag.
        """
        rows = _USUAL_CELL.findall(xml)
        if len(rows) == xml.count(b"<c") and b":c" not in xml:
            last, width = max(map(int, set(rows)), default=0), self._width(xml)
            if last <= self._limits.rows and last * width <= self._limits.box:
                self._rows, self._columns = max(self._rows, last), width
                self._row = max(self._row + xml.count(b"<row"), last)
                self._check()
                return
        self._see_tags(xml)
        self._check()

    def _width(self, xml: bytes) -> int:
        """The columns so far, or more where a usual cell stands further right."""
        if self._columns >= 26:
            return self._columns
        further = re.findall(rb'<c r="([%c-Z])' % (65 + self._columns), xml)
        return max((letter[0] - 64 for letter in set(further)), default=self._columns)

    def _see_tags(self, xml: bytes) -> None:
        """As ``see``, without the cells that only carry a format: readers skip those."""
        self._commented |= b"<!" in xml
        tags = _TAG.findall(xml)
        if len(tags) != len(_ANY_TAG.findall(xml)):
            raise SheetRefused(Reason.DAMAGED)  # not well-formed: what we cannot count may count for a reader
        for tag, attributes, closed in tags:
            ref = _REF.search(attributes)
            if tag == b"row":
                self._row = max(self._row + 1, _row(ref))
                self._column = 0
                continue
            row, column = self._cell(ref)
            self._column = column
            if not closed:
                self._rows, self._columns = max(self._rows, row), max(self._columns, column)

    def _cell(self, ref: re.Match[bytes] | None) -> tuple[int, int]:
        if ref is None:
            if self._commented:  # what stands in a comment would throw the counting of places off
                raise SheetRefused(Reason.DAMAGED)
            return self._row, self._column + 1
        parts = _CELL_REF.fullmatch(ref[1])
        if parts is None:
            raise SheetRefused(Reason.DAMAGED)
        column = 0
        for letter in parts[1].upper():
            column = column * 26 + letter - 64
        return int(parts[2]), column

    def _check(self) -> None:
        if self._rows > 2 * self._limits.rows:  # the exact count is the reader's; gaps are no rows
            raise SheetRefused(Reason.TOO_MANY_ROWS, {"limit": self._limits.rows})
        if self._rows * self._columns > self._limits.box:
            raise SheetRefused(Reason.TOO_SCATTERED, {"limit": self._limits.box})


def _row(ref: re.Match[bytes] | None) -> int:
    if ref is None:
        return 0
    if not _ROW_REF.fullmatch(ref[1]):
        raise SheetRefused(Reason.DAMAGED)
    return int(ref[1])
