"""The AWS in memory answers as moto does, every shape of call that drills make."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from stacks.tables import TABLES
from tests.drills.conditions import Condition, conditions_of
from tests.drills.conftest import hunt_of, world_of
from tests.drills.enumeration import Stages
from tests.drills.flows import FLOWS, Flow
from tests.drills.maker_races import MAKER_RACES
from tests.drills.race import Race
from tests.drills.races import RACES
from tests.drills.serial import Races
from tests.drills.town import Town
from tests.in_memory_aws.errors import AwsError
from tests.in_memory_aws.settings import REGION
from tests.in_memory_aws.tables import Items
from tests.integration.service.tables import make_tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Wire = Mapping[str, Any]


@dataclass(frozen=True)
class Exchange:
    """A call, and the tables it touches before and after."""

    operation: str
    request: Wire
    before: Mapping[str, Items]
    after: Mapping[str, Items]
    answer: Wire
    refusal: str | None

    @property
    def shape(self) -> str:
        """Equal for calls that differ in values alone."""
        return json.dumps([self.operation, _without_values(self.request), self.refusal])


@pytest.mark.xdist_group("mutations")  # whose worker knows how everything goes
def test_every_call_the_code_makes_is_answered_as_moto_answers_it() -> None:
    exchanges = {exchange.shape: exchange for exchange in _overheard()}
    refused = [exchange for exchange in exchanges.values() if exchange.refusal]
    assert len(exchanges) > 50
    assert len(refused) > 8
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        make_tables(dynamodb)
        mirror: dict[str, Items] = {table: {} for table in TABLES}
        for exchange in exchanges.values():
            for table, items in exchange.before.items():
                _bring(dynamodb, table, mirror[table], items)
            expected = _plain(exchange.operation, exchange.answer), exchange.refusal
            assert _told(dynamodb, exchange) == expected, exchange.shape
            for table, items in exchange.after.items():
                mirror[table] = items
                held = dynamodb.scan(TableName=table)["Items"]
                assert _sorted(held) == _sorted(items.values()), exchange.shape


def _overheard() -> list[Exchange]:
    """What flows and races say to DynamoDB, some of it while somebody else is quicker."""
    heard: list[Exchange] = []
    with world_of().running() as world:
        hunt = hunt_of()
        tables = world.cloud.dynamodb.tables

        def listen(service: str, operation: str, request: Wire) -> dict[str, Any]:
            if service != "dynamodb":
                return world.cloud.call(service, operation, request)
            touched = _touched(request)
            before = {name: dict(tables[name].items) for name in touched}
            answer: dict[str, Any] = {}
            refusal = None
            try:
                answer = world.cloud.call(service, operation, request)
                return deepcopy(answer)  # boto3's resources change it
            except AwsError as error:
                refusal = _refusal(error.code, error.modeled)
                raise
            finally:
                after = {name: dict(tables[name].items) for name in touched}
                heard.append(Exchange(operation, request, before, after, answer, refusal))

        world.boundary.ask = listen
        try:
            for flow in _saying_something_new(hunt.stages):
                world.restore(hunt.stages.of(flow).start)
                flow.act(Town(world), hunt.stages.of(flow).ids)
                world.settle()
            for turned, number in _telling(hunt.races):
                hunt.races.cut_in(turned, number)
        finally:
            world.boundary.ask = world.cloud.call
    return heard


def _saying_something_new(stages: Stages) -> Iterator[Flow]:
    seen: set[str] = set()
    for flow in FLOWS:
        shapes = {
            json.dumps([call.operation, _without_values(call.request)])
            for call in stages.of(flow).calls
            if call.service == "dynamodb"
        }
        if not shapes <= seen:
            seen |= shapes
            yield flow


def _telling(races: Races) -> Iterator[tuple[Race, int]]:
    """For every condition a race in which somebody cuts in right before it is asked for."""
    seen: set[Condition] = set()
    for race in (*RACES, *MAKER_RACES):
        for turned in race.either_first():
            for call in races.start(turned).calls:
                found = set(conditions_of(call.operation, call.request))
                if call.service == "dynamodb" and not found <= seen:
                    seen |= found
                    yield turned, call.number


def _touched(request: Wire) -> set[str]:
    if "TransactItems" in request:
        return {next(iter(one.values()))["TableName"] for one in request["TransactItems"]}
    return set(request.get("RequestItems", ())) or {request["TableName"]}


def _bring(dynamodb: "DynamoDBClient", table: str, held: Items, wanted: Items) -> None:
    """Make the table in moto, known to hold `held`, hold `wanted`."""
    key = TABLES[table].key
    for gone in held.keys() - wanted.keys():
        dynamodb.delete_item(TableName=table, Key={key: {"S": gone}})
    for name, item in wanted.items():
        if held.get(name) != item:
            dynamodb.put_item(TableName=table, Item=item)


def _told(dynamodb: Any, exchange: Exchange) -> tuple[Wire, str | None]:
    try:
        answer = dynamodb._make_api_call(exchange.operation, dict(exchange.request))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return {}, _refusal(code, error.response)
    return _plain(exchange.operation, answer), None


def _refusal(code: str, modeled: Wire) -> str:
    reasons = [reason["Code"] for reason in modeled.get("CancellationReasons", [])]
    return f"{code} {reasons} {json.dumps(modeled.get('Item'), sort_keys=True)}"


def _plain(operation: str, answer: Wire) -> Wire:
    """What the code reads of an answer, where order means nothing sorted."""
    kept = {name: answer[name] for name in ("Item", "Attributes", "Items") if name in answer}
    if operation == "Scan":
        kept["Items"] = _sorted(kept["Items"])
    for table, items in answer.get("Responses", {}).items():
        kept[table] = _sorted(items)
    return kept


def _sorted(items: Any) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def _without_values(request: Any) -> Any:
    if isinstance(request, dict):
        dropped = ("Item", "Key", "Keys", "ExpressionAttributeValues", "ClientRequestToken")
        return {
            name: _without_values(value)
            for name, value in sorted(request.items())
            if name not in (*dropped, "ExclusiveStartKey")
        }
    return [_without_values(one) for one in request] if isinstance(request, list) else request
