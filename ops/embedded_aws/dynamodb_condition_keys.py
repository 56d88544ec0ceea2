"""What a request to DynamoDB tells IAM, for policies that name attributes. Standard library only.

From "Using IAM policy conditions for fine-grained access control" (DynamoDB developer guide) and
the service authorization reference: dynamodb:Select is of reads, dynamodb:ReturnValues of writes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Request = Mapping[str, Any]

EXPRESSIONS = ("Projection", "Filter", "KeyCondition", "Update", "Condition")
_WRITES = ("Item", "UpdateExpression", "ConditionExpression", "ReturnValues")
_WORDS = re.compile(r"#\w+|(?<![:.#\w])[A-Za-z_]\w*")
_NO_NAMES = {
    *("SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"),
    *("attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"),
    *("size", "list_append", "if_not_exists"),
}
"""Words of DynamoDB's expressions that name no attribute."""


def condition_keys(request: Request) -> dict[str, Any]:
    """Of a request for one table, or of a BatchGetItem."""
    tables = request.get("RequestItems")
    parts = [*tables.values()] if isinstance(tables, dict) else [request]
    if not all(isinstance(part, dict) for part in parts):
        return {}
    told: dict[str, Any] = {}
    if names := sorted({name for part in parts for name in attributes(part)}):
        told["dynamodb:Attributes"] = names
    if any(one in request for one in _WRITES):
        told["dynamodb:ReturnValues"] = returns(request)
    else:
        selects = {select(part) for part in parts}
        told["dynamodb:Select"] = selects.pop() if len(selects) == 1 else "ALL_ATTRIBUTES"
    return told


def attributes(request: Request) -> set[str]:
    """Top-level attributes that the request names, those of the key among them."""
    return {*request.get("Item", ()), *_keys(request), *_named(request)}


def select(request: Request) -> str:
    """Of a read; one without a projection is for whole items."""
    projected = request.get("ProjectionExpression")
    chosen = request.get("Select", "SPECIFIC_ATTRIBUTES" if projected else "ALL_ATTRIBUTES")
    return str(chosen)


def returns(request: Request) -> str:
    """Of a write. What a refused one returns is not said to have a key of its own: here it counts
    as any."""
    refused = request.get("ReturnValuesOnConditionCheckFailure")
    return str(refused or request.get("ReturnValues") or "NONE")


def _keys(request: Request) -> Iterator[str]:
    for key in (request.get("Key", {}), *request.get("Keys", ())):
        yield from key


def _named(request: Request) -> Iterator[str]:
    names = request.get("ExpressionAttributeNames") or {}
    for expression in EXPRESSIONS:
        for word in _WORDS.findall(request.get(f"{expression}Expression") or ""):
            if word not in _NO_NAMES:
                yield names.get(word, word)
