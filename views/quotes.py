"""What other people wrote, shown so that nobody takes it for the bot's own words, and nothing in it can be tapped."""

import re

from views.replies import clip, escape

_LINKS = re.compile(r"(?<=:)(?=//)|(?<=\w\.)(?=[^\W\d])|(?<=@)(?=\w)|(?<=(?<!\w)/)(?=\w)")
_BREAK = "\u200b"  # invisible; a client makes a link only of an unbroken address, command or name


def quoted(words: str, most: int | None = None) -> str:
    """A quotation of at most ``most`` characters, on one line then; else word for word."""
    shown = clip(words, most) if most else words.strip()
    return f"<blockquote>{unlinked(shown)}</blockquote>"


def unlinked(words: str) -> str:
    """Words for HTML in which addresses, names and commands stay readable and are no links."""
    return _LINKS.sub(_BREAK, escape(words))
