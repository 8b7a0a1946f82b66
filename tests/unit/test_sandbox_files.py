"""Pictures are measured by their own headers, and everything in a message is shown in a form that a page can draw."""

import struct
from typing import Any

import pytest

from sandbox.entities import formatted
from sandbox.files import Files, Upload, picture_size
from sandbox.people import Person
from sandbox.shown import safe_html
from tests.chat.remote import opened

NA, LEAD = 10003, 10002
JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08" + struct.pack(">HH", 30, 40) + b"\x03\0\0\0"
RIFF = b"RIFF\0\0\0\0WEBP"


@pytest.mark.parametrize(
    "body, size",
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 5, 6), (5, 6)),
        (b"GIF89a" + struct.pack("<HH", 7, 8), (7, 8)),
        (JPEG, (40, 30)),
        (RIFF + b"VP8X" + bytes(8) + (9).to_bytes(3, "little") + (10).to_bytes(3, "little"), (10, 11)),
        (RIFF + b"VP8L" + bytes(5) + (11 | 12 << 14).to_bytes(4, "little"), (12, 13)),
        (RIFF + b"VP8 " + bytes(10) + struct.pack("<HH", 14, 15), (14, 15)),
        (RIFF + b"ANIM" + bytes(20), None),
        (b"\x89PNG\r\n\x1a\n\0", None),
        (b"\xff\xd8\xff\xe0\0\x04ab", None),
        (b"\xff\xd8\xff", None),
        (b"no picture", None),
        (b"", None),
    ],
)
def test_a_picture_tells_its_size(body: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(body) == size


@pytest.mark.parametrize(
    "kind, name, path",
    [
        ("document", "客户.xlsx", "documents/file_0.xlsx"),
        ("document", "noname", "documents/file_0"),
        ("document", "x.../../etc/passwd", "documents/file_0.etcpasswd"),
        ("photo", "a.jpg", "photos/file_0.jpg"),
        ("voice", "a.ogg", "voice/file_0.ogg"),
    ],
)
def test_a_path_tells_nothing_but_kind_and_suffix(kind: str, name: str, path: str) -> None:
    assert Files().keep(kind, Upload(name, "", b"x")).path == path


@pytest.mark.parametrize(
    "text, html",
    [
        ("http://x.org", '<a href="http://x.org" target="_blank" rel="noopener noreferrer">http://x.org</a>'),
        ("a.com", '<a href="http://a.com" target="_blank" rel="noopener noreferrer">a.com</a>'),
        ("a@b.org", '<a href="mailto:a@b.org" target="_blank" rel="noopener noreferrer">a@b.org</a>'),
        ("/help", '<a class="bot_command">/help</a>'),
        ("#大客户", '<a class="hashtag">#大客户</a>'),
    ],
)
def test_what_was_found_is_shown_as_links(text: str, html: str) -> None:
    assert safe_html(*formatted(text, parse_mode=None, entities=None, people={})) == html


@pytest.mark.parametrize(
    "html, shown",
    [
        ("<tg-spoiler>x</tg-spoiler>", '<span class="spoiler">x</span>'),
        ("<blockquote expandable>x</blockquote>", '<blockquote class="expandable">x</blockquote>'),
        ('<pre><code class="language-py">x</code></pre>', '<pre data-language="py">x</pre>'),
        ('<a href="tg://user?id=7">x</a>', '<a class="mention" data-user="7">x</a>'),
        (
            '<a href="https://x.org/?a=&quot;b">x</a>',
            "x",
        ),
    ],
)
def test_marks_are_shown(html: str, shown: str) -> None:
    assert safe_html(*formatted(html, parse_mode="HTML", entities=None, people={7: Person(7, "Na")})) == shown


async def test_every_content_has_a_view() -> None:
    async with opened() as (sandbox, remote):
        await remote.act("start", person=NA)

        async def views() -> list[dict[str, Any]]:
            messages: list[dict[str, Any]] = (await remote.look(f"chats/{NA}"))["messages"]
            return messages[1:]

        await remote.call("sendContact", chat_id=NA, phone_number="1", first_name="Lin")
        await remote.call("sendVenue", chat_id=NA, latitude=1, longitude=2, title="t", address="a")
        await remote.call("sendPoll", chat_id=NA, question="q", options=[{"text": "a"}, {"text": "b"}])
        await remote.form("sendVoice", {"chat_id": str(NA), "voice": b"OggS", "duration": "3"})
        media = [{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://a", "caption": "c"}]
        await remote.form("sendMediaGroup", {"chat_id": str(NA), "media": media, "a": JPEG})
        await remote.call("pinChatMessage", chat_id=NA, message_id=2)
        await remote.call("setMessageReaction", chat_id=NA, message_id=2, reaction=[{"type": "emoji", "emoji": "👍"}])
        contact, venue, poll, voice, first, second, pinned = await views()
        assert (contact["contact"]["first_name"], contact["reactions"][0]["emoji"]) == ("Lin", "👍")
        assert venue["venue"]["title"] == "t"
        assert poll["poll"]["question"] == "q"
        assert (voice["voice"]["duration"], voice["voice"]["size"]) == (3, 4)
        assert first["album"] == second["album"] and second["text"] == "c"
        assert (first["photo"]["width"], first["photo"]["height"]) == (40, 30)
        assert pinned["service"] == "pinned_message"
        await remote.act("share", person=NA, text="x", forwarded=LEAD)
        await remote.act("share", person=NA, text="x", forwarded="Somebody else")
        assert [view["forwarded"] for view in (await views())[-2:]] == ["李强", "Somebody else"]
        assert sandbox.world.violations == []


async def test_calls_can_be_looked_at() -> None:
    async with opened() as (_, remote):
        await remote.act("start", person=NA)
        await remote.call("sendMessage", chat_id=NA, text="x")
        await remote.call("sendMessage", chat_id=1, text="x")
        calls = (await remote.look("calls?method=sendMessage"))["calls"]
        assert [(call["accepted"], call["params"]["text"]) for call in calls] == [(True, "x"), (False, "x")]
        assert calls[1]["result"] == "Bad Request: chat not found"
