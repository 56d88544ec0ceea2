"""DynamoDB in Python values: items are dicts of str, int, bool, list and dict."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder, Key
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from cufit_service.adapters.aws_clients import AwsCalls
from cufit_service.adapters.dynamodb_repeats import is_made
from cufit_service.application.ports import Position, Window
from cufit_service.domain.errors import ConcurrentChange, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Values = dict[str, Any]
Write = dict[str, Values]
"""One member of a transaction, as TransactWriteItems takes it."""

BATCH_GET_KEYS = 100
"""Keys one BatchGetItem takes (DynamoDB API reference, BatchGetItem)."""

BATCH_GET_ROUNDS = 4

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

__all__ = ["Attr", "DynamoDb", "Values", "Write", "check", "delete", "put", "update"]


def put(table: str, item: Values, condition: ConditionBase | None = None) -> Write:
    return {"Put": {"TableName": table, "Item": _packed(item), **_expression(condition)}}


def update(
    table: str,
    key: Values,
    values: Values,
    *,
    remove: Sequence[str] = (),
    condition: ConditionBase | None = None,
) -> Write:
    """Set `values` and remove attributes, leaving the others as they are."""
    names = {f"#s{n}": name for n, name in enumerate([*values, *remove])}
    placeholders = list(names)
    settings = [f"{name} = :s{n}" for n, name in enumerate(placeholders[: len(values)])]
    clauses = [f"SET {', '.join(settings)}"]
    if remove:
        clauses.append(f"REMOVE {', '.join(placeholders[len(values) :])}")
    expression = _expression(condition)
    new = {f":s{n}": _serialize(value) for n, value in enumerate(values.values())}
    return {
        "Update": {
            "TableName": table,
            "Key": _packed(key),
            **expression,
            "UpdateExpression": " ".join(clauses),
            "ExpressionAttributeNames": expression.get("ExpressionAttributeNames", {}) | names,
            "ExpressionAttributeValues": expression.get("ExpressionAttributeValues", {}) | new,
        }
    }


def delete(table: str, key: Values, condition: ConditionBase | None = None) -> Write:
    return {"Delete": {"TableName": table, "Key": _packed(key), **_expression(condition)}}


def check(table: str, key: Values, condition: ConditionBase) -> Write:
    """No write: a condition on an item that the others depend on."""
    checked = {"TableName": table, "Key": _packed(key), **_expression(condition)}
    return {"ConditionCheck": checked}


class DynamoDb:
    """Raises ConcurrentChange when a condition fails and Unavailable when DynamoDB does."""

    def __init__(self, client: "DynamoDBClient", executor: Executor) -> None:
        self._client = client
        self._calls = AwsCalls(executor)

    async def get(self, table: str, key: Values) -> Values | None:
        """Consistent."""
        answer = await self._calls.run(
            self._client.get_item, TableName=table, Key=_packed(key), ConsistentRead=True
        )
        return _unpacked(answer["Item"]) if "Item" in answer else None

    async def get_all(self, table: str, key_name: str, keys: Sequence[str]) -> list[Values]:
        """Items that exist, in any order; eventually consistent."""
        items: list[Values] = []
        for start in range(0, len(keys), BATCH_GET_KEYS):
            chunk = keys[start : start + BATCH_GET_KEYS]
            items += await self._get_batch(table, [{key_name: key} for key in chunk])
        return items

    async def _get_batch(self, table: str, keys: list[Values]) -> list[Values]:
        items: list[Values] = []
        wanted = {table: {"Keys": [_packed(key) for key in keys]}}
        for _ in range(BATCH_GET_ROUNDS):
            answer = await self._calls.run(self._client.batch_get_item, RequestItems=wanted)
            items += [_unpacked(item) for item in answer["Responses"].get(table, [])]
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                return items
        raise Unavailable

    async def write(self, write: Write) -> None:
        """One write alone, made once also when botocore had to send it twice."""
        ((kind, parameters),) = write.items()
        calls: dict[str, Callable[..., Any]] = {
            "Put": self._client.put_item,
            "Update": self._client.update_item,
            "Delete": self._client.delete_item,
        }
        if "ConditionExpression" in parameters:
            parameters = parameters | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            await self._calls.run(calls[kind], **parameters)
        except ConcurrentChange as race:
            if not is_made(kind, parameters, race):
                raise

    async def write_together(self, *writes: Write) -> None:
        """All of them or none."""
        await self._calls.run(self._client.transact_write_items, TransactItems=list(writes))

    async def append(
        self, table: str, key: Values, name: str, entry: Values, condition: ConditionBase
    ) -> None:
        """Add `entry` to the list attribute `name`."""
        expression = _expression(condition)
        await self._calls.run(
            self._client.update_item,
            TableName=table,
            Key=_packed(key),
            ConditionExpression=expression["ConditionExpression"],
            UpdateExpression="SET #a = list_append(if_not_exists(#a, :none), :entry)",
            ExpressionAttributeNames={**expression["ExpressionAttributeNames"], "#a": name},
            ExpressionAttributeValues={
                **expression.get("ExpressionAttributeValues", {}),
                ":none": _serialize([]),
                ":entry": _serialize([entry]),
            },
        )

    async def newest(
        self, table: str, *, index: str, owner: tuple[str, str], key_name: str, window: Window
    ) -> tuple[list[Values], Position | None]:
        """Items of `owner` (attribute and value) by `created_at`, newest first.

        The position of a page holds no owner, so that a position handed back by a client can
        only ever lead into the list of the member who sends it.
        """
        name, value = owner
        parameters: Values = {
            "TableName": table,
            "IndexName": index,
            "ScanIndexForward": False,
            "Limit": window.limit + 1,
            **_key_expression(Key(name).eq(value)),
        }
        if window.after is not None:
            start = {name: value, "created_at": window.after.created_at}
            parameters["ExclusiveStartKey"] = _packed(start | {key_name: window.after.item_id})
        answer = await self._calls.run(self._client.query, **parameters)
        items = [_unpacked(item) for item in answer["Items"]]
        kept = items[: window.limit]
        if kept and (len(items) > window.limit or "LastEvaluatedKey" in answer):
            return kept, Position(kept[-1]["created_at"], kept[-1][key_name])
        return kept, None

    async def oldest(
        self, table: str, *, index: str, owner: tuple[str, str], until: str
    ) -> list[Values]:
        """All items of `owner` (attribute and value) with `created_at` up to `until`."""
        name, value = owner
        expression = _key_expression(Key(name).eq(value) & Key("created_at").lte(until))
        found: list[Values] = []
        start: Values = {}
        while True:
            answer = await self._calls.run(
                self._client.query, TableName=table, IndexName=index, **expression, **start
            )
            found += [_unpacked(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def scan(self, table: str, matching: ConditionBase, limit: int) -> list[Values]:
        """Up to `limit` items that match, wherever in the table they are; consistent."""
        expression = _expression(matching)
        expression["FilterExpression"] = expression.pop("ConditionExpression")
        found: list[Values] = []
        start: Values = {}
        while True:
            answer = await self._calls.run(
                self._client.scan, TableName=table, ConsistentRead=True, **expression, **start
            )
            found += [_unpacked(item) for item in answer["Items"]]
            if len(found) >= limit or "LastEvaluatedKey" not in answer:
                return found[:limit]
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _packed(item: Mapping[str, Any]) -> Values:
    return {name: _serialize(value) for name, value in item.items()}


def _unpacked(item: Mapping[str, Any]) -> Values:
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _expression(condition: ConditionBase | None) -> Values:
    return {} if condition is None else _built(condition, "ConditionExpression", is_key=False)


def _key_expression(condition: ConditionBase) -> Values:
    return _built(condition, "KeyConditionExpression", is_key=True)


def _built(condition: ConditionBase, parameter: str, *, is_key: bool) -> Values:
    built = ConditionExpressionBuilder().build_expression(condition, is_key_condition=is_key)
    expression: Values = {
        parameter: built.condition_expression,
        "ExpressionAttributeNames": built.attribute_name_placeholders,
    }
    if built.attribute_value_placeholders:
        expression["ExpressionAttributeValues"] = _packed(built.attribute_value_placeholders)
    return expression
