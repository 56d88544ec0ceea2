"""A maker looks at a candidate: their own whole, another's as a card."""

from dataclasses import dataclass

from cufit_service.application.ports import Candidates, Clock
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import CandidateUnknown
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class ViewCandidate:
    candidates: Candidates
    clock: Clock

    async def __call__(self, maker: Member, candidate_id: str) -> Candidate | Card:
        """Raises CandidateUnknown, and NotAllowed unless the member is a maker."""
        maker.require(Role.MAKER)
        candidate = await self.candidates.find(candidate_id)
        if candidate is None:
            raise CandidateUnknown
        if candidate.maker_id == maker.member_id:
            return candidate
        return candidate.card(self.clock.now())
