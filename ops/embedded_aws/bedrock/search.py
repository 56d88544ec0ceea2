"""Search in a knowledge base: filter by metadata, rank by likeness, as Retrieve answers it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedded_aws.bedrock import knowledge_base_role as role
from embedded_aws.bedrock.call import knowledge_base
from embedded_aws.bedrock.documents import Content, Key
from embedded_aws.bedrock.errors import ValidationError
from embedded_aws.bedrock.metadata_filter import check, matches
from embedded_aws.bedrock.retrieval import ranked
from embedded_aws.bedrock.state import documents
from embedded_aws.vector_indexes import CLASSIC, CLASSIC_REACH, arn_of, mode_of

DEFAULT_RESULTS = 5

Members = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    key: Key
    content: Content
    score: float

    def as_result(self) -> Members:
        """KnowledgeBaseRetrievalResult."""
        return self.as_reference() | {"score": self.score}

    def as_reference(self) -> Members:
        """RetrievedReference: a result without its score."""
        _knowledge_base, data_source, document = self.key
        metadata = self.content.metadata | {
            "x-amz-bedrock-kb-data-source-id": data_source,
            "x-amz-bedrock-kb-chunk-id": hashlib.sha256(document.encode()).hexdigest()[:32],
        }
        return {
            "content": {"type": "TEXT", "text": self.content.text},
            "location": {"type": "CUSTOM", "customDocumentLocation": {"id": document}},
            "metadata": metadata,
        }


def search(base: str, query: str, configuration: Mapping[str, Any] | None) -> list[Hit]:
    """Hits for `query` under a KnowledgeBaseRetrievalConfiguration, best first.

    Raises:
        ResourceNotFoundError: there is no knowledge base `base`.
        ValidationError: a search option a knowledge base on S3 Vectors refuses, or its role lacks
            a permission the search needs.
    """
    options = (configuration or {}).get("vectorSearchConfiguration") or {}
    if options.get("overrideSearchType") == "HYBRID":
        raise ValidationError(
            "HYBRID search type is not supported for search operation on this vector store"
        )
    for unsupported in ("rerankingConfiguration", "implicitFilterConfiguration"):
        if unsupported in options:
            raise ValidationError(f"The embedded AWS has no {unsupported}")
    condition = options.get("filter")
    check(condition)
    reading = (role.GET,) if condition else ()
    record = knowledge_base(base)
    obstacle = role.obstacle(record, role.EMBED, role.QUERY, *reading)
    if obstacle:
        raise ValidationError(obstacle)
    limit = options.get("numberOfResults", DEFAULT_RESULTS)
    storage = record["StorageConfiguration"]["s3VectorsConfiguration"]
    reached = documents.searchable(base)
    if mode_of(arn_of(storage)) == CLASSIC:
        reached = dict(_nearest(query, reached)[: CLASSIC_REACH * limit])
    passing = {
        key: content for key, content in reached.items() if matches(condition, content.metadata)
    }
    order = ranked(query, {key: content.text for key, content in passing.items()})
    return [Hit(key, passing[key], round(score, 6)) for key, score in order[:limit]]


def _nearest(query: str, contents: Mapping[Key, Content]) -> list[tuple[Key, Content]]:
    order = ranked(query, {key: content.text for key, content in contents.items()})
    return [(key, contents[key]) for key, _ in order]
