"""Tables, bucket and parameters as the stacks make them, in moto."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from match_worker.adapters import bedrock_timing
from tests.integration.lambdas.parameters import Parameters
from tests.integration.service.tables import as_declared

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table


# Powertools reads it when a handler is imported; the stacks set it for every function.
os.environ["POWERTOOLS_METRICS_NAMESPACE"] = "cufit"
os.environ["POWERTOOLS_SERVICE_NAME"] = "function-under-test"


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that match_worker paused before its second tries, which nobody waits for here."""
    paused: list[float] = []
    monkeypatch.setattr(bedrock_timing, "sleep", paused.append)
    return paused


@pytest.fixture(scope="module")
def mocked() -> Iterator[None]:
    """Once per module: moto drops boto3's session on entering, and with it what botocore read."""
    with mock_aws():
        yield


@pytest.fixture
def aws(mocked: None) -> Iterator[None]:
    yield
    moto_api_backend.reset()


@pytest.fixture
def dynamodb(aws: None) -> "DynamoDBServiceResource":
    return boto3.resource("dynamodb")


@pytest.fixture
def recommendations(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("recommendations"))


@pytest.fixture
def candidates(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("candidates"))


@pytest.fixture
def matches(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("matches"))


@pytest.fixture
def idempotency(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("idempotency"))


@pytest.fixture
def members(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("members"))


@pytest.fixture
def photos(dynamodb: "DynamoDBServiceResource") -> "Table":
    return dynamodb.create_table(**as_declared("photos"))


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch) -> Parameters:
    return Parameters().installed(monkeypatch)


@pytest.fixture
def bucket(aws: None) -> str:
    boto3.client("s3").create_bucket(
        Bucket="photo-bucket",
        CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"},
    )
    return "photo-bucket"


@pytest.fixture
def bedrock_agent() -> Iterator[Stubber]:
    with Stubber(boto3.client("bedrock-agent")) as stub:
        yield stub
