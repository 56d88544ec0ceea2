"""Retrieve for who is near in meaning, against botocore's model of it."""

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import ANY, Stubber

from match_worker.adapters.bedrock_nearness import NEARNESS_READ, BedrockNearness
from match_worker.adapters.bedrock_timing import client_config
from match_worker.errors import ModelOverloaded
from tests.unit.lambdas.match_worker.people import search

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

ELIGIBLE = {
    "andAll": [
        {"equals": {"key": "gender", "value": "FEMALE"}},
        {"greaterThanOrEquals": {"key": "birth_year", "value": 1991}},
        {"lessThanOrEquals": {"key": "birth_year", "value": 1999}},
        {"equals": {"key": "paused", "value": False}},
    ]
}


@pytest.fixture
def client() -> "AgentsforBedrockRuntimeClient":
    return boto3.client("bedrock-agent-runtime", config=client_config(NEARNESS_READ))


def test_ids_come_from_the_metadata_in_the_order_found(
    client: "AgentsforBedrockRuntimeClient",
) -> None:
    results = [
        {"content": {"text": "{}"}, "metadata": {"candidate_id": "m_b"}},
        {"content": {"text": "{}"}, "metadata": {"candidate_id": 7}},
        {"content": {"text": "{}"}, "metadata": {"candidate_id": ""}},
        {"content": {"text": "{}"}},
        {"content": {"text": "{}"}, "metadata": {"candidate_id": "m_a"}},
    ]
    with Stubber(client) as stub:
        stub.add_response(
            "retrieve",
            {"retrievalResults": results},
            {
                "knowledgeBaseId": "KB12345678",
                "retrievalQuery": {"text": ANY},
                "retrievalConfiguration": {
                    "vectorSearchConfiguration": {"numberOfResults": 20, "filter": ELIGIBLE}
                },
            },
        )
        assert BedrockNearness(client, "KB12345678").nearest(search(), 20) == ["m_b", "m_a"]


def test_an_error_is_sorted_like_a_models(client: "AgentsforBedrockRuntimeClient") -> None:
    with Stubber(client) as stub:
        stub.add_client_error("retrieve", "ThrottlingException", http_status_code=429)
        with pytest.raises(ModelOverloaded):
            BedrockNearness(client, "KB12345678").nearest(search(), 20)
