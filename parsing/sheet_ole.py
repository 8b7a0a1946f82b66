"""Old Excel files (XLS) are a small file system of sectors: walked here with every chain bounded, before a parser does.

What is looked for: a password, macros, another kind of document in the same wrapping, and cells so far apart that
a reader would allocate gigabytes between them. Layout: Microsoft's MS-CFB (the sectors) and MS-XLS (the records).
"""

import struct
from array import array
from collections.abc import Iterator
from typing import IO

from domain.sheets import MEBIBYTE, Limits, Reason, SheetRefused

MOST_BYTES = 64 * MEBIBYTE  # 65,536 full rows of 40 columns, which is more than the format's customers ever had

_SHIFTS = struct.Struct("<30xHH")  # of the header: sector size, small sector size
_PLACES = struct.Struct("<44xLL4xLL4xL")  # FAT sectors, first of the directory, cutoff, first mini FAT, first DIFAT
_ENTRY = 128
_COUNTS = struct.Struct("<64xL4xL")  # sectors of the mini FAT and of the DIFAT
_END_OF_CHAIN = 0xFFFFFFFE
_RECORD = struct.Struct("<HH")
_BOF, _FILEPASS, _DIMENSIONS, _STRINGS = 0x0809, 0x002F, 0x0200, 0x00FC
_USED = struct.Struct("<LLHH")  # first row, row after the last, the same for columns
_SHORTEST_STRING = 3  # bytes of a shared string: its length and a flag
_CONTENT = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00D6, 0x00FD})  # record kinds with a value
_LAST_COLUMN = 255  # of the format


def check_ole(file: IO[bytes], size: int, limits: Limits) -> None:
    """Refuse an OLE file that is no plain workbook.

    Raises:
        SheetRefused: ``ENCRYPTED``, ``MACROS``, ``NOT_A_SHEET``, ``DAMAGED``, ``TOO_BIG`` or ``TOO_SCATTERED``.
    """
    if size > MOST_BYTES:
        raise SheetRefused(Reason.TOO_BIG, {"bytes": size, "limit": min(MOST_BYTES, limits.file_bytes)})
    file.seek(0)
    try:
        ole = _Ole(file.read(MOST_BYTES))
        streams = ole.streams()
        if "encryptedpackage" in streams:
            raise SheetRefused(Reason.ENCRYPTED)
        if streams.keys() & {"_vba_project_cur", "_vba_project", "vba", "macros"}:
            raise SheetRefused(Reason.MACROS)
        book = streams.get("workbook") or streams.get("book")
        if book is None:
            raise SheetRefused(Reason.NOT_A_SHEET, {"found": "ole"})
        _check_records(ole.read(*book), limits)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise SheetRefused(Reason.DAMAGED) from error


class _Ole:
    """Sectors, chains and the directory of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = _SHIFTS.unpack_from(data)
        fats, first_directory, self._cutoff, first_mini, first_difat = _PLACES.unpack_from(data)
        minis, difats = _COUNTS.unpack_from(data)
        if shift not in {9, 12} or mini_shift != 6:
            raise SheetRefused(Reason.DAMAGED)
        self._sector = 1 << shift
        self._most = len(data) // self._sector + 1  # sectors there can be: no chain is longer
        if max(fats, minis, difats) > self._most:
            raise SheetRefused(Reason.DAMAGED)
        self._fat = self._read_fat(fats, first_difat)
        self._mini_fat = _longs(b"".join(self._chain(first_mini, self._fat))) if first_mini < self._most else array("I")
        self._directory = b"".join(self._chain(first_directory, self._fat))

    def streams(self) -> dict[str, tuple[int, int]]:
        """First sector and size by name, in lower case; storages too, since macros are one."""
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self._directory) - _ENTRY + 1, _ENTRY):
            entry = self._directory[at : at + _ENTRY]
            length = min(struct.unpack_from("<H", entry, 64)[0], 64)
            name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace").lower()
            start, size = struct.unpack_from("<LL", entry, 116)
            if size > len(self._data):
                raise SheetRefused(Reason.DAMAGED)
            if name:
                found.setdefault(name, (start, size))
        return found

    def read(self, start: int, size: int) -> bytes:
        """A stream's bytes; small ones live in 64-byte pieces of the root's own stream."""
        if size >= self._cutoff:
            return b"".join(self._chain(start, self._fat))[:size]
        root = b"".join(self._chain(struct.unpack_from("<L", self._directory, 116)[0], self._fat))
        pieces, left = [], len(root) // 64 + 1
        while start < _END_OF_CHAIN and left:
            pieces.append(root[start * 64 : start * 64 + 64])
            start, left = self._mini_fat[start], left - 1
        return b"".join(pieces)[:size]

    def _read_fat(self, fats: int, first_difat: int) -> "array[int]":
        where = _longs(self._data[76:512])
        sector, left = first_difat, self._most
        while sector < self._most and left:
            block = _longs(self._at(sector))
            where.extend(block[:-1])
            sector, left = block[-1], left - 1
        fat = array("I")
        for number in where[: min(fats, self._most)]:
            if number < self._most:
                fat.extend(_longs(self._at(number)))
        return fat

    def _chain(self, start: int, fat: "array[int]") -> Iterator[bytes]:
        left = self._most
        while start < _END_OF_CHAIN:
            if not left:
                raise SheetRefused(Reason.DAMAGED)  # a chain that bites its tail
            yield self._at(start)
            start, left = fat[start], left - 1

    def _at(self, sector: int) -> bytes:
        return self._data[(sector + 1) * self._sector : (sector + 2) * self._sector]


def _longs(data: bytes) -> "array[int]":
    values = array("I")
    values.frombytes(data[: len(data) // 4 * 4])
    return values


def _check_records(book: bytes, limits: Limits) -> None:
    at, end = 0, len(book)
    rows = columns = 0
    unpack = _RECORD.unpack_from
    while at + 4 <= end:
        kind, length = unpack(book, at)
        if kind in _CONTENT and length >= 4:
            row, column = unpack(book, at + 4)
            if column > _LAST_COLUMN:
                raise SheetRefused(Reason.DAMAGED)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if rows * columns > limits.box:
                raise SheetRefused(Reason.TOO_SCATTERED, {"limit": limits.box})
        elif kind in {_DIMENSIONS, _STRINGS}:
            _check_promise(book, at, length, limits)
        elif kind == _BOF:
            rows = columns = 0
        elif kind == _FILEPASS:
            raise SheetRefused(Reason.ENCRYPTED)
        at += 4 + length


def _check_promise(book: bytes, at: int, length: int, limits: Limits) -> None:
    """How much the file says will follow: readers make room for it before they look."""
    if _RECORD.unpack_from(book, at)[0] == _STRINGS:
        if length >= 8 and struct.unpack_from("<8xL", book, at)[0] * _SHORTEST_STRING > len(book):
            raise SheetRefused(Reason.DAMAGED)
        return
    if length >= _USED.size:
        first_row, end_row, first_column, end_column = _USED.unpack_from(book, at + 4)
    elif length >= 8:
        first_row, end_row, first_column, end_column = struct.unpack_from("<4H", book, at + 4)
    else:
        return
    if first_row > end_row or first_column > end_column or end_column > _LAST_COLUMN + 1:
        raise SheetRefused(Reason.DAMAGED)
    if (end_row - first_row + 1) * (end_column - first_column + 1) > limits.box:
        raise SheetRefused(Reason.TOO_SCATTERED, {"limit": limits.box})
