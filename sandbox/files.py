"""Bytes that went through the server: kept in memory, named by ids that tell nothing, served to bot and page."""

import mimetypes
import re
import secrets
import struct
from dataclasses import dataclass
from typing import Any

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music", "sticker": "stickers"}
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in with a request."""

    name: str
    mime: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that has an id. ``size`` may be larger than ``body``: a test can plant a big file without its bytes."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    body: bytes
    size: int
    number: int
    width: int = 0
    height: int = 0
    duration: int = 0

    @property
    def path(self) -> str:
        """As the real server names it: by kind and number, with the suffix of the name."""
        _, dot, suffix = self.name.rpartition(".")
        return f"{FOLDERS.get(self.kind, 'documents')}/file_{self.number}{dot}{UNSAFE.sub('', suffix) if dot else ''}"

    def as_json(self) -> dict[str, Any]:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    def __init__(self) -> None:
        self.by_id: dict[str, Stored] = {}
        self.by_path: dict[str, Stored] = {}
        self.by_unique: dict[str, Stored] = {}

    def keep(self, kind: str, upload: Upload, *, size: int | None = None, duration: int = 0) -> Stored:
        width, height = picture_size(upload.body) or (0, 0)
        stored = Stored(
            id=f"AgAC{secrets.token_urlsafe(42)}",
            unique_id=f"AQAD{secrets.token_urlsafe(8)}",
            kind=kind,
            name=upload.name,
            mime=upload.mime or mimetypes.guess_type(upload.name)[0] or "application/octet-stream",
            body=upload.body,
            size=len(upload.body) if size is None else size,
            number=len(self.by_id),
            width=width,
            height=height,
            duration=duration,
        )
        self.add(stored)
        return stored

    def add(self, stored: Stored) -> None:
        self.by_id[stored.id] = stored
        self.by_path[stored.path] = stored
        self.by_unique[stored.unique_id] = stored


def picture_size(body: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP; ``None`` when it is none of them or cut short."""
    try:
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", body[16:24])
        if body[:6] in (b"GIF87a", b"GIF89a"):
            return struct.unpack("<HH", body[6:10])
        if body.startswith(b"\xff\xd8"):
            return _jpeg_size(body)
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return _webp_size(body)
    except (struct.error, IndexError):
        pass
    return None


def _jpeg_size(body: bytes) -> tuple[int, int] | None:
    at = 2
    while at < len(body):
        marker, length = body[at + 1], struct.unpack(">H", body[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start-of-frame segment holds the size
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp_size(body: bytes) -> tuple[int, int] | None:
    match body[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(body[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", body[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None
