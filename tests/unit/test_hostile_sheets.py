"""Files made to harm: refused by what they hold, in no time and without room; whatever the bytes, nothing else is raised."""

import datetime as dt
import io
import random
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.sheets import CHAT_LIMITS, COMMAND_LIMITS, MEBIBYTE, Field, Reason, SheetKind, SheetRefused
from parsing.sheet_rows import import_rows
from parsing.sheets import Sheet, open_sheet
from views.language import Translator
from views.sheet_words import column_name

ROOT = Path(__file__).parents[2]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Anna</t></is></c></row>'


def parts(rows: str = ROWS, *, head: str = "", kind: str = "sheet.main+xml") -> dict[str, bytes]:
    """The members of a small workbook of one sheet."""
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="x/x"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return {name: f'<?xml version="1.0"?>{text}'.encode() for name, text in texts.items()}


def packed(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE file of 512-byte sectors: FAT, directory, then each stream."""
    bodies = [body.ljust(-(-max(len(body), 4096) // 512) * 512, b"\0") for body in streams.values()]
    fat, entries, at = [0xFFFFFFFD, 0xFFFFFFFE], [], 2
    for name, body in zip(streams, bodies, strict=True):
        count = len(body) // 512
        entries.append((name, 2, at, len(body)))
        fat += [*range(at + 1, at + count), 0xFFFFFFFE]
        at += count
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBLLL20xQQLQ", 2 * len(name) + 2, kind, 1, 2**32 - 1, 2**32 - 1, child, 0, 0, start, size)
        for name, kind, start, size, child in [
            ("Root Entry", 5, 2**32 - 2, 0, 1),
            *((*entry, 2**32 - 1) for entry in entries),
        ]
    )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 2**32 - 2, 0, 2**32 - 2, 0)
        + struct.pack("<109L", 0, *[2**32 - 1] * 108)
    )
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(512, b"\xff")
    return header + table + directory.ljust(512, b"\0") + b"".join(bodies)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def book(*cells: bytes, before: bytes = b"") -> bytes:
    """An XLS stream of one sheet."""
    begin = struct.pack("<HHHHLL", 0x0600, 0x0005, 0, 0, 0, 6)
    sheet_begin = struct.pack("<HHHHLL", 0x0600, 0x0010, 0, 0, 0, 6)
    globals_ = record(0x0809, begin) + before
    offset = len(globals_) + 4 + 9 + 4
    globals_ += record(0x0085, struct.pack("<LBBBB", offset, 0, 0, 1, 0) + b"S") + record(0x000A, b"")
    return globals_ + record(0x0809, sheet_begin) + b"".join(cells) + record(0x000A, b"")


def opened(path: Path, content: bytes) -> Sheet:
    path.write_bytes(content)
    return open_sheet(path, name="customers.xlsx", limits=CHAT_LIMITS)


def refusal(path: Path, content: bytes) -> Reason:
    with pytest.raises(SheetRefused) as refused:
        opened(path, content)
    return refused.value.reason


def with_part(name: str, content: bytes) -> bytes:
    return packed(parts() | {name: content})


def lying(content: bytes, promised: int) -> bytes:
    """The archive with another unpacked size in the directory, for its largest member."""
    members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    true = max(member.file_size for member in members)
    return content.replace(struct.pack("<L", true), struct.pack("<L", promised))


def locked(content: bytes) -> bytes:
    """The archive with every member marked as encrypted."""
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content = content[: at + 8] + b"\x01" + content[at + 9 :]
        at = content.find(b"PK\x01\x02", at + 4)
    return content


def cells(*refs: str) -> bytes:
    return packed(parts("".join(f'<row r="1"><c r="{ref}"><v>1</v></c></row>' for ref in refs)))


HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "program": (lambda: b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + b"\0" * 500, Reason.NOT_A_SHEET),
    "elf": (lambda: b"\x7fELF\2\1\1" + b"\0" * 500, Reason.NOT_A_SHEET),
    "pdf": (lambda: b"%PDF-1.7\n1 0 obj\n", Reason.NOT_A_SHEET),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Reason.NOT_A_SHEET),
    "archive": (lambda: packed({"a.txt": b"hello"}), Reason.NOT_A_SHEET),
    "empty archive": (lambda: packed({}), Reason.NOT_A_SHEET),
    "document": (lambda: with_part("word/document.xml", b"<x/>"), Reason.NOT_A_SHEET),
    "web page": (lambda: b"\xef\xbb\xbf <HTML><table><tr><td>Anna</td></tr></table>", Reason.OTHER_FORMAT),
    "old xml": (lambda: b'<?xml version="1.0"?><Workbook/>', Reason.OTHER_FORMAT),
    "json": (lambda: b'[{"name": "Anna"}]', Reason.OTHER_FORMAT),
    "open document": (lambda: packed({"mimetype": b"x", "content.xml": b"<x/>"}), Reason.OTHER_FORMAT),
    "binary workbook": (lambda: with_part("xl/workbook.bin", b"x"), Reason.OTHER_FORMAT),
    "zeroes": (lambda: b"\0" * 5000, Reason.NOT_A_SHEET),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"x"), Reason.MACROS),
    "macros, moved": (lambda: with_part("other/VBAPROJECT.BIN", b"x"), Reason.MACROS),
    "macros, by type": (
        lambda: packed(parts(kind="sheet.macroEnabled.main+xml")),
        Reason.MACROS,
    ),
    "dtd": (lambda: packed(parts(head='<!DOCTYPE x [<!ENTITY a "b">]>')), Reason.DTD),
    "dtd behind a long comment": (
        lambda: packed(parts(head=f"<!--{'x' * 300_000}--><!DOCTYPE x>"), method=zipfile.ZIP_STORED),
        Reason.DTD,
    ),
    "dtd in a part that is no xml by name": (lambda: with_part("xl/x.dat", b"<!DOCTYPE x>"), Reason.DTD),
    "utf-16, unseen by the checks": (
        lambda: with_part("xl/styles.xml", "<!DOCTYPE x>".encode("utf-16")),
        Reason.DAMAGED,
    ),
    "bomb": (lambda: with_part("xl/bomb.xml", b" " * 30_000_000), Reason.PACKED_TOO_TIGHT),
    "many members": (lambda: packed(parts() | {f"x/{n}": b"" for n in range(1001)}), Reason.TOO_MANY_ENTRIES),
    "nested archive": (lambda: with_part("xl/embeddings/a.xlsx", packed(parts())), Reason.NESTED_ARCHIVE),
    "nested gzip": (lambda: with_part("xl/x.bin", b"\x1f\x8b\x08\0\0"), Reason.NESTED_ARCHIVE),
    "promises less": (lambda: lying(with_part("xl/a.xml", b"<a>" + b"x" * 5000), 10), Reason.DAMAGED),
    "promises more": (lambda: lying(with_part("xl/a.xml", b"<a>" + b"x" * 5000), 2**31), Reason.DAMAGED),
    "password": (lambda: locked(packed(parts())), Reason.ENCRYPTED),
    "rare compression": (lambda: packed(parts(), method=zipfile.ZIP_LZMA), Reason.DAMAGED),
    "cut short": (lambda: packed(parts())[:-40], Reason.DAMAGED),
    "corners": (lambda: cells("A1", "XFD1048576"), Reason.TOO_MANY_ROWS),
    "far right": (lambda: cells("A1", "XFD9999"), Reason.TOO_SCATTERED),
    "far down": (lambda: cells("A1", "A1048576"), Reason.TOO_MANY_ROWS),
    "beyond every sheet": (lambda: cells("A99999999999"), Reason.DAMAGED),
    "no reference": (lambda: cells("&#65;1"), Reason.DAMAGED),
    "reference behind a quoted bracket": (
        lambda: packed(parts('<row r="1"><c x=">" r="XFD1048576"><v>1</v></c></row>')),
        Reason.TOO_MANY_ROWS,
    ),
    "cells counted by place, rows in a comment": (
        lambda: packed(parts('<row r="9"><!--<row r="1">--><c><v>1</v></c></row>')),
        Reason.DAMAGED,
    ),
    "sheet under another name": (
        lambda: packed(
            parts()
            | {
                "xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"x.bin"),
                "xl/worksheets/x.bin": parts('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')[
                    "xl/worksheets/sheet1.xml"
                ],
            }
        ),
        Reason.TOO_MANY_ROWS,
    ),
    "text that is one row": (lambda: b"name" + b"," * 5_000_000, Reason.TOO_MANY_COLUMNS),
    "text that is one row of many lines": (lambda: b'name\n"\n"' + b',"\n"' * 2_000_000, Reason.TOO_MANY_COLUMNS),
    "text that is one line": (lambda: b"name\n" + b"x " * 9_000_000, Reason.TOO_MANY_COLUMNS),
    "xls with a password": (lambda: ole({"Workbook": book(before=record(0x002F, b"\1\0"))}), Reason.ENCRYPTED),
    "xlsx with a password": (lambda: ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), Reason.ENCRYPTED),
    "xls with macros": (lambda: ole({"Workbook": book(), "_VBA_PROJECT_CUR": b""}), Reason.MACROS),
    "old document": (lambda: ole({"WordDocument": b"x"}), Reason.NOT_A_SHEET),
    "xls corners": (
        lambda: ole({"Workbook": book(label(0, 0, "a"), label(65535, 255, "b"))}),
        Reason.TOO_SCATTERED,
    ),
    "xls beyond the last column": (lambda: ole({"Workbook": book(label(0, 999, "a"))}), Reason.DAMAGED),
    "xls that promises cells": (
        lambda: ole({"Workbook": book(record(0x0200, struct.pack("<LLHHH", 0, 2**32 - 1, 0, 9, 0)))}),
        Reason.TOO_SCATTERED,
    ),
    "xls that promises strings": (
        lambda: ole({"Workbook": book(before=record(0x00FC, struct.pack("<LL", 9, 2**31)))}),
        Reason.DAMAGED,
    ),
    "ole with a chain that bites its tail": (
        lambda: ole({"Workbook": book()}).replace(struct.pack("<L", 3), struct.pack("<L", 2), 1),
        Reason.DAMAGED,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    make, reason = HOSTILE[name]
    assert refusal(tmp_path / "x", make()) is reason


def test_the_same_workbook_without_the_trick_is_read(tmp_path: Path) -> None:
    assert [row.cells for row in opened(tmp_path / "x", packed(parts())).rows] == [["Anna"]]
    sheet = opened(tmp_path / "y", ole({"Workbook": book(label(0, 0, "姓名"), label(1, 0, "张伟"))}))
    assert sheet.kind is SheetKind.XLS
    assert [row.cells for row in sheet.rows] == [["张伟"]]


def test_formats_painted_to_the_edge_of_the_sheet_do_no_harm(tmp_path: Path) -> None:
    painted = ROWS + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert opened(tmp_path / "x", packed(parts(painted))).count == 1


def test_a_program_called_a_sheet_and_a_sheet_called_a_program(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"MZ\x90\0" + b"\0" * 100)
    with pytest.raises(SheetRefused):
        open_sheet(tmp_path / "a", name="customers.csv", limits=CHAT_LIMITS)
    (tmp_path / "b").write_bytes(packed(parts()))
    assert open_sheet(tmp_path / "b", name="setup.exe", limits=CHAT_LIMITS).kind is SheetKind.XLSX


def test_a_file_may_be_larger_by_the_command_than_in_the_chat(tmp_path: Path) -> None:
    content = "姓名,备注\n".encode() + ("张伟," + "好" * 700 + "\n").encode() * 10_000
    assert 20 * MEBIBYTE < len(content) < 200 * MEBIBYTE
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(SheetRefused) as refused:
        open_sheet(tmp_path / "x", name="x.csv", limits=CHAT_LIMITS)
    assert refused.value.reason is Reason.TOO_BIG
    assert refused.value.facts == {"bytes": len(content), "limit": CHAT_LIMITS.file_bytes}
    assert open_sheet(tmp_path / "x", name="x.csv", limits=COMMAND_LIMITS).count == 10_000


def test_a_bomb_costs_neither_time_nor_room(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(20_000)  # keeps the ratio below the limit, so that the whole size must tell
    with zipfile.ZipFile(tmp_path / "x", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet2.xml", "w") as member:
            for _ in range(401):
                member.write(noise + b" " * (MEBIBYTE - len(noise)))
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(SheetRefused) as refused:
        open_sheet(tmp_path / "x", name="x", limits=CHAT_LIMITS)
    used, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.reason is Reason.UNPACKS_TOO_BIG
    assert used < 5 and peak < 100 * MEBIBYTE


def test_a_directory_of_a_million_members_is_not_even_read(tmp_path: Path) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 5, 5, len(entry) * 400_000, 4, 0)
    (tmp_path / "x").write_bytes(b"PK\3\4" + entry * 400_000 + end)
    tracemalloc.start()
    with pytest.raises(SheetRefused) as refused:
        open_sheet(tmp_path / "x", name="x", limits=CHAT_LIMITS)
    assert tracemalloc.get_traced_memory()[1] < 10 * MEBIBYTE
    tracemalloc.stop()
    assert refused.value.reason is Reason.TOO_MANY_ENTRIES


SLOW = [
    "(" * 30_000,
    "2025-1-1" + " " * 30_000 + "x",
    "1" + " " * 30_000 + "x",
    "1、" * 15_000,
    "a@" + "a." * 15_000,
    "#" * 30_000,
]


@pytest.mark.parametrize("text", SLOW)
def test_no_cell_takes_a_reader_long(tmp_path: Path, text: str) -> None:
    headings = [column_name(Translator("zh_Hans", ZoneInfo("Asia/Shanghai")), field) for field in Field]
    quoted = f'"{text}"'
    content = ",".join(headings) + "\n" + "\n".join([",".join(["张伟", *[quoted] * (len(headings) - 1)])] * 3)
    started = time.process_time()
    for table in (content, content.split("\n", 1)[1]):
        sheet = opened(tmp_path / "x", table.encode())
        assert all(row.is_bad for row in import_rows(sheet, region="CN", today=dt.date(2026, 11, 25)))
    assert time.process_time() - started < 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.binary(max_size=300)
    | st.builds(lambda tail: b"PK\3\4" + tail, st.binary(max_size=200))
    | st.builds(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail, st.binary(min_size=500, max_size=1500))
    | st.builds(lambda mark, tail: mark + tail, st.sampled_from([b"\xff\xfe", b"\xfe\xff"]), st.binary(max_size=200))
    | st.text(max_size=200).map(str.encode)
)
def test_random_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    read_or_refused(tmp_path / "x", content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    members = parts()
    name = data.draw(st.sampled_from(sorted(members)))
    content = bytearray(members[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from(
                [b"", b"<", b">", b'"', b"<!--", b"</row>", b"<c><v>9</v></c>", b't="s" ', b"\xff", b"99999999999"]
            )
        )
        content[at : at + data.draw(st.integers(0, 20))] = piece
        content += b"" if content else b" "
    read_or_refused(tmp_path / "x", packed(members | {name: bytes(content)}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 1 << 13), st.sampled_from([0, 1, 127, 128, 254, 255])), min_size=1, max_size=8)
)
def test_a_damaged_old_workbook_is_read_or_refused(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    content = bytearray(ole({"Workbook": book(label(0, 0, "姓名"), label(1, 0, "张伟"))}))
    for at, value in changes:
        content[at % len(content)] = value
    read_or_refused(tmp_path / "x", bytes(content))


def read_or_refused(path: Path, content: bytes) -> None:
    try:
        sheet = opened(path, content)
    except SheetRefused as refused:
        assert refused.reason in Reason
    else:
        assert sheet.count == len(list(sheet.rows))


LIMITED = """
from parsing.sheet_files import limit_process
limit_process(64, 2)
try:
    block = bytearray(256 * 2**20)
except MemoryError:
    print("no room")
while True:
    pass
"""


def test_a_worker_is_stopped_at_its_limits() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout == "no room\n"
    assert done.returncode == -24  # SIGXCPU
