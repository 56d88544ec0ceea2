"""Names and phone numbers of everybody, written everywhere text goes, leave the table nowhere."""

import io
import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from cufit_contracts.alias import alias_of
from cufit_contracts.messages import MatchRequested, ProfileChanged
from cufit_contracts.vocabulary import ProfileChange
from match_worker import handler as match_worker
from profile_indexer import handler as profile_indexer
from tests.integration.lambdas.context import context, sqs_event
from tests.integration.lambdas.items import candidate_item, recommendation_item
from tests.integration.lambdas.parameters import Parameters
from tests.integration.lambdas.test_match_worker_handler import ENVIRONMENT
from tests.unit.lambdas.match_worker.people import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NAMES = {"m_seeker": "남궁카나리", "m_a": "선우카나리"}
PHONES = {"m_seeker": "010-4827-1953", "m_a": "010-7364-2815"}
SECRETS = ("카나리", "4827", "1953", "7364", "2815", "nickname-canary", "maker-canary")


def canary_item(candidate_id: str, gender: str) -> dict[str, Any]:
    name, phone = NAMES[candidate_id], PHONES[candidate_id]
    text = f"저는 {name}, 연락처는 {phone} 또는 {phone.replace('-', '')}"
    return candidate_item(
        candidate_id,
        gender=gender,
        maker_id="m_maker-canary",
        nickname="nickname-canary",
        name=name,
        phone=phone,
        self_introduction=text,
        job=text,
        hobbies=[name, phone],
        city="서울특별시",
        ideal_type={"age_range": {"min": 20, "max": 50}, "free_text": text},
    )


class Recorder:
    """Everything said to Bedrock, and what Bedrock answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.clients: dict[str, Any] = {}
        make = boto3.client

        def client(service: str, **options: Any) -> Any:
            return self.clients.get(service) or make(service, **options)  # type: ignore[call-overload]

        for service in ("bedrock-agent", "bedrock-agent-runtime"):
            self.clients[service] = made = make(service)
            made.meta.events.register(f"provide-client-params.{service}", self.hear)
            stub = Stubber(made)
            stub.activate()
            setattr(self, service.replace("-", "_"), stub)
        monkeypatch.setattr(boto3, "client", client)

    def hear(self, params: dict[str, Any], **_: Any) -> None:
        self.said.append(json.dumps(params, ensure_ascii=False))

    bedrock_agent: Stubber
    bedrock_agent_runtime: Stubber


@pytest.fixture
def bedrock(
    recommendations: "Table",
    candidates: "Table",
    matches: "Table",
    idempotency: "Table",
    parameters: Parameters,
    monkeypatch: pytest.MonkeyPatch,
) -> Recorder:
    parameters["/cufit/local/brake"] = "off"
    extra = {"CUFIT_DATA_SOURCE_ID": "DS12345678"}
    for name, value in (ENVIRONMENT | extra).items():
        monkeypatch.setenv(name, value)
    recommendations.put_item(Item=recommendation_item(maker_id="m_maker-canary"))
    candidates.put_item(Item=canary_item("m_seeker", "MALE"))
    candidates.put_item(Item=canary_item("m_a", "FEMALE"))
    match_worker._app.cache_clear()
    profile_indexer._app.cache_clear()
    return Recorder(monkeypatch)


def test_no_canary_leaves_the_table(
    bedrock: Recorder,
    recommendations: "Table",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = io.StringIO()
    for module in (match_worker, profile_indexer):
        monkeypatch.setattr(module.logger.registered_handler, "stream", log)
    seen = [_indexed(bedrock), _matched(bedrock)]
    item = recommendations.get_item(Key={"recommendation_id": "rec_1"})["Item"]
    assert item["status"] == "READY"
    seen += [*bedrock.said, log.getvalue(), *capsys.readouterr(), str(item["result"])]
    assert len(bedrock.said) >= 3
    for secret in SECRETS:
        for text in seen:
            assert secret not in text


def _indexed(bedrock: Recorder) -> str:
    body = ProfileChanged(
        correlation_id="req-1",
        occurred_at=NOW,
        candidate_id="m_a",
        change=ProfileChange.SAVED,
        version=3,
    ).to_body()
    identifier = {"dataSourceType": "CUSTOM", "custom": {"id": "m_a"}}
    detail = {
        "knowledgeBaseId": "KB12345678",
        "dataSourceId": "DS12345678",
        "status": "INDEXED",
        "identifier": identifier,
    }
    for operation in ("ingest_knowledge_base_documents", "get_knowledge_base_documents"):
        bedrock.bedrock_agent.add_response(operation, {"documentDetails": [detail]})
    records = {"Records": [{"messageId": "1", "body": body}]}
    return body + json.dumps(profile_indexer.handler(records, context()))


def _matched(bedrock: Recorder) -> str:
    """The model repeats every secret it can think of in its reason."""
    reason = f"{NAMES['m_a']} 님과 {NAMES['m_seeker']} 님, {PHONES['m_a']} {PHONES['m_seeker']}"
    parts = {"hobbies": 1, "values": 1, "introduction": 1}
    answer = {"candidates": [{"id": alias_of("m_a"), "parts": parts, "reason": f"좋아요 {reason}"}]}
    bedrock.bedrock_agent_runtime.add_response(
        "retrieve_and_generate",
        {
            "sessionId": "s-1",
            "output": {"text": json.dumps(answer, ensure_ascii=False)},
            "citations": [],
        },
    )
    body = MatchRequested.of("rec_1", NOW).to_body()
    return body + json.dumps(match_worker.handler(sqs_event(body), context()))
