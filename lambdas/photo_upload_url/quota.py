"""How many photos a candidate may have and how many uploads they may start a day. Pure.

Both are in one item per candidate; whoever writes it checks that `revision` is still the one read,
so that no upload is lost. Which photos take a place is a set of ids and no number: a photo that was
rejected, deleted or has expired takes none, whoever ended it, and is found out when places are
short.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cufit_contracts.photos import QUOTA_KEPT, UploadRefusal, has_expired
from cufit_contracts.vocabulary import KST
from photo_upload_url.problems import refused_for


@dataclass(frozen=True, slots=True)
class Limits:
    photos_per_candidate: int
    uploads_per_day: int


@dataclass(frozen=True, slots=True)
class Quota:
    places: frozenset[str] = frozenset()
    """Ids of photos that took a place; some may take none any more."""
    day: str = ""
    """Date in Korea (YYYY-MM-DD) that `day_uploads` counts."""
    day_uploads: int = 0
    revision: int = 0
    """0: there is no item yet."""
    since: str = ""
    """When the membership began whose photos are counted."""
    expires_at_epoch: int = 0
    """Seconds."""

    def is_there(self, now: datetime) -> bool:
        """DynamoDB deletes what has expired some time later."""
        return self.revision > 0 and not has_expired(self.expires_at_epoch, now)

    def of_membership(self, since: str) -> "Quota":
        """Nothing used, if it counts those of a membership before; not yet written."""
        return self if self.since == since else Quota(revision=self.revision, since=since)

    def taken(self, photo_id: str, now: datetime, limits: Limits) -> "Quota":
        """The quota with one more upload.

        Raises:
            Refused: a limit is reached; the code says which.
        """
        today = now.astimezone(KST).date().isoformat()
        used = self.day_uploads if self.day == today else 0
        if used >= limits.uploads_per_day:
            raise refused_for(UploadRefusal.UPLOADS_PER_DAY_REACHED, limits.uploads_per_day)
        if self.is_full(limits):
            raise refused_for(
                UploadRefusal.PHOTOS_PER_CANDIDATE_REACHED, limits.photos_per_candidate
            )
        return Quota(
            places=self.places | {photo_id},
            day=today,
            day_uploads=used + 1,
            revision=self.revision + 1,
            since=self.since,
            expires_at_epoch=int((now + QUOTA_KEPT).timestamp()),
        )

    def is_full(self, limits: Limits) -> bool:
        return len(self.places) >= limits.photos_per_candidate

    def holding(self, photo_ids: Iterable[str]) -> "Quota":
        """The quota with these photos in its places; not yet written."""
        return replace(self, places=frozenset(photo_ids))
