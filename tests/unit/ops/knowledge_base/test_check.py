"""A check that finds what is wrong, and nothing where nothing is."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from cufit_contracts.items import IndexedItem
from cufit_contracts.stored import read
from cufit_ops.knowledge_base.check import Findings, Retrieved, check, leaks
from profile_indexer.document import document_of
from tests.integration.lambdas.items import candidate_item


def item(candidate_id: str, **changes: Any) -> IndexedItem:
    return read(IndexedItem, candidate_item(candidate_id, **changes))


HANA = item("m_hana", name="정하나", phone="010-1234-5678", birth_year=1996)
DURI = item("m_duri", name="김두리", gender="MALE", birth_year=1994)


def held(person: IndexedItem, **changes: Any) -> Retrieved:
    made = document_of(person)
    fields = json.loads(made.text) | changes
    bedrocks = {"x-amz-bedrock-kb-data-source-id": "DS"}
    text = json.dumps(fields, ensure_ascii=False)
    return Retrieved(person.candidate_id, text, made.metadata | bedrocks)


class Index:
    """Finds what it holds of a gender and year."""

    def __init__(self, *documents: Retrieved) -> None:
        self.documents = list(documents)
        self.asked: list[tuple[str, str, int]] = []

    def __call__(self, text: str, gender: str, birth_year: int) -> Sequence[Retrieved]:
        self.asked.append((text, gender, birth_year))
        return [
            one
            for one in self.documents
            if (one.metadata["gender"], one.metadata["birth_year"]) == (gender, birth_year)
        ]


def findings(*documents: Retrieved, in_step: Sequence[str] = ("m_duri", "m_hana")) -> Findings:
    return check([HANA, DURI], in_step, Index(*documents))


def test_all_is_well() -> None:
    found = findings(held(HANA), held(DURI))
    assert found.fine
    assert (found.canary, found.canary_found, found.documents_read) == ("m_duri", True, 2)


def test_the_canary_is_searched_for_by_its_own_document_among_its_like() -> None:
    index = Index(held(HANA), held(DURI))
    check([HANA, DURI], ["m_hana"], index)
    assert index.asked[0] == (document_of(HANA).text, "FEMALE", 1996)
    assert len(index.asked) == 3


def test_a_canary_that_is_not_found_is_told() -> None:
    found = findings(held(HANA))
    assert (found.canary_found, found.fine) == (False, False)


def test_without_anybody_in_step_there_is_no_canary() -> None:
    found = findings(held(HANA), in_step=())
    assert (found.canary, found.fine) == (None, True)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"selfIntroduction": "저는 정하나예요"}, "the name in selfIntroduction"),
        ({"hobbies": ["등산", "정하나"]}, "the name in hobbies"),
        ({"job": "문의 010 1234 5678"}, "contact data in job"),
        ({"selfIntroduction": "01012345678로"}, "contact data in selfIntroduction"),
        ({"nickname": "구름"}, "field nickname"),
    ],
)
def test_what_must_not_be_in_a_document_is_found(changes: dict[str, Any], what: str) -> None:
    found = findings(held(HANA, **changes), held(DURI))
    assert [(leak.candidate_id, leak.what) for leak in found.leaks] == [("m_hana", what)]
    assert not found.fine


def test_metadata_and_text_that_are_not_ours_are_found() -> None:
    strange = Retrieved("m_hana", "정하나의 소개", {"version": 3, "phone": "x"})
    assert [leak.what for leak in leaks(strange, HANA)] == [
        "metadata phone",
        "text that is no document of ours",
        "the name in the text",
    ]


def test_a_finding_never_repeats_the_thing_itself() -> None:
    found = findings(held(HANA, job="정하나 01012345678"), held(DURI))
    assert found.leaks
    assert not [leak for leak in found.leaks if "정하나" in leak.what or "0101" in leak.what]


def test_a_document_of_another_version_than_believed_is_found() -> None:
    older = Retrieved("m_hana", held(HANA).text, {**held(HANA).metadata, "version": 1})
    assert findings(older, held(DURI)).outdated == ["m_hana"]
    assert findings(older, held(DURI), in_step=["m_duri"]).outdated == []
