"""Operations on tables with conditions, transactions and indexes: what cufit calls of DynamoDB.

test_in_memory_aws.py holds it to moto; what moto cannot show is a knob here: `lag`, `expire`,
`page_items`, `transaction_seconds` and the throttles of Cloud.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from stacks import tables
from tests.in_memory_aws.errors import (
    CONFLICT,
    AwsError,
    NotComputed,
    condition_failed,
    invalid,
    throughput_exceeded,
    transaction_canceled,
    transaction_conflict,
)
from tests.in_memory_aws.expressions import condition
from tests.in_memory_aws.operands import Placeholders
from tests.in_memory_aws.tables import Held, Table
from tests.in_memory_aws.values import Item, bytes_of, named, projected
from tests.in_memory_aws.writes import Request, holds, key_of, prepared, reason

Answer = dict[str, Any]

MAX_ACTIONS: Final = 100
"""Of one transaction (DynamoDB API reference, TransactWriteItems)."""

TOKEN_SECONDS: Final = 600
"""How long a ClientRequestToken is known (same page)."""

READ_UNIT: Final = 4096
"""Bytes that one unit reads consistently, or twice as many ("Read and write operations")."""

Snapshot = tuple[dict[str, Held], dict[str, float]]


class DynamoDb:
    lag: float = 0.0
    """Seconds until an index shows a write; `settle` shows all at once."""
    page_items: int | None = None
    """Items that one Query or Scan reads at most, in place of AWS's megabyte."""
    transaction_seconds: float = 0.0
    """How long a transaction has its items, checked ones too: until then others conflict. Less
    than its answer takes, or whoever is answered conflicts with itself."""

    def __init__(self, declared: Mapping[str, tables.Table], seconds: Callable[[], float]) -> None:
        self.tables = {name: Table(table, seconds) for name, table in declared.items()}
        self._seconds = seconds
        self._tokens: dict[str, float] = {}
        self._ongoing: dict[tuple[str, str], float] = {}
        """By table and key: until when a transaction has the item."""
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
        if operation not in self._operations:
            raise NotImplementedError(f"no code of cufit calls dynamodb:{operation}")
        return self._operations[operation](request)

    def throttled(self, operation: str, request: Request) -> Answer:
        """What a call that exceeds a table's ceiling is answered. Raises AwsError."""
        if operation == "BatchGetItem":
            return self._get_half_a_batch(request)
        if operation == "TransactWriteItems":
            told = {"Code": "ThrottlingError", "Message": "Throughput exceeds the limit"}
            raise transaction_canceled([told for _ in request["TransactItems"]])
        raise throughput_exceeded()

    def settle(self) -> None:
        """Let every index show everything."""
        for table in self.tables.values():
            table.settle()

    def expire(self) -> None:
        """Remove what has expired: DynamoDB does so within days, and until then shows it."""
        for table in self.tables.values():
            table.expire(self.lag)

    def snapshot(self) -> Snapshot:
        return {name: table.held() for name, table in self.tables.items()}, dict(self._tokens)

    def restore(self, snapshot: Snapshot) -> None:
        held, tokens = snapshot
        self._tokens = dict(tokens)
        self._ongoing.clear()
        for name, one in held.items():
            self.tables[name].hold(one)

    def _table(self, request: Request) -> Table:
        try:
            return self.tables[request["TableName"]]
        except KeyError as error:
            raise AwsError("ResourceNotFoundException", f"no table {error}") from error

    def _get(self, request: Request) -> Answer:
        table = self._table(request)
        item = table.items.get(key_of(table, request["Key"]))
        return {} if item is None else {"Item": _projected(item, request)}

    def _get_batch(self, request: Request) -> Answer:
        responses: dict[str, list[Item]] = {}
        for name, wanted in request["RequestItems"].items():
            table = self._table({"TableName": name})
            keys = [key_of(table, key) for key in wanted["Keys"]]
            if not 0 < len(keys) <= 100 or len(set(keys)) != len(keys):
                raise invalid("1 to 100 different keys")
            found = [table.items[key] for key in keys if key in table.items]
            responses[name] = [_projected(item, wanted) for item in found]
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _get_half_a_batch(self, request: Request) -> Answer:
        ((name, wanted),) = request["RequestItems"].items()
        half = len(wanted["Keys"]) // 2
        if not half:
            raise throughput_exceeded()
        first = {name: {**wanted, "Keys": wanted["Keys"][:half]}}
        rest = {name: {**wanted, "Keys": wanted["Keys"][half:]}}
        return self._get_batch({"RequestItems": first}) | {"UnprocessedKeys": rest}

    def _write(self, kind: str, request: Request) -> Answer:
        table = self._table(request)
        write = prepared(kind, request, table)
        if self._is_ongoing(request["TableName"], write.key):
            raise transaction_conflict()
        before = table.items.get(write.key)
        if not holds(request, before):
            wants = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise condition_failed(before if wants else None)
        table.write(write.key, write.after, self.lag)
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
        token, now = request.get("ClientRequestToken"), self._seconds()
        if token is not None and now - self._tokens.get(token, 0.0) < TOKEN_SECONDS:
            return {}  # the same request again: it has succeeded
        writes, reasons = [], []
        for kind, action in actions:
            table = self._table(action)
            try:
                writes.append(prepared(kind, action, table))
            except NotComputed as error:
                # One reason for each action, in their order (API reference, TransactWriteItems).
                told = [{"Code": "None"} for _ in actions]
                told[len(writes)] = {"Code": "ValidationError", "Message": error.message}
                raise transaction_canceled(told) from error
            before = table.items.get(writes[-1].key)
            ongoing = self._is_ongoing(action["TableName"], writes[-1].key)
            reasons.append(CONFLICT if ongoing else reason(action, before))
        touched = {(id(write.table), write.key) for write in writes}
        if len(touched) != len(writes):
            raise invalid("Transaction request cannot include multiple operations on one item")
        if any(reason["Code"] != "None" for reason in reasons):
            raise transaction_canceled(reasons)
        for (kind, action), write in zip(actions, writes, strict=True):
            self._ongoing[action["TableName"], write.key] = now + self.transaction_seconds
            if kind != "ConditionCheck":
                write.table.write(write.key, write.after, self.lag)
        if token is not None:
            self._tokens[token] = now
        return {}

    def _is_ongoing(self, table: str, key: str) -> bool:
        until = self._ongoing.get((table, key), 0.0) if self.transaction_seconds else 0.0
        return until > self._seconds()

    def _query(self, request: Request) -> Answer:
        if request.get("ConsistentRead"):
            raise invalid("Consistent reads are not supported on global secondary indexes")
        table = self._table(request)
        partition, sort = table.indexes[request["IndexName"]]
        if (text := request.get("ProjectionExpression")) and (
            unseen := table.unseen_in(
                request["IndexName"], named(text, request.get("ExpressionAttributeNames") or {})
            )
        ):
            raise invalid(f"{request['IndexName']} does not project {sorted(unseen)}")
        matches, given = condition(request["KeyConditionExpression"]), Placeholders.of(request)
        owner = _owner(request["KeyConditionExpression"], given, partition)
        backwards = request.get("ScanIndexForward") is False
        rows = [row for row in table.shown(request["IndexName"], owner) if matches(row[2], given)]
        rows.sort(key=lambda row: row[:2], reverse=backwards)
        if start := request.get("ExclusiveStartKey"):
            last = (start[sort]["S"], start[table.key]["S"])
            rows = [row for row in rows if (row[:2] < last if backwards else row[:2] > last)]
        return self._page([row[2] for row in rows], request, (table.key, partition, sort))

    def _scan(self, request: Request) -> Answer:
        table = self._table(request)
        last = request.get("ExclusiveStartKey", {}).get(table.key, {}).get("S", "")
        items = [table.items[key] for key in sorted(table.items) if key > last]
        answer = self._page(items, request, (table.key,))
        if request.get("ReturnConsumedCapacity") == "TOTAL":
            read = sum(bytes_of(item) for item in items[: answer["ScannedCount"]])
            units = math.ceil(read / READ_UNIT) * (1.0 if request.get("ConsistentRead") else 0.5)
            answer["ConsumedCapacity"] = {"TableName": request["TableName"], "CapacityUnits": units}
        return answer

    def _page(self, items: list[Item], request: Request, place: tuple[str, ...]) -> Answer:
        """Limit counts what was read, before the filter, as on AWS."""
        limits = (request.get("Limit"), self.page_items)
        limit = min((limit for limit in limits if limit), default=len(items) + 1)
        read, answer = items[:limit], Answer()
        answer["ScannedCount"] = len(read)
        if len(read) == limit:  # also where nothing follows: a page ends before it looks on
            answer["LastEvaluatedKey"] = {name: read[-1][name] for name in place}
        if text := request.get("FilterExpression"):
            matches, given = condition(text), Placeholders.of(request)
            read = [item for item in read if matches(item, given)]
        answer["Items"] = [_projected(item, request) for item in read]
        return answer | {"Count": len(read)}


@lru_cache
def _equalities(text: str) -> list[tuple[str, str]]:
    return re.findall(r"([#\w]+) = (:\w+)", text)


def _owner(text: str, given: Placeholders, partition: str) -> str:
    """What a key condition wants the partition key to be."""
    for name, value in _equalities(text):
        if given.names.get(name, name) == partition:
            return str(given.values[value]["S"])
    raise invalid(f"Query condition missed key schema element: {partition}")


def _projected(item: Item, request: Request) -> Item:
    names = request.get("ExpressionAttributeNames") or {}
    return projected(item, request.get("ProjectionExpression"), names)
