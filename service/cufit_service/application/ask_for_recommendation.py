"""A maker asks who would suit one of their candidates. Once this returns, nothing can lose it."""

from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock, Recommendations
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_recommendation
from cufit_service.domain.recommendation import Recommendation, request


@dataclass(frozen=True, slots=True)
class AskForRecommendation:
    candidates: Candidates
    recommendations: Recommendations
    deliver: DeliverEvent
    clock: Clock

    async def __call__(
        self, maker: Member, candidate_id: str, recommendation_id: str
    ) -> Recommendation:
        """The recommendation. Asked again with the same `recommendation_id`, the same one.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: not one of the maker's candidates.
            CandidatePaused: the candidate rests.
        """
        maker.require(Role.MAKER)
        seeker = own_candidate(maker, await self.candidates.find(candidate_id))
        pending = request(maker, seeker, recommendation_id, self.clock.now())
        event = RecommendationRequested(pending.recommendation_id, pending.created_at)
        try:
            await self.recommendations.accept(pending, event)
        except ConcurrentChange:
            return own_recommendation(maker, await self.recommendations.find(recommendation_id))
        await self.deliver.soon(event)
        return pending
