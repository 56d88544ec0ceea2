"""What a request for an upload URL must say."""

import base64
import hashlib
import json
import re
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
    ("changes", "code", "hint"),
    [
        ({"contentType": "image/gif"}, "content_type_unsupported", "screenshot"),
        ({"contentType": "image/svg+xml"}, "content_type_unsupported", "Galaxy"),
        ({"contentType": "application/pdf"}, "content_type_unsupported", "iPhone"),
        ({"contentType": "image/x-adobe-dng"}, "content_type_unsupported", "RAW"),
        ({"contentType": "video/quicktime"}, "content_type_unsupported", "film"),
        ({"contentType": "text/html"}, "content_type_unsupported", "image/webp"),
        ({"contentType": None}, "content_type_unsupported", "image/webp"),
        ({"contentLength": 0}, "content_length_invalid", "bytes"),
        ({"contentLength": -1}, "content_length_invalid", "bytes"),
        ({"contentLength": "1000"}, "content_length_invalid", "bytes"),
        ({"contentLength": True}, "content_length_invalid", "bytes"),
        ({"contentLength": 1.5}, "content_length_invalid", "bytes"),
        ({"contentLength": 2_097_153}, "photo_too_large", "2.09715 MB"),
        ({"sha256": ""}, "sha256_invalid", "44"),
        ({"sha256": 5}, "sha256_invalid", "44"),
        ({"sha256": "not base64!"}, "sha256_invalid", "44"),
        ({"sha256": base64.b64encode(b"short").decode()}, "sha256_invalid", "44"),
        ({"sha256": SHA256[:-2] + chr(ord(SHA256[-2]) + 1) + "="}, "sha256_invalid", "44"),
        ({"sha256": SHA256 + "\n"}, "sha256_invalid", "44"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(
    changes: dict[str, Any], code: str, hint: str
) -> None:
    with pytest.raises(Refused) as raised:
        read_upload_request(body(**changes), 2 * 1024 * 1024)
    assert raised.value.code == code
    assert hint in raised.value.sentences.english
    assert re.search("[가-힣]", raised.value.sentences.korean)
    assert "{" not in raised.value.sentences.korean + raised.value.sentences.english


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '"x"'])
def test_a_body_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="body_invalid"):
        read_upload_request(text, 1000)
