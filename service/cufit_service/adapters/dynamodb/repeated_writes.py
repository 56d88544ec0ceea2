"""A conditional write that was sent twice.

A request is sent again whose answer was lost; the second attempt then meets the effect of
the first, and its condition fails. An item that already is as it was to become tells the two apart
from a race that was lost. (Transactions have a token against this.)
"""

from collections.abc import Mapping
from typing import Any


def was_applied_before(
    kind: str, parameters: Mapping[str, Any], stored: Mapping[str, Any] | None
) -> bool:
    """Whether the Put or Update whose condition failed has been made, for `stored` is there."""
    if stored is None or kind == "Delete":
        return False
    if kind == "Put":
        return bool(stored == parameters["Item"])
    names: Mapping[str, str] = parameters["ExpressionAttributeNames"]
    values: Mapping[str, Any] = parameters.get("ExpressionAttributeValues", {})
    # Numbered as adapters.dynamodb.update does; what has no value is removed.
    return all(
        stored.get(name) == values.get(f":s{placeholder[2:]}")
        for placeholder, name in names.items()
        if placeholder.startswith("#s")
    )
