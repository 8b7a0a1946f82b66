"""Long messages in parts that Telegram takes: counted in UTF-16 units, cut at line borders, formatting kept whole."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from domain.values import frozen

LONGEST_TEXT = 4096  # UTF-16 units of a message; the server counts code points, others units: safe under both readings
LONGEST_CAPTION = 1024
PIECE = 200  # characters of a line without a border; a part must hold at least one such piece

_TOKEN = re.compile(r"<(?P<close>/?)(?P<name>[a-z-]+)[^>]*>|&[#\w]+;|[^<&]+|[<&]")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


@frozen
class _Atom:
    """A tag (0 units), a character reference, or a piece of one line."""

    text: str
    units: int
    opens: str = ""
    closes: bool = False

    @property
    def ends_line(self) -> bool:
        return self.text.endswith("\n")


def units(text: str) -> int:
    """Length in UTF-16 units, the measure of Telegram's entity offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def plain(html: str) -> str:
    """The same content without formatting."""
    return unescape(re.sub(r"</?[a-z-]+[^>]*>", "", html))


def shown_units(html: str) -> int:
    """Units that count against the limit: tags do not, a character reference counts as what it stands for."""
    return units(html) if "<" not in html and "&" not in html else units(plain(html))


def split(html: str, most: int = LONGEST_TEXT) -> list[str]:
    """``html`` in parts of at most ``most`` shown units, each valid by itself.

    Cut after the last line that fits; inside a line only where the line alone is too long. Formatting that is open at a
    cut is closed and opened again.
    """
    if units(html) <= most or shown_units(html) <= most:
        return [html]
    parts: list[str] = []
    atoms, open_tags = list(_atoms(html)), list[_Atom]()
    while atoms:
        cut = _cut(atoms, most)
        taken, atoms = atoms[:cut], atoms[cut:]
        before = "".join(tag.text for tag in open_tags)
        for atom in taken:
            if atom.opens:
                open_tags.append(atom)
            elif atom.closes and open_tags:
                open_tags.pop()
        after = "".join(f"</{tag.opens}>" for tag in reversed(open_tags))
        parts.append((before + "".join(atom.text for atom in taken)).rstrip("\n") + after)
    return [part for part in parts if plain(part).strip()]


def _cut(atoms: list[_Atom], most: int) -> int:
    """How many atoms go into the next part: at least one."""
    total = border = 0
    for index, atom in enumerate(atoms):
        total += atom.units
        if total > most:
            return border or max(index, 1)
        if atom.ends_line:
            border = index + 1
    return len(atoms)


def _atoms(html: str) -> Iterator[_Atom]:
    for token in _TOKEN.finditer(html):
        text = token[0]
        if token["name"]:
            yield _Atom(text, 0, opens="" if token["close"] else token["name"], closes=bool(token["close"]))
        elif text.startswith("&"):
            yield _Atom(text, units(unescape(text)))
        else:
            for line in text.splitlines(keepends=True):
                yield from (_Atom(piece, units(piece)) for piece in _pieces(line))


def _pieces(line: str) -> Iterator[str]:
    """A line in pieces of at most ``PIECE`` characters, none beginning with what belongs to the character before."""
    start = 0
    while len(line) - start > PIECE:
        end = start + PIECE
        while end > start + 1 and _belongs_to_previous(line, end):
            end -= 1
        yield line[start:end]
        start = end
    yield line[start:]


def _belongs_to_previous(line: str, at: int) -> bool:
    char = line[at]
    return (
        char in _JOINERS
        or line[at - 1] == "\u200d"
        or unicodedata.combining(char) != 0
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
    )
