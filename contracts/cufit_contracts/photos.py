"""Photos between the two functions that make them and the service that shows them.

Standard library only. In the photos table a photo is keyed by its id and a candidate's quota by
`quota_key`; in the bucket an upload lies under `upload_key` until it was checked and re-encoded.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

INCOMING_PREFIX = "incoming/"
"""What clients upload, unchecked."""
PHOTOS_PREFIX = "photos/"
"""What photo_processor made of it."""

UPLOADS_KEPT = timedelta(days=1)
"""After which S3 deletes an object under incoming/: at the next midnight in UTC, so that it lies
there for two days at most (S3 user guide, "Lifecycle configuration elements", 2026-11)."""
PENDING_KEPT = timedelta(days=3)
"""After its upload URL expired. Whatever lies under incoming/ finds its row: the object is gone by
then, and EventBridge (24 hours) and Lambda (6 hours) have given up."""
REJECTED_KEPT = timedelta(days=7)
"""So long the owner can read the reason."""
QUOTA_KEPT = timedelta(days=7)
"""After the last upload began; what a photo takes is counted anew from the rows then."""

IMAGE_SIDE, THUMBNAIL_SIDE = 1280, 320
"""Pixels of the longer side; smaller photos stay as they are."""


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
    CHECKSUM_MISMATCH = "CHECKSUM_MISMATCH"
    LENGTH_MISMATCH = "LENGTH_MISMATCH"
    SECOND_FORMAT = "SECOND_FORMAT"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_NARROW = "TOO_NARROW"
    """One side is more than ten times the other."""
    TOO_SMALL = "TOO_SMALL"
    TYPE_UNSUPPORTED = "TYPE_UNSUPPORTED"
    """By its bytes none of the formats that are taken, whatever it was called."""
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
    sha256: str
    """Announced too: base64 of the 32 bytes."""
    key: str | None = None
    """Of the picture in the bucket, once READY; likewise the next five."""
    thumbnail_key: str | None = None
    width: int | None = None
    """Of the picture, in pixels."""
    height: int | None = None
    placeholder: str | None = None
    """ThumbHash in base64, of at most 40 bytes."""
    dominant_colour: str | None = None
    """"#rrggbb"."""
    reason: RejectionReason | None = None
    position: int | None = None
    """Where its owner put it; None: after those that have one."""
    expires_at_epoch: int | None = None
    """Seconds; the table's TTL. None: stays, as every READY one does, and one that was withdrawn
    until its files are gone."""


def has_expired(expires_at_epoch: int | None, now: datetime) -> bool:
    """DynamoDB may take days to delete what expired: who reads passes it over until then."""
    return expires_at_epoch is not None and expires_at_epoch <= now.timestamp()


def quota_key(candidate_id: str) -> str:
    """Item of the photos table with the ids in `places` that take one of a candidate's places, and
    the day's uploads. Only photo_upload_url writes it, and sees for itself which of these photos
    still take one. `since` is when the membership began whose photos it counts."""
    return f"quota#{candidate_id}"


def upload_key(photo_id: str) -> str:
    return INCOMING_PREFIX + photo_id


def image_key(photo_id: str) -> str:
    """The picture as JPEG; its longer side has at most `IMAGE_SIDE` pixels."""
    return f"{PHOTOS_PREFIX}{photo_id}/{IMAGE_SIDE}.jpg"


def thumbnail_key(photo_id: str) -> str:
    return f"{PHOTOS_PREFIX}{photo_id}/{THUMBNAIL_SIDE}.jpg"


def webp_key(jpeg_key: str) -> str:
    """The same picture as WebP, beside each JPEG."""
    return jpeg_key.removesuffix(".jpg") + ".webp"


def clean_keys(photo_id: str) -> tuple[str, ...]:
    """All that photo_processor writes."""
    jpegs = (image_key(photo_id), thumbnail_key(photo_id))
    return jpegs + tuple(webp_key(key) for key in jpegs)
