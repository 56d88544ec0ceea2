"""A knowledge base and the simulated model, from the parts of the embedded AWS that are pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from embedded_aws.bedrock import simulated_model
from embedded_aws.bedrock.documents import Content, Document, Key, KnowledgeBaseDocuments
from embedded_aws.bedrock.metadata_filter import check, matches
from embedded_aws.bedrock.prompt import REFUSAL
from embedded_aws.bedrock.retrieval import ranked
from tests.in_memory_aws.errors import AwsError

KNOWLEDGE_BASE, DATA_SOURCE = "KB12345678", "DS12345678"

_METADATA_MEMBERS = {
    "STRING": "stringValue",
    "NUMBER": "numberValue",
    "BOOLEAN": "booleanValue",
}


@dataclass(frozen=True)
class Held:
    """A Bedrock at one moment."""

    documents: dict[Key, Document]
    asked: list[str]
    tokens: frozenset[str]
    throttled: bool
    broken: bool


@dataclass
class Bedrock:
    clock: Callable[[], float]
    throttled: bool = False
    """While true the model answers nobody."""
    broken: bool = False
    """While true nobody is answered by anything but an error."""
    asked: list[str] = field(default_factory=list)
    """The query of every question the model answered."""
    _tokens: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.documents = KnowledgeBaseDocuments(self.clock)

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        match operation:
            case "IngestKnowledgeBaseDocuments":
                return self._once(request, self._ingest)
            case "DeleteKnowledgeBaseDocuments":
                return self._once(request, self._delete)
            case "GetKnowledgeBaseDocuments":
                keys = _keys(request)
                return {"documentDetails": [_detail(k, self.documents.get(k)) for k in keys]}
            case "Retrieve":
                return self._retrieve(request)
            case "RetrieveAndGenerate":
                return self._generate(request)
        raise NotImplementedError(f"no code of cufit calls {operation}")

    def searchable(self) -> dict[str, Content]:
        """By candidate id."""
        return {key[2]: content for key, content in self._searchable().items()}

    def snapshot(self) -> "Held":
        documents = {key: replace(one) for key, one in self.documents._documents.items()}
        return Held(documents, list(self.asked), self._tokens, self.throttled, self.broken)

    def restore(self, held: "Held") -> None:
        documents = {key: replace(one) for key, one in held.documents.items()}
        self.documents._documents = documents
        self.asked, self._tokens = list(held.asked), held.tokens
        self.throttled, self.broken = held.throttled, held.broken

    def _once(
        self, request: Mapping[str, Any], work: Callable[[Mapping[str, Any]], None]
    ) -> dict[str, Any]:
        """A client token answered before changes nothing (bedrock-agent API reference)."""
        token = request.get("clientToken", "")
        if token not in self._tokens:
            work(request)
            self._tokens |= {token}
        return {"documentDetails": []}

    def _ingest(self, request: Mapping[str, Any]) -> None:
        for document in request["documents"]:
            custom = document["content"]["custom"]
            metadata = {
                one["key"]: one["value"][_METADATA_MEMBERS[one["value"]["type"]]]
                for one in document["metadata"]["inlineAttributes"]
            }
            text = custom["inlineContent"]["textContent"]["data"]
            key = (KNOWLEDGE_BASE, DATA_SOURCE, custom["customDocumentIdentifier"]["id"])
            self.documents.ingest(key, Content(text, metadata))

    def _delete(self, request: Mapping[str, Any]) -> None:
        for key in _keys(request):
            self.documents.delete(key)

    def _generate(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if self.throttled:
            raise AwsError("ThrottlingException", "Too many tokens", 429)
        if self.broken:
            raise AwsError("InternalServerException", "something broke", 500)
        query = request["input"]["text"]
        settings = request["retrieveAndGenerateConfiguration"]["knowledgeBaseConfiguration"]
        search = settings["retrievalConfiguration"]["vectorSearchConfiguration"]
        found = self._found(query, search)
        self.asked.append(query)
        template = settings["generationConfiguration"]["promptTemplate"]["textPromptTemplate"]
        texts = [one.text for one in found]
        text = simulated_model.answer(template, query, texts) if texts else REFUSAL
        return {"sessionId": "session", "output": {"text": text}, "citations": []}

    def _retrieve(self, request: Mapping[str, Any]) -> dict[str, Any]:
        search = request["retrievalConfiguration"]["vectorSearchConfiguration"]
        found = self._found(request["retrievalQuery"]["text"], search)
        results = [
            {"content": {"type": "TEXT", "text": one.text}, "metadata": dict(one.metadata)}
            for one in found
        ]
        return {"retrievalResults": results}

    def _found(self, query: str, search: Mapping[str, Any]) -> list[Content]:
        """Best first."""
        check(search["filter"])
        found = {
            key: content
            for key, content in self._searchable().items()
            if matches(search["filter"], content.metadata)
        }
        order = ranked(query, {key: content.text for key, content in found.items()})
        return [found[key] for key, _ in order[: search["numberOfResults"]]]

    def _searchable(self) -> dict[Key, Content]:
        return self.documents.searchable(KNOWLEDGE_BASE)


def _keys(request: Mapping[str, Any]) -> list[Key]:
    return [
        (KNOWLEDGE_BASE, DATA_SOURCE, one["custom"]["id"]) for one in request["documentIdentifiers"]
    ]


def _detail(key: Key, document: Document | None) -> dict[str, Any]:
    identifier = {"dataSourceType": "CUSTOM", "custom": {"id": key[2]}}
    return {"identifier": identifier, "status": document.status if document else "NOT_FOUND"}
