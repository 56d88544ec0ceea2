"""What happened here that other parts must hear of, at least once each."""

from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.results import TokenUsage
from cufit_contracts.vocabulary import ProfileChange, timestamp


@dataclass(frozen=True, slots=True)
class RecommendationRequested:
    """Partners are to be ranked for the seeker of a pending recommendation."""

    recommendation_id: str
    at: datetime
    usage: TokenUsage | None = None
    """Tokens that the answers before this took, which an upgrade replaces."""

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
    """A membership ended; what the person had here is to be removed."""

    member_id: str
    joined_at: datetime
    """When the membership began that ended."""
    at: datetime
    again_at: datetime | None = None
    """When it has been done once: from then on it is to be done again."""

    @property
    def correlation_id(self) -> str:
        """Names the membership: who came back and leaves again is another leaving."""
        return f"{self.member_id}-left-{timestamp(self.joined_at)}"


Event = RecommendationRequested | ProfileChanged | MemberLeft
