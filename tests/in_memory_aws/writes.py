"""Put, Update, Delete and ConditionCheck: what each would make of an item, and whether it may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.in_memory_aws.errors import invalid
from tests.in_memory_aws.expressions import condition, update
from tests.in_memory_aws.operands import Placeholders
from tests.in_memory_aws.tables import Table
from tests.in_memory_aws.values import Item, Value, same

Request = Mapping[str, Any]


@dataclass(slots=True)
class Write:
    """One member of a transaction, checked and ready to be made."""

    table: Table
    key: str
    after: Item | None
    """None deletes; the item before when nothing is written."""


def prepared(kind: str, request: Request, table: Table) -> Write:
    if kind == "Put":
        item = dict(request["Item"])
        _check_index_keys(table, item)
        return Write(table, key_of(table, item), item)
    key = key_of(table, request["Key"])
    before = table.items.get(key)
    if kind == "Update":
        return Write(table, key, _updated(table, request, before))
    return Write(table, key, None if kind == "Delete" else before)


def _updated(table: Table, request: Request, before: Item | None) -> Item:
    old: Item = before or {}
    after = dict(old) | dict(request["Key"])
    given = Placeholders.of(request)
    if before is None and not holds(request, None):
        return after  # refused by its condition: what its operands would be does not matter
    for change in update(request["UpdateExpression"]):
        change(old, after, given)
    if not same(after.get(table.key), request["Key"][table.key]):
        raise invalid("Cannot update attribute; this attribute is part of the key")
    _check_index_keys(table, after)
    return after


def _check_index_keys(table: Table, item: Item) -> None:
    for name in table.index_keys:
        if name in item and not item[name].get("S"):
            raise invalid(f"Type mismatch or empty string for index key {name}")


def holds(request: Request, before: Item | None) -> bool:
    text = request.get("ConditionExpression")
    return text is None or condition(text)(before or {}, Placeholders.of(request))


def reason(request: Request, before: Item | None) -> dict[str, Any]:
    if holds(request, before):
        return {"Code": "None"}
    message = "The conditional request failed"
    told: dict[str, Any] = {"Code": "ConditionalCheckFailed", "Message": message}
    if before and request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
        told["Item"] = before
    return told


def key_of(table: Table, attributes: Mapping[str, Value]) -> str:
    value = attributes.get(table.key, {}).get("S")
    if not isinstance(value, str) or not value:
        raise invalid(f"One or more parameter values are not valid: {table.key}")
    return value
