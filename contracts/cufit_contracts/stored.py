"""Plain dataclasses out of a table's attributes, and back."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from cufit_contracts.vocabulary import timestamp

ShapeT = TypeVar("ShapeT")


class Unreadable(ValueError):
    """Names the attributes at fault and never a value: that may be a part of a profile."""


def read(shape: type[ShapeT], attributes: Mapping[str, Any]) -> ShapeT:
    """`shape`, a dataclass, made of `attributes`; those it does not know are left out.

    Raises:
        Unreadable: an attribute is missing or out of shape.
    """
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    try:
        found: ShapeT = _adapters[shape].validate_python(attributes)
    except ValidationError as error:
        faults = (".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False))
        raise Unreadable(f"{shape.__name__}: {', '.join(faults)}") from None
    return found


def written(value: Any) -> dict[str, Any]:
    """Attributes of a dataclass; None is left out, because an index key must not be NULL."""
    attributes = ((one.name, getattr(value, one.name)) for one in fields(value))
    return {name: _plain(one) for name, one in attributes if one is not None}


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return timestamp(value)
        case dict():
            return {name: _plain(one) for name, one in value.items() if one is not None}
        case list() | tuple():
            return [_plain(one) for one in value]
        case frozenset():
            return set(value)
        case _:
            return written(value) if is_dataclass(value) else value


_adapters: dict[type[Any], TypeAdapter[Any]] = {}
"""One is made for each shape."""
