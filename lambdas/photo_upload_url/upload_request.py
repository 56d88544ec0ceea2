"""What a client says about the file it wants to upload, checked before a URL is made."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from cufit_contracts.photo_sentences import OF_TYPE
from cufit_contracts.photos import UploadRefusal, UploadType
from photo_upload_url.problems import Refused, refused_for

_SHA256_BYTES = 32
_OTHER_NAMES = {"image/jpg": UploadType.JPEG, "image/pjpeg": UploadType.JPEG}
"""Never registered, and said by apps that make a type of a file's ending."""


@dataclass(frozen=True, slots=True)
class UploadRequest:
    content_type: str
    """Of `UploadType`."""
    content_length: int
    """Bytes; the upload must have exactly so many."""
    sha256: str
    """Base64 of the 32 bytes, as S3 takes it in x-amz-checksum-sha256."""


def read_upload_request(body: str, max_bytes: int) -> UploadRequest:
    """Raises `Refused` (422) naming the field at fault and what would be right."""
    given = _object(body)
    content_type = _content_type(given.get("contentType"))
    length = given.get("contentLength")
    if isinstance(length, float) and length.is_integer():
        length = int(length)  # JSON has one kind of number
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        legal = {"contentLength": "must be the file's size in bytes, at least 1"}
        raise Refused(UploadRefusal.CONTENT_LENGTH_INVALID, errors=legal)
    if length > max_bytes:
        legal = {"contentLength": f"must be at most {max_bytes}"}
        raise refused_for(UploadRefusal.PHOTO_TOO_LARGE, f"{max_bytes / 1e6:g}", legal)
    return UploadRequest(content_type, length, _sha256(given.get("sha256")))


def _object(body: str) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        legal = {"body": "must be a JSON object with contentType, contentLength and sha256"}
        raise Refused(UploadRefusal.BODY_INVALID, errors=legal)
    return given


def _content_type(given: Any) -> str:
    content_type = given.strip().lower() if isinstance(given, str) else ""
    content_type = _OTHER_NAMES.get(content_type, content_type)
    if content_type in [*UploadType]:
        return content_type
    legal = {"contentType": f"must be one of {', '.join(UploadType)}"}
    raise Refused(UploadRefusal.CONTENT_TYPE_UNSUPPORTED, OF_TYPE.get(content_type), legal)


def _sha256(given: Any) -> str:
    legal = {"sha256": "must be the base64 (44 characters) of the file's 32-byte SHA-256"}
    refusal = Refused(UploadRefusal.SHA256_INVALID, errors=legal)
    if not isinstance(given, str):
        raise refusal
    try:
        digest = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise refusal from error
    # Only one spelling is signed and stored, whatever bits the client left in the padding.
    if len(digest) != _SHA256_BYTES or base64.b64encode(digest).decode() != given:
        raise refusal
    return given
