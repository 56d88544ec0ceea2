"""A maker suggests two candidates to each other, who agree or do not; or rules the pair out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from cufit_contracts.vocabulary import pair_id
from cufit_service.application.ports import Candidates, Clock, Matches, Page, Window
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.candidate import Card, ContactCard
from cufit_service.domain.errors import CandidateUnknown, PairTaken, Stale, SuggestionsUsedUp
from cufit_service.domain.match import Block, Match, Reply, require_free, suggest
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate, own_match, visible_match
from cufit_service.domain.quota import SUGGESTIONS_A_DAY


@dataclass(frozen=True, slots=True)
class IntroducedMatch:
    """A match and the cards of its two; who left has none."""

    match: Match
    cards: Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class MatchUseCases:
    matches: Matches
    candidates: Candidates
    clock: Clock

    async def suggest(
        self, maker: Member, candidate_id: str, other_id: str, suggestion_id: str
    ) -> Match:
        """The match as stored. Asked again with the same `suggestion_id`, as it was then.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: the first is not the maker's own, or the second does not exist.
            SameGender, CandidatePaused, PairTaken, PairBlocked: the pair cannot be.
            SuggestionsUsedUp: the maker's own candidate had three today.
        """
        maker.require(Role.MAKER)

        async def attempt() -> Match:
            now = self.clock.now()
            known = await self.matches.find(pair_id(candidate_id, other_id))
            if _is_own(known, suggestion_id):
                return known.as_made  # also when the two could not be suggested any more
            left = own_candidate(maker, await self.candidates.find(candidate_id))
            right = await self.candidates.find(other_id)
            if right is None:
                raise CandidateUnknown(field="other_candidate_id")
            match = suggest(left, right, suggestion_id, now)
            require_free(known)
            quota = await self.matches.quota(left.candidate_id, now)
            await self.matches.add(
                match, quota.after_one_more(SUGGESTIONS_A_DAY, now, SuggestionsUsedUp), maker
            )
            return match

        return await retry_lost_races(attempt)

    async def answer(
        self, member: Member, match_id: str, reply: Reply, *, read_version: int | None = None
    ) -> Match:
        """The match after one of its candidates agreed or did not.

        Args:
            read_version: the version the candidate saw; None answers whatever it is now.

        Raises:
            NotAllowed: the member is no candidate.
            MatchUnknown: not one of the candidate's matches.
            MatchAnswered, MatchClosed: it takes no answer from them any more.
            Stale: `read_version` is not the latest.
        """
        member.require(Role.CANDIDATE)

        async def attempt() -> Match:
            match = own_match(member, await self.matches.find(match_id))
            if read_version is not None and match.version != read_version:
                raise Stale
            after = match.answered(member.member_id, reply, self.clock.now())
            await self.matches.save(after)
            return after

        return await retry_lost_races(attempt)

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

    async def block(self, maker: Member, candidate_id: str, other_id: str) -> None:
        """Neither recommend nor suggest these two; blocking again changes nothing.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: the first is not the maker's own, or the second is nobody else.
            PairTaken: they have been suggested to each other.
        """
        maker.require(Role.MAKER)
        own_candidate(maker, await self.candidates.find(candidate_id))
        if other_id == candidate_id or await self.candidates.find(other_id) is None:
            raise CandidateUnknown
        blocked = Block(pair_id(candidate_id, other_id), maker.member_id, self.clock.now())

        async def attempt() -> None:
            known = await self.matches.find(blocked.pair_id)
            if isinstance(known, Match):
                raise PairTaken
            if known is None:
                await self.matches.block(blocked)

        await retry_lost_races(attempt)

    async def unblock(self, maker: Member, candidate_id: str, other_id: str) -> None:
        """Take back one's own block; another maker's stays. Raises as `block` does."""
        maker.require(Role.MAKER)
        own_candidate(maker, await self.candidates.find(candidate_id))
        await self.matches.unblock(pair_id(candidate_id, other_id), maker.member_id)

    async def _page(self, candidate_id: str, window: Window) -> Page[IntroducedMatch]:
        page = await self.matches.of_candidate(candidate_id, window)
        cards = await self._cards(page.items)
        return Page([IntroducedMatch(match, cards) for match in page.items], page.end)

    async def _cards(self, matches: Sequence[Match]) -> dict[str, Card]:
        sides = {side.candidate_id for match in matches for side in (match.left, match.right)}
        return await self.candidates.cards(sorted(sides), self.clock.now())


def _is_own(known: Match | Block | None, suggestion_id: str) -> TypeGuard[Match]:
    return isinstance(known, Match) and known.suggestion_id == suggestion_id
