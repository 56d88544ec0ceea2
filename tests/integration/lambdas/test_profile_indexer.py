"""profile_indexer from the SQS event to item and document, over moto and botocore's model."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cufit_contracts.messages import ProfileChanged
from cufit_contracts.vocabulary import ProfileChange
from profile_indexer import handler
from tests.integration.lambdas.context import context, sqs_event
from tests.integration.lambdas.items import candidate_item
from tests.integration.lambdas.test_profile_indexer_bedrock import SOURCE, detail
from tests.unit.lambdas.match_worker.people import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def changed(
    candidate_id: str, version: int = 3, change: ProfileChange = ProfileChange.SAVED
) -> str:
    return ProfileChanged(
        correlation_id="req-1",
        occurred_at=NOW,
        candidate_id=candidate_id,
        change=change,
        version=version,
    ).to_body()


@pytest.fixture
def world(
    candidates: "Table", bedrock_agent: Stubber, monkeypatch: pytest.MonkeyPatch
) -> Iterator["Table"]:
    make = boto3.client

    def stubbed(service: str, **options: Any) -> Any:
        return bedrock_agent.client if service == "bedrock-agent" else make(service, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(boto3, "client", stubbed)
    for name, value in {
        "CUFIT_ENV": "test",
        "CUFIT_CANDIDATES_TABLE": "candidates",
        "CUFIT_KNOWLEDGE_BASE_ID": SOURCE["knowledgeBaseId"],
        "CUFIT_DATA_SOURCE_ID": SOURCE["dataSourceId"],
    }.items():
        monkeypatch.setenv(name, value)
    handler._app.cache_clear()
    yield candidates
    handler._app.cache_clear()


def stored(table: "Table", candidate_id: str) -> dict[str, Any]:
    return table.get_item(Key={"candidate_id": candidate_id})["Item"]


def test_several_messages_about_one_person_are_one_document(
    world: "Table", bedrock_agent: Stubber
) -> None:
    world.put_item(Item=candidate_item("m_a"))
    bedrock_agent.add_response(
        "ingest_knowledge_base_documents",
        {"documentDetails": [detail("m_a", "STARTING")]},
        {**SOURCE, "clientToken": ANY, "documents": [ANY]},
    )
    bedrock_agent.add_response(
        "get_knowledge_base_documents", {"documentDetails": [detail("m_a", "INDEXED")]}
    )
    response = handler.handler(sqs_event(changed("m_a", 2), changed("m_a", 3)), context())
    assert response == {"batchItemFailures": []}
    item = stored(world, "m_a")
    assert (item["index_state"], item["index_version"]) == ("INDEXED", 3)
    bedrock_agent.assert_no_pending_responses()


def test_who_left_is_deleted(world: "Table", bedrock_agent: Stubber) -> None:
    bedrock_agent.add_response(
        "get_knowledge_base_documents", {"documentDetails": [detail("m_gone", "INDEXED")]}
    )
    bedrock_agent.add_response(
        "delete_knowledge_base_documents",
        {"documentDetails": [detail("m_gone", "DELETING")]},
        {
            **SOURCE,
            "clientToken": ANY,
            "documentIdentifiers": [{"dataSourceType": "CUSTOM", "custom": {"id": "m_gone"}}],
        },
    )
    bedrock_agent.add_response(
        "get_knowledge_base_documents", {"documentDetails": [detail("m_gone", "NOT_FOUND")]}
    )
    response = handler.handler(sqs_event(changed("m_gone", 4, ProfileChange.LEFT)), context())
    assert response == {"batchItemFailures": []}
    bedrock_agent.assert_no_pending_responses()


def test_what_is_not_ours_or_goes_wrong_stays_in_the_queue(
    world: "Table", bedrock_agent: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(handler.logger.registered_handler, "stream", log)
    world.put_item(Item=candidate_item("m_a"))
    for _ in range(2):
        bedrock_agent.add_client_error(
            "ingest_knowledge_base_documents", "ThrottlingException", "", 429
        )
    response = handler.handler(sqs_event("{}", changed("m_a")), context())
    assert response == {
        "batchItemFailures": [{"itemIdentifier": "message-0"}, {"itemIdentifier": "message-1"}]
    }
    assert stored(world, "m_a")["index_state"] == "PENDING"
    assert "9876" not in log.getvalue()
