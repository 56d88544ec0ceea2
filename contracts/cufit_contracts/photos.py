"""Photos between the two functions that make them and the service that shows them.

Standard library only. In the photos table a photo is keyed by its id and a candidate's quota by
`quota_key`; in the bucket an upload lies under `upload_key` until it was checked and re-encoded.
"""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

INCOMING_PREFIX = "incoming/"
"""What clients upload, unchecked."""
PHOTOS_PREFIX = "photos/"
"""What photo_processor made of it."""


class PhotoState(StrEnum):
    """PENDING until checked and re-encoded."""

    PENDING = "PENDING"
    READY = "READY"
    REJECTED = "REJECTED"

    @property
    def takes_a_place(self) -> bool:
        """Of those a candidate may have."""
        return self is not PhotoState.REJECTED


class RejectionReason(StrEnum):
    """Why a photo is REJECTED."""

    ANIMATED = "ANIMATED"
    LENGTH_MISMATCH = "LENGTH_MISMATCH"
    SECOND_FORMAT = "SECOND_FORMAT"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_SMALL = "TOO_SMALL"
    TYPE_MISMATCH = "TYPE_MISMATCH"
    UNREADABLE = "UNREADABLE"
    WITHDRAWN = "WITHDRAWN"
    """By its owner; it is about to be gone."""


class UploadType(StrEnum):
    """Media types that may be announced. The upload has to say the same one; what the file really
    is, photo_processor sees by its bytes."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    HEIF = "image/heif"
    AVIF = "image/avif"
    UNKNOWN = "application/octet-stream"
    """What browsers and galleries call a file whose type they do not know, HEIC often."""


class UploadRefusal(StrEnum):
    """Codes with which POST /v1/photos refuses; part of the API."""

    UNAUTHORIZED = "unauthorized"
    ROLE_NOT_ALLOWED = "role_not_allowed"
    UPLOADS_COLLIDE = "uploads_collide"
    BODY_INVALID = "body_invalid"
    CONTENT_TYPE_UNSUPPORTED = "content_type_unsupported"
    CONTENT_LENGTH_INVALID = "content_length_invalid"
    PHOTO_TOO_LARGE = "photo_too_large"
    SHA256_INVALID = "sha256_invalid"
    UPLOADS_PER_DAY_REACHED = "uploads_per_day_reached"
    PHOTOS_PER_CANDIDATE_REACHED = "photos_per_candidate_reached"
    INTERNAL_ERROR = "internal_error"

    @property
    def status(self) -> HTTPStatus:
        return _STATUSES.get(self, HTTPStatus.UNPROCESSABLE_ENTITY)


_STATUSES = {
    UploadRefusal.UNAUTHORIZED: HTTPStatus.UNAUTHORIZED,
    UploadRefusal.ROLE_NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    UploadRefusal.UPLOADS_COLLIDE: HTTPStatus.CONFLICT,
    UploadRefusal.UPLOADS_PER_DAY_REACHED: HTTPStatus.TOO_MANY_REQUESTS,
    UploadRefusal.PHOTOS_PER_CANDIDATE_REACHED: HTTPStatus.TOO_MANY_REQUESTS,
    UploadRefusal.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoItem:
    """photos table: key `photo_id`; index by_candidate (candidate_id, created_at)."""

    photo_id: str
    candidate_id: str
    state: PhotoState
    created_at: str
    content_type: str
    """Announced for the upload, as is its length in bytes."""
    content_length: int
    key: str | None = None
    """Of the picture in the bucket, once READY; likewise the next three."""
    thumbnail_key: str | None = None
    width: int | None = None
    height: int | None = None
    reason: RejectionReason | None = None
    position: int | None = None
    """Where its owner put it; None: after those that have one."""


def quota_key(candidate_id: str) -> str:
    """Item of the photos table that counts the places taken in `live`, and the day's uploads; who
    changes it raises `revision`. `since` is when the membership began whose photos it counts."""
    return f"quota#{candidate_id}"


def upload_key(photo_id: str) -> str:
    return INCOMING_PREFIX + photo_id


def image_key(photo_id: str) -> str:
    return f"{PHOTOS_PREFIX}{photo_id}.jpg"


def thumbnail_key(photo_id: str) -> str:
    return f"{PHOTOS_PREFIX}{photo_id}-thumb.jpg"
