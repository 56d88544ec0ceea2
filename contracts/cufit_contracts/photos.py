"""Photos between the two functions that make them and the service that shows them.

Standard library only. In the photos table a photo is keyed by its id and a candidate's quota by
`quota_key`; in the bucket an upload lies under `upload_key` until it was checked and re-encoded.
"""

from dataclasses import dataclass
from enum import StrEnum

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
    reason: str | None = None
    """Why it was REJECTED."""
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
