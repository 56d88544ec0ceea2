"""A maker asks who would suit one of their candidates. Once this returns, nothing can lose it."""

from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock, Ids, Recommendations
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate
from cufit_service.domain.recommendation import Recommendation, request


@dataclass(frozen=True, slots=True)
class AskForRecommendation:
    candidates: Candidates
    recommendations: Recommendations
    deliver: DeliverEvent
    ids: Ids
    clock: Clock

    async def __call__(self, maker: Member, candidate_id: str) -> Recommendation:
        """The pending recommendation.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: not one of the maker's candidates.
            CandidatePaused: the candidate rests.
        """
        maker.require(Role.MAKER)
        seeker = own_candidate(maker, await self.candidates.find(candidate_id))
        pending = request(maker, seeker, self.ids.recommendation_id(), self.clock.now())
        event = RecommendationRequested(pending.recommendation_id, pending.created_at)
        await self.recommendations.accept(pending, event)
        await self.deliver.soon(event)
        return pending
