"""Photos of a candidate, as the photo functions leave them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PhotoState(StrEnum):
    """PENDING until checked and re-encoded."""

    PENDING = "PENDING"
    READY = "READY"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Photo:
    photo_id: str
    candidate_id: str
    state: PhotoState
    created_at: datetime
    reason: str | None = None
    """Why it was rejected."""
    key: str | None = None
    thumbnail_key: str | None = None
    width: int | None = None
    height: int | None = None
