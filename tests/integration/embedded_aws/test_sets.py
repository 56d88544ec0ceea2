"""What a day's quota needs of the embedded AWS: one update that counts in a set, on a condition."""

from collections.abc import Iterator
from typing import Any

import pytest

from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import update
from tests.integration.embedded_aws.server import Server
from tests.integration.service.tables import as_declared

TABLE = "idempotency"


@pytest.fixture
def dynamodb(server: Server) -> Iterator[Any]:
    client = server.client("dynamodb")
    client.create_table(**as_declared(TABLE))
    yield client
    client.delete_table(TableName=TABLE)


def test_a_set_counts_each_once_and_no_more_than_allowed(dynamodb: Any) -> None:
    key, ids = {"id": "quota#suggestions#m_her#2026-11-27"}, Attr("ids")
    for one, room in (("a", True), ("b", True), ("a", True), ("c", False)):
        free = ids.contains(one) | ids.not_exists() | ids.size_below(2)
        taken = update(TABLE, key, {"expiration": 1}, add={"ids": {one}}, condition=free)
        if room:
            dynamodb.update_item(**taken["Update"])
        else:
            with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
                dynamodb.update_item(**taken["Update"])
    given_back = update(TABLE, key, {}, discard={"ids": {"a"}}, condition=ids.contains("a"))
    dynamodb.update_item(**given_back["Update"])
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(**given_back["Update"])
    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert item["ids"] == {"SS": ["b"]}


def test_a_list_has_an_entry_once(dynamodb: Any) -> None:
    entry = {"at": "2026-11-27T00:00:00.000Z", "state": "SENT"}
    noted = update(
        TABLE, {"id": "a"}, {}, append={"timeline": entry}, condition=Attr("timeline").lacks(entry)
    )
    dynamodb.update_item(**noted["Update"])
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(**noted["Update"])
