"""How values are declared: dataclasses that nobody changes, equal where all their fields are."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Declare a class of values. That nobody changes one, the type checker sees to.

    There are hundreds of them. What ``dataclass(frozen=True)`` writes for each is compiled at every start, a tenth of it,
    and takes twice as long to make a value; so they share all but the constructor.
    """
    own = vars(cls)
    for name, shared in (("__eq__", _equals), ("__hash__", _hashed), ("__repr__", _shown)):
        if name not in own:
            setattr(cls, name, shared)
    cls.__doc__ = cls.__doc__ or cls.__name__  # else it is composed of the signature
    return dataclass(slots=True, eq=False, repr=False)(cls)


def _equals(self: Any, other: object) -> bool:
    values = _values(self.__class__)
    return type(other) is self.__class__ and bool(values(self) == values(other))


def _hashed(self: Any) -> int:
    return hash(_values(self.__class__)(self))


def _shown(self: Any) -> str:
    return f"{self.__class__.__qualname__}({', '.join(f'{each.name}={getattr(self, each.name)!r}' for each in fields(self))})"


@cache
def _values(kind: Any) -> Callable[[Any], Any]:
    """All fields at once."""
    return attrgetter(*(each.name for each in fields(kind))) if fields(kind) else lambda _: ()
