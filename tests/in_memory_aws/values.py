"""Attributes of DynamoDB in wire form, {"S": "x"}, and how they compare and add up."""

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, Overflow
from typing import Any, Final

from tests.in_memory_aws.errors import NotComputed

NUMBERS: Final = Context(prec=38, Emax=125, Emin=-130, traps=[Inexact, Overflow])
"""DynamoDB developer guide, "Supported data types". A sum that needs more digits is refused and not
rounded: Scylla's tests of DynamoDB itself, test/alternator/test_number.py."""

Value = dict[str, Any]
"""An attribute."""

Item = dict[str, Value]


def projected(item: Item, expression: str | None, names: Mapping[str, str]) -> Item:
    if expression is None:
        return dict(item)
    return {name: item[name] for name in named(expression, names) if name in item}


def named(expression: str, names: Mapping[str, str]) -> list[str]:
    """Attributes of a projection."""
    return [names.get(part, part) for part in expression.replace(" ", "").split(",")]


def same(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None:
        return False
    if "N" in one and "N" in other:
        return Decimal(one["N"]) == Decimal(other["N"])
    return one == other


def ordered(value: Value) -> Any:
    ((kind, content),) = value.items()
    return Decimal(content) if kind == "N" else content


def begins(whole: Value | None, start: Value | None) -> bool:
    if whole is None or start is None:
        return False
    return str(whole.get("S", "")).startswith(start["S"])


def joined(first: Value | None, second: Value | None) -> Value | None:
    if first is None or second is None:
        return None
    return {"L": [*first["L"], *second["L"]]}


def added(one: Value | None, other: Value | None, sign: int) -> Value | None:
    return None if one is None or other is None else total(one, other, sign)


def total(one: Value, other: Value, sign: int) -> Value:
    try:
        return {"N": f"{NUMBERS.add(Decimal(one['N']), sign * Decimal(other['N'])):f}"}
    except (Inexact, Overflow):
        raise NotComputed(
            "Number overflow. Attempting to store a number with magnitude larger than supported"
            " range"
        ) from None


def contains(whole: Value | None, part: Value | None) -> bool:
    """Whether a set or a list has an element, or a text a part."""
    if whole is None or part is None:
        return False
    ((kind, content),) = whole.items()
    if kind == "L":
        return any(same(one, part) for one in content)
    return kind[0] in part and part[kind[0]] in content


def size(value: Value | None) -> Value | None:
    """Elements of a set, a list or a map, characters of a text."""
    if value is None:
        return None
    ((_, content),) = value.items()
    return {"N": str(len(content))}


def united(one: Value | None, more: Value) -> Value:
    """A set with more elements. Sets are sorted here, so that equal ones are equal."""
    ((kind, content),) = more.items()
    return {kind: sorted({*content, *(one or {kind: []})[kind]})}


def without(one: Value, fewer: Value) -> Value | None:
    """A set with fewer elements; None when none is left, for no set is empty."""
    ((kind, content),) = fewer.items()
    left = sorted({*one[kind]} - {*content})
    return {kind: left} if left else None


def bytes_of(item: Item) -> int:
    """Roughly: names and contents (DynamoDB developer guide, "Item sizes")."""
    return sum(len(name) + _bytes(value) for name, value in item.items())


def _bytes(value: Value) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "SS":
            return sum(len(one.encode()) for one in content)
        case "M":
            return 3 + bytes_of(content) + len(content)
        case "L":
            return 3 + sum(1 + _bytes(one) for one in content)
        case _:
            return 1
