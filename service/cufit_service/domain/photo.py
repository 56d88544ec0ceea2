"""Photos of a candidate, as the photo functions leave them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.photos import PhotoState, RejectionReason, has_expired


@dataclass(frozen=True, slots=True)
class Photo:
    """What the service needs of a PhotoItem, with a time in place of its spelling."""

    photo_id: str
    candidate_id: str
    state: PhotoState
    created_at: datetime
    reason: RejectionReason | None = None
    key: str | None = None
    thumbnail_key: str | None = None
    width: int | None = None
    height: int | None = None
    placeholder: str | None = None
    dominant_colour: str | None = None
    position: int | None = None
    """Where its owner put it; None: after those that have one."""
    expires_at_epoch: int | None = None
    """Seconds; None: stays."""

    def is_there(self, now: datetime) -> bool:
        """What has expired is deleted some time later, and nobody relies on when."""
        return not has_expired(self.expires_at_epoch, now)


def in_order(photos: Iterable[Photo]) -> list[Photo]:
    """As their owner arranged them, the rest by age."""
    last = float("inf")
    return sorted(
        photos,
        key=lambda p: (last if p.position is None else p.position, p.created_at, p.photo_id),
    )
