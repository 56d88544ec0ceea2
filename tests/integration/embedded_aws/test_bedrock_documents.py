"""Direct ingestion: Ingest, Get, List and DeleteKnowledgeBaseDocuments."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.knowledge import Knowledge, document
from tests.integration.embedded_aws.server import Server, allow


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    code: str = error.value.response["Error"]["Code"]
    return code


def test_a_document_is_accepted_then_indexed_then_found(knowledge: Knowledge) -> None:
    (detail,) = knowledge.ingest(document("m_1", "등산을 좋아합니다", gender="FEMALE"))
    assert detail["status"] == "STARTING"
    assert detail["knowledgeBaseId"] == knowledge.knowledge_base_id
    assert detail["identifier"] == {"dataSourceType": "CUSTOM", "custom": {"id": "m_1"}}
    assert knowledge.wait_until_settled("m_1")["m_1"]["status"] == "INDEXED"
    (result,) = knowledge.retrieve("등산")
    assert result["content"] == {"type": "TEXT", "text": "등산을 좋아합니다"}
    assert result["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "m_1"}}
    assert result["metadata"]["gender"] == "FEMALE"
    assert 0 < result["score"] <= 1


def test_the_same_id_replaces_the_document(knowledge: Knowledge) -> None:
    knowledge.ingest_and_wait(document("m_again", "바둑"))
    knowledge.ingest(document("m_again", "서예"))
    meanwhile = knowledge.found("바둑 서예", numberOfResults=10)
    assert meanwhile.count("m_again") == 1, "the version before serves until the new one is indexed"
    knowledge.wait_until_settled("m_again")
    texts = [r["content"]["text"] for r in knowledge.retrieve("바둑 서예", numberOfResults=10)]
    assert "서예" in texts
    assert "바둑" not in texts


def test_a_deleted_document_is_not_found_any_more(knowledge: Knowledge) -> None:
    knowledge.ingest_and_wait(document("m_gone", "도자기"))
    (detail,) = knowledge.delete("m_gone")
    assert detail["status"] == "DELETING"
    assert knowledge.wait_until_settled("m_gone")["m_gone"]["status"] == "NOT_FOUND"
    assert "m_gone" not in knowledge.found("도자기", numberOfResults=100)


def test_an_unknown_document_is_not_found(knowledge: Knowledge) -> None:
    assert knowledge.statuses("m_never")["m_never"]["status"] == "NOT_FOUND"
    assert knowledge.delete("m_never")[0]["status"] == "NOT_FOUND"


def test_documents_are_listed_in_pages(knowledge: Knowledge) -> None:
    knowledge.ingest_and_wait(*(document(f"m_page{n}", "목록") for n in range(5)))
    agent = knowledge.server.client("bedrock-agent")
    pages = agent.get_paginator("list_knowledge_base_documents").paginate(
        knowledgeBaseId=knowledge.knowledge_base_id,
        dataSourceId=knowledge.data_source_id,
        PaginationConfig={"PageSize": 2},
    )
    listed = [
        detail["identifier"]["custom"]["id"] for page in pages for detail in page["documentDetails"]
    ]
    assert {f"m_page{n}" for n in range(5)} <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_client_token_used_again_is_ignored(knowledge: Knowledge) -> None:
    token = str(uuid.uuid4())
    knowledge.ingest(document("m_token", "처음"), token=token)
    knowledge.wait_until_settled("m_token")
    knowledge.ingest(document("m_token", "나중"), token=token)
    knowledge.wait_until_settled("m_token")
    texts = [r["content"]["text"] for r in knowledge.retrieve("처음 나중", numberOfResults=100)]
    assert "처음" in texts
    assert "나중" not in texts


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({f"key{n}": n for n in range(36)}, id="36 keys"),
        pytest.param({"long": "가" * 400}, id="1.2 KB"),
    ],
)
def test_metadata_beyond_s3_vectors_fails_the_document(
    knowledge: Knowledge, metadata: dict[str, Any]
) -> None:
    knowledge.ingest(document("m_heavy", "무거움", **metadata))
    detail = knowledge.wait_until_settled("m_heavy")["m_heavy"]
    assert detail["status"] == "FAILED"
    assert "metadata" in detail["statusReason"]


def test_more_than_ten_documents_are_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ClientError) as error:
        knowledge.ingest(*(document(f"m_{n}", "많음") for n in range(11)))
    assert code_of(error) == "ValidationException"
    assert "length less than or equal to 10" in str(error.value)


def test_a_short_client_token_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ClientError) as error:
        knowledge.ingest(document("m_x", "글"), token="short")
    assert code_of(error) == "ValidationException"
    assert "clientToken, value: 5, valid min length: 33" in str(error.value)


def test_an_unknown_data_source_or_knowledge_base_is_named(knowledge: Knowledge) -> None:
    for ids in (
        {"knowledgeBaseId": knowledge.knowledge_base_id, "dataSourceId": "DS00000000"},
        {"knowledgeBaseId": "KB00000000", "dataSourceId": knowledge.data_source_id},
    ):
        with pytest.raises(ClientError) as error:
            knowledge.server.client("bedrock-agent").ingest_knowledge_base_documents(
                **ids, documents=[document("m_x", "글")]
            )
        assert code_of(error) == "ResourceNotFoundException"


def test_ingestion_needs_its_permission(server: Server, knowledge: Knowledge) -> None:
    reader = server.role("reads-knowledge", allow("bedrock:Retrieve", knowledge.knowledge_base_arn))
    agent = server.client("bedrock-agent", server.credentials_of(reader))
    with pytest.raises(ClientError) as error:
        agent.ingest_knowledge_base_documents(
            knowledgeBaseId=knowledge.knowledge_base_id,
            dataSourceId=knowledge.data_source_id,
            documents=[document("m_x", "글")],
        )
    assert code_of(error) == "AccessDeniedException"
