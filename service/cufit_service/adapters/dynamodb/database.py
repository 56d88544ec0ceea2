"""DynamoDB in Python values: items are dicts of str, int, bool, list and dict."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import uuid4

from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.aws.api import AwsApi, ConditionFailed, TransactionConflict
from cufit_service.adapters.dynamodb.expressions import (
    Attr,
    Condition,
    Values,
    packed,
    unpacked,
)
from cufit_service.adapters.dynamodb.repeated_writes import was_applied_before
from cufit_service.adapters.dynamodb.writes import Write
from cufit_service.application.pages import Position, Window
from cufit_service.application.retries import retried
from cufit_service.domain.errors import ConcurrentChange, Unavailable

BATCH_GET_KEYS = 100
"""Keys one BatchGetItem takes (DynamoDB API reference, BatchGetItem)."""

BATCH_GET_ROUNDS = 4

SCAN_PAGE = 100
"""Items one Scan reads, lest a page of a megabyte take half of what a table serves in a second."""

SCANNED_A_SECOND = 100
"""Read units. A table serves 400 (stacks/components/table.py): beside two tasks, half is left."""

OPERATIONS: Final = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}


class DynamoDb:
    """Raises ConcurrentChange when a condition fails and Unavailable when DynamoDB does.

    A write that meets another's transaction is made again a moment later; Contended, when it always
    meets one.
    """

    def __init__(
        self, api: AwsApi, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._api = api
        self._sleep = sleep

    async def get(self, table: str, key: Values) -> Values | None:
        """Consistent."""
        answer = await self._api("GetItem", TableName=table, Key=packed(key), ConsistentRead=True)
        return unpacked(answer["Item"]) if "Item" in answer else None

    async def get_all(
        self, table: str, key_name: str, keys: Sequence[str], *, attributes: Sequence[str]
    ) -> list[Values]:
        """`attributes` of the items that exist, in any order; eventually consistent."""
        names = {f"#a{number}": name for number, name in enumerate(attributes)}
        wanted = {
            "ProjectionExpression": ", ".join(names),
            "ExpressionAttributeNames": names,
        }
        items: list[Values] = []
        for start in range(0, len(keys), BATCH_GET_KEYS):
            chunk = [packed({key_name: key}) for key in keys[start : start + BATCH_GET_KEYS]]
            items += await self._get_batch(table, {table: {"Keys": chunk, **wanted}})
        return items

    async def _get_batch(self, table: str, wanted: Values) -> list[Values]:
        items: list[Values] = []
        for _ in range(BATCH_GET_ROUNDS):
            answer = await self._api("BatchGetItem", RequestItems=wanted)
            items += [unpacked(item) for item in answer["Responses"].get(table, [])]
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                return items
        raise Unavailable

    async def write(self, write: Write) -> None:
        """One write alone, made once also when the request had to be sent twice."""
        ((kind, parameters),) = write.items()
        if "ConditionExpression" in parameters:
            parameters = parameters | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            await self._written(OPERATIONS[kind], parameters)
        except ConditionFailed as race:
            if not was_applied_before(kind, parameters, race.stored):
                raise

    async def try_write(self, write: Write) -> bool:
        """False, and nothing, when its condition fails."""
        try:
            await self.write(write)
        except ConcurrentChange:
            return False
        return True

    async def write_together(self, *writes: Write) -> None:
        """All of them or none; made once also when the request had to be sent twice."""
        parameters = {"TransactItems": list(writes), "ClientRequestToken": str(uuid4())}
        await self._written("TransactWriteItems", parameters)

    async def write_again_and_again(self, write: Write) -> bool:
        """False, and nothing, when its condition fails. For a write that changes nothing more when
        the request had to be sent twice, whatever the second is answered."""
        ((kind, parameters),) = write.items()
        try:
            await self._written(OPERATIONS[kind], parameters)
        except ConditionFailed:
            return False
        return True

    async def _written(self, operation: str, parameters: Values) -> None:
        async def attempt() -> None:
            await self._api(operation, **parameters)

        await retried(attempt, TransactionConflict)

    async def newest(
        self,
        table: str,
        *,
        index: str,
        owner: tuple[str, str],
        key_name: str,
        window: Window,
        beginning: str = "joined_at",
    ) -> tuple[list[Values], Position | None]:
        """Items of `owner` (attribute and value) by `created_at`, newest first.

        Other memberships than the window's, told by `beginning`, are passed over; pages are full.
        A position holds no owner: one that a client sends leads into nobody else's list.
        """
        parameters: Values = {
            "TableName": table,
            "IndexName": index,
            "ScanIndexForward": False,
            "Limit": window.limit + 1,
            **Attr(owner[0]).eq(owner[1]).as_parameter("KeyConditionExpression"),
        }
        if window.joined_at is not None:
            parameters["FilterExpression"] = "#began = :began"
            parameters["ExpressionAttributeNames"]["#began"] = beginning
            parameters["ExpressionAttributeValues"] |= packed(
                {":began": timestamp(window.joined_at)}
            )
        if window.after is not None:
            start = {owner[0]: owner[1], "created_at": window.after.created_at}
            parameters["ExclusiveStartKey"] = packed(start | {key_name: window.after.item_id})
        items: list[Values] = []
        while True:
            answer = await self._api("Query", **parameters)
            items += [unpacked(item) for item in answer["Items"]]
            if len(items) > window.limit or "LastEvaluatedKey" not in answer:
                break
            parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        if len(items) <= window.limit:
            return items, None
        last = items[window.limit - 1]
        return items[: window.limit], Position(last["created_at"], last[key_name])

    async def oldest(
        self, table: str, *, index: str, owner: tuple[str, str], until: str | None = None
    ) -> list[Values]:
        """All items of `owner` (attribute and value), with `created_at` up to `until` if given."""
        name, value = owner
        keys = Attr(name).eq(value)
        if until is not None:
            keys = keys & Attr("created_at").lte(until)
        expression = keys.as_parameter("KeyConditionExpression")
        found: list[Values] = []
        start: Values = {}
        while True:
            answer = await self._api(
                "Query", TableName=table, IndexName=index, **expression, **start
            )
            found += [unpacked(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def scan(self, table: str, matching: Condition, limit: int | None = None) -> list[Values]:
        """Items that match, up to `limit` if given, wherever they are; consistent, and slow."""
        request = {
            "TableName": table,
            "ConsistentRead": True,
            "Limit": SCAN_PAGE,
            "ReturnConsumedCapacity": "TOTAL",
            **matching.as_parameter("FilterExpression"),
        }
        found: list[Values] = []
        start: Values = {}
        while True:
            answer = await self._api("Scan", **request, **start)
            found += [unpacked(item) for item in answer["Items"]]
            done = limit is not None and len(found) >= limit
            if done or "LastEvaluatedKey" not in answer:
                return found[:limit]
            await self._sleep(answer["ConsumedCapacity"]["CapacityUnits"] / SCANNED_A_SECOND)
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
