"""What the functions ask of AWS is answered in memory."""

import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest

from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import REGION


@cache
def _resource() -> Any:
    return boto3.resource("dynamodb", region_name=REGION)  # making one takes 100 ms


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    cloud = Cloud(time.time)
    with botocore_asks(cloud.call):
        yield cloud


@pytest.fixture
def dynamodb(cloud: Cloud) -> Any:
    """boto3's resource, on `cloud`."""
    return _resource()
