"""Regular expressions of modules, compiled when they are first used or by ``compile_all``.

There are hundreds of them, and to compile them takes as long as everything else of a start together.
"""

import re
from collections.abc import Iterable
from importlib import import_module
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


# How an expression begins ----------------------------------------------------------------------------------------------

ANY = None  # it may begin with any sign
WIDEST = 4096  # signs of a class; a larger one (all Chinese characters) is as good as any
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": " \t\n\r\f\v",
    "CATEGORY_WORD": "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
_NO_WIDTH = {"AT", "ASSERT", "ASSERT_NOT"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def first_signs(pattern: str) -> frozenset[str] | None:
    """The signs with which a match of an ASCII expression can begin, or ``ANY``.

    It is read from the tree that the standard library compiles; what is not known there counts as any sign.
    """
    tree = import_module("re._parser").parse(pattern, re.ASCII)
    signs, empty = _first(tree)
    return ANY if empty else signs


def _first(items: Iterable[Any]) -> tuple[frozenset[str] | None, bool]:
    """What a sequence can begin with, and whether it can be empty."""
    signs: frozenset[str] = frozenset()
    for name, value in items:
        begins, empty = _of(str(name), value)
        if begins is ANY:
            return ANY, False
        signs |= begins
        if not empty:
            return signs, False
    return signs, True


def _of(name: str, value: Any) -> tuple[frozenset[str] | None, bool]:
    if name in _NO_WIDTH:
        return frozenset(), True
    if name == "LITERAL":
        return frozenset(chr(value)), False
    if name == "IN":
        return _in(value), False
    if name == "BRANCH":
        each = [_first(branch) for branch in value[1]]
        if any(begins is ANY for begins, _ in each):
            return ANY, False
        return frozenset().union(*(begins or () for begins, _ in each)), any(empty for _, empty in each)
    if name == "SUBPATTERN":
        return _first(value[-1])
    if name == "ATOMIC_GROUP":
        return _first(value)
    if name in _REPEATS:
        begins, empty = _first(value[2])
        return begins, empty or value[0] == 0
    return ANY, False


def _in(items: Iterable[Any]) -> frozenset[str] | None:
    signs: set[str] = set()
    for name, value in items:
        match str(name):
            case "LITERAL":
                signs.add(chr(value))
            case "RANGE" if value[1] - value[0] < WIDEST:
                signs.update(map(chr, range(value[0], value[1] + 1)))
            case "CATEGORY" if str(value) in _CATEGORIES:
                signs.update(_CATEGORIES[str(value)])
            case _:
                return ANY
    return frozenset(signs)
