"""profile_indexer from the SQS event to item and document, over moto and botocore's model."""

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cufit_contracts.messages import ProfileChanged
from cufit_contracts.vocabulary import ProfileChange
from profile_indexer import handler
from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase
from profile_indexer.document import Document
from profile_indexer.dynamodb_indexed_candidates import DynamodbIndexedCandidates
from profile_indexer.ports import DocumentRefused, DocumentState, IndexState, Marking
from tests.integration.lambdas.context import context
from tests.integration.lambdas.items import candidate_item
from tests.unit.lambdas.match_worker.people import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

SOURCE = {"knowledgeBaseId": "KB12345678", "dataSourceId": "DS12345678"}
TOKEN = "7f1d1c5e-0000-4000-8000-000000000001"


def detail(candidate_id: str, status: str) -> dict[str, Any]:
    return {
        **SOURCE,
        "status": status,
        "identifier": {"dataSourceType": "CUSTOM", "custom": {"id": candidate_id}},
    }


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


def event(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"message-{number}", "body": body} for number, body in enumerate(bodies)
        ]
    }


@pytest.fixture
def bedrock() -> Iterator[Stubber]:
    with Stubber(boto3.client("bedrock-agent")) as stub:
        yield stub


@pytest.fixture
def world(
    candidates: "Table", bedrock: Stubber, monkeypatch: pytest.MonkeyPatch
) -> Iterator["Table"]:
    make = boto3.client

    def stubbed(service: str, **options: Any) -> Any:
        return bedrock.client if service == "bedrock-agent" else make(service, **options)  # type: ignore[call-overload]

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
    world: "Table", bedrock: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    world.put_item(Item=candidate_item("m_a"))
    bedrock.add_response(
        "ingest_knowledge_base_documents",
        {"documentDetails": [detail("m_a", "STARTING")]},
        {**SOURCE, "clientToken": ANY, "documents": [ANY]},
    )
    bedrock.add_response(
        "get_knowledge_base_documents", {"documentDetails": [detail("m_a", "INDEXED")]}
    )
    response = handler.handler(event(changed("m_a", 2), changed("m_a", 3)), context())
    assert response == {"batchItemFailures": []}
    item = stored(world, "m_a")
    assert (item["index_state"], item["index_version"]) == ("INDEXED", 3)
    bedrock.assert_no_pending_responses()
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["RecordsFailed"] == [0.0]


def test_who_left_is_deleted(world: "Table", bedrock: Stubber) -> None:
    bedrock.add_response(
        "delete_knowledge_base_documents",
        {"documentDetails": [detail("m_gone", "DELETING")]},
        {
            **SOURCE,
            "clientToken": ANY,
            "documentIdentifiers": [{"dataSourceType": "CUSTOM", "custom": {"id": "m_gone"}}],
        },
    )
    response = handler.handler(event(changed("m_gone", 4, ProfileChange.LEFT)), context())
    assert response == {"batchItemFailures": []}
    bedrock.assert_no_pending_responses()


def test_what_is_not_ours_or_goes_wrong_stays_in_the_queue(
    world: "Table", bedrock: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(handler.logger.registered_handler, "stream", log)
    world.put_item(Item=candidate_item("m_a"))
    for _ in range(2):
        bedrock.add_client_error("ingest_knowledge_base_documents", "ThrottlingException", "", 429)
    response = handler.handler(event("{}", changed("m_a")), context())
    assert response == {
        "batchItemFailures": [{"itemIdentifier": "message-0"}, {"itemIdentifier": "message-1"}]
    }
    assert stored(world, "m_a")["index_state"] == "PENDING"
    assert "9876" not in log.getvalue()


class TestIndexedCandidates:
    @pytest.fixture
    def adapter(
        self, dynamodb: "DynamoDBServiceResource", candidates: "Table"
    ) -> DynamodbIndexedCandidates:
        candidates.put_item(Item=candidate_item("m_a", version=3))
        return DynamodbIndexedCandidates(dynamodb, "candidates")

    def test_a_mark_tells_version_state_and_reason(
        self, adapter: DynamodbIndexedCandidates, candidates: "Table"
    ) -> None:
        assert adapter.mark("m_a", 3, IndexState.FAILED, "x" * 500) is Marking.DONE
        assert len(stored(candidates, "m_a")["index_reason"]) == 200
        assert adapter.mark("m_a", 3, IndexState.INDEXED) is Marking.DONE
        item = stored(candidates, "m_a")
        assert (item["index_state"], item["index_version"]) == ("INDEXED", 3)
        assert "index_reason" not in item

    def test_a_mark_for_another_version_changes_nothing(
        self, adapter: DynamodbIndexedCandidates, candidates: "Table"
    ) -> None:
        before = stored(candidates, "m_a")
        assert adapter.mark("m_a", 2, IndexState.INDEXED) is Marking.OUTRUN
        assert stored(candidates, "m_a") == before

    def test_a_mark_brings_nobody_back(
        self, adapter: DynamodbIndexedCandidates, candidates: "Table"
    ) -> None:
        assert adapter.mark("m_gone", 1, IndexState.INDEXED) is Marking.GONE
        adapter.reopen("m_gone")
        assert "Item" not in candidates.get_item(Key={"candidate_id": "m_gone"})

    def test_reopening_makes_it_behind_again(
        self, adapter: DynamodbIndexedCandidates, candidates: "Table"
    ) -> None:
        adapter.mark("m_a", 3, IndexState.INDEXED)
        adapter.reopen("m_a")
        item = stored(candidates, "m_a")
        assert (item["index_state"], item["index_version"]) == ("PENDING", 0)

    def test_an_item_out_of_shape_is_told_apart_from_a_missing_one(
        self, adapter: DynamodbIndexedCandidates, candidates: "Table"
    ) -> None:
        candidates.put_item(Item={"candidate_id": "m_odd", "name": "홀"})
        found = adapter.get_many(["m_a", "m_odd", "m_gone"])
        assert set(found) == {"m_a", "m_odd"}
        assert found["m_odd"] is None


class TestKnowledgeBase:
    @pytest.fixture
    def adapter(self, bedrock: Stubber) -> BedrockKnowledgeBase:
        client: Any = bedrock.client
        return BedrockKnowledgeBase(client, "KB12345678", "DS12345678", new_token=lambda: TOKEN)

    def test_a_document_is_sent_as_bedrock_takes_it(
        self, bedrock: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        bedrock.add_response(
            "ingest_knowledge_base_documents",
            {},
            {
                **SOURCE,
                "clientToken": TOKEN,
                "documents": [
                    {
                        "content": {
                            "dataSourceType": "CUSTOM",
                            "custom": {
                                "customDocumentIdentifier": {"id": "m_a"},
                                "sourceType": "IN_LINE",
                                "inlineContent": {"type": "TEXT", "textContent": {"data": "{}"}},
                            },
                        },
                        "metadata": {
                            "type": "IN_LINE_ATTRIBUTE",
                            "inlineAttributes": [
                                {
                                    "key": "paused",
                                    "value": {"type": "BOOLEAN", "booleanValue": False},
                                }
                            ],
                        },
                    }
                ],
            },
        )
        adapter.put([Document("m_a", 3, "{}", {"paused": False})])

    def test_ten_documents_go_in_one_call(
        self, bedrock: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        documents = [Document(f"m_{n}", 1, "{}", {"version": 1}) for n in range(11)]
        for size in (10, 1):
            bedrock.add_response(
                "ingest_knowledge_base_documents",
                {},
                {**SOURCE, "clientToken": TOKEN, "documents": [ANY] * size},
            )
        adapter.put(documents)
        bedrock.assert_no_pending_responses()

    def test_a_refused_document_is_told_apart_from_a_passing_fault(
        self, bedrock: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        bedrock.add_client_error("ingest_knowledge_base_documents", "ValidationException")
        with pytest.raises(DocumentRefused):
            adapter.put([Document("m_a", 1, "{}", {"version": 1})])

    @pytest.mark.parametrize(
        ("status", "state", "reason"),
        [
            ("STARTING", DocumentState.WORKING, ""),
            ("PENDING", DocumentState.WORKING, ""),
            ("IN_PROGRESS", DocumentState.WORKING, ""),
            ("INDEXED", DocumentState.INDEXED, ""),
            ("METADATA_UPDATE_FAILED", DocumentState.FAILED, "METADATA_UPDATE_FAILED"),
            ("IGNORED", DocumentState.FAILED, "IGNORED"),
            ("NOT_FOUND", DocumentState.ABSENT, ""),
            ("DELETE_IN_PROGRESS", DocumentState.ABSENT, ""),
        ],
    )
    def test_states_of_documents(
        self,
        bedrock: Stubber,
        adapter: BedrockKnowledgeBase,
        status: str,
        state: DocumentState,
        reason: str,
    ) -> None:
        bedrock.add_response(
            "get_knowledge_base_documents", {"documentDetails": [detail("m_a", status)]}
        )
        assert adapter.states(["m_a", "m_b"]) == {
            "m_a": (state, reason),
            "m_b": (DocumentState.ABSENT, ""),
        }
