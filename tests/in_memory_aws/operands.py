"""What expressions are made of: operands, how they compare, and conditions joined."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.in_memory_aws.errors import NotComputed, invalid
from tests.in_memory_aws.values import Item, Value, ordered, same


class Placeholders(NamedTuple):
    names: Mapping[str, str]
    values: Mapping[str, Value]

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Placeholders":
        return cls(
            request.get("ExpressionAttributeNames") or {},
            request.get("ExpressionAttributeValues") or {},
        )


Operand = Callable[[Item, Placeholders], Value | None]
Condition = Callable[[Item, Placeholders], bool]
Change = Callable[[Item, Item, Placeholders], None]
"""Writes to the second item what it reads from the first."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}


def name_of(given: Placeholders, token: str) -> str:
    return given_as(given.names, token) if token.startswith("#") else token


def inside(item: Item, steps: list[str], given: Placeholders) -> Value | None:
    """What a document path leads to."""
    found: Value | None = {"M": item}
    for step in steps:
        if found is None:
            return None
        if step.startswith("["):
            elements, place = found.get("L", []), int(step[1:-1])
            found = elements[place] if place < len(elements) else None
        else:
            found = found.get("M", {}).get(name_of(given, step))
    return found


def put_inside(item: Item, steps: list[str], given: Placeholders, value: Value) -> None:
    """Of maps only; what was read from them stays as it was read."""
    *path, last = (name_of(given, step) for step in steps)
    holder = item
    for name in path:
        if "M" not in holder.get(name, {}):
            raise NotComputed("The document path provided in the update expression is invalid")
        holder[name] = {"M": dict(holder[name]["M"])}
        holder = holder[name]["M"]
    holder[last] = value


def between(left: Operand, low: Operand, high: Operand) -> Condition:
    holds = all_of([compared(left, ">=", low), compared(left, "<=", high)])

    def holds_between(item: Item, given: Placeholders) -> bool:
        least, most = low(item, given), high(item, given)
        if least is not None and most is not None and ordered(most) < ordered(least):
            raise invalid("The BETWEEN operator requires an upper bound not below its lower bound")
        return holds(item, given)

    return holds_between


def given_as(placeholders: Mapping[str, Any], token: str) -> Any:
    if token not in placeholders:
        raise invalid(f"An expression uses {token}, which is not defined")
    return placeholders[token]


def all_of(parts: list[Condition]) -> Condition:
    return lambda item, given: all(part(item, given) for part in parts)


def any_of(parts: list[Condition]) -> Condition:
    return lambda item, given: any(part(item, given) for part in parts)


def compared(left: Operand, comparator: str, right: Operand) -> Condition:
    if comparator in ("=", "<>"):
        wanted = comparator == "="
        return lambda item, given: same(left(item, given), right(item, given)) is wanted
    if comparator not in _COMPARE:
        raise invalid(f"Syntax error at {comparator}")
    compare = _COMPARE[comparator]

    def holds(item: Item, given: Placeholders) -> bool:
        one, other = left(item, given), right(item, given)
        if one is None or other is None or one.keys() != other.keys():
            return False
        return compare(ordered(one), ordered(other))

    return holds
