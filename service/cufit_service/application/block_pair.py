"""A maker rules out a pair, or allows it again."""

from dataclasses import dataclass

from cufit_contracts.vocabulary import pair_id
from cufit_service.application.ports import Candidates, Clock, Matches
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import CandidateUnknown, PairTaken
from cufit_service.domain.match import Block, Match
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate


@dataclass(frozen=True, slots=True)
class BlockPair:
    candidates: Candidates
    matches: Matches
    clock: Clock

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
