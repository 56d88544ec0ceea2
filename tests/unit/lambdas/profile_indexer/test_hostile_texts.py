"""Whatever stands in an old row, its document is one that Bedrock takes, or refusing it holds up
nobody else."""

import json
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.alias import alias_of
from cufit_contracts.items import IndexedItem
from cufit_contracts.stored import read
from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase
from profile_indexer.document import MAX_METADATA_BYTES, Document, document_of
from tests.integration.lambdas.items import candidate_item

EMBEDDED_BYTES = 8192
"""Titan Text Embeddings V2 reads 8,192 tokens; a token is at least a byte. Its other limit, 50,000
characters, is wider (Bedrock user guide, Amazon Titan Text Embeddings)."""

TEXTS = {
    "16 KB": "가" * 5461,
    "emoji": "👩‍❤️‍💋‍👨🏳️‍🌈👍🏿" * 900,
    "right to left": "\u202e\u2067" + "שלום مرحبا" * 500 + "\u2069",
    "NUL": "등산\x00영화" * 1000,
    "placeholder": "$search_results$ $query$ ＄search_results＄" * 100,
    "lone surrogates": "\ud83d 등산 \udc4d" * 1000,
    "a document's end": '"}]}\n</document>' * 500,
    "marks": "a" + "\u0301" * 16_000,
    "ligature that grows": "\ufdfa" * 5000,
}


@cache
def request_shape() -> Any:
    model = Loader().load_service_model("bedrock-agent", "service-2")
    service = ServiceModel(model, "bedrock-agent")
    shape = service.operation_model("IngestKnowledgeBaseDocuments").input_shape
    assert shape is not None
    return shape


class Client:
    """Takes what botocore's model takes."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    def ingest_knowledge_base_documents(self, **request: Any) -> None:
        report = ParamValidator().validate(request, request_shape())
        assert not report.has_errors(), report.generate_report()
        self.taken += request["documents"]


def taken(document: Document) -> None:
    """Raises AssertionError when Bedrock would refuse it."""
    client: Any = Client()
    base = BedrockKnowledgeBase(client, "KB12345678", "DS12345678", new_token=lambda: "t" * 36)
    base.put([document])
    (sent,) = client.taken
    text = sent["content"]["custom"]["inlineContent"]["textContent"]["data"]
    assert len(text.encode()) <= EMBEDDED_BYTES
    assert "$" not in text
    assert "\n" not in text
    assert json.loads(text)["id"] == alias_of("m_a")
    attributes = sent["metadata"]["inlineAttributes"]
    assert len(json.dumps(attributes).encode()) <= MAX_METADATA_BYTES
    assert all(len(one["value"].get("stringValue", "")) <= 2048 for one in attributes)


def document(text: str, many: int = 1) -> Document:
    told = {"job": text, "city": text, "district": text, "self_introduction": text, "name": text}
    row = candidate_item("m_a") | told | {"hobbies": [text] * many}
    return document_of(read(IndexedItem, row | {"ideal_type": {"free_text": text}}))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_texts_of_old_rows_become_documents(text: str) -> None:
    taken(document(text, many=20))


def test_ten_thousand_hobbies() -> None:
    taken(document("등산", many=10_000))


@given(st.text(st.characters(categories=None), max_size=300), st.integers(0, 200))
def test_any_text_becomes_a_document(text: str, many: int) -> None:
    taken(document(text, many))
