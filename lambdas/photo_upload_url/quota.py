"""How many photos a candidate may have and how many uploads they may start a day. Pure.

The counters live in one item per candidate; whoever writes it checks that `revision` is still the
one read, so that no increment is lost.
"""

from dataclasses import dataclass, replace

from cufit_contracts.photos import UploadRefusal
from photo_upload_url.problems import refused_for


@dataclass(frozen=True, slots=True)
class Limits:
    photos_per_candidate: int
    uploads_per_day: int


@dataclass(frozen=True, slots=True)
class Quota:
    live: int = 0
    """Photos that take a place: PENDING and READY ones."""
    day: str = ""
    """Date in Korea (YYYY-MM-DD) that `day_uploads` counts."""
    day_uploads: int = 0
    revision: int = 0
    """0: there is no item yet."""
    since: str = ""
    """When the membership began whose photos are counted."""

    def of_membership(self, since: str) -> "Quota":
        """Nothing used, if it counts those of a membership before; not yet written."""
        return self if self.since == since else Quota(revision=self.revision, since=since)

    def taken(self, today: str, limits: Limits) -> "Quota":
        """The quota with one more upload.

        Raises:
            Refused: a limit is reached; the code says which.
        """
        used = self.day_uploads if self.day == today else 0
        if used >= limits.uploads_per_day:
            raise refused_for(UploadRefusal.UPLOADS_PER_DAY_REACHED, limits.uploads_per_day)
        if self.is_full(limits):
            raise refused_for(
                UploadRefusal.PHOTOS_PER_CANDIDATE_REACHED, limits.photos_per_candidate
            )
        return Quota(self.live + 1, today, used + 1, self.revision + 1, self.since)

    def is_full(self, limits: Limits) -> bool:
        return self.live >= limits.photos_per_candidate

    def released(self, places: int) -> "Quota":
        """The quota with `places` given back by uploads that never came; not yet written."""
        return replace(self, live=max(0, self.live - places))
