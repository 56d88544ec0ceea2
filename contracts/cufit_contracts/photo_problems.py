"""What may go wrong with a photo's upload, and the language to say it in.

Standard library only. The sentences are in photo_sentences.py.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final


class Language(StrEnum):
    KOREAN = "ko"
    ENGLISH = "en"


_RANGE: Final = re.compile(
    r"(?:(ko|en)(?:-[a-z0-9-]+)?|\*)\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?", re.A | re.I
)


def language_asked_for(accept_language: str | None) -> Language:
    """What an Accept-Language header (RFC 9110, section 12.5.4) wants most of the two, of equals
    the one it names first; Korean when there is none, or it names neither: the users are Koreans,
    and some phones' clients send none.
    """
    others = 0.0
    wanted: dict[Language, float] = {}
    for part in (accept_language or "").split(","):
        if found := _RANGE.fullmatch(part.strip()):
            weight = float(found[2] or 1)
            if found[1]:
                language = Language(found[1].lower())
                wanted[language] = max(weight, wanted.get(language, 0))
            else:
                others = weight  # `*` is each language that is not named
    wanted |= {language: others for language in Language if language not in wanted}
    best = max(wanted, key=wanted.__getitem__)
    return best if wanted[best] else Language.KOREAN


@dataclass(frozen=True, slots=True)
class Sentences:
    """One text in both languages: what is wrong, then what to do."""

    korean: str
    english: str

    def text(self, language: Language) -> str:
        return self.korean if language is Language.KOREAN else self.english

    def after(self, korean: str, english: str) -> "Sentences":
        """What to do, after what is wrong."""
        return Sentences(f"{korean} {self.korean}", f"{english} {self.english}")

    def filled(self, limit: object) -> "Sentences":
        """With `limit` in place of `{limit}`."""
        return Sentences(self.korean.format(limit=limit), self.english.format(limit=limit))


class StorageRefusal(StrEnum):
    """`<Code>` of S3's XML when it refuses the presigned PUT. Of the codes in botocore's S3 model
    those that its sender can cause (late, twice, cut short, other bytes or headers than signed), or
    that pass; what only a wrong bucket, key or account causes is left out."""

    ACCESS_DENIED = "AccessDenied"
    """403. S3 says so when `X-Amz-Expires` is over ("Request has expired")."""
    BAD_DIGEST = "BadDigest"
    """400. The bytes have another SHA-256 than the signed x-amz-checksum-sha256."""
    CONDITIONAL_REQUEST_CONFLICT = "ConditionalRequestConflict"
    """409. Another PUT of the same key was under way (botocore's text on If-None-Match)."""
    ENTITY_TOO_LARGE = "EntityTooLarge"
    ENTITY_TOO_SMALL = "EntityTooSmall"
    EXPIRED_TOKEN = "ExpiredToken"  # noqa: S105 - a code
    """400. The session of the function that signed ended before the URL did."""
    INCOMPLETE_BODY = "IncompleteBody"
    """400. Fewer bytes came than Content-Length said."""
    INVALID_REQUEST = "InvalidRequest"
    """400. Headers that do not go together, such as two checksums."""
    INTERNAL_ERROR = "InternalError"
    MISSING_CONTENT_LENGTH = "MissingContentLength"
    """411."""
    NOT_IMPLEMENTED = "NotImplemented"
    """501. A header asks for what S3 does not do, such as `Transfer-Encoding: chunked`."""
    PRECONDITION_FAILED = "PreconditionFailed"
    """412. There is an upload under this key: `If-None-Match: *`."""
    REQUEST_TIMEOUT = "RequestTimeout"
    """400. The connection stood still."""
    SERVICE_UNAVAILABLE = "ServiceUnavailable"
    SIGNATURE_DOES_NOT_MATCH = "SignatureDoesNotMatch"
    """403. A header is not the signed one: type, length, checksum, If-None-Match."""
    SLOW_DOWN = "SlowDown"
    CONTENT_SHA256_MISMATCH = "XAmzContentSHA256Mismatch"
    """400. Only to who sends x-amz-content-sha256, which the URL does not ask for."""

    @property
    def status(self) -> HTTPStatus:
        return _STATUSES.get(self, HTTPStatus.BAD_REQUEST)


_STATUSES: Final = {
    StorageRefusal.ACCESS_DENIED: HTTPStatus.FORBIDDEN,
    StorageRefusal.CONDITIONAL_REQUEST_CONFLICT: HTTPStatus.CONFLICT,
    StorageRefusal.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    StorageRefusal.MISSING_CONTENT_LENGTH: HTTPStatus.LENGTH_REQUIRED,
    StorageRefusal.NOT_IMPLEMENTED: HTTPStatus.NOT_IMPLEMENTED,
    StorageRefusal.PRECONDITION_FAILED: HTTPStatus.PRECONDITION_FAILED,
    StorageRefusal.SERVICE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageRefusal.SIGNATURE_DOES_NOT_MATCH: HTTPStatus.FORBIDDEN,
    StorageRefusal.SLOW_DOWN: HTTPStatus.SERVICE_UNAVAILABLE,
}
