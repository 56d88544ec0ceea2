"""Plug-in dynamodb_attributes: roles that may touch some attributes touch no others."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stacks.components.permissions import reading_only, writing_only
from tests.integration.embedded_aws.server import Server, allow

KEY = {"id": {"S": "a"}}
READING = ["GetItem", "BatchGetItem", "Query", "Scan"]
WRITING = ["UpdateItem", "PutItem"]


@pytest.fixture(scope="module")
def table(server: Server) -> Any:
    """A client that may touch `id` and `job`, and an item with a phone."""
    root = server.client("dynamodb")
    root.create_table(
        TableName="people",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    root.put_item(TableName="people", Item={**KEY, "job": {"S": "j"}, "phone": {"S": "010"}})
    names = ["id", "job"]
    reads, writes = (
        allow([f"dynamodb:{action}" for action in actions]) | {"Condition": conditions}
        for actions, conditions in ((READING, reading_only(names)), (WRITING, writing_only(names)))
    )
    return server.client(
        "dynamodb", server.credentials_of(server.role("attributes", reads, writes))
    )


Call = Callable[[Any, str], Any]

READS: dict[str, Call] = {
    "get": lambda ask, names: ask.get_item(TableName="people", Key=KEY, ProjectionExpression=names),
    "batch": lambda ask, names: ask.batch_get_item(
        RequestItems={"people": {"Keys": [KEY], "ProjectionExpression": names}}
    ),
    "query": lambda ask, names: ask.query(
        TableName="people",
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "a"}},
        ProjectionExpression=names,
    ),
    "scan": lambda ask, names: ask.scan(TableName="people", ProjectionExpression=names),
}

WHOLE: dict[str, Callable[[Any], Any]] = {
    "get": lambda ask: ask.get_item(TableName="people", Key=KEY),
    "batch": lambda ask: ask.batch_get_item(RequestItems={"people": {"Keys": [KEY]}}),
    "scan": lambda ask: ask.scan(TableName="people"),
    "filter": lambda ask: ask.scan(
        TableName="people", ProjectionExpression="id", FilterExpression="attribute_exists(phone)"
    ),
    "put": lambda ask: ask.put_item(TableName="people", Item={**KEY, "phone": {"S": "1"}}),
}


@pytest.mark.parametrize("read", READS)
def test_what_is_named_in_the_policy_is_read_and_nothing_else(table: Any, read: str) -> None:
    assert READS[read](table, "id, job")
    with pytest.raises(ClientError, match="AccessDenied"):
        READS[read](table, "id, job, phone")


@pytest.mark.parametrize("call", WHOLE)
def test_whole_items_are_refused(table: Any, call: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        WHOLE[call](table)


def test_an_update_neither_writes_nor_returns_more(table: Any) -> None:
    def update(name: str, **more: str) -> None:
        table.update_item(
            TableName="people",
            Key=KEY,
            UpdateExpression=f"SET {name} = :new",
            ExpressionAttributeValues={":new": {"S": "x"}},
            **more,
        )

    update("job")
    update("job", ReturnValues="UPDATED_NEW")
    for name, more in (
        ("phone", {}),
        ("job", {"ReturnValues": "ALL_OLD"}),
        ("job", {"ReturnValues": "ALL_NEW"}),
        ("job", {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            update(name, **more)
