"""Bytes of an item as DynamoDB counts them (developer guide, "DynamoDB item sizes and formats";
2026-11): names and texts in UTF-8, a number of n digits n / 2 + 1, a list or map 3 and 1 for each
element."""

from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Any, Final

from cufit_contracts.items import PLACE_KEYS, PLACED_ATTRIBUTES
from cufit_contracts.places import born, listed_province, place
from cufit_contracts.stored import written
from match_worker.profile import Profile

_UNIT: Final = 4096
"""Bytes of a read unit; an eventually consistent read takes half a one."""


def read_units(items: int, each: float) -> float:
    """Of so many items of so many bytes in one query, eventually consistent."""
    return ceil(items * each / _UNIT) / 2


def placed_bytes(one: Profile) -> int:
    """Of somebody's item in the index by_place."""
    item = written(one) | {
        "place": place(one.gender, listed_province(one.city)),
        "born": born(one.birth_year, one.candidate_id),
    }
    names = (*PLACED_ATTRIBUTES, *PLACE_KEYS)
    return sum(_text(name) + _value(item[name]) for name in names if name in item)


def _text(text: str) -> int:
    return len(text.encode())


def _value(value: Any) -> int:
    if isinstance(value, Mapping):
        return 3 + sum(1 + _text(name) + _value(one) for name, one in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _value(one) for one in value)
    if isinstance(value, bool):
        return 1
    if isinstance(value, int | Decimal):
        return 1 + ceil(len(Decimal(value).normalize().as_tuple().digits) / 2)
    return _text(str(value))
