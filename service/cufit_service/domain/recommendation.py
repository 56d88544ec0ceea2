"""A maker asks who would suit one of their candidates; the answer arrives when it is ready."""

from dataclasses import dataclass, replace
from datetime import datetime

from cufit_contracts.items import RecommendationItem, Step, StepSource, StepState
from cufit_contracts.vocabulary import RecommendationStatus, instant
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import NotDegraded
from cufit_service.domain.member import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation(RecommendationItem):
    @property
    def as_made(self) -> "Recommendation":
        """What whoever asked for it was answered, whatever has become of it since."""
        return replace(
            self,
            status=RecommendationStatus.PENDING,
            finished_at=None,
            timeline=self.timeline[:1],
            result=None,
            failure=None,
        )

    @property
    def next_upgrade_id(self) -> str:
        """The same however often this very upgrade is asked for."""
        upgrades = sum(step.state == StepState.UPGRADE_ASKED for step in self.timeline)
        return f"{self.recommendation_id}+{upgrades + 1}"

    @property
    def is_being_upgraded(self) -> bool:
        return self.status is RecommendationStatus.PENDING and self.asked_at != self.created_at

    def is_about(self, seeker: Candidate | Card) -> bool:
        """Whether partners were sought for this very membership."""
        return (self.candidate_id, self.seeker_joined_at) == (seeker.candidate_id, seeker.joined_at)

    def names(self, candidate: Card) -> bool:
        """Whether it is about, or ranks, them in this membership.

        The beginnings of those it ranks it does not hold; they are compared by time. Between two
        rankings of somebody who left in between lie another code and another profile, between
        joining and the first ranking a profile: far more than clocks differ by.
        """
        if candidate.candidate_id == self.candidate_id:
            return self.is_about(candidate)
        return self.result is not None and candidate.joined_at <= instant(self.result.made_at)

    def upgraded(self, now: datetime) -> "Recommendation":
        """Pending again, for a model to answer what rules alone did. Raises NotDegraded."""
        if self.status is not RecommendationStatus.DEGRADED:
            raise NotDegraded
        return replace(
            self,
            status=RecommendationStatus.PENDING,
            finished_at=None,
            result=None,
            timeline=(*self.timeline, Step(now, StepSource.API, StepState.UPGRADE_ASKED)),
        )


def request(
    maker: Member, seeker: Candidate, recommendation_id: str, now: datetime
) -> Recommendation:
    """A pending recommendation. Raises CandidatePaused while the seeker rests."""
    seeker.require_active()
    return Recommendation(
        recommendation_id=recommendation_id,
        maker_id=maker.member_id,
        maker_joined_at=maker.joined_at,
        candidate_id=seeker.candidate_id,
        seeker_joined_at=seeker.joined_at,
        status=RecommendationStatus.PENDING,
        created_at=now,
        timeline=(Step(now, StepSource.API, StepState.ACCEPTED),),
    )
