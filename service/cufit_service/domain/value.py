"""Values: what they hold is all they are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[Made]) -> type[Made]:
    """A dataclass with slots, unchangeable to the type checker.

    Values share the methods that compare, hash and print them. A frozen dataclass compiles six of
    its own, which for the service's fifty was a tenth of the instructions before the first answer,
    and sets each of its fields by a call (docs/adr/0020).
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    for name, method in _METHODS.items():
        setattr(made, name, method)
    return made


def _equal(self: Any, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _held(self) == _held(other)


def _hashed(self: Any) -> int:
    return hash(_held(self))


def _shown(self: Any) -> str:
    named = zip(self.__match_args__, _held(self), strict=True)
    return f"{self.__class__.__qualname__}({', '.join(f'{name}={one!r}' for name, one in named)})"


def _held(self: Any) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in self.__match_args__)


_METHODS: Final[dict[str, Callable[..., object]]] = {
    "__eq__": _equal,
    "__hash__": _hashed,
    "__repr__": _shown,
}
