"""Tables with conditions, transactions and indexes: the part of DynamoDB that cufit calls.

Stored items are never changed in place, so a snapshot is a copy of each table's dictionary.
test_conformance.py replays every call the drills make on moto and compares the answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.drills.in_memory_aws.errors import (
    AwsError,
    condition_failed,
    invalid,
    transaction_canceled,
)
from tests.drills.in_memory_aws.expressions import (
    Item,
    Placeholders,
    Value,
    condition,
    projected,
    same,
    update,
)

Request = Mapping[str, Any]
Answer = dict[str, Any]
Items = dict[str, Item]

MAX_ACTIONS = 100
"""Of one transaction (DynamoDB API reference, TransactWriteItems)."""


@dataclass
class Table:
    key: str
    indexes: Mapping[str, tuple[str, str]]
    """By name: partition and sort attribute; all project every attribute."""
    items: Items = field(default_factory=dict)


@dataclass
class Write:
    """One member of a transaction, checked and ready to be made."""

    table: Table
    key: str
    after: Item | None
    """None deletes; the item before when nothing is written."""


class DynamoDb:
    def __init__(self, tables: Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]]) -> None:
        """`tables`: by name, the key attribute and the indexes."""
        self.tables = {name: Table(key, indexes) for name, (key, indexes) in tables.items()}
        self._tokens: frozenset[str] = frozenset()
        self._operations: dict[str, Callable[[Request], Answer]] = {
            "GetItem": self._get,
            "BatchGetItem": self._get_batch,
            "PutItem": lambda request: self._write("Put", request),
            "UpdateItem": lambda request: self._write("Update", request),
            "DeleteItem": lambda request: self._write("Delete", request),
            "TransactWriteItems": self._transact,
            "Query": self._query,
            "Scan": self._scan,
        }

    def call(self, operation: str, request: Request) -> Answer:
        """Raises AwsError."""
        return self._operations[operation](request)

    def snapshot(self) -> tuple[dict[str, Items], frozenset[str]]:
        return {name: dict(table.items) for name, table in self.tables.items()}, self._tokens

    def restore(self, snapshot: tuple[dict[str, Items], frozenset[str]]) -> None:
        held, self._tokens = snapshot
        for name, items in held.items():
            self.tables[name].items = dict(items)

    def _table(self, request: Request) -> Table:
        try:
            return self.tables[request["TableName"]]
        except KeyError as error:
            raise AwsError("ResourceNotFoundException", f"no table {error}") from error

    def _get(self, request: Request) -> Answer:
        table = self._table(request)
        item = table.items.get(_key_of(table, request["Key"]))
        return {} if item is None else {"Item": _projected(item, request)}

    def _get_batch(self, request: Request) -> Answer:
        responses: dict[str, list[Item]] = {}
        for name, wanted in request["RequestItems"].items():
            table = self._table({"TableName": name})
            keys = [_key_of(table, key) for key in wanted["Keys"]]
            if not 0 < len(keys) <= 100 or len(set(keys)) != len(keys):
                raise invalid("1 to 100 different keys")
            found = [table.items[key] for key in keys if key in table.items]
            responses[name] = [_projected(item, wanted) for item in found]
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _write(self, kind: str, request: Request) -> Answer:
        table = self._table(request)
        write = _prepared(kind, request, table)
        before = table.items.get(write.key)
        if not _holds(request, before):
            wants = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise condition_failed(before if wants else None)
        _make(write)
        match request.get("ReturnValues"):
            case "ALL_NEW" if write.after is not None:
                return {"Attributes": dict(write.after)}
            case "ALL_OLD" if before is not None:
                return {"Attributes": dict(before)}
        return {}

    def _transact(self, request: Request) -> Answer:
        actions = [next(iter(action.items())) for action in request["TransactItems"]]
        if not 0 < len(actions) <= MAX_ACTIONS:
            raise invalid(f"a transaction has 1 to {MAX_ACTIONS} actions")
        token = request.get("ClientRequestToken")
        if token is not None and token in self._tokens:
            return {}  # the same request again: it has succeeded (valid for ten minutes)
        writes, reasons = [], []
        for kind, action in actions:
            table = self._table(action)
            writes.append(_prepared(kind, action, table))
            before = table.items.get(writes[-1].key)
            reasons.append(_reason(action, before))
        touched = [(id(write.table), write.key) for write in writes]
        if len(set(touched)) != len(touched):
            raise invalid("Transaction request cannot include multiple operations on one item")
        if any(reason["Code"] != "None" for reason in reasons):
            raise transaction_canceled(reasons)
        for write in writes:
            _make(write)
        if token is not None:
            self._tokens |= {token}
        return {}

    def _query(self, request: Request) -> Answer:
        table = self._table(request)
        partition, sort = table.indexes[request["IndexName"]]
        matches, given = condition(request["KeyConditionExpression"]), Placeholders.of(request)
        # A sparse index holds only items that have both its attributes.
        rows = [
            (item[sort]["S"], key, item)
            for key, item in table.items.items()
            if partition in item and sort in item and matches(item, given)
        ]
        rows.sort(key=lambda row: row[:2], reverse=request.get("ScanIndexForward") is False)
        if start := request.get("ExclusiveStartKey"):
            last = (start[sort]["S"], start[table.key]["S"])
            backwards = request.get("ScanIndexForward") is False
            rows = [row for row in rows if (row[:2] < last if backwards else row[:2] > last)]
        return _page(table, [item for *_, item in rows], request, {partition, sort})

    def _scan(self, request: Request) -> Answer:
        table = self._table(request)
        return _page(table, list(table.items.values()), request, set())


def _page(table: Table, items: list[Item], request: Request, more: set[str]) -> Answer:
    """Limit counts what was read, before the filter, as on AWS."""
    limit = request.get("Limit", len(items))
    read, answer = items[:limit], Answer()
    if len(items) > limit:
        answer["LastEvaluatedKey"] = {name: read[-1][name] for name in {table.key} | more}
    if text := request.get("FilterExpression"):
        matches, given = condition(text), Placeholders.of(request)
        read = [item for item in read if matches(item, given)]
    answer["Items"] = [_projected(item, request) for item in read]
    return answer | {"Count": len(read)}


def _prepared(kind: str, request: Request, table: Table) -> Write:
    if kind == "Put":
        item = dict(request["Item"])
        _check_index_keys(table, item)
        return Write(table, _key_of(table, item), item)
    key = _key_of(table, request["Key"])
    before = table.items.get(key)
    if kind == "Update":
        return Write(table, key, _updated(table, request, before))
    return Write(table, key, None if kind == "Delete" else before)


def _updated(table: Table, request: Request, before: Item | None) -> Item:
    old: Item = before or {}
    after = dict(old) | dict(request["Key"])
    given = Placeholders.of(request)
    if before is None and not _holds(request, None):
        return after  # refused by its condition: what its operands would be does not matter
    for change in update(request["UpdateExpression"]):
        change(old, after, given)
    if not same(after.get(table.key), request["Key"][table.key]):
        raise invalid("Cannot update attribute; this attribute is part of the key")
    _check_index_keys(table, after)
    return after


def _check_index_keys(table: Table, item: Item) -> None:
    for name in {part for keys in table.indexes.values() for part in keys}:
        if name in item and not item[name].get("S"):
            raise invalid(f"Type mismatch or empty string for index key {name}")


def _make(write: Write) -> None:
    if write.after is None:
        write.table.items.pop(write.key, None)
    else:
        write.table.items[write.key] = write.after


def _holds(request: Request, before: Item | None) -> bool:
    text = request.get("ConditionExpression")
    return text is None or condition(text)(before or {}, Placeholders.of(request))


def _reason(request: Request, before: Item | None) -> Answer:
    if _holds(request, before):
        return {"Code": "None"}
    message = "The conditional request failed"
    reason: Answer = {"Code": "ConditionalCheckFailed", "Message": message}
    if before and request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
        reason["Item"] = before
    return reason


def _key_of(table: Table, attributes: Mapping[str, Value]) -> str:
    value = attributes.get(table.key, {}).get("S")
    if not isinstance(value, str) or not value:
        raise invalid(f"One or more parameter values are not valid: {table.key}")
    return value


def _projected(item: Item, request: Request) -> Item:
    names = request.get("ExpressionAttributeNames") or {}
    return projected(item, request.get("ProjectionExpression"), names)
