"""Formatted text as the Bot API means it: HTML read into entities, links and commands found, entities checked.

Offsets and lengths of entities count UTF-16 units. The words of the errors are the real server's, with byte offsets.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.refusals import mistake

Entity = dict[str, Any]

MOST_BYTES = 32_768
MOST_ENTITIES = 100  # the real server drops what is over without a word
STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
}
TAGS = frozenset(STYLES) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(?P<ten>\d{1,7})|#x(?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[a-zA-Z]+));?")
ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=>/\"']+)\s*(?:=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[\w.-]*)(?=[\s>])))?"
)
PLAIN, BLANKS = re.compile(r"[^<&]+"), re.compile(r"\s*")
TAG_NAME, END_TAG = re.compile(r"[^\s>]*"), re.compile(r"</([^\s>]*)\s*>")
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
FOUND = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    r"|(?P<url>https?://[^\s<>\"'，。；！？、（）《》]+|(?<![\w.-])(?:[\w-]{1,63}\.){1,4}(?:com|org|net|cn|tw|hk|io|me|example)\b(?:/[^\s<>\"']*)?)"
    r"|(?<![\w/@])(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<hashtag>#(?=\w*[^\W\d_])\w{1,256})"
    r"|(?<!\w)(?P<cashtag>\$[A-Z]{1,8})(?!\w)"
    r"|(?<!\w)(?P<phone_number>\+\d[\d -]{6,18}\d)(?!\w)"
)
USER_LINK = re.compile(r"tg://user\?id=(\d+)")
RANK = (
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "text_mention",
)  # which of two equals is outside


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(1 for sign in text if sign > "\uffff")


def formatted(
    text: str, *, parse_mode: str | None, entities: list[Entity] | None, people: dict[int, Any]
) -> tuple[str, list[Entity]]:
    """The text without its markup, trimmed, with every entity: given, parsed and found.

    Raises:
        Mistake: markup that cannot be parsed, an unknown parse mode, entities outside of the text.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise mistake("text is too long")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise mistake("strings must be encoded in UTF-8")
    match (parse_mode or "").lower():
        case "html":
            text, marks = _Html(text).read(people)
        case "" | "none":
            marks = _given(text, entities or [], people)
        case "markdown" | "markdownv2":
            raise mistake(f"parse_mode {parse_mode} is not supported by this server")
        case _:
            raise mistake("unsupported parse_mode")
    text, marks = _trimmed(text.replace("\r", "").replace("\0", ""), marks)
    return text, _sorted(marks + _found(text, marks))[:MOST_ENTITIES]


def checked_link(url: str, *, loopback: bool = False) -> str | None:
    """The URL as a client would open it, ``None`` for one that the real server drops or refuses."""
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme in ("tg", "ton", "tonsite"):
        return url if parts.netloc else None
    host = parts.hostname or ""
    is_reachable = "." in host or ":" in host or loopback
    if parts.scheme not in ("http", "https") or not is_reachable or re.search(r"[\s<>\"\\]", url):
        return None
    return url if parts.path or parts.query else f"{url}/"


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    offset: int
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Html:
    """One pass over HTML: text goes to ``out``, tags become entities."""

    html: str
    at: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    marks: list[Entity] = field(default_factory=list)

    def read(self, people: dict[int, Any]) -> tuple[str, list[Entity]]:
        while self.at < len(self.html):
            run = PLAIN.match(self.html, self.at)
            sign = self.html[self.at]
            if run is not None:
                self._say(run[0])
                self.at = run.end()
            elif sign == "<":
                if self.html.startswith("</", self.at):
                    self._close(people)
                else:
                    self._open()
            else:
                self._reference()
        if self.stack:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        for mark in self.marks:
            if mark["type"] == "code":
                mark.pop("language", None)
        return "".join(self.out), self.marks

    def _say(self, text: str) -> None:
        self.out.append(text)
        self.offset += units(text)

    def _reference(self) -> None:
        plain, length = _decoded(self.html, self.at)
        self._say(plain)
        self.at += length

    def _byte(self, at: int) -> int:
        return len(self.html[:at].encode())

    def _open(self) -> None:
        begin = self.at
        hit = TAG_NAME.match(self.html, begin + 1)
        tag, at = (hit[0].lower(), hit.end()) if hit else ("", begin + 1)
        if at >= len(self.html):
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes, self.at = self._attributes(begin, at, tag=tag)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.stack.append(_Open(tag, self.offset, len(self.out), attributes))

    def _attributes(self, begin: int, at: int, *, tag: str) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while True:
            at = BLANKS.match(self.html, at).end()  # type: ignore[union-attr]
            if at >= len(self.html):
                raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if self.html[at] == ">":
                return found, at + 1
            hit = ATTRIBUTE.match(self.html, at)
            if hit is None:
                raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
            if self.html[hit.end() : hit.end() + 1] == "=":
                raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
            value = next((hit[group] for group in ("double", "single", "bare") if hit[group] is not None), "")
            found[hit["name"].lower()] = REFERENCE.sub(lambda one: _decoded(one[0], 0)[0], value)
            at = hit.end()

    def _close(self, people: dict[int, Any]) -> None:
        begin = self.at
        if not self.stack:
            raise _unparsable(f"Unexpected end tag at byte offset {self._byte(begin)}")
        hit = END_TAG.match(self.html, begin)
        if hit is None:
            raise _unparsable(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self.stack.pop()
        name = hit[1].lower()
        if name and name != opened.tag:
            raise _unparsable(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self.at = hit.end()
        if self.offset > opened.offset:
            self._mark(opened, people)

    def _mark(self, opened: _Open, people: dict[int, Any]) -> None:
        mark: Entity = {"type": "", "offset": opened.offset, "length": self.offset - opened.offset}
        attributes = opened.attributes
        match opened.tag:
            case "a":
                link = _link(attributes.get("href") or "".join(self.out[opened.start :]), people)
                self.marks += [mark | link] if link else []
            case "tg-emoji":
                if not re.fullmatch(r"[1-9]\d{0,18}", attributes.get("emoji-id", "")):
                    raise _unparsable("Invalid custom emoji identifier specified")
                self.marks.append(mark | {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]})
            case "tg-time":
                self.marks += _moment(mark, attributes)
            case "blockquote":
                self.marks.append(mark | {"type": "expandable_" * ("expandable" in attributes) + "blockquote"})
            case "code" | "pre":
                self._mark_code(opened, mark)
            case style:
                self.marks.append(mark | {"type": STYLES[style]})

    def _mark_code(self, opened: _Open, mark: Entity) -> None:
        """``<pre><code class="language-x">`` is one entity with a language."""
        last = self.marks[-1] if self.marks else {}
        is_same = (last.get("offset"), last.get("length")) == (mark["offset"], mark["length"])
        language = opened.attributes.get("class", "")
        if opened.tag == "pre" and is_same and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
        elif opened.tag == "code" and language.startswith("language-") and self.stack and self.stack[-1].tag == "pre":
            self.marks.append(mark | {"type": "code", "language": language.removeprefix("language-")})
        else:
            self.marks.append(mark | {"type": opened.tag})


def _unparsable(what: str) -> Exception:
    return mistake(f"can't parse entities: {what}")


def _decoded(text: str, at: int) -> tuple[str, int]:
    """The sign that a reference stands for and how much of the text it takes; an unknown one is plain text."""
    hit = REFERENCE.match(text, at)
    if hit is None:
        return text[at], 1
    number = int(hit["ten"]) if hit["ten"] else int(hit["hex"], 16) if hit["hex"] else 0
    if hit["name"]:
        return (NAMED[hit["name"]], len(hit[0])) if hit["name"] in NAMED else ("&", 1)
    is_sign = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return (chr(number), len(hit[0])) if is_sign else ("&", 1)


def _link(url: str, people: dict[int, Any]) -> Entity | None:
    if hit := USER_LINK.fullmatch(url):
        person = people.get(int(hit[1]))
        return None if person is None else {"type": "text_mention", "user": person.as_user()}
    checked = checked_link(url)
    return None if checked is None else {"type": "text_link", "url": checked}


def _moment(mark: Entity, attributes: dict[str, str]) -> list[Entity]:
    if not attributes.get("unix", "").isdigit():
        return []
    shown = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
    return [mark | {"type": "date_time", "unix_time": int(attributes["unix"])} | shown]


def _given(text: str, entities: list[Entity], people: dict[int, Any]) -> list[Entity]:
    end = units(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 0:
            raise mistake(f"receive an entity with incorrect offset {entity['offset']}")
        if entity["offset"] + entity["length"] > end:
            raise mistake(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
        if entity["type"] == "text_mention" and entity["user"]["id"] not in people:
            raise mistake("user not found")
    return [dict(entity) for entity in entities if entity["length"]]


def _trimmed(text: str, marks: list[Entity]) -> tuple[str, list[Entity]]:
    """Blank edges go, and entities with them."""
    shorter = text.strip()
    before = units(text[: len(text) - len(text.lstrip())])
    end = units(shorter)
    kept = []
    for mark in marks:
        start = max(mark["offset"] - before, 0)
        stop = min(mark["offset"] + mark["length"] - before, end)
        if stop > start:
            kept.append(mark | {"offset": start, "length": stop - start})
    return shorter, kept


def _found(text: str, marks: list[Entity]) -> list[Entity]:
    """What every client turns into a link by itself: commands, mentions, tags, addresses."""
    taken = [(mark["offset"], mark["offset"] + mark["length"]) for mark in marks if mark["type"] in OPAQUE]
    known = {(mark["type"], mark["offset"]) for mark in marks}
    found = []
    for hit in FOUND.finditer(text):
        start, kind = units(text[: hit.start()]), str(hit.lastgroup)
        stop = start + units(hit[0])
        if (kind, start) not in known and not any(start < end and stop > begin for begin, end in taken):
            found.append({"type": kind, "offset": start, "length": stop - start})
    return found


def _sorted(marks: list[Entity]) -> list[Entity]:
    def place(mark: Entity) -> tuple[int, int, int]:
        rank = RANK.index(mark["type"]) if mark["type"] in RANK else len(RANK)
        return mark["offset"], -mark["length"], rank

    return sorted(marks, key=place)
