"""The document of a candidate: what a model judges, and nothing that tells who it is."""

import json

from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.alias import alias_of
from cufit_contracts.items import CandidateItem
from cufit_contracts.stored import read
from profile_indexer.bedrock_knowledge_base import _document
from profile_indexer.document import MAX_METADATA_BYTES, document_of
from tests.integration.lambdas.items import candidate_item

ALIAS = alias_of("m_a")


def item(**changes: object) -> CandidateItem:
    return read(CandidateItem, candidate_item("m_a", **changes))


def test_the_text_is_one_line_of_json_that_begins_with_the_alias() -> None:
    document = document_of(item())
    assert document.text.startswith(f'{{"id":"{ALIAS}",')
    assert "\n" not in document.text
    assert json.loads(document.text) == {
        "id": ALIAS,
        "job": "디자이너",
        "hobbies": ["등산", "영화"],
        "selfIntroduction": "주말마다 산에 가요.",
        "idealTypeText": "",
    }


def test_metadata_is_what_a_retrieval_filters_by() -> None:
    document = document_of(item(paused=True))
    assert document.metadata == {
        "candidate_id": "m_a",
        "gender": "FEMALE",
        "birth_year": 1996,
        "paused": True,
        "version": 3,
    }
    attributes = _document(document)["metadata"]["inlineAttributes"]
    assert {one["key"]: one["value"]["type"] for one in attributes} == {
        "candidate_id": "STRING",
        "gender": "STRING",
        "birth_year": "NUMBER",
        "paused": "BOOLEAN",
        "version": "NUMBER",
    }
    assert len(json.dumps(attributes).encode()) < MAX_METADATA_BYTES


def test_whoever_has_no_maker_is_not_to_be_found() -> None:
    for maker_id, paused in (("m_maker", False), ("m_maker", True), (None, False)):
        found = document_of(item(maker_id=maker_id, paused=paused)).metadata["paused"]
        assert found is (paused or maker_id is None)


def test_nothing_personal_is_in_it() -> None:
    text = document_of(
        item(
            self_introduction="김나나예요. 010-9876-5432 / 카톡 nana9876 / 구름 위를 걸어요",
            hobbies=["김나나와 등산", "@nana.insta"],
            job="nana@example.com",
            ideal_type={"age_range": {"min": 25, "max": 40}, "free_text": "전화 01098765432"},
        )
    ).text
    assert "m_a" not in text
    for secret in ("김나나", "9876", "nana", "phone", "nickname", "m_maker"):
        assert secret not in text


@given(st.text(max_size=500))
def test_whatever_is_written_stays_one_value_of_one_json(text: str) -> None:
    document = document_of(item(self_introduction=text, hobbies=[text]))
    fields = json.loads(document.text)
    assert set(fields) == set(json.loads(document_of(item()).text))
    assert fields["id"] == ALIAS
    assert "$" not in document.text
