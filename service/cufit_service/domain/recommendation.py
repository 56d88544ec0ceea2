"""A maker asks who would suit one of their candidates; the answer arrives when it is ready."""

from dataclasses import dataclass, replace
from datetime import datetime

from cufit_contracts.items import RecommendationItem, Step, StepSource, StepState
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_service.domain.candidate import Candidate
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
    def asked_at(self) -> datetime:
        """When the answer it waits for, or has, was asked for."""
        upgrades = [step.at for step in self.timeline if step.state is StepState.UPGRADE_ASKED]
        return max(upgrades, default=self.created_at)

    @property
    def next_upgrade_id(self) -> str:
        """The same however often this very upgrade is asked for."""
        upgrades = sum(step.state == StepState.UPGRADE_ASKED for step in self.timeline)
        return f"{self.recommendation_id}+{upgrades + 1}"

    @property
    def is_being_upgraded(self) -> bool:
        return self.status is RecommendationStatus.PENDING and self.asked_at != self.created_at

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
        candidate_id=seeker.candidate_id,
        status=RecommendationStatus.PENDING,
        created_at=now,
        timeline=(Step(now, StepSource.API, StepState.ACCEPTED),),
    )
