"""What a request for an upload URL must say."""

import base64
import hashlib
import json
from typing import Any

import pytest

from cufit_contracts.photos import UploadType
from photo_upload_url.problems import Refused
from photo_upload_url.upload_request import UploadRequest, read_upload_request

SHA256 = base64.b64encode(hashlib.sha256(b"photo").digest()).decode()


def body(**changes: Any) -> str:
    return json.dumps(
        {"contentType": "image/jpeg", "contentLength": 1000, "sha256": SHA256} | changes
    )


@pytest.mark.parametrize("content_type", [*UploadType, "IMAGE/JPEG "])
def test_photos_are_taken(content_type: str) -> None:
    upload = read_upload_request(body(contentType=content_type), 10_000)
    assert upload == UploadRequest(content_type.strip().lower(), 1000, SHA256)


def test_a_jpeg_by_another_name_is_one() -> None:
    """What is signed, and told as a header of the upload, is the name that is registered."""
    assert read_upload_request(body(contentType="image/jpg"), 10_000).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("content_type", "hint"),
    [
        ("image/gif", "GIF"),
        ("image/svg+xml", "drawing"),
        ("application/pdf", "document"),
        ("image/x-adobe-dng", "RAW"),
        ("video/quicktime", "film"),
        ("text/html", "JPEG, HEIC"),
    ],
)
def test_types_people_try_have_sentences_of_their_own(content_type: str, hint: str) -> None:
    assert hint in refusal_of(body(contentType=content_type)).sentences.english


@pytest.mark.parametrize(
    ("changes", "code", "legal"),
    [
        ({"contentType": "image/gif"}, "content_type_unsupported", "image/webp"),
        ({"contentType": "text/html"}, "content_type_unsupported", "image/webp"),
        ({"contentType": None}, "content_type_unsupported", "image/webp"),
        ({"contentLength": 0}, "content_length_invalid", "bytes"),
        ({"contentLength": -1}, "content_length_invalid", "bytes"),
        ({"contentLength": "1000"}, "content_length_invalid", "bytes"),
        ({"contentLength": True}, "content_length_invalid", "bytes"),
        ({"contentLength": 1.5}, "content_length_invalid", "bytes"),
        ({"contentLength": 2_097_153}, "photo_too_large", "2097152"),
        ({"sha256": ""}, "sha256_invalid", "44"),
        ({"sha256": 5}, "sha256_invalid", "44"),
        ({"sha256": "not base64!"}, "sha256_invalid", "44"),
        ({"sha256": base64.b64encode(b"short").decode()}, "sha256_invalid", "44"),
        ({"sha256": SHA256[:-2] + chr(ord(SHA256[-2]) + 1) + "="}, "sha256_invalid", "44"),
        ({"sha256": SHA256 + "\n"}, "sha256_invalid", "44"),
    ],
)
def test_anything_else_is_refused_with_the_field_and_what_is_legal(
    changes: dict[str, Any], code: str, legal: str
) -> None:
    refused = refusal_of(body(**changes))
    assert refused.code == code
    assert [*refused.errors] == [*changes]
    assert all(legal in message for message in refused.errors.values())


def test_people_are_told_the_largest_size_in_megabytes() -> None:
    said = refusal_of(body(contentLength=2_097_153)).sentences
    assert "2.09715 MB" in said.english
    assert "2.09715 MB" in said.korean


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '"x"'])
def test_a_body_that_is_no_object_is_refused(text: str) -> None:
    refused = refusal_of(text)
    assert refused.code == "body_invalid"
    assert "sha256" in refused.errors["body"]


def refusal_of(text: str) -> Refused:
    with pytest.raises(Refused) as raised:
        read_upload_request(text, 2 * 1024 * 1024)
    return raised.value
