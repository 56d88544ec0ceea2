"""profile_indexer's calls of Bedrock, held against botocore's model."""

from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase
from profile_indexer.document import Document
from profile_indexer.ports import DocumentRefused, DocumentState

SOURCE = {"knowledgeBaseId": "KB12345678", "dataSourceId": "DS12345678"}
TOKEN = "7f1d1c5e-0000-4000-8000-000000000001"


def detail(candidate_id: str, status: str) -> dict[str, Any]:
    return {
        **SOURCE,
        "status": status,
        "identifier": {"dataSourceType": "CUSTOM", "custom": {"id": candidate_id}},
    }


class TestKnowledgeBase:
    @pytest.fixture
    def adapter(self, bedrock_agent: Stubber) -> BedrockKnowledgeBase:
        client: Any = bedrock_agent.client
        return BedrockKnowledgeBase(client, "KB12345678", "DS12345678", new_token=lambda: TOKEN)

    def test_a_document_is_sent_as_bedrock_takes_it(
        self, bedrock_agent: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        bedrock_agent.add_response(
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
        self, bedrock_agent: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        documents = [Document(f"m_{n}", 1, "{}", {"version": 1}) for n in range(11)]
        for size in (10, 1):
            bedrock_agent.add_response(
                "ingest_knowledge_base_documents",
                {},
                {**SOURCE, "clientToken": TOKEN, "documents": [ANY] * size},
            )
        adapter.put(documents)
        bedrock_agent.assert_no_pending_responses()

    def test_a_refused_document_is_told_apart_from_a_passing_fault(
        self, bedrock_agent: Stubber, adapter: BedrockKnowledgeBase
    ) -> None:
        bedrock_agent.add_client_error("ingest_knowledge_base_documents", "ValidationException")
        with pytest.raises(DocumentRefused):
            adapter.put([Document("m_a", 1, "{}", {"version": 1})])

    def test_what_the_sdk_does_not_even_send_is_refused_too(self) -> None:
        client = boto3.client("bedrock-agent")
        adapter = BedrockKnowledgeBase(client, "KB12345678", "DS12345678", lambda: TOKEN)
        no_text: Any = None
        with pytest.raises(DocumentRefused):
            adapter.put([Document("m_a", 1, no_text, {"version": 1})])

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
            ("DELETING", DocumentState.DELETING, ""),
            ("DELETE_IN_PROGRESS", DocumentState.DELETING, ""),
        ],
    )
    def test_states_of_documents(
        self,
        bedrock_agent: Stubber,
        adapter: BedrockKnowledgeBase,
        status: str,
        state: DocumentState,
        reason: str,
    ) -> None:
        bedrock_agent.add_response(
            "get_knowledge_base_documents", {"documentDetails": [detail("m_a", status)]}
        )
        assert adapter.states(["m_a", "m_b"]) == {
            "m_a": (state, reason),
            "m_b": (DocumentState.ABSENT, ""),
        }
