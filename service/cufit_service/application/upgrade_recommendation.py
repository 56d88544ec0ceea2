"""A maker whose recommendation was ranked by rules alone asks for a model's answer after all."""

from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock, Recommendations
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_recommendation
from cufit_service.domain.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class UpgradeRecommendation:
    candidates: Candidates
    recommendations: Recommendations
    deliver: DeliverEvent
    clock: Clock
    a_day: int
    """Recommendations one maker may ask for; an upgrade counts as one, for it costs as much."""

    async def __call__(self, maker: Member, recommendation_id: str) -> Recommendation:
        """The recommendation, pending again. Asked twice, it is upgraded once.

        Raises:
            NotAllowed: the member is no maker.
            RecommendationUnknown: not one of the maker's.
            NotDegraded: it waits for its first answer, a model has answered it, or it failed.
            CandidateUnknown: the seeker has left.
            CandidatePaused: the seeker rests; the answer there is stays.
            RecommendationsUsedUp: the maker has asked for all of today's.
        """
        maker.require(Role.MAKER)

        async def attempt() -> tuple[Recommendation, RecommendationRequested | None]:
            now = self.clock.now()
            found = own_recommendation(maker, await self.recommendations.find(recommendation_id))
            if found.is_being_upgraded:
                return found, None
            pending = found.upgraded(now)
            seeker = own_candidate(maker, await self.candidates.find(found.candidate_id))
            seeker.require_active()
            quota = await self.recommendations.quota(maker.member_id, now)
            event = RecommendationRequested(recommendation_id, now)
            await self.recommendations.upgrade(
                pending, event, quota.after_one_more(self.a_day, now)
            )
            return pending, event

        recommendation, event = await retry_lost_races(attempt)
        if event is not None:
            await self.deliver.now_or_later(event)
        return recommendation
