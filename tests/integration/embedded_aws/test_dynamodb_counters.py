"""Counters inside of a map, and numbers that are added to, as the service and the worker write."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cufit_contracts.attention import PROPOSED, SHOWN, amount, lately
from cufit_contracts.items import NO_HISTORY
from cufit_contracts.stored import read, written
from cufit_service.adapters.dynamodb.expressions import Attr, packed, unpacked
from cufit_service.adapters.dynamodb.writes import OneMore, update
from match_worker.adapters.dynamodb_attention import DynamodbAttention
from match_worker.profile import Profile
from tests.integration.embedded_aws.server import REGION, Server
from tests.integration.lambdas.items import JOINED_AT, candidate_item
from tests.unit.lambdas.match_worker.people import NOW, search

KEY = {"candidate_id": "m_a"}


@pytest.fixture
def dynamodb(server: Server) -> Any:
    client = server.client("dynamodb")
    keys = {"counted": "candidate_id", "days": "id"}
    for table, key in keys.items():
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
    yield client
    for table in keys:
        client.delete_table(TableName=table)


def test_what_is_counted_with_a_match_and_what_is_shown(server: Server, dynamodb: Any) -> None:
    item = candidate_item("m_a") | {"history": written(NO_HISTORY), "attention": 0}
    dynamodb.put_item(TableName="counted", Item=packed(item))
    still = Attr("joined_at").eq(JOINED_AT)
    more = {"history": OneMore(("asked", "wanted"))}
    counted = update("counted", KEY, more, condition=still)
    proposed = update("counted", KEY, {}, add={"attention": amount(PROPOSED, NOW)}, condition=still)
    for write in (counted, proposed, counted):
        dynamodb.transact_write_items(TransactItems=[write])
    gone = Attr("joined_at").eq("2020-01-01T00:00:00.000Z")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb.transact_write_items(TransactItems=[update("counted", KEY, more, condition=gone)])
    resource = boto3.resource(
        "dynamodb",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    attention = DynamodbAttention(resource.Table("counted"), resource.Table("days"))
    for _ in range(2):  # the second time of a day counts nothing
        attention.shown(search(), [read(Profile, item)], NOW)
    found = unpacked(dynamodb.get_item(TableName="counted", Key=packed(KEY))["Item"])
    assert found["history"] == {"asked": 2, "wanted": 2, "answered": 0, "said_yes": 0}
    assert lately(found["attention"], NOW) == pytest.approx(PROPOSED + SHOWN, rel=1e-3)
