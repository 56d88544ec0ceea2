"""How conditions are made of operands: comparisons, and several conditions as one."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.in_memory_aws.errors import invalid
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

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}


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
