"""The AWS in memory beside moto, and the time of the first."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import REGION
from tests.integration.service.tables import make_tables

NOW = 1_800_000_000.0

Asked = Callable[..., dict[str, Any]]


class Time:
    now = NOW


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(lambda: Time.now)


@pytest.fixture
def both(cloud: Cloud) -> Iterator[list[Asked]]:
    """The AWS in memory and moto, to be asked the same."""
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name=REGION)
        make_tables(client)
        yield [
            lambda operation, **asked: cloud.call("dynamodb", operation, asked),
            lambda operation, **asked: client._make_api_call(operation, asked),
        ]


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    yield
    Time.now = NOW


def in_memory(cloud: Cloud) -> Asked:
    return lambda operation, **asked: cloud.call("dynamodb", operation, asked)
