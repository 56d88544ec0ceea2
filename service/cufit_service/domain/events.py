"""What happened here that other parts must hear of, at least once each."""

from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.vocabulary import ProfileChange


@dataclass(frozen=True, slots=True)
class RecommendationRequested:
    """Partners are to be ranked for the seeker of a pending recommendation."""

    recommendation_id: str
    at: datetime

    @property
    def correlation_id(self) -> str:
        """Names this event: the same event has the same id however often it is sent."""
        return self.recommendation_id


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """The search index must follow a candidate's profile."""

    candidate_id: str
    change: ProfileChange
    version: int
    at: datetime

    @property
    def correlation_id(self) -> str:
        return f"{self.candidate_id}-v{self.version}"


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """What a member had here is to be removed, as far as it is older than `at`."""

    member_id: str
    at: datetime

    @property
    def correlation_id(self) -> str:
        return f"{self.member_id}-left"


Event = RecommendationRequested | ProfileChanged | MemberLeft
