"""A maker suggests one of their candidates and another to each other."""

from dataclasses import dataclass
from typing import TypeGuard

from cufit_contracts.vocabulary import pair_id
from cufit_service.application.ports import Candidates, Clock, Matches
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import CandidateUnknown
from cufit_service.domain.match import Block, Match, require_free, suggest
from cufit_service.domain.member import Member, Role
from cufit_service.domain.permissions import own_candidate


@dataclass(frozen=True, slots=True)
class SuggestMatch:
    candidates: Candidates
    matches: Matches
    clock: Clock

    async def __call__(
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
            await self.matches.add(match, quota.after_one_more(now))
            return match

        return await retry_lost_races(attempt)


def _is_own(known: Match | Block | None, suggestion_id: str) -> TypeGuard[Match]:
    return isinstance(known, Match) and known.suggestion_id == suggestion_id
