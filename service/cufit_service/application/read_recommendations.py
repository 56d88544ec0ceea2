"""A maker reads recommendations, with the cards of the candidates they name as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cufit_service.application.ports import Candidates, Clock, Page, Recommendations, Window
from cufit_service.domain.candidate import Card
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_recommendation
from cufit_service.domain.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class Introduced:
    """A recommendation and the cards of everybody in it; who left has none."""

    recommendation: Recommendation
    cards: Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class ReadRecommendations:
    recommendations: Recommendations
    candidates: Candidates
    clock: Clock

    async def one(self, maker: Member, recommendation_id: str) -> Introduced:
        """Raises RecommendationUnknown, and NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        found = own_recommendation(maker, await self.recommendations.find(recommendation_id))
        return Introduced(found, await self._cards([found]))

    async def newest(self, maker: Member, window: Window) -> Page[Introduced]:
        """Raises NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        page = await self.recommendations.of_maker(maker.member_id, window)
        cards = await self._cards(page.items)
        return Page([Introduced(item, cards) for item in page.items], page.end)

    async def _cards(self, recommendations: Sequence[Recommendation]) -> dict[str, Card]:
        named = {item.candidate_id for item in recommendations}
        for item in recommendations:
            if item.result is not None:
                named.update(ranked.candidate_id for ranked in item.result.candidates)
        return await self.candidates.cards(sorted(named), self.clock.now())
