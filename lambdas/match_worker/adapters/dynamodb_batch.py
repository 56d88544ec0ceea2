"""Consistent BatchGetItem that does not lose keys DynamoDB left for later."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

MAX_KEYS = 100
"""Of one BatchGetItem (botocore model of dynamodb)."""

_ATTEMPTS = 4
_FIRST_PAUSE = 0.05
"""Seconds; doubles before each further attempt."""


class TableOverloaded(RuntimeError):
    """DynamoDB kept leaving keys unread; the message is delivered again later."""


def get_items(
    dynamodb: "DynamoDBServiceResource",
    table_name: str,
    keys: Sequence[Mapping[str, str]],
    projection: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Items found, in no particular order.

    Raises:
        TableOverloaded: keys were left unread after the last attempt.
    """
    items: list[dict[str, Any]] = []
    for start in range(0, len(keys), MAX_KEYS):
        chunk: Any = list(keys[start : start + MAX_KEYS])
        items += _get_chunk(dynamodb, table_name, chunk, projection)
    return items


def _get_chunk(
    dynamodb: "DynamoDBServiceResource",
    table_name: str,
    keys: Any,
    projection: Mapping[str, Any],
) -> list[dict[str, Any]]:
    request: Any = {table_name: {"Keys": keys, "ConsistentRead": True, **projection}}
    items: list[dict[str, Any]] = []
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_FIRST_PAUSE * 2 ** (attempt - 1))
        response = dynamodb.batch_get_item(RequestItems=request)
        items += response["Responses"].get(table_name, [])
        request = response.get("UnprocessedKeys")
        if not request:
            return items
    raise TableOverloaded(f"{table_name}: keys left unread after {_ATTEMPTS} attempts")
