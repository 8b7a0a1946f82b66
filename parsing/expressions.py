"""Regular expressions of modules, compiled when they are first used or by ``compile_all``.

There are hundreds of them, and to compile them takes as long as everything else of a start together.
"""

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    """Becomes what it stands for at the first use: from then on the methods are the compiled expression's own."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        for method in ("match", "search", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


_ALL: list[_Uncompiled] = []


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, compiled later; for what stays, since it is kept for ``compile_all``."""
    made = _Uncompiled(pattern, flags)
    _ALL.append(made)
    return cast("re.Pattern[AnyStr]", made)


def compile_all() -> None:
    """Compile what nobody has used so far, so that nobody waits for it."""
    for each in _ALL:
        _ = each.match
