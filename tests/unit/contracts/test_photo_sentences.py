"""Every way a photo may be refused has a sentence in both languages, and no sentence is dead."""

import re
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from cufit_contracts.photo_problems import Language, Sentences, StorageRefusal, language_asked_for
from cufit_contracts.photo_sentences import OF_ISSUING, OF_REJECTION, OF_STORAGE, OF_TYPE
from cufit_contracts.photos import RejectionReason, UploadRefusal, UploadType

LISTS: list[Mapping[Any, Sentences]] = [OF_REJECTION, OF_STORAGE, OF_ISSUING, OF_TYPE]


def test_none_is_missing_and_none_is_dead() -> None:
    assert set(OF_REJECTION) == {*RejectionReason}
    assert set(OF_STORAGE) == {*StorageRefusal}
    assert set(OF_ISSUING) == {*UploadRefusal}
    assert not set(OF_TYPE) & {*UploadType}


def test_codes_of_storage_are_those_of_s3() -> None:
    model: Any = botocore.session.get_session().get_service_model("s3")
    text = re.sub(r"<[^>]+>|\s+", " ", model.shape_for("Error").members["Code"].documentation)
    pairs = re.findall(r"Code:\s+(\w+)\s+Description:.*?HTTP Status Code:\s+(\d+)", text)
    known = {code: int(status) for code, status in pairs}
    assert len(known) > 60
    unlisted = {StorageRefusal.CONDITIONAL_REQUEST_CONFLICT, StorageRefusal.CONTENT_SHA256_MISMATCH}
    assert {*StorageRefusal} - set(known) == unlisted
    for code in {*StorageRefusal} - unlisted:
        assert code.status == known[code], code
    put = model.operation_model("PutObject").input_shape
    assert "409" in put.members["IfNoneMatch"].documentation
    assert StorageRefusal.CONDITIONAL_REQUEST_CONFLICT in put.members["IfNoneMatch"].documentation


@pytest.mark.parametrize("listed", LISTS)
def test_each_says_what_is_wrong_and_what_to_do(listed: Mapping[Any, Sentences]) -> None:
    for said in listed.values():
        assert len(re.findall(r"(?:니다|주세요|보세요)(?:\(.*?\))?[.,]", said.korean)) >= 2, said
        assert len(re.findall(r"[.;:]", said.english)) >= 2, said
        assert not re.search("[가-힣]", said.english)


@pytest.mark.parametrize("listed", LISTS)
def test_people_read_no_names_of_fields(listed: Mapping[Any, Sentences]) -> None:
    fields = re.compile("contentType|contentLength|sha-?256|base64|JSON|[a-z]+/[a-z]+", re.I)
    for said in listed.values():
        assert not fields.search(said.korean + said.english), said


def test_what_is_too_large_needs_nothing_that_a_phone_has_not() -> None:
    """An iPhone's Photos makes no smaller copies; every phone takes screenshots."""
    for said in (
        OF_REJECTION[RejectionReason.TOO_MANY_PIXELS],
        OF_STORAGE[StorageRefusal.ENTITY_TOO_LARGE],
        OF_ISSUING[UploadRefusal.PHOTO_TOO_LARGE],
        OF_TYPE["image/x-adobe-dng"],
    ):
        assert re.search("캡처.*아이폰.*갤럭시", said.korean), said
        assert re.search("screenshot.*iPhone.*Galaxy", said.english), said


def test_a_deletion_that_was_interrupted_is_to_be_done_again() -> None:
    """Its row has no end of its own."""
    said = OF_REJECTION[RejectionReason.WITHDRAWN]
    assert "다시 삭제" in said.korean
    assert "delete it again" in said.english


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.KOREAN),
        ("", Language.KOREAN),
        ("fr, de;q=0.9", Language.KOREAN),
        ("*", Language.KOREAN),
        ("*, en;q=0.5", Language.KOREAN),
        ("en, *", Language.ENGLISH),
        ("en, *;q=0.5", Language.ENGLISH),
        ("fr, en;q=0.2, *;q=0.1", Language.ENGLISH),
        ("ko;q=0, *", Language.ENGLISH),
        ("en;q=0, *", Language.KOREAN),
        ("en;q=0, *;q=0", Language.KOREAN),
        ("ko-KR", Language.KOREAN),
        ("en;q=0.9, ko;q=0.8", Language.ENGLISH),
        ("en;q=1.5, ko;q=0.5", Language.KOREAN),
        ("en;q=0.9999, ko;q=0.1", Language.KOREAN),
        ("en", Language.ENGLISH),
        ("EN-us", Language.ENGLISH),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Language.KOREAN),
        ("fr;q=1, en ; q=0.2, ko;q=0.1", Language.ENGLISH),
        ("en, ko", Language.ENGLISH),
        ("en;q=0", Language.KOREAN),
        ("en;q=0, ko;q=0", Language.KOREAN),
        ("english", Language.KOREAN),
        (";;,,q=\x00", Language.KOREAN),
    ],
)
def test_the_language_is_the_one_wanted_most(header: str | None, language: Language) -> None:
    assert language_asked_for(header) is language
