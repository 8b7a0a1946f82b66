"""Text files with separators (CSV, TSV): which encoding, which separator, and the cells of each row.

Encodings are told apart by what they would make of the bytes, not by what decodes: nearly any bytes are *valid*
GB18030 or Latin-1, but a wrong reading is full of rare characters, while names and towns are written with common ones.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from domain.sheets import Limits, Reason, SheetRefused, as_it_was
from domain.values import frozen
from parsing.expressions import expression

SAMPLE = 1 << 20  # bytes looked at to tell encodings and separators apart
_SEPARATORS = (",", "\t", ";", "|", "，")
_SEPARATOR_LINE = expression(r"sep=([,\t;|:^~，])\r?$", re.I)  # the first line of a CSV made for Excel
_CONTROLS = expression("[\0-\x08\x0e-\x19\x1c-\x1f]")
_MOST_CONTROLS = 0.001  # of all characters; a stray one happens in exports, a binary file has one in ten
_FEW = 0.02  # damaged sequences among the non-ASCII ones that still make a UTF-8 file
_COMMON = 0.6  # of the Chinese characters in a right reading; wrong ones reach 0.55 at most


@frozen
class TextForm:
    """How a text file is written, so that its bad rows can be given back the same way.

    Attributes:
        encoding: Python's name of it, the byte order mark included (``utf-8-sig``).
        errors: ``strict`` for what was read to the end, ``replace`` where single bytes are damaged.
        separator: one character.
        announced: the first line says ``sep=`` and is no row.
    """

    encoding: str
    separator: str
    errors: str = "strict"
    announced: bool = False


def recognise(path: Path) -> TextForm:
    """Encoding and separator of a text file.

    Raises:
        SheetRefused: ``NOT_A_SHEET`` for bytes that are no text.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    encoding, errors = _encoding(path, sample)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    marked = encoding == "utf-8-sig" and errors == "strict"  # says that it is text, and is: our own export among them
    if not marked and len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise SheetRefused(Reason.NOT_A_SHEET, {"found": "binary"})
    first, _, _ = text.partition("\n")
    if match := _SEPARATOR_LINE.match(first):
        return TextForm(encoding, match[1], errors, announced=True)
    return TextForm(encoding, _separator(text), errors)


def read_text(path: Path, form: TextForm, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number as a spreadsheet program counts them; what our export quoted is as it was.

    Raises:
        SheetRefused: ``CELL_TOO_LONG``, ``TOO_MANY_COLUMNS`` or ``UNCLOSED_QUOTE``, with the row; ``DAMAGED``.
    """
    number = 0
    csv.field_size_limit(limits.longest_cell)
    try:
        with path.open(encoding=form.encoding, errors=form.errors, newline="") as file:
            lines = _Lines(file, form.separator, limits)
            if form.announced:
                next(lines)
            for cells in csv.reader(lines, delimiter=form.separator):
                number += 1
                lines.done()
                if len(cells) > limits.columns and len(cells) > limits.columns + _trailing_blanks(cells):
                    raise SheetRefused(Reason.TOO_MANY_COLUMNS, {"limit": limits.columns, "row": number})
                yield number, [as_it_was(cell) for cell in cells] if lines.quoted else cells
            if lines.open_quote():
                raise SheetRefused(Reason.UNCLOSED_QUOTE, {"row": number})
    except csv.Error as error:
        reason = Reason.CELL_TOO_LONG if "field limit" in str(error) else Reason.DAMAGED
        raise SheetRefused(reason, {"row": number + 1, "limit": limits.longest_cell}) from error
    except UnicodeError as error:
        raise SheetRefused(Reason.DAMAGED) from error


class _Lines:
    """Lines of the file, remembering those of the row that is being read, and stopping a row without end."""

    def __init__(self, file: TextIO, separator: str, limits: Limits) -> None:
        self._file = file
        self._separator = separator
        self._columns = limits.columns
        self._most = limits.columns + limits.longest_cell  # separators of a row, one cell being full of them
        self._longest = limits.columns * limits.longest_cell
        self._row: list[str] = []
        self._last: list[str] = []
        self._separators = 0
        self.quoted = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._longest)
        if not line:
            raise StopIteration
        self._separators += line.count(self._separator)
        if self._separators > self._most or len(line) >= self._longest:
            raise SheetRefused(Reason.TOO_MANY_COLUMNS, {"limit": self._columns})
        self._row.append(line)
        return line

    def done(self) -> None:
        self._last, self._row, self._separators = self._row, [], 0
        self.quoted = any("'" in line for line in self._last)

    def open_quote(self) -> bool:
        """Whether the last row only ended because the file did: everything after a stray quote is in one cell."""
        if len(self._last) < 2:
            return False
        try:
            for _ in csv.reader(self._last, delimiter=self._separator, strict=True):
                pass
        except csv.Error as error:
            return "unexpected end of data" in str(error)
        return False


def _trailing_blanks(cells: list[str]) -> int:
    blanks = 0
    for cell in reversed(cells):
        if cell.strip():
            break
        blanks += 1
    return blanks


def _encoding(path: Path, sample: bytes) -> tuple[str, str]:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name, "strict" if name == "utf-8-sig" and _is_utf8(path) else "replace"
    if wide := _utf16_without_mark(sample):
        return wide, "replace"
    if b"\0" in sample:
        raise SheetRefused(Reason.NOT_A_SHEET, {"found": "binary"})
    if _is_utf8(path):
        return "utf-8", "strict"
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(sample)
    if 0 < text.count("\ufffd") <= _FEW * sum(not char.isascii() for char in text):
        return "utf-8", "replace"
    scores = {name: _commonness(sample, name, pages) for name, pages in _CHINESE.items()}
    best = max(scores, key=scores.__getitem__)
    if scores[best] >= _COMMON:
        return best, "replace"
    return _western(sample), "replace"


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 by its line ends and separators: every one of them has a zero byte beside it, always on one side."""
    little = sum(sample[0::2].count(c) for c in b"\n\t,") and sample.count(b"\n\0") + sample.count(b",\0")
    big = sample.count(b"\0\n") + sample.count(b"\0,")
    if not (little or big):
        return None
    name = "utf-16-le" if little >= big else "utf-16-be"
    text = codecs.getincrementaldecoder(name)(errors="replace").decode(sample)
    good = sum(char.isalnum() or char in " ,;\t\r\n\"'-.@:/，。" for char in text[:4096])
    return name if good >= 0.9 * len(text[:4096]) else None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(SAMPLE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# The first bytes under which each standard files its everyday characters, and punctuation beside them
_CHINESE = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xAA)),
    "cp950": ("big5", range(0xA4, 0xC7), range(0xA1, 0xA4)),
}


def _commonness(sample: bytes, encoding: str, pages: tuple[str, range, range]) -> float:
    """Share of everyday characters among the non-ASCII ones, if these bytes were in that encoding."""
    standard, everyday, marks = pages
    counts = Counter(codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample))
    common = wide = 0
    for char, count in counts.items():
        if char.isascii():
            continue
        try:
            first = char.encode(standard)[0]
        except UnicodeEncodeError:
            first = 0
        wide += count * (3 if char == "\ufffd" else 1)
        common += count if first in everyday or first in marks else 0
    return common / wide if wide else 0.0


def _western(sample: bytes) -> str:
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _separator(text: str) -> str:
    """The separator under which most of the first rows have the same number of cells, and more than one."""
    lines = list(islice(io.StringIO(text, newline=""), 200))
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        if separator not in text[:SAMPLE]:
            continue
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if any(cells)]
        except csv.Error:
            continue
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if width == 1 and len(set(widths)) > 1:  # a list of one column with a comma here and there, or title rows
            width, count = Counter(w for w in widths if w > 1).most_common(1)[0]
        score = (count / len(widths)) * min(width, 20) if widths and width > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best
