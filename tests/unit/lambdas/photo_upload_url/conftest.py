from typing import Any

import pytest

from tests.in_memory_aws.cloud import Cloud
from tests.unit.lambdas.photo_upload_url.uploads import World


@pytest.fixture
def world(dynamodb: Any, cloud: Cloud) -> World:
    return World(dynamodb, cloud)
