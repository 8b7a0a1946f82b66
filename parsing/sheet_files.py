"""Is this file safe to hand to a parser? Checked by content, never by name, before anything is built from it.

``guarded`` reads every byte an XLSX unpacks to, in small pieces, and refuses what no customer list needs. It is the
first of two walls: the caller runs the parser itself in a worker process under ``limit_process``.
"""

import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from domain.sheets import Limits, Reason, SheetKind, SheetRefused
from parsing.expressions import expression
from parsing.sheet_boxes import UsedBox
from parsing.sheet_ole import check_ole

PIECE = 1 << 18  # bytes read at a time: small enough for the cache, large enough that Python hardly shows

_END = struct.Struct("<4s4H2LH")  # end of central directory: signature, 4 counts, size, offset, comment length
_END_SIGNATURE = b"PK\x05\x06"
_LONGEST_NAME = 512  # bytes of a member's directory entry beyond which the directory is a trap of its own

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FOREIGN = (
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"\xcf\xfa\xed\xfe", "exe"),
    (b"\xca\xfe\xba\xbe", "exe"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3", "sqlite"),
    (_END_SIGNATURE, "zip"),
)
_ARCHIVES = (_ZIP, b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ")
_MARKUP = (
    (expression(rb"<!doctype html|<html|<table|<meta|<head", re.I), "html"),
    (expression(rb"<\?xml|<\?mso"), "xml"),
    (expression(rb"\s*[\[{]\s*[\"{]"), "json"),
)


def guarded(path: Path, limits: Limits) -> SheetKind:
    """What the file is, once it has been found harmless.

    Raises:
        SheetRefused: with the first thing found against it.
    """
    size = path.stat().st_size
    if size == 0:
        raise SheetRefused(Reason.EMPTY)
    if size > limits.file_bytes:
        raise SheetRefused(Reason.TOO_BIG, {"bytes": size, "limit": limits.file_bytes})
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_ZIP):
            _check_zip(file, size, limits)
            return SheetKind.XLSX
        if head.startswith(_OLE):
            check_ole(file, size, limits)
            return SheetKind.XLS
    _check_text(head)
    return SheetKind.CSV


def limit_process(mebibytes: int, seconds: int) -> None:
    """From now on this process may take so much more memory and processor time; for worker processes only.

    Beyond the memory Python raises ``MemoryError`` (a parser in Rust ends the process), beyond the time the system
    ends the process. Where the system knows no such limits nothing happens.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + 1 + seconds
    for kind, soft in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_AS, _address_space() + (mebibytes << 20))):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold customers


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not tell, so that the limit is then the sum."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * 4096 if statm.exists() else 0


def _check_text(head: bytes) -> None:
    for signature, found in _FOREIGN:
        if head.startswith(signature) and (len(signature) > 3 or b"\0" in head or not head.isascii()):
            raise SheetRefused(Reason.NOT_A_SHEET, {"found": found})
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, found in _MARKUP:
        if pattern.match(start):
            raise SheetRefused(Reason.OTHER_FORMAT, {"found": found})


def _check_zip(file: IO[bytes], size: int, limits: Limits) -> None:
    _check_directory(file, size, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, limits)
            _check_contents(archive, members, size, limits)
    except SheetRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error, OSError) as error:
        raise SheetRefused(Reason.DAMAGED) from error


def _check_directory(file: IO[bytes], size: int, limits: Limits) -> None:
    """Before ``zipfile`` builds an object per member: a directory of 20 MB would be 400,000 of them."""
    tail = min(size, _END.size + 0xFFFF)
    file.seek(size - tail)
    block = file.read(tail)
    at = block.rfind(_END_SIGNATURE)
    if at < 0 or len(block) - at < _END.size:
        raise SheetRefused(Reason.DAMAGED)
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(block, at)
    if block[:at][-20:].startswith(b"PK\x06\x07"):  # a second, wider record stands before: zipfile believes that one
        if at < 76 or not block[at - 76 :].startswith(b"PK\x06\x06"):
            raise SheetRefused(Reason.DAMAGED)
        entries, directory = struct.unpack_from("<32xQQ", block, at - 76)
    if entries > limits.entries or directory > limits.entries * _LONGEST_NAME:
        raise SheetRefused(Reason.TOO_MANY_ENTRIES, {"limit": limits.entries})
    file.seek(0)


def _check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.entries:
        raise SheetRefused(Reason.TOO_MANY_ENTRIES, {"limit": limits.entries})
    names = {member.filename.lower().replace("\\", "/") for member in members}
    if any(member.flag_bits & 0x1 for member in members):
        raise SheetRefused(Reason.ENCRYPTED)
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise SheetRefused(Reason.MACROS)
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise SheetRefused(Reason.DAMAGED)  # a spreadsheet uses no other, and the others take memory at will
    for sign, found in (
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "ods"),
        ("index/document.iwa", "numbers"),
        ("word/document.xml", "docx"),
        ("ppt/presentation.xml", "pptx"),
    ):
        if sign in names:
            sheet = found in {"xlsb", "ods", "numbers"}
            raise SheetRefused(Reason.OTHER_FORMAT if sheet else Reason.NOT_A_SHEET, {"found": found})
    if "[content_types].xml" not in names:
        raise SheetRefused(Reason.NOT_A_SHEET, {"found": "zip"})


def _check_contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    unpacked = 0
    for member in members:
        name = member.filename.lower()
        watch = _Watch(name, limits)
        for piece in _pieces(archive, member):
            unpacked += len(piece)
            if unpacked > limits.unpacked_bytes:
                raise SheetRefused(Reason.UNPACKS_TOO_BIG, {"limit": limits.unpacked_bytes})
            if unpacked > limits.ratio * size + PIECE:
                raise SheetRefused(Reason.PACKED_TOO_TIGHT, {"limit": limits.ratio})
            watch.see(piece)
        watch.finish()


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes as they unpack, whatever size its header promised."""
    # zipfile stops at the promised size; a parser need not, so a member is read as if it had promised the most
    promised, member.file_size = member.file_size, 1 << 40
    crc, member.CRC = member.CRC, None  # type: ignore[assignment]  # checked below by the parser; here sizes matter
    try:
        with archive.open(member) as stream:
            read = 0
            while piece := stream.read(PIECE):
                read += len(piece)
                yield piece
    finally:
        member.file_size, member.CRC = promised, crc
    if read != promised:
        raise SheetRefused(Reason.DAMAGED)


class _Watch:
    """Looks at one member of the archive as it goes by. Which members are sheets is told by their content."""

    _LONGEST_TAG = 4096  # bytes; a cell's tag has about 30

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._tail = b""
        self._first = True
        self._strings = 0
        self._box: UsedBox | None = None

    def see(self, piece: bytes) -> None:
        if self._first:
            self._check_start(piece)
        window = self._tail + piece
        if b"<!" in window and (b"<!DOCTYPE" in window or b"<!ENTITY" in window):
            raise SheetRefused(Reason.DTD, {"entry": self._name})
        # only whole tags are counted; what follows the last "<" waits for the next piece
        cut = window.rfind(b"<")
        self._tail = window[cut:] if cut >= 0 else b""
        if len(self._tail) > self._LONGEST_TAG:
            if b">" not in self._tail and self._box:
                raise SheetRefused(Reason.DAMAGED)
            cut, self._tail = len(window), b""
        self._count(window[:cut] if cut >= 0 else window)

    def finish(self) -> None:
        self._count(self._tail)

    def _check_start(self, piece: bytes) -> None:
        self._first = False
        if piece.startswith(_ARCHIVES):
            raise SheetRefused(Reason.NESTED_ARCHIVE, {"entry": self._name})
        if self._name.endswith((".xml", ".rels")) and b"\0" in piece[:4]:
            raise SheetRefused(Reason.DAMAGED)  # UTF-16, in which none of the checks would see anything
        if self._name == "[content_types].xml" and b"macroEnabled" in piece:
            raise SheetRefused(Reason.MACROS)

    def _count(self, whole: bytes) -> None:
        if self._box is None and b"sheetData" in whole:
            self._box = UsedBox(self._limits)
        if self._box:
            self._box.see(whole)
            return
        self._strings += whole.count(b"<si") + whole.count(b":si")
        if self._strings > self._limits.box:
            raise SheetRefused(Reason.TOO_SCATTERED, {"limit": self._limits.box})
