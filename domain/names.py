"""Whether a name can be seen: some people call themselves by signs that show nothing."""

import unicodedata

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by their kind, drawn as nothing


def is_seen(name: str) -> bool:
    """Whether anything of it is drawn; a sign that is newer than this Python is taken for one."""
    return any(sign not in _BLANK and _is_drawn(unicodedata.category(sign)) for sign in name)


def _is_drawn(category: str) -> bool:
    return category[0] in "LNPS" or category in ("Cn", "Co")
