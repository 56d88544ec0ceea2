"""Matches as their candidates and makers see them, and the contact card after both agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cufit_service.application.ports import Candidates, Clock, Matches, Page, Window
from cufit_service.domain.candidate import Card, ContactCard
from cufit_service.domain.errors import CandidateUnknown
from cufit_service.domain.match import Match
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_match, visible_match


@dataclass(frozen=True, slots=True)
class IntroducedMatch:
    """A match and the cards of its two; who left has none."""

    match: Match
    cards: Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class ReadMatches:
    matches: Matches
    candidates: Candidates
    clock: Clock

    async def one(self, member: Member, match_id: str) -> IntroducedMatch:
        """Raises MatchUnknown unless the member is one of the two or a maker of one of them."""
        member.require(Role.CANDIDATE, Role.MAKER)
        match = visible_match(member, await self.matches.find(match_id))
        return IntroducedMatch(match, await self._cards([match]))

    async def own(self, member: Member, window: Window) -> Page[IntroducedMatch]:
        """A candidate's matches, newest first."""
        member.require(Role.CANDIDATE)
        return await self._page(member.member_id, window)

    async def of_candidate(
        self, maker: Member, candidate_id: str, window: Window
    ) -> Page[IntroducedMatch]:
        """Matches of one of a maker's candidates, newest first. Raises CandidateUnknown."""
        maker.require(Role.MAKER)
        candidate = own_candidate(maker, await self.candidates.find(candidate_id))
        return await self._page(candidate.candidate_id, window)

    async def contact(self, member: Member, match_id: str) -> ContactCard:
        """The other of a match both have agreed to.

        Raises:
            MatchUnknown: not one of the candidate's matches.
            NotMatched: not both have agreed.
            CandidateUnknown: the other has left.
        """
        member.require(Role.CANDIDATE)
        match = own_match(member, await self.matches.find(match_id))
        match.require_matched()
        other = await self.candidates.find(match.other_than(member.member_id))
        if other is None:
            raise CandidateUnknown("The other has left.")
        return other.contact_card()

    async def _page(self, candidate_id: str, window: Window) -> Page[IntroducedMatch]:
        page = await self.matches.of_candidate(candidate_id, window)
        cards = await self._cards(page.items)
        return Page([IntroducedMatch(match, cards) for match in page.items], page.end)

    async def _cards(self, matches: Sequence[Match]) -> dict[str, Card]:
        sides = {side.candidate_id for match in matches for side in (match.left, match.right)}
        return await self.candidates.cards(sorted(sides), self.clock.now())
