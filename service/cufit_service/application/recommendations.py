"""A maker asks who would suit one of their candidates, and reads the answers.

Once a request is accepted, nothing can lose it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.pages import Page, Window
from cufit_service.application.places import places
from cufit_service.application.ports import (
    Candidates,
    Clock,
    Members,
    Quotas,
    Recommendations,
)
from cufit_service.application.retries import retry_as_member
from cufit_service.domain.candidate import Card
from cufit_service.domain.errors import CandidateUnknown, NotDegraded
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_recommendation
from cufit_service.domain.quota import Quota
from cufit_service.domain.recommendation import Recommendation, request


@dataclass(frozen=True, slots=True)
class Introduced:
    """A recommendation and the cards of everybody in it, as they are now; who left has none, also
    after they came back."""

    recommendation: Recommendation
    cards: Mapping[str, Card]


Asked = tuple[Recommendation, RecommendationRequested | None]
"""With the event to be sent; None when there is nothing new."""


@dataclass(frozen=True, slots=True)
class RecommendationUseCases:
    recommendations: Recommendations
    candidates: Candidates
    members: Members
    quotas: Quotas
    deliver: DeliverEvent
    clock: Clock
    quota: Quota
    """Of a maker."""

    async def ask(self, maker: Member, candidate_id: str, recommendation_id: str) -> Recommendation:
        """The recommendation. Asked again with the same `recommendation_id`, as it was then.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: not one of the maker's candidates.
            CandidatePaused: the candidate rests.
            RecommendationsUsedUp: the maker has asked for all of today's.
        """
        maker.require(Role.MAKER)
        now = self.clock.now()

        async def attempt() -> Asked:
            known, candidate = await asyncio.gather(
                self.recommendations.find(recommendation_id), self.candidates.find(candidate_id)
            )
            if known is not None:
                # Whatever has changed since: it may have been the last of the day, and the seeker
                # may rest.
                return own_recommendation(maker, known).as_made, None
            pending = request(maker, own_candidate(maker, candidate), recommendation_id, now)
            await take(maker.member_id, recommendation_id)
            event = RecommendationRequested(recommendation_id, now)
            await self.recommendations.accept(pending, event, maker)
            return pending, event

        async with places(self.quotas, self.quota, now) as take:
            return await self._asked(maker, attempt)

    async def upgrade(self, maker: Member, recommendation_id: str) -> Recommendation:
        """One ranked by rules alone, pending again for a model. Asked twice, it is upgraded once.

        Raises:
            NotAllowed: the member is no maker.
            RecommendationUnknown: not one of the maker's.
            NotDegraded: it waits for its first answer, a model has answered it, or it failed.
            CandidateUnknown: the seeker has left.
            CandidatePaused: the seeker rests; the answer there is stays.
            RecommendationsUsedUp: the maker has asked for all of today's.
        """
        maker.require(Role.MAKER)

        now = self.clock.now()

        async def attempt() -> Asked:
            found = own_recommendation(maker, await self.recommendations.find(recommendation_id))
            if found.is_being_upgraded:
                return found, None
            pending = found.upgraded(now)
            seeker = own_candidate(maker, await self.candidates.find(found.candidate_id))
            if not found.is_about(seeker):
                raise CandidateUnknown
            seeker.require_active()
            await take(maker.member_id, found.next_upgrade_id)
            paid = found.result.usage if found.result else None
            event = RecommendationRequested(recommendation_id, now, paid)
            await self.recommendations.upgrade(pending, event, maker)
            return pending, event

        async with places(self.quotas, self.quota, now, overtaken=NotDegraded) as take:
            return await self._asked(maker, attempt)

    async def one(self, maker: Member, recommendation_id: str) -> Introduced:
        """Raises RecommendationUnknown, and NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        found = own_recommendation(maker, await self.recommendations.find(recommendation_id))
        return Introduced(found, _of(found, await self._cards([found])))

    async def newest(self, maker: Member, window: Window) -> Page[Introduced]:
        """Raises NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        page = await self.recommendations.of_maker(maker.member_id, window.since(maker))
        cards = await self._cards(page.items)
        return Page([Introduced(item, _of(item, cards)) for item in page.items], page.end)

    async def _asked(
        self, maker: Member, attempt: Callable[[], Awaitable[Asked]]
    ) -> Recommendation:
        recommendation, event = await retry_as_member(self.members, maker, attempt)
        if event is not None:
            await self.deliver.now_or_later(event)
        return recommendation

    async def _cards(self, recommendations: Sequence[Recommendation]) -> dict[str, Card]:
        named = {item.candidate_id for item in recommendations}
        for item in recommendations:
            if item.result is not None:
                named.update(ranked.candidate_id for ranked in item.result.candidates)
        return await self.candidates.cards(sorted(named), self.clock.now())


def _of(recommendation: Recommendation, cards: Mapping[str, Card]) -> dict[str, Card]:
    return {one: card for one, card in cards.items() if recommendation.names(card)}
