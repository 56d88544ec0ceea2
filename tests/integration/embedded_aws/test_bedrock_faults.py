"""Faults on demand, and their end."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from embedded_aws.bedrock.faults import Fault, Faults, order_of
from tests.integration.embedded_aws.knowledge import MODEL_ARN, Knowledge, document


@pytest.fixture
def faulty(knowledge: Knowledge) -> Iterator[Knowledge]:
    knowledge.ingest_and_wait(document("m_1", '{"id":"m_1","hobbies":["등산"]}'))
    yield knowledge
    knowledge.server.control("DELETE", "bedrock/faults")


def order(knowledge: Knowledge, **body: object) -> None:
    knowledge.server.control("PUT", "bedrock/faults", body)


@pytest.mark.parametrize(
    ("mode", "code", "status"),
    [
        ("throttle", "ThrottlingException", 429),
        ("server_error", "InternalServerException", 500),
        ("dependency_failed", "DependencyFailedException", 424),
        ("access_denied", "AccessDeniedException", 403),
    ],
)
def test_an_error_comes_as_often_as_ordered(
    faulty: Knowledge, mode: str, code: str, status: int
) -> None:
    order(faulty, mode=mode, times=2)
    for _ in range(2):
        with pytest.raises(ClientError) as error:
            faulty.generate("글")
        assert error.value.response["Error"]["Code"] == code
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert faulty.generate("글")["output"]["text"]
    assert faulty.server.control("GET", "bedrock/faults")["mode"] == "none"


def test_a_model_that_fails_at_its_tool_is_converses_424(faulty: Knowledge) -> None:
    order(faulty, mode="dependency_failed", operations=["Converse"])
    hello = [{"role": "user", "content": [{"text": "안녕"}]}]
    runtime = faulty.server.client("bedrock-runtime")
    with pytest.raises(ClientError, match="ModelErrorException"):
        runtime.converse(modelId=MODEL_ARN, messages=hello)
    assert faulty.found("글") == ["m_1"]


def test_a_fault_may_last_a_time() -> None:
    now = [100.0]
    faults = Faults(lambda: now[0])
    faults.set(order_of({"mode": "throttle", "for_seconds": 15}))
    now[0] += 14.9
    assert faults.take("Converse").mode is Fault.THROTTLE
    now[0] += 0.1
    assert faults.take("Converse").mode is Fault.NONE
    assert faults.order.mode is Fault.NONE


def test_a_timeout_keeps_the_caller_waiting(faulty: Knowledge) -> None:
    order(faulty, mode="timeout", times=1, seconds=1)
    client = faulty.server.client("bedrock-agent-runtime", read_timeout=0.3)
    with pytest.raises(ReadTimeoutError):
        client.retrieve(knowledgeBaseId=faulty.knowledge_base_id, retrievalQuery={"text": "글"})


def test_spoiled_answers(faulty: Knowledge) -> None:
    def answer(mode: str) -> str:
        order(faulty, mode=mode, times=1)
        text: str = faulty.generate('{"hobbies":["등산"]}')["output"]["text"]
        return text

    assert "{" not in answer("prose")
    assert answer("refusal") == "Sorry, I am unable to assist you with this request."
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer("truncated_json"))
    unknown = json.loads(answer("unknown_ids"))["candidates"]
    assert [each["id"] for each in unknown] == ["m_nobody0"]


def test_a_fault_stays_until_it_is_cleared(faulty: Knowledge) -> None:
    order(faulty, mode="refusal", times=None)
    assert all("Sorry" in faulty.generate("글")["output"]["text"] for _ in range(3))
    faulty.server.control("DELETE", "bedrock/faults")
    assert "Sorry" not in faulty.generate("글")["output"]["text"]


def test_a_fault_can_be_ordered_for_one_operation(faulty: Knowledge) -> None:
    order(faulty, mode="throttle", operations=["IngestKnowledgeBaseDocuments"])
    assert faulty.found("글") == ["m_1"]
    with pytest.raises(ClientError, match="ThrottlingException"):
        faulty.ingest(document("m_2", "글"))


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "sabotage"},
        {"mode": "throttle", "times": 0},
        {"mode": "throttle", "for_seconds": 0},
        {"mode": "throttle", "operations": ["Sing"]},
        {"mode": "throttle", "often": 2},
        [],
    ],
)
def test_an_order_out_of_shape_says_what_is_legal(faulty: Knowledge, body: object) -> None:
    answer = faulty.server.request("PUT", "/_cufit/bedrock/faults", json=body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("faults: ")
