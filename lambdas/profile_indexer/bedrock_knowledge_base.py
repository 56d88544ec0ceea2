"""Direct ingestion into a CUSTOM data source of a Bedrock knowledge base.

Shapes and limits: botocore 1.44.5, bedrock-agent. Ingestion and deletion are asynchronous.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError, ParamValidationError

from profile_indexer.document import Document, MetadataValue
from profile_indexer.ports import DocumentRefused, DocumentState

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent import AgentsforBedrockClient

Item = TypeVar("Item")

MAX_DOCUMENTS = 10
"""Of one call."""

_STATES = {
    "INDEXED": DocumentState.INDEXED,
    "PARTIALLY_INDEXED": DocumentState.FAILED,
    "METADATA_PARTIALLY_INDEXED": DocumentState.FAILED,
    "METADATA_UPDATE_FAILED": DocumentState.FAILED,
    "FAILED": DocumentState.FAILED,
    "IGNORED": DocumentState.FAILED,
    "NOT_FOUND": DocumentState.ABSENT,
    "DELETING": DocumentState.DELETING,
    "DELETE_IN_PROGRESS": DocumentState.DELETING,
}
"""Others (STARTING, PENDING, IN_PROGRESS) are under way. A partly indexed document is a failure:
without its metadata a filter cannot be trusted."""


class BedrockKnowledgeBase:
    def __init__(
        self,
        client: "AgentsforBedrockClient",
        knowledge_base_id: str,
        data_source_id: str,
        new_token: Callable[[], str],
    ) -> None:
        """`new_token` makes client tokens of at least 33 characters; the SDK's retries of one
        call repeat its token, so that a document is not ingested twice."""
        self._client = client
        self._source: Any = {
            "knowledgeBaseId": knowledge_base_id,
            "dataSourceId": data_source_id,
        }
        self._new_token = new_token

    def put(self, documents: Sequence[Document]) -> None:
        for chunk in _chunks(documents):
            try:
                self._client.ingest_knowledge_base_documents(
                    **self._source,
                    clientToken=self._new_token(),
                    documents=[_document(document) for document in chunk],
                )
            except ParamValidationError as error:
                raise DocumentRefused("ParamValidationError") from error
            except ClientError as error:
                if error.response["Error"]["Code"] == "ValidationException":
                    raise DocumentRefused("ValidationException") from error
                raise

    def remove(self, candidate_ids: Sequence[str]) -> None:
        for chunk in _chunks(candidate_ids):
            self._client.delete_knowledge_base_documents(
                **self._source,
                clientToken=self._new_token(),
                documentIdentifiers=[_identifier(one) for one in chunk],
            )

    def states(self, candidate_ids: Sequence[str]) -> Mapping[str, tuple[DocumentState, str]]:
        found = dict.fromkeys(candidate_ids, (DocumentState.ABSENT, ""))
        for chunk in _chunks(candidate_ids):
            response = self._client.get_knowledge_base_documents(
                **self._source, documentIdentifiers=[_identifier(one) for one in chunk]
            )
            for detail in response["documentDetails"]:
                candidate_id = detail["identifier"]["custom"]["id"]
                found[candidate_id] = document_state(detail["status"])
        return found


def document_state(status: str) -> tuple[DocumentState, str]:
    """What a document's `status` means, and the reason when that is FAILED."""
    state = _STATES.get(status, DocumentState.WORKING)
    return state, status if state is DocumentState.FAILED else ""


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[i : i + MAX_DOCUMENTS] for i in range(0, len(items), MAX_DOCUMENTS)]


def _identifier(candidate_id: str) -> Any:
    return {"dataSourceType": "CUSTOM", "custom": {"id": candidate_id}}


def _document(document: Document) -> Any:
    return {
        "content": {
            "dataSourceType": "CUSTOM",
            "custom": {
                "customDocumentIdentifier": {"id": document.candidate_id},
                "sourceType": "IN_LINE",
                "inlineContent": {"type": "TEXT", "textContent": {"data": document.text}},
            },
        },
        "metadata": {
            "type": "IN_LINE_ATTRIBUTE",
            "inlineAttributes": [
                {"key": key, "value": _value(value)} for key, value in document.metadata.items()
            ],
        },
    }


def _value(value: MetadataValue) -> Any:
    if isinstance(value, bool):
        return {"type": "BOOLEAN", "booleanValue": value}
    if isinstance(value, int):
        return {"type": "NUMBER", "numberValue": value}
    return {"type": "STRING", "stringValue": value}
