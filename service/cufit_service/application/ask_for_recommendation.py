"""A maker asks who would suit one of their candidates. Once this returns, nothing can lose it."""

import asyncio
from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.ports import Candidates, Clock, Recommendations
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import ConcurrentChange, Refusal, Unavailable
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
    a_day: int
    """Recommendations one maker may ask for."""

    async def __call__(
        self, maker: Member, candidate_id: str, recommendation_id: str
    ) -> Recommendation:
        """The recommendation. Asked again with the same `recommendation_id`, as it was then.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: not one of the maker's candidates.
            CandidatePaused: the candidate rests.
            RecommendationsUsedUp: the maker has asked for all of today's.
        """
        maker.require(Role.MAKER)

        async def attempt() -> tuple[Recommendation, RecommendationRequested | None]:
            try:
                return await self._accepted(maker, candidate_id, recommendation_id)
            except Unavailable:
                raise
            except (ConcurrentChange, Refusal):
                # The first attempt at this very recommendation may have come through, whatever
                # has changed since: it may have been the last of the day, the seeker may rest.
                known = await self.recommendations.find(recommendation_id)
                if known is None:
                    raise
                return own_recommendation(maker, known).as_made, None

        recommendation, event = await retry_lost_races(attempt)
        if event is not None:
            await self.deliver.now_or_later(event)
        return recommendation

    async def _accepted(
        self, maker: Member, candidate_id: str, recommendation_id: str
    ) -> tuple[Recommendation, RecommendationRequested]:
        now = self.clock.now()
        candidate, quota = await asyncio.gather(
            self.candidates.find(candidate_id),
            self.recommendations.quota(maker.member_id, now),
        )
        seeker = own_candidate(maker, candidate)
        pending = request(maker, seeker, recommendation_id, now)
        event = RecommendationRequested(recommendation_id, now)
        await self.recommendations.accept(pending, event, quota.after_one_more(self.a_day, now))
        return pending, event
